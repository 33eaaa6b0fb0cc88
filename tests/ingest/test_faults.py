"""Every fault: a row that has it, and a row that only just has not."""

from string import Formatter

import pytest

from riskmap.i18n import LANGUAGES, Words
from riskmap.ingest import FAULT_TABLE, FAULTS, read_incidents, read_landmarks
from riskmap.schema import check_table
from tests.ingest.conftest import FINE, KNOWN_ON, as_csv

# code: rows with the fault; rows as near to it as can be
ROWS = {
    "record_is_total": ([{"type": "Total"}], [{"type": "Incident"}]),
    "text_mojibake": ([{"kind": "DesapariciÃ³n"}], [{"County": "SÃO"}]),
    "text_undecodable": ([{"kind": "rescu\ufffd"}], [{"place": "Ca\ufffdon"}]),
    "text_control_character": ([{"source": "te\x07st"}], [{"source": "tést"}]),
    "id_missing": ([{"id": "  "}], [{"id": "0"}]),
    "id_too_long": ([{"id": "x" * 201}], [{"id": "x" * 200}]),
    "id_holds_identity": (
        [{"id": "LOOA531113HTCPBN07"}],
        [{"id": "2014.MMP00001"}, {"id": "MEX-1992-2-14353-10"}, {"id": "11-00569"}],
    ),
    "id_repeated": (
        [{"id": "7"}, {"id": "7", "dead": "2"}],
        [{"id": "8"}, {"id": "8", "County": "Pima"}],
    ),
    "coordinates_missing": ([{"lat": "", "lon": ""}, {"lon": " "}], [{"lat": "31"}]),
    "coordinate_unreadable": ([{"lat": "n/a"}, {"lat": "31..4"}], [{"lat": "31.4°"}]),
    "coordinates_null_island": (
        [{"lat": "0", "lon": "0.0"}, {"lat": "0.001", "lon": "-0.001"}],
        [{"lat": "14.1", "lon": "-92.1"}],
    ),
    "coordinate_zero": ([{"lon": "0"}, {"lat": "0.0"}], [{"lat": "20.0"}]),
    "coordinates_equal": (
        [{"lat": "31.4501", "lon": "31.4501"}, {"lon": "-31.4501"}],
        [{"lat": "31.4501", "lon": "-110.4501"}],
    ),
    "coordinates_projected": (
        [{"lat": "3473290", "lon": "545632"}],
        [{"lat": "3473290", "lon": "-1105203"}],
    ),
    "decimal_point_lost": (
        [{"lat": "314501"}, {"lon": "-1105203"}],
        [{"lat": "31.4501"}],
    ),
    "latitude_out_of_range": ([{"lat": "91"}], [{"lat": "49.9"}]),
    "longitude_out_of_range": ([{"lon": "-190.5"}], [{"lon": "-129.9"}]),
    "coordinates_swapped": (
        [{"lat": "-110.5203", "lon": "31.4501"}, {"lat": "110.5", "lon": "31.4"}],
        [{"lat": "49.5", "lon": "-66.5"}],
    ),
    "longitude_sign_lost": ([{"lon": "110.5203"}], [{"lon": "110.5203 W"}]),
    "latitude_sign_lost": ([{"lat": "-31.4501"}], [{"lat": "31.4501 N"}]),
    "coordinates_outside_region": (
        [{"lat": "50.1", "lon": "-110"}, {"lat": "4.6", "lon": "-74.1"}],
        [{"lat": "49.9"}],
    ),
    "coordinates_whole_degrees": (
        [{"lat": "32", "lon": "-110.0"}],
        [{"lat": "32", "lon": "-110.1"}],
    ),
    "coordinates_stand_in": (
        [{"lat": "24.215586", "lon": "-99.4332699", "country": ""}],
        [{"lat": "24.2154", "lon": "-99.4332699", "country": ""}],
    ),
    "coordinates_far_from_border": (
        [{"lat": "14.1", "lon": "-66.2", "country": ""}],
        [{"lat": "20.1", "lon": "-92.2", "country": ""}],
    ),
    "coordinates_far_from_river": (
        [{"lat": "31.85", "place": "Río Bravo, near the bridge"}],
        [
            {"lat": "31.75", "place": "Rio Grande, near the bridge"},
            {"lat": "31.85", "place": "USBP Rio Grande Valley Sector"},
            {"lat": "31.85", "place": "Hospital, after rescue from the Rio Bravo"},
            {"lat": "31.85", "place": "Rio Frio"},
        ],
    ),
    "country_contradicts": (
        [{"lat": "31.4501", "country": "México"}],
        [{"lat": "31.4101", "country": "MX"}, {"lat": "31.9", "country": "EE. UU."}],
    ),
    "outside_state": (
        [{"state": "Sonora"}, {"state": "Son."}, {"state": "26"}],
        [{"state": "Arizona"}, {"state": "AZ"}, {"state": "Ohio"}, {"state": ""}],
    ),
    "outside_municipio": (
        [
            {"district": "Cochise"},
            {"district": "Cochise County"},
            {"district": "Juárez"},
        ],
        [{"district": "Santa Cruz"}, {"district": "Pima"}, {"district": "04023"}],
    ),
    "municipio_unknown": (
        [{"lat": "", "lon": "", "district": "Atlantis"}],
        [
            {"lat": "", "lon": "", "district": "Naco", "country": ""},
            {"district": "Atlantis"},
        ],
    ),
    "municipio_ambiguous": (
        [{"lat": "", "lon": "", "district": "Juárez"}],
        [{"lat": "", "lon": "", "district": "Nogales", "state": "Sonora"}],
    ),
    "accuracy_basis_unknown": (
        [{"place basis": "hearsay"}],
        [{"place basis": "Exact"}, {"place basis": ""}],
    ),
    "status_unknown": (
        [{"status": "lost"}],
        [{"status": "Reportado"}, {"status": "corregido"}],
    ),
    "withdrawal_unknown": ([{"status": "withdrawn"}], [{"status": "reported"}]),
    "reason_holds_identity": (
        [{"reason": "CURP LOOA531113HTCPBN07"}, {"reason": "ana@example.org"}],
        [{"reason": "counted twice on 2021-03-05"}],
    ),
    "marking_unknown": (
        [{"marking": "TLP:WHITE"}, {"marking": "secret"}],
        [{"marking": "tlp:amber+strict"}, {"marking": "TLP:AMBER//REL TO MX, US"}],
    ),
    "other_date_unreadable": (
        [{"reported": "soon"}, {"entered": "2021-02-30"}, {"shared": "?"}],
        [{"reported": "2021-03-06"}, {"found": "2021-12-31"}],
    ),
    "date_after_report": (
        [{"reported": "2021-03-04"}, {"found": "2020-03-05"}],
        [{"reported": "2021-03-05"}, {"entered": "2021-03-04"}],
    ),
    "date_basis_unknown": ([{"date basis": "rumour"}], [{"date basis": "found"}]),
    "confirmation_unknown": (
        [{"confirmed": "perhaps"}],
        [{"confirmed": "Sí"}, {"confirmed": "sin confirmar"}],
    ),
    "hemisphere_contradicts": (
        [{"lat": "31.4 W"}, {"lon": "-110.5 E"}],
        [{"lon": "-110.5 W"}, {"lon": "110.5 oeste"}],
    ),
    "minutes_out_of_range": (
        [{"lat": "31 60 00"}, {"lat": "31° 5' 61\""}],
        [{"lat": "31 59 59"}],
    ),
    "accuracy_missing": ([{"accuracy": ""}], [{"accuracy": "1"}]),
    "accuracy_unreadable": ([{"accuracy": "good"}], [{"accuracy": "100.5"}]),
    "accuracy_out_of_range": (
        [{"accuracy": "0"}, {"accuracy": "-5"}, {"accuracy": "2000001"}],
        [{"accuracy": "0.1"}],
    ),
    "place_is_area": ([{"accuracy": "150001"}], [{"accuracy": "150000"}]),
    "date_missing": ([{"date": ""}], [{"date": "2021"}]),
    "date_unreadable": (
        [{"date": "soon"}, {"date": "5 of Brumaire 2021"}, {"date": "12/2021"}],
        [{"date": "5 de marzo de 2021"}, {"date": "Mar 5, 2021"}],
    ),
    "date_impossible": (
        [{"date": "2021-02-29"}, {"date": "2021-13-01"}, {"date": "31/04/2021"}],
        [{"date": "2020-02-29"}],
    ),
    "date_order_undecided": (
        [{"date": "3/4/2021"}, {"date": "1/2/2021"}],
        [{"date": "4/4/2021"}],
    ),
    "date_order_contradicts": (
        [{"date": f"{day}/1/2021"} for day in [*range(13, 32), 13, 14, 15]]
        + [{"date": "1/25/2021"}],
        [{"date": f"{day}/1/2021"} for day in range(1, 32)],
    ),
    "date_two_digit_year": (
        [{"date": "5/3/21"}, {"date": "05-mar-21"}],
        [{"date": "5/5/2021"}],
    ),
    "date_excel_serial": ([{"date": "44260"}], [{"date": "20210305"}]),
    "date_in_future": ([{"date": "2022-01-02"}], [{"date": "2022-01-01"}]),
    "date_too_early": ([{"date": "1899-12-31"}], [{"date": "1900-01-01"}]),
    "date_end_before_start": ([{"end": "2021-03-04"}], [{"end": "2021-03-05"}]),
    "date_contradicts_month": (
        [{"month": "April"}, {"month": "4"}],
        [{"month": "Marzo"}, {"month": "3"}],
    ),
    "date_contradicts_year": ([{"year": "2020"}], [{"year": "2021.0"}]),
    "time_unreadable": ([{"time": "24:00"}, {"time": "noon"}], [{"time": "23:59"}]),
    "time_never_was": (
        # clocks in Phoenix are never put forward, those in California are
        [{"date": "2021-03-14", "time": "02:30", "lat": "33.01", "lon": "-115.01"}],
        [
            {"date": "2021-03-14", "time": "02:30"},
            {"date": "2021-03-14", "time": "03:00", "lat": "33.01", "lon": "-115.01"},
            {"date": "2021-03-14", "time": "01:59", "lat": "33.01", "lon": "-115.01"},
        ],
    ),
    "time_precision_unknown": ([{"precision": "decade"}], [{"precision": "Año"}]),
    "kind_missing": ([{"kind": ""}], [{"kind": "rescue"}]),
    "kind_unknown": ([{"kind": "picnic"}], [{"kind": "Rock throwing"}]),
    "cause_unknown": ([{"cause": "boredom"}], [{"cause": ""}]),
    "count_unreadable": ([{"dead": "one"}], [{"dead": "1.0"}]),
    "count_negative": ([{"dead": "-1"}], [{"missing": "0"}]),
    "count_not_whole": ([{"dead": "1.5"}], [{"dead": "2,0"}]),
    "count_too_large": ([{"dead": "10001"}], [{"dead": "10000"}]),
    "counts_disagree": ([{"total": "2"}], [{"total": "1"}]),
    "nobody_harmed": (
        [{"dead": "0"}, {"kind": "migrant_disappearance", "dead": "0"}],
        [{"dead": ""}, {"kind": "rescue", "dead": "0"}],
    ),
    "source_missing": ([], []),
    "source_holds_identity": (
        [{"source": "ana@example.org"}, {"source": "x" * 201}],
        [{"source": "ex/ample 2021-03-05"}, {"source": "x" * 200}],
    ),
    "quality_unreadable": ([{"quality": "high"}], [{"quality": ""}]),
    "quality_out_of_range": ([{"quality": "6"}, {"quality": "0"}], [{"quality": "1"}]),
}

