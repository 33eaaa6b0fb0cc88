"""Triggering: what was put into simulated events is found again."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from riskmap.boundary import CorridorOptions, corridor_cells
from riskmap.history.coverage import Coverage, Watch
from riskmap.history.ground import Placed, lay_ground
from riskmap.history.records import Records
from riskmap.history.triggering import SelfExciting, knox_test

DAYS = 1_500


@pytest.fixture(scope="module")
def ground(tiny_boundary):
    options = CorridorOptions(half_width_km=20, resolution=7)
    return lay_ground(corridor_cells(tiny_boundary, options))


def records_of(ground, day, cell, xy):
    order = np.argsort(day, kind="stable")
    day, cell, xy = day[order], cell[order], xy[order]
    n = len(day)
    events = Placed(
        day=day,
        known_day=day + 1,
        site=np.arange(n),
        site_cell=cell,
        site_xy_km=xy,
        site_lonlat=np.zeros((n, 2)),
        site_spread_km=np.full(n, 0.05),
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


def simulate(ground, theta, *, seed=0, background=700):
    """Draw parents anywhere; each has Poisson(theta) children, ten days and 1 km on."""
    draw = np.random.default_rng(seed)
    day = draw.uniform(0, DAYS, background)
    xy = ground.xy_km[draw.integers(0, len(ground), background)]
    days, places = [day], [xy]
    while len(day):
        children = draw.poisson(theta, len(day))
        day = np.repeat(day, children) + draw.exponential(10.0, children.sum())
        xy = np.repeat(xy, children, axis=0) + draw.normal(0, 1.0, (children.sum(), 2))
        inside = day < DAYS
        day, xy = day[inside], xy[inside]
        days.append(day)
        places.append(xy)
    day, xy = np.floor(np.concatenate(days)).astype(np.int64), np.concatenate(places)
    apart, cell = cKDTree(ground.xy_km).query(xy)
    near = apart < 2.0
    return records_of(ground, day[near], cell[near].astype(np.intp), xy[near])


def test_a_trigger_is_found_again(ground):
    model = SelfExciting(reach_km=8.0, pair_days=60).fit(simulate(ground, 0.4))
    assert model.theta_ == pytest.approx(0.4, abs=0.12)
    assert 1 / model.decay_per_day_ == pytest.approx(10.0, rel=0.4)
    assert model.sigma_km_ == pytest.approx(1.0, rel=0.3)


def test_without_a_trigger_little_is_found(ground):
    model = SelfExciting(reach_km=8.0, pair_days=60).fit(simulate(ground, 0.0))
    assert model.theta_ < 0.12


def test_expected_events_add_up_to_the_process_mean(ground):
    records = simulate(ground, 0.4)
    model = SelfExciting(reach_km=8.0, pair_days=60).fit(records)
    rate = len(records.events) / DAYS
    assert model.predict(100).sum() == pytest.approx(100 * rate, rel=0.2)


@pytest.mark.parametrize("n_events", [0, 1, 2])
def test_hardly_any_events_trigger_nothing_and_break_nothing(ground, n_events):
    few = np.arange(n_events)
    records = records_of(ground, few * 9, few, ground.xy_km[:n_events])
    found = SelfExciting().fit(records).predict(30)
    assert np.isfinite(found).all()
    assert (found >= 0).all()


def test_knox_tells_near_repeats_from_chance(ground):
    close = {"near_km": 2.0, "near_days": 14}
    assert knox_test(simulate(ground, 0.4).events, **close).p_value == 0.01
    quiet = knox_test(simulate(ground, 0.0).events, **close)
    assert quiet.p_value > 0.05
    assert quiet.ratio == pytest.approx(1.0, abs=0.2)


def test_knox_counts_pairs_by_hand(ground):
    # two places far apart, two events each: two days and two months between
    day, cell = np.array([0, 2, 100, 160]), np.array([0, 0, 150, 150])
    found = knox_test(
        records_of(ground, day, cell, ground.xy_km[cell]).events, near_km=1, near_days=7
    )
    assert found.close_pairs == 1


def test_coarse_records_are_no_near_repeats(ground):
    records = simulate(ground, 0.4)
    coarse = Placed(
        **{**vars(records.events), "site_spread_km": np.full(len(records.events), 9.0)}
    )
    assert knox_test(coarse, near_km=2, near_days=14).p_value == 1.0
