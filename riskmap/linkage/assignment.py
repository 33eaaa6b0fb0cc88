"""Assignment: each record to one of the other source at most, the whole best."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csgraph

from riskmap.linkage.coding import Floats, Whole

Rows = npt.NDArray[np.intp]

# a group larger than this is taken best pair first, not solved whole
MOST_SOLVED: Final = 3_000


def assign(rows: Whole, others: Whole, gains: Floats) -> npt.NDArray[np.bool_]:
    """Choose pairs so that no record stands in two and the gains add up to most.

    Parameters
    ----------
    rows, others
        The two records of each pair, sorted by both.
    gains
        What each pair is worth, above 0.

    Returns
    -------
    numpy.ndarray of shape (n_pairs,)
        True for the chosen pairs.

    Examples
    --------
    >>> rows, others = np.array([0, 0, 1]), np.array([0, 1, 0])
    >>> assign(rows, others, np.array([5.0, 4.0, 3.0])).tolist()
    [False, True, True]
    """
    chosen = np.zeros(len(rows), dtype=bool)
    if not len(rows):
        return chosen
    alone = (np.bincount(rows)[rows] == 1) & (np.bincount(others)[others] == 1)
    chosen[alone] = True
    left = np.flatnonzero(~alone)
    if not len(left):
        return chosen
    groups = _groups(rows[left], others[left])
    order = np.argsort(groups, kind="stable")
    pairs = left[order]
    firsts = np.concatenate([[0], np.flatnonzero(np.diff(groups[order])) + 1])
    sizes = np.diff(firsts, append=len(pairs))
    star = _are_stars(rows[pairs], others[pairs], firsts, sizes)
    number = np.repeat(np.arange(len(firsts)), sizes)
    best = np.lexsort((np.arange(len(pairs)), -gains[pairs], number))[firsts]
    chosen[pairs[best[star]]] = True
    for first, size in zip(firsts[~star], sizes[~star], strict=True):
        chosen[_solved(pairs[first : first + size], rows, others, gains)] = True
    return chosen


def _are_stars(
    rows: Whole, others: Whole, firsts: Rows, sizes: Rows
) -> npt.NDArray[np.bool_]:
    """Tell which groups are of one record: the best of its pairs solves them."""
    found = np.zeros(len(firsts), dtype=bool)
    for records in (rows, others):
        same = records == np.repeat(records[firsts], sizes)
        found |= np.logical_and.reduceat(same, firsts)
    return found


def _groups(rows: Whole, others: Whole) -> npt.NDArray[np.int32]:
    """Label the groups of pairs that share records."""
    _, ours = np.unique(rows, return_inverse=True)
    _, theirs = np.unique(others, return_inverse=True)
    first = int(ours.max()) + 1
    size = first + int(theirs.max()) + 1
    links = (np.ones(len(rows)), (ours, first + theirs))
    graph = sparse.coo_matrix(links, shape=(size, size))
    _, labels = csgraph.connected_components(graph, directed=False)
    return np.asarray(labels[ours], dtype=np.int32)


def _solved(
    group: npt.NDArray[np.intp], rows: Whole, others: Whole, gains: Floats
) -> npt.NDArray[np.intp]:
    """Choose the pairs of one group."""
    ours, row = np.unique(rows[group], return_inverse=True)
    theirs, column = np.unique(others[group], return_inverse=True)
    if max(len(ours), len(theirs)) > MOST_SOLVED:
        return _best_first(group, rows, others, gains)
    worth = np.zeros((len(ours), len(theirs)))
    worth[row, column] = gains[group]
    number = np.full(worth.shape, -1)
    number[row, column] = group
    best = linear_sum_assignment(worth, maximize=True)
    picked = number[best]
    return np.asarray(picked[picked >= 0], dtype=np.intp)


def _best_first(
    group: npt.NDArray[np.intp], rows: Whole, others: Whole, gains: Floats
) -> npt.NDArray[np.intp]:
    """Take the best pair, then the best of what is left, and so on."""
    taken_rows: set[int] = set()
    taken_others: set[int] = set()
    picked = []
    for pair in group[np.argsort(-gains[group], kind="stable")]:
        row, other = int(rows[pair]), int(others[pair])
        if row not in taken_rows and other not in taken_others:
            taken_rows.add(row)
            taken_others.add(other)
            picked.append(pair)
    return np.array(picked, dtype=np.intp)


def rival_odds(
    rows: Whole, others: Whole, odds: Floats, chosen: npt.NDArray[np.bool_]
) -> Floats:
    """Add up, for each pair, the odds of those that it excludes.

    A rival counts only if its other record is left without a partner: one that has
    found its own explains nothing here. So four bodies at one place in both sources
    are four sure pairs, and one that could be either of two is not sure.

    Parameters
    ----------
    rows, others, odds
        All pairs that may be true.
    chosen
        Which were chosen.

    Returns
    -------
    numpy.ndarray of shape (n_pairs,)
        Sums of odds.
    """
    ours = np.zeros(int(rows.max(initial=-1)) + 1, dtype=bool)
    theirs = np.zeros(int(others.max(initial=-1)) + 1, dtype=bool)
    ours[rows[chosen]] = True
    theirs[others[chosen]] = True
    free_other = np.where(~chosen & ~theirs[others], odds, 0.0)
    free_row = np.where(~chosen & ~ours[rows], odds, 0.0)
    around_row = np.bincount(rows, weights=free_other)[rows]
    around_other = np.bincount(others, weights=free_row)[others]
    return np.asarray(around_row + around_other, dtype=np.float64)