ELSEWHERE = {
    "row_too_short",
    "row_too_long",
    "row_empty",
    "formula_without_value",
    "correction_unknown",
    "correction_repeated",
    "id_changed",
    "coordinates_ambiguous",
    "grid_unreadable",
    "metres_unreadable",
    "zone_missing",
    "zone_unreadable",
    "easting_northing_swapped",
    "easting_out_of_range",
    "northing_out_of_range",
    "geometry_not_point",
    "accuracy_class_unknown",
    "source_missing",
    "landmark_kind_missing",
    "name_missing",
    "side_unknown",
    "basis_unknown",
}
"""Faults that no change of a cell makes: each has its own test below."""


def test_every_fault_is_tested():
    assert set(FAULTS) == set(ROWS) | ELSEWHERE
    assert len(FAULTS) == len(set(FAULTS)) >= 60


# what one date means depends on the others of its file
ALONE = ("date_order_undecided", "date_order_contradicts")
TOGETHER = sorted(set(ROWS) - ELSEWHERE - set(ALONE))


@pytest.fixture(scope="module")
def all_faults(tmp_path_factory, every_field, line, jurisdictions):
    """All rows of the table in one file: codes found by fault, column and place."""
    rows = [
        FINE | {"id": f"{code} {near} {place}"} | change
        for code in TOGETHER
        for near in (0, 1)
        for place, change in enumerate(ROWS[code][near])
    ]
    path = tmp_path_factory.mktemp("faults") / "all.csv"
    path.write_text(as_csv(rows), encoding="utf-8")
    batch = read_incidents(
        path,
        profile=every_field,
        known_on=KNOWN_ON,
        boundary=line,
        jurisdictions=jurisdictions,
    )
    check_table(batch.faults, FAULT_TABLE, name="faults")
    found = batch.faults.groupby("row")["code"].agg(set)
    codes = iter(found.reindex(range(1, len(rows) + 1)))
    return {
        (code, near): [next(codes) for _ in ROWS[code][near]]
        for code in TOGETHER
        for near in (0, 1)
    }


