r"""Metrics: how well a map of expected events foretold those that came.

All are computed from tallies of one horizon that add up, so that horizons are pooled
by adding events, never by averaging ratios. *N* events came, *n(f)* of them in the
densest cells that together make the share *f* of the area.

- hit rate: :math:`n(f) / N`
- PAI, predictive accuracy index: :math:`(n(f) / N) / f` (Chainey, Tompson & Uhlig 2008)
- PEI, predictive efficiency index: :math:`n(f) / n^*(f)`, with *n\** the most that any
  map of these cells could have caught (Hunt 2016; NIJ 2017)
- area under the capture curve: :math:`\int_0^1 n(f) / N \, df`, 0.5 for a blind map
- information gain: :math:`\frac1N \sum_c y_c \log_2 (p_c / u_c)` bits per event, *p*
  the map's and *u* the area's share of a cell (Kagan & Knopoff 1977)
- Poisson log score: :math:`\frac1N \sum_c (y_c \ln m_c - m_c - \ln y_c!)`, higher is
  better, *m* the expected count
- CRPS: :math:`\sum_c \sum_{k \ge 0} (P(Y_c \le k) - 1[y_c \le k])^2` per horizon for
  Poisson counts (Gneiting & Raftery 2007; closed form of Wei & Held 2014), lower is
  better
- calibration: expected over observed events.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, ive
from scipy.stats import poisson

from riskmap.history.ground import Floats, Places

# shares of the area that a map is judged at
SHARES = (0.01, 0.02, 0.05, 0.10)

# densities equal to ten digits are equal: floating noise must not rank cells
DIGITS = 10

LEAST_SHARE = 1e-12

# expected counts below this have a simpler CRPS where nothing came
SMALL_MEAN = 1e-3


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What one map caught in one horizon, place by place.

    Parameters
    ----------
    rows
        Positions of the cells with events.
    counts
        Events in each, of shape (n_rows,).
    caught
        Share of each such cell inside the densest area, for every share of
        :data:`SHARES`: (n_shares, n_rows).
    rank_share
        Share of the area that is denser than each such cell, its own half.
    gain_bits
        Information gained by an event there.
    best
        Most events that any map could have caught, of shape (n_shares,).
    log_score
        Poisson log score, all cells together.
    crps
        Continuous ranked probability score, all cells together.
    expected
        Events expected, all cells together.
    """

    rows: Places
    counts: Floats
    caught: Floats
    rank_share: Floats
    gain_bits: Floats
    best: Floats
    log_score: float
    crps: float
    expected: float


def inclusion(score: Floats, area_km2: Floats, share: float) -> Floats:
    """Find how much of each cell lies in the densest share of the area.

    Cells are taken by falling density; those equally dense are taken in equal part,
    as a random order would on average, and so is the last.

    Parameters
    ----------
    score
        Expected events, of shape (n_cells,).
    area_km2
        Area of each cell.
    share
        Share of the whole area, 0 to 1.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        0 to 1.

    Examples
    --------
    >>> inclusion(np.array([9.0, 1.0, 1.0]), np.ones(3), 2 / 3).tolist()
    [1.0, 0.5, 0.5]
    """
    level, level_area = _levels(score, area_km2)
    return _included(level, level_area, share)


def _included(level: Places, level_area: Floats, share: float) -> Floats:
    """Take levels from the top until a share of the area is full."""
    before = np.cumsum(level_area) - level_area
    room = share * level_area.sum() - before
    part = np.divide(
        room, level_area, out=np.zeros_like(level_area), where=level_area > 0
    )
    return np.asarray(np.clip(part, 0, 1)[level])


