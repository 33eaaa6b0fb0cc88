"""Who reports, how late, and where nobody looks; follow-up with its history."""

import datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from riskmap import pipeline
from riskmap.errors import DateOptionError, OptionError, UnknownNameError
from riskmap.pipeline.completeness import (
    measure_completeness,
    summarise_completeness,
)
from riskmap.pipeline.standing import overdue_tasks
from riskmap.pipeline.timeliness import (
    TimelinessOptions,
    known_days,
    measure_timeliness,
)

TODAY = datetime.date(2021, 9, 1)


def days(*texts):
    return pd.to_datetime(list(texts), utc=True).as_unit("us")


def records(**columns):
    """Four records, one reported in advance of being known, one known to a month."""
    table = {
        "source": ["a", "a", "b", "b"],
        "purpose": ["life_saving"] * 4,
        "time_precision": ["day", "day", "day", "month"],
        "occurred_on": days("2021-01-01", "2021-01-11", "2021-02-01", "2020-01-01"),
        "reported_on": days("2021-01-03", "2021-01-21", None, None),
    } | columns
    points = gpd.points_from_xy([-110.5] * 4, [31.5] * 4)
    index = ["a:1", "a:2", "b:1", "b:2"]
    return gpd.GeoDataFrame(table, index=index, geometry=points, crs="EPSG:4326")


KNOWN = pd.Series(
    days("2021-03-01", "2021-03-01", "2021-03-03", "2021-03-03"),
    index=["a:1", "a:2", "b:1", "b:2"],
)


def test_a_delay_runs_to_the_report_or_to_the_day_it_was_known():
    table = measure_timeliness(records(), KNOWN, TimelinessOptions(), today=TODAY)
    told = table.set_index("source")
    # 2 and 10 days; 30 days for the one record whose day is known
    assert told.loc["a", ["basis", "records", "median_days"]].tolist() == [
        "reported",
        2,
        6.0,
    ]
    assert told.loc["a", "p90_days"] == pytest.approx(2 + 0.9 * 8)
    assert told.loc["b", ["basis", "records", "median_days"]].tolist() == [
        "known",
        1,
        30.0,
    ]
    assert not told["late"].any()


@pytest.mark.parametrize(("limit", "late"), [(5.9, True), (6.0, False), (6.1, False)])
def test_a_feed_is_late_above_its_limit_and_not_at_it(limit, late):
    options = TimelinessOptions(limit_days=limit)
    table = measure_timeliness(records(), KNOWN, options, today=TODAY)
    assert bool(table["late"].iloc[0]) is late


@pytest.mark.parametrize(("days_", "stale"), [(183, True), (184, False)])
def test_a_feed_is_stale_after_its_silence_and_not_at_it(days_, stale):
    # 184 days from the first of March to the first of September
    options = TimelinessOptions(stale_days=days_)
    table = measure_timeliness(records(), KNOWN, options, today=TODAY)
    assert bool(table["stale"].iloc[0]) is stale


def test_a_record_is_known_from_its_first_delivery_on(empty, tmp_path):
    head = "id,date,type,latitude,longitude,accuracy_m,status\n"
    rows = {
        "2021-03-05": "a,2021-01-02,rescue,31.5,-110.5,100,\n",
        "2021-04-06": "a,2021-01-03,rescue,31.5,-110.5,100,corrected\n"
        "b,2021-01-03,rescue,31.6,-110.6,100,\n",
    }
    for day, text in rows.items():
        file = tmp_path / f"{day}.csv"
        file.write_text(head + text, encoding="utf-8")
        at = datetime.datetime.fromisoformat(f"{day}T10:00+00:00")
        pipeline.ingest_incidents(empty, [file], "generic_en", at=at)
    told = known_days(empty.batches("incidents"))
    assert told.dt.strftime("%Y-%m-%d").tolist() == list(rows)


def test_no_span_is_negative():
    with pytest.raises(OptionError):
        TimelinessOptions(stale_days=0)


@pytest.fixture
def ground():
    """Two counties beside the line, one cell in each."""
    cells = pd.DataFrame(
        {
            "side": ["US", "US"],
            "km": [10.0, 200.0],
            "x": [-110.5, -112.5],
            "y": [31.5, 31.5],
        }
    )
    boxes = [shapely.box(-111, 31, -110, 32), shapely.box(-113, 31, -112, 32)]
    names = {"kind": ["us_county"] * 2, "code": ["04003", "04019"]}
    names["name"] = ["Cochise", "Pima"]
    return cells, gpd.GeoDataFrame(names, geometry=boxes, crs="EPSG:4326")


def coverage(from_km, to_km, from_on="2021-01-01", to_on="2021-02-15"):
    row = {"source": "a", "purpose": "life_saving", "side": "US", "note": ""}
    table = pd.DataFrame([row | {"from_km": from_km, "to_km": to_km}])
    return table.assign(from_on=days(from_on), to_on=days(to_on))


def measured(ground, covered, of=None):
    cells, areas = ground
    return measure_completeness(
        cells,
        areas,
        records() if of is None else of,
        covered,
        as_of=pd.Timestamp("2021-05-01", tz="UTC"),
    )


def test_covered_without_records_is_reporting_and_uncovered_is_no_data(ground):
    table = measured(ground, coverage(0.0, 50.0), records().iloc[2:3])
    states = table.set_index(["name", "month"])["state"]
    assert states["Cochise"].to_dict() == {
        "2021-01": "reporting",
        "2021-02": "reporting",
        "2021-03": "not_reporting",
        "2021-04": "not_reporting",
    }
    assert set(states["Pima"]) == {"unknown"}
    counts = table.set_index(["name", "month"])["records"]
    assert counts["Cochise", "2021-01"] == 0
    assert counts["Cochise", "2021-02"] == 1


