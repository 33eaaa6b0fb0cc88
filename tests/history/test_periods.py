"""Periods: every record counted once, every unwatched year told apart."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap import cells as h3_cells
from riskmap.history.accuracy import accuracy_class
from riskmap.history.coverage import cover
from riskmap.history.ground import day_number, lay_ground, place_events
from riskmap.history.periods import (
    OPEN_YEAR,
    PERIOD_TABLE,
    SPAN_TABLE,
    count_periods,
    watch_cells,
)
from riskmap.schema import check_table

INDEX = h3_cells.cell_index([0x8748EC7B4FFFFFF])


def records(rows):
    """Records in the first cell: day, precision, accuracy."""
    place = h3_cells.cell_centres(INDEX).iloc[0]
    table = pd.DataFrame(rows, columns=["occurred_on", "time_precision", "accuracy_m"])
    table["occurred_on"] = pd.to_datetime(table["occurred_on"], utc=True)
    table = table.assign(
        kind="migrant_death", purpose="life_saving", source="iom_mmp", dead=1
    )
    points = gpd.points_from_xy([place.x] * len(table), [place.y] * len(table))
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def a_cell():
    return pd.DataFrame({"side": ["US"]}, INDEX[:1])


def test_a_record_known_to_its_year_has_no_month():
    told = count_periods(
        a_cell(), records([("2019-01-01", "year", 10.0), ("2019-01-09", "day", 10.0)])
    )
    assert told[["month", "events"]].values.tolist() == [[0, 1], [1, 1]]
    check_table(told, PERIOD_TABLE, name="periods")


def test_no_records_make_an_empty_table_of_the_same_columns():
    told = count_periods(a_cell(), records([]))
    assert told.empty
    assert [column.name for column in PERIOD_TABLE] == list(told)


def test_a_record_elsewhere_is_not_counted():
    far = records([("2019-01-01", "day", 10.0)]).translate(5, 5)
    away = records([("2019-01-01", "day", 10.0)]).set_geometry(far)
    assert count_periods(a_cell(), away).empty


@given(
    st.lists(
        st.tuples(
            st.integers(2010, 2020).map(lambda year: f"{year}-12-31"),
            st.sampled_from(["day", "month", "year"]),
            st.one_of(st.none(), st.floats(1, 90_000)),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_events_of_all_periods_are_the_records(rows):
    told = count_periods(a_cell(), records(rows))
    assert told["events"].sum() == len(rows)
    assert told["dead"].sum() == len(rows)
    assert not told.duplicated(list(told)[:8]).any()


def test_the_order_of_records_changes_nothing():
    rows = [("2019-02-01", "day", 10.0), ("2018-02-01", "day", None)]
    forth, back = (
        count_periods(a_cell(), records(part)) for part in (rows, rows[::-1])
    )
    pd.testing.assert_frame_equal(forth, back)


@pytest.mark.parametrize(
    ("metres", "name"),
    [
        (1_000.0, "foot"),
        (1_000.1, "settlement"),
        (5_000.0, "settlement"),
        (5_001.0, "vague"),
    ],
)
def test_a_class_of_accuracy_ends_where_it_says(metres, name):
    assert accuracy_class(pd.Series([metres])).tolist() == [name]


def ground():
    """Four cells: two US, one MX, one of both, at kilometres 10, 90, 10 and 50."""
    return pd.DataFrame(
        {
            "share_us": [1.0, 1.0, 0.0, 0.4],
            "share_mx": [0.0, 0.0, 1.0, 0.6],
            "km": [10.0, 90.0, 10.0, 50.0],
        }
    )


def rows(*parts):
    names = ["source", "purpose", "side", "from_km", "to_km", "from_on", "to_on"]
    return pd.DataFrame(parts, columns=names)


LIFE = ("iom_mmp", "life_saving")


def test_cells_watched_alike_share_a_code_and_nobody_has_none():
    watch, spans = watch_cells(
        ground(), rows((*LIFE, "US", 0.0, 50.0, "2014-03-01", "2020-06-30"))
    )
    assert (watch == [1, 0, 0, 1]).all()
    assert spans.values.tolist() == [[1, *LIFE, 2014, 2020]]
    check_table(spans, SPAN_TABLE, name="spans")


def test_a_source_still_at_work_has_no_last_year():
    _, spans = watch_cells(
        ground(), rows((*LIFE, "both", 0.0, 99.0, "2014-01-01", None))
    )
    assert spans["to_year"].tolist() == [OPEN_YEAR]


def test_where_everyone_is_watched_no_code_is_nobody():
    watch, _ = watch_cells(
        ground(), rows((*LIFE, "both", 0.0, 99.0, "2014-01-01", None))
    )
    assert (watch == 1).all()


def test_without_coverage_nobody_is_watched():
    watch, spans = watch_cells(ground(), rows())
    assert (watch == 0).all()
    assert spans.empty


@pytest.mark.parametrize("year", range(2012, 2023))
def test_a_code_says_the_same_as_the_coverage_of_the_model(year):
    table = rows(
        (*LIFE, "US", 0.0, 50.0, "2014-01-01", "2016-12-31"),
        (*LIFE, "MX", 0.0, 50.0, "2015-01-01", "2020-12-31"),
        (*LIFE, "both", 60.0, 99.0, "2013-01-01", None),
    )
    watch, spans = watch_cells(ground(), table)
    share = cover(ground(), table).share_between(
        day_number(f"{year}-01-01"), day_number(f"{year + 1}-01-01")
    )
    now = spans[(spans["from_year"] <= year) & (spans["to_year"] >= year)]
    assert watch.isin(now["watch"]).tolist() == (share > 0).tolist()


def test_a_record_known_only_to_its_municipio_is_counted_in_no_cell():
    found = records([("2019-01-01", "day", 9_000.0), ("2019-01-02", "day", 10.0)])
    told = count_periods(a_cell(), found.assign(area=["26043", ""]))
    assert told["events"].tolist() == [1]
    assert told["accuracy"].tolist() == ["foot"]


def test_an_area_is_spread_however_small_it_is():
    ground = lay_ground(h3_cells.cell_centres(INDEX[:1]).assign(area_km2=5.0))
    found = records([("2019-01-01", "day", 900.0)])
    assert len(place_events(ground, found.assign(area="")).pinned) == 1
    area = place_events(ground, found.assign(area="26043"))
    assert (len(area), len(area.pinned)) == (1, 0)
