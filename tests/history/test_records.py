"""Ground, coverage and records: what was known where, and since when."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap import cells as h3_cells
from riskmap.history.coverage import cover
from riskmap.history.ground import day_number, known_days, lay_ground, place_events
from riskmap.history.records import assumed_coverage, keep_records


@pytest.fixture(scope="module")
def cells():
    index = h3_cells.cell_index(
        h3_cells.points_to_cells([-110.9, -110.8, -110.7], [31.33] * 3, 7)
    )
    centres = h3_cells.cell_centres(index)
    return centres.assign(
        area_km2=h3_cells.cell_areas_km2(index),
        share_us=[1.0, 0.0, 0.25],
        share_mx=[0.0, 1.0, 0.75],
        km=[5.0, 15.0, 25.0],
    )


def rows(*entries):
    columns = ["side", "from_km", "to_km", "from_on", "to_on", "source", "purpose"]
    return pd.DataFrame(
        [(*entry, "s", "life_saving") for entry in entries], columns=columns
    )


def test_days_are_counted_from_1970_whatever_the_time_zone():
    assert day_number("1970-01-02") == 1
    assert day_number(pd.Timestamp("1970-01-01 23:00", tz="America/Denver")) == 1


@pytest.mark.parametrize(
    ("precision", "first_known"),
    [
        ("day", "2020-02-11"),
        ("week", "2020-02-17"),
        ("month", "2020-03-01"),
        ("year", "2021-01-01"),
    ],
)
def test_an_event_is_known_when_it_is_certainly_over(precision, first_known):
    day = np.array([day_number("2020-02-10")])
    found = known_days(day, pd.Series([precision]))
    assert found.tolist() == [day_number(first_known)]


def test_a_cell_on_the_line_counts_by_its_share_of_each_side(cells):
    watch = cover(cells, rows(("MX", 0, 100, "1970-01-01", "1970-04-10")))
    assert watch.share_between(0, 100).tolist() == [0.0, 1.0, 0.75]
    assert watch.ever_before(50).tolist() == [0.0, 1.0, 0.75]
    assert watch.ever_before(0).tolist() == [0.0, 0.0, 0.0]


def test_rows_that_overlap_count_once(cells):
    watch = cover(
        cells,
        rows(
            ("both", 0, 10, "1970-01-01", "1970-01-20"),
            ("US", 0, 10, "1970-01-11", "1970-01-30"),
        ),
    )
    assert watch.share_between(0, 30).tolist() == [1.0, 0.0, 0.0]


def test_ends_are_kilometres_and_days_watched_too(cells):
    watch = cover(cells, rows(("both", 5, 15, "1970-01-01", "1970-01-01")))
    assert watch.ever_before(1).tolist() == [1.0, 1.0, 0.0]
    assert watch.share_between(0, 1).tolist() == [1.0, 1.0, 0.0]
    assert watch.share_between(1, 2).tolist() == [0.0, 0.0, 0.0]


def test_an_open_end_is_still_watched(cells):
    watch = cover(cells, rows(("both", 0, 100, "1970-01-01", pd.NaT)))
    far = day_number("2100-01-01")
    assert watch.share_between(far, far + 10).tolist() == [1.0, 1.0, 1.0]


def test_watched_days_fade(cells):
    watch = cover(cells, rows(("both", 0, 100, "1970-01-01", pd.NaT)))
    assert watch.discounted_days(100, np.inf)[0] == 100
    # half the days of the last half-life count less: (1 - 1/2) * 100 / ln 2
    assert watch.discounted_days(100, 100)[0] == pytest.approx(50 / np.log(2))


def test_without_rows_nothing_is_watched(cells):
    watch = cover(cells, rows())
    assert watch.first_day is None
    assert watch.ever_before(1e6).tolist() == [0.0, 0.0, 0.0]


def events(cells, places, days, **columns):
    x, y = cells["x"].iloc[places], cells["y"].iloc[places]
    return gpd.GeoDataFrame(
        {
            "occurred_on": pd.to_datetime(days, utc=True),
            "time_precision": "day",
            "accuracy_m": 100.0,
            "kind": "k",
            "source": "s",
            **columns,
        },
        index=pd.Index([f"e{i}" for i in range(len(places))], name="event_id"),
        geometry=gpd.points_from_xy(x, y),
        crs="EPSG:4326",
    )


def test_events_share_a_site_where_place_and_accuracy_are_the_same(cells):
    table = events(cells, [0, 0, 1], ["2020-01-02", "2020-01-01", "2020-01-03"])
    placed = place_events(lay_ground(cells), table)
    assert len(placed) == 3
    assert len(placed.site_cell) == 2
    assert placed.cell.tolist() == [0, 0, 1]
    assert (np.diff(placed.day) > 0).all()


def test_events_outside_and_repeats_are_left_out(cells):
    table = events(cells, [0, 1], ["2020-01-01"] * 2)
    away = table.iloc[:1].set_geometry(gpd.points_from_xy([0.0], [0.0]), crs=4326)
    away.index = pd.Index(["away"], name="event_id")
    placed = place_events(lay_ground(cells), pd.concat([table, away, table]))
    assert len(placed) == 2


def test_events_that_nobody_could_have_recorded_are_missing(cells):
    table = events(cells, [0, 1, 1], ["2020-01-01", "2020-01-01", "2021-06-01"])
    watched = rows(("MX", 0, 100, "2019-01-01", "2020-12-31"))
    records = keep_records(cells, table, watched, kinds=("k",), as_of="2022-01-01")
    assert records.events.cell.tolist() == [1]


def test_an_earlier_day_knows_less(cells):
    table = events(cells, [0, 1], ["2020-01-01", "2020-06-01"])
    watched = rows(("both", 0, 100, "2019-01-01", pd.NaT))
    records = keep_records(cells, table, watched, kinds=("k",), as_of="2021-01-01")
    earlier = records.before(day_number("2020-03-01"))
    assert len(records.events) == 2
    assert len(earlier.events) == 1
    assert earlier.kernels is records.kernels


def test_a_source_without_rows_is_taken_to_watch_where_it_records(cells):
    table = events(cells, [1, 2], ["2020-05-01", "2020-03-01"], source="new")
    found = assumed_coverage(lay_ground(cells), table, rows())
    assert found[["side", "from_km", "to_km"]].to_numpy().tolist() == [
        ["US", 25.0, 25.0],
        ["MX", 15.0, 25.0],
    ]
    assert (found["from_on"] == pd.Timestamp("2020-03-01", tz="UTC")).all()
    assert assumed_coverage(
        lay_ground(cells),
        table.assign(source="s"),
        rows(("US", 0, 1, "2020-01-01", pd.NaT)),
    ).empty
