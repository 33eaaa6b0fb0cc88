"""Exports of random tables, opened by programs that others wrote.

``python -m tests.exports.random_exports --exports 500 --features 2000`` writes so many
exports, and one of so many features, in every format. GDAL, SQLite, PyArrow, Python's
own csv and json, fastkml, the OGC's schema and gpxpy read them. It stops at the first
that does not come back.
"""

import argparse
import csv
import io
import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import gpxpy
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from fastkml import KML, Placemark
from fastkml.utils import find_all

from riskmap.exports import FORMATS, ExportNotes
from riskmap.exports.gpx import gpx_text
from riskmap.exports.hxl_csv import hxl_text
from riskmap.exports.kml import kml_text
from riskmap.exports.layers import shaped
from riskmap.provenance import Source

NEAR_DEG = 1e-7
# GeoJSON of an export keeps six decimals; that of a package seven
NEAR_OF = {"geojson": 6e-7}
EAST, NORTH = (-117.2, -97.0), (25.8, 32.8)
MARKINGS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER//REL TO MX, US", "TLP:AMBER+STRICT")
NAUGHTY = json.loads(
    (Path(__file__).parents[1] / "browser" / "naughty" / "blns.json").read_text("utf-8")
)
NOTES = ExportNotes(
    version="0",
    as_of="2022-01-01",
    words={"en": lambda key: key, "es": lambda key: f"{key} ñ"},
    scores=(),
    layers=(),
    sources=(Source(name="made", licence="none"),),
    inputs={"cells": "ab12"},
)


def storable(text):
    """Leave out what XML and spreadsheets have no sign for."""
    kept = "".join(c for c in text if c >= " " and c not in "\ufffe\uffff\x7f")
    return "".join(c for c in kept if not 0xD800 <= ord(c) <= 0xDFFF).strip() or "a"


def shape(draw):
    """Draw a point, an outline with or without a hole, or several outlines."""
    x, y = draw.uniform(*EAST), draw.uniform(*NORTH)
    kind = draw.integers(3)
    if kind == 0:
        return shapely.Point(x, y)
    size = draw.uniform(0.001, 0.2)
    outer = shapely.box(x, y, x + size, y + size, ccw=bool(draw.integers(2)))
    hole = shapely.box(x + size / 4, y + size / 4, x + size / 2, y + size / 2)
    one = shapely.Polygon(outer.exterior, [hole.exterior] if draw.integers(2) else [])
    if kind == 1:
        return one
    return shapely.MultiPolygon([one, shapely.box(x + 1, y, x + 1 + size, y + size)])


def table(draw, features):
    """Draw a table with gaps, signs that would run, and every marking."""
    texts = [storable(str(draw.choice(NAUGHTY))) for _ in range(features)]
    value = draw.gamma(0.5, size=features)
    value[draw.random(features) < 0.2] = np.nan
    return gpd.GeoDataFrame(
        {
            "name_en": pd.array(texts, dtype="str"),
            "name_es": pd.array(texts[::-1], dtype="str"),
            "marking": pd.array(draw.choice(MARKINGS, features).tolist(), dtype="str"),
            "accuracy_m": value,
            "rank": np.arange(features),
        },
        geometry=[shape(draw) for _ in range(features)],
        index=pd.Index([f"f{n}" for n in range(features)], name="landmark_id"),
        crs="EPSG:4326",
    )


