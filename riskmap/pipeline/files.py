"""Files: a project's results for others, in every format and both languages."""

import contextlib
import datetime
import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

import riskmap
from riskmap import exports
from riskmap.errors import RestrictedError, UnknownNameError
from riskmap.evaluation.verdict import verdict_of
from riskmap.exports import ExportNotes, format_named, score_table
from riskmap.features.catalogue import LAYERS
from riskmap.hazards.catalogue import HAZARDS
from riskmap.ingest import KINDS
from riskmap.pipeline.audit import audited
from riskmap.pipeline.credits import SOURCES
from riskmap.pipeline.excerpts import excerpt, map_excerpt
from riskmap.pipeline.incident_areas import area_outlines
from riskmap.pipeline.leaving import (
    BESIDE_SCORES,
    EXPORTED,
    ROWS,
    as_leaving,
    what_leaves,
)
from riskmap.pipeline.map_layers import offered, values_of
from riskmap.pipeline.plugins import plugin_layers
from riskmap.pipeline.regions import open_region
from riskmap.pipeline.views import SCORES, as_of_day
from riskmap.project import Project
from riskmap.scoring import PRESETS
from riskmap.webmap import MapTables, save_page

EVENTS = "events_"

HTML = "html"

MAP_FILE = "riskmap.html"

FORMATS = (*(known.name for known in exports.FORMATS), HTML)


def _counts_by_kind(wide: pd.DataFrame) -> pd.DataFrame:
    """Turn counts with a column a kind into a row a cell and kind."""
    columns = [name for name in wide if str(name).startswith(EVENTS)]
    long = wide[columns].rename(columns=lambda name: str(name).removeprefix(EVENTS))
    long = long.melt(ignore_index=False, var_name="kind", value_name="events")
    long = long[long["events"].fillna(0) > 0].reset_index()
    purpose = long["kind"].map({code: kind.purpose for code, kind in KINDS.items()})
    return long.assign(
        kind=long["kind"].astype("str"),
        purpose=purpose.astype("str"),
        events=long["events"].astype("int64"),
    ).sort_values(["cell", "kind"], kind="stable", ignore_index=True)


def _covered_by_kind(wide: pd.DataFrame) -> pd.DataFrame:
    """Tell where a source looks for each kind: a missing count is no data."""
    columns = [name for name in wide if str(name).startswith(EVENTS)]
    return wide[columns].notna().rename(columns=lambda name: name.removeprefix(EVENTS))


