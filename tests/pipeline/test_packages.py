"""Packages of a project: what is in them opens anywhere, and no more is in them."""

import io
import json
import shutil
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from riskmap import pipeline
from riskmap.errors import (
    DisclosureError,
    OptionError,
    PackageRefusedError,
    UnknownNameError,
)
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.package_reading import their_table
from riskmap.project import Project
from riskmap.sharing.manifest import MANIFEST, canonical
from riskmap.sharing.package import entry_of, open_package, pack

WORDS = {code: Words(code).text for code in LANGUAGES}
COARSE = {"resolution": 5, "half_width_km": 20.0}
CANARY = "zanate-7781"


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A small project of the American side, run once."""
    made = pipeline.create_project(tmp_path_factory.mktemp("packages") / "us")
    pipeline.run(made, **COARSE)
    settings = made.path / "riskmap.toml"
    text = settings.read_text(encoding="utf-8") + '\n[sharing]\ncountry = "US"\n'
    settings.write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def internal(ground, tmp_path_factory):
    out = tmp_path_factory.mktemp("internal") / "p.zip"
    report = pipeline.create_package(ground, out, WORDS, profile="internal", to="US")
    return report, out


@pytest.fixture(scope="module")
def public(ground, tmp_path_factory):
    out = tmp_path_factory.mktemp("public") / "p.zip"
    report = pipeline.create_package(ground, out, WORDS, profile="public", to="MX")
    return report, out


@pytest.fixture
def copied(ground, tmp_path):
    shutil.copytree(ground.path, tmp_path / "copy")
    return pipeline.open_project(tmp_path / "copy")


def test_the_same_project_and_options_make_the_same_bytes(ground, public, tmp_path):
    first, out = public
    again = pipeline.create_package(
        ground, tmp_path / "p.zip", WORDS, profile="public", to="MX"
    )
    assert again.repeated
    assert (tmp_path / "p.zip").read_bytes() == out.read_bytes()
    entries = [e for e in pipeline.read_audit(ground) if e.action == "package"]
    assert [e.profile for e in entries].count("public") == 1
    assert first.audit_head in {e.sha256 for e in pipeline.read_audit(ground)}


def test_the_ledger_and_its_entry_are_in_the_manifest(ground, public):
    told = pipeline.verify_package(public[1]).manifest
    held = pipeline.read_ledger(ground)[-1]
    assert told["ledger"] == {"seq": held.seq, "sha256": held.sha256, "at": held.at}
    assert told["marking"] == "TLP:CLEAR"
    assert told["origin"] == "US"


def test_nothing_public_is_of_patrols_or_a_record(public):
    opened = pipeline.verify_package(public[1])
    assert "incidents.csv" not in opened.files
    for name, content in opened.files.items():
        if name not in {"riskmap.html", "riskmap.gpkg"}:
            assert b"patrol_risk" not in content, name
    counts = pq.read_table(io.BytesIO(opened.files["counts.parquet"])).to_pandas()
    shown = counts["state"] == "shown"
    assert (counts.loc[shown, "events"] >= 11).all()
    assert counts.loc[~shown, "events"].isna().all()


def test_a_table_made_of_closed_records_stays_and_is_named(copied, tmp_path):
    marked = copied.read("incidents")
    marking = (
        marked["marking"]
        .astype("str")
        .mask(np.arange(len(marked)) == 0, "TLP:AMBER+STRICT")
    )
    copied.write(
        "incidents",
        marked.assign(marking=marking),
        step="incidents",
        options={},
        inputs={},
    )
    landmarks = copied.read("landmarks")
    names = landmarks["name_en"].astype("str")
    names = names.mask(np.arange(len(names)) == 0, f"{CANARY}")
    kinds = landmarks["kind"].astype("str")
    kinds = kinds.mask(np.arange(len(kinds)) == 0, "water")
    copied.write(
        "landmarks",
        landmarks.assign(name_en=names, kind=kinds),
        step="landmarks",
        options={},
        inputs={},
    )
    out = tmp_path / "p.zip"
    try:
        report = pipeline.create_package(copied, out, WORDS, profile="public", to="MX")
    except DisclosureError:
        assert not out.exists()
        return
    assert "scores" in report.withheld
    assert not {"scores.csv", "riskmap.html"} & set(report.files)
    opened = pipeline.verify_package(out)
    for name, content in opened.files.items():
        assert CANARY.encode() not in content, name


@pytest.mark.parametrize("made", ["public", "internal"])
def test_every_geojson_keeps_rfc_7946_to_the_letter(made, request):
    _, out = request.getfixturevalue(made)
    opened = pipeline.verify_package(out)
    for name, content in opened.files.items():
        if name.endswith(".geojson"):
            check_geojson(content)


def check_geojson(content):
    read = json.loads(content, parse_constant=pytest.fail)
    assert read["type"] == "FeatureCollection"
    assert "crs" not in read
    assert read["riskmap"]["marking"].startswith("TLP:")
    assert read["riskmap"]["format_version"] == 1
    ids = [feature["id"] for feature in read["features"]]
    assert len(ids) == len(set(ids))
    shapes = []
    for feature in read["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["properties"]["marking"].startswith("TLP:")
        if feature["geometry"] is None:
            continue
        shape = shapely.geometry.shape(feature["geometry"])
        shapes.append(shape)
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw
                assert not any(ring.is_ccw for ring in part.interiors)
    points = shapely.get_coordinates(shapes)
    assert np.array_equal(points, np.round(points, 7))
    assert read["bbox"] == shapely.total_bounds(shapes).tolist()


def test_gdal_opens_every_file_that_holds_places(internal, tmp_path):
    report, out = internal
    with zipfile.ZipFile(out) as packed:
        packed.extractall(tmp_path)
    rows = report.rows
    assert dict(pyogrio.list_layers(tmp_path / "riskmap.gpkg")).keys() >= rows.keys()
    for name, number in rows.items():
        read = pyogrio.read_dataframe(tmp_path / f"{name}.geojson")
        assert len(read) == number
        again = gpd.read_parquet(tmp_path / f"{name}.parquet")
        assert again.crs == "EPSG:4326"
        layer = pyogrio.read_dataframe(tmp_path / "riskmap.gpkg", layer=name)
        known = ~again.geometry.isna().to_numpy()
        for other in (read, layer):
            ours = shapely.normalize(np.asarray(again.geometry)[known])
            theirs = shapely.normalize(np.asarray(other.geometry)[known])
            assert shapely.equals_exact(ours, theirs, tolerance=1e-7).all()
            assert (other["marking"].to_numpy() == again["marking"].to_numpy()).all()
    drivers = pyogrio.list_drivers(read=True)
    for driver, name in (("KML", "riskmap.kml"), ("GPX", "riskmap.gpx")):
        if driver in drivers or f"LIB{driver}" in drivers:
            assert len(pyogrio.list_layers(tmp_path / name))


def test_the_csv_has_a_row_of_hxl_tags(public):
    opened = pipeline.verify_package(public[1])
    for name in ("scores.csv", "zones.csv", "landmarks.csv", "counts.csv"):
        lines = opened.files[name].decode("utf-8-sig").splitlines()
        assert all(tag.startswith("#") for tag in lines[1].split(",")), name


def test_the_words_in_it_are_there_in_both_languages(public):
    opened = pipeline.verify_package(public[1])
    both = [opened.files[f"method_{code}.md"].decode() for code in ("en", "es")]
    assert len(set(both)) == len(both)
    table = pd.read_csv(io.BytesIO(opened.files["data_dictionary.csv"]))
    assert table.notna()[["name_en", "name_es", "meaning_en", "meaning_es"]].all(
        axis=None
    )


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"profile": "everybody", "to": "MX"}, UnknownNameError),
        ({"profile": "public", "to": "CA"}, UnknownNameError),
        ({"profile": "internal", "to": "US", "role": "king"}, UnknownNameError),
    ],
)
def test_bad_options_are_refused_and_nothing_is_written(ground, tmp_path, asked, error):
    before = pipeline.verify_audit(ground).head
    with pytest.raises(error):
        pipeline.create_package(ground, tmp_path / "p.zip", WORDS, **asked)
    assert not (tmp_path / "p.zip").exists()
    assert pipeline.verify_audit(ground).head == before


def test_our_own_package_has_no_difference_from_us(ground, internal):
    assert pipeline.diff_package(ground, internal[1]).empty


def changed(out, name, change, **manifest):
    """The package of another side that saw something otherwise."""
    opened = open_package(out)
    files = dict(opened.files)
    table = pq.read_table(io.BytesIO(files[f"{name}.parquet"]))
    held = io.BytesIO()
    frame = change(table.to_pandas())
    written = type(table).from_pandas(frame, preserve_index=False)
    pq.write_table(written.replace_schema_metadata(table.schema.metadata), held)
    files[f"{name}.parquet"] = held.getvalue()
    told = {**opened.manifest, **manifest}
    told["files"] = {n: entry_of(c, marking="TLP:AMBER") for n, c in files.items()}
    return pack(files, told)


def other_dead(frame):
    return frame.assign(dead=frame["dead"].where(frame.index != 3, 99))


def test_differences_are_listed_decided_and_travel_back(copied, internal, tmp_path):
    theirs = tmp_path / "theirs.zip"
    theirs.write_bytes(changed(internal[1], "incidents", other_dead, origin="MX"))
    done = pipeline.import_package(copied, theirs)
    assert pipeline.imported_package(copied, done.package.sha256[:12]) == (
        theirs.read_bytes()
    )
    assert pipeline.import_package(copied, theirs).repeated
    found = pipeline.diff_package(copied, theirs)
    assert found[["field", "theirs", "state"]].to_numpy().tolist() == [
        ["dead", "99", ""]
    ]
    item = found["item"].iloc[0]
    sha256 = done.package.sha256
    for state, reason in (("disputed", ""), ("disputed", "tel. 656 123 4567")):
        with pytest.raises(OptionError):
            pipeline.decide_difference(copied, sha256, item, state, reason=reason)
    with pytest.raises(PackageRefusedError):
        pipeline.decide_difference(copied, sha256, "incident/none", "accepted")
    with pytest.raises(UnknownNameError):
        pipeline.decide_difference(copied, sha256, item, "perhaps")
    reason = "la fuente corrigió la cifra"
    pipeline.decide_difference(copied, sha256, item, "disputed", reason=reason)
    assert pipeline.diff_package(copied, theirs)["state"].tolist() == ["disputed"]
    out = tmp_path / "ours.zip"
    pipeline.create_package(copied, out, WORDS, profile="internal", to="US")
    back = pipeline.diff_package(copied, out)
    assert back[["item", "field", "theirs"]].to_numpy().tolist() == [
        [item, "dispute", reason]
    ]
    pipeline.decide_difference(copied, sha256, item, "accepted")
    assert pipeline.open_disputes(copied) == []


def test_a_record_of_an_area_leaves_without_a_place(copied, tmp_path):
    table: gpd.GeoDataFrame = copied.read("incidents")
    area = np.where(np.arange(len(table)) == 0, "04003", "")
    changed_ = table.assign(area=pd.array(area, dtype="str"))
    copied.write("incidents", changed_, step="incidents", options={}, inputs={})
    out = tmp_path / "p.zip"
    pipeline.create_package(copied, out, WORDS, profile="internal", to="US")
    sent = their_table(pipeline.verify_package(out), "incidents")
    assert sent is not None
    placeless = sent["geometry"].isna()
    assert sent.index[placeless].tolist() == [table.index[0]]
    assert sent.loc[table.index[0], ["area", "place"]].tolist() == ["04003", ""]
    assert (sent.loc[~placeless, "area"] == "").all()
    assert (sent.loc[~placeless, "place"] != "").all()
    assert pipeline.diff_package(copied, out).empty


def test_a_lower_marking_than_ours_is_refused_and_nothing_changes(copied, internal):
    table: gpd.GeoDataFrame = copied.read("incidents")
    strict = table.assign(marking=pd.array(["TLP:AMBER"] * len(table), dtype="str"))
    copied.write("incidents", strict, step="incidents", options={}, inputs={})
    before = pipeline.verify_audit(copied).head
    with pytest.raises(PackageRefusedError) as found:
        pipeline.import_package(copied, internal[1])
    assert found.value.fields["reason"] == "lower"
    assert pipeline.verify_audit(copied).head == before
    assert len(copied.batches("packages")) == 0


def too_many(frame):
    return frame.iloc[np.zeros(1_000_000, dtype=int)][["cell", "marking"]]


def test_a_million_features_are_refused(internal):
    data = changed(internal[1], "scores", too_many)
    with pytest.raises(PackageRefusedError) as found:
        pipeline.verify_package(data)
    assert found.value.fields["reason"] == "table"


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9, 0.999])
def test_a_package_cut_short_is_refused_and_nothing_changes(
    copied, internal, tmp_path, where
):
    data = internal[1].read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(data[: int(len(data) * where)])
    before = pipeline.verify_audit(copied).head
    with pytest.raises(PackageRefusedError) as found:
        pipeline.import_package(copied, cut)
    for code in LANGUAGES:
        assert "cut short" in Words("en").error(found.value)
        assert Words(code).error(found.value)
    assert pipeline.verify_audit(copied).head == before


def test_a_signed_package_is_trusted_by_its_key_only(copied, tmp_path):
    private, public_, name = pipeline.write_signing_key(tmp_path / "key.pem")
    assert private.stat().st_mode & 0o077 == 0
    with pytest.raises(PackageRefusedError):
        pipeline.write_signing_key(tmp_path / "key.pem")
    settings = copied.path / "riskmap.toml"
    text = settings.read_text(encoding="utf-8") + f'key = "{private}"\n'
    settings.write_text(text, encoding="utf-8")
    out = tmp_path / "p.zip"
    made = pipeline.create_package(copied, out, WORDS, profile="internal", to="US")
    assert made.key == name
    assert pipeline.verify_package(out, keys=[public_]).trusted


def test_verification_needs_no_project(internal, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Project, "open", lambda *_: pytest.fail("opened a project"))
    opened = pipeline.verify_package(internal[1])
    text = canonical(opened.manifest)
    with zipfile.ZipFile(internal[1]) as packed:
        assert packed.read(MANIFEST) == text
