"""Permanent baselines: one contract for all, and numbers worked out by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap.evaluation.baselines import BASELINES
from riskmap.evaluation.baselines_learned import (
    alike,
    learned_baselines,
    poisson_fit,
    risk_terrain,
)
from riskmap.evaluation.baselines_near import NEAR_BASELINES, promap, same_season
from riskmap.evaluation.baselines_open_cp import OPEN_CP_BASELINES
from riskmap.history.records import keep_records
from riskmap.scoring import PRESETS

AS_OF = "2018-01-01"
DIRECT = {**BASELINES, **NEAR_BASELINES, **OPEN_CP_BASELINES}
LEARNED = ("risk_terrain", "poisson_glm", "gradient_boosting")


def records_of(world, incidents, as_of=AS_OF):
    coverage = world.coverage[world.coverage["purpose"] == "life_saving"]
    return keep_records(
        world.cells, incidents, coverage, kinds=PRESETS[0].kinds, as_of=as_of
    )


def layers_of(world):
    return world.features[list(PRESETS[0].layers)]


def forecaster(world, name):
    return DIRECT[name] if name in DIRECT else learned_baselines(layers_of(world))[name]


@pytest.fixture(scope="module")
def deaths(world):
    return world.incidents[world.incidents["kind"] == "migrant_death"]


@pytest.mark.parametrize("name", [*DIRECT, *LEARNED])
@pytest.mark.parametrize("n_events", [0, 1, 160])
def test_every_baseline_expects_something_of_every_cell(world, deaths, name, n_events):
    records = records_of(world, deaths.iloc[:n_events])
    found = forecaster(world, name)(records, 365)
    assert found.shape == (len(world.cells),)
    assert np.isfinite(found).all()
    assert (found[records.watched > 0] > 0).all()
    last = records.events.day >= records.as_of_day - 365
    assert found.sum() == pytest.approx(max(last.sum(), 0.5))


@pytest.mark.parametrize("name", [*DIRECT, *LEARNED])
def test_no_baseline_knows_the_future(world, deaths, name):
    known = deaths[deaths["occurred_on"] < pd.Timestamp(AS_OF, tz="UTC")]
    shuffled = deaths.sample(frac=1, random_state=1)
    mine, theirs = (
        forecaster(world, name)(records_of(world, rows), 90)
        for rows in (known, shuffled)
    )
    assert mine.tobytes() == theirs.tobytes()


def test_a_season_counts_the_same_days_of_years_before(world, deaths):
    table = deaths.iloc[:3].copy()
    # one in the season a year ago, one half a year off, one two years ago
    days = pd.to_datetime(["2017-01-20", "2017-07-01", "2016-01-20"], utc=True)
    table["occurred_on"] = days.astype("datetime64[us, UTC]")
    table["accuracy_m"] = 100.0
    records = records_of(world, table)
    found = same_season(records, 30)
    share = found / found.sum()
    older, newer, other = records.events.cell
    assert len({older, newer, other}) == 3
    assert share[[older, newer]] == pytest.approx([0.49, 0.49], abs=0.01)
    assert share[other] < 0.01


def test_an_event_of_last_week_pulls_promap_more_than_one_of_last_month(world, deaths):
    table = deaths.iloc[:2].copy()
    days = pd.to_datetime(["2017-12-30", "2017-12-01"], utc=True)
    table["occurred_on"] = days.astype("datetime64[us, UTC]")
    west, east = world.cells["x"].idxmin(), world.cells["x"].idxmax()
    places = world.cells.loc[[west, east]]
    table = table.set_geometry(
        type(table.geometry).from_xy(places["x"], places["y"], crs=4326).to_numpy()
    ).set_crs(4326)
    found = promap(records_of(world, table), 30)
    rows = world.cells.index.get_indexer([west, east])
    assert found[rows[0]] > 2 * found[rows[1]]


def test_risk_terrain_finds_the_layer_that_was_planted(world, deaths):
    records = records_of(world, deaths)
    draw = np.random.default_rng(0)
    near = pd.Series(1.0, index=world.cells.index)
    near.iloc[np.unique(records.events.pinned.cell)] = 0.0
    layers = pd.DataFrame(
        {
            "noise": draw.normal(size=len(near)),
            "planted": near + draw.normal(0, 0.01, len(near)),
        },
        index=near.index,
    )
    found = risk_terrain(records, layers)
    assert found.factors[0].layer == "planted"
    assert found.factors[0].relative_risk > 3


@pytest.mark.parametrize("name", [*DIRECT, *LEARNED])
def test_events_all_in_one_place_make_a_map(world, deaths, name):
    place = gpd.points_from_xy([deaths.geometry.x.iloc[0]], [deaths.geometry.y.iloc[0]])
    same = deaths.set_geometry(
        gpd.GeoSeries(place.repeat(len(deaths)), index=deaths.index, crs=deaths.crs)
    ).assign(accuracy_m=100.0)
    found = forecaster(world, name)(records_of(world, same), 365)
    assert np.isfinite(found).all()
    assert found.sum() > 0


def test_patterns_of_factors_say_what_the_cells_say():
    """Cells with the same factors, added up, fit as each of them apart."""
    draw = np.random.default_rng(3)
    factors = (draw.random((500, 3)) < 0.4).astype(float)
    chosen = np.column_stack([np.ones(500), factors[:, :2]])
    counts, area = draw.poisson(1.0 + factors[:, 0]).astype(float), draw.random(500) + 1
    apart = poisson_fit(np.column_stack([chosen, factors[:, 2]]), counts, area)
    together = poisson_fit(*alike(chosen, factors[:, 2], counts, area))
    assert together[0] == pytest.approx(apart[0], abs=1e-9)
    assert together[1] == pytest.approx(apart[1], abs=1e-6)
