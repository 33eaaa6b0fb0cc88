"""The contract of every format: others open it, and it is whole or not there."""

import errno
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from riskmap.errors import DiskFullError, FolderUnwritableError, UnknownNameError
from riskmap.exports import FORMATS, Format, format_named
from riskmap.exports.layers import shaped

every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def read(form: str, out: Path, layer: str) -> pd.DataFrame:
    """Open a layer with a reader that is none of ours."""
    if form == "geojson":
        return pyogrio.read_dataframe(out / f"{layer}.geojson")
    if form == "gpkg":
        return pyogrio.read_dataframe(out / "riskmap.gpkg", layer=layer)
    if form == "geoparquet":
        return gpd.read_parquet(out / f"{layer}.parquet")
    return pd.read_csv(out / f"{layer}.csv", encoding="utf-8-sig")


def same(got: pd.Series, expected: pd.Series, form: str) -> None:
    """Compare what came back, as far as the format can tell."""
    missing = expected.isna().to_numpy()
    assert (got.isna().to_numpy() == missing).all()
    got, expected = got[~missing], expected[~missing]
    if pd.api.types.is_datetime64_any_dtype(expected.dtype):
        days = pd.to_datetime(got, utc=True).dt.strftime("%Y-%m-%d")
        assert days.tolist() == expected.dt.strftime("%Y-%m-%d").tolist()
    elif pd.api.types.is_numeric_dtype(expected.dtype):
        exact = form in ("geoparquet", "gpkg")
        assert np.allclose(
            got.astype(float), expected.astype(float), rtol=0 if exact else 1e-8, atol=0
        )
    else:
        texts = got.astype(str).str.removeprefix("'") if form == "csv" else got
        assert texts.tolist() == expected.tolist()


@every_format
def test_what_is_written_comes_back(form, tables, notes, tmp_path):
    form.write(tables, tmp_path, notes)
    for name, expected in shaped(tables).items():
        got = read(form.name, tmp_path, name)
        assert len(got) == len(expected)
        for column in expected.columns.drop("geometry"):
            same(got[column], expected[column], form.name)
        if form.name != "csv":
            assert got.crs.to_epsg() == 4326
            apart = shapely.hausdorff_distance(
                got.geometry.to_numpy(), expected.geometry.to_numpy()
            )
            assert apart.max() < 1e-6


@every_format
def test_the_same_tables_give_the_same_bytes(form: Format, tables, notes, tmp_path):
    first = form.write(tables, tmp_path / "a", notes)
    again = form.write(tables, tmp_path / "b", notes)
    assert [file.name for file in first] == [file.name for file in again]
    for one, other in zip(first, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@every_format
def test_only_the_files_named_are_there(form: Format, tables, notes, tmp_path):
    out = tmp_path / "deep" / "folder"
    files = form.write(tables, out, notes)
    assert sorted(files) == sorted(out.iterdir())
    umask = os.umask(0)
    os.umask(umask)
    assert all(file.stat().st_mode & 0o777 == 0o666 & ~umask for file in files)


@every_format
def test_writing_again_replaces_what_was_there(form: Format, tables, notes, tmp_path):
    form.write(tables, tmp_path, notes)
    less = tables | {"zones": tables["zones"].iloc[:1]}
    form.write(less, tmp_path, notes)
    assert len(read(form.name, tmp_path, "zones")) == 1


@every_format
def test_empty_tables_are_written_with_their_columns(form, tables, notes, tmp_path):
    empty = {name: table.iloc[:0] for name, table in tables.items()}
    form.write(empty, tmp_path, notes)
    zones = read(form.name, tmp_path, "zones")
    assert len(zones) == 0
    if form.name != "geojson":
        assert {"zone_id", "rank", "area_km2"} <= set(zones.columns)


@every_format
def test_the_tables_are_left_as_they_were(form: Format, tables, notes, tmp_path):
    before = {name: table.copy() for name, table in tables.items()}
    form.write(tables, tmp_path, notes)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(before[name]))


@every_format
def test_both_languages_and_the_credits_go_with_it(form, tables, notes, tmp_path):
    form.write(tables, tmp_path, notes)
    about = _about(form.name, tmp_path)
    assert about["as_of"] == "2022-01-01"
    assert about["attribution"] == ["IOM. CC BY 4.0"]
    assert about["caveats"]["es"][0] == "es export.caveat.places ñ"
    assert len(about["caveats"]["en"]) == len(about["caveats"]["es"])