@pytest.mark.parametrize("code", TOGETHER)
def test_a_row_with_the_fault_goes_to_the_quarantine(code, all_faults):
    assert all(code in found for found in all_faults[code, 0])


@pytest.mark.parametrize("code", TOGETHER)
def test_a_row_just_short_of_the_fault_is_free_of_it(code, all_faults):
    found = all_faults[code, 1]
    assert not any(code in codes for codes in found if isinstance(codes, set))


@pytest.mark.parametrize("code", ALONE)
def test_day_and_month_are_told_apart_by_the_whole_file(code, read_rows):
    wrong, near = ROWS[code]
    assert read_rows(*near).faults.empty
    faults = read_rows(*wrong).faults
    assert set(faults["code"]) == {code}
    # of contradicting dates only the odd one out is wrong
    assert faults["row"].tolist() == ([23] if code == ALONE[1] else [1, 2])


def test_rows_of_another_width_are_told_apart_from_whole_ones(read_text):
    fine = as_csv([FINE])
    width = len(FINE)
    rows = ["2,2021-03-05", "," * width, "," * (width - 1)]
    batch = read_text(fine + "\n".join(rows) + "\n")
    assert batch.faults[["row", "code", "value", "original"]].values.tolist() == [
        [2, "row_too_short", f"2 / {width}", ""],
        [3, "row_too_long", f"{width + 1} / {width}", ""],
        [4, "row_empty", "", batch.faults["original"].iloc[2]],
    ]
    assert batch.accepted.index.tolist() == ["test:1"]


