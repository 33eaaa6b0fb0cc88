"""Outlines: an area out of a file, or a sentence why there is none."""

import json
from pathlib import Path

import hypothesis.strategies as st
import pytest
import shapely
from hypothesis import given

from riskmap.errors import (
    AreaFaultyError,
    FileTooLargeError,
    FileUnreadableError,
    InputError,
    WrongCRSError,
)
from riskmap.ingest.outlines import area_of, parse_outline
from riskmap.ingest.raw import Limits

SQUARE = [[-111, 31], [-110, 31], [-110, 32], [-111, 32], [-111, 31]]
HOLE = [[-110.6, 31.4], [-110.4, 31.4], [-110.4, 31.6], [-110.6, 31.6]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
FEATURE = {"type": "Feature", "properties": {"name": "<b>"}, "geometry": POLYGON}
PLACE = Path("area.geojson")


def parse(document):
    return parse_outline(json.dumps(document).encode(), PLACE)


def kml(*rings):
    inner = "".join(
        f"<{'inner' if i else 'outer'}BoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x},{y},0" for x, y in ring)
        + f"</coordinates></LinearRing></{'inner' if i else 'outer'}BoundaryIs>"
        for i, ring in enumerate(rings)
    )
    shape = f"<Placemark><Polygon>{inner}</Polygon></Placemark>"
    return f'<kml xmlns="http://www.opengis.net/kml/2.2">{shape}</kml>'.encode()


@pytest.mark.parametrize(
    "document",
    [
        POLYGON,
        FEATURE,
        {"type": "FeatureCollection", "features": [FEATURE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        {"type": "GeometryCollection", "geometries": [POLYGON]},
    ],
    ids=lambda document: document["type"],
)
def test_each_way_to_write_a_polygon_is_read(document):
    assert parse(document).equals(shapely.box(-111, 31, -110, 32))


def test_kml_gives_the_same_area_with_its_hole():
    both = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
    found = parse_outline(kml(SQUARE, HOLE), Path("a.kml"))
    assert found.area == pytest.approx(1 - 0.04)
    assert found.equals(parse(both))


def test_polygons_that_overlap_count_once():
    assert area_of([[SQUARE], [SQUARE]]).area == 1


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"type": "FeatureCollection", "features": []}, "none"),
        ({"type": "Feature", "properties": {}, "geometry": None}, "none"),
        ({"type": "Polygon", "coordinates": [SQUARE[:2]]}, "corners"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0]]]},
            "crosses",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2]]]}, "crosses"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [500000, 1]]]},
            "corners",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], ["a", 1]]]}, "corners"),
        ({"type": "Polygon", "coordinates": ["x"]}, "corners"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [True, 1]]]}, "corners"),
    ],
)
def test_what_bounds_no_area_is_refused_with_its_reason(document, reason):
    with pytest.raises(AreaFaultyError) as told:
        parse(document)
    assert told.value.fields["reason"] == reason


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", FileUnreadableError),
        (b"{", FileUnreadableError),
        (b"[" * 100, FileTooLargeError),
        (b"x" * 3_000_000, FileTooLargeError),
        (b"<kml><Placemark>", FileUnreadableError),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><kml>&b;</kml>", FileUnreadableError),
        (kml([["a", "b"]] * 4), AreaFaultyError),
        (json.dumps(FEATURE | {"crs": "EPSG:6933"}).encode(), WrongCRSError),
    ],
)
def test_hostile_files_are_refused(data, error):
    with pytest.raises(error):
        parse_outline(data, PLACE)


def test_too_many_corners_are_refused():
    ring = [[-111 + i / 1e5, 31 + (i % 2) / 1e6] for i in range(25_000)]
    document = {"type": "Polygon", "coordinates": [[*ring, [-111, 33]]]}
    with pytest.raises(AreaFaultyError) as told:
        parse_outline(json.dumps(document).encode(), PLACE, Limits())
    assert told.value.fields["reason"] == "too_many"


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "coordinates", "x"]), inner, max_size=3
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_whatever_stands_for_coordinates_is_an_area_or_a_refusal(value):
    polygons = value if isinstance(value, list) else [value]
    try:
        found = area_of([one for one in polygons if isinstance(one, list)])
    except InputError:
        return
    assert found.is_valid
    assert found.area > 0
