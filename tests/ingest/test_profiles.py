"""Profiles: each agency's own files, as they are, give what they say."""

import re
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest

from riskmap import errors
from riskmap.ingest import (
    FAULT_TABLE,
    INCIDENT_TABLE,
    KINDS,
    load_profile,
    profile_names,
    read_incidents,
)
from riskmap.ingest.identity import tells_of_person
from riskmap.ingest.profiles import choose_profile
from riskmap.schema import check_table

DATA = Path(__file__).resolve().parents[2] / "data"

# file; profile; rows; accepted; quarantined by code, all worked out beside riskmap
REAL = [
    (
        "dev_iom_usmx_before_2022_no_elpaso.csv",
        "iom_missing_migrants",
        2_818,
        {
            "record_is_total": 33,
            "coordinates_stand_in": 30,
            "date_contradicts_month": 7,
            "nobody_harmed": 1,
            "coordinates_far_from_river": 31,
            "place_is_area": 17,
            "country_contradicts": 4,
        },
    ),
    (
        "dev_nmd_before_2022_no_elpaso.csv",
        "no_more_deaths",
        5_350,
        {"country_contradicts": 1},
    ),
    ("ogis_pima_snapshot_2021-02-24.csv.gz", "arizona_ogis", 3_627, {}),
    (
        "ucdp_ged_mexico_1989_2020.csv.gz",
        "ucdp_ged",
        10_137,
        {"place_is_area": 672, "coordinates_whole_degrees": 132},
    ),
]


@pytest.fixture(scope="module")
def boundary():
    return gpd.read_file(DATA / "boundary" / "boundary.geojson")


@pytest.mark.realdata
@pytest.mark.parametrize(("name", "profile", "rows", "faults"), REAL)
def test_a_file_of_a_publisher_as_it_is(
    name, profile, rows, faults, shared_data, boundary
):
    path = shared_data / "incidents" / name
    batch = read_incidents(path, known_on=date(2022, 1, 1), boundary=boundary)
    assert batch.profile == profile
    assert batch.rows_in == rows
    assert len(batch.accepted) + batch.quarantined + len(batch.duplicates) == rows
    assert batch.faults["code"].value_counts().to_dict() == faults
    check_table(batch.accepted, INCIDENT_TABLE, name=name)
    check_table(batch.faults, FAULT_TABLE, name=name)
    kept = re.findall(r'"([^"]+)":', "".join(batch.faults["original"].iloc[:1]))
    assert not any(tells_of_person(heading) for heading in kept)


@pytest.mark.realdata
def test_identifiers_are_those_of_the_publisher_after_the_source(shared_data):
    known_on = date(2022, 1, 1)
    folder = shared_data / "incidents"
    iom = read_incidents(folder / REAL[0][0], known_on=known_on).accepted
    ged = read_incidents(folder / REAL[3][0], known_on=known_on).accepted
    first = iom.loc["iom_mmp:2014.MMP00001"]
    assert (first.geometry.x, first.geometry.y) == (-110.366453, 31.650259)
    assert (first["kind"], first["cause"], first["dead"]) == (
        "migrant_death",
        "undetermined",
        1,
    )
    assert first["accuracy_m"] == 100
    event = ged.loc["ucdp_ged:182047"]
    assert (event["kind"], event["dead"]) == ("violence_onesided", 2)
    assert event["time_precision"] == "day"
    assert event["occurred_on"].isoformat() == "1989-01-22T00:00:00+00:00"


@pytest.fixture(scope="module")
def sample(boundary):
    path = DATA / "incidents" / "incidents.csv"
    return read_incidents(path, known_on=date(2022, 1, 1), boundary=boundary)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "new"), [(REAL[0][0], 0), (REAL[3][0], 9_465 - 3_427)]
)
def test_what_the_sample_holds_is_known_again_in_its_source(
    name, new, sample, boundary, shared_data
):
    batch = read_incidents(
        shared_data / "incidents" / name,
        known_on=date(2022, 1, 1),
        known_ids=sample.accepted,
        boundary=boundary,
    )
    assert "id_changed" not in set(batch.faults["code"])
    assert len(batch.accepted) == new
    assert set(batch.duplicates["reason"]) == {"known"}


