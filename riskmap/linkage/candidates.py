"""Candidates: the pairs of records near enough in place and time to be compared."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from riskmap.linkage.coding import Coded, Floats, Whole
from riskmap.linkage.levels import DAYS, LEAST_M, WITHIN, LinkageOptions

# records whose accuracy differs less than this many times are searched together
CLASS_FACTOR: Final = 3.0

# records searched for at a time: bounds the memory
CHUNK: Final = 20_000

# two sources with no more pairs than this are measured whole, without a search
MOST_MEASURED: Final = 100_000

# parts with fewer pairs than this are put together: each costs the comparison some
LEAST_PART: Final = 20_000

Rows = npt.NDArray[np.intp]

Part = tuple[Whole, Whole, Floats]


def _classes(records: Coded) -> Whole:
    """Class records by how well their place and their time are known."""
    place = np.log(np.maximum(records.accuracy_m, LEAST_M) / LEAST_M)
    place = np.ceil(place / np.log(CLASS_FACTOR)).astype(np.int64)
    length = records.last - records.first + 1
    # a day, a week, a month, a year
    time = np.digitize(length, [2, 8, 32])
    return np.asarray(place * 4 + time, dtype=np.int64)


def find_candidates(
    one: Coded, other: Coded, options: LinkageOptions
) -> Iterator[Part]:
    """Find the pairs of two sources that are near in place and in time.

    Near is within four standard deviations of both places together and within seven
    days of both spans: few true pairs are farther, and they are not found.

    Parameters
    ----------
    one, other
        Records of two sources.
    options
        How far at most.

    Yields
    ------
    tuple of numpy.ndarray, each of shape (n_pairs,)
        Row of ``one``, row of ``other``, metres between; a part of the pairs at a
        time, none of them empty, in no order that matters.
    """
    if len(one) * len(other) <= MOST_MEASURED:
        pairs = np.divmod(np.arange(len(one) * len(other)), max(len(other), 1))
        yield from _gathered(iter([_measured(one, other, pairs, options)]))
    else:
        yield from _gathered(_found(one, other, options))


def _gathered(parts: Iterator[Part]) -> Iterator[Part]:
    """Put small parts together, and leave empty ones out."""
    held: list[Part] = []
    for part in parts:
        held.append(part)
        if sum(len(rows) for rows, _, _ in held) >= LEAST_PART:
            yield _joined(held)
            held = []
    if any(len(rows) for rows, _, _ in held):
        yield _joined(held)


def _joined(parts: list[Part]) -> Part:
    rows, others, metres = (np.concatenate(whole) for whole in zip(*parts, strict=True))
    return rows, others, metres


def _found(one: Coded, other: Coded, options: LinkageOptions) -> Iterator[Part]:
    """Search the records known about as well as one another together."""
    kinds_one, kinds_other = _classes(one), _classes(other)
    for theirs in np.unique(kinds_other):
        there = np.flatnonzero(kinds_other == theirs)
        for ours in np.unique(kinds_one):
            here = np.flatnonzero(kinds_one == ours)
            yield from _search(one, other, (here, there), options)


def _search(
    one: Coded, other: Coded, rows: tuple[Rows, Rows], options: LinkageOptions
) -> Iterator[Part]:
    """Search boxes of place and time, then measure."""
    # neighbours in time searched together make small trees
    here = rows[0][np.argsort(one.first[rows[0]], kind="stable")]
    there = rows[1]
    widest = np.hypot(one.accuracy_m[here].max(), other.accuracy_m[there].max())
    reach_m = min(max(widest, LEAST_M) * WITHIN[-1], options.farthest_m)
    lengths = (one.last - one.first)[here].max() + (other.last - other.first)[
        there
    ].max()
    # the last half day keeps the ends in
    window = DAYS[-1] + lengths / 2.0 + 0.5
    tree = cKDTree(_points(other, there, reach_m, window))
    for start in range(0, len(here), CHUNK):
        chunk = here[start : start + CHUNK]
        found = cKDTree(_points(one, chunk, reach_m, window)).sparse_distance_matrix(
            tree, 1.0, p=np.inf, output_type="ndarray"
        )
        pairs = chunk[found["i"]], there[found["j"]]
        yield _measured(one, other, pairs, options)


def _measured(
    one: Coded, other: Coded, pairs: tuple[Rows, Rows], options: LinkageOptions
) -> Part:
    """Keep the pairs that are near, and say how near in place."""
    first, second = pairs
    days = np.maximum(
        other.first[second] - one.last[first], one.first[first] - other.last[second]
    )
    near = days <= DAYS[-1]
    first, second = first[near], second[near]
    apart = one.xyz[first] - other.xyz[second]
    metres = np.sqrt(np.einsum("ij,ij->i", apart, apart))
    accuracy = one.accuracy_m[first], other.accuracy_m[second]
    most = np.maximum(np.hypot(*accuracy), LEAST_M) * WITHIN[-1]
    kept = metres <= np.minimum(most, options.farthest_m)
    return first[kept], second[kept], metres[kept]


def _points(records: Coded, rows: Rows, reach_m: float, window: float) -> Floats:
    """Put place and time on scales on which near is 1."""
    middle = (records.first[rows] + records.last[rows]) / 2.0
    return np.column_stack([records.xyz[rows] / reach_m, middle / window])
