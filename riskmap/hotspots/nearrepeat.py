r"""Near repeats: how one event makes others near it likelier, and for how long.

Knox counts the pairs of events that are near in place and in time, band by band, and
asks how many there would be had the same places and the same days nothing to do with
one another: the days are dealt anew among the events of ground that was watched alike.
A band's ratio is its pairs over the mean of these deals.

The local form asks it of each event. Of the *n* - 1 others, *m* are near it in time and
*k* near it in place; that *x* are both is hypergeometric, so no deal is needed:
:math:`P(X \ge x) = \sum_{i \ge x} \binom{m}{i} \binom{n-1-m}{k-i} / \binom{n-1}{k}`.

What it does not say: why. Seasons that differ from place to place, or a town that
grows, also put near places on near days (Kulldorff and Hjalmars 1999).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

from riskmap.errors import OptionError
from riskmap.history.deals import against_deals
from riskmap.history.ground import Floats
from riskmap.hotspots.discovery import false_discovery
from riskmap.schema import Column

Ints = npt.NDArray[np.int64]

# a band counts as raised from this ratio on (Ratcliffe and Rengert 2008)
LEAST_RATIO = 1.2

LEVEL = 0.05

LEAST_EVENTS = 30

BAND_TABLE: tuple[Column, ...] = (
    Column(name="from_km", dtype="float64", unit="km", lowest=0),
    Column(name="to_km", dtype="float64", unit="km", lowest=0),
    Column(name="from_days", dtype="int64", unit="d", lowest=0),
    Column(name="to_days", dtype="int64", unit="d", lowest=0),
    Column(name="pairs", dtype="int64", lowest=0, meaning="Pairs of events."),
    Column(name="expected", dtype="float64", lowest=0, meaning="Mean of the deals."),
    Column(name="ratio", dtype="float64", lowest=0, missing=True),
    Column(name="p", dtype="float64", lowest=0, highest=1, meaning="One-sided."),
    Column(name="q", dtype="float64", lowest=0, highest=1),
)


@dataclass(frozen=True, kw_only=True)
class NearRepeatOptions:
    """Which bands are looked at.

    Parameters
    ----------
    distances_km
        Upper ends of the bands of distance, ascending, each end included.
    days
        Upper ends of the bands of days, ascending, each end included.
    deals
        How often the days are dealt anew.
    random_state
        Seed.
    """

    distances_km: tuple[float, ...] = (2.0, 5.0, 10.0, 20.0)
    days: tuple[int, ...] = (7, 14, 28, 56)
    deals: int = 999
    random_state: int = 0

    def __post_init__(self) -> None:
        for name in ("distances_km", "days"):
            ends = getattr(self, name)
            if not ends or ends[0] <= 0 or list(ends) != sorted(set(ends)):
                msg = f"`{name}` must ascend from above 0, got {ends}."
                raise OptionError(msg, option=name, value=ends)
        # with fewer, one raised band among so many could not be told from chance
        least = math.ceil(len(self.distances_km) * len(self.days) / LEVEL) - 1
        if self.deals < least:
            msg = f"`deals` must be {least} or more for these bands, got {self.deals}."
            raise OptionError(msg, option="--deals", value=self.deals)


@dataclass(frozen=True, kw_only=True, eq=False)
class NearRepeats:
    """What Knox finds.

    Parameters
    ----------
    bands
        As :data:`BAND_TABLE`, by distance and then by days.
    reach_km, reach_days
        How far and for how long the risk is raised: the last of the bands that are
        raised one after another from the first; 0 where the first is not.
    """

    bands: pd.DataFrame
    reach_km: float
    reach_days: int


def knox(
    xy_km: Floats,
    day: Ints,
    strata: Ints,
    options: NearRepeatOptions,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> NearRepeats:
    """Count near pairs by band and compare with days dealt anew.

    Parameters
    ----------
    xy_km
        Where each event lies on a plane, of shape (n_events, 2).
    day
        Its day number.
    strata
        Number of the ground it lies on: days are dealt within each.
    options
        Bands, deals and seed.
    progress
        Told deals done and all.

    Returns
    -------
    NearRepeats
        p-values are one-sided: as many pairs or more.

    References
    ----------
    Knox EG (1964) The detection of space-time interactions. Appl Stat 13:25-29,
    doi:10.2307/2985220. Ratcliffe JH, Rengert GF (2008) Near-repeat patterns in
    Philadelphia shootings. Secur J 21:58-76, doi:10.1057/palgrave.sj.8350068.

    Examples
    --------
    >>> days = np.arange(40) * 30
    >>> twins = np.repeat(days, 2)
    >>> places = np.column_stack([np.repeat(np.arange(40) * 50.0, 2), np.zeros(80)])
    >>> found = knox(places, twins, np.zeros(80, dtype=int), NearRepeatOptions())
    >>> found.reach_km, found.reach_days, int(found.bands["pairs"].iloc[0])
    (2.0, 7, 40)
    """
    first, second, near = _near_pairs(xy_km, options.distances_km)
    at_home = np.argsort(strata, kind="stable")

    def deal(rng: np.random.Generator) -> Ints:
        dealt = np.empty_like(day)
        dealt[at_home] = day[np.lexsort((rng.random(len(day)), strata))]
        return dealt

    seen, expected, p = against_deals(
        lambda days: _by_band(days, first, second, near, options),
        day,
        deal,
        deals=options.deals,
        random_state=options.random_state,
        progress=progress,
    )
    bands = _band_rows(seen, expected, p, options)
    reach_km, reach_days = _reach(bands, options)
    return NearRepeats(bands=bands, reach_km=reach_km, reach_days=reach_days)


def _near_pairs(
    xy_km: Floats, distances_km: tuple[float, ...]
) -> tuple[Ints, Ints, Ints]:
    """Find the pairs within the last distance, and the band of each."""
    pairs = cKDTree(xy_km).query_pairs(distances_km[-1], output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    first, second = pairs[:, 0], pairs[:, 1]
    apart = np.sqrt(((xy_km[first] - xy_km[second]) ** 2).sum(axis=1))
    band = np.minimum(
        np.searchsorted(distances_km, apart, side="left"), len(distances_km) - 1
    )
    return first, second, band.astype(np.int64)


def _by_band(
    day: Ints, first: Ints, second: Ints, near: Ints, options: NearRepeatOptions
) -> Ints:
    """Count pairs by band of distance and of days."""
    n_days = len(options.days)
    gap = np.abs(day[first] - day[second])
    # the band after the last holds the pairs that are far apart in time
    late = np.searchsorted(options.days, gap, side="left")
    codes = near * (n_days + 1) + late
    size = len(options.distances_km) * (n_days + 1)
    counts = np.bincount(codes, minlength=size).reshape(-1, n_days + 1)
    return np.asarray(counts[:, :n_days], dtype=np.int64)


def _band_rows(
    seen: Ints, expected: Floats, p: Floats, options: NearRepeatOptions
) -> pd.DataFrame:
    """Lay the bands out as rows."""
    n_km, n_days = seen.shape
    km, days = (0.0, *options.distances_km), (0, *options.days)
    ratio = np.full(seen.shape, np.nan)
    np.divide(seen, expected, out=ratio, where=expected > 0)
    return pd.DataFrame(
        {
            "from_km": np.repeat(km[:-1], n_days),
            "to_km": np.repeat(km[1:], n_days),
            "from_days": np.tile(np.array(days[:-1], dtype=np.int64), n_km)
            + np.tile(np.arange(n_days) > 0, n_km),
            "to_days": np.tile(np.array(days[1:], dtype=np.int64), n_km),
            "pairs": seen.ravel(),
            "expected": expected.ravel(),
            "ratio": ratio.ravel(),
            "p": p.ravel(),
            "q": false_discovery(p.ravel()),
        }
    )


def raised(bands: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which bands hold clearly more pairs than chance.

    Parameters
    ----------
    bands
        As :data:`BAND_TABLE`.

    Returns
    -------
    numpy.ndarray of shape (n_bands,)
        True from a ratio of 1.2 on, at a false-discovery rate of 5 %.
    """
    return np.asarray(
        (bands["ratio"].fillna(0.0) >= LEAST_RATIO) & (bands["q"] <= LEVEL)
    )


