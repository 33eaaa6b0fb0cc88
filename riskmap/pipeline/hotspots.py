"""Hot spots of a project: where records crowd more than chance would have them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmap.hotspots.classes import HOT
from riskmap.hotspots.local import HOTSPOT_TABLE, HotspotOptions, find_hotspots
from riskmap.neighbours import connected_groups, neighbour_matrix
from riskmap.pipeline.changes import Asked, Subject, choose, finely_placed, keep
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project

LEAST_RECORDS = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class HotspotReport:
    """Where the hot spots are.

    Parameters
    ----------
    facts
        Subject, purpose and days.
    cells
        On the cell index: statistics and state, with ``side``, ``km`` and ``purpose``.
    records, coarse
        Records used; records placed too coarsely to tell their cell, left out.
    rate
        False-discovery rate; of the cells flagged, at most this share by chance.
    areas
        Touching hot cells, the most records first: ``side``, ``from_km``, ``to_km``,
        ``cells``, ``area_km2``, ``events``, ``gi_star`` (the highest) and ``cell``.
    counts
        State to number of cells.
    """

    facts: Mapping[str, Any]
    cells: pd.DataFrame
    records: int
    coarse: int
    rate: float
    areas: pd.DataFrame
    counts: Mapping[str, int]


def hot_cells(
    project: Project,
    asked: Asked,
    options: HotspotOptions | None = None,
    *,
    progress: Progress | None = None,
) -> HotspotReport:
    """Flag the hot and cold cells of a subject and store them.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Of what, and between which days.
    options
        Neighbourhood, draws, rate and seed.
    progress
        Told how far it has come.

    Returns
    -------
    HotspotReport
        Stored as ``hotspots_SUBJECT``.

    Raises
    ------
    NoEventsError, TooFewError
        If nothing, or too little, is recorded.
    OptionError
        If an option is out of its range.
    """
    told, options = progress or tell_nobody, options or HotspotOptions()
    told("hotspots", 0, 2)
    subject = finely_placed(choose(project, asked), needed=LEAST_RECORDS)
    told("hotspots", 1, 2)
    found = find_hotspots(
        counted(subject, subject.from_day, subject.to_day),
        subject.exposure(subject.from_day, subject.to_day),
        neighbour_matrix(subject.cells.index, options.rings),
        options,
    ).set_axis(subject.cells.index, axis="index")
    stored = keep(project, "hotspots", subject, found, HOTSPOT_TABLE, asdict(options))
    told("hotspots", 2, 2)
    return HotspotReport(
        facts=subject.facts(),
        cells=subject.cells[["side", "km"]].join(stored),
        records=len(subject.events),
        coarse=subject.coarse,
        rate=options.rate,
        areas=hot_areas(subject.cells, stored),
        counts={str(k): int(n) for k, n in found["state"].value_counts().items()},
    )


def hot_areas(cells: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Join hot cells that touch.

    Parameters
    ----------
    cells
        Cell table.
    found
        Hot spots on the same index.

    Returns
    -------
    pandas.DataFrame
        One row an area, the most records first; ``cell`` is its hottest.
    """
    hot = cells[["side", "km", "area_km2"]].join(found)[found["state"] == HOT]
    hot = hot.assign(group=connected_groups(hot.index)).reset_index()
    hot = hot.sort_values("gi_star", ascending=False, kind="stable")
    areas = hot.groupby("group", sort=True).agg(
        side=("side", _common_side),
        from_km=("km", "min"),
        to_km=("km", "max"),
        cells=("cell", "size"),
        area_km2=("area_km2", "sum"),
        events=("events", "sum"),
        gi_star=("gi_star", "max"),
        cell=("cell", "first"),
    )
    order = ["events", "cell"]
    return areas.sort_values(order, ascending=[False, True], ignore_index=True)


def _common_side(sides: pd.Series) -> str:
    """Name the side that all cells are on, or both."""
    first = str(sides.iloc[0])
    return first if bool((sides == first).all()) else "both"


def counted(
    subject: Subject, from_day: int, to_day: int
) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Count a subject's records in each cell.

    Parameters
    ----------
    subject
        The records.
    from_day, to_day
        First day, and the day after the last.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        int64, on the subject's cells.
    """
    found = subject.events.counts(len(subject.cells), from_day, to_day)
    return np.asarray(found.astype(np.int64))
