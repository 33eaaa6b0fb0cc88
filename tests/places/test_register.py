"""A landmark that is added is checked, and one that is verified says so."""

import datetime

import pytest

from riskmap.errors import LandmarkFaultyError, UnknownNameError
from riskmap.ingest.landmarks import LANDMARK_TABLE
from riskmap.places.gazetteer import build_gazetteer
from riskmap.places.names import find_landmarks
from riskmap.places.register import NewLandmark, landmark_row, matching, verified
from riskmap.schema import check_table


def new(**changes):
    values = {
        "landmark_id": "beacon-1", "kind": "other", "name_en": "Rescue beacon 1",
        "name_es": "", "lon": -112.0, "lat": 31.9, "accuracy_m": 20, "source": "test",
    }  # fmt: skip
    return NewLandmark(**(values | changes))


def test_a_new_landmark_is_a_row_of_the_table(line):
    row = landmark_row(new(), line)
    check_table(row, LANDMARK_TABLE, name="landmarks")
    assert [column.name for column in LANDMARK_TABLE] == list(row.columns)
    (found,) = row.itertuples()
    assert (found.side, found.basis) == ("US", "unverified")
    assert found.name_es == "Rescue beacon 1"
    gazetteer = build_gazetteer(row)
    assert find_landmarks(gazetteer, "rescue beacon 1").landmarks


def test_on_the_line_it_belongs_to_both(line):
    lon, lat = line.point_at([2500.0])[0]
    row = landmark_row(new(lon=lon, lat=lat, verified_on="2026-11-25"), line)
    assert row["side"].tolist() == ["both"]
    assert row["basis"].tolist() == ["read"]
    assert row["km"].iloc[0] == pytest.approx(2500, abs=0.01)


@pytest.mark.parametrize(
    "changes",
    [{"lon": 2.35, "lat": 48.8}, {"lat": 95}, {"side": "MX"}, {"accuracy_m": -1},
     {"lon": float("nan")}],
)  # fmt: skip
def test_an_impossible_landmark_is_refused(line, changes):
    with pytest.raises(LandmarkFaultyError):
        landmark_row(new(**changes), line)


def test_verifying_gives_a_delivery_of_the_changed_rows(landmarks):
    on = datetime.date(2026, 11, 25)
    rows = verified(landmarks, ["town-115", "bm-001"], on=on)
    assert rows.index.tolist() == ["town-115", "bm-001"]
    assert set(rows["verified_on"]) == {"2026-11-25"}
    assert set(rows["basis"]) == {"read"}
    assert landmarks.loc["town-115", "basis"] == "unverified"
    with pytest.raises(UnknownNameError):
        verified(landmarks, ["nowhere"], on=on)


def test_landmarks_are_listed_by_kind_side_and_words(landmarks):
    bridges = matching(landmarks, kind="international_bridge")
    assert len(bridges) == 27
    assert bridges["km"].is_monotonic_increasing
    assert matching(landmarks, text="SASABE", side="MX").index.tolist() == [
        "gb-006",
        "town-171",
    ]
    assert matching(landmarks, text="260401").index.tolist() == ["poe-014"]
