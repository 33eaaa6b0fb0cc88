"""KML, GPX and HXL: read back by programs that others wrote."""

import csv
import io

import geopandas as gpd
import gpxpy
import lxml.etree
import numpy as np
import orjson
import pandas as pd
import pytest
import shapely
from fastkml import KML, Placemark
from fastkml.utils import find_all
from fastkml.validator import validate
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.exports.geojson import feature_collection
from riskmap.exports.gpx import gpx_text
from riskmap.exports.hxl_csv import hxl_text
from riskmap.exports.kml import kml_text
from riskmap.exports.layers import shaped

NEAR_DEG = 1e-7

names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
    max_size=12,
)
east = st.floats(-117.2, -97.0, allow_nan=False)
north = st.floats(25.8, 32.8, allow_nan=False)


@st.composite
def landmark_tables(draw):
    places = draw(st.lists(st.tuples(east, north, names), min_size=1, max_size=6))
    return gpd.GeoDataFrame(
        {
            "kind": ["town"] * len(places),
            "name_en": [name for *_, name in places],
            "name_es": [name for *_, name in places],
            "marking": ["TLP:AMBER//REL TO MX, US"] * len(places),
        },
        geometry=[shapely.Point(x, y) for x, y, _ in places],
        index=pd.Index([f"l{n}" for n in range(len(places))], name="landmark_id"),
        crs=4326,
    ).astype({"name_en": "str", "name_es": "str"})


def square(x, y, size, *, hole):
    inner = [shapely.box(x, y, x + size / 4, y + size / 4).exterior] if hole else []
    outer = shapely.box(x - size, y - size, x + size, y + size).exterior
    return shapely.Polygon(outer, inner)


@st.composite
def zone_tables(draw):
    parts = draw(st.lists(st.tuples(east, north, st.booleans()), max_size=4))
    return gpd.GeoDataFrame(
        {
            "score": ["migrant_danger"] * len(parts),
            "rank": np.arange(len(parts)),
            "marking": ["TLP:CLEAR"] * len(parts),
        },
        geometry=[square(x, y, 0.1, hole=hole) for x, y, hole in parts],
        index=pd.Index([f"z{n}" for n in range(len(parts))], name="zone_id"),
        crs=4326,
    )


def written(text):
    """What XML can hold of a text, with its line ends and tabs as it reads them."""
    return "".join(c if c in "\t\n\r" or c >= " " else "\ufffd" for c in text)


@settings(deadline=None, max_examples=100)
@given(landmark_tables(), zone_tables())
def test_gpx_is_read_back_by_gpxpy(landmarks, zones):
    text = "".join(gpx_text(landmarks, zones, creator="riskmap", about="ñ & <b>"))
    read = gpxpy.parse(text)
    assert (read.version, read.creator) == ("1.1", "riskmap")
    for point, (name, row) in zip(read.waypoints, landmarks.iterrows(), strict=True):
        assert abs(point.longitude - row.geometry.x) <= NEAR_DEG
        assert abs(point.latitude - row.geometry.y) <= NEAR_DEG
        assert name in point.description
        assert "TLP:AMBER//REL TO MX, US" in point.description
    for track, shape in zip(read.tracks, zones.geometry, strict=True):
        ring = [(p.longitude, p.latitude) for p in track.segments[0].points]
        assert np.allclose(ring, shape.exterior.coords, rtol=0, atol=NEAR_DEG)
        assert len(track.segments) == 1 + len(shape.interiors)


@settings(deadline=None, max_examples=100)
@given(landmark_tables(), zone_tables())
def test_kml_is_read_back_by_fastkml(landmarks, zones):
    tables = {"landmarks": landmarks, "zones": zones}
    text = "".join(kml_text(tables, title="t", about="ñ & <b>"))
    read = KML.from_string(text.encode())
    marks = list(find_all(read, of_type=Placemark))
    assert len(marks) == len(landmarks) + len(zones)
    shapes = [*shaped(tables)["landmarks"].geometry, *shaped(tables)["zones"].geometry]
    for mark, shape in zip(marks, shapes, strict=True):
        found = shapely.geometry.shape(mark.geometry.__geo_interface__)
        assert shapely.equals_exact(found, shape, tolerance=NEAR_DEG)
        fields = {one.name: one.value for one in mark.extended_data.elements}
        assert fields["marking"].startswith("TLP:")


@settings(deadline=None, max_examples=100)
@given(landmark_tables())
def test_geojson_with_seven_decimals_keeps_a_place_within_a_hundredth_of_a_metre(table):
    layer = shaped({"landmarks": table})["landmarks"]
    chunks = feature_collection(layer, name="l", about={}, decimals=7)
    read = orjson.loads(b"".join(chunks))
    for feature, shape, name in zip(
        read["features"], table.geometry, table["name_en"], strict=True
    ):
        x, y = feature["geometry"]["coordinates"]
        assert max(abs(x - shape.x), abs(y - shape.y)) <= NEAR_DEG
        assert feature["properties"]["name_en"] == name


@settings(deadline=None, max_examples=100)
@given(landmark_tables())
def test_hxl_is_one_row_of_tags_and_no_cell_is_a_formula(table):
    flat = pd.DataFrame(shaped({"l": table})["l"].drop(columns="geometry"))
    rows = list(csv.reader(io.StringIO(hxl_text(flat), newline="")))
    assert rows[1][0] == "#loc+code+landmark"
    assert all(tag.startswith("#") for tag in rows[1])
    assert len(rows) == len(flat) + 2
    for row, name in zip(rows[2:], flat["name_en"], strict=True):
        cell = row[flat.columns.get_loc("name_en")]
        assert cell in {name, f"'{name}"}
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_kml_keeps_to_the_schema_of_ogc():
    point = gpd.GeoDataFrame(
        {"name_en": ["Ajo & <co>"], "marking": ["TLP:CLEAR"]},
        geometry=[shapely.Point(-112.86, 32.37)],
        crs=4326,
    )
    area = point.assign(geometry=[square(-110, 31, 0.1, hole=True)])
    both = shapely.MultiPoint([(-110, 31), (-111, 31)])
    tables = {"towns": point, "zones": area, "pairs": point.assign(geometry=[both])}
    text = "".join(kml_text(tables, title="t", about="ñ")).encode()
    assert validate(element=lxml.etree.fromstring(text))


@pytest.mark.parametrize(
    "shape",
    [
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)]),
    ],
    ids=lambda shape: shape.geom_type,
)
def test_kml_holds_every_kind_of_geometry(shape):
    table = gpd.GeoDataFrame({"name_en": ["a"]}, geometry=[shape], crs=4326)
    read = KML.from_string(
        "".join(kml_text({"t": table}, title="t", about="")).encode()
    )
    (mark,) = find_all(read, of_type=Placemark)
    found = shapely.geometry.shape(mark.geometry.__geo_interface__)
    assert found.equals(shape)
