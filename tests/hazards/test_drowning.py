"""Drowning: stage raises it, walls hold it, water carries it downstream only."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from riskmap import cells
from riskmap.errors import OptionError
from riskmap.hazards.channels import WaterOptions
from riskmap.hazards.drowning import (
    channel_kind,
    course_chance,
    cut_courses,
    drift,
    swept_chance,
)
from riskmap.hazards.water import drowning
from tests.hazards.worlds import block, river, table_of

INDEX = block(0.25)
TABLE = table_of(INDEX)
# drawn from the mouth up, as the boundary's kilometres run: the mouth is in the east
MOUTH_UP = [(-112.3, 32.2), (-112.5, 32.2), (-112.7, 32.2)]
COLUMNS = ["drowning_chance", "drowning_drift"]


def test_losing_ones_feet_is_the_lognormal_of_depth_times_speed():
    assert swept_chance(2.0, 1.0, 0.0) == pytest.approx(ndtr(np.log(2.0) / 0.6))


def test_walls_that_cannot_be_climbed_double_the_danger_of_banks_that_half_can():
    walls, banks = swept_chance(2.0, 1.0, [0.0, 0.5])
    assert walls == pytest.approx(2 * banks)


def test_the_lined_canal_is_worse_than_the_earthen_and_the_river():
    options = WaterOptions()
    lined = course_chance("All-American Canal, east (x)", "canal", options)
    earth = course_chance("East Highline Canal", "canal", options)
    stream = course_chance("Rio Grande, x", "river", options)
    assert lined > earth > stream > 0


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("All-American Canal, east (Imperial Dam to 115.13 W)", "canal", "lined_canal"),
        ("Franklin Canal (El Paso)", "canal", "earth_canal"),
        ("Rio Grande, mouth to Falcon Dam", "river", "river"),
        ("Canal nuevo", "canal", "earth_canal"),
    ],
)
def test_each_course_has_its_kind_of_channel(name, kind, expected):
    assert channel_kind(name, kind) == expected


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 5), st.floats(0, 3))
def test_a_higher_stage_is_never_safer_anywhere(stage, more):
    low = drowning(TABLE, river(MOUTH_UP), WaterOptions(stage={"*": stage}))
    high = drowning(TABLE, river(MOUTH_UP), WaterOptions(stage={"*": stage + more}))
    assert (high[COLUMNS] >= low[COLUMNS] - 1e-12).all().all()


def test_a_stage_is_of_its_own_course_alone():
    both = pd.concat([river(MOUTH_UP), river([(-112.5, 32.0), (-112.5, 32.1)], "Wash")])
    dry = drowning(TABLE, both, WaterOptions(stage={"Wash": 0.0}))
    alone = drowning(TABLE, river(MOUTH_UP), WaterOptions())
    assert np.allclose(dry["drowning_chance"], alone["drowning_chance"])


def test_farther_from_water_is_never_more_dangerous():
    found = drowning(TABLE, river([(-113.5, 32.2), (-111.5, 32.2)]), WaterOptions())
    apart = (TABLE["y"] - 32.2).abs()
    by_row = found["drowning_chance"].groupby(apart.round(2)).mean()
    assert (np.diff(by_row.to_numpy()) <= 2e-3).all()
    assert found["drowning_chance"][apart > 0.15].max() == 0


def test_the_density_is_that_of_the_water_whatever_the_cells():
    """Length times chance, spread over the ground, adds up at every resolution."""
    line = river([(-112.6, 32.2), (-112.4, 32.2)])
    km = shapely.length(line.geometry.to_crs("EPSG:32612")).sum() / 1000
    for resolution in (6, 7, 8):
        table = table_of(block(0.4, resolution))
        found = drowning(table, line, WaterOptions())["drowning_chance"]
        density = -np.log1p(-found) * np.pi / 2
        whole = float((density * table["area_km2"]).sum())
        chance = course_chance("Rio Grande, test", "river", WaterOptions())
        assert whole == pytest.approx(km * chance, rel=0.05)


def test_a_coarse_course_is_spread_wide_and_says_so():
    sharp = drowning(TABLE, river(MOUTH_UP), WaterOptions())
    coarse = drowning(TABLE, river(MOUTH_UP, accuracy_m=5000), WaterOptions())
    assert coarse["drowning_chance"].max() < sharp["drowning_chance"].max()
    assert (coarse["drowning_chance"] > 0).sum() > (sharp["drowning_chance"] > 0).sum()
    assert set(coarse["drowning_flag"]) == {"coarse_course"}
    assert set(sharp["drowning_flag"]) == {""}


def flow_of(points, name="Rio Grande, test"):
    """Danger put into the westernmost piece alone, and where it ends."""
    pieces = cut_courses(river(points, name), WaterOptions())
    x = cells.cell_centres(INDEX)["x"]  # noqa: F841 - documents that x grows eastward
    amounts = np.zeros(len(pieces.length_km))
    longitude = np.degrees(np.arctan2(pieces.xyz_m[:, 1], pieces.xyz_m[:, 0]))
    middle = len(amounts) // 2
    amounts[middle] = 1.0
    carried = drift(amounts, pieces, 5.0)
    return longitude - longitude[middle], carried


def test_danger_goes_downstream_and_not_upstream():
    east_of_source, carried = flow_of(MOUTH_UP)
    assert carried[east_of_source < -1e-9].sum() == 0
    assert carried[east_of_source > 1e-9].sum() > 0.5
    assert carried.sum() == pytest.approx(1.0)


def test_a_canal_drawn_from_its_intake_runs_the_other_way():
    east_of_source, carried = flow_of(MOUTH_UP, "Coachella Canal")
    assert carried[east_of_source > 1e-9].sum() == 0
    assert carried[east_of_source < -1e-9].sum() > 0.5


def test_water_of_which_nobody_knows_the_way_carries_nothing():
    east_of_source, carried = flow_of(MOUTH_UP, "Some ditch")
    assert carried[np.abs(east_of_source) > 1e-9].sum() == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 3), min_size=10, max_size=10), st.floats(0.5, 50))
def test_drift_loses_nothing(amounts, drift_km):
    pieces = cut_courses(river(MOUTH_UP), WaterOptions())
    given_ = np.resize(amounts, len(pieces.length_km))
    carried = drift(given_, pieces, drift_km)
    assert (carried >= -1e-12).all()
    assert carried.sum() == pytest.approx(given_.sum())
    # at every place what has passed it is at most what was put in above it
    assert (np.cumsum(carried) <= np.cumsum(given_) + 1e-9).all()


def test_the_mean_way_is_the_drift_asked_for():
    pieces = cut_courses(river([(-100.0, 32.2), (-112.7, 32.2)]), WaterOptions())
    amounts = np.zeros(len(pieces.length_km))
    amounts[0] = 1.0
    carried = drift(amounts, pieces, 5.0)
    way = np.cumsum(pieces.length_km)
    assert (carried * way).sum() == pytest.approx(5.0, abs=0.5)


def test_reaches_that_meet_are_one_river():
    lower = river([(-112.3, 32.2), (-112.5, 32.2)], "Rio Grande, lower")
    upper = river([(-112.5, 32.2), (-112.7, 32.2)], "Rio Grande, upper")
    for order in ([lower, upper], [upper, lower]):
        both = gpd.GeoDataFrame(pd.concat(order, ignore_index=True), crs="EPSG:4326")
        pieces = cut_courses(both, WaterOptions())
        amounts = np.zeros(len(pieces.length_km))
        amounts[0] = 1.0
        assert len(np.unique(pieces.course)) == 1
        longitude = np.degrees(np.arctan2(pieces.xyz_m[:, 1], pieces.xyz_m[:, 0]))
        # put in at the very west, some leaves the upper reach
        carried = drift(amounts, pieces, 50.0)
        assert carried[longitude > -112.5].sum() > 0.3


def test_without_any_course_it_is_no_data_not_no_danger():
    found = drowning(TABLE, river(MOUTH_UP).iloc[:0], WaterOptions())
    assert found[COLUMNS].isna().all().all()
    assert set(found["drowning_flag"]) == {"no_data"}


def test_far_from_every_listed_course_says_so():
    found = drowning(TABLE, river([(-100.0, 30.0), (-100.1, 30.0)]), WaterOptions())
    assert set(found["drowning_flag"]) == {"none_listed"}


@pytest.mark.parametrize("stage", [-0.1, float("inf"), float("nan"), "high", True])
def test_an_impossible_stage_is_refused(stage):
    with pytest.raises(OptionError):
        WaterOptions(stage={"Rio Grande": stage})


def test_a_drift_of_nothing_is_refused():
    with pytest.raises(OptionError):
        WaterOptions(drift_km=0.0)
