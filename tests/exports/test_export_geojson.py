"""GeoJSON against RFC 7946, clause by clause, with a plain JSON reader."""

import json
import math
import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.exports import format_named
from riskmap.exports.geojson import feature_collection
from riskmap.exports.layers import shaped


@pytest.fixture
def collections(tables, notes, tmp_path):
    files = format_named("geojson").write(tables, tmp_path, notes)
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"), parse_constant=refuse)
        for file in files
        if file.suffix == ".geojson"
    }


def refuse(constant: str) -> None:
    pytest.fail(f"JSON has no {constant}")


def features(collections: dict) -> Iterator[dict]:
    for collection in collections.values():
        yield from collection["features"]


def positions(coordinates: list) -> Iterator[list]:
    if isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def signed_area(ring: list) -> float:
    points = np.array(ring)
    x, y = points[:, 0], points[:, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def test_members_are_those_of_section_3(collections):
    for name, collection in collections.items():
        assert collection["type"] == "FeatureCollection"
        assert collection["name"] == name
        assert "crs" not in collection
        for feature in collection["features"]:
            assert feature["type"] == "Feature"
            assert set(feature) == {"type", "id", "geometry", "properties"}
            assert "crs" not in feature["geometry"]


def test_the_identifier_is_the_cell_in_hexadecimal(collections):
    for feature in collections["scores"]["features"]:
        assert re.fullmatch(r"[0-9a-f]{15}", feature["id"])
        assert feature["properties"]["cell"] == feature["id"]
    assert [f["id"] for f in collections["zones"]["features"]] == [
        "z-US-001",
        "z-MX-001",
    ]


def test_rings_close_and_follow_the_right_hand_rule(collections):
    seen = 0
    for feature in features(collections):
        if feature["geometry"]["type"] != "Polygon":
            continue
        outer, *holes = feature["geometry"]["coordinates"]
        for ring in (outer, *holes):
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
        assert signed_area(outer) > 0
        assert all(signed_area(hole) < 0 for hole in holes)
        seen += len(holes)
    assert seen == 1


def test_positions_have_two_numbers_of_six_decimals(collections):
    for feature in features(collections):
        for position in positions(feature["geometry"]["coordinates"]):
            assert len(position) == 2
            assert -180 <= position[0] <= 180
            assert -90 <= position[1] <= 90
            assert position == [round(number, 6) for number in position]


def test_the_box_holds_every_position(collections):
    for collection in collections.values():
        west, south, east, north = collection["bbox"]
        points = np.array(
            [
                position
                for feature in collection["features"]
                for position in positions(feature["geometry"]["coordinates"])
            ]
        )
        assert points.min(axis=0).tolist() == [west, south]
        assert points.max(axis=0).tolist() == [east, north]


def test_no_data_is_null_and_never_nought(collections):
    unknown = collections["scores"]["features"][0]["properties"]
    assert unknown["migrant_danger"] is None
    assert unknown["migrant_danger_rank"] is None
    assert unknown["migrant_danger_evidence"] == "no_data"


def test_days_are_iso_texts(collections):
    days = [
        f["properties"]["verified_on"] for f in collections["landmarks"]["features"]
    ]
    assert days == ["2024-05-01", None, "2024-05-03"]


def test_fields_are_described_within(collections):
    fields = collections["scores"]["riskmap"]["fields"]
    assert [field["field"] for field in fields][:3] == ["cell", "side", "km"]
    assert fields[2]["unit"] == "km"
    assert fields[2]["name_es"] == "es field.km ñ"


def test_every_feature_stands_on_its_own_line(tables, notes, tmp_path):
    format_named("geojson").write(tables, tmp_path, notes)
    lines = (tmp_path / "zones.geojson").read_text().splitlines()
    assert len(lines) == 4
    assert json.loads(lines[1].rstrip(","))["id"] == "z-US-001"


def test_infinite_numbers_are_null():
    layer = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "value": [math.inf, -math.inf, math.nan]},
        geometry=[shapely.Point(0, 0)] * 3,
        crs="EPSG:4326",
    )
    text = b"".join(feature_collection(layer, name="x", about={}))
    collection = json.loads(text, parse_constant=refuse)
    assert [f["properties"]["value"] for f in collection["features"]] == [None] * 3


def test_a_missing_geometry_is_null():
    layer = gpd.GeoDataFrame({"id": ["a"]}, geometry=[None], crs="EPSG:4326")
    text = b"".join(feature_collection(layer, name="x", about={}))
    collection = json.loads(text)
    assert collection["features"][0]["geometry"] is None
    assert "bbox" not in collection


def test_other_crs_are_brought_to_wgs_84(tables, notes, tmp_path):
    metric = {"landmarks": tables["landmarks"].to_crs("EPSG:6372")}
    format_named("geojson").write(metric, tmp_path, notes)
    text = (tmp_path / "landmarks.geojson").read_text()
    found = json.loads(text)["features"][0]["geometry"]["coordinates"]
    assert found == [-110.94, 31.333]


@given(
    text=st.text(),
    number=st.floats(allow_nan=True, allow_infinity=True),
    x=st.floats(-180, 180),
    y=st.floats(-90, 90),
)
@settings(max_examples=80, deadline=None)
def test_any_text_and_number_survive(text, number, x, y):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    layer = gpd.GeoDataFrame(
        {"id": ["a"], "text": pd.array([text], dtype="str"), "number": [number]},
        geometry=[shapely.Point(x, y)],
        crs="EPSG:4326",
    )
    written = b"".join(
        feature_collection(shaped({"x": layer})["x"], name="x", about={})
    )
    feature = json.loads(written, parse_constant=refuse)["features"][0]
    assert feature["properties"]["text"] == text
    if math.isfinite(number):
        assert feature["properties"]["number"] == pytest.approx(number, rel=1e-8)
    else:
        assert feature["properties"]["number"] is None
    assert feature["geometry"]["coordinates"] == pytest.approx([x, y], abs=1e-6)
