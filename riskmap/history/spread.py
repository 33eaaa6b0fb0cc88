r"""Spread: how sure sums of cells are, and which cells are among the densest.

A cell's rate is gamma distributed about its expectation *m* with squared coefficient
of variation *d*. What it strays by is partly its own and partly shared with all about
it, since a year is bad for a whole stretch; so a sum of cells strays by

.. math:: \operatorname{var}\Bigl(\sum m_c\Bigr)
          = s \Bigl(\sum m_c\Bigr)^2 + \sum \max(d_c - s, 0)\, m_c^2 ,

less than if every cell lay at the same end of its interval, and more than if each
strayed alone. Counts add their own chance to that: negative binomial.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincc
from scipy.stats import gamma, nbinom, poisson

from riskmap.history.ground import Floats

# what cells about one another share of their straying, as a squared coefficient of
# variation: measured on yearly counts of groups of cells, docs/skill.md
SHARED = 0.1

# dispersions that intervals are inverted on; beyond the last a gamma's 95th percentile
# comes nearer to its mean again
LEAST_DISPERSION, MOST_DISPERSION = 1e-4, 8.0
STEPS = 400

# cells are binned on a ladder of so many rungs to a factor of e; thresholds of density
# are sought that many factors of e about them, by halving
RUNGS_PER_E = 40
ROOM = 20.0
HALVINGS = 30
DEEPEST_E = 30

LEAST = 1e-300


@lru_cache(maxsize=8)
def _ladder(level: float) -> tuple[Floats, Floats]:
    """Ratio of the upper end to the mean for a ladder of dispersions, ascending."""
    ladder = np.geomspace(LEAST_DISPERSION, MOST_DISPERSION, STEPS)
    upper = gamma.ppf((1 + level) / 2, 1 / ladder) * ladder
    rising = np.maximum.accumulate(upper)
    kept = np.concatenate([[True], np.diff(rising) > 0])
    return ladder[kept], rising[kept]


def dispersion_of(expected: Floats, high: Floats, *, level: float = 0.9) -> Floats:
    """Read a cell's dispersion back from the upper end of its interval.

    Parameters
    ----------
    expected
        Mean, of shape (n_cells,).
    high
        Upper end of its interval.
    level
        Chance that the interval holds.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Squared coefficient of variation, 0.0001 to 8; NaN where the mean is.

    Examples
    --------
    >>> high = gamma.ppf(0.95, 2.0) / 2.0
    >>> dispersion_of(np.array([3.0]), np.array([3.0 * high])).round(3).tolist()
    [0.5]
    """
    ladder, upper = _ladder(level)
    ratio = high / np.maximum(expected, LEAST)
    found = np.interp(ratio, upper, ladder)
    return np.where(np.isfinite(expected), found, np.nan)


def sum_interval(
    expected: Floats,
    dispersion: Floats,
    *,
    shared: float = SHARED,
    level: float = 0.9,
) -> tuple[float, float]:
    """Bound the rate of several cells together.

    Parameters
    ----------
    expected
        Mean of each, of shape (n_cells,); cells without data (NaN) are left out.
    dispersion
        Squared coefficient of variation of each.
    shared
        What of it they share, likewise.
    level
        Chance that the interval holds.

    Returns
    -------
    tuple of float
        Low and high, the sum between them; both NaN if nothing is known.

    Examples
    --------
    >>> low, high = sum_interval(np.full(100, 1.0), np.full(100, 2.0))
    >>> round(low), round(high)
    (51, 163)
    """
    known = np.isfinite(expected)
    if not known.any():
        return float("nan"), float("nan")
    total, wide = _sum(expected[known], dispersion[known], shared)
    if total <= 0:
        return 0.0, 0.0
    shape = 1 / np.clip(wide, LEAST_DISPERSION, MOST_DISPERSION)
    tail = (1 - level) / 2
    low, high = (float(gamma.ppf(p, shape) / shape) for p in (tail, 1 - tail))
    return min(low, 1.0) * total, max(high, 1.0) * total


def count_sum_interval(
    expected: Floats,
    dispersion: Floats,
    *,
    shared: float = SHARED,
    level: float = 0.9,
) -> tuple[float, float]:
    """Bound how many events several cells together will have.

    Parameters
    ----------
    expected, dispersion, shared, level
        As for :func:`sum_interval`, of the horizon in question.

    Returns
    -------
    tuple of float
        Low and high, whole numbers.

    Examples
    --------
    >>> count_sum_interval(np.array([10.0]), np.array([0.0]), shared=0.0)
    (5.0, 15.0)
    """
    known = np.isfinite(expected)
    total, wide = _sum(expected[known], dispersion[known], shared)
    tail = (1 - level) / 2
    if wide <= LEAST_DISPERSION:
        return float(poisson.ppf(tail, total)), float(poisson.ppf(1 - tail, total))
    size = 1 / min(wide, MOST_DISPERSION)
    chance = size / (size + total)
    return (
        float(nbinom.ppf(tail, size, chance)),
        float(nbinom.ppf(1 - tail, size, chance)),
    )


def _sum(expected: Floats, dispersion: Floats, shared: float) -> tuple[float, float]:
    """Add means up, and their squared coefficient of variation."""
    total = float(expected.sum())
    own = float((np.maximum(dispersion - shared, 0.0) * expected**2).sum())
    # a cell cannot share more than it strays
    both = np.sqrt(np.minimum(dispersion, shared)) * expected
    wide = (float(both.sum()) ** 2 + own) / max(total**2, LEAST)
    return total, wide


def chance_in_top(
    density: Floats,
    dispersion: Floats,
    area_km2: Floats,
    shares: tuple[float, ...] = (0.01, 0.05, 0.10),
) -> npt.NDArray[np.float64]:
    """Find how likely each cell is among the densest shares of the area.

    A cell is among them if its rate is above the density that just fills that share;
    over many cells this is as good as fixed, so it is solved for and nothing is
    drawn: the expected area above it is the share.

    Parameters
    ----------
    density
        Expected events per km², of shape (n_cells,); NaN where nothing is known.
    dispersion
        Squared coefficient of variation of each rate.
    area_km2
        Area of each cell.
    shares
        Shares of the area with data, 0 to 1.

    Returns
    -------
    numpy.ndarray of shape (n_shares, n_cells)
        Chances, 0 to 1; NaN where nothing is known. Weighed by area they add up to
        the share.

    Examples
    --------
    >>> found = chance_in_top(
    ...     np.array([9.0, 1.0, 1.0]), np.full(3, 0.1), np.ones(3), (1 / 3,))
    >>> found.round(2).tolist()
    [[1.0, 0.0, 0.0]]
    """
    found = np.full((len(shares), len(density)), np.nan)
    known = np.flatnonzero(np.isfinite(density) & (density > 0))
    if not len(known):
        return found
    # cells alike to a fortieth of a factor of e are looked at together
    rank = np.rint(np.log(density[known]) * RUNGS_PER_E).astype(np.int64)
    wide = np.clip(dispersion[known], LEAST_DISPERSION, MOST_DISPERSION)
    rung = np.rint(np.log(wide) * RUNGS_PER_E).astype(np.int64)
    # far below the highest there is no chance to speak of
    rank = np.maximum(rank, rank.max() - DEEPEST_E * RUNGS_PER_E)
    low, narrow = int(rank.min()), int(rung.min())
    many = int(rung.max()) - narrow + 1
    code = (rank - low) * many + rung - narrow
    # counting is faster than sorting, and gives the same bins
    bins = np.flatnonzero(np.bincount(code))
    lookup = np.zeros(int(code.max()) + 1, dtype=np.intp)
    lookup[bins] = np.arange(len(bins))
    place = lookup[code]
    area: Floats = np.bincount(place, area_km2[known]).astype(np.float64)
    middle = np.exp((bins // many + low) / RUNGS_PER_E)
    shape = np.exp(-(bins % many + narrow) / RUNGS_PER_E)
    total = float(area_km2[np.isfinite(density)].sum())
    for row, share in enumerate(shares):
        level = _threshold(middle, shape, area, share * total)
        found[row, np.isfinite(density)] = 0.0
        found[row, known] = gammaincc(shape, shape * level / middle)[place]
    return found


def _threshold(middle: Floats, shape: Floats, area: Floats, wanted: float) -> float:
    """Seek the density above which an area is expected, by halving."""
    low, high = np.log(middle.min()) - ROOM, np.log(middle.max()) + ROOM
    for _ in range(HALVINGS):
        at = (low + high) / 2
        above = float(area @ gammaincc(shape, shape * np.exp(at) / middle))
        low, high = (at, high) if above > wanted else (low, at)
    return float(np.exp(low))
