"""Shapes as whole steps: near enough, and names as they are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from riskmap.webmap import bare_tables, shapes
from tests.webmap.tiny import hostile, tiny_tables

degrees = st.tuples(st.floats(-120, -95), st.floats(25, 35))


def read_line(flat: list[int]) -> np.ndarray:
    """Decode a line."""
    return np.cumsum(np.array(flat).reshape(-1, 2), axis=0) * shapes.STEP_DEG


@given(st.lists(degrees, min_size=1, max_size=30))
def test_no_point_moves_more_than_half_a_step(points):
    decoded = read_line(shapes.flat_steps(points))
    for point in points:
        apart = np.abs(decoded - np.array(point)).max(axis=1).min()
        assert apart <= shapes.STEP_DEG / 2 + 1e-9


def test_names_travel_unchanged():
    names = (hostile(0), hostile(1))
    rows = shapes.landmark_rows(tiny_tables(names=names).landmarks)
    assert {row[3] for row in rows} == set(names)


def test_a_landmark_without_accuracy_says_so(tables):
    accuracies = {row[0]: row[5] for row in shapes.landmark_rows(tables.landmarks)}
    assert accuracies == {"port_of_entry": 30, "hospital": None}


def test_a_landmark_says_whether_and_when_it_was_verified(tables):
    told = {row[0]: row[6:] for row in shapes.landmark_rows(tables.landmarks)}
    assert told == {"port_of_entry": [1, "2020-02-29"], "hospital": [0, ""]}


def test_zones_come_by_score_and_rank(tables):
    shuffled = tables.zones.sample(frac=1, random_state=1)
    ranks = [zone["rank"] for zone in shapes.zone_rows(shuffled)]
    assert ranks == sorted(ranks)


def test_towns_come_the_largest_first(tables):
    assert shapes.ground(tables.basemap)["towns"] == [["Nogales", -110.94, 31.31, 2]]


def test_an_empty_map_has_empty_shapes(tables):
    bare = bare_tables(tables.cells.index)
    assert shapes.zone_rows(bare.zones) == []
    assert shapes.landmark_rows(bare.landmarks) == []
    assert shapes.boundary_lines(bare.boundary) == []
