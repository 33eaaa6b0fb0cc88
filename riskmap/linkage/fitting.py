"""Fitting: what share of true pairs agrees at each level, learned without a truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from riskmap.linkage.coding import Floats
from riskmap.linkage.comparison import Compared
from riskmap.linkage.levels import EXPECTED, GROUP_NUMBERS, LEVELS, STRENGTH

MOST_ROUNDS: Final = 100
CLOSE_ENOUGH: Final = 1e-6

# where the search begins: a tenth of the smaller source is in the other as well
FIRST_SHARE: Final = 0.1
LEAST_PAIRS: Final = 0.5
MOST_SHARE: Final = 0.999


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """What true pairs of two sources look like.

    Parameters
    ----------
    shares
        Share of true pairs at each level, of shape (n_levels,); those of a group add
        up to 1.
    true_pairs
        How many events both sources have, as estimated.
    start_bits
        Weight of a pair before it is compared: log2 of the odds that any record of
        the one and any of the other are one event.
    """

    shares: Floats
    true_pairs: float
    start_bits: float


def _start_bits(true_pairs: float, sizes: tuple[int, int]) -> float:
    """Weigh a pair of which nothing is known."""
    all_pairs = float(sizes[0]) * float(sizes[1])
    return float(np.log2(true_pairs / max(all_pairs - true_pairs, true_pairs)))


def weigh(pairs: Compared, fitted: Fitted) -> Floats:
    """Weigh pairs in each field: log2 of how much likelier a true pair shows this.

    Parameters
    ----------
    pairs
        Compared pairs.
    fitted
        Of the two sources.

    Returns
    -------
    numpy.ndarray of shape (n_pairs, n_fields)
        Bits; a pair's weights and ``start_bits`` add up to log2 of its odds.
    """
    return np.asarray(np.log2(fitted.shares)[pairs.levels] + pairs.rarity)


def _true_shares(pairs: Compared, odds: Floats) -> Floats:
    """Share out belief among the pairs of a record, which has one true at most."""
    of_row = np.bincount(pairs.rows, weights=odds)[pairs.rows]
    of_other = np.bincount(pairs.others, weights=odds)[pairs.others]
    return np.asarray(odds / (1.0 + np.maximum(of_row, of_other)), dtype=np.float64)


def _shares_at(pairs: Compared, belief: Floats) -> Floats:
    """Measure the share of each level within its group, drawn to what is expected."""
    total = np.zeros(len(LEVELS))
    for field in range(pairs.levels.shape[1]):
        total += np.bincount(
            pairs.levels[:, field], weights=belief, minlength=len(LEVELS)
        )
    shares = EXPECTED.copy()
    for group in GROUP_NUMBERS:
        seen = total[group] + STRENGTH * EXPECTED[group]
        shares[group] = seen / seen.sum()
    return shares


def fit_pairs(pairs: Compared, sizes: tuple[int, int], *, step: int = 1) -> Fitted:
    """Learn the shares by expectation and maximisation.

    What unrelated records show is known already, from how common each value is in the
    other source; only true pairs are learned about. So two sources without a common
    event do not have their nearest pairs taken for true ones.

    Parameters
    ----------
    pairs
        Compared pairs.
    sizes
        Number of records of each source.
    step
        The pairs are those of every ``step``-th record of the first.

    Returns
    -------
    Fitted
        With few pairs, near to what ``levels.toml`` expects.
    """
    most = min(sizes) * MOST_SHARE
    fitted = _with(EXPECTED, min(sizes) * FIRST_SHARE, sizes)
    for _ in range(MOST_ROUNDS):
        bits = fitted.start_bits + weigh(pairs, fitted).sum(axis=1)
        belief = _true_shares(pairs, np.exp2(np.minimum(bits, 100.0)))
        found = min(max(float(belief.sum()) * step, LEAST_PAIRS), most)
        moved = abs(found - fitted.true_pairs) / fitted.true_pairs
        fitted = _with(_shares_at(pairs, belief), found, sizes)
        if moved < CLOSE_ENOUGH:
            break
    return fitted


def _with(shares: Floats, true_pairs: float, sizes: tuple[int, int]) -> Fitted:
    start = _start_bits(true_pairs, sizes)
    return Fitted(shares=shares, true_pairs=true_pairs, start_bits=start)