def test_the_sample_and_its_quarantine(sample):
    batch = sample
    assert batch.profile == "riskmap"
    assert batch.rows_in == 6_245
    assert batch.faults["code"].value_counts().to_dict() == {
        "place_is_area": 46,
        "record_is_total": 33,
        "coordinates_stand_in": 30,
        "date_contradicts_month": 7,
        "country_contradicts": 3,
        "nobody_harmed": 1,
    }
    purposes = batch.accepted.groupby("source")["purpose"].unique().map(list).to_dict()
    assert purposes == {"iom_mmp": ["life_saving"], "ucdp_ged": ["public_safety"]}


ENGLISH = """date,time,place,type,latitude,longitude,deaths,cause,name
2021-12-25,14:30,Sasabe,Remains found,31.4501,-111.5203,1,hyperthermia,John
2021-04-03,,Nogales,Rock throwing,31.3402,-110.9401,0,,
2021-04-05,2:05 pm,Reynosa,Missing,26.1001,-98.3001,,,Ana
"""

SPANISH = """fecha;hora;lugar;tipo;latitud;longitud;fallecidos;causa;nombre
25/12/2021;14:30;Sásabe;Hallazgo de restos;31,4501;111,5203 O;1;hipertermia;Juan
03/04/2021;;Nogales;Lanzamiento de piedras;31° 20' 24.72" N;110,9401 O;0;;
5 de abril de 2021;14:05 hrs;Reynosa;Desaparición;26,1001;-98,3001;;;Ana
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
def test_a_spanish_and_an_english_file_give_identical_records(read_text, encoding):
    english = read_text(ENGLISH, profile=None, boundary=None)
    spanish = read_text(SPANISH.encode(encoding), profile=None, boundary=None)
    assert (english.profile, spanish.profile) == ("generic_en", "generic_es")
    assert english.faults.empty
    assert spanish.faults.empty
    own = ["said_kind", "said_cause"]
    assert (english.accepted[own] != spanish.accepted[own]).any().all()
    one, other = (batch.accepted.drop(columns=own) for batch in (english, spanish))
    assert one.index.equals(other.index)
    assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
    assert one.geometry.geom_equals_exact(other.geometry, 1e-9).all()


def test_every_kind_can_be_said_in_both_languages():
    for name in ("generic_en", "generic_es"):
        meanings = set(load_profile(name).vocabulary["kind"].values())
        # what only an armed-conflict data set tells apart has no everyday word
        assert {kind for kind in KINDS if not kind.startswith("violence_")} == meanings


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_keeps_no_column_that_tells_of_a_person(name):
    profile = load_profile(name)
    assert not any(tells_of_person(heading) for heading in profile.keep)
    assert profile.licence or profile.source == "local"


@pytest.mark.parametrize("name", profile_names())
def test_a_profile_is_the_one_chosen_for_its_own_headings(name):
    profile = load_profile(name)
    headings = [heading.split("|")[0] for heading in profile.signature]
    assert choose_profile([*headings, "other"], Path("file.csv")).name == name


def test_headings_that_fit_nothing_are_shown_with_the_known_profiles(read_text):
    with pytest.raises(errors.ProfileUndecidedError) as caught:
        read_text("when,where\n2021-03-05,here\n", profile=None)
    assert caught.value.fields["found"] == ["when", "where"]
    assert "generic_es" in caught.value.fields["known"]


def test_a_column_that_is_needed_is_named(read_text):
    with pytest.raises(errors.ColumnMissingError) as caught:
        read_text("date,type,lat\n2021-03-05,rescue,31.45\n", profile="generic_en")
    assert caught.value.fields["columns"] == [
        "coordinates / lon / easting / mgrs / county"
    ]


def test_an_unknown_profile_is_refused_by_name():
    with pytest.raises(errors.UnknownNameError, match="no_such"):
        load_profile("no_such")


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("columns = {}\nkeep = ['Nombre']", "keep"),
        ("[columns]\nwhen = 'date'", "columns"),
        ("[columns]\nid = 'Nombre'", "columns.id"),
        ("columns = {}\ndate_order = 'ydm'", "date_order"),
        ("columns = {}\n[vocabulary.kind]\nx = 'picnic'", "vocabulary.kind"),
        ("columns = {}\n[constants]\nkind = 'picnic'", "constants.kind"),
        ("columns = {}\nstrange = 1", "profile"),
        ("columns = [", "profile"),
    ],
)
def test_a_profile_that_is_wrong_names_its_option(text, option, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(errors.ConfigError) as caught:
        load_profile(str(path))
    assert caught.value.fields["option"] == option
