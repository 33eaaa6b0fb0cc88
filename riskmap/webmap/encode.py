"""Cells and their numbers as small files for the browser, with coarser levels.

A *block* is a set of cells at one resolution together with their ancestors. The
overview holds every cell down to resolution 6 or 7; finer cells come in one block per
ancestor of resolution 3, so that the browser fetches what it looks at. Cells are
written as differences of sorted numbers; all is gzipped without a clock. The numbers of
the cells are in :mod:`riskmap.webmap.planes`.
"""

import gzip
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap import cells

COARSEST_RESOLUTION = 3
BITS_PER_DIGIT = 3
FINEST_RESOLUTION = 15
GZIP_LEVEL = 6


def varints(numbers: npt.NDArray[np.uint64]) -> bytes:
    """Write whole numbers in as few bytes as they need, seven bits a byte.

    Parameters
    ----------
    numbers
        uint64, of shape (n,).

    Returns
    -------
    bytes
        Lowest bits first; the high bit says that more follows.

    Examples
    --------
    >>> varints(np.array([1, 300], dtype=np.uint64)).hex()
    '01ac02'
    """
    numbers = np.asarray(numbers, dtype=np.uint64)
    if numbers.size == 0:
        return b""
    limits = np.uint64(1) << (np.uint64(7) * np.arange(1, 10, dtype=np.uint64))
    lengths = 1 + np.searchsorted(limits, numbers, side="right")
    starts = np.cumsum(lengths) - lengths
    out = np.zeros(int(lengths.sum()), dtype=np.uint8)
    for place in range(int(lengths.max())):
        here = lengths > place
        low = (numbers[here] >> np.uint64(7 * place)) & np.uint64(0x7F)
        more = np.where(lengths[here] > place + 1, 0x80, 0).astype(np.uint8)
        out[starts[here] + place] = low.astype(np.uint8) | more
    return out.tobytes()


def pack(content: bytes) -> bytes:
    """Gzip without a clock.

    Parameters
    ----------
    content
        Any bytes.

    Returns
    -------
    bytes
        The same content gives the same bytes.

    Examples
    --------
    >>> pack(b"a") == pack(b"a")
    True
    """
    return gzip.compress(content, GZIP_LEVEL, mtime=0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Level:
    """The cells of a table at one resolution, as groups of its rows.

    Parameters
    ----------
    resolution
        H3 resolution.
    cells
        Cells or ancestors, uint64, sorted, of shape (n_groups,).
    starts
        Row of the table where each group begins, of shape (n_groups,).
    """

    resolution: int
    cells: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """Cells that travel together, with their ancestors.

    Parameters
    ----------
    name
        ``overview``, or the hexadecimal text of the ancestor they share.
    levels
        Levels of the pyramid it holds, finest first.
    spans
        First and last position, the last left out, in each of these levels.
    """

    name: str
    levels: tuple[Level, ...]
    spans: tuple[tuple[int, int], ...]


def pyramid(index: pd.Index) -> tuple[Level, ...]:
    """Find every ancestor of a cell index down to resolution 3.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,), at least one cell.

    Returns
    -------
    tuple of Level
        Finest first. Cells sort as their ancestors do, so groups are contiguous.

    Examples
    --------
    >>> index = cells.cell_index([0x88754E6491FFFFF, 0x88754E6499FFFFF])
    >>> [(level.resolution, len(level.cells)) for level in pyramid(index)]
    [(8, 2), (7, 1), (6, 1), (5, 1), (4, 1), (3, 1)]
    """
    finest = cells.resolution_of(index)
    levels = []
    for resolution in range(finest, min(COARSEST_RESOLUTION, finest) - 1, -1):
        ancestors = cells.parents(index, resolution)
        starts = np.flatnonzero(np.diff(ancestors, prepend=np.uint64(0)))
        levels.append(
            Level(resolution=resolution, cells=ancestors[starts], starts=starts)
        )
    return tuple(levels)


def blocks_of(levels: tuple[Level, ...], *, overview: int) -> tuple[Block, ...]:
    """Cut a pyramid into the overview and blocks of detail.

    Parameters
    ----------
    levels
        From :func:`pyramid`.
    overview
        Finest resolution that the overview holds; cells no finer need no detail.

    Returns
    -------
    tuple of Block
        The overview first.

    Examples
    --------
    >>> index = cells.cell_index([0x88754E6491FFFFF, 0x88754E6499FFFFF])
    >>> blocks = blocks_of(pyramid(index), overview=6)
    >>> [(block.name, len(block.levels)) for block in blocks]
    [('overview', 4), ('83754efffffffff', 2)]
    """
    upper = tuple(level for level in levels if level.resolution <= overview)
    lower = tuple(level for level in levels if level.resolution > overview)
    if not upper:
        upper, lower = levels[-1:], levels[:-1]
    spans = tuple((0, len(level.cells)) for level in upper)
    first = Block(name="overview", levels=upper, spans=spans)
    return (first, *_detail(lower, levels[-1])) if lower else (first,)


def _detail(lower: tuple[Level, ...], top: Level) -> list[Block]:
    """Make one block for each cell of the coarsest level."""
    edges = []
    for level in lower:
        owners = cells.parents(level.cells, top.resolution)
        ends = np.searchsorted(owners, top.cells, side="right").tolist()
        edges.append([0, *ends])
    return [
        Block(
            name=f"{cell:x}",
            levels=lower,
            spans=tuple((ends[at], ends[at + 1]) for ends in edges),
        )
        for at, cell in enumerate(top.cells.tolist())
    ]


def encode_cells(block: Block) -> bytes:
    """Write the finest cells of a block: its resolutions, how many, differences.

    Parameters
    ----------
    block
        From :func:`blocks_of`.

    Returns
    -------
    bytes
        Three little-endian uint32 (finest and coarsest resolution, number of cells),
        then varints of the differences between cell numbers without the digits that
        their resolution does not use. Not gzipped.

    Examples
    --------
    >>> index = cells.cell_index([0x88754E6491FFFFF, 0x88754E6499FFFFF])
    >>> encode_cells(blocks_of(pyramid(index), overview=8)[0])[12:].hex()
    'c8e49cd5c30804'
    """
    finest, coarsest = block.levels[0], block.levels[-1]
    first, last = block.spans[0]
    unused = np.uint64(BITS_PER_DIGIT * (FINEST_RESOLUTION - finest.resolution))
    keys = finest.cells[first:last] >> unused
    steps = np.diff(keys, prepend=np.uint64(0))
    head = [finest.resolution, coarsest.resolution, last - first]
    return np.array(head, dtype="<u4").tobytes() + varints(steps)
