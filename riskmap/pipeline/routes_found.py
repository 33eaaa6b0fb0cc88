"""New routes of a project: chains of newly active cells, along the ground."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import TooFewError
from riskmap.features.terrain import at_cells
from riskmap.hazards.walking import walking_speed_kmh
from riskmap.history.ground import Floats
from riskmap.hotspots.routes import (
    Country,
    Route,
    RouteOptions,
    find_routes,
)
from riskmap.hotspots.walks import walking_hours
from riskmap.neighbours import neighbour_matrix
from riskmap.pipeline.changes import (
    Asked,
    Subject,
    checksums,
    choose,
    day_text,
    finely_dated,
    finely_placed,
    keep,
)
from riskmap.pipeline.nearrepeat import watched_alike
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.places.geodesy import bearing_deg, wind_of
from riskmap.project import Project
from riskmap.schema import Column

ROUTE, NONE, NO_DATA = "route", "none", "no_data"

# confidence in a route: chance makes one as marked this rarely
STRONG, FAIR = "strong", "fair"
STRONG_P = 0.005

# rings of cells that make a neighbourhood
RINGS = 2

LEAST_RECORDS = 25

ROUTE_TABLE: tuple[Column, ...] = (
    Column(
        name="state",
        dtype="str",
        values=(ROUTE, NONE, NO_DATA),
        meaning="Whether the cell lies on a new route.",
    ),
    Column(name="route", dtype="int64", lowest=0, meaning="Its rank; 0 for none."),
    Column(
        name="p",
        dtype="float64",
        lowest=0,
        highest=1,
        missing=True,
        meaning="p-value of its route.",
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class RoutesReport:
    """The new routes, and the chains that chance makes too.

    Parameters
    ----------
    facts
        Subject, purpose and days; ``recent_from_on`` is the first recent day.
    routes
        What counts most first: ``rank``, ``new`` (chance hardly makes it),
        ``confidence`` (``strong``, ``fair`` or nothing), ``side``, ``from_km``,
        ``to_km``, ``wind`` (from its southern end), ``length_km``, ``span_km``,
        ``cells``, ``active_cells``, ``events``, ``expected`` and ``p``.
    cells
        On the cell index: which lie on a new route; with ``side``, ``km``, ``purpose``.
    records, coarse, undated
        Records used; left out as placed too coarsely, and as dated more coarsely than
        a day.
    """

    facts: Mapping[str, Any]
    routes: pd.DataFrame
    cells: pd.DataFrame
    records: int
    coarse: int
    undated: int


def new_routes(
    project: Project,
    asked: Asked,
    options: RouteOptions | None = None,
    *,
    progress: Progress | None = None,
) -> RoutesReport:
    """Find chains of newly active cells and store them.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Of what; the recent days are the last before the last day.
    options
        What counts as recent, as new and as a chain.
    progress
        Told how far it has come.

    Returns
    -------
    RoutesReport
        Stored as ``routes_SUBJECT`` and ``routes_found_SUBJECT``.

    Raises
    ------
    NoEventsError, TooFewError
        If nothing, or too little, is recorded, placed or dated finely enough, or the
        recent days are more than half of the days watched.
    """
    told, options = progress or tell_nobody, options or RouteOptions()
    whole = choose(project, asked)
    watched = whole.to_day - whole.from_day
    if 2 * options.recent_days > watched:
        needed = 2 * options.recent_days
        msg = f"{watched} days were watched, {needed} are needed."
        raise TooFewError(msg, what="days", found=watched, needed=needed)
    dated, undated = finely_dated(whole, needed=LEAST_RECORDS)
    subject = finely_placed(dated, needed=LEAST_RECORDS)
    found = find_routes(
        subject.events.cell,
        subject.events.day,
        country_of(project, subject),
        options,
        to_day=subject.to_day,
        progress=lambda done, total: told("routes", done, total),
    )
    rows = [route_row(subject.cells, one, options.level) for one in found]
    routes = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    routes.insert(0, "rank", np.arange(1, len(routes) + 1))
    cells = _cells(subject, found, options.level)
    stored = keep(project, "routes", subject, cells, ROUTE_TABLE, asdict(options))
    keep(project, "routes_found", subject, routes, (), asdict(options))
    recent = day_text(subject.to_day - options.recent_days)
    return RoutesReport(
        facts=subject.facts() | {"recent_from_on": recent},
        routes=routes,
        cells=subject.cells[["side", "km"]].join(stored),
        records=len(subject.events),
        coarse=subject.coarse,
        undated=undated,
    )


def country_of(project: Project, subject: Subject) -> Country:
    """Lay the walk over a project's cells, by slope.

    The mean of up and down by Tobler's hiking function on the cell's mean slope:
    a walker who follows the contours is faster; rivers and fences are not known.

    Parameters
    ----------
    project
        With the table ``terrain``.
    subject
        Whose cells, and what was watched.

    Returns
    -------
    Country
        Cells watched on the same days are alike.
    """
    index = subject.cells.index
    pace = np.full(len(index), np.nan)
    if checksums(project, ("terrain",)):
        terrain = project.read("terrain")
        pace = pace_h_per_km(at_cells(terrain, "slope_deg", index).to_numpy())
    xy_km = subject.records.ground.xy_km
    return Country(
        xy_km=xy_km,
        hours=walking_hours(neighbour_matrix(index), xy_km, pace),
        near=neighbour_matrix(index, RINGS),
        watched_alike=watched_alike(subject),
    )


def pace_h_per_km(slope_deg: Floats) -> Floats:
    """Tell how long a kilometre takes there and back on a slope.

    Parameters
    ----------
    slope_deg
        Degrees, of any shape; NaN stays NaN.

    Returns
    -------
    numpy.ndarray
        Hours a kilometre, the mean of up and down.

    Examples
    --------
    >>> pace_h_per_km(np.array([0.0, 10.0])).round(3).tolist()
    [0.199, 0.314]
    """
    rise = np.tan(np.radians(slope_deg))
    both = 1 / walking_speed_kmh(rise) + 1 / walking_speed_kmh(-rise)
    return np.asarray(both / 2)


_COLUMNS = {
    "new": "bool",
    "confidence": "str",
    "side": "str",
    "from_km": "float64",
    "to_km": "float64",
    "wind": "str",
    "length_km": "float64",
    "span_km": "float64",
    "cells": "int64",
    "active_cells": "int64",
    "events": "int64",
    "expected": "float64",
    "p": "float64",
}


def route_row(cells: pd.DataFrame, one: Route, level: float) -> dict[str, Any]:
    """Say where a route is, which way it runs, and how sure it is.

    Parameters
    ----------
    cells
        Cell table.
    one
        A chain of its cells.
    level
        p-value up to which it counts as a new route.

    Returns
    -------
    dict
        A row of :class:`RoutesReport`.
    """
    on = cells.iloc[one.cells]
    sides = set(on["side"])
    # from its southern end: a chain of cells tells no direction of travel
    south, north = on.iloc[[0, -1]].sort_values("y").itertuples()
    bearing = bearing_deg(south.x, south.y, north.x, north.y)
    confidence = STRONG if one.p <= STRONG_P else FAIR if one.p <= level else ""
    return {
        "new": one.p <= level,
        "confidence": confidence,
        "side": sides.pop() if len(sides) == 1 else "both",
        "from_km": on["km"].min(),
        "to_km": on["km"].max(),
        "wind": wind_of(bearing),
        "length_km": one.length_km,
        "span_km": one.span_km,
        "cells": len(one.cells),
        "active_cells": len(one.active),
        "events": one.events,
        "expected": one.expected,
        "p": one.p,
    }


def _cells(subject: Subject, found: tuple[Route, ...], level: float) -> pd.DataFrame:
    """Mark the cells on new routes, each with the one that counts most."""
    rank = np.zeros(len(subject.cells), dtype=np.int64)
    p = np.full(len(rank), np.nan)
    for place, one in reversed(list(enumerate(found, start=1))):
        if one.p <= level:
            rank[one.cells], p[one.cells] = place, one.p
    state = np.where(rank > 0, ROUTE, np.where(subject.known, NONE, NO_DATA))
    return pd.DataFrame(
        {"state": pd.array(state, dtype="str"), "route": rank, "p": p},
        index=subject.cells.index,
    )
