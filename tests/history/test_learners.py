"""Learners: what they learn from is over, their columns say what they are."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from riskmap.boundary import CorridorOptions, corridor_cells
from riskmap.history.coverage import Coverage, Watch
from riskmap.history.ground import Placed, lay_ground
from riskmap.history.learners import HistoryRegressor, lesson_days, lessons
from riskmap.history.reach import half_lives_for, reaches_for
from riskmap.history.records import Records

DAYS = 2_200


@pytest.fixture(scope="module")
def records(tiny_boundary):
    """Six years of events, most about one place."""
    options = CorridorOptions(half_width_km=15, resolution=7)
    ground = lay_ground(corridor_cells(tiny_boundary, options))
    draw = np.random.default_rng(0)
    n = 300
    hot = ground.xy_km[40] + draw.normal(0, 2.0, (n, 2))
    xy = np.where(
        draw.random((n, 1)) < 0.7, hot, ground.xy_km[draw.integers(0, len(ground), n)]
    )
    apart, cell = cKDTree(ground.xy_km).query(xy)
    near = apart < 2.0
    day = np.sort(draw.integers(0, DAYS, near.sum()))
    size = len(day)
    events = Placed(
        day=day,
        known_day=day + 1,
        site=np.arange(size),
        site_cell=cell[near].astype(np.intp),
        site_xy_km=xy[near],
        site_lonlat=np.zeros((size, 2)),
        site_spread_km=np.full(size, 0.05),
    )
    watch = Watch(
        share=np.ones(len(ground)),
        group=np.zeros(len(ground), dtype=np.intp),
        spans=(((0, DAYS),),),
    )
    return Records(
        ground=ground,
        events=events,
        coverage=Coverage(watches=(watch,)),
        as_of_day=DAYS,
    )


def no_layers(records):
    return pd.DataFrame(index=records.ground.index)


def test_horizons_learned_from_are_over(records):
    for horizon in (30, 90, 365):
        days = lesson_days(records, horizon)
        assert days
        assert max(days) + horizon == records.as_of_day
        assert min(days) > 0


def test_every_column_has_a_name_and_a_sign(records):
    traces = HistoryRegressor().traces_of(records, no_layers(records))
    columns = traces.at(records, DAYS)
    assert columns.shape == (len(records.ground), len(traces.names))
    assert len(traces.rises) == len(traces.names)
    assert columns.dtype == np.float32


def test_columns_of_a_day_know_nothing_later(records):
    traces = HistoryRegressor().traces_of(records, no_layers(records))
    mine = traces.at(records, 1_000)
    theirs = traces.at(records.before(1_000), 1_000)
    assert mine.tobytes() == theirs.tobytes()


def test_drawn_cells_stand_for_all(records):
    traces = HistoryRegressor().traces_of(records, no_layers(records))
    rows = lessons(records, traces)
    horizons = len(lesson_days(records, 365))
    assert rows.weight.sum() == pytest.approx(horizons * len(records.ground))
    assert (rows.weight[rows.counts > 0] == 1).all()


@pytest.mark.parametrize("how", ["glm", "trees"])
def test_the_hot_place_is_learned(records, how):
    model = HistoryRegressor(how=how).fit(records, layers=no_layers(records))
    found = model.predict(records)
    near = np.hypot(*(records.ground.xy_km - records.ground.xy_km[40]).T) < 4
    assert found[near].mean() > 4 * found[~near].mean()


def test_reaches_and_memories_are_laid_out_by_the_data(records):
    reaches = reaches_for(records)
    edge = records.ground.edge_km
    assert reaches[0] == pytest.approx(0.5 * edge, rel=0.01)
    assert all(b > a for a, b in itertools.pairwise(reaches))
    assert half_lives_for(90)[-1] == np.inf
