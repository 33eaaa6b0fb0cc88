r"""Danger: how a score's mean over areas changed, beside that of control areas.

With *D* the mean density that a score expects in an area, *E* that of the control
areas, as known before (0) and after (1),

.. math:: \text{ratio} = \frac{D_1}{D_0} \bigg/ \frac{E_1}{E_0}

is 1 where the score changed as it did in the controls. It is made anew of records
whose blocks of time were drawn anew; intervals are as wide as these scores vary, about
what was found: drawn blocks hold some records twice, so their scores lean to one side,
and their percentiles with them.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from riskmap.history.ground import Floats, Placed
from riskmap.schema import Column

AREA, RING, CONTROLS = "area", "ring", "controls"

# of fewer there is no spread
LEAST_DRAWS = 2

DANGER_TABLE: tuple[Column, ...] = (
    Column(name="part", dtype="str", values=(AREA, RING, CONTROLS)),
    Column(name="outer_km", dtype="float64", unit="km", lowest=0, missing=True),
    Column(name="before", dtype="float64", lowest=0, missing=True),
    Column(name="after", dtype="float64", lowest=0, missing=True),
    Column(name="change", dtype="float64", missing=True),
    Column(name="change_low", dtype="float64", missing=True),
    Column(name="change_high", dtype="float64", missing=True),
    Column(name="ratio", dtype="float64", lowest=0, missing=True),
    Column(name="low", dtype="float64", lowest=0, missing=True),
    Column(name="high", dtype="float64", lowest=0, missing=True),
)
"""Events a year per 100 km²; of the controls the ratio is missing."""


def danger_rows(
    before: Floats, after: Floats, rings_km: tuple[float, ...], level: float
) -> pd.DataFrame:
    """Lay out how the score of area, rings and controls changed.

    Parameters
    ----------
    before, after
        Mean density by draw and area, of shape (1 + n_draws, n_areas): as recorded
        first; the area, its rings, and the controls last.
    rings_km
        Outer edges of the rings.
    level
        Share of intervals that miss.

    Returns
    -------
    pandas.DataFrame
        As :data:`DANGER_TABLE`, one row an area.

    Examples
    --------
    The area fell by half while the controls did not change.

    >>> rows = danger_rows(np.array([[2.0, 1.0]]), np.array([[1.0, 1.0]]), (), 0.05)
    >>> rows[["part", "change", "ratio"]].values.tolist()
    [['area', -1.0, 0.5], ['controls', 0.0, nan]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(after / before)
        logs = logs - logs[:, -1:]
    logs[:, -1] = np.nan
    change = after - before
    wide, wide_log = _half_width(change, level), _half_width(logs, level)
    table = pd.DataFrame(
        {
            "part": [AREA, *([RING] * len(rings_km)), CONTROLS],
            "outer_km": [0.0, *map(float, rings_km), np.nan],
            "before": before[0],
            "after": after[0],
            "change": change[0],
            "change_low": change[0] - wide,
            "change_high": change[0] + wide,
            "ratio": np.exp(logs[0]),
            "low": np.exp(logs[0] - wide_log),
            "high": np.exp(logs[0] + wide_log),
        }
    )
    return table.astype({"part": "str"})


def _half_width(values: Floats, level: float) -> Floats:
    """Tell how wide an interval is to each side; NaN with fewer than two draws."""
    n = len(values) - 1
    if n < LEAST_DRAWS:
        return np.full(values.shape[1], np.nan)
    spread = values[1:].std(axis=0, ddof=1)
    return np.asarray(stats.t.ppf(1 - level / 2, n - 1) * spread)


def draw_blocks(
    events: Placed, picks: npt.NDArray[np.int64], first_day: int, block_days: int
) -> Placed:
    """Put other blocks of time in the place of each block.

    Parameters
    ----------
    events
        In order of day.
    picks
        For each block the one whose events it gets, of shape (n_blocks,).
    first_day
        First day of the first block; what is earlier stays as it is.
    block_days
        Days of a block.

    Returns
    -------
    Placed
        In order of day; events after the last block are left out.

    Examples
    --------
    >>> place = np.zeros(1)
    >>> events = Placed(day=np.array([0, 12, 25]), known_day=np.array([1, 13, 26]),
    ...     site=np.array([0, 0, 0]), site_cell=np.array([0]), site_xy_km=place,
    ...     site_lonlat=place, site_spread_km=place)
    >>> draw_blocks(events, np.array([1, 1]), 10, 10).day.tolist()
    [0, 15, 25]
    """
    block = (events.day - first_day) // block_days
    kept = [np.flatnonzero(events.day < first_day)]
    moved = [np.zeros(len(kept[0]), dtype=np.int64)]
    for slot, source in enumerate(picks.tolist()):
        own = np.flatnonzero(block == source)
        kept.append(own)
        moved.append(np.full(len(own), (slot - source) * block_days))
    which, days = np.concatenate(kept), np.concatenate(moved)
    order = np.argsort(events.day[which] + days, kind="stable")
    which, days = which[order], days[order]
    return replace(
        events,
        day=events.day[which] + days,
        known_day=events.known_day[which] + days,
        site=events.site[which],
    )
