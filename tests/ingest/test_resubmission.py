"""Resubmission: a corrected row takes its place, and nothing else changes."""

from functools import partial

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmap import errors
from riskmap.ingest import (
    ANSWER_TABLE,
    read_corrections,
    read_incidents,
    row_names,
    still_waiting,
)
from riskmap.pipeline.waiting_rows import export_quarantine
from riskmap.project import Project
from riskmap.schema import check_table
from tests.ingest.conftest import FINE, KNOWN_ON, as_csv

WRONG = [{"lat": "0", "lon": "0"}, {"kind": "picnic"}, {"dead": "-1", "date": "soon"}]


@pytest.fixture
def reading(every_field, line):
    return {"profile": every_field, "known_on": KNOWN_ON, "boundary": line}


@pytest.fixture
def write(tmp_path):
    def write(rows, name):
        path = tmp_path / name
        path.write_text(as_csv(rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def first(write, reading):
    rows = [FINE | {"id": str(n)} | change for n, change in enumerate([{}, *WRONG])]
    return read_incidents(write(rows, "first.csv"), **reading)


def named(batch, row, **change):
    ref = f"{batch.file_sha256[:8]}-{row}"
    return FINE | {"id": str(row - 1), "riskmap_row": ref} | change


def test_corrected_rows_are_taken_and_leave_the_quarantine(first, write, reading):
    path = write([named(first, 2), named(first, 4, dead="2")], "again.csv")
    done = read_corrections(path, first.faults, known_ids=first.accepted, **reading)
    check_table(done.answers, ANSWER_TABLE, name="answers")
    assert done.batch.accepted.index.tolist() == ["test:1", "test:3"]
    assert done.answers[["row", "by_row", "outcome"]].values.tolist() == [
        [2, 1, "taken"],
        [4, 2, "taken"],
    ]
    assert still_waiting(first.faults, done.answers)["row"].tolist() == [3]


def test_a_row_corrected_wrongly_waits_again_in_its_new_place(first, write, reading):
    path = write([named(first, 2, lon="110.5203")], "again.csv")
    done = read_corrections(path, first.faults, **reading)
    assert done.answers["outcome"].tolist() == ["again"]
    assert done.batch.faults["code"].tolist() == ["longitude_sign_lost"]
    both = pd.concat([first.faults, done.batch.faults])
    waiting = still_waiting(both, done.answers)
    assert row_names(waiting).nunique() == 3


def test_a_row_that_names_nothing_or_what_another_names_is_a_fault(
    first, write, reading
):
    rows = [named(first, 2), named(first, 2), named(first, 1), named(first, 99)]
    rows += [FINE | {"riskmap_row": ""}, named(first, 3)]
    done = read_corrections(write(rows, "again.csv"), first.faults, **reading)
    assert done.batch.faults[["row", "code"]].values.tolist() == [
        [1, "correction_repeated"],
        [2, "correction_repeated"],
        [3, "correction_unknown"],
        [4, "correction_unknown"],
        [5, "correction_unknown"],
    ]
    assert done.answers["row"].tolist() == [3]
    assert done.batch.rows_in == 6


def test_the_whole_file_mended_answers_its_own_rows(first, write, reading):
    rows = [FINE | {"id": str(number)} for number in range(4)]
    rows[2] |= WRONG[1]
    path = write(rows, "mended.csv")
    done = read_corrections(path, first.faults, known_ids=first.accepted, **reading)
    assert len(done.batch.duplicates) == 1
    assert done.answers[["row", "outcome"]].values.tolist() == [
        [2, "taken"],
        [3, "again"],
        [4, "taken"],
    ]


def test_the_same_file_again_answers_nothing(first, tmp_path, reading):
    path = tmp_path / "first.csv"
    assert read_corrections(path, first.faults, **reading).answers.empty


def test_what_an_export_protects_is_read_as_it_was(first, write, reading):
    row = named(first, 2, lon="'-110.5203", County="'=x", source="test")
    done = read_corrections(write([row], "again.csv"), first.faults, **reading)
    assert done.batch.accepted.geometry.x.tolist() == [-110.5203]


def test_an_export_mended_and_sent_again_empties_the_quarantine(
    first, tmp_path, reading
):
    faults = first.faults.assign(ref=row_names(first.faults), register="incidents")
    out = export_quarantine(faults, tmp_path / "waiting.csv", lambda _: "wrong")
    table = pd.read_csv(out, dtype="str", keep_default_na=False)
    for name in ("lat", "lon", "kind", "dead", "date"):
        table[name] = FINE[name]
    table.to_csv(out, index=False)
    done = read_corrections(out, first.faults, **reading)
    assert done.batch.faults.empty
    assert still_waiting(first.faults, done.answers).empty


def test_places_are_not_made_better_known_by_leaving_their_description_out(
    first, write
):
    row = {
        "Incident ID": "1",
        "Incident Date": "2021-03-05",
        "Number of Dead": "1",
        "Coordinates": "31.4, -110.5",
        "Migration Route": "",
        "riskmap_row": "x",
    }
    path = write([row], "iom.csv")
    with pytest.raises(errors.ColumnMissingError):
        read_corrections(path, first.faults, known_on=KNOWN_ON)


def recorded(project, kind, accepted, faults, batch):
    duplicates = len(batch.duplicates) if kind == "incidents" else 0
    rows_in = batch.rows_in if kind == "incidents" else len(accepted)
    return project.record_batch(
        kind,
        accepted=accepted,
        faults=faults,
        file_sha256=batch.file_sha256,
        file_name=batch.file_name,
        profile=batch.profile,
        duplicates=duplicates,
        rows_in=rows_in,
        known_at="2022-01-01",
    )


def test_the_store_keeps_both_and_a_retry_changes_nothing(
    first, write, reading, tmp_path
):
    project = Project.create(tmp_path / "project")
    record = partial(recorded, project)
    record("incidents", first.accepted, first.faults, first)
    path = write([named(first, 2), named(first, 3, kind="zzz")], "again.csv")
    for _ in range(2):
        stored = project.batches("incidents")
        done = read_corrections(
            path, stored.faults(), known_ids=stored.accepted(), **reading
        )
        batch = done.batch
        record("incidents", batch.accepted, batch.faults, batch)
        # the second kind of delivery holds what was answered by what
        record("corrections", done.answers, first.faults.iloc[:0], batch)
    answers = project.batches("corrections").accepted()
    waiting = still_waiting(project.batches("incidents").faults(), answers)
    assert len(answers) == 2
    assert row_names(waiting).nunique() == 2
    assert len(project.batches("incidents").accepted()) == 2


fates = st.lists(st.sampled_from(["fine", "wrong", "left"]), min_size=3, max_size=3)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(fates)
def test_every_row_is_in_the_register_or_waits_exactly_once(
    first, write, reading, fates
):
    rows = [
        named(first, row, **(WRONG[row - 2] if fate == "wrong" else {}))
        for row, fate in zip((2, 3, 4), fates, strict=True)
        if fate != "left"
    ]
    if not rows:
        return
    done = read_corrections(write(rows, "again.csv"), first.faults, **reading)
    both = pd.concat([first.faults, done.batch.faults], ignore_index=True)
    waiting = row_names(still_waiting(both, done.answers)).nunique()
    assert waiting + len(done.batch.accepted) == 3
    assert len(done.batch.accepted) == fates.count("fine")