def test_a_record_of_an_area_counts_where_it_says_not_where_its_middle_is(ground):
    mine = records(area=["04019", "", None, ""])
    table = measured(ground, coverage(0.0, 300.0), mine)
    counts = table.groupby("name")["records"].sum()
    assert counts.to_dict() == {"Cochise": 2, "Pima": 1}


def test_taking_a_feed_away_turns_its_county_into_no_data(ground):
    both = measured(ground, coverage(0.0, 300.0), records().iloc[:0])
    one = measured(ground, coverage(0.0, 50.0), records().iloc[:0])
    pima = [table[table["name"] == "Pima"]["state"] for table in (both, one)]
    assert "reporting" in set(pima[0])
    assert set(pima[1]) == {"unknown"}


def test_every_month_is_in_one_state_of_the_summary(ground):
    table = measured(ground, coverage(0.0, 50.0))
    short = summarise_completeness(table).set_index("name")
    sums = short[["reporting", "not_reporting", "unknown"]].sum(axis=1)
    assert set(sums) == {4}
    assert short["records"].to_dict() == {"Cochise": 3, "Pima": 0}
    assert short["last_month"].to_dict() == {"Cochise": "2021-02", "Pima": ""}


def test_nobody_looks_nowhere_gives_an_empty_table(ground):
    table = measured(ground, coverage(0.0, 50.0).iloc[:0])
    assert summarise_completeness(table).empty


AT = datetime.datetime(2051, 3, 1, tzinfo=datetime.UTC)


@pytest.fixture
def followed(empty, tmp_path):
    path = tmp_path / "one.csv"
    path.write_text(
        "id,date,type,lat,lon\n1,2021-02-01,rescue,31.45,-110.25\n", encoding="utf-8"
    )
    pipeline.ingest_incidents(empty, [path], at=AT)
    return empty


def test_an_investigation_keeps_its_history(followed):
    pipeline.set_investigation(followed, "local:1", "open", at=AT)
    pipeline.set_investigation(
        followed, "local:1", "closed", outcome="identified", at=AT
    )
    told = pipeline.follow_up_of(followed, "local:1")
    assert told[["state", "outcome"]].values.tolist() == [
        ["open", ""],
        ["closed", "identified"],
    ]


def test_tasks_are_listed_until_they_are_done(followed):
    first = pipeline.add_task(
        followed, "local:1", "send the report", owner="US", due_on="2051-04-01", at=AT
    )
    pipeline.add_task(
        followed, "local:1", "answer it", owner="MX", due_on="2051-03-15", at=AT
    )
    on = datetime.date(2051, 3, 16)
    late = pipeline.list_tasks(followed, overdue=True, on=on)
    assert late[["side", "overdue_days"]].values.tolist() == [["MX", 1]]
    # on the day itself nothing is overdue
    day = datetime.date(2051, 3, 15)
    assert pipeline.list_tasks(followed, overdue=True, on=day).empty
    told = overdue_tasks(followed, on=on)
    assert [task.overdue_days for task in told] == late["overdue_days"].tolist()
    assert overdue_tasks(followed, on=day) == ()
    pipeline.close_task(followed, first["item"], at=AT)
    assert pipeline.list_tasks(followed, on=on)["side"].tolist() == ["MX"]
    assert pipeline.list_tasks(followed, owner="US", on=on).empty


def test_evidence_is_noted_by_side_and_tells_of_no_person(followed):
    pipeline.note_evidence(followed, "local:1", "photographs", held_by="MX", at=AT)
    with pytest.raises(OptionError):
        pipeline.note_evidence(
            followed, "local:1", "tel. +1 520 555 0199", held_by="US", at=AT
        )
    told = pipeline.follow_up_of(followed, "local:1")
    assert told[["side", "note"]].values.tolist() == [["MX", "photographs"]]
    # the log says that it was noted, not what
    logged = pipeline.read_audit(followed)[-1]
    assert (logged.action, logged.subject) == ("edit", "local:1")
    assert logged.detail == {"topic": "evidence"}


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda p: pipeline.set_investigation(p, "local:1", "lost"), UnknownNameError),
        (lambda p: pipeline.set_investigation(p, "local:9", "open"), UnknownNameError),
        (lambda p: pipeline.close_task(p, "abc"), UnknownNameError),
        (
            lambda p: pipeline.add_task(
                p, "local:1", "x", owner="US", due_on="tomorrow"
            ),
            DateOptionError,
        ),
    ],
)
def test_what_cannot_be_followed_up_is_refused(call, error, followed):
    with pytest.raises(error):
        call(followed)
    assert not len(followed.batches("follow_up"))


def test_an_overdue_task_stands_in_the_status_and_among_quality(followed):
    pipeline.add_task(
        followed, "local:1", "send it", owner="US", due_on="2021-04-01", at=AT
    )
    pipeline.add_task(
        followed, "local:1", "later", owner="MX", due_on="2999-01-01", at=AT
    )
    (late,) = pipeline.status(followed).overdue
    assert (late.event_id, late.side, late.due_on) == ("local:1", "US", "2021-04-01")
    assert pipeline.read_quality(followed).overdue == (late,)
    pipeline.close_task(followed, late.item, at=AT)
    assert pipeline.status(followed).overdue == ()