def _levels(score: Floats, area_km2: Floats) -> tuple[Places, Floats]:
    """Give each cell its level of density, from the top, and each level its area."""
    density = np.divide(
        score, area_km2, out=np.zeros_like(area_km2), where=area_km2 > 0
    )
    size = np.abs(density)
    digits = DIGITS - 1 - np.floor(np.log10(np.where(size > 0, size, 1.0)))
    scale = 10.0**digits
    values, level = np.unique(-np.rint(density * scale) / scale, return_inverse=True)
    area = np.bincount(level, area_km2, minlength=len(values))
    return level.astype(np.intp), area.astype(np.float64)


def rank_share(score: Floats, area_km2: Floats) -> Floats:
    """Find how much of the area is denser than each cell, half its equals counted.

    Parameters
    ----------
    score
        Expected events, of shape (n_cells,).
    area_km2
        Area of each cell.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        0 to 1; 1 minus it is what an event there adds to the area under the curve.

    Examples
    --------
    >>> rank_share(np.array([9.0, 1.0]), np.array([1.0, 3.0])).tolist()
    [0.125, 0.625]
    """
    level, level_area = _levels(score, area_km2)
    middle = np.cumsum(level_area) - level_area / 2
    return np.asarray((middle / area_km2.sum())[level])


def most_hits(counts: Floats, area_km2: Floats, share: float) -> float:
    """Count the events that the best map of these cells would catch.

    Parameters
    ----------
    counts
        Events that came, of shape (n_cells,).
    area_km2
        Area of each cell.
    share
        Share of the whole area, 0 to 1.

    Returns
    -------
    float
        Events, in part where a cell is taken in part.

    Examples
    --------
    >>> most_hits(np.array([0.0, 3.0, 1.0]), np.ones(3), 0.5)
    3.5
    """
    return float((inclusion(counts, area_km2, share) * counts).sum())


def poisson_crps(mean: Floats, counts: Floats) -> Floats:
    """Score Poisson forecasts of counts; 0 is best.

    Parameters
    ----------
    mean
        Expected counts, more than 0.
    counts
        Counts that came.

    Returns
    -------
    numpy.ndarray
        In events, of the same shape.

    Examples
    --------
    >>> poisson_crps(np.array([1.0]), np.array([1.0])).round(4).tolist()
    [0.212]
    """
    # below, the sum is its first term but for less than a trillionth
    found = np.expm1(-mean) ** 2
    large = mean > SMALL_MEAN
    bessel = ive(0, 2 * mean[large]) + ive(1, 2 * mean[large])
    found[large] = mean[large] * (1 - bessel)
    # of most cells nothing comes, and the rest of the formula is then 0
    some = counts > 0
    m, y = mean[some], counts[some]
    below, at = poisson.cdf(y, m), poisson.pmf(y, m)
    bessel = ive(0, 2 * m) + ive(1, 2 * m)
    found[some] = (y - m) * (2 * below - 1) + 2 * m * at - m * bessel
    return np.asarray(found)


def tally(expected: Floats, counts: Floats, area_km2: Floats) -> Tally:
    """Compare one map with the events of one horizon.

    Parameters
    ----------
    expected
        Expected events, of shape (n_cells,), 0 or more and not all 0.
    counts
        Events that came.
    area_km2
        Watched area of each cell; cells of 0 do not count.

    Returns
    -------
    Tally
        What it caught.

    Examples
    --------
    >>> found = tally(np.array([3.0, 1.0]), np.array([2.0, 0.0]), np.ones(2))
    >>> found.gain_bits.round(3).tolist()
    [0.585]
    """
    seen = np.flatnonzero(area_km2 > 0)
    mean, came, area = expected[seen], counts[seen], area_km2[seen]
    rows = np.flatnonzero(came > 0)
    share = np.maximum(mean / mean.sum(), LEAST_SHARE)
    gain = np.log2(share[rows] / (area[rows] / area.sum()))
    least = np.maximum(mean, LEAST_SHARE)
    level, level_area = _levels(mean, area)
    middle = (np.cumsum(level_area) - level_area / 2) / level_area.sum()
    best_level, best_area = _levels(came, area)
    return Tally(
        rows=seen[rows],
        counts=came[rows],
        caught=np.array([_included(level[rows], level_area, p) for p in SHARES]),
        rank_share=middle[level[rows]],
        gain_bits=gain,
        best=np.array(
            [came[rows] @ _included(best_level[rows], best_area, p) for p in SHARES]
        ),
        log_score=float(
            (came[rows] * np.log(least[rows]) - gammaln(came[rows] + 1)).sum()
            - least.sum()
        ),
        crps=float(poisson_crps(least, came).sum()),
        expected=float(mean.sum()),
    )


