"""Draws: what the sum over a cell's neighbours would be by chance, for all at once.

A conditional permutation holds one cell and shuffles the values of all others. The sum
over its ``k`` neighbours is then that of ``k`` other cells drawn without replacement.
One set of draws serves every cell with as many neighbours: those that hold the cell
itself are left out for it, and what remains are draws from all the others.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmap.history.ground import Floats

# draws worked on at once: 12 MB at 18 neighbours
CHUNK = 1 << 16

# sums this close, in units of the largest sum there can be, are equal
NEARLY = 1e-12

# under this many cells drawing again until none repeats would take long
FEW_CELLS = 64

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Tails:
    """How often chance gave as much, and as little.

    Parameters
    ----------
    high, low
        Share of the draws with a sum at least, at most as large as the one seen, the
        seen one counted in, each of shape (n_cells,).
    """

    high: Floats
    low: Floats

    @property
    def two_sided(self) -> Floats:
        """Twice the smaller tail, at most 1."""
        return np.asarray(np.minimum(2 * np.minimum(self.high, self.low), 1.0))


def draw_subsets(n_cells: int, size: int, draws: int, rng: np.random.Generator) -> Ints:
    """Draw sets of cells without replacement, every set as likely.

    Parameters
    ----------
    n_cells
        How many cells there are.
    size
        Cells in a set, at most ``n_cells``.
    draws
        How many sets.
    rng
        Where chance comes from.

    Returns
    -------
    numpy.ndarray of shape (draws, size)
        Positions of cells.

    Examples
    --------
    >>> found = draw_subsets(5, 5, 3, np.random.default_rng(0))
    >>> np.sort(found, axis=1).tolist()
    [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]
    """
    if n_cells <= FEW_CELLS:
        return np.argsort(rng.random((draws, n_cells)), axis=1)[:, :size]
    found = rng.integers(n_cells, size=(draws, size))
    again = np.arange(draws)
    while True:
        ordered = np.sort(found[again], axis=1)
        repeats = (np.diff(ordered, axis=1) == 0).any(axis=1)
        again = again[repeats]
        if not len(again):
            return found
        found[again] = rng.integers(n_cells, size=(len(again), size))


def conditional_tails(
    values: Floats, sums: Floats, sizes: Ints, *, draws: int, random_state: int
) -> Tails:
    """Compare each cell's neighbour sum with sums over other cells drawn by chance.

    Parameters
    ----------
    values
        Value of each cell, of shape (n_cells,).
    sums
        Sum of the values of each cell's neighbours, itself left out.
    sizes
        How many neighbours each cell has.
    draws
        Draws for each number of neighbours; p-values are no smaller than
        ``1 / (draws + 1)``.
    random_state
        Seed.

    Returns
    -------
    Tails
        1 for cells without neighbours.

    References
    ----------
    Anselin L (1995) Local indicators of spatial association. Geogr Anal 27:93-115,
    doi:10.1111/j.1538-4632.1995.tb00338.x (conditional permutation).

    Examples
    --------
    >>> values = np.array([0.0, 0.0, 0.0, 9.0])
    >>> found = conditional_tails(values, np.array([9.0, 0, 0, 0]),
    ...     np.array([1, 1, 1, 1]), draws=9_999, random_state=0)
    >>> found.high.round(1).tolist(), found.low.round(1).tolist()
    ([0.3, 1.0, 1.0, 1.0], [1.0, 0.7, 0.7, 1.0])
    """
    high, low = np.ones(len(values)), np.ones(len(values))
    slack = NEARLY * float(np.abs(values).max(initial=0.0))
    for size in np.unique(sizes[sizes > 0]).tolist():
        rng = np.random.default_rng([random_state, size])
        mine = sizes == size
        counts = _count(values, np.where(mine, sums, np.nan), size, draws, rng, slack)
        above, below, left = counts
        high[mine] = (above[mine] + 1) / (left[mine] + 1)
        low[mine] = (below[mine] + 1) / (left[mine] + 1)
    return Tails(high=high, low=low)


def _count(
    values: Floats,
    seen: Floats,
    size: int,
    draws: int,
    rng: np.random.Generator,
    slack: float,
) -> tuple[Ints, Ints, Ints]:
    """Count the draws as high, as low and in all, without those holding the cell."""
    n_cells = len(values)
    slack *= size
    out_high, out_low, out = (np.zeros(n_cells, dtype=np.int64) for _ in range(3))
    drawn = np.empty(draws)
    for start in range(0, draws, CHUNK):
        sets = draw_subsets(n_cells, size, min(CHUNK, draws - start), rng)
        totals = values[sets].sum(axis=1)
        drawn[start : start + len(sets)] = totals
        held = sets.ravel()
        own = seen[held]
        totals = np.repeat(totals, size)
        out += np.bincount(held, minlength=n_cells)
        out_high += np.bincount(held[totals >= own - slack], minlength=n_cells)
        out_low += np.bincount(held[totals <= own + slack], minlength=n_cells)
    drawn.sort()
    above = draws - np.searchsorted(drawn, seen - slack, side="left")
    below = np.searchsorted(drawn, seen + slack, side="right")
    return above - out_high, below - out_low, draws - out
