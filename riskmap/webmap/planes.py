"""Planes: one number for each cell of a block, and how coarser cells get theirs.

The rule for coarser cells lives here and not in the browser, so that it is tested: a
density is a density of what is known, a count adds up exactly, and no data stays no
data.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmap.webmap.encode import Block, varints

# rates as one byte: 15 steps in each half decade, from 1e-5 to 3e3 events a year per
# 100 km², so that breaks at 1 and 3 of any decade fall on a step exactly
STEPS_PER_HALF_DECADE = 15
HALF_DECADES = tuple(
    round(factor * 10.0**decade, 9) for decade in range(-5, 4) for factor in (1, 3)
)
NO_DATA_BYTE = 0
# less than this share of a coarse cell known: the coarse cell is no data
KNOWN_SHARE = 0.5

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


def _rate_edges() -> Floats:
    """Find where each byte from 1 to 255 begins."""
    edges = [
        np.geomspace(low, high, STEPS_PER_HALF_DECADE, endpoint=False)
        for low, high in itertools.pairwise(HALF_DECADES)
    ]
    return np.concatenate(edges)[:255]


RATE_EDGES = _rate_edges()


def rate_bytes(rates: Floats) -> Bytes:
    """Write rates as bytes: 0 for no data, then steps of 8 %.

    Parameters
    ----------
    rates
        Events a year per 100 km², NaN for no data, of any shape.

    Returns
    -------
    numpy.ndarray
        uint8 of the same shape; 1 also holds everything under the first step.

    Examples
    --------
    >>> rate_bytes(np.array([np.nan, 0.0, 0.01, 0.03])).tolist()
    [0, 1, 91, 106]
    """
    steps = np.searchsorted(RATE_EDGES, rates, side="right").clip(1, 255)
    return np.where(np.isnan(rates), NO_DATA_BYTE, steps).astype(np.uint8)


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """One number for each cell, and how coarser cells get theirs.

    Parameters
    ----------
    encoding
        ``byte`` (one byte a cell) or ``varint``; the browser decodes by it.
    reduce
        From the rows of the table grouped by ancestor to one whole number per group:
        takes where each group begins, returns uint64 of shape (n_groups,).
    """

    encoding: str
    reduce: Callable[[npt.NDArray[np.intp]], npt.NDArray[np.uint64]]

    def encode(self, block: Block) -> bytes:
        """Write the plane for one block, finest level first.

        Parameters
        ----------
        block
            Made from the table that ``reduce`` speaks of.

        Returns
        -------
        bytes
            Not gzipped.
        """
        numbers = np.concatenate(
            [
                self.reduce(level.starts)[first:last]
                for level, (first, last) in zip(block.levels, block.spans, strict=True)
            ]
        )
        if self.encoding == "byte":
            return numbers.astype(np.uint8).tobytes()
        return varints(numbers)


def rate_plane(per_year: Floats, area_km2: Floats) -> Plane:
    """Plane of a density: events a year per 100 km² of what is known.

    A coarser cell is the sum of its known cells over their area; it is no data where
    less than half of its area is known.

    Parameters
    ----------
    per_year
        Events a year in each cell, NaN for no data, of shape (n_cells,).
    area_km2
        Square kilometres, of shape (n_cells,).

    Returns
    -------
    Plane
        Bytes as :func:`rate_bytes` writes them.

    Examples
    --------
    >>> plane = rate_plane(np.array([0.01, np.nan]), np.array([50.0, 40.0]))
    >>> plane.reduce(np.array([0])).tolist() == rate_bytes(np.array([0.02])).tolist()
    True
    """
    known = ~np.isnan(per_year)

    def reduce(starts: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        events = np.add.reduceat(np.where(known, per_year, 0.0), starts)
        area = np.add.reduceat(np.where(known, area_km2, 0.0), starts)
        whole = np.add.reduceat(area_km2, starts)
        enough = (area > 0) & (area >= KNOWN_SHARE * whole)
        rates = np.full(len(starts), np.nan)
        np.divide(100.0 * events, area, out=rates, where=enough)
        return rate_bytes(rates).astype(np.uint64)

    return Plane(encoding="byte", reduce=reduce)


def count_plane(events: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> Plane:
    """Plane of a count: exact at every level, since counts add up.

    Parameters
    ----------
    events
        Recorded incidents in each cell, of shape (n_cells,).
    known
        True where a source covers the cell, of shape (n_cells,).

    Returns
    -------
    Plane
        Varints: 0 for no data, otherwise the count and one.

    Examples
    --------
    >>> plane = count_plane(np.array([0, 3]), np.array([False, True]))
    >>> plane.reduce(np.array([0])).tolist(), plane.reduce(np.array([0, 1])).tolist()
    ([4], [0, 4])
    """
    known = known | (events > 0)

    def reduce(starts: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        total = np.add.reduceat(events, starts)
        area = np.add.reduceat(known.astype(np.int64), starts)
        size = np.diff(starts, append=len(events))
        seen = (total > 0) | (area >= KNOWN_SHARE * size)
        return np.where(seen, total + 1, 0).astype(np.uint64)

    return Plane(encoding="varint", reduce=reduce)


def highest_plane(values: npt.NDArray[np.uint8]) -> Plane:
    """Plane of a code: a coarser cell has the highest of its cells.

    Parameters
    ----------
    values
        uint8, of shape (n_cells,).

    Returns
    -------
    Plane
        Bytes.

    Examples
    --------
    >>> highest_plane(np.array([1, 2], dtype=np.uint8)).reduce(np.array([0])).tolist()
    [2]
    """

    def reduce(starts: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        return np.maximum.reduceat(values, starts).astype(np.uint64)

    return Plane(encoding="byte", reduce=reduce)


def majority_plane(marks: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]) -> Plane:
    """Plane of a mark: a coarser cell has it where most of its known cells do.

    Parameters
    ----------
    marks
        True where a cell has the mark, of shape (n_cells,).
    known
        True where a cell has data, of shape (n_cells,).

    Returns
    -------
    Plane
        Bytes, 0 or 1.

    Examples
    --------
    >>> marks = np.array([True, True, False])
    >>> plane = majority_plane(marks, np.array([True, True, True]))
    >>> plane.reduce(np.array([0])).tolist()
    [1]
    """

    def reduce(starts: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        marked = np.add.reduceat((marks & known).astype(np.int64), starts)
        size = np.add.reduceat(known.astype(np.int64), starts)
        return ((marked > 0) & (2 * marked > size)).astype(np.uint64)

    return Plane(encoding="byte", reduce=reduce)
