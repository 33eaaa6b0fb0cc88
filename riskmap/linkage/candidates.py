"""Candidates: the pairs of records near enough in place and time to be compared."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from riskmap.linkage.coding import Coded, Floats, Whole, spread_m
from riskmap.linkage.levels import DAYS, LEAST_M, WITHIN, LinkageOptions

# records whose accuracy differs less than this many times are searched together
CLASS_FACTOR: Final = 3.0

# records searched for at a time: bounds the memory
CHUNK: Final = 20_000

# records known to a day are searched apart from the others
_PRECISE_DAYS: Final = 1


def _classes(records: Coded) -> Whole:
    """Class records by how well their place and their time are known."""
    place = np.log(np.maximum(records.accuracy_m, LEAST_M) / LEAST_M)
    place = np.ceil(place / np.log(CLASS_FACTOR)).astype(np.int64)
    length = records.last - records.first + 1
    # a day, a week, a month, a year
    time = np.digitize(length, [2, 8, 32])
    return np.asarray(place * 4 + time, dtype=np.int64)


def _middle(records: Coded) -> Floats:
    """Find the middle of each record's span of days."""
    return np.asarray((records.first + records.last) / 2.0, dtype=np.float64)


def gap_days(one: Coded, other: Coded) -> Whole:
    """Count the days between two spans, pair by pair; 0 where they overlap."""
    apart = np.maximum(other.first - one.last, one.first - other.last)
    return np.asarray(np.maximum(apart, 0), dtype=np.int64)


def find_candidates(
    one: Coded, other: Coded, options: LinkageOptions
) -> tuple[Whole, Whole, Floats]:
    """Find the pairs of two sources that are near in place and in time.

    Near is within four standard deviations of both places together and within seven
    days of both spans: few true pairs are farther, and they are not found.

    Parameters
    ----------
    one, other
        Records of two sources.
    options
        How far at most.

    Returns
    -------
    tuple of numpy.ndarray, each of shape (n_pairs,)
        Row of ``one``, row of ``other``, metres between; sorted by both rows.
    """
    parts = list(_by_class(one, other, options))
    if not parts:
        none = np.array([], dtype=np.int64)
        return none, none, np.array([], dtype=np.float64)
    rows, others, metres = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((others, rows))
    return rows[order], others[order], metres[order]


def _by_class(
    one: Coded, other: Coded, options: LinkageOptions
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]]:
    """Search each class of records among each class of the others."""
    kinds_one, kinds_other = _classes(one), _classes(other)
    for theirs in np.unique(kinds_other):
        there = np.flatnonzero(kinds_other == theirs)
        for ours in np.unique(kinds_one):
            here = np.flatnonzero(kinds_one == ours)
            yield from _search(one, other, (here, there), options)


def _search(
    one: Coded,
    other: Coded,
    rows: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
    options: LinkageOptions,
) -> Iterator[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]]:
    """Search boxes of place and time, then measure."""
    here, there = rows
    near, far = one.take(here), other.take(there)
    widest = np.hypot(near.accuracy_m.max(), far.accuracy_m.max())
    reach_m = min(max(widest, LEAST_M) * WITHIN[-1], options.farthest_m)
    lengths = (near.last - near.first).max() + (far.last - far.first).max()
    # the last half day keeps the ends in
    window = DAYS[-1] + lengths / 2.0 + 0.5
    tree = cKDTree(np.column_stack([far.xyz / reach_m, _middle(far) / window]))
    # neighbours in time searched together make small trees
    order = np.argsort(near.first, kind="stable")
    for start in range(0, len(order), CHUNK):
        chunk = order[start : start + CHUNK]
        part = near.take(chunk)
        points = np.column_stack([part.xyz / reach_m, _middle(part) / window])
        found = cKDTree(points).sparse_distance_matrix(
            tree, 1.0, p=np.inf, output_type="ndarray"
        )
        first, second = part.take(found["i"]), far.take(found["j"])
        metres = np.sqrt(((first.xyz - second.xyz) ** 2).sum(axis=1))
        most = np.minimum(spread_m(first, second) * WITHIN[-1], options.farthest_m)
        kept = (metres <= most) & (gap_days(first, second) <= DAYS[-1])
        yield (
            here[chunk[found["i"][kept]]].astype(np.int32),
            there[found["j"][kept]].astype(np.int32),
            metres[kept],
        )