def percent(share: float) -> str:
    """Write a share of the area as it stands in a metric's name: ``5pct``.

    Parameters
    ----------
    share
        0 to 1.

    Returns
    -------
    str
        Whole per cent.

    Examples
    --------
    >>> percent(0.05)
    '5pct'
    """
    return f"{round(100 * share)}pct"


METRICS = (
    *(f"hit_rate_{percent(share)}" for share in SHARES),
    *(f"pai_{percent(share)}" for share in SHARES),
    *(f"pei_{percent(share)}" for share in SHARES),
    "capture_auc",
    "information_gain_bits",
    "poisson_log_score",
    "crps",
    "calibration",
)

# metrics that a bootstrap can redo from the tallies, by adding places up
RESAMPLED = (*METRICS[:8], "capture_auc", "information_gain_bits")


def pooled(tallies: Iterable[Tally]) -> Mapping[str, float]:
    """Pool horizons by adding their events up.

    Parameters
    ----------
    tallies
        One for each horizon, at least one, with at least one event in all.

    Returns
    -------
    dict
        Every metric of :data:`METRICS`.

    Examples
    --------
    >>> one = tally(np.array([3.0, 1.0]), np.array([2.0, 0.0]), np.ones(2))
    >>> pooled([one])["capture_auc"]
    0.75
    """
    parts = list(tallies)
    events = sum(float(part.counts.sum()) for part in parts)
    found = resampled(parts, [part.counts for part in parts])
    best = np.sum([part.best for part in parts], axis=0)
    for place, share in enumerate(SHARES):
        name = percent(share)
        hits = found[f"hit_rate_{name}"] * events
        found[f"pei_{name}"] = hits / float(best[place])
    found["poisson_log_score"] = sum(part.log_score for part in parts) / events
    found["crps"] = sum(part.crps for part in parts) / len(parts)
    found["calibration"] = sum(part.expected for part in parts) / events
    return {name: found[name] for name in METRICS}


def resampled(tallies: Iterable[Tally], weights: Iterable[Floats]) -> dict[str, float]:
    """Pool with each place's events weighed anew, as a bootstrap draws them.

    Parameters
    ----------
    tallies
        One for each horizon.
    weights
        Events of each place in it.

    Returns
    -------
    dict
        Every metric of :data:`RESAMPLED`.

    Examples
    --------
    >>> one = tally(np.array([3.0, 1.0]), np.array([2.0, 0.0]), np.ones(2))
    >>> resampled([one], [np.array([1.0])])["hit_rate_1pct"]
    0.02
    """
    events, rank, gain = 0.0, 0.0, 0.0
    hits = np.zeros(len(SHARES))
    for part, weight in zip(tallies, weights, strict=True):
        events += float(weight.sum())
        hits += part.caught @ weight
        rank += float(part.rank_share @ weight)
        gain += float(part.gain_bits @ weight)
    rates = {
        f"hit_rate_{percent(s)}": float(h) / events
        for s, h in zip(SHARES, hits, strict=True)
    }
    indices = {f"pai_{percent(s)}": rates[f"hit_rate_{percent(s)}"] / s for s in SHARES}
    return {
        **rates,
        **indices,
        "capture_auc": 1 - rank / events,
        "information_gain_bits": gain / events,
    }
