"""Walks along a road against straight lines worked out by hand, and the index."""

import numpy as np
import pytest
import shapely

from riskmap.crs import GEOD
from riskmap.places.access import index_roads
from riskmap.places.landmark import Landmark
from riskmap.places.roads import Course, road_said, ways

NORTH = shapely.LineString([(-111.0, 31.5), (-111.0, 31.7), (-111.0, 32.0)])


def road(shape, code="AZ-1", covers="US-04"):
    return Landmark(
        landmark_id=code, kind="road", name_en=code, name_es=code, lon=0, lat=0,
        accuracy_m=60, side="US", us_id=code, shape=shape, covers=covers,
    )  # fmt: skip


def test_a_walk_ends_both_ways_so_far_along_the_road():
    foot, ends = Course(NORTH).walk(-110.99, 31.75, 5000)
    assert (foot.lon, foot.lat) == pytest.approx((-111.0, 31.75))
    gone = [GEOD.inv(-111.0, 31.75, *end)[2] for end in ends]
    assert gone == pytest.approx([5000, 5000], abs=1)


def test_a_direction_leaves_one_way_and_none_beyond_the_end():
    foot, ends = Course(NORTH).walk(-111.0, 31.98, 5000)
    assert len(ends) == 1
    assert list(ways(foot, ends, 0.0)) == []
    (south,) = ways(foot, ends, 180.0)
    assert south[0][1] < 31.98


def test_two_carriageways_are_one_way_and_say_how_far_apart():
    pair = shapely.MultiLineString(
        [
            [(-111.0, 31.5), (-111.0, 31.7), (-111.0, 31.9)],
            [(-111.0, 31.5), (-110.999, 31.7), (-111.0, 31.9)],
        ]
    )
    foot, ends = Course(pair).walk(-111.0, 31.5, 20_000)
    (one,) = ways(foot, ends, 0.0)
    assert len(ends) == 2
    assert 50 < one[1] < 150


def test_a_walk_goes_round_a_bend():
    bend = shapely.LineString([(-111.0, 31.5), (-111.0, 31.6), (-110.9, 31.6)])
    length = GEOD.inv(-111.0, 31.5, -111.0, 31.6)[2]
    _, ends = Course(bend).walk(-111.0, 31.5, length + 3000)
    assert GEOD.inv(-111.0, 31.6, *ends[0])[2] == pytest.approx(3000, abs=1)


@pytest.mark.parametrize(
    ("text", "shield", "number", "rest"),
    [
        ("on highway 286", "", "286", ""),
        ("i-19 kilometer 30", "I", "19", "kilometer 30"),
        ("us 95", "US", "95", ""),
        ("por la carretera 85, a 3 millas de why", "", "85", "a 3 millas de why"),
        ("sobre la carretera 286 milla 12", "", "286", "milla 12"),
    ],
)
def test_roads_are_found_in_what_is_said(text, shield, number, rest):
    said = road_said(text)
    assert (said.shield, said.number, said.rest) == (shield, number, rest)


@pytest.mark.parametrize(
    "text", ["2 km south of the line", "us side 5 km north", "ruta 5 km al norte"]
)
def test_a_distance_is_no_road(text):
    assert road_said(text) is None


def test_the_nearest_road_is_that_of_brute_force(gazetteer):
    index = index_roads(gazetteer.landmarks)
    rng = np.random.default_rng(4)
    x, y = rng.uniform(-113, -110, 40), rng.uniform(31.6, 32.3, 40)
    _, metres, _ = index.nearest(x, y, "US-04")
    lines = [p.shape for p in gazetteer.landmarks if p.kind == "road"]
    dense = shapely.get_coordinates(shapely.segmentize(lines, 0.0005))
    for lon, lat, found in zip(x, y, metres, strict=True):
        near = dense[np.abs(dense - (lon, lat)).max(axis=1) < 1.0]
        same = np.ones(len(near))
        brute = GEOD.inv(lon * same, lat * same, *near.T)[2].min()
        # points are 50 m apart; a long piece is bent between degrees and the plane
        assert brute - 30 <= found <= brute + 5


def test_roads_that_cover_no_unit_are_no_index():
    assert index_roads([road(NORTH, covers="")]) is None