def _reach(bands: pd.DataFrame, options: NearRepeatOptions) -> tuple[float, int]:
    """Follow the raised bands from the nearest on, in place and in time."""
    grid = raised(bands).reshape(len(options.distances_km), len(options.days))
    if not grid[0, 0]:
        return 0.0, 0
    far = int(np.argmin(np.append(grid[:, 0], False)))
    long = int(np.argmin(np.append(grid[0], False)))
    return float(options.distances_km[far - 1]), int(options.days[long - 1])


def local_knox(
    xy_km: Floats, day: Ints, *, within_km: float, within_days: int
) -> pd.DataFrame:
    """Ask of each event whether those near it in place are near it in time too.

    Parameters
    ----------
    xy_km
        Where each event lies on a plane, of shape (n_events, 2).
    day
        Its day number.
    within_km, within_days
        What is near, ends included.

    Returns
    -------
    pandas.DataFrame of shape (n_events, 5)
        ``near_place``, ``near_time`` and ``near_both``: numbers of other events; ``p``:
        hypergeometric, one-sided, given the event's own place and day; ``q``.

    References
    ----------
    Piroutek A, Assunção R, Paiva T (2014) Space-time prospective surveillance based on
    Knox local statistics. Stat Med 33:2758-2773, doi:10.1002/sim.6118.

    Examples
    --------
    >>> found = local_knox(np.array([[0.0, 0], [0, 0], [9, 0]]), np.array([1, 1, 500]),
    ...     within_km=1, within_days=7)
    >>> found["near_both"].tolist(), found["p"].tolist()
    ([1, 1, 0], [0.5, 0.5, 1.0])
    """
    n = len(day)
    pairs = cKDTree(xy_km).query_pairs(within_km, output_type="ndarray")
    close = np.abs(day[pairs[:, 0]] - day[pairs[:, 1]]) <= within_days
    place = np.bincount(pairs.ravel(), minlength=n)
    both = np.bincount(pairs[close].ravel(), minlength=n)
    ordered = np.sort(day)
    time = (
        np.searchsorted(ordered, day + within_days, side="right")
        - np.searchsorted(ordered, day - within_days, side="left")
        - 1
    )
    p = np.clip(stats.hypergeom.sf(both - 1, n - 1, time, place), 0.0, 1.0)
    return pd.DataFrame(
        {
            "near_place": place,
            "near_time": time,
            "near_both": both,
            "p": p,
            "q": false_discovery(p),
        }
    )
