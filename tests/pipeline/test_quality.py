"""Quality: what is on record, what waits, where nobody looks and what came add up."""

import pytest

from riskmap import pipeline
from riskmap.history.extension import LATER, STRETCH

LENGTH_KM = 3181.8


@pytest.fixture(scope="module")
def told(ran):
    return pipeline.read_quality(ran)


def test_records_are_those_of_the_register(ran, told):
    assert told.register["records"].sum() == len(ran.read("incidents"))
    assert (told.register["from_on"] <= told.register["to_on"]).all()


def test_every_row_of_a_file_is_accounted_for(told):
    parts = told.deliveries[["accepted", "quarantined", "duplicates"]].sum(axis=1)
    assert (parts == told.deliveries["rows_in"]).all()


def test_every_row_in_quarantine_stands_under_its_faults(ran, told):
    faults = pipeline.quarantined(ran)
    assert told.faults["rows"].max() <= faults["ref"].nunique()
    assert told.faults["rows"].sum() >= faults["ref"].nunique()
    assert told.faults["rows"].is_monotonic_decreasing
    for row in told.faults.to_dict("records"):
        assert 1 <= len(row["examples"]) <= 3
        assert len(row["examples"]) == min(3, row["rows"])


def test_covered_and_uncovered_stretches_fill_the_whole_line(told):
    for _, rows in told.coverage.groupby(["source", "side"]):
        reached = 0.0
        for row in rows.sort_values("from_km").itertuples():
            assert row.from_km <= reached + 0.5
            assert row.state != "no_data" or row.from_km >= reached
            reached = max(reached, row.to_km)
        assert reached == pytest.approx(LENGTH_KM, abs=0.5)


def test_the_known_gaps_of_the_bundled_sources_are_named(tmp_path):
    table = pipeline.read_quality(pipeline.create_project(tmp_path / "new")).coverage
    gaps = table[table["state"] == "no_data"]
    named = {(row.source, row.side, round(row.from_km)) for row in gaps.itertuples()}
    assert named == {
        ("iom_mmp", "US", 1796),
        ("iom_mmp", "MX", 1796),
        ("ucdp_ged", "US", 0),
    }
    assert gaps["from_on"].isna().all()


def test_what_is_assumed_from_records_is_said_to_be(ran, told):
    count = int(ran.read("coverage")["note"].isin([LATER, STRETCH]).sum())
    assert int((told.coverage["state"] == "assumed").sum()) == count


def test_a_project_without_incidents_has_empty_tables(empty):
    told = pipeline.read_quality(empty)
    assert told.register.empty
    assert told.faults.empty
    assert told.coverage.empty
    assert set(told.deliveries["register"]) == {"landmarks"}
