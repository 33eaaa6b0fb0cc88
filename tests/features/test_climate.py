"""Climate layers: hand-worked temperatures, and the error where a station is hidden."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmap.crs import geocentric
from riskmap.errors import ColumnMissingError, FileMissingError
from riskmap.features.build import layers_named
from riskmap.features.climate import (
    MONTHS,
    interpolate,
    read_stations,
    sunshine_mm_per_day,
    water_demand_mm_per_day,
)

DATA = Path(__file__).resolve().parents[2] / "data"
JULY, JANUARY, HEAT, WATER, STATION = layers_named(
    [
        "july_tmax_c",
        "january_tmin_c",
        "heat_degree_days",
        "july_water_demand_mm_per_day",
        "distance_to_station_km",
    ]
)

# what docs/layers.md says of the bundled stations, each hidden in turn
MEAN_ERROR_C = {("tmax", "jul"): 2.4, ("tmin", "jan"): 2.0}


def stations(*rows):
    return pd.DataFrame(rows, columns=["x", "y", "elevation_m", "jul"])


def july_at(table, x, y, elevation_m):
    place = geocentric([x], [y])
    return interpolate(table, ["jul"], place, np.array([elevation_m]))[0, 0]


def test_a_thousand_metres_up_it_is_six_and_a_half_degrees_colder():
    table = stations((-112.0, 32.0, 500.0, 40.0))
    assert july_at(table, -112.0, 32.0, 1_500.0) == pytest.approx(33.5)


def test_half_way_between_two_stations_is_their_mean_at_sea_level():
    table = stations((-113.0, 32.0, 0.0, 42.0), (-111.0, 32.0, 1_000.0, 33.5))
    # 33.5 at 1,000 m is 40.0 at sea level
    assert july_at(table, -112.0, 32.0, 0.0) == pytest.approx(41.0)
    assert july_at(table, -112.0, 32.0, 200.0) == pytest.approx(39.7)


def test_twice_as_far_counts_a_quarter():
    table = stations((-112.0, 31.0, 0.0, 30.0), (-112.0, 34.0, 0.0, 40.0))
    assert july_at(table, -112.0, 32.0, 0.0) == pytest.approx(32.0, abs=0.02)


def test_no_place_is_hotter_or_colder_than_all_stations_at_its_elevation():
    rng = np.random.default_rng(3)
    table = stations(
        *zip(
            rng.uniform(-117, -97, 12),
            rng.uniform(26, 33, 12),
            rng.uniform(0, 1_500, 12),
            rng.uniform(28, 42, 12),
            strict=True,
        )
    )
    sea_level = table["jul"] + 0.0065 * table["elevation_m"]
    places = geocentric(rng.uniform(-117, -97, 500), rng.uniform(26, 33, 500))
    found = interpolate(table, ["jul"], places, np.zeros(500))
    found = found[~np.isnan(found)]
    assert found.size > 300
    assert sea_level.min() <= found.min()
    assert found.max() <= sea_level.max()


def test_a_hotter_station_never_cools_a_place():
    table = stations((-113.0, 32.0, 0.0, 40.0), (-111.0, 32.0, 900.0, 35.0))
    hotter = table.assign(jul=[41.0, 35.0])
    places = geocentric(np.linspace(-114, -110, 50), np.full(50, 32.0))
    less = interpolate(table, ["jul"], places, np.full(50, 300.0))
    more = interpolate(hotter, ["jul"], places, np.full(50, 300.0))
    assert (more > less).all()


def test_beyond_five_hundred_kilometres_nothing_is_said():
    table = stations((-112.0, 32.0, 0.0, 40.0))
    assert not np.isnan(july_at(table, -107.0, 32.0, 0.0))
    assert np.isnan(july_at(table, -106.0, 32.0, 0.0))


def test_without_elevation_nothing_is_said(inputs):
    unknown = inputs.terrain["elevation_m"].isna()
    assert not unknown.any()
    gap = JULY.compute(inputs).isna()
    elevation = layers_named(["elevation_m"])[0].compute(inputs)
    assert gap.equals(elevation.isna().rename("july_tmax_c"))
    assert gap.any()


def test_a_station_with_a_gap_does_not_count_for_that_month():
    table = stations((-112.0, 32.0, 0.0, 40.0), (-111.5, 32.0, 0.0, np.nan))
    assert july_at(table, -111.5, 32.0, 0.0) == pytest.approx(40.0)


def test_january_is_colder_than_july(inputs):
    assert (JANUARY.compute(inputs).dropna() < JULY.compute(inputs).dropna()).all()


def test_heat_is_degrees_over_thirty_times_days(inputs):
    months = dict.fromkeys(MONTHS, 20.0) | {"jun": 32.0, "jul": 33.0}
    flat = inputs.climate.iloc[:1].assign(elevation_m=1_200.0, **months)
    level = inputs.terrain.assign(elevation_m=1_200.0)
    found = HEAT.compute(replace(inputs, climate=flat, terrain=level)).dropna()
    assert found.to_numpy() == pytest.approx(30 * 2.0 + 31 * 3.0)


def test_the_sun_above_the_air_is_as_fao_has_it():
    # FAO-56, annex 2, table 2.6: 30 degrees north on 15 July, 40.7 MJ
    found = sunshine_mm_per_day(np.array([30.0]), 196) / 0.408
    assert found[0] == pytest.approx(40.7, abs=0.2)


def test_a_hotter_or_wider_day_takes_more_water():
    one = np.ones(1)
    mild = water_demand_mm_per_day(one * 36, one * 22, one * 16)
    assert water_demand_mm_per_day(one * 38, one * 24, one * 16) > mild
    assert water_demand_mm_per_day(one * 38, one * 20, one * 16) > mild


def test_a_minimum_above_the_maximum_takes_no_water():
    one = np.ones(1)
    assert water_demand_mm_per_day(one * 20, one * 25, one * 16)[0] == 0


def test_the_nearest_station_is_the_nearest_with_a_maximum(inputs):
    only_cold = inputs.climate[inputs.climate["variable"] == "tmin"]
    assert STATION.compute(replace(inputs, climate=only_cold)).isna().all()
    assert STATION.compute(inputs).max() < 25


@pytest.mark.parametrize(("variable", "month"), MEAN_ERROR_C)
def test_hidden_stations_are_guessed_as_well_as_the_documents_say(variable, month):
    table = read_stations(DATA / "climate" / "stations.csv")
    table = table[table["variable"] == variable].reset_index(drop=True)
    errors = []
    for hidden in table.index:
        row = table.loc[hidden]
        place = geocentric([row["x"]], [row["y"]])
        height = np.array([row["elevation_m"]], dtype=float)
        guess = interpolate(table.drop(hidden), [month], place, height)[0, 0]
        errors.append(guess - row[month])
    mean_error = np.abs(errors).mean()
    assert round(mean_error, 1) == MEAN_ERROR_C[variable, month]


@pytest.mark.realdata
def test_july_agrees_with_worldclim_within_two_degrees_on_average(shared_data):
    # WorldClim 1.4, 1950-2000, at 66 places of the corridor: not bundled, only judged
    judge = pd.read_csv(shared_data / "rasters" / "climate_stations.csv")
    judge = judge[judge["variable"] == "tmax_grid"]
    judge = judge[judge["dist_boundary_km"] <= 100]
    height = judge["source"].str.extract(r"mean elevation (-?\d+) m")[0].astype(float)
    table = read_stations(DATA / "climate" / "stations.csv")
    found = interpolate(
        table[table["variable"] == "tmax"],
        ["jul"],
        geocentric(judge["lon"], judge["lat"]),
        height.to_numpy(),
    )[:, 0]
    error = found - judge["jul"]
    assert error.notna().sum() > 60
    assert error.abs().mean() < 2.0
    assert abs(error.mean()) < 0.5


def test_a_missing_file_and_a_missing_column_are_named(tmp_path):
    with pytest.raises(FileMissingError):
        read_stations(tmp_path / "stations.csv")
    path = tmp_path / "stations.csv"
    path.write_text("station,x,y\nAjo,-112.9,32.4\n", encoding="utf-8")
    with pytest.raises(ColumnMissingError) as caught:
        read_stations(path)
    assert "elevation_m" in caught.value.fields["columns"]
