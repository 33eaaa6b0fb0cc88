"""Distances against geodesics worked out one by one."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.crs import GEOD, geocentric
from riskmap.errors import MissingCRSError
from riskmap.features.distance import (
    distance_to_landmarks,
    distance_to_waterways,
    to_nearest_line_m,
    to_nearest_point_m,
)

TOLERANCE = 0.003
ROUND_A_CORNER_M = 6.0

near_border = st.tuples(st.floats(-117, -97), st.floats(25.5, 33))


def geodesic_m(point, others):
    others = np.asarray(others)
    x, y = np.full(len(others), point[0]), np.full(len(others), point[1])
    return GEOD.inv(x, y, others[:, 0], others[:, 1])[2].min()


def in_space(points):
    points = np.asarray(points, dtype=float)
    return geocentric(points[:, 0], points[:, 1])


def test_a_tenth_of_a_degree_north_is_eleven_kilometres():
    found = to_nearest_point_m(in_space([(-110, 31.1)]), in_space([(-110, 31.0)]))
    assert found[0] == pytest.approx(11_087.2, abs=1)


def test_a_thousand_kilometres_are_measured_along_the_ground():
    places = [(-117.1, 32.5), (-106.5, 31.8)]
    found = to_nearest_point_m(in_space(places[:1]), in_space(places[1:]))
    assert found[0] == pytest.approx(geodesic_m(places[0], places[1:]), rel=1e-4)


@given(cell=near_border, towns=st.lists(near_border, min_size=1, max_size=20))
def test_the_nearest_town_is_the_nearest_by_geodesic(cell, towns):
    found = to_nearest_point_m(in_space([cell]), in_space(towns))[0]
    assert found == pytest.approx(geodesic_m(cell, towns), rel=TOLERANCE, abs=0.01)


@given(
    cell=st.tuples(st.floats(-170, 170), st.floats(-79, 79)),
    away=st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1),
)
def test_it_holds_anywhere_on_earth(cell, away):
    towns = np.array(cell) + np.array(away)
    found = to_nearest_point_m(in_space([cell]), in_space(towns))[0]
    assert found == pytest.approx(geodesic_m(cell, towns), rel=TOLERANCE, abs=0.01)


def test_towns_across_the_date_line_are_near():
    found = to_nearest_point_m(in_space([(179.9, 0)]), in_space([(-179.9, 0)]))
    assert found[0] == pytest.approx(22_264, abs=5)


@settings(deadline=None)
@given(cell=near_border, start=near_border, end=near_border)
def test_the_nearest_point_of_a_line_is_found_between_its_vertices(cell, start, end):
    line = shapely.LineString([start, end])
    found = to_nearest_line_m(in_space([cell]), [line])[0]
    low, high = 0.0, 1.0
    # closer and closer about the nearest of some points on the way
    for _ in range(5):
        share = np.linspace(low, high, 101)
        steps = shapely.get_coordinates(line.interpolate(share, normalized=True))
        metres = GEOD.inv(*np.full((101, 2), cell).T, steps[:, 0], steps[:, 1])[2]
        best, step = share[metres.argmin()], share[1] - share[0]
        low, high = max(best - 2 * step, 0), min(best + 2 * step, 1)
    assert found == pytest.approx(metres.min(), rel=TOLERANCE, abs=0.05)


def test_a_cell_on_the_line_is_at_no_distance():
    line = shapely.LineString([(-111, 31), (-110.5, 31.2), (-110, 31)])
    on_it = line.interpolate([0.0, 0.1234, 0.5, 0.9], normalized=True)
    found = to_nearest_line_m(in_space(shapely.get_coordinates(on_it)), [line])
    # straight in degrees and straight in space differ by centimetres in 220 m
    assert found.max() < 0.05


def test_meanders_are_measured_to_the_tip():
    x = np.linspace(-110.4, -110.0, 2_001)
    bends = shapely.LineString(np.column_stack((x, 31 + 0.02 * np.sin(x * 400))))
    rng = np.random.default_rng(7)
    places = np.column_stack(
        (rng.uniform(-110.5, -109.9, 60), rng.uniform(30.9, 31.1, 60))
    )
    found = to_nearest_line_m(in_space(places), [bends])
    fine = shapely.get_coordinates(shapely.segmentize(bends, 0.0004))
    expected = np.array([geodesic_m(place, fine) for place in places])
    assert found == pytest.approx(expected, rel=TOLERANCE, abs=ROUND_A_CORNER_M)


def test_lines_do_not_join_end_to_start():
    first = shapely.LineString([(-112, 31), (-111.5, 31)])
    second = shapely.LineString([(-110.5, 31), (-110, 31)])
    gap = in_space([(-111.0, 31.0)])
    found = to_nearest_line_m(gap, [first, second])[0]
    assert found == pytest.approx(geodesic_m((-111, 31), [(-111.5, 31)]), rel=1e-4)
    multi = shapely.MultiLineString([first, second])
    assert to_nearest_line_m(gap, [multi])[0] == found


@pytest.mark.parametrize(
    "lines", [[], [shapely.LineString()], [shapely.MultiLineString()]]
)
def test_no_line_is_missing_not_zero(lines):
    assert np.isnan(to_nearest_line_m(in_space([(-111, 31)]), lines)).all()


def test_a_line_of_no_length_is_a_point():
    dot = shapely.LineString([(-110, 31), (-110, 31)])
    found = to_nearest_line_m(in_space([(-110, 31.1)]), [dot])
    assert found[0] == pytest.approx(11_087.2, abs=1)


def test_unverified_landmarks_do_not_count(inputs):
    name = "distance_to_crossing_km"
    kinds = ("port_of_entry", "international_bridge")
    both = distance_to_landmarks(inputs, name=name, kinds=kinds)
    verified = distance_to_landmarks(inputs, name=name, kinds=kinds[:1])
    assert both.equals(verified)
    alone = distance_to_landmarks(inputs, name=name, kinds=kinds[1:])
    assert alone.isna().all()


def test_a_hospital_across_the_line_does_not_count(inputs):
    found = distance_to_landmarks(
        inputs, name="distance_to_hospital_km", kinds=("hospital",), own_side=True
    )
    side = inputs.cells["side"]
    assert found[side == "MX"].isna().all()
    assert found[side != "MX"].notna().all()
    both_sides = replace(inputs, landmarks=inputs.landmarks.assign(side="both"))
    anyone = distance_to_landmarks(
        both_sides, name="distance_to_hospital_km", kinds=("hospital",), own_side=True
    )
    assert anyone.notna().all()
    assert anyone[side != "MX"].equals(found[side != "MX"])


def test_a_course_known_worse_than_a_cell_does_not_count(inputs):
    kinds = ("canal",)
    found = distance_to_waterways(inputs, name="distance_to_canal_km", kinds=kinds)
    good = replace(inputs, waterways=inputs.waterways.iloc[:2])
    assert found.equals(
        distance_to_waterways(good, name="distance_to_canal_km", kinds=kinds)
    )


def test_water_is_the_nearer_of_river_and_canal(inputs):
    river, canal, either = (
        distance_to_waterways(inputs, name="distance_to_water_km", kinds=kinds)
        for kinds in (("river",), ("canal",), ("river", "canal"))
    )
    assert either.equals(np.minimum(river, canal))
    assert (river < canal).any()
    assert (canal < river).any()


def test_landmarks_in_another_crs_are_brought_home(inputs):
    name, kinds = "distance_to_town_km", ("town",)
    here = distance_to_landmarks(inputs, name=name, kinds=kinds)
    moved = replace(inputs, landmarks=inputs.landmarks.to_crs("EPSG:32612"))
    found = distance_to_landmarks(moved, name=name, kinds=kinds)
    assert found.to_numpy() == pytest.approx(here.to_numpy(), abs=1e-6)


def test_landmarks_without_crs_are_refused(inputs):
    bare = gpd.GeoDataFrame(
        inputs.landmarks.drop(columns="geometry"),
        geometry=inputs.landmarks.geometry.to_numpy(),
    )
    with pytest.raises(MissingCRSError):
        distance_to_landmarks(
            replace(inputs, landmarks=bare), name="distance_to_town_km", kinds=("town",)
        )
