"""A small world made in code: two hundred cells about Nogales, ten years of events."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap.boundary import CorridorOptions, corridor_cells
from riskmap.scoring import PRESETS
from tests.examples import example

# the contract of a score holds for one that another package brings
EXAMPLE = example("armed_groups_score", "riskmap_armed_groups").ARMED_GROUPS
SCORES = (*PRESETS, EXAMPLE)

COVERAGE = {
    "source": "made",
    "side": "both",
    "from_km": 0.0,
    "to_km": 30.0,
    "from_on": pd.Timestamp("2010-01-01", tz="UTC"),
    "to_on": pd.Timestamp("2019-12-31", tz="UTC"),
    "note": "",
}


@dataclass(frozen=True)
class World:
    cells: pd.DataFrame
    features: pd.DataFrame
    incidents: gpd.GeoDataFrame
    coverage: pd.DataFrame


def make_events(cells, kind, purpose, *, n_events=160, seed=1):
    """Half about one hot spot, half anywhere, from 2010 to 2019."""
    draw = np.random.default_rng(seed)
    rows = draw.integers(0, len(cells), n_events)
    x = cells["x"].to_numpy()[rows] + draw.normal(0, 0.004, n_events)
    y = cells["y"].to_numpy()[rows] + draw.normal(0, 0.004, n_events)
    hot = np.arange(n_events) % 2 == 0
    x[hot] = -110.94 + draw.normal(0, 0.01, hot.sum())
    y[hot] = 31.35 + draw.normal(0, 0.01, hot.sum())
    days = pd.Timestamp("2010-01-01", tz="UTC") + pd.to_timedelta(
        np.sort(draw.integers(0, 3652, n_events)), unit="D"
    )
    return gpd.GeoDataFrame(
        {
            "occurred_on": pd.Series(days).astype("datetime64[us, UTC]").to_numpy(),
            "time_precision": "day",
            "accuracy_m": draw.choice([100.0, 2_000.0, 30_000.0], n_events),
            "kind": kind,
            "purpose": purpose,
            "source": "made",
        },
        index=pd.Index([f"{kind}-{i:04d}" for i in range(n_events)], name="event_id"),
        geometry=gpd.points_from_xy(x, y),
        crs="EPSG:4326",
    ).astype({"occurred_on": "datetime64[us, UTC]"})


@pytest.fixture(scope="session")
def world(tiny_boundary):
    cells = corridor_cells(
        tiny_boundary, CorridorOptions(half_width_km=15, resolution=7)
    )
    layers = sorted({layer for preset in PRESETS for layer in preset.layers})
    draw = np.random.default_rng(7)
    features = pd.DataFrame(
        {
            name: cells["y"] * (1 + i) + draw.normal(size=len(cells))
            for i, name in enumerate(layers)
        },
        index=cells.index,
    )
    incidents = pd.concat(
        [
            make_events(cells, "migrant_death", "life_saving"),
            make_events(cells, "violence_nonstate", "public_safety", seed=2),
        ]
    )
    coverage = pd.DataFrame(
        [
            {**COVERAGE, "purpose": purpose}
            for purpose in ("life_saving", "public_safety")
        ]
    )
    return World(cells, features, incidents, coverage)