def test_a_known_record_that_says_something_else_is_held_back(read_rows):
    known = read_rows({}, {"dead": "2"}).accepted
    batch = read_rows({}, {"dead": "3"}, {}, known_ids=known)
    assert batch.faults[["row", "code", "value"]].values.tolist() == [
        [2, "id_changed", "2"]
    ]
    assert batch.duplicates[["row", "event_id", "reason"]].values.tolist() == [
        [1, "test:1", "known"]
    ]
    assert batch.accepted.index.tolist() == ["test:3"]


PAIRS = "date,type,coordinates\n"


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ("31,4501,-110,5203", "coordinates_ambiguous"),
        ("31, 4501, -110, 5203", "coordinates_ambiguous"),
        ("31,4501; -110,5203", ""),
        ("31,4501, -110,5203", ""),
        ("31.4501,-110.5203", ""),
        ("31.4501 -110.5203", ""),
        ("POINT (-110.5203 31.4501)", ""),
        ("31°27'0.4\"N, 110°31'13.1\"W", ""),
        ("31.4501", "coordinate_unreadable"),
        ("", "coordinates_missing"),
    ],
)
def test_both_coordinates_in_one_cell(pair, code, read_text):
    quoted = pair.replace('"', '""')
    batch = read_text(f'{PAIRS}2021-03-05,rescue,"{quoted}"\n', profile="generic_en")
    assert batch.faults["code"].tolist() == ([code] if code else [])
    if not code:
        (point,) = batch.accepted.geometry
        assert point.x == pytest.approx(-110.5203, abs=1e-4)
        assert point.y == pytest.approx(31.4501, abs=1e-4)


