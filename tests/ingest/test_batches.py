"""Batches: nothing lost, nothing twice, nothing that depends on the order of rows."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmap.ingest import FAULT_TABLE, INCIDENT_TABLE, IngestOptions, read_incidents
from riskmap.project import Project
from riskmap.schema import check_table
from tests.ingest.conftest import FINE, KNOWN_ON, as_csv

DAMAGE = {
    "date": ["", "31/2/2021", "3/4/2021", "soon", "2999-01-01", "44260"],
    "lat": ["", "0", "-110.5", "abc", "99", "31 75 00 N"],
    "lon": ["", "0", "110.5", "31.4", "-110,5", "W"],
    "accuracy": ["", "-1", "1e9", "exact"],
    "kind": ["", "picnic", "DesapariciÃ³n"],
    "dead": ["", "-1", "0.5", "many", "0"],
    "quality": ["", "9", "good"],
    "Name": ["", "Ana"],
}

rows = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["1", "2", "3", "4", "", "x\ty"])},
        optional={name: st.sampled_from(values) for name, values in DAMAGE.items()},
    ),
    min_size=1,
    max_size=12,
)

raggedness = st.lists(st.sampled_from(["", ",", ",,,,", "1,2", "x"]), max_size=3)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows, raggedness)
def test_rows_in_are_accepted_or_quarantined_or_duplicates(
    every_field, tmp_path, changes, ragged
):
    path = tmp_path / "file.csv"
    text = as_csv([FINE | change for change in changes])
    path.write_text(text + "".join(f"{row}\n" for row in ragged), encoding="utf-8")
    batch = read_incidents(path, profile=every_field, known_on=KNOWN_ON)
    lines = len(changes) + sum(row != "" for row in ragged)
    assert batch.rows_in == lines
    assert lines == len(batch.accepted) + batch.quarantined + len(batch.duplicates)
    assert set(batch.faults["row"]).isdisjoint(batch.duplicates["row"])
    assert batch.accepted.index.is_unique
    assert batch.accepted.index.is_monotonic_increasing
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")
    check_table(batch.faults, FAULT_TABLE, name="faults")


def test_an_empty_batch_keeps_the_contract(read_rows):
    batch = read_rows({"lat": ""})
    assert batch.accepted.empty
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")


@pytest.mark.parametrize("rows", ["1,2\n", ",,\n", "1,2\n" * 3 + "," * 21 + "\n"])
def test_a_file_of_broken_rows_alone_is_all_quarantine(rows, read_text):
    batch = read_text(as_csv([FINE]).splitlines()[0] + "\n" + rows)
    assert batch.quarantined == batch.rows_in == rows.count("\n")
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")
    check_table(batch.faults, FAULT_TABLE, name="faults")


def test_features_without_a_point_alone_are_all_quarantine(read_text):
    line = '{"type": "LineString", "coordinates": [[-110, 31], [-111, 31]]}'
    properties = '{"fecha": "2021-03-05", "tipo": "rescate", "latitud": 31.4}'
    feature = f'{{"properties": {properties}, "geometry": {line}}}'
    text = '{"type": "FeatureCollection", "features": [' + feature + "]}"
    batch = read_text(text, name="file.geojson", profile=None)
    assert batch.faults["code"].tolist() == ["geometry_not_point"]
    check_table(batch.accepted, INCIDENT_TABLE, name="incidents")


def test_the_order_of_rows_is_of_no_matter(read_text):
    rows = [FINE | {"id": str(n), "dead": str(n)} for n in range(1, 6)]
    one, other = read_text(as_csv(rows)), read_text(as_csv(rows[::-1]))
    assert one.accepted.equals(other.accepted)


def test_the_same_file_again_is_all_duplicates(read_rows):
    first = read_rows({}, {"dead": "2"})
    for known in (first.accepted, first.accepted.index):
        again = read_rows({}, {"dead": "2"}, known_ids=known)
        assert again.accepted.empty
        assert again.faults.empty
        assert again.duplicates["reason"].tolist() == ["known", "known"]


def test_a_record_that_stands_twice_is_taken_once(read_rows):
    batch = read_rows({"id": "7"}, {"id": "7"}, {"id": "8"})
    assert batch.accepted.index.tolist() == ["test:7", "test:8"]
    assert batch.duplicates[["row", "reason"]].values.tolist() == [[2, "same_file"]]


PLAIN = "date,type,lat,lon,deaths,age\n"
BODY = "2021-03-05,migrant death,31.4501,-110.5203,1"


def test_two_bodies_at_one_place_stay_two(read_text):
    text = f"{PLAIN}{BODY},30\n{BODY},25\n{BODY},30\n"
    batch = read_text(text, profile="generic_en")
    first, second = batch.accepted.index
    assert second == f"{first}-2"
    assert batch.duplicates[["row", "event_id"]].values.tolist() == [[3, first]]


def test_identifiers_made_up_here_do_not_depend_on_form(read_text):
    rows = [f"{BODY},30", "6 Mar 2021,rescue,31.46,-110.53,0,"]
    semicolons = "\n".join(row.replace(",", ";") for row in [PLAIN.strip(), *rows])
    texts = [
        PLAIN + "\n".join(rows),
        PLAIN + "\n".join(rows[::-1]),
        ("\ufeff" + PLAIN + "\r\n".join(rows)).encode(),
        semicolons.replace("31.4501", "31,4501"),
        (PLAIN + "\n".join(rows)).encode("utf-16"),
    ]
    tables = [read_text(text, profile="generic_en").accepted for text in texts]
    assert all(table.equals(tables[0]) for table in tables[1:])


def test_a_made_up_identifier_never_changes(read_text):
    batch = read_text(f"{PLAIN}{BODY},30\n", profile="generic_en")
    assert batch.accepted.index.tolist() == ["local:03e191e55d39dbbe"]


def test_without_a_boundary_nothing_is_compared_with_it(read_rows):
    assert len(read_rows({"country": "MX"}, boundary=None).accepted) == 1
    assert len(read_rows({"country": "MX"}).accepted) == 0


def test_coordinates_written_coarsely_are_never_said_to_be_exact(read_rows):
    fine, coarse = {"lat": "31.4501"}, {"lat": "31.5", "lon": "-110.5"}
    accuracies = read_rows(fine, coarse).accepted["accuracy_m"].tolist()
    # half of a tenth of a degree of latitude
    assert accuracies == [100.0, 5566.0]


def test_the_quarantine_holds_the_row_without_what_tells_of_a_person(read_rows):
    batch = read_rows({"lat": "", "Name": "Ana Pérez", "place": "call 520-555-0100"})
    (original,) = batch.faults["original"]
    assert '"County":"Cochise"' in original
    assert "Ana" not in original
    assert "555" not in original
    assert dict(batch.stripped) == {"Name": 1, "place": 1}


def test_identity_within_a_kept_value_is_masked(read_rows):
    batch = read_rows(
        {"id": "LOOA531113HTCPBN07"}, {"source": "ana@example.org", "lat": ""}
    )
    stored = batch.faults.to_csv() + batch.accepted.to_csv()
    assert "LOOA531113" not in stored
    assert "ana@example" not in stored


def test_free_text_is_not_kept_whatever_its_column_is_called(read_rows):
    batch = read_rows({"kind": "robbed " * 30})
    assert batch.faults["code"].tolist() == ["kind_unknown"]
    assert batch.faults["value"].tolist() == ["[removed]"]
    assert "robbed" not in batch.faults["original"].iloc[0]


def test_a_day_the_file_was_known_bounds_its_dates(read_text):
    text = as_csv([FINE])
    before, after = date(2021, 3, 4), date(2021, 3, 5)
    assert read_text(text, known_on=before).quarantined == 1
    assert read_text(text, known_on=after).quarantined == 0


@pytest.mark.parametrize("option", ["coarsest_m", "most_harmed"])
def test_what_is_possible_is_an_option(option, read_rows):
    change = {"accuracy": "50", "dead": "50"}
    assert read_rows(change, **{option: 50}).quarantined == 0
    assert read_rows(change, **{option: 49}).quarantined == 1
    assert IngestOptions() == IngestOptions()


def test_batches_stored_before_a_column_was_added_still_read(read_rows, tmp_path):
    added = ["occurred_at", "time_zone", "clock"]
    old, new = read_rows({}), read_rows({}, {"time": "14:30"})
    project = Project.create(tmp_path / "project")
    for number, batch in enumerate((old, new)):
        fresh = batch.accepted.iloc[number:]
        project.record_batch(
            "incidents",
            accepted=fresh.drop(columns=added) if batch is old else fresh,
            faults=batch.faults,
            file_sha256=batch.file_sha256,
            file_name=batch.file_name,
            profile=batch.profile,
            duplicates=batch.rows_in - len(fresh),
            rows_in=batch.rows_in,
            known_at="2022-01-01",
        )
    stored = project.batches("incidents").accepted()
    check_table(stored, INCIDENT_TABLE, name="incidents")
    assert stored["occurred_at"].isna().tolist() == [True, False]
    assert read_rows({}, {"time": "14:30"}, known_ids=stored).accepted.empty
