"""Small tables of every kind that is exported, with all that can go wrong in them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap import cells
from riskmap.exports import ExportNotes
from riskmap.provenance import Source
from riskmap.schema import Column


@pytest.fixture
def notes() -> ExportNotes:
    return ExportNotes(
        version="0.1",
        as_of="2022-01-01",
        words={"en": lambda key: f"en {key}", "es": lambda key: f"es {key} ñ"},
        scores=("migrant_danger",),
        layers=(Column(name="slope_deg", dtype="float64", unit="°"),),
        sources=(Source(name="IOM", licence="CC BY 4.0"),),
        inputs={"cells": "ab12"},
    )


@pytest.fixture
def scores() -> pd.DataFrame:
    index = cells.cells_touching(shapely.box(-110.95, 31.3, -110.9, 31.35), 7)
    rng = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "side": pd.array(["US"] * len(index), dtype="str"),
            "km": rng.uniform(0, 3000, len(index)),
            "slope_deg": rng.normal(size=len(index)),
            "migrant_danger": rng.gamma(0.5, size=len(index)) / 1e6,
            "migrant_danger_rank": pd.array(range(1, len(index) + 1), dtype="Int64"),
            "migrant_danger_evidence": pd.array(["prior"] * len(index), dtype="str"),
        },
        index=index,
    )
    table.iloc[0, 3] = np.nan
    table.iloc[0, 4] = pd.NA
    table.iloc[0, 5] = "no_data"
    table.iloc[1, 2] = np.nan
    return table


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    ring = shapely.box(-111, 31, -110, 32)
    hole = shapely.Polygon(
        # clockwise outside and counter-clockwise inside: both the wrong way
        ring.exterior.coords[::-1],
        [shapely.box(-110.6, 31.4, -110.4, 31.6).exterior.coords],
    )
    return gpd.GeoDataFrame(
        {
            "rank": [1, 2],
            "landmark_es": pd.array(["Ojinaga", "Sásabe, «cañón»"], dtype="str"),
            "area_km2": [10_500.123456789, 1 / 3],
        },
        index=pd.Index(["z-US-001", "z-MX-001"], name="zone_id"),
        geometry=[hole, shapely.box(-109, 30, -108.9, 30.1)],
        crs="EPSG:4326",
    )


@pytest.fixture
def landmarks() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name_en": pd.array(["=HYPERLINK(1)", "Ajo", "-Peak"], dtype="str"),
            "us_id": pd.array(["1", None, "12..15"], dtype="str"),
            "accuracy_m": [10.0, 8_000.0, 30.0],
            "verified_on": pd.to_datetime(["2024-05-01", None, "2024-05-03"], utc=True),
        },
        index=pd.Index(["a", "b", "c"], name="landmark_id"),
        geometry=gpd.points_from_xy(
            [-110.94, -112.86, -106.5], [31.333, 32.37, 31.7838777777], crs="EPSG:4326"
        ),
    )


@pytest.fixture
def tables(scores, zones, landmarks) -> dict[str, pd.DataFrame]:
    return {"scores": scores, "zones": zones, "landmarks": landmarks}
