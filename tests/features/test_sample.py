"""The layers on the bundled border: known places, and distances one by one."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import cells
from riskmap.boundary import CorridorOptions, corridor_cells, read_boundary
from riskmap.crs import GEOD, metric_crs_for
from riskmap.features import history
from riskmap.features.build import build_features, layers_named
from riskmap.features.climate import read_stations
from riskmap.features.layer import Inputs
from riskmap.features.terrain import read_terrain
from tests.conftest import ROOT

DATA = ROOT / "data"
RESOLUTION = 6


def read_points(path):
    table = pd.read_csv(path)
    x, y = (pd.to_numeric(table[name], errors="coerce") for name in ("lon", "lat"))
    points = gpd.points_from_xy(x, y)
    table = gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")
    return table[x.between(-119, -95) & y.between(24, 35)].set_index("id")


def read_incidents():
    table = read_points(DATA / "incidents" / "incidents.csv")
    day = pd.to_datetime(table["date"], format="%Y-%m-%d", utc=True, errors="coerce")
    violent = table["kind"].str.startswith("violence")
    table = table.assign(
        occurred_on=day,
        time_precision=table["date_precision"],
        cause=table["cause"].fillna(""),
        purpose=np.where(violent, "public_safety", "life_saving"),
    )
    return table[day.notna() & ~table.index.duplicated()]


def read_inputs(resolution):
    boundary = read_boundary(DATA / "boundary" / "boundary.geojson")
    return Inputs(
        cells=corridor_cells(boundary, CorridorOptions(resolution=resolution)),
        landmarks=read_points(DATA / "landmarks" / "landmarks.csv"),
        waterways=gpd.read_file(DATA / "landmarks" / "waterways.geojson"),
        incidents=read_incidents(),
        coverage=pd.read_csv(DATA / "incidents" / "coverage.csv"),
        climate=read_stations(DATA / "climate" / "stations.csv"),
        terrain=read_terrain(DATA / "terrain" / "terrain_r6.csv"),
        metric_crs=metric_crs_for(boundary),
        as_of=pd.Timestamp("2022-01-01", tz="UTC"),
    )


@pytest.fixture(scope="module")
def border():
    return read_inputs(RESOLUTION)


@pytest.fixture(scope="module")
def features(border):
    return build_features(border)


def at(features, x, y):
    return features.loc[cells.points_to_cells([x], [y], RESOLUTION)[0]]


def test_every_layer_has_a_value_on_most_of_the_land(features):
    land = features[features["elevation_m"].notna()]
    assert len(land) > 0.9 * len(features)
    missing = land.isna().mean()
    one_side = [
        "distance_to_hospital_km",
        "violence_events_per_100km2_year",
        "public_safety_record_years",
    ]
    assert missing[one_side].between(0.4, 0.6).all()
    records = missing.index.str.contains("events|years")
    assert (missing[records].drop(one_side, errors="ignore") < 0.25).all()
    others = missing[~records].drop("distance_to_hospital_km")
    assert (others == 0).all()


def test_known_places_are_as_they_are(features):
    nogales, mexicali = at(features, -110.94, 31.33), at(features, -115.47, 32.65)
    el_paso, big_bend = at(features, -106.48, 31.76), at(features, -103.25, 29.2)
    gulf = at(features, -96.9, 25.9)
    assert nogales["elevation_m"] == pytest.approx(1_230, abs=120)
    assert mexicali["elevation_m"] < 40
    assert mexicali["july_tmax_c"] > 40
    assert nogales["july_tmax_c"] == pytest.approx(34.4, abs=1.5)
    assert mexicali["heat_degree_days"] > nogales["heat_degree_days"]
    assert el_paso["distance_to_river_km"] < 5
    assert nogales["distance_to_river_km"] > 200
    assert el_paso["distance_to_crossing_km"] < 5
    assert big_bend["distance_to_hospital_km"] > 80
    assert big_bend["distance_to_station_km"] > 350
    assert gulf[["elevation_m", "slope_deg", "july_tmax_c"]].isna().all()


def test_where_the_sources_do_not_look_there_is_no_data(features):
    el_paso, san_diego = at(features, -106.3, 31.9), at(features, -116.9, 32.7)
    assert np.isnan(el_paso["migrant_death_events_per_100km2_year"])
    assert np.isnan(el_paso["life_saving_record_years"])
    assert np.isnan(san_diego["violence_events_per_100km2_year"])
    assert san_diego["migrant_death_events_per_100km2_year"] > 0


def test_deaths_are_densest_where_they_are_known_to_be(features):
    rate = features["migrant_death_events_per_100km2_year"]
    densest = cells.cell_centres(rate.nlargest(20).index)
    # Eagle Pass, Laredo, Reynosa; the desert about Ajo and west of Tucson
    known = [(-100.5, 28.7), (-99.5, 27.5), (-98.3, 26.1)]
    known += [(-113.1, 32.4), (-112.0, 31.8)]
    apart = [
        GEOD.inv(np.full(20, x), np.full(20, y), densest["x"], densest["y"])[2]
        for x, y in known
    ]
    assert (np.min(apart, axis=0) < 40_000).all()


@pytest.mark.parametrize(
    ("layer", "kinds"),
    [
        ("distance_to_crossing_km", ("port_of_entry", "international_bridge")),
        ("distance_to_town_km", ("town",)),
        ("distance_to_monument_km", ("boundary_monument",)),
    ],
)
def test_distances_to_landmarks_are_the_geodesics(border, features, layer, kinds):
    marks = border.landmarks
    marks = marks[marks["kind"].isin(kinds) & (marks["basis"] != "unverified")]
    assert len(marks) > 40
    places = border.cells.sample(60, random_state=1)
    for cell, x, y in zip(places.index, places["x"], places["y"], strict=True):
        here = (np.full(len(marks), x), np.full(len(marks), y))
        metres = GEOD.inv(*here, marks.geometry.x, marks.geometry.y)[2]
        assert features.loc[cell, layer] == pytest.approx(metres.min() / 1e3, rel=0.003)


def test_distances_to_the_rivers_are_the_geodesics(border, features):
    rivers = border.waterways.geometry[border.waterways["kind"] == "river"]
    fine = shapely.get_coordinates(shapely.segmentize(rivers.to_numpy(), 0.001))
    places = border.cells.sample(25, random_state=2)
    for cell, x, y in zip(places.index, places["x"], places["y"], strict=True):
        here = (np.full(len(fine), x), np.full(len(fine), y))
        km = GEOD.inv(*here, fine[:, 0], fine[:, 1])[2].min() / 1e3
        found = features.loc[cell, "distance_to_river_km"]
        assert found == pytest.approx(km, rel=0.003, abs=0.06)


def test_the_distance_to_the_line_agrees_with_the_rivers(features, border):
    # along the Rio Grande the river is the line
    lower = border.cells["km"].between(300, 900)
    apart = features["distance_to_river_km"] - features["distance_to_line_km"]
    assert apart[lower].abs().max() < 0.2


@pytest.mark.slow
def test_no_other_reach_or_half_life_foretells_deaths_clearly_better(monkeypatch):
    inputs = read_inputs(7)
    events = inputs.incidents
    events = events[
        (events["purpose"] == "life_saving") & (events["accuracy_m"] <= 2e3)
    ]
    place = inputs.cells.index.get_indexer(
        cells.points_to_cells(events.geometry.x, events.geometry.y, 7)
    )
    events = events.assign(place=place)[place >= 0]
    layer = layers_named(["migrant_death_events_per_100km2_year"])[0]

    def bits(reach_km, half_life_years):
        monkeypatch.setattr(history, "BANDWIDTH_KM", reach_km)
        monkeypatch.setattr(
            history, "HALF_LIFE_YEARS", {"life_saving": half_life_years}
        )
        gains = [
            gain_bits(
                layer,
                replace(inputs, as_of=pd.Timestamp(f"{year}", tz="UTC")),
                events[events["occurred_on"].dt.year == year],
            )
            for year in (2018, 2019, 2020, 2021)
        ]
        return np.concatenate(gains).mean()

    chosen = bits(history.BANDWIDTH_KM, history.HALF_LIFE_YEARS["life_saving"])
    assert chosen == pytest.approx(3.28, abs=0.05)
    for reach_km in (1.5, 6.0):
        assert bits(reach_km, 4.0) < chosen
    for half_life_years in (1.0, 1_000.0):
        assert bits(3.0, half_life_years) < chosen


def gain_bits(layer, inputs, events):
    """What the layer foretells of each event, over an even map; 3 % of it mixed in."""
    rate, area_km2 = layer.compute(inputs), inputs.cells["area_km2"]
    even = area_km2.where(rate.notna(), 0.0)
    share = (rate * area_km2).fillna(0.0)
    told = 0.97 * share / share.sum() + 0.03 * even / even.sum()
    known = events["place"][rate.notna().to_numpy()[events["place"]]].to_numpy()
    return np.log2(told.to_numpy()[known] / (even / even.sum()).to_numpy()[known])
