"""Deliveries are taken whole, once, and nothing of them is ever lost."""

import os

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from riskmap.errors import (
    DateOptionError,
    ProjectBusyError,
    TableContractError,
    TableMissingError,
)
from riskmap.project import Project
from tests.project.tables_of_tests import deliver, faults, incidents, receipt


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "border")


def test_a_delivery_comes_back_with_its_numbers(project):
    batch = deliver(project, 1)
    assert (batch.rows_in, batch.accepted, batch.quarantined) == (16, 12, 3)
    assert (batch.duplicates, batch.repeated, batch.seq) == (1, False, 1)
    assert list(project.batches("incidents")) == [batch]
    assert project.batches("incidents").rows_in == 16
    assert_geodataframe_equal(project.batches("incidents").accepted(), incidents(1))
    assert_frame_equal(project.batches("incidents").faults(), faults(1))
    assert project.verify() == ()


def test_deliveries_are_joined_in_the_order_they_came(project):
    for number in (3, 1, 2):
        deliver(project, number)
    batches = Project.open(project.path).batches("incidents")
    assert [batch.file_name[8:9] for batch in batches] == ["3", "1", "2"]
    expected = pd.concat([incidents(3), incidents(1), incidents(2)])
    assert_geodataframe_equal(batches.accepted(), expected)
    assert batches.faults()["value"].unique().tolist() == ["día 3", "día 1", "día 2"]
    assert [batch.seq for batch in batches[1:]] == [2, 3]
    assert batches[-1].seq == 3


def test_the_same_file_by_the_same_profile_is_recorded_once(project):
    first = deliver(project, 1)
    deliver(project, 2)
    again = project.record_batch(
        "incidents",
        accepted=incidents(1)[:0],
        faults=faults(1)[:0],
        **(receipt(1) | {"duplicates": 16, "known_at": "2022-01-01"}),
    )
    assert again.repeated
    assert (again.seq, again.known_at) == (first.seq, first.known_at)
    assert len(project.batches("incidents")) == 2


def test_another_profile_or_kind_is_another_delivery(project):
    deliver(project, 1)
    tables = {"accepted": incidents(1), "faults": faults(1)}
    other = receipt(1) | {"profile": "generic_es"}
    assert not project.record_batch("incidents", **tables, **other).repeated
    assert not project.record_batch("landmarks", **tables, **receipt(1)).repeated
    assert len(project.batches("incidents")) == 2
    assert len(project.batches("landmarks")) == 1


@settings(max_examples=30, deadline=None)
@given(
    accepted=st.integers(0, 4),
    wrong=st.integers(0, 4),
    duplicates=st.integers(0, 4),
    off=st.sampled_from([0, 0, -1, 1]),
)
def test_a_delivery_whose_rows_do_not_add_up_is_refused(
    tmp_path_factory, accepted, wrong, duplicates, off
):
    project = Project.create(tmp_path_factory.mktemp("p") / "border")
    came = receipt(1) | {
        "duplicates": duplicates,
        "rows_in": accepted + wrong + duplicates + off,
    }
    tables = {
        "accepted": incidents(1, rows=accepted).astype({"dead": "int64"}),
        "faults": faults(1, rows=wrong),
    }
    if off:
        with pytest.raises(TableContractError):
            project.record_batch("incidents", **tables, **came)
        assert len(project.batches("incidents")) == 0
    else:
        batch = project.record_batch("incidents", **tables, **came)
        assert batch.rows_in == batch.accepted + batch.quarantined + batch.duplicates
        assert batch.quarantined == wrong


def test_a_row_with_two_faults_counts_once(project):
    two = pd.DataFrame({"row": [7, 7, 9], "code": ["a", "b", "a"]})
    came = receipt(1) | {"rows_in": 15}
    batch = project.record_batch("incidents", accepted=incidents(1), faults=two, **came)
    assert batch.quarantined == 2
    assert len(project.batches("incidents").faults()) == 3


