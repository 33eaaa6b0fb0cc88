"""Tiny tables about Nogales, made in code; names can be as hostile as a test wants."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells
from riskmap.webmap import MapTables
from riskmap.webmap.layer_of_values import ValueLayer

WEST, SOUTH, EAST, NORTH = -111.1, 31.2, -110.7, 31.5
LINE_Y = 31.333

# text that runs where it is taken for markup or for a template
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "${alert(3)}",
    "`+alert(4)+`",
    "{{ 7*7 }}{% raw %}",
    "'\"><svg onload=alert(5)>",
    "![x](http://elsewhere.example/x.png)",
    "<!-- \u2028 \u2029 -->]]>",
)


def hostile(place: int) -> str:
    """Give one hostile text, another for each place."""
    return f"{HOSTILE[place % len(HOSTILE)]}#{place}"


def tiny_cells(resolution: int = 7) -> pd.DataFrame:
    """About 300 cells with both scores; the north-east is no data for both."""
    box = shapely.box(WEST, SOUTH, EAST, NORTH)
    index = cells.cells_touching(box, resolution)
    table = cells.cell_centres(index).assign(area_km2=cells.cell_areas_km2(index))
    table["side"] = np.where(table["y"] > LINE_Y, "US", "MX")
    table["km"] = (EAST - table["x"]) * 95.0
    blind = (table["x"] > -110.85) & (table["side"] == "US")
    wave = np.sin(table["x"] * 20) * np.cos(table["y"] * 25)
    for score, shift in (("migrant_danger", 0.0), ("patrol_risk", 0.7)):
        value = (10 ** (wave * 1.5 - 2 + shift)).where(~blind)
        table[score] = value
        table[f"{score}_low"] = value / np.where(wave > 0, 2, 20)
        table[f"{score}_high"] = value * np.where(wave > 0, 2, 20)
        density = value / table["area_km2"]
        table[f"{score}_rank"] = density.rank(ascending=False, method="first").astype(
            "Int64"
        )
        table[f"{score}_percentile"] = density.rank(pct=True) * 100
        evidence = np.where(wave > 0, "records", "prior")
        table[f"{score}_evidence"] = np.where(blind, "no_data", evidence)
    return table


def tiny_periods(table: pd.DataFrame) -> dict[str, pd.DataFrame | pd.Series]:
    """The incidents of the tiny map by month; deaths watched from 2018 to 2020."""
    known = table.index[table["migrant_danger"].notna()]
    rows = [
        (known[0], 2018, 6, "migrant_death", "US", "foot", 1),
        (known[5], 2018, 0, "migrant_death", "US", "vague", 20),
        (known[5], 2019, 7, "migrant_death", "US", "foot", 40),
        (known[9], 2020, 6, "migrant_death", "MX", "foot", 4),
        (known[9], 2019, 1, "violence_nonstate", "MX", "vague", 2),
    ]
    names = ["cell", "year", "month", "kind", "side", "accuracy", "events"]
    periods = pd.DataFrame(rows, columns=names).assign(dead=0, source="iom_mmp")
    deaths = periods["kind"] == "migrant_death"
    periods["purpose"] = np.where(deaths, "life_saving", "public_safety")
    watch = table["migrant_danger"].notna().astype("int64").rename("watch")
    spans = pd.DataFrame(
        {
            "watch": 1,
            "source": "iom_mmp",
            "purpose": ["life_saving", "public_safety"],
            "from_year": [2018, 2019],
            "to_year": [2020, 2019],
        }
    )
    return {"periods": periods, "watch": watch, "spans": spans}


def tiny_values(table: pd.DataFrame) -> dict[str, object]:
    """A number that rises to the east and two classes; the north-east is no data."""
    blind = table["migrant_danger"].isna()
    values = pd.DataFrame(
        {
            "elevation_m": ((table["x"] - WEST) * 4_000.0).mask(blind),
            "evidence": table["migrant_danger_evidence"].astype("str"),
        }
    )
    layers = (
        ValueLayer(name="elevation_m", unit="m", saved=True),
        ValueLayer(
            name="evidence",
            group="doubt",
            classes=("prior", "records"),
            colours=("#cccccc", "#12557f"),
        ),
    )
    return {"layers": layers, "values": lambda: values, "stamp": "tiny"}


def tiny_tables(*, names: tuple[str, str] = ("Nogales", "Nogales")) -> MapTables:
    """All tables of a tiny map, every text from outside being one of `names`."""
    table = tiny_cells()
    line = shapely.LineString([(EAST, LINE_Y), (-110.9, LINE_Y), (WEST, LINE_Y)])
    top = table["migrant_danger"].nlargest(12).index
    parts = shapely.get_parts(cells.outline(cells.cell_index(top)))
    zones = gpd.GeoDataFrame(
        {
            "score": ["migrant_danger"] * len(parts),
            "rank": np.arange(1, len(parts) + 1),
            "side": ["US"] * len(parts),
            "area_km2": 25.0,
            "cells": 4,
            "expected_per_year": 0.5,
            "expected_low_per_year": 0.2,
            "expected_high_per_year": 1.1,
            "share_of_score": 0.1,
            "from_km": 10.0,
            "to_km": 12.0,
            "landmark_id": "t-1",
            "landmark_en": names[0],
            "landmark_es": names[1],
            "landmark_distance_km": 1.5,
        },
        geometry=list(parts),
        crs="EPSG:4326",
        index=pd.Index(
            [f"migrant_danger-US-{i:03}" for i in range(1, len(parts) + 1)],
            name="zone_id",
        ),
    )
    landmarks = gpd.GeoDataFrame(
        {
            "kind": ["port_of_entry", "hospital"],
            "name_en": list(names),
            "name_es": list(names[::-1]),
            "accuracy_m": [30.0, np.nan],
            "basis": ["read", "unverified"],
            # long ago and never, whatever today is
            "verified_on": ["2020-02-29", ""],
        },
        geometry=gpd.points_from_xy([-110.94, -110.93], [LINE_Y, 31.35]),
        crs="EPSG:4326",
        index=pd.Index(["p-1", "h-1"], name="landmark_id"),
    )
    known = table.index[table["migrant_danger"].notna()]
    incidents = pd.DataFrame(
        {
            "cell": known[[0, 5, 9, 9]].to_numpy(),
            "kind": ["migrant_death"] * 3 + ["violence_nonstate"],
            "purpose": ["life_saving"] * 3 + ["public_safety"],
            "events": [1, 60, 4, 2],
        }
    )
    basemap = gpd.GeoDataFrame(
        {
            "kind": ["land", "river", "town"],
            "name": ["", "", names[0]],
            "people": [np.nan, np.nan, 300_000.0],
        },
        geometry=[
            shapely.box(-112, 30, -110, 32),
            shapely.LineString([(-111, 31), (-110.9, 31.9)]),
            shapely.Point(-110.94, 31.31),
        ],
        crs="EPSG:4326",
    )
    return MapTables(
        cells=table,
        zones=zones,
        landmarks=landmarks,
        boundary=gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326"),
        incidents=incidents,
        basemap=basemap,
        **tiny_periods(table),
        **tiny_values(table),
    )