PROPERTIES = '{"date": "2021-03-05", "type": "rescue"}'
FEATURE = '{"type": "Feature", "properties": ' + PROPERTIES + ', "geometry": '
COLLECTION = '{"type": "FeatureCollection", "features": ['


def test_a_feature_that_is_no_point_is_a_fault_and_a_point_none(read_text):
    shapes = [
        '{"type": "Point", "coordinates": [-110.5203, 31.4501]}',
        '{"type": "LineString", "coordinates": [[-110, 31], [-111, 31]]}',
        '{"type": "Point", "coordinates": [-110.5]}',
        "null",
    ]
    text = COLLECTION + ", ".join(FEATURE + shape + "}" for shape in shapes) + "]}"
    batch = read_text(text, name="file.geojson", profile=None)
    assert batch.faults[["row", "code"]].values.tolist() == [
        [2, "geometry_not_point"],
        [3, "geometry_not_point"],
        [4, "coordinates_missing"],
    ]


def test_a_class_of_accuracy_must_be_in_the_profile(read_text):
    headings = (
        "ML Number,Reporting Date,Location Precision,Cause of Death,Latitude,Longitude"
    )
    known = "GPS Coordinate (precise to within ca. 300ft./100m)"
    rows = f"1,2021-03-05,{known},Exposure,31.4501,-110.5203\n"
    batch = read_text(
        f"{headings}\n{rows}2,{rows[2:].replace('GPS', 'Map')}", profile=None
    )
    assert batch.faults[["row", "code"]].values.tolist() == [
        [2, "accuracy_class_unknown"]
    ]


def test_a_record_of_nobody_is_a_fault(read_text):
    headings = "id,date,date_precision,lon,lat,accuracy_m"
    headings += ",kind,cause,dead,missing,source,source_quality"
    row = "2021-03-05,day,-110.5203,31.4501,100,rescue,,0,0"
    batch = read_text(f"{headings}\n1,{row},,\n2,{row},iom_mmp,\n", profile="riskmap")
    assert batch.faults[["row", "code"]].values.tolist() == [[1, "source_missing"]]


LANDMARK = "id,kind,name_en,name_es,lat,lon,accuracy_m,side,basis\n"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("a,,Well,Pozo,31.45,-110.52,10,US,read", "landmark_kind_missing"),
        ("a,well,,,31.45,-110.52,10,US,read", "name_missing"),
        ("a,well,Well,Pozo,31.45,-110.52,10,here,read", "side_unknown"),
        ("a,well,Well,Pozo,31.45,-110.52,10,US,rumour", "basis_unknown"),
        ("a,well,Well,,31.45,-110.52,10,ambos,source-read", ""),
    ],
)
def test_faults_of_landmarks(row, code, tmp_path):
    path = tmp_path / "landmarks.csv"
    path.write_text(LANDMARK + row + "\n", encoding="utf-8")
    batch = read_landmarks(path)
    assert batch.faults["code"].tolist() == ([code] if code else [])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_has_a_sentence_with_its_fields(code, lang):
    said = Words(lang).text(f"fault.{code}", column="Fecha", value="x1y2")
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize("code", FAULTS)
def test_both_languages_name_the_same_fields(code):
    fields = [
        {name for _, name, _, _ in Formatter().parse(_pattern(lang, code)) if name}
        for lang in LANGUAGES
    ]
    assert fields[0] == fields[1] <= {"column", "value"}


def _pattern(lang, code):
    return Words(lang).text(f"fault.{code}", column="{column}", value="{value}")


@pytest.mark.parametrize(
    ("change", "proposed"),
    [
        ({"lat": "-110.5203", "lon": "31.4501"}, "31.4501, -110.5203"),
        ({"lon": "110.5203"}, "31.4501, -110.5203"),
        ({"lat": "-31.4501"}, "31.4501, -110.5203"),
        ({"lat": "314501", "lon": "-1105203"}, "31.4501, -110.5203"),
        ({"date": "44260"}, "2021-03-05"),
        ({"kind": "DesapariciÃ³n"}, "Desaparición"),
        ({"lat": "0", "lon": "0"}, ""),
    ],
)
def test_a_correction_is_proposed_and_not_applied(change, proposed, read_rows):
    batch = read_rows(change)
    assert batch.accepted.empty
    assert batch.faults["proposed"].tolist() == [proposed]
