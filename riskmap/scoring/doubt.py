"""Doubt: how far a cell's rate may lie from what is expected."""

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import gamma

from riskmap.history.ground import Floats

# bins of like expectation, by halves: 1, 1/2, 1/4 ... events a year
FINEST_BIN = 24


def strays(expected: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Add up, for cells of like expectation, how far counts strayed.

    Parameters
    ----------
    expected
        Events expected in each cell in a past horizon, of shape (n_cells,).
    counts
        Events that came.

    Returns
    -------
    tuple of numpy.ndarray of shape (n_bins,)
        For each power of two of the expectation, the largest first: the sum of
        (count - expected)² - expected, which a Poisson count brings to 0, and the sum
        of expected².

    Examples
    --------
    >>> beyond, squares = strays(np.array([1.0, 1.0]), np.array([0.0, 4.0]))
    >>> float(beyond.sum()), float(squares.sum())
    (8.0, 2.0)
    """
    known = expected > 0
    mean, came = expected[known], counts[known]
    place = np.clip(np.floor(-np.log2(mean)) + 4, 0, FINEST_BIN - 1).astype(np.intp)
    beyond = (came - mean) ** 2 - mean
    beyond_by_bin = np.bincount(place, beyond, minlength=FINEST_BIN)
    squares_by_bin = np.bincount(place, mean**2, minlength=FINEST_BIN)
    return beyond_by_bin.astype(np.float64), squares_by_bin.astype(np.float64)


def dispersion_of(beyond: Floats, squares: Floats, *, usual: float) -> Floats:
    """Estimate the squared coefficient of variation of the rate in each bin.

    Moments of the negative binomial, Var = m + d m²; made to rise as expectations
    fall, by isotonic regression, since where records are thin less is known.

    Parameters
    ----------
    beyond, squares
        As :func:`strays` gives them, added up over horizons.
    usual
        What is taken where nothing was tested.

    Returns
    -------
    numpy.ndarray of shape (n_bins,)
        Never falling.

    Examples
    --------
    >>> dispersion_of(np.array([1.0, 8.0]), np.array([2.0, 2.0]), usual=1.0).tolist()
    [0.5, 4.0]
    """
    if squares.sum() <= 0:
        return np.full(len(squares), usual)
    each = np.divide(beyond, squares, out=np.zeros_like(beyond), where=squares > 0)
    rising = isotonic_regression(each, weights=np.maximum(squares, 1e-12)).x
    return np.asarray(np.maximum(rising, 0.0))


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
    shape = 1 / np.maximum(dispersion, 1e-6)
    tail = (1 - level) / 2
    low = gamma.ppf(tail, shape) / shape * expected
    high = gamma.ppf(1 - tail, shape) / shape * expected
    return np.minimum(low, expected), np.maximum(high, expected)


def dispersion_at(expected: Floats, dispersion: Floats) -> Floats:
    """Look the dispersion of each cell's expectation up, between bins in proportion.

    Parameters
    ----------
    expected
        Events per horizon, of shape (n_cells,); 0 takes the last bin's.
    dispersion
        As :func:`dispersion_of` gives it.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Squared coefficient of variation.

    Examples
    --------
    >>> dispersion_at(np.array([0.0, 32.0]), np.array([0.5, 4.0])).tolist()
    [4.0, 0.5]
    """
    place = np.full(len(expected), float(len(dispersion) - 1))
    known = expected > 0
    place[known] = 3.5 - np.log2(expected[known])
    return np.asarray(np.interp(place, np.arange(len(dispersion)), dispersion))
