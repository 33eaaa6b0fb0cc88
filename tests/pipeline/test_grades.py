"""A run says how well the records are placed that each score used and left out."""

import pandas as pd
import pytest

from riskmap import pipeline
from riskmap.pipeline.grades import count_grades, grades_of
from riskmap.pipeline.road import read_settings
from riskmap.scoring import target_records

TABLES = ("cells", "incidents", "coverage")


@pytest.fixture(scope="module")
def counted(ran):
    tables = {name: ran.read(name) for name in TABLES}
    presets = read_settings(ran).presets
    day = pipeline.as_of_day(ran)
    return tables, presets, day, count_grades(tables, presets, day)


def test_the_used_of_all_grades_are_the_events_of_the_score(counted):
    tables, presets, day, grades = counted
    for preset in presets:
        mine = grades[grades["score"] == preset.name]
        records = target_records(*(tables[name] for name in TABLES), preset, as_of=day)
        assert mine["used"].sum() == len(records.events)
        assert mine["in_cell"].sum() == len(records.events.pinned)


def test_used_and_left_out_are_all_records_before_the_day(counted):
    tables, presets, day, grades = counted
    assert (grades["used"] + grades["left_out"] == grades["records"]).all()
    known = tables["incidents"]["occurred_on"] < pd.Timestamp(day, tz="UTC")
    for preset in presets:
        wanted = known & tables["incidents"]["kind"].isin(preset.kinds)
        mine = grades[grades["score"] == preset.name]
        assert mine["records"].sum() == wanted.sum()


def test_a_municipality_is_counted_by_itself_and_in_no_cell(counted):
    tables, presets, day, _ = counted
    incidents = tables["incidents"].copy()
    kinds = incidents["kind"].isin(presets[0].kinds)
    chosen = incidents.index[kinds][:5]
    incidents.loc[chosen, "accuracy_basis"] = "municipality"
    incidents.loc[chosen, "area"] = "04019"
    grades = count_grades({**tables, "incidents": incidents}, presets[:1], day)
    rows = grades[grades["accuracy_basis"] == "municipality"]
    assert (rows["records"].sum(), rows["in_cell"].sum()) == (5, 0)


def test_the_last_run_keeps_them(ran):
    assert [grade.score for grade in grades_of(ran)]
    assert ran.snapshot("grades").step == "grades"
