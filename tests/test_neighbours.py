"""Neighbours: h3's disks as the oracle."""

import h3.api.basic_int as oracle
import numpy as np
import pytest

from riskmap import cells
from riskmap.neighbours import connected_groups, neighbour_matrix

MIDDLE = oracle.latlng_to_cell(31.5, -110.5, 7)


@pytest.fixture(scope="module")
def disk():
    return cells.cell_index(oracle.grid_disk(MIDDLE, 4))


@pytest.mark.parametrize("rings", [0, 1, 2, 3])
def test_a_cell_is_linked_with_its_disk(disk, rings):
    links = neighbour_matrix(disk, rings)
    for place, cell in enumerate(disk.tolist()):
        own = set(oracle.grid_disk(cell, rings)) & set(disk.tolist())
        assert set(disk[links[place].indices].tolist()) == own


def test_links_go_both_ways_and_hold_the_cell_itself(disk):
    links = neighbour_matrix(disk)
    assert (links != links.T).nnz == 0
    assert (links.diagonal() == 1).all()
    assert links.data.tolist() == [1.0] * links.nnz


def test_lists_hold_as_many_as_they_say(disk):
    places, counts = cells.neighbour_lists(disk, 3)
    assert counts.sum() == places.size
    here = int(disk.get_loc(MIDDLE))
    first = int(counts[:here].sum())
    own = disk[places[first : first + counts[here]]]
    assert set(own.tolist()) == set(oracle.grid_disk(MIDDLE, 3))


def test_no_cells_have_no_neighbours():
    places, counts = cells.neighbour_lists(cells.cell_index([]), 1)
    assert places.size == counts.size == 0


def test_neighbours_outside_the_index_are_left_out():
    pair = cells.cell_index([MIDDLE])
    assert neighbour_matrix(pair, 2).toarray().tolist() == [[1.0]]


def test_a_cell_of_the_corridor_has_six_neighbours(disk):
    inner = [oracle.grid_distance(MIDDLE, cell) < 4 for cell in disk.tolist()]
    degrees = np.diff(neighbour_matrix(disk).indptr)
    assert (degrees[inner] == 7).all()
    assert (degrees[~np.array(inner)] < 7).all()


def test_two_disks_apart_are_two_groups(disk):
    far = oracle.latlng_to_cell(31.5, -109.5, 7)
    both = cells.cell_index([*disk.tolist(), *oracle.grid_disk(far, 1)])
    groups = connected_groups(both)
    assert sorted(np.bincount(groups).tolist()) == [7, 61]
    assert groups[0] == 0


def test_a_ring_that_is_cut_stays_one_group():
    ring = cells.cell_index(sorted(oracle.grid_ring(MIDDLE, 3))[1:])
    assert connected_groups(ring).max() == 0


def test_no_cells_have_no_groups():
    assert connected_groups(cells.cell_index([])).size == 0
