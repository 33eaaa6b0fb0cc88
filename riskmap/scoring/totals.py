"""Totals: how many events to expect in all, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import nbinom, poisson

from riskmap.history.ground import Floats
from riskmap.history.reach import half_lives_for
from riskmap.scoring.doubt import log_likelihood

DAYS_PER_YEAR = 365.25

# what rises is foretold too low by any mean of its past: forecasts may be multiplied by
# how far earlier ones fell short. So many events speak for their not falling short: of
# 20 and 100, the one nearer to what came in the years before those of docs/skill.md
TRUST_EVENTS = 100.0

# horizons from which that can be learned: from a dozen years it was noise, and made the
# totals of violence, year by year, a fifth too high
FEWEST_CORRECTED = 20

# dispersions tried, the first as good as a Poisson count; steps of a quarter are finer
# than a few dozen horizons can tell
DISPERSIONS = (1e-6, *(0.002 * 1.25**step for step in range(35)))


@dataclass(frozen=True, kw_only=True)
class Total:
    """Expected number of events in a horizon.

    Parameters
    ----------
    expected
        Mean.
    low, high
        90 % interval of the count.
    half_life_days
        Memory that foretold earlier totals best.
    dispersion
        Variance beyond a Poisson count's, as a share of the mean squared; 0 is
        Poisson.
    correction
        What the discounted rate was multiplied by, 1 if that foretold no better.
    """

    expected: float
    low: float
    high: float
    half_life_days: float
    dispersion: float
    correction: float = 1.0


def discounted_rate(
    days: npt.NDArray[np.int64], day: float, first_day: float, half_life_days: float
) -> float:
    """Measure events per day, recent ones counting more.

    Parameters
    ----------
    days
        Day numbers of events.
    day
        Day before which they count.
    first_day
        Day from which they were recorded.
    half_life_days
        Days after which one counts half.

    Returns
    -------
    float
        Per day; 0 if nothing was recorded yet.

    Examples
    --------
    >>> discounted_rate(np.arange(100), 100, 0, float("inf"))
    1.0
    """
    known = days[(days < day) & (days >= first_day)]
    if day <= first_day:
        return 0.0
    if np.isinf(half_life_days):
        return len(known) / (day - first_day)
    decay = np.log(2) / half_life_days
    watched = (1 - np.exp(-decay * (day - first_day))) / decay
    return float(np.exp(-decay * (day - known)).sum() / watched)


def expect_total(
    days: npt.NDArray[np.int64],
    day: float,
    first_day: float,
    *,
    horizon_days: float,
    half_lives_days: tuple[float, ...] = (),
) -> Total:
    """Expect the number of events in a horizon from how earlier horizons went.

    The half-life, and whether forecasts are multiplied by how far those before them
    fell short (if twenty horizons or more tell), are what foretold all whole past
    horizons best by Poisson log score, which judges the mean alone; then the dispersion
    is the one under which these horizons were likeliest about their means (negative
    binomial), and gives the interval. Moments would have let one wild year, or many
    still ones, set it.

    Parameters
    ----------
    days
        Day numbers of events on ground that is watched.
    day
        First day of the horizon.
    first_day
        Day from which they were recorded.
    horizon_days
        Its length.
    half_lives_days
        Half-lives to choose from, the first if nothing can be compared; empty for those
        that :func:`riskmap.history.reach.half_lives_for` lays out about the horizon.

    Returns
    -------
    Total
        With a 90 % interval.

    Examples
    --------
    >>> steady = np.arange(0, 3650)
    >>> round(expect_total(steady, 3650, 0, horizon_days=365,
    ...     half_lives_days=(365.0,)).expected)
    365
    """
    lives = half_lives_days or half_lives_for(round(horizon_days))
    starts = np.arange(day - horizon_days, first_day + horizon_days, -horizon_days)
    seen = np.array([((days >= s) & (days < s + horizon_days)).sum() for s in starts])
    best, correction, best_score, dispersion = lives[0], 1.0, -np.inf, 0.0
    foretold = np.zeros(0)
    for half_life in lives if len(starts) else ():
        mean = np.array(
            [
                max(horizon_days * discounted_rate(days, s, first_day, half_life), 0.5)
                for s in starts
            ]
        )
        tried = [(mean, 1.0)]
        if len(starts) >= FEWEST_CORRECTED:
            then, now = _corrections(seen, mean)
            tried.append((mean * then, now))
        for corrected, today in tried:
            score = float((seen * np.log(corrected) - corrected).sum())
            if score > best_score:
                best, correction, best_score = half_life, today, score
                foretold = corrected
    if len(starts):
        dispersion = _likeliest(foretold, seen.astype(np.float64))
    expected = correction * horizon_days * discounted_rate(days, day, first_day, best)
    low, high = count_interval(np.array([expected]), np.array([dispersion]))
    return Total(
        expected=expected,
        low=float(low[0]),
        high=float(high[0]),
        half_life_days=best,
        dispersion=dispersion,
        correction=correction,
    )


def _corrections(counts: npt.NDArray[np.int64], mean: Floats) -> tuple[Floats, float]:
    """Tell how far forecasts older than each fell short, newest first, and all."""
    came = np.cumsum(counts[::-1])[::-1] + TRUST_EVENTS
    expected = np.cumsum(mean[::-1])[::-1] + TRUST_EVENTS
    short = np.append(came / expected, 1.0)
    return short[1:], float(short[0])


def _likeliest(mean: Floats, counts: Floats) -> float:
    """Find the dispersion under which counts about their means were likeliest."""
    scores = [
        float(log_likelihood(mean, counts, np.full(len(mean), tried)).sum())
        for tried in DISPERSIONS
    ]
    best = DISPERSIONS[int(np.argmax(scores))]
    return best if best > DISPERSIONS[0] else 0.0


def count_interval(
    mean: Floats, dispersion: Floats, level: float = 0.9
) -> tuple[Floats, Floats]:
    """Bound counts by a negative binomial, a Poisson where dispersion is 0.

    Parameters
    ----------
    mean
        Expected counts.
    dispersion
        Variance is mean + dispersion * mean².
    level
        Chance that the interval holds.

    Returns
    -------
    tuple of numpy.ndarray
        Low and high.

    Examples
    --------
    >>> low, high = count_interval(np.array([100.0]), np.array([0.0]))
    >>> low.tolist(), high.tolist()
    ([84.0], [117.0])
    """
    tail = (1 - level) / 2
    mean = np.maximum(mean, 1e-12)
    size = 1 / np.maximum(dispersion, 1e-12)
    wide = dispersion > 0
    chance = size / (size + mean)
    low = np.where(wide, nbinom.ppf(tail, size, chance), poisson.ppf(tail, mean))
    high = np.where(
        wide, nbinom.ppf(1 - tail, size, chance), poisson.ppf(1 - tail, mean)
    )
    return low, high
