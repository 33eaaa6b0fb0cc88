"""Versions: corrections, withdrawals, markings, areas and sides of a delivery."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.ingest import INCIDENT_TABLE, load_profile, profile_names
from riskmap.ingest.boundary_checks import us_probability
from riskmap.ingest.quantities import only_known
from riskmap.schema import check_table
from riskmap.sharing.markings import Marking

WITHDRAW = {"status": "withdrawn", "lat": "", "lon": "", "date": "", "kind": ""}


@pytest.fixture
def known(read_rows):
    """Two records that are held."""
    return read_rows({}, {"dead": "2"}).accepted


def test_a_row_that_says_so_corrects_the_record(read_rows, known):
    change = {"dead": "3", "status": "corrected", "reason": "second count"}
    batch = read_rows(change, known_ids=known)
    assert batch.faults.empty
    row = batch.accepted.loc["test:1"]
    assert (row["dead"], row["status"]) == (3, "corrected")
    assert row["change_reason"] == "second count"
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")


def test_a_correction_that_corrects_nothing_is_a_duplicate(read_rows, known):
    batch = read_rows({"status": "corrected"}, known_ids=known)
    assert (len(batch.duplicates), len(batch.accepted)) == (1, 0)


def test_a_correction_may_grade_the_place_anew(read_rows, known):
    batch = read_rows({"status": "corrected", "accuracy": "30"}, known_ids=known)
    assert batch.accepted["accuracy_m"].tolist() == [30.0]


def test_a_withdrawal_needs_no_more_than_the_identifier(read_rows, known):
    batch = read_rows(WITHDRAW | {"reason": "seen twice"}, known_ids=known)
    assert batch.faults.empty
    row = batch.accepted.loc["test:1"]
    # the version keeps what the record said, so that the history can be read
    assert (row["status"], row["dead"], row["kind"]) == (
        "withdrawn",
        1,
        "migrant_death",
    )
    assert batch.accepted.geometry.iloc[0].equals(known.geometry.iloc[0])
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")
    again = read_rows(WITHDRAW, known_ids=batch.accepted)
    assert again.duplicates["reason"].tolist() == ["known"]


def test_a_record_both_told_and_taken_back_in_one_file_waits(read_rows, known):
    batch = read_rows({"id": "1"}, WITHDRAW | {"id": "1"}, known_ids=known)
    assert set(batch.faults["code"]) == {"id_repeated"}


def test_what_was_taken_back_does_not_come_back_by_itself(read_rows, known):
    gone = read_rows(WITHDRAW, known_ids=known).accepted
    assert read_rows({}, known_ids=gone).accepted.empty
    back = read_rows({"status": "corrected"}, known_ids=gone).accepted
    assert back["status"].tolist() == ["corrected"]


def test_a_publisher_who_sends_all_anew_amends_by_its_profile(
    read_rows, known, every_field, tmp_path
):
    profile = tmp_path / "anew.toml"
    every = Path(every_field).read_text("utf-8")
    profile.write_text("amends = true\n" + every, encoding="utf-8")
    batch = read_rows({"dead": "3"}, profile=str(profile), known_ids=known)
    assert batch.accepted["status"].tolist() == ["corrected"]


def test_a_profile_may_accept_proposals_and_the_record_tells(
    read_rows, every_field, tmp_path
):
    profile = tmp_path / "lenient.toml"
    rule = 'accept = ["longitude_sign_lost"]\n'
    every = Path(every_field).read_text("utf-8")
    profile.write_text(rule + every, encoding="utf-8")
    lost = {"lon": "110.5203"}
    swapped = {"lat": "-110.5203", "lon": "31.4501"}
    batch = read_rows({}, lost, swapped, profile=str(profile))
    assert batch.accepted["mended"].tolist() == ["", "longitude_sign_lost"]
    assert batch.accepted.geometry.x.tolist() == [-110.5203, -110.5203]
    assert batch.faults["code"].tolist() == ["coordinates_swapped"]


@pytest.mark.parametrize("name", profile_names())
def test_the_marking_of_a_profile_is_one_of_the_protocol(name):
    profile = load_profile(name)
    assert Marking.read(profile.marking, originator="US").label in profile.marking


def test_every_record_carries_marking_and_licence(read_rows):
    batch = read_rows({}, {"marking": "TLP:RED"})
    assert batch.accepted["marking"].tolist() == ["TLP:AMBER+STRICT", "TLP:RED"]
    assert batch.accepted["licence"].tolist() == ["", ""]


def test_the_days_of_a_records_way_are_kept_apart(read_rows):
    batch = read_rows({"found": "2021-03-09", "reported": "2021-03-10"})
    row = batch.accepted.iloc[0]
    days = [str(row[f"{name}_on"])[:10] for name in ("occurred", "found", "reported")]
    assert days == ["2021-03-05", "2021-03-09", "2021-03-10"]
    assert row["date_basis"] == "event"
    assert pd.isna(row["entered_on"])


def test_a_record_known_only_to_its_municipio_is_an_area(read_rows, jurisdictions):
    nowhere = {"lat": "", "lon": "", "accuracy": "", "country": ""}
    batch = read_rows(nowhere | {"district": "Naco"}, {"district": "Santa Cruz"})
    area, point = (batch.accepted.loc[f"test:{number}"] for number in (1, 2))
    assert (area["area"], area["accuracy_basis"]) == ("26039", "municipality")
    shape = jurisdictions.set_index("code").geometry["26039"]
    assert shape.contains(area["geometry"])
    # the circle of 0.4° by 0.333°: some 38 km by 37 km
    assert area["accuracy_m"] == pytest.approx(21_100, rel=0.02)
    assert (point["area"], point["accuracy_basis"]) == ("", "stated")


def test_thirty_metres_with_an_accuracy_of_a_hundred_is_62_to_38(line):
    # 30 m north of the line: a second of latitude is 30.8 m
    place = pd.DataFrame({"x": [-110.5], "y": [31.333 + 30 / 110_870]})
    found = us_probability(place.assign(accuracy_m=100.0), line)
    assert found.iloc[0] == pytest.approx(0.62, abs=0.01)


@pytest.mark.parametrize("accuracy_m", [20.0, 100.0, 1_000.0])
def test_the_side_is_as_probable_as_in_a_simulation(accuracy_m):
    # a line with a bend of 30°, the point beside its straight part
    reach = shapely.LineString([(-110, 31.333), (-110.5, 31.333), (-111, 31.6)])
    bent = gpd.GeoDataFrame(
        {"from_km": [0.0], "to_km": [110.0]}, geometry=[reach], crs="EPSG:4326"
    )
    place = pd.DataFrame({"x": [-110.3], "y": [31.3332], "accuracy_m": [accuracy_m]})
    random = np.random.default_rng(0)
    off = random.normal(0, accuracy_m, (20_000, 2))
    y = 31.3332 + off[:, 1] / 110_870
    drawn = (y > 31.333).mean()
    assert us_probability(place, bent).iloc[0] == pytest.approx(drawn, abs=0.01)


def test_far_from_the_line_the_side_is_sure(read_rows):
    batch = read_rows({}, {"lat": "31.2", "country": "MX"})
    assert batch.accepted["us_probability"].tolist() == [1.0, 0.0]


def test_a_record_confirmed_later_is_a_change_that_waits(read_rows, known):
    batch = read_rows({"confirmed": "yes"}, known_ids=known)
    assert batch.faults["code"].tolist() == ["id_changed"]
    batch = read_rows({"confirmed": "yes", "status": "corrected"}, known_ids=known)
    assert batch.accepted["confirmation"].tolist() == ["confirmed"]


def test_the_sources_own_words_stand_beside_the_common_ones(read_text):
    text = "fecha,tipo,causa,latitud,longitud,fallecidos\n"
    text += "25/12/2020,Muerte,Ahogamiento,31.45,-110.25,1\n"
    batch = read_text(text, profile="generic_es", boundary=None)
    row = batch.accepted.iloc[0]
    assert (row["kind"], row["said_kind"]) == ("migrant_death", "Muerte")
    assert (row["cause"], row["said_cause"]) == ("drowning", "Ahogamiento")


def test_no_word_is_kept_that_the_vocabulary_does_not_know():
    told = only_known(
        pd.Series(["rescate", "Ana Pérez, 31", ""]), {"rescate": "rescue"}
    )
    assert told.tolist() == ["rescate", "", ""]


def test_an_area_lies_in_its_country_however_near_the_line(read_rows):
    nowhere = {"lat": "", "lon": "", "accuracy": "", "country": ""}
    batch = read_rows(nowhere | {"district": "Naco"}, nowhere | {"district": "Cochise"})
    assert batch.accepted["us_probability"].tolist() == [0.0, 1.0]


def test_only_the_records_that_are_asked_for_need_be_read(read_rows, known):
    whole = read_rows({"dead": "4"}, {}, known_ids=known)
    asked = []

    def named(ids):
        asked.extend(ids)
        return known.loc[known.index.isin(ids)]

    part = read_rows({"dead": "4"}, {}, known_ids=named)
    assert part.faults.equals(whole.faults)
    assert part.duplicates.equals(whole.duplicates)
    assert set(asked) == {"test:1", "test:2"}