def read(form, out):
    """Open a layer with a reader that is none of ours."""
    if form == "geojson":
        json.loads((out / "landmarks.geojson").read_bytes(), parse_constant=refuse)
        return pyogrio.read_dataframe(out / "landmarks.geojson")
    if form == "gpkg":
        with closing(sqlite3.connect(out / "riskmap.gpkg")) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        return pyogrio.read_dataframe(out / "riskmap.gpkg", layer="landmarks")
    if form == "geoparquet":
        about = json.loads(pq.read_schema(out / "landmarks.parquet").metadata[b"geo"])
        assert about["version"].startswith("1.1")
        return gpd.read_parquet(out / "landmarks.parquet")
    with (out / "landmarks.csv").open(encoding="utf-8-sig", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def refuse(name):
    """RFC 8259 knows neither NaN nor infinity."""
    raise AssertionError(name)


def unquoted(texts):
    """Take away what keeps a cell of a spreadsheet from running."""
    return [text.removeprefix("'") for text in texts]


def check(form, got, expected):
    """Hold what came back against what was written."""
    assert len(got) == len(expected), form
    assert got["marking"].tolist() == expected["marking"].tolist(), form
    for name in ("landmark_id", "name_en", "name_es"):
        texts = got[name].astype(str).tolist()
        wanted = expected[name].tolist()
        if form == "csv":
            assert unquoted(texts) == unquoted(wanted), form
        else:
            assert texts == wanted, (form, name)
    numbers = pd.to_numeric(got["accuracy_m"], errors="coerce").to_numpy(float)
    assert np.allclose(numbers, expected["accuracy_m"], rtol=1e-8, equal_nan=True), form
    if form == "csv":
        return
    apart = shapely.hausdorff_distance(
        got.geometry.to_numpy(), expected.geometry.to_numpy()
    )
    # each axis is rounded by itself
    assert apart.max() <= NEAR_OF.get(form, NEAR_DEG) * 2**0.5, (form, apart.max())


def check_markup(landmarks):
    """Read KML and GPX, and CSV with its row of hashtags."""
    expected = shaped({"landmarks": landmarks})["landmarks"]
    text = "".join(kml_text({"landmarks": landmarks}, title="t", about="ñ & <b>"))
    marks = list(find_all(KML.from_string(text.encode()), of_type=Placemark))
    assert len(marks) == len(expected)
    for mark, row in zip(marks, expected.itertuples(), strict=True):
        found = shapely.geometry.shape(mark.geometry.__geo_interface__)
        assert shapely.hausdorff_distance(found, row.geometry) <= NEAR_DEG * 2**0.5
        fields = {one.name: one.value for one in mark.extended_data.elements}
        assert fields["marking"] == row.marking
    points = landmarks[landmarks.geom_type == "Point"].assign(kind="town")
    none = landmarks.iloc[:0].assign(score="", rank=0).rename_axis("zone_id")
    gpx = gpxpy.parse("".join(gpx_text(points, none, creator="riskmap", about="ñ")))
    assert len(gpx.waypoints) == len(points)
    for point, row in zip(gpx.waypoints, points.itertuples(), strict=True):
        assert abs(point.longitude - row.geometry.x) <= NEAR_DEG
        assert abs(point.latitude - row.geometry.y) <= NEAR_DEG
        assert row.marking in point.description
    lines = list(csv.reader(io.StringIO(hxl_text(expected.drop(columns="geometry")))))
    assert len(lines) == len(expected) + 2
    assert all(tag.startswith("#") for tag in lines[1])
    assert not [c for line in lines[2:] for c in line if c[:1] in {*"=+@", "\t", "\r"}]


def trial(seed, features):
    """Write one random table in every format and read it back."""
    landmarks = table(np.random.default_rng(seed), features)
    expected = shaped({"landmarks": landmarks})["landmarks"]
    for form in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            form.write({"landmarks": landmarks}, Path(folder), NOTES)
            check(form.name, read(form.name, Path(folder)), expected)
    check_markup(landmarks)


def main():
    """Try all; print how many came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exports", type=int, default=500)
    parser.add_argument("--features", type=int, default=2_000)
    asked = parser.parse_args()
    began = time.process_time()
    for seed in range(asked.exports):
        trial(seed, 1 + seed % 12)
    trial(asked.exports, asked.features)
    spent_s = time.process_time() - began
    told = f"{asked.exports} random exports and {asked.features} features came back"
    sys.stdout.write(f"{told} in {len(FORMATS)} formats, KML, GPX and HXL; ")
    sys.stdout.write(f"{spent_s:.0f} s of processor\n")


if __name__ == "__main__":
    main()
