"""Deals: what chance makes of a count when the days are dealt anew."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from riskmap.history.ground import Floats

Ints = npt.NDArray[np.int64]


def against_deals(
    count: Callable[[Ints], Ints],
    day: Ints,
    deal: Callable[[np.random.Generator], Ints],
    *,
    deals: int,
    random_state: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Ints, Floats, Floats]:
    """Compare a count with what it is when the days lie as chance has them.

    Parameters
    ----------
    count
        Counts near pairs for the days of the events, of any shape.
    day
        Day number of each event, of shape (n_events,).
    deal
        Deals the days anew.
    deals
        How often.
    random_state
        Seed.
    progress
        Told deals done and all.

    Returns
    -------
    seen : numpy.ndarray
        The count of the days as they are.
    expected : numpy.ndarray
        Its mean over the deals.
    p : numpy.ndarray
        One-sided: as many or more, never below ``1 / (deals + 1)``.

    References
    ----------
    Knox EG (1964) The detection of space-time interactions. Appl Stat 13:25-29,
    doi:10.2307/2985220.

    Examples
    --------
    >>> def twins(days):
    ...     return np.array((np.diff(days) == 0).sum())
    >>> days = np.repeat(np.arange(20), 2)
    >>> seen, expected, p = against_deals(
    ...     twins, days, lambda rng: rng.permutation(days), deals=99, random_state=0)
    >>> int(seen), bool(expected < 3), float(p)
    (20, True, 0.01)
    """
    seen = np.asarray(count(day))
    total = np.zeros(seen.shape)
    as_many = np.zeros(seen.shape, dtype=np.int64)
    rng = np.random.default_rng(random_state)
    for done in range(deals):
        counts = np.asarray(count(deal(rng)))
        total += counts
        as_many += counts >= seen
        if progress:
            progress(done + 1, deals)
    return seen, total / deals, (as_many + 1) / (deals + 1)
