"""Newer deliveries of a listed source count, and strays do not."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap import cells
from riskmap.history.extension import FEWEST_A_YEAR, extend_coverage

INDEX = cells.cell_index(cells.points_to_cells([-110.9, -106.5], [31.4, 31.9], 6))


@pytest.fixture
def table():
    """Two US cells: one at kilometre 50, one at 150."""
    centres = cells.cell_centres(INDEX)
    km = np.where(centres["x"] < -108, 50.0, 150.0)
    return centres.assign(share_us=1.0, share_mx=0.0, km=km)


@pytest.fixture
def coverage():
    """One source that looks at kilometres 0 to 100 of the US side, 2014 to 2021."""
    return pd.DataFrame(
        {
            "source": ["iom"],
            "purpose": ["life_saving"],
            "side": ["US"],
            "from_km": [0.0],
            "to_km": [100.0],
            "from_on": pd.to_datetime(["2014-01-01"], utc=True).as_unit("us"),
            "to_on": pd.to_datetime(["2021-12-31"], utc=True).as_unit("us"),
            "note": ["as bundled"],
        }
    ).astype({"source": "str", "purpose": "str", "side": "str", "note": "str"})


def _events(table, days, km, source="iom"):
    here = table[table["km"] == km].iloc[0]
    return gpd.GeoDataFrame(
        {
            "source": source,
            "occurred_on": pd.to_datetime(days, utc=True).as_unit("us"),
        },
        geometry=gpd.points_from_xy([here.x] * len(days), [here.y] * len(days)),
        crs="EPSG:4326",
    )


def test_no_newer_record_changes_nothing(table, coverage):
    events = _events(table, ["2020-05-05"], 50.0)
    assert extend_coverage(table, events, coverage, as_of="2023").equals(coverage)


def test_a_later_record_moves_the_end_to_its_month(table, coverage):
    events = _events(table, ["2022-02-03"], 50.0)
    extended = extend_coverage(table, events, coverage, as_of="2023-01-01")
    assert extended["to_on"].dt.date.astype(str).tolist() == ["2022-02-28"]
    assert "as bundled" in extended["note"].iloc[0]
    assert extended.dtypes.equals(coverage.dtypes)


def test_a_record_not_known_yet_moves_nothing(table, coverage):
    events = _events(table, ["2022-02-03"], 50.0)
    assert extend_coverage(table, events, coverage, as_of="2022-01-01").equals(coverage)


def test_another_source_moves_nothing(table, coverage):
    events = _events(table, ["2022-02-03"], 50.0, source="other")
    assert extend_coverage(table, events, coverage, as_of="2023").equals(coverage)


def test_strays_in_an_uncovered_stretch_do_not_cover_it(table, coverage):
    wide = pd.concat([coverage, coverage.assign(side="MX", to_km=200.0)])
    days = ["2020-05-05"] * (FEWEST_A_YEAR - 1)
    extended = extend_coverage(
        table, _events(table, days, 150.0), wide, as_of="2023-01-01"
    )
    assert len(extended) == len(wide)


def test_a_year_with_enough_records_covers_the_stretch_in_that_year(table, coverage):
    wide = pd.concat([coverage, coverage.assign(side="MX", to_km=200.0)])
    days = ["2020-05-05"] * FEWEST_A_YEAR
    extended = extend_coverage(
        table, _events(table, days, 150.0), wide, as_of="2023-01-01"
    )
    added = extended.iloc[-1]
    assert len(extended) == len(wide) + 1
    assert (added.side, added.from_km, added.to_km) == ("US", 100.0, 200.0)
    assert str(added.from_on.date()) == "2020-01-01"
    # the file may have been cut at its last record's month
    assert str(added.to_on.date()) == "2020-05-31"
    assert extended.dtypes.equals(wide.dtypes)


def test_records_on_the_line_cover_neither_side(table, coverage):
    crossed = table.assign(share_us=0.6, share_mx=0.4)
    wide = pd.concat([coverage, coverage.assign(side="MX", to_km=200.0)])
    days = ["2020-05-05"] * FEWEST_A_YEAR
    events = _events(crossed, days, 150.0)
    assert len(extend_coverage(crossed, events, wide, as_of="2023-01-01")) == len(wide)


def test_an_empty_table_stays_empty(table, coverage):
    nothing = coverage.iloc[:0]
    events = _events(table, ["2022-02-03"], 50.0)
    assert extend_coverage(table, events, nothing, as_of="2023").empty


def test_the_middle_of_an_area_covers_nothing(table, coverage):
    wide = pd.concat([coverage, coverage.assign(side="MX", to_km=200.0)])
    events = _events(table, ["2020-05-05"] * FEWEST_A_YEAR, 150.0)
    areas = extend_coverage(table, events.assign(area="04003"), wide, as_of="2023")
    assert areas.equals(wide)
    points = extend_coverage(table, events.assign(area=""), wide, as_of="2023")
    assert len(points) == len(wide) + 1
