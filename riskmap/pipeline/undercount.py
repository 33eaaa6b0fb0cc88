"""Under-counting in a project: events that none of its sources recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap import cells as h3_cells
from riskmap.errors import TooFewError, UnknownNameError
from riskmap.history.accuracy import only_area
from riskmap.history.coverage import cover
from riskmap.history.ground import EPOCH
from riskmap.history.records import assumed_coverage
from riskmap.hotspots.undercount import (
    ESTIMATE_TABLE,
    THREE,
    TWO,
    Undercount,
    estimate_undercount,
)
from riskmap.pipeline.changes import Asked, Subject, checksums, choose, keep
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project

# which source has which incident, and what it had before that
LINKED = ("incident_members", "incident_records")


@dataclass(frozen=True, kw_only=True, eq=False)
class UndercountReport:
    """How many events no source recorded.

    Parameters
    ----------
    facts
        Subject, purpose and days.
    sources
        The two or three sources compared.
    patterns
        Events by the sources that have them, ``"10"`` for the first of two alone;
        only of ground and days that all of them watched.
    recorded, estimate, low, high
        Events that a source has; events in truth, with the interval of 90 %.
    copied
        True if one source holds nearly all of another: the estimate then says nothing.
    models
        What other assumptions would give.
    """

    facts: Mapping[str, Any]
    sources: tuple[str, ...]
    patterns: Mapping[str, int]
    recorded: int
    estimate: float
    low: float
    high: float
    copied: bool
    models: pd.DataFrame


def missed_events(
    project: Project,
    asked: Asked,
    *,
    sources: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> UndercountReport:
    """Estimate how many events none of the sources recorded, and store it.

    Parameters
    ----------
    project
        A project that has been run, its sources linked.
    asked
        Of what, and between which days.
    sources
        Two or three of them; those with records of it where not given.
    progress
        Told how far it has come.

    Returns
    -------
    UndercountReport
        Stored as ``undercount_SUBJECT``.

    Raises
    ------
    TooFewError
        If there are not two or three sources, or they share no event or no ground.
    UnknownNameError
        If a source has no records of it.
    """
    told = progress or tell_nobody
    told("undercount", 0, 2)
    subject = choose(project, asked)
    went_in = dict(subject.inputs) | checksums(project, LINKED)
    subject = replace(subject, inputs=went_in)
    lists = _lists(project, subject)
    known = tuple(sorted(lists.columns))
    for source in sources:
        if source not in known:
            msg = f"`source` must be one of {known}, got {source!r}."
            raise UnknownNameError(msg, kind="source", value=source, known=known)
    chosen = sources or known
    if not TWO <= len(chosen) <= THREE:
        msg = f"Two or three sources are needed, got {len(chosen)}."
        raise TooFewError(msg, what="sources", found=len(chosen), needed=TWO)
    told("undercount", 1, 2)
    patterns = _patterns(project, subject, lists, chosen)
    found: Undercount = estimate_undercount(patterns, chosen)
    options = {"sources": list(chosen)}
    stored = keep(project, "undercount", subject, found.models, ESTIMATE_TABLE, options)
    told("undercount", 2, 2)
    return UndercountReport(
        facts=subject.facts(),
        sources=chosen,
        patterns=patterns,
        recorded=found.recorded,
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        copied=found.copied,
        models=stored,
    )


def _lists(project: Project, subject: Subject) -> pd.DataFrame:
    """Tell which source has a record of which incident of the subject."""
    incidents = project.read("incidents")
    day = (incidents["occurred_on"] - EPOCH).dt.days
    mine = incidents["kind"].isin(subject.kinds)
    mine &= (day >= subject.from_day) & (day < subject.to_day)
    if project.snapshot("incident_members") is None:
        pairs = incidents.loc[mine, ["source"]].rename_axis("incident_id").reset_index()
    else:
        members = project.read("incident_members")
        pairs = members.loc[members["incident_id"].isin(incidents.index[mine])]
    found = pd.crosstab(pairs["incident_id"], pairs["source"])
    return found > 0


def _patterns(
    project: Project,
    subject: Subject,
    lists: pd.DataFrame,
    sources: tuple[str, ...],
) -> dict[str, int]:
    """Count incidents by pattern, where and when all the sources watched."""
    incidents: Any = project.read("incidents").loc[lists.index]
    coverage = project.read("coverage")
    index = subject.cells.index
    points = h3_cells.points_to_cells(
        incidents.geometry.x.to_numpy(),
        incidents.geometry.y.to_numpy(),
        h3_cells.resolution_of(index),
    )
    cell = index.get_indexer(points)
    day = (incidents["occurred_on"] - EPOCH).dt.days.to_numpy(dtype=np.int64)
    # of a record known only to its area nobody knows whether all watched its place
    inside = (cell >= 0) & ~only_area(incidents)
    for source in sources:
        rows = coverage[coverage["source"] == source]
        if not len(rows):
            # as for the scores: where its own records lie, from the first on
            own = _records_of(project, subject, source)
            rows = assumed_coverage(subject.records.ground, own, coverage)
        held = cover(subject.cells, rows).holds(np.maximum(cell, 0), day)
        inside &= held
    seen = lists.loc[inside, list(sources)]
    if not len(seen):
        msg = "The sources watched no ground together."
        raise TooFewError(msg, what="ground", found=0, needed=1)
    codes = seen.astype(np.int64).astype(str).agg("".join, axis=1)
    counts = codes[codes.str.contains("1")].value_counts()
    return {str(code): int(n) for code, n in sorted(counts.items())}


def _records_of(project: Project, subject: Subject, source: str) -> gpd.GeoDataFrame:
    """Read a source's own records of the subject, before they were linked."""
    linked = project.snapshot("incident_records") is not None
    table: Any = project.read("incident_records" if linked else "incidents")
    mine = (table["source"] == source) & table["kind"].isin(subject.kinds)
    found: gpd.GeoDataFrame = table.loc[mine]
    return found
