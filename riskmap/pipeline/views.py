"""Views: what a project holds, for the faces to show."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.features.layer import Layer
from riskmap.pipeline.plugins import layers_in_use
from riskmap.pipeline.register import waiting_faults
from riskmap.project import Finding, Project
from riskmap.scoring import PRESETS

SCORES = tuple(preset.name for preset in PRESETS)


def scores(
    project: Project, target: str | None = None, top: int | None = None
) -> pd.DataFrame:
    """Read the scores of the cells, the highest first if one score is asked for.

    Parameters
    ----------
    project
        The project.
    target
        One score, by name; all if not given.
    top
        How many cells, the highest ranked by ``target`` (or by the first score).

    Returns
    -------
    pandas.DataFrame
        On ``cell``: ``side``, ``km``, ``area_km2``, then every score and rank.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    table = project.read("scores")
    if target is not None:
        kept = [name for name in table if name == target or _is_part(name, target)]
        table = table[kept]
    if target is not None or top is not None:
        rank = f"{target or SCORES[0]}_rank"
        table = table.sort_values(rank, kind="stable", na_position="last")
    if top is not None:
        table = table[table[f"{target or SCORES[0]}_rank"].notna()].head(top)
    place = project.read("cells")[["side", "km", "area_km2"]]
    return place.loc[table.index].join(table)


def _is_part(name: str, score: str) -> bool:
    """Tell whether a column belongs to a score."""
    return name.startswith(f"{score}_")


def zones(project: Project, target: str | None = None) -> gpd.GeoDataFrame:
    """Read the ranked zones.

    Parameters
    ----------
    project
        The project.
    target
        One score, by name; all if not given.

    Returns
    -------
    geopandas.GeoDataFrame
        On ``zone_id``, EPSG:4326.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    found: Any = project.read("zones")
    return found if target is None else found[found["score"] == target]


def skill(project: Project) -> pd.DataFrame:
    """Read how well each score did on the year held out, beside its baselines.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        The skill table.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    return project.read("skill")


def reasons(project: Project, cell: int) -> pd.DataFrame:
    """Read the parts that make up the scores of one cell.

    Parameters
    ----------
    project
        The project.
    cell
        The cell's number.

    Returns
    -------
    pandas.DataFrame
        ``score``, ``part``, ``value``: the parts of a score add up to it.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    table = project.read("reasons")
    return table[table["cell"] == cell].drop(columns="cell").reset_index(drop=True)


def as_of_day(project: Project) -> str:
    """Tell of which day the scores are.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    str
        First day not yet known, ISO 8601; empty before the first run.
    """
    made = project.snapshot("scores")
    return str(made.options["as_of"]) if made else ""


def verify(project: Project | Path) -> tuple[Finding, ...]:
    """Check every stored byte of a project.

    Parameters
    ----------
    project
        The project, or its folder: one whose ledger is damaged cannot be opened,
        but it can be checked.

    Returns
    -------
    tuple of Finding
        Empty if all is as it was stored.

    Raises
    ------
    ProjectMissingError
        If there is no project.
    """
    folder = project.path if isinstance(project, Project) else project
    return Project(path=folder).verify()


def quarantine(project: Project) -> pd.DataFrame:
    """Read what waits in quarantine: every fault of every row set aside.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        ``row``, ``column``, ``code``, ``value``, ``original``, ``file`` and
        ``file_sha256``.
    """
    return waiting_faults(project, "incidents")


def layers() -> tuple[Layer, ...]:
    """List the layers, with units, purposes and sources.

    Returns
    -------
    tuple of Layer
        In the order of the catalogue.

    Examples
    --------
    >>> layers()[0].name
    'elevation_m'
    """
    return layers_in_use()
