"""Jurisdictions and time zones: where a record says it is, and what time it was."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.ingest import INCIDENT_TABLE, read_jurisdictions
from riskmap.ingest.instants import to_utc, zone_codes, zones_at
from riskmap.schema import check_table
from tests.ingest.conftest import few_examples

DATA = Path(__file__).parents[2] / "data/boundary/jurisdictions.geojson.gz"

# town, longitude, latitude, and the zone that its clocks follow
TOWNS = [
    ("Tijuana", -116.97, 32.50, "America/Tijuana"),
    ("Mexicali", -115.45, 32.60, "America/Tijuana"),
    ("San Diego", -117.10, 32.72, "America/Los_Angeles"),
    ("Yuma", -114.55, 32.65, "America/Phoenix"),
    ("Nogales, Arizona", -110.94, 31.36, "America/Phoenix"),
    ("Nogales, Sonora", -110.94, 31.29, "America/Hermosillo"),
    ("Lordsburg", -108.71, 32.35, "America/Denver"),
    ("Ciudad Juárez", -106.43, 31.66, "America/Ciudad_Juarez"),
    ("Puerto Palomas", -107.62, 31.76, "America/Ciudad_Juarez"),
    ("El Paso", -106.44, 31.80, "America/Denver"),
    ("Sierra Blanca", -105.36, 31.18, "America/Denver"),
    ("Presidio", -104.36, 29.57, "America/Chicago"),
    ("Ojinaga", -104.42, 29.54, "America/Ojinaga"),
    ("Villa Ahumada", -106.51, 30.62, "America/Chihuahua"),
    ("Ciudad Acuña", -100.95, 29.31, "America/Matamoros"),
    ("Sabinas", -101.12, 27.85, "America/Monterrey"),
    ("Nuevo Laredo", -99.53, 27.46, "America/Matamoros"),
    ("Matamoros", -97.51, 25.86, "America/Matamoros"),
    ("Brownsville", -97.50, 25.93, "America/Chicago"),
    # far from the line, where the table ends
    ("Ciudad Victoria", -99.14, 23.73, ""),
]


@pytest.fixture(scope="module")
def bundled():
    return read_jurisdictions(DATA)


def test_towns_of_the_border_follow_their_own_clocks(bundled):
    names, x, y, zones = zip(*TOWNS, strict=True)
    place = pd.DataFrame({"x": x, "y": y}, index=names)
    assert zones_at(place, bundled).to_dict() == dict(zip(names, zones, strict=True))


def test_every_zone_and_code_is_one_that_exists(bundled):
    states, districts = zone_codes()
    assert all(ZoneInfo(zone) for zone in {*states.values(), *districts.values()})
    assert set(districts) <= set(bundled["code"])
    assert set(states) == set(bundled["code"][bundled["kind"].str.endswith("state")])


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        # Sonora never changes
        ("America/Hermosillo", "2021-01-15 12:00", "19:00"),
        ("America/Hermosillo", "2021-07-15 12:00", "19:00"),
        # Juárez: mountain time as El Paso's, a month of central time, and back
        ("America/Ciudad_Juarez", "2022-07-15 12:00", "18:00"),
        ("America/Ciudad_Juarez", "2022-11-15 12:00", "18:00"),
        ("America/Ciudad_Juarez", "2022-12-15 12:00", "19:00"),
        ("America/Ciudad_Juarez", "2023-07-15 12:00", "18:00"),
        # Ojinaga and Matamoros follow Chicago
        ("America/Ojinaga", "2023-07-15 12:00", "17:00"),
        ("America/Ojinaga", "2023-01-15 12:00", "18:00"),
        ("America/Matamoros", "2023-07-15 12:00", "17:00"),
        # Tijuana follows Los Angeles
        ("America/Tijuana", "2023-07-15 12:00", "19:00"),
        ("America/Tijuana", "2023-01-15 12:00", "20:00"),
        # the interior has had no summer time since 2022
        ("America/Monterrey", "2022-07-15 12:00", "17:00"),
        ("America/Monterrey", "2023-07-15 12:00", "18:00"),
    ],
)
def test_clocks_change_as_each_law_says(zone, local, utc):
    found = to_utc(pd.Series(pd.to_datetime([local])), zone)
    assert found["at"].dt.strftime("%H:%M").tolist() == [utc]
    assert found["clock"].tolist() == ["once"]


@few_examples
@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2029, 12, 31)),  # noqa: DTZ001
    st.sampled_from(sorted({town[3] for town in TOWNS} - {""})),
)
def test_an_instant_is_the_one_that_the_standard_library_gives(local, zone):
    local = local.replace(second=0, microsecond=0)
    found = to_utc(pd.Series([pd.Timestamp(local)]), zone).iloc[0]
    early, late = (
        local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        for fold in (0, 1)
    )
    back = early.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if back != local:
        assert found["never"]
    elif early != late:
        assert found["clock"] == "twice"
        assert pd.isna(found["at"])
    else:
        assert found["at"] == early


def test_the_instant_is_kept_beside_local_time(read_rows):
    west = {"lat": "33.01", "lon": "-115.01"}
    batch = read_rows(
        {"time": "14:30"},
        {"time": "1:30 a. m.", "date": "2021-11-07", **west},
        {"time": ""},
        {"time": "14:30", "lat": "35.01", "lon": "-100.01", "country": ""},
        {"time": "14:30", "date": "2021-03"},
    )
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")
    columns = ["local_time", "time_zone", "clock"]
    assert batch.accepted[columns].values.tolist() == [
        ["14:30", "America/Phoenix", "once"],
        ["01:30", "America/Los_Angeles", "twice"],
        ["", "", ""],
        ["14:30", "", ""],
        ["14:30", "", ""],
    ]
    first = pd.Timestamp("2021-03-05T21:30Z")
    assert batch.accepted["occurred_at"].iloc[0] == first
    assert batch.accepted["occurred_at"].iloc[1:].isna().all()


def test_a_time_that_never_was_is_held_back_with_what_it_may_have_been(read_rows):
    change = {"date": "2021-03-14", "time": "02:15", "lat": "33.01", "lon": "-115.01"}
    faults = read_rows(change).faults
    assert faults[["code", "value", "proposed"]].values.tolist() == [
        ["time_never_was", "02:15", "03:15"]
    ]


def test_a_profile_may_name_the_zone(tmp_path, read_text):
    path = tmp_path / "ours.toml"
    path.write_text(
        'source = "us"\ntime_zone = "UTC"\n[columns]\ndate = "date"\nkind = "type"\n'
        'lon = "x"\nlat = "y"\ntime = "time"\n[constants]\naccuracy = 100\n'
    )
    text = "date,type,x,y,time\n2021-03-05,rescue,-110.5203,31.4501,03:00\n"
    row = read_text(text, profile=str(path)).accepted.iloc[0]
    assert row["occurred_at"] == pd.Timestamp("2021-03-05T03:00Z")
    assert row["time_zone"] == "UTC"


@pytest.mark.parametrize(
    ("change", "code", "proposed"),
    [
        # a degree too far west; a digit elsewhere would not bring it home
        ({"district": "Cochise", "lon": "-111.2"}, "outside_municipio",
         "31.4501, -110.2"),
        # two slips would explain it: nobody can tell which
        ({"district": "Cochise", "lat": "33.2"}, "outside_municipio", ""),
        ({"state": "Sonora", "country": ""}, "outside_state", ""),
        # within the accuracy, and within what areas are generalised by
        ({"district": "Cochise", "lon": "-110.4001", "accuracy": "1"}, "", ""),
        ({"district": "Cochise", "lon": "-110.45", "accuracy": "9000"}, "", ""),
        # of several municipios of one name the state decides
        ({"district": "Juárez", "lat": "31.2", "lon": "-106.5", "country": ""}, "", ""),
        ({"district": "Juárez", "state": "Chihuahua", "lat": "31.2", "lon": "-106.5",
          "country": ""}, "", ""),
        ({"district": "Nogales", "state": "Arizona"}, "", ""),
        ({"district": "NOGALES", "lat": "31.2", "lon": "-110.9", "country": "MX"}, "",
         ""),
    ],
)  # fmt: skip
def test_a_record_outside_what_it_names_is_found(change, code, proposed, read_rows):
    faults = read_rows(change).faults
    assert faults["code"].tolist() == ([code] if code else [])
    if code:
        assert faults["proposed"].tolist() == [proposed]


def test_without_the_table_nothing_is_compared(read_rows):
    batch = read_rows({"state": "Sonora", "time": "14:30"}, jurisdictions=None)
    assert len(batch.accepted) == 1
    assert batch.accepted["time_zone"].tolist() == [""]


def test_a_time_behind_the_date_is_local_or_told_from_utc(tmp_path, read_text):
    path = tmp_path / "ours.toml"
    path.write_text(
        'source = "us"\ndate_holds_time = true\n[columns]\nid = "id"\ndate = "date"\n'
        'kind = "type"\nlon = "x"\nlat = "y"\n[constants]\naccuracy = 100\n'
    )
    dates = [
        "2021-03-05T14:30:00",
        "2021-03-06T04:30:00Z",
        "2021-03-05 22:30:00-07:00",
        "03/05/2021 2:30 PM",
        "2021-03-05 00:00:00",
        "2021-03-05T00:00:00Z",
        "2021-03-05",
    ]
    text = "id,date,type,x,y\n" + "".join(
        f"{number},{date},rescue,-110.5203,31.4501\n"
        for number, date in enumerate(dates)
    )
    path.write_text(path.read_text().replace("date_h", 'date_order = "mdy"\ndate_h'))
    table = read_text(text, profile=str(path)).accepted
    assert table["local_time"].tolist() == [
        "14:30", "21:30", "22:30", "14:30", "", "17:00", "",
    ]  # fmt: skip
    days = table["occurred_on"].dt.day.tolist()
    assert days == [5, 5, 5, 5, 5, 4, 5]
    hours = table["occurred_at"].dt.strftime("%d %H:%M").fillna("").tolist()
    assert hours == [
        "05 21:30", "06 04:30", "06 05:30", "05 21:30", "", "05 00:00", "",
    ]  # fmt: skip
