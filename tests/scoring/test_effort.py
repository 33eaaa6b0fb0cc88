"""Effort in a score: a map of where people look becomes one of what happens."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap.scoring import PRESETS, basis_of, score_records, target_records
from tests.scoring.conftest import make_events

AS_OF = "2020-01-01"
DANGER, PATROL = PRESETS
WEST, EAST = 1.35, 0.65


@pytest.fixture(scope="module")
def looked(world):
    """The west is looked at more, so that 1.35 records come in for 0.65 in the east."""
    west = world.cells["x"] < world.cells["x"].median()
    return np.where(west, WEST, EAST)


@pytest.fixture(scope="module")
def found(world, looked):
    """Events that happen alike everywhere, recorded as they are looked for."""
    draw = np.random.default_rng(5)
    area = world.cells["area_km2"].to_numpy()
    rows = draw.choice(len(area), 3_000, p=area * looked / (area * looked).sum())
    events = make_events(
        world.cells, "violence_nonstate", "public_safety", n_events=3_000
    )
    x, y = (world.cells[name].to_numpy()[rows] for name in ("x", "y"))
    events = events.set_geometry(gpd.points_from_xy(x, y), crs="EPSG:4326")
    return events.assign(accuracy_m=100.0)


def effort(world, looked, purpose):
    return pd.DataFrame(
        {
            "cell": world.cells.index,
            "purpose": purpose,
            "hours": 1.0,
            "looked": looked,
        }
    )


def scored(world, events, preset, table=None):
    records = target_records(
        world.cells, events, world.coverage, preset, as_of=AS_OF, effort=table
    )
    flat = world.features * 0
    return score_records(records, basis_of(preset, flat))[0][preset.name]


def density(world, values, west):
    inside = (world.cells["x"] < world.cells["x"].median()) == west
    return values[inside].sum() / world.cells["area_km2"][inside].sum()


def test_the_map_is_even_again_where_only_the_looking_was_not(world, found, looked):
    plain = scored(world, found, PATROL)
    even = scored(world, found, PATROL, effort(world, looked, "public_safety"))
    ratio = density(world, plain, True) / density(world, plain, False)
    corrected = density(world, even, True) / density(world, even, False)
    assert ratio == pytest.approx(WEST / EAST, rel=0.15)
    assert corrected == pytest.approx(1, rel=0.1)


def test_as_much_is_recorded_in_all_as_before(world, found, looked):
    plain = scored(world, found, PATROL)
    even = scored(world, found, PATROL, effort(world, looked, "public_safety"))
    assert (even * looked).sum() == pytest.approx(plain.sum(), rel=0.02)


def test_no_byte_moves_by_the_log_of_the_other_side_of_the_wall(world, looked):
    table = effort(world, looked, "life_saving")
    plain = scored(world, world.incidents, PATROL)
    walled = scored(world, world.incidents, PATROL, table)
    assert plain.to_numpy().tobytes() == walled.to_numpy().tobytes()


def test_no_cell_becomes_no_data_because_nobody_looked(world, looked):
    table = effort(world, looked * 0.4, "public_safety")
    found = scored(world, world.incidents, PATROL, table)
    assert found.notna().equals(scored(world, world.incidents, PATROL).notna())
