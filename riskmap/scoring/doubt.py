r"""Doubt: how far a cell's yearly rate may lie from what is expected.

The rate of a cell is taken as gamma distributed about its expectation, with the squared
coefficient of variation :math:`t^2 + \frac{1}{a + n}`: *n* records of its own, *a* the
shape of the spread of rates among cells without any, and :math:`t^2` what rates change
from one horizon to the next. Both are those under which the counts of past horizons, as
foretold at the time, were most likely (negative binomial).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import gamma

from riskmap.history.ground import Floats

# values tried, about as fine as any data could tell
SHAPES = (0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 2.0, 4.0)
DRIFTS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)

# a gamma distribution wider than this has its 95th percentile nearer to its mean again,
# nearly all of it being at 0: such cells are shown as doubtful as this
MOST_DISPERSION = 8.0

# expectations of cells where nothing came are tallied by tenths of a factor of e
BINS_PER_E = 10


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One past horizon, as it was foretold and as it came.

    Parameters
    ----------
    expected
        Events expected in each cell, of shape (n_cells,).
    counts
        Events that came.
    own
        Records that the cell had before.
    """

    expected: Floats
    counts: Floats
    own: Floats


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """How rates spread about expectations.

    Parameters
    ----------
    shape
        *a*: small where cells alike in expectation differ widely in rate.
    drift
        :math:`t^2`: squared coefficient of variation that no record takes away.
    """

    shape: float
    drift: float

    def dispersion(self, own: Floats) -> Floats:
        """Squared coefficient of variation of cells with some records of their own."""
        return np.asarray(self.drift + 1 / (self.shape + own))


def log_likelihood(expected: Floats, counts: Floats, dispersion: Floats) -> Floats:
    """Score counts by a negative binomial of variance m + d m², elementwise.

    Parameters
    ----------
    expected
        Means, more than 0.
    counts
        Counts.
    dispersion
        *d*, more than 0.

    Returns
    -------
    numpy.ndarray
        Natural logarithms of the chances.

    Examples
    --------
    >>> log_likelihood(np.array([1.0]), np.array([0.0]), np.array([1.0])).round(4)
    array([-0.6931])
    """
    size = 1 / dispersion
    spread = dispersion * expected
    return np.asarray(
        gammaln(counts + size)
        - gammaln(size)
        - gammaln(counts + 1)
        + counts * np.log(spread / (1 + spread))
        - size * np.log1p(spread)
    )


def fit_doubt(trials: Sequence[Trial], usual: Doubt) -> Doubt:
    """Find the spread under which past horizons were most likely.

    Parameters
    ----------
    trials
        Past horizons.
    usual
        What is taken if there are none with events.

    Returns
    -------
    Doubt
        The likeliest of the values tried.

    Examples
    --------
    >>> fit_doubt([], Doubt(shape=0.2, drift=0.4)).shape
    0.2
    """
    came = [np.flatnonzero((t.counts > 0) & (t.expected > 0)) for t in trials]
    if not sum(len(rows) for rows in came):
        return usual
    expected, counts, own, weight = _condensed(trials, came)
    best, best_score = usual, -np.inf
    for shape in SHAPES:
        for drift in DRIFTS:
            doubt = Doubt(shape=shape, drift=drift)
            each = log_likelihood(expected, counts, doubt.dispersion(own))
            score = float((weight * each).sum())
            if score > best_score:
                best, best_score = doubt, score
    return best


def _condensed(
    trials: Sequence[Trial], came: Sequence[npt.NDArray[np.intp]]
) -> tuple[Floats, Floats, Floats, Floats]:
    """List cells with events one by one, and tally the others by like expectation."""
    expected, counts, own, weight = [], [], [], []
    for trial, rows in zip(trials, came, strict=True):
        expected.append(trial.expected[rows])
        counts.append(trial.counts[rows])
        own.append(trial.own[rows])
        weight.append(np.ones(len(rows)))
        none = (trial.counts == 0) & (trial.expected > 0)
        # one whole number for both, since a row of two sorts slowly
        fineness = np.rint(np.log(trial.expected[none]) * BINS_PER_E).astype(np.int64)
        records = np.ceil(trial.own[none]).astype(np.int64)
        most = int(records.max(initial=0)) + 1
        kinds, number = np.unique(fineness * most + records, return_counts=True)
        fineness, records = np.divmod(kinds, most)
        expected.append(np.exp(fineness / BINS_PER_E))
        counts.append(np.zeros(len(kinds)))
        own.append(records.astype(np.float64))
        weight.append(number.astype(np.float64))
    return (
        np.concatenate(expected),
        np.concatenate(counts),
        np.concatenate(own),
        np.concatenate(weight),
    )


def rate_interval(
    expected: Floats, dispersion: Floats, *, level: float = 0.9
) -> tuple[Floats, Floats]:
    """Bound the yearly rate of each cell by a gamma distribution about its mean.

    Parameters
    ----------
    expected
        Mean, of shape (n_cells,); NaN stays NaN.
    dispersion
        Squared coefficient of variation, of shape (n_cells,).
    level
        Chance that the interval holds.

    Returns
    -------
    tuple of numpy.ndarray of shape (n_cells,)
        Low and high; the mean is always between them.

    Examples
    --------
    >>> low, high = rate_interval(np.array([1.0]), np.array([1.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.051], [2.996])
    """
    wide = np.minimum(dispersion, MOST_DISPERSION)
    kinds, place = np.unique(wide, return_inverse=True)
    shape = 1 / np.maximum(kinds, 1e-6)
    tail = (1 - level) / 2
    low = (gamma.ppf(tail, shape) / shape)[place] * expected
    high = (gamma.ppf(1 - tail, shape) / shape)[place] * expected
    return np.minimum(low, expected), np.maximum(high, expected)
