"""Cells as small files: nothing lost, coarser levels right, no clock."""

import gzip

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from riskmap import cells
from riskmap.webmap.encode import (
    Block,
    blocks_of,
    encode_cells,
    pack,
    pyramid,
    varints,
)


def read_varints(content: bytes) -> list[int]:
    """Decode by the book, one byte at a time."""
    numbers, shift, number = [], 0, 0
    for byte in content:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            shift = number = 0
    return numbers


def read_cells(content: bytes) -> tuple[int, int, list[int]]:
    """Decode a block's cells: finest and coarsest resolution, cell numbers."""
    finest, coarsest, count = np.frombuffer(content[:12], dtype="<u4").tolist()
    keys = np.cumsum(read_varints(content[12:])).tolist()
    assert len(keys) == count
    unused = 3 * (15 - finest)
    return finest, coarsest, [(key << unused) | ((1 << unused) - 1) for key in keys]


@pytest.fixture(scope="module")
def index():
    return cells.cells_touching(shapely.box(-111.3, 31.1, -110.2, 31.9), 7)


@given(st.lists(st.integers(0, 2**52), max_size=40))
def test_varints_come_back_as_they_were(numbers):
    array = np.array(numbers, dtype=np.uint64)
    assert read_varints(varints(array)) == numbers


@pytest.mark.parametrize("overview", [7, 6, 4])
def test_every_cell_travels_in_exactly_one_block(index, overview):
    blocks = blocks_of(pyramid(index), overview=overview)
    finest = [read_cells(encode_cells(block)) for block in blocks]
    found = [cell for level, _, some in finest if level == 7 for cell in some]
    assert sorted(found) == index.tolist()


def test_levels_hold_the_ancestors_and_nothing_else(index):
    for level in pyramid(index):
        expected = np.unique(cells.parents(index, level.resolution))
        assert level.cells.tolist() == expected.tolist()
        assert level.starts[0] == 0
        assert np.all(np.diff(level.starts) > 0)


def test_a_chunk_holds_the_cells_of_its_ancestor(index):
    overview, *chunks = blocks_of(pyramid(index), overview=6)
    assert overview.name == "overview"
    for chunk in chunks:
        _, _, found = read_cells(encode_cells(chunk))
        owners = {f"{cell:x}" for cell in cells.parents(np.array(found, "u8"), 3)}
        assert owners == {chunk.name}


def test_cells_coarser_than_the_overview_need_no_detail():
    index = cells.cells_touching(shapely.box(-111.3, 31.1, -110.2, 31.9), 5)
    assert [block.name for block in blocks_of(pyramid(index), overview=6)] == [
        "overview"
    ]


def test_resolution_two_has_one_level():
    index = cells.cells_touching(shapely.box(-111.3, 31.1, -110.2, 31.9), 2)
    (block,) = blocks_of(pyramid(index), overview=6)
    assert isinstance(block, Block)
    assert [level.resolution for level in block.levels] == [2]


def test_packing_reads_no_clock():
    packed = pack(b"cells")
    assert packed[4:8] == b"\0\0\0\0"
    assert gzip.decompress(packed) == b"cells"


def test_neighbouring_cells_cost_about_a_byte(index):
    (block,) = blocks_of(pyramid(index), overview=7)
    assert len(encode_cells(block)) < 1.2 * len(index) + 20
