"""A tiny corridor about Nogales with one of everything, made in code."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import cells
from riskmap.crs import metric_crs_for
from riskmap.features.climate import MONTHS
from riskmap.features.layer import Inputs

LINE_Y = 31.333


def make_cells(resolution=7):
    """Some sixty cells, the line through their middle."""
    box = shapely.box(-111.0, 31.25, -110.8, 31.42)
    index = cells.cell_index(cells.cells_touching(box, resolution))
    table = cells.cell_centres(index)
    area_km2 = cells.cell_areas_km2(index)
    half_height_deg = np.sqrt(area_km2) / 2 / 111.2
    share_us = ((table["y"] - LINE_Y) / half_height_deg / 2 + 0.5).clip(0, 1)
    side = np.select([share_us >= 1, share_us <= 0], ["US", "MX"], "both")
    return table.assign(
        side=pd.Series(side, index=index, dtype="str"),
        share_us=share_us,
        share_mx=1 - share_us,
        km=2_300 + (-110.8 - table["x"]) * 95,
        distance_km=(table["y"] - LINE_Y).abs() * 110.9,
        area_km2=area_km2,
    )


def make_landmarks():
    rows = [
        ("port_of_entry", "both", "read", -110.94, 31.333),
        ("international_bridge", "both", "unverified", -110.85, 31.333),
        ("town", "US", "read", -110.93, 31.35),
        ("town", "MX", "read", -110.94, 31.31),
        ("hospital", "US", "read", -110.92, 31.37),
        ("boundary_monument", "both", "derived", -110.90, 31.333),
    ]
    table = pd.DataFrame(rows, columns=["kind", "side", "basis", "x", "y"])
    return gpd.GeoDataFrame(
        table[["kind", "side", "basis"]],
        geometry=gpd.points_from_xy(table["x"], table["y"]),
        crs="EPSG:4326",
    ).set_index(pd.Index([f"lm-{n}" for n in range(len(rows))], name="landmark_id"))


def make_waterways():
    return gpd.GeoDataFrame(
        {
            "kind": ["river", "canal", "canal"],
            "accuracy_m": [60.0, 1_200.0, 5_000.0],
        },
        geometry=[
            shapely.LineString([(-110.98, 31.26), (-110.95, 31.33), (-110.96, 31.41)]),
            shapely.LineString([(-110.83, 31.26), (-110.83, 31.41)]),
            shapely.LineString([(-110.88, 31.26), (-110.88, 31.41)]),
        ],
        crs="EPSG:4326",
    )


def make_incidents():
    rows = [
        ("2019-07-01", "day", 100.0, "migrant_death", "exposure", -110.90, 31.36),
        ("2020-06-15", "day", 100.0, "migrant_death", "drowning", -110.95, 31.34),
        ("2020-08-01", "month", 5e3, "migrant_disappearance", "", -110.87, 31.38),
        ("2020-01-01", "year", 1e3, "migrant_death", "exposure", -110.86, 31.30),
        ("2020-03-03", "day", 5e3, "violence_state", "", -110.94, 31.31),
        ("2018-05-05", "day", 25e3, "violence_onesided", "", -110.92, 31.30),
    ]
    names = ["occurred_on", "time_precision", "accuracy_m", "kind", "cause", "x", "y"]
    table = pd.DataFrame(rows, columns=names)
    violent = table["kind"].str.startswith("violence")
    return gpd.GeoDataFrame(
        {
            "occurred_on": pd.to_datetime(table["occurred_on"], utc=True),
            "time_precision": table["time_precision"],
            "accuracy_m": table["accuracy_m"],
            "kind": table["kind"],
            "cause": table["cause"],
            "purpose": np.where(violent, "public_safety", "life_saving"),
            "source": np.where(violent, "ucdp_ged", "iom_mmp"),
            "dead": 1,
            "missing": 0,
        },
        geometry=gpd.points_from_xy(table["x"], table["y"]),
        crs="EPSG:4326",
    ).set_index(pd.Index([f"ev-{n}" for n in range(len(rows))], name="event_id"))


def make_coverage():
    """Deaths recorded on both sides, but not west of km 2,315; violence in Mexico."""
    return pd.DataFrame(
        {
            "source": ["iom_mmp", "ucdp_ged"],
            "purpose": ["life_saving", "public_safety"],
            "side": ["both", "MX"],
            "from_km": [2_290.0, 0.0],
            "to_km": [2_315.0, 3_182.0],
            "from_on": ["2018-01-01", "2016-01-01"],
            "to_on": ["2020-12-31", ""],
            "note": ["", ""],
        }
    )


def make_climate():
    """Two stations, each with a maximum and a minimum."""
    season = np.array([-9, -7, -4, 0, 4, 9, 10, 9, 6, 1, -5, -9], dtype=float)
    rows = []
    for station, x, y, elevation_m, level in (
        ("Nogales", -110.85, 31.42, 1_205.0, 26.0),
        ("Ajo", -112.86, 32.37, 537.0, 30.0),
    ):
        for variable, less in (("tmax", 0.0), ("tmin", 15.0)):
            values = dict(zip(MONTHS, level - less + season, strict=True))
            head = {"station": station, "x": x, "y": y, "elevation_m": elevation_m}
            rows.append({**head, "variable": variable, **values})
    return pd.DataFrame(rows)


def make_terrain(table):
    """A slope up to the north by cells of resolution 6, one of them unknown."""
    index = cells.cell_index(cells.parents(table.index, 6))
    y = cells.cell_centres(index)["y"]
    terrain = pd.DataFrame(
        {
            "elevation_m": 1_100 + (y - 31.25) * 2_000,
            "slope_deg": 3.5,
            "ruggedness": 0.01,
        },
        index=index,
    )
    return terrain.iloc[1:]


def make_inputs(resolution=7):
    table = make_cells(resolution)
    landmarks = make_landmarks()
    return Inputs(
        cells=table,
        landmarks=landmarks,
        waterways=make_waterways(),
        incidents=make_incidents(),
        coverage=make_coverage(),
        climate=make_climate(),
        terrain=make_terrain(table),
        metric_crs=metric_crs_for(landmarks),
        as_of=pd.Timestamp("2021-01-01", tz="UTC"),
    )


@pytest.fixture(scope="session")
def inputs():
    """Everything, at resolution 7."""
    return make_inputs()
