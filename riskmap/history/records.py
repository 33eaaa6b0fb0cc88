"""Records: one target's events, cells, coverage and place factors, up to a day."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.history.accuracy import only_area
from riskmap.history.coverage import Coverage, cover
from riskmap.history.ground import (
    EPOCH,
    Floats,
    Ground,
    Placed,
    day_number,
    lay_ground,
    place_events,
)
from riskmap.history.kernels import Kernel


@dataclass(frozen=True, kw_only=True)
class Records:
    """All that a forecaster may know on a day.

    Parameters
    ----------
    ground
        The cells.
    events
        The target's events, all before ``as_of_day``.
    coverage
        What its sources watched.
    as_of_day
        The day from which nothing is known: the one asked for or, if earlier, the day
        after the last that was watched, since from then on nothing new is known.
    kernels
        Kernels of the sites by reach, worked out once; earlier days share them, since
        where the sites lie tells nothing of when.
    """

    ground: Ground
    events: Placed
    coverage: Coverage
    as_of_day: int
    kernels: dict[float, Kernel] = field(
        default_factory=dict, repr=False, compare=False
    )

    def before(self, day: int) -> "Records":
        """Forget what occurred on a day or later."""
        return replace(self, events=self.events.before(day), as_of_day=day)

    def evenly(self) -> "Records":
        """Take the same as if every cell had been looked at alike from now on."""
        return replace(self, coverage=self.coverage.evenly())

    @cached_property
    def watched(self) -> Floats:
        """Share of each cell ever watched before the day, of shape (n_cells,).

        Where effort is known, times the records that it yields.
        """
        return self.coverage.ever_before(self.as_of_day)


def keep_records(
    cells: pd.DataFrame | Ground,
    incidents: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    *,
    kinds: tuple[str, ...],
    as_of: pd.Timestamp | str,
    looked: Floats | None = None,
) -> Records:
    """Gather one target's records up to a day.

    A source that the coverage table does not list is taken to watch the stretch of
    the line and the sides that its own records span, from its first record on: see
    :func:`assumed_coverage`.

    Parameters
    ----------
    cells
        Cell table, or the ground that it was laid on: targets share its lattices.
    incidents
        Event table (EPSG:4326), of any kinds.
    coverage
        Coverage table, the rows of the target's purpose.
    kinds
        The kinds of incident that make the target.
    as_of
        Nothing on this day or later is known.
    looked
        As :func:`riskmap.history.effort.looked_at` gives it.

    Returns
    -------
    Records
        With events on watched ground and days only.
    """
    ground = cells if isinstance(cells, Ground) else lay_ground(cells)
    day = day_number(as_of)
    wanted = incidents.loc[incidents["kind"].isin(kinds)]
    events = place_events(ground, wanted, before_day=day)
    known = wanted.loc[wanted["occurred_on"] < EPOCH + pd.Timedelta(days=day)]
    assumed = assumed_coverage(ground, known, coverage)
    rows = pd.concat([coverage, assumed]) if len(assumed) else coverage
    watch = replace(cover(ground.cells, rows), looked=looked)
    return Records(
        ground=ground,
        events=events.keep(watch.holds(events.cell, events.day)),
        coverage=watch,
        as_of_day=day if watch.end_day is None else min(day, watch.end_day),
    )


def assumed_coverage(
    ground: Ground, incidents: gpd.GeoDataFrame, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Assume what a source without coverage rows watched: where its records lie.

    From the first to the last kilometre of its records on each side, and from its
    first record on. It says more than is known: better state the coverage.

    Parameters
    ----------
    ground
        The cells.
    incidents
        Event table of one target.
    coverage
        Coverage table; sources it lists are left out.

    Returns
    -------
    pandas.DataFrame
        Coverage rows, ``note`` = ``"assumed"``.
    """
    listed = set(coverage["source"]) if "source" in coverage else set()
    strange = incidents.loc[~incidents["source"].isin(listed)]
    columns = ["source", "side", "from_km", "to_km", "from_on", "to_on", "note"]
    if strange.empty:
        return pd.DataFrame(columns=columns)
    found = []
    for source, table in strange.groupby("source", sort=True):
        # where in its area a record lies nobody knows, so it shows nothing watched
        events = place_events(ground, table[~only_area(table)])
        place = ground.cells.iloc[np.unique(events.cell)]
        for side, share in (("US", "share_us"), ("MX", "share_mx")):
            km = place.loc[place[share] > 0, "km"]
            if len(km):
                first = table["occurred_on"].min()
                found.append(
                    (source, side, km.min(), km.max(), first, pd.NaT, "assumed")
                )
    return pd.DataFrame(found, columns=columns)
