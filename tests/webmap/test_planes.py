"""One number a cell: classes exact, coarse cells honest, counts whole."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from riskmap import cells
from riskmap.webmap.encode import pyramid
from riskmap.webmap.palettes import RATE_CLASSES
from riskmap.webmap.planes import (
    RATE_EDGES,
    count_plane,
    highest_plane,
    majority_plane,
    rate_bytes,
    rate_plane,
)

INDEX = cells.cells_touching(shapely.box(-111.0, 31.2, -110.7, 31.5), 7)
LEVELS = pyramid(INDEX)
ALL = np.array([0])


@given(st.floats(0, 2_900, allow_nan=False))
def test_a_byte_falls_in_the_class_of_its_rate(rate):
    breaks = np.array(RATE_CLASSES.breaks)
    by_rate = np.searchsorted(breaks, rate, side="right")
    by_byte = np.searchsorted(
        rate_bytes(breaks), rate_bytes(np.array([rate]))[0], side="right"
    )
    assert by_byte == by_rate


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=20))
def test_a_higher_rate_never_has_a_lower_byte(rates):
    ordered = rate_bytes(np.sort(np.array(rates)))
    assert np.all(np.diff(ordered.astype(int)) >= 0)


def test_no_data_is_no_low_rate():
    assert rate_bytes(np.array([np.nan, 0.0, 1e9])).tolist() == [0, 1, 255]


def test_a_step_is_eight_percent():
    ratios = RATE_EDGES[1:] / RATE_EDGES[:-1]
    assert 1.07 < ratios.min() <= ratios.max() < 1.09


def test_a_coarse_rate_is_events_over_known_area():
    # 1 and 3 events a year on 10 and 30 km²: 4 on 40 km² are 10 a year per 100 km²
    plane = rate_plane(np.array([1.0, 3.0]), np.array([10.0, 30.0]))
    assert plane.reduce(ALL).tolist() == rate_bytes(np.array([10.0])).tolist()


def test_a_coarse_cell_known_by_less_than_half_is_no_data():
    per_year = np.array([1.0, np.nan, np.nan])
    plane = rate_plane(per_year, np.array([10.0, 6.0, 5.0]))
    assert plane.reduce(ALL).tolist() == [0]
    plane = rate_plane(per_year, np.array([10.0, 5.0, 4.0]))
    assert plane.reduce(ALL).tolist() == rate_bytes(np.array([10.0])).tolist()


@given(st.lists(st.integers(0, 2_000), min_size=len(INDEX), max_size=len(INDEX)))
def test_counts_add_up_to_the_register_at_every_level(events):
    counts = np.array(events, dtype=np.int64)
    plane = count_plane(counts, np.zeros(len(INDEX), bool))
    for level in LEVELS:
        shown = plane.reduce(level.starts).astype(np.int64)
        assert (shown.clip(1) - 1).sum() == counts.sum()


def test_an_incident_outside_coverage_is_still_shown():
    plane = count_plane(np.array([3]), np.array([False]))
    assert plane.reduce(ALL).tolist() == [4]


def test_none_recorded_and_no_data_differ():
    plane = count_plane(np.array([0, 0]), np.array([True, False]))
    assert plane.reduce(np.array([0, 1])).tolist() == [1, 0]


def test_a_coarse_cell_is_doubtful_if_most_of_its_known_cells_are():
    marks = np.array([True, False, True])
    assert majority_plane(marks, np.array([True, True, True])).reduce(ALL).item() == 1
    assert majority_plane(marks, np.array([True, True, False])).reduce(ALL).item() == 0
    assert majority_plane(marks, np.zeros(3, bool)).reduce(ALL).item() == 0


def test_a_coarse_cell_has_the_strongest_evidence_in_it():
    values = np.array([0, 2, 1], dtype=np.uint8)
    assert highest_plane(values).reduce(np.array([0, 2])).tolist() == [2, 1]


@pytest.mark.parametrize("encoding", ["byte", "varint"])
def test_a_plane_says_how_to_read_it(encoding):
    made = {
        "byte": highest_plane(np.array([1], dtype=np.uint8)),
        "varint": count_plane(np.array([1]), np.array([True])),
    }
    assert made[encoding].encoding == encoding
