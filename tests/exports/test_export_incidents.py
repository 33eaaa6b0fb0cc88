"""Incidents leave as counts of cells, and no data is never zero."""

import geopandas as gpd
import pandas as pd
import pytest

from riskmap import cells as cells_
from riskmap.exports import count_incidents


@pytest.fixture
def cells() -> pd.DataFrame:
    x, y = [-110.9, -110.5, -106.4], [31.5, 31.0, 31.9]
    index = cells_.cell_index(cells_.points_to_cells(x, y, 7))
    table = cells_.cell_centres(index)
    table["share_us"] = (table["y"] > 31.3).astype(float)
    table["share_mx"] = 1 - table["share_us"]
    table["km"] = [1900.0 if x > -107 else 2500.0 for x in table["x"]]
    return table


@pytest.fixture
def coverage() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": ["iom_mmp", "ucdp_ged"],
            "purpose": ["life_saving", "public_safety"],
            "side": ["US", "MX"],
            "from_km": [2348.0, 0.0],
            "to_km": [3181.8, 3181.8],
            "from_on": ["2014-01-01", "2004-01-01"],
            "to_on": ["2021-12-31", "2020-12-31"],
        }
    )


def events(*rows: tuple[float, float, str, str, int, int]) -> gpd.GeoDataFrame:
    x, y, kind, purpose, dead, missing = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"kind": kind, "purpose": purpose, "dead": dead, "missing": missing},
        geometry=gpd.points_from_xy(x, y),
        crs="EPSG:4326",
    )


@pytest.fixture
def incidents() -> gpd.GeoDataFrame:
    return events(
        (-110.9, 31.5, "migrant_death", "life_saving", 2, 1),
        (-110.9, 31.5, "migrant_death", "life_saving", 1, 0),
        (-110.5, 31.0, "violence_state", "public_safety", 5, 0),
        (-90.0, 30.0, "violence_state", "public_safety", 9, 0),
    )


def test_counts_are_those_of_the_cell(cells, incidents, coverage):
    counted = count_incidents(cells, incidents, coverage, as_of="2022-01-01")
    assert counted.index.equals(cells.index)
    place = cells_.points_to_cells([-110.9], [31.5], 7)[0]
    row = counted.loc[place]
    assert row["events_migrant_death"] == 2
    assert row["dead"] == 3
    assert row["missing"] == 1


def test_where_no_source_of_the_purpose_looks_there_is_no_data(
    cells, incidents, coverage
):
    counted = count_incidents(cells, incidents, coverage, as_of="2022-01-01")
    north, south, unseen = (
        counted.loc[cells_.points_to_cells([x], [y], 7)[0]]
        for x, y in ((-110.9, 31.5), (-110.5, 31.0), (-106.4, 31.9))
    )
    assert pd.isna(north["events_violence_state"])
    assert pd.isna(south["events_migrant_death"])
    assert south["events_violence_state"] == 1
    assert unseen.isna().all()


def test_where_a_source_looks_and_found_nothing_there_is_nought(cells, coverage):
    far = events((-90.0, 30.0, "migrant_death", "life_saving", 1, 0))
    counted = count_incidents(cells, far, coverage, as_of="2022-01-01")
    place = cells_.points_to_cells([-110.9], [31.5], 7)[0]
    assert counted.loc[place, "events_migrant_death"] == 0


def test_a_source_that_looks_later_has_not_looked_yet(cells, incidents, coverage):
    counted = count_incidents(cells, incidents.iloc[:0], coverage, as_of="2003-01-01")
    assert counted.isna().to_numpy().all()


def test_what_was_recorded_where_nobody_is_said_to_look_is_not_hidden(cells, coverage):
    odd = events((-106.4, 31.9, "migrant_death", "life_saving", 1, 0))
    counted = count_incidents(cells, odd, coverage, as_of="2022-01-01")
    place = cells_.points_to_cells([-106.4], [31.9], 7)[0]
    assert counted.loc[place, "events_migrant_death"] == 1


def test_counts_are_whole_numbers_and_name_no_point(cells, incidents, coverage):
    counted = count_incidents(cells, incidents, coverage, as_of="2022-01-01")
    assert set(counted.dtypes.astype(str)) == {"Int64"}
    assert not isinstance(counted, gpd.GeoDataFrame)
    assert counted.columns.tolist() == [
        "events_migrant_death",
        "events_violence_state",
        "events",
        "dead",
        "missing",
    ]


def test_no_incidents_leave_only_the_totals(cells, incidents, coverage):
    counted = count_incidents(cells, incidents.iloc[:0], coverage, as_of="2022-01-01")
    assert counted.columns.tolist() == ["events", "dead", "missing"]


def test_a_record_known_only_to_its_municipio_is_in_no_cells_count(
    cells, incidents, coverage
):
    counted = count_incidents(cells, incidents, coverage, as_of="2022-01-01")
    area = incidents.assign(area="26043")
    without = count_incidents(cells, area, coverage, as_of="2022-01-01")
    assert counted["events"].sum() > 0
    assert without["events"].sum() == 0
    assert list(without) == list(counted)