def _about(form: str, out: Path) -> dict:
    if form == "geojson":
        return json.loads((out / "scores.geojson").read_text())["riskmap"]
    if form == "geoparquet":
        metadata = pq.read_schema(out / "scores.parquet").metadata
        return json.loads(metadata[b"riskmap"])
    if form == "gpkg":
        with closing(sqlite3.connect(out / "riskmap.gpkg")) as database:
            rows = database.execute("SELECT key, value FROM notes").fetchall()
        return {key: json.loads(value) for key, value in rows}
    return json.loads((out / "notes.json").read_text())


@every_format
def test_a_dictionary_of_every_field_goes_with_it(form, tables, notes, tmp_path):
    form.write(tables, tmp_path, notes)
    if form.name == "gpkg":
        with closing(sqlite3.connect(tmp_path / "riskmap.gpkg")) as database:
            rows = pd.read_sql("SELECT * FROM data_dictionary", database)
    else:
        rows = pd.read_csv(tmp_path / "data_dictionary.csv", encoding="utf-8-sig")
    described = set(zip(rows["table"], rows["field"], strict=True))
    for name, table in shaped(tables).items():
        assert {(name, field) for field in table.columns.drop("geometry")} <= described
    assert not rows.filter(regex="name_|meaning_").isna().to_numpy().any()


@every_format
def test_a_file_in_the_folders_place_is_said_plainly(form, tables, notes, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(FolderUnwritableError) as caught:
        form.write(tables, tmp_path / "out", notes)
    assert caught.value.fields["path"].endswith("out")
    assert (tmp_path / "out").read_text() == "in the way"


@every_format
@pytest.mark.parametrize(
    "failure",
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, FolderUnwritableError),
    ],
)
def test_a_write_that_fails_leaves_the_old_files_whole(
    form, failure, tables, notes, tmp_path, monkeypatch
):
    number, error = failure
    files = form.write(tables, tmp_path, notes)
    before = {file: file.read_bytes() for file in files}

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    changed = tables | {"zones": tables["zones"].iloc[:1]}
    with pytest.raises(error):
        form.write(changed, tmp_path, notes)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_full_disk_is_told_from_an_unwritable_one_in_a_geopackage(
    tables, notes, tmp_path, monkeypatch
):
    def full(_: object, path: Path, **__: object) -> None:
        path.write_bytes(b"begun")
        path.with_name(f"{path.name}-journal").write_bytes(b"begun")
        sentence = "sqlite3_exec(ROLLBACK) failed: no transaction is active"
        raise pyogrio.errors.DataLayerError(sentence)

    def refused(*_: object, **__: object) -> None:
        sentence = "sqlite3_open failed: unable to open database file"
        raise pyogrio.errors.DataSourceError(sentence)

    for fail, error in ((full, DiskFullError), (refused, FolderUnwritableError)):
        monkeypatch.setattr(pyogrio, "write_dataframe", fail)
        with pytest.raises(error):
            format_named("gpkg").write(tables, tmp_path, notes)
        assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_by_name():
    with pytest.raises(UnknownNameError) as caught:
        format_named("shapefile")
    assert caught.value.fields["value"] == "shapefile"
    assert "geojson" in caught.value.fields["known"]


def test_names_of_formats_are_unique():
    assert len({form.name for form in FORMATS}) == len(FORMATS)


def test_a_geopackage_holds_no_clock(tables, notes, tmp_path):
    format_named("gpkg").write(tables, tmp_path, notes)
    with closing(sqlite3.connect(tmp_path / "riskmap.gpkg")) as database:
        days = database.execute("SELECT DISTINCT last_change FROM gpkg_contents")
        assert days.fetchall() == [("2022-01-01T00:00:00.000Z",)]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kinds = dict(
            database.execute("SELECT table_name, data_type FROM gpkg_contents")
        )
    assert kinds["scores"] == "features"
    assert kinds["data_dictionary"] == "attributes"


def test_geoparquet_says_what_the_standard_asks(tables, notes, tmp_path):
    format_named("geoparquet").write(tables, tmp_path, notes)
    file = pq.ParquetFile(tmp_path / "zones.parquet")
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["primary_column"] == "geometry"
    column = geo["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Polygon"]
    assert column["orientation"] == "counterclockwise"
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    assert column["bbox"] == [-111.0, 30.0, -108.9, 32.0]


def test_no_export_holds_a_cell_as_a_number(tables, notes, tmp_path):
    number = str(int(tables["scores"].index[0]))
    for form in FORMATS:
        for file in form.write(tables, tmp_path / form.name, notes):
            assert number.encode() not in file.read_bytes(), file.name