def map_tables(project: Project) -> MapTables:
    """Gather what the map draws.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    MapTables
        Everything on the map.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    read: Mapping[str, Any] = {
        name: project.read(name) for name in ("zones", "landmarks", "boundary")
    }
    counts = project.read("incidents_by_cell")
    values, stamp = values_of(project)
    return MapTables(
        cells=project.read("cells").join(project.read("scores")),
        incidents=_counts_by_kind(counts),
        covered=_covered_by_kind(counts),
        scores={preset.name: preset.purpose for preset in PRESETS},
        basemap=_basemap(project),
        periods=project.read("incidents_by_period"),
        watch=project.read("watch")["watch"],
        spans=project.read("watch_spans"),
        layers=offered(project),
        values=functools.cache(values),
        areas=area_outlines(project),
        stamp=stamp,
        **read,
    )


def _basemap(project: Project) -> gpd.GeoDataFrame:
    """Join what lies under the cells with the canals of the waterways."""
    under, water = project.read("basemap"), project.read("waterways")
    canals = water[water["kind"] == "canal"].rename(columns={"name_en": "name"})
    canals = canals[["kind", "name", "geometry"]].assign(people=float("nan"))
    joined = pd.concat([under, canals[list(under.columns)]], ignore_index=True)
    return gpd.GeoDataFrame(joined, crs="EPSG:4326")


def export_notes(project: Project, words: Mapping[str, Any]) -> ExportNotes:
    """Say what an export is made of.

    Parameters
    ----------
    project
        A project that has been run.
    words
        Language to its labels.

    Returns
    -------
    ExportNotes
        Version, day, sources, caveats and checksums.
    """
    verdicts: dict[str, str] = {}
    # where the scores may not leave, nothing is said of them
    with contextlib.suppress(RestrictedError):
        skill = project.read("skill")
        verdicts = {score: verdict_of(skill, score).code for score in SCORES}
    return ExportNotes(
        version=riskmap.__version__,
        as_of=as_of_day(project),
        words=words,
        scores=SCORES,
        verdicts=verdicts,
        layers=(
            *(layer.column for layer in LAYERS),
            *(hazard.column for hazard in HAZARDS),
        ),
        sources=SOURCES,
        inputs={made.name: made.sha256 for made in project.snapshots()},
    )


def _layers_of(project: Project) -> pd.DataFrame:
    """Join the layers, what incidents make of them, and the hazards if made."""
    layers = project.read("layers").join(project.read("history"))
    # a plug-in brings no words, and a file for others names every field in both
    layers = layers.drop(columns=[one.name for one in plugin_layers()], errors="ignore")
    made = project.snapshot("hazards") is not None
    return layers.join(project.read("hazards")) if made else layers


def _caption(notes: ExportNotes, words: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """Gather the sentences at the foot of the map."""
    credits_ = [source.cite() for source in notes.sources]
    day = datetime.date.fromisoformat(notes.as_of)
    return {
        language: [
            words[language]("export.made", day=day, version=notes.version),
            *([notes.marking] if notes.marking else []),
            *caveats,
            *credits_,
        ]
        for language, caveats in notes.caveats().items()
    }


@audited("export")
def export(
    project: Project,
    form: str,
    out: Path,
    words: Mapping[str, Any],
    *,
    region: str | None = None,
) -> tuple[Path, ...]:
    """Write a project's results in one format.

    Incidents leave only as counts by cell, never as points. What is marked for others
    than whoever exports stays out, and the files say so and carry their own marking;
    what goes to others is :func:`riskmap.pipeline.create_package`'s to make.

    Parameters
    ----------
    project
        A project that has been run.
    form
        One of ``FORMATS``.
    out
        Folder, made if it is not there.
    words
        Language to its labels.
    region
        Name or code of a region; what lies in it goes into a folder of its own below
        ``out``. The whole border if not given.

    Returns
    -------
    tuple of pathlib.Path
        The files written.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    RestrictedError
        If nothing may leave, or the map lacks a table that it draws.
    TableMissingError
        Before the first run.
    FolderUnwritableError, DiskFullError
        If a file cannot be written; earlier files of that name stay whole.
    """
    if form not in FORMATS:
        msg = f"`format` must be one of {FORMATS}, got {form!r}."
        raise UnknownNameError(msg, kind="format", value=form, known=", ".join(FORMATS))
    told, project = what_leaves(project), as_leaving(project)
    notes = replace(
        export_notes(project, words), marking=told.marking, withheld=told.withheld
    )
    part = None if region is None else open_region(project, region)
    # "us_county:04019" is no name for a folder everywhere
    out = out if part is None else out / part.region_id.replace(":", "-")
    if form == HTML:
        shown = map_tables(project)
        shown = shown if part is None else map_excerpt(shown, part)
        page = save_page(shown, out / MAP_FILE, words, _caption(notes, words))
        return (page,)
    # GeoJSON names every value in every cell: the layers would triple its size
    with_layers = form != "geojson" and not set(BESIDE_SCORES) & set(told.withheld)
    layers = _layers_of(project) if with_layers else None
    tables: dict[str, Any] = {}
    for name in EXPORTED:
        if told.withheld.get(name, ROWS) == ROWS:
            tables[name] = project.read(name)
    if "scores" in tables:
        tables["scores"] = score_table(project.read("cells"), tables["scores"], layers)
    kept = tables if part is None else excerpt(tables, part)
    return format_named(form).write(kept, out, notes)
