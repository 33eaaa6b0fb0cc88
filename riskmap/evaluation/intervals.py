r"""Intervals: how often they held what came, and how wide they had to be.

A total of a region is bounded before its horizon begins: its mean is what the map
expected there, its spread what earlier horizons showed. A Poisson count has variance
*m*; counts of deaths and crimes vary more, :math:`m + d m^2` (negative binomial), with
*d* from past horizons only (moments).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import nbinom, poisson

from riskmap.evaluation.backtest import Trial
from riskmap.evaluation.folds import Mask
from riskmap.schema import Column

LEVEL = 0.9

# past horizons that must have been seen before a spread is trusted
LEAST_PAST = 3

# a mean below this is bounded as this: half an event
LEAST_MEAN = 0.5

KINDS = ("poisson", "negative_binomial")

COVERAGE_TABLE: tuple[Column, ...] = (
    Column(name="model", dtype="str"),
    Column(name="interval", dtype="str", values=KINDS),
    Column(name="region", dtype="str", meaning="Empty for all regions together."),
    Column(name="horizons", dtype="int64", lowest=0),
    Column(name="covered", dtype="float64", lowest=0, highest=1, missing=True),
    Column(name="mean_width", dtype="float64", lowest=0, missing=True),
)


def past_dispersion(expected: Sequence[float], came: Sequence[float]) -> float:
    """Measure how far past totals strayed beyond a Poisson count's spread.

    Parameters
    ----------
    expected, came
        Totals of past horizons.

    Returns
    -------
    float
        *d* of the negative binomial by moments; 0 for a Poisson.

    Examples
    --------
    >>> past_dispersion([10.0, 10.0], [4.0, 16.0])
    0.26
    """
    mean, seen = np.asarray(expected, float), np.asarray(came, float)
    beyond = float(((seen - mean) ** 2 - mean).sum())
    return max(beyond / max(float((mean**2).sum()), 1e-12), 0.0)


def total_interval(
    mean: float, dispersion: float, *, level: float = LEVEL
) -> tuple[float, float]:
    """Bound a total.

    Parameters
    ----------
    mean
        Expected total.
    dispersion
        See :func:`past_dispersion`.
    level
        Chance that it holds.

    Returns
    -------
    tuple of float
        Low and high, whole events.

    Examples
    --------
    >>> total_interval(100.0, 0.0)
    (84.0, 117.0)
    """
    tail, mean = (1 - level) / 2, max(mean, LEAST_MEAN)
    if dispersion <= 0:
        return float(poisson.ppf(tail, mean)), float(poisson.ppf(1 - tail, mean))
    size = 1 / dispersion
    chance = size / (size + mean)
    low, high = nbinom.ppf([tail, 1 - tail], size, chance)
    return float(low), float(high)


def interval_coverage(
    trials: Sequence[Trial],
    model: str,
    regions: Mapping[str, Mask],
    *,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Measure how often totals of regions came within intervals set beforehand.

    Parameters
    ----------
    trials
        One an origin, in order of time.
    model
        Which map.
    regions
        Cells of each region.
    level
        Chance that an interval should hold.

    Returns
    -------
    pandas.DataFrame
        As :data:`COVERAGE_TABLE`, a row for each kind and region, and one for all.
    """
    rows: list[tuple[object, ...]] = []
    for kind in KINDS:
        held: list[float] = []
        widths: list[float] = []
        for name, mask in regions.items():
            expected = [float(t.maps[model][mask].sum()) for t in trials]
            came = [float(t.counts[mask].sum()) for t in trials]
            mine, wide = _held(expected, came, kind, level)
            rows.append((model, kind, name, len(mine), *_means(mine, wide)))
            held, widths = held + mine, widths + wide
        rows.append((model, kind, "", len(held), *_means(held, widths)))
    table = pd.DataFrame(rows, columns=[column.name for column in COVERAGE_TABLE])
    return table.astype({column.name: column.dtype for column in COVERAGE_TABLE})


def _held(
    expected: Sequence[float], came: Sequence[float], kind: str, level: float
) -> tuple[list[float], list[float]]:
    """Tell of each horizon whether it was held, by what had gone before."""
    held: list[float] = []
    widths: list[float] = []
    for now in range(LEAST_PAST, len(expected)):
        spread = 0.0
        if kind == KINDS[1]:
            spread = past_dispersion(expected[:now], came[:now])
        low, high = total_interval(expected[now], spread, level=level)
        held.append(float(low <= came[now] <= high))
        widths.append(high - low)
    return held, widths


def _means(held: Sequence[float], widths: Sequence[float]) -> tuple[float, float]:
    """Average; NaN of nothing."""
    if not held:
        return float("nan"), float("nan")
    return float(np.mean(held)), float(np.mean(widths))
