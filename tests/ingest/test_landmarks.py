"""Landmarks and context: the bundled tables, and what is refused."""

from pathlib import Path

import pytest

from riskmap import errors
from riskmap.ingest import (
    LANDMARK_TABLE,
    read_coverage,
    read_jurisdictions,
    read_landmarks,
    read_regions,
    read_waterways,
)
from riskmap.schema import check_table

DATA = Path(__file__).resolve().parents[2] / "data"

HEADINGS = "id,kind,name_en,name_es,lat,lon,accuracy_m,side,basis,km\n"
FIRST = "bm-1,monument,Monument 1,Monumento 1,31.784,-106.53,10,both,read,2059.4\n"


@pytest.fixture
def landmarks(tmp_path):
    def read(*rows, **options):
        path = tmp_path / "landmarks.csv"
        path.write_text(HEADINGS + "".join(rows), encoding="utf-8")
        batch = read_landmarks(path, **options)
        together = len(batch.accepted) + batch.quarantined + len(batch.duplicates)
        assert batch.rows_in == together
        check_table(batch.accepted, LANDMARK_TABLE, name="landmarks")
        return batch

    return read


def test_the_bundled_landmarks_are_all_accepted():
    batch = read_landmarks(DATA / "landmarks" / "landmarks.csv", strict=True)
    assert batch.faults.empty
    assert batch.duplicates.empty
    assert len(batch.accepted) == batch.rows_in
    assert (batch.accepted["kind"] == "boundary_monument").sum() == 276
    check_table(batch.accepted, LANDMARK_TABLE, name="landmarks")


def test_a_landmark_at_zero_is_a_fault_and_refused_where_strict(landmarks):
    nowhere = "bm-2,monument,Monument 2,,0,0,10,both,read,\n"
    assert landmarks(FIRST, nowhere).faults["code"].tolist() == [
        "coordinates_null_island"
    ]
    with pytest.raises(errors.LandmarkFaultyError) as caught:
        landmarks(FIRST, nowhere, strict=True)
    assert caught.value.fields == {"landmark": "bm-2", "x": "0", "y": "0"}


def test_the_same_landmark_twice_is_a_duplicate_and_another_place_a_fault(landmarks):
    moved = FIRST.replace("31.784", "31.884")
    assert len(landmarks(FIRST, FIRST).duplicates) == 1
    assert landmarks(FIRST, moved).faults["code"].tolist() == ["id_repeated"] * 2


def test_a_name_in_one_language_stands_in_for_the_other(landmarks):
    only = FIRST.replace("Monument 1,", ",", 1)
    names = landmarks(only).accepted[["name_en", "name_es"]].values.tolist()
    assert names == [["Monumento 1", "Monumento 1"]]


def test_the_bundled_coverage_says_where_nothing_is_known():
    coverage = read_coverage(DATA / "incidents" / "coverage.csv")
    assert set(coverage["purpose"]) == {"life_saving", "public_safety"}
    assert (coverage["from_km"] < coverage["to_km"]).all()
    assert coverage["from_on"].dt.tz is not None


COVERAGE = "source,purpose,side,from_km,to_km,from_on,to_on,note\n"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("a,life_saving,US,0,10,2014-01-01,soon,\n", errors.TableContractError),
        ("a,lifesaving,US,0,10,2014-01-01,,\n", errors.TableContractError),
        ("a,life_saving,north,0,10,2014-01-01,,\n", errors.TableContractError),
        ("a,life_saving,US,zero,10,2014-01-01,,\n", errors.TableContractError),
        ("a,life_saving,US,0,10,2014-01-01\n", errors.InputError),
    ],
)
def test_a_coverage_that_is_wrong_is_refused_whole(row, error, tmp_path):
    path = tmp_path / "coverage.csv"
    path.write_text(COVERAGE + row)
    with pytest.raises(error):
        read_coverage(path)


def test_the_bundled_shapes_are_read():
    waterways = read_waterways(DATA / "landmarks" / "waterways.geojson")
    assert set(waterways.geom_type) <= {"LineString", "MultiLineString"}
    regions = read_regions(DATA / "landmarks" / "regions.geojson")
    assert regions.crs.to_epsg() == 4326
    kinds = set(
        read_jurisdictions(DATA / "boundary" / "jurisdictions.geojson.gz")["kind"]
    )
    assert {"us_state", "us_county", "mx_state", "mx_municipio"} <= kinds


@pytest.mark.parametrize(
    ("feature", "error"),
    [
        ("null", errors.FileUnreadableError),
        ('{"geometry": null, "properties": {}}', errors.FileUnreadableError),
        (
            '{"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {}}',
            errors.ColumnMissingError,
        ),
    ],
)
def test_features_without_a_shape_are_refused(feature, error, tmp_path):
    path = tmp_path / "lines.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' + feature + "]}")
    with pytest.raises(error):
        read_waterways(path)
