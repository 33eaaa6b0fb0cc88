"""Simple maps: what is known only to a municipality counts in no cell."""

from dataclasses import replace

import numpy as np
import pytest

from riskmap.evaluation.baselines import (
    count_all,
    count_last_year,
    count_neighbours,
    distance_to_line,
)
from riskmap.evaluation.baselines_near import promap, same_season
from riskmap.history.records import keep_records

SIMPLE = {
    f.__name__: f
    for f in (
        count_all,
        count_last_year,
        count_neighbours,
        distance_to_line,
        promap,
        same_season,
    )
}

# standard deviations, km: a county's, and a search on foot's
COUNTY_KM, FOOT_KM = 30.0, 0.1


@pytest.fixture(scope="module")
def records(world):
    mine = world.coverage[world.coverage["purpose"] == "life_saving"]
    return keep_records(
        world.cells, world.incidents, mine, kinds=("migrant_death",), as_of="2020-01-01"
    )


def with_records(records, *, cell, spread_km, is_area, number=50):
    """Add records of last week and of this season last year at a cell's middle."""
    events, day = records.events, records.as_of_day
    days = np.repeat([day - 365 + 5, day - 8], number)
    site = np.full(len(days), len(events.site_cell))
    order = np.argsort(np.concatenate([events.day, days]), kind="stable")
    place = cell, records.ground.xy_km[cell], spread_km, is_area
    arrays = ("site_cell", "site_xy_km", "site_spread_km", "site_is_area")
    sites = {
        name: np.concatenate([getattr(events, name), [value]])
        for name, value in zip(arrays, place, strict=True)
    }
    lonlat = records.ground.cells[["x", "y"]].to_numpy()[[cell]]
    return replace(
        records,
        kernels={},
        events=replace(
            events,
            day=np.concatenate([events.day, days])[order],
            known_day=np.concatenate([events.known_day, days + 1])[order],
            site=np.concatenate([events.site, site])[order],
            site_lonlat=np.concatenate([events.site_lonlat, lonlat]),
            **sites,
        ),
    )


def shares(forecaster, records):
    found = forecaster(records, 30)
    return found / found.sum()


@pytest.mark.parametrize("name", SIMPLE)
def test_an_area_raises_no_cell_and_a_point_does(records, name):
    cell = int(np.argmax(records.ground.cells["distance_km"].to_numpy()))
    before = shares(SIMPLE[name], records)
    area = with_records(records, cell=cell, spread_km=COUNTY_KM, is_area=True)
    point = with_records(records, cell=cell, spread_km=FOOT_KM, is_area=False)
    assert shares(SIMPLE[name], area) == pytest.approx(before, abs=1e-12)
    assert shares(SIMPLE[name], point)[cell] > before[cell] + 1e-6