def test_a_delivery_that_cannot_be_joined_to_those_before_is_refused(project):
    deliver(project, 1)
    changed = incidents(2).astype({"dead": "float64"})
    with pytest.raises(TableContractError, match="dead has more than one dtype"):
        project.record_batch(
            "incidents", accepted=changed, faults=faults(2), **receipt(2)
        )
    assert len(project.batches("incidents")) == 1
    assert project.verify() == ()


def test_a_delivery_with_a_new_column_is_joined_with_gaps(project):
    deliver(project, 1)
    new = incidents(2).assign(
        note=pd.Series("x", index=incidents(2).index, dtype="str")
    )
    project.record_batch("incidents", accepted=new, faults=faults(2), **receipt(2))
    joined = project.batches("incidents").accepted()
    assert joined["note"].isna().sum() == 12
    assert joined.index.name == "event_id"


def test_a_new_column_keeps_its_dtype_in_every_delivery_after(project):
    for number, dtype in ((1, None), (2, "str"), (3, "float64")):
        table = incidents(number)
        if dtype is not None:
            table["note"] = pd.Series(None, index=table.index, dtype=dtype)
        tables = {"accepted": table, "faults": faults(number)}
        if dtype == "float64":
            with pytest.raises(TableContractError, match="note has more than one"):
                project.record_batch("incidents", **tables, **receipt(number))
        else:
            project.record_batch("incidents", **tables, **receipt(number))
    assert len(project.batches("incidents").accepted()) == 24


def test_what_was_known_at_a_time_can_be_seen_again(project):
    for number in (1, 9, 5):
        deliver(project, number)
    batches = project.batches("incidents")
    known = batches.known_by("2021-03-06T00:00:00Z")
    assert [batch.known_at for batch in known] == ["2021-03-02", "2021-03-06"]
    assert len(batches.known_by("2021-03-05T23:00:00-01:00")) == 2
    assert len(batches.known_by("2021-03-05T23:59:59")) == 1
    with pytest.raises(DateOptionError):
        batches.known_by("March")


def test_of_no_delivery_there_are_no_rows(project):
    none = project.batches("incidents")
    assert (len(none), none.rows_in) == (0, 0)
    with pytest.raises(TableMissingError):
        none.accepted()


def test_who_sought_duplicates_among_fewer_deliveries_must_look_again(project):
    deliver(project, 1)
    tables = {"accepted": incidents(2), "faults": faults(2)}
    with pytest.raises(ProjectBusyError):
        project.record_batch("incidents", **tables, **receipt(2), seen=0)
    assert not project.record_batch(
        "incidents", **tables, **receipt(2), seen=1
    ).repeated
    # a repeated delivery changes nothing, so it is no matter what was seen
    assert project.record_batch("incidents", **tables, **receipt(2), seen=0).repeated


def test_a_time_of_knowing_is_asked_for(project):
    for wrong in ("", "soon", None):
        with pytest.raises(DateOptionError):
            project.record_batch(
                "incidents",
                accepted=incidents(1),
                faults=faults(1),
                **(receipt(1) | {"known_at": wrong}),
            )


def test_a_file_name_that_is_no_text_is_kept_readable(project):
    name = os.fsdecode(b"muertes_\xf1.csv")
    batch = project.record_batch(
        "incidents",
        accepted=incidents(1),
        faults=faults(1),
        **(receipt(1) | {"file_name": name, "rows_in": np.int64(16)}),
    )
    assert batch.file_name == "muertes_\\udcf1.csv"
    assert project.batches("incidents")[0] == batch
    assert project.verify() == ()


def test_columns_that_an_old_delivery_lacks_are_left_out_of_its_part(project):
    deliver(project, 1)
    deliver(project, 2)
    batches = project.batches("incidents")
    parts = list(batches.accepted_parts("dead", "event_id", "status"))
    assert [batch.seq for batch, _ in parts] == [1, 2]
    assert [rows.column_names for _, rows in parts] == [["dead", "event_id"]] * 2
    told = pd.concat([rows.to_pandas() for _, rows in parts])
    whole = batches.accepted()
    assert told["event_id"].tolist() == whole.index.tolist()
    assert told["dead"].tolist() == whole["dead"].tolist()
