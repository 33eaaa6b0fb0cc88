"""Gi*, local Moran, draws and false discovery: against esda, by hand, by chance."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from riskmap.errors import OptionError, UnknownNameError
from riskmap.hotspots.discovery import false_discovery
from riskmap.hotspots.draws import conditional_tails, draw_subsets
from riskmap.hotspots.local import (
    HOTSPOT_TABLE,
    HotspotOptions,
    find_hotspots,
    gi_star,
    local_moran,
)
from riskmap.schema import check_table


def grid(side):
    """Queen neighbours on a square, the diagonal too."""
    line = sparse.diags_array([1.0] * 3, offsets=[-1, 0, 1], shape=(side, side))
    return sparse.kron(line, line).tocsr()


@pytest.fixture(scope="module")
def peers():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        esda = pytest.importorskip("esda")
        libpysal = pytest.importorskip("libpysal")
        return esda, libpysal.weights.lat2W(20, 20, rook=False)


@pytest.fixture(scope="module")
def values():
    rng = np.random.default_rng(1)
    return rng.poisson(0.4, 400) * rng.uniform(0.5, 1.5, 400)


def test_gi_star_is_that_of_esda_to_1e_9(peers, values):
    esda, weights = peers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.G_Local(values, weights, star=True, transform="B", permutations=0)
    np.testing.assert_allclose(gi_star(values, grid(20)), theirs.Zs, atol=1e-9)


def test_local_moran_is_that_of_esda_to_1e_9(peers, values):
    esda, weights = peers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.Moran_Local(values, weights, permutations=0)
    np.testing.assert_allclose(local_moran(values, grid(20)), theirs.Is, atol=1e-9)


def test_p_values_are_those_of_esda_within_chance(peers, values):
    esda, weights = peers
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.Moran_Local(values, weights, permutations=4_999, seed=3)
    links = grid(20)
    size = np.asarray(links.sum(axis=1)).ravel().astype(int) - 1
    tails = conditional_tails(
        values, links @ values - values, size, draws=19_999, random_state=0
    )
    # esda folds its p: the smaller of the two tails
    ours = np.minimum(tails.high, tails.low)
    folded = np.minimum(theirs.p_sim, 1 - theirs.p_sim)
    away = (values != values.mean()) & (ours < 0.5)
    spread = np.sqrt(ours * (1 - ours) / 4_999)
    assert np.mean(np.abs(ours - folded)[away] <= 4 * spread[away] + 0.003) > 0.98


def test_a_conditional_tail_worked_out_by_hand():
    # the others of cell 0 are 0, 1 and 5: a pair of them sums to 1, 5 or 6
    values = np.array([2.0, 0.0, 1.0, 5.0])
    tails = conditional_tails(
        values,
        np.array([5.0, 0, 0, 0]),
        np.array([2, 0, 0, 0]),
        draws=50_000,
        random_state=1,
    )
    assert tails.high[0] == pytest.approx(2 / 3, abs=0.01)
    assert tails.low[0] == pytest.approx(2 / 3, abs=0.01)
    assert tails.two_sided.tolist() == [1.0, 1.0, 1.0, 1.0]


def test_draws_that_hold_the_cell_do_not_count_for_it():
    # the one cell with a value can never be among its own others
    values = np.zeros(100)
    values[7] = 1.0
    sums = np.full(100, 1.0)
    found = conditional_tails(
        values, sums, np.full(100, 5), draws=40_000, random_state=0
    )
    assert found.high[7] == pytest.approx(1 / 40_000, rel=0.2)
    others = np.delete(found.high, 7)
    np.testing.assert_allclose(others, 5 / 99, atol=0.006)


@given(st.integers(2, 200), st.data())
@settings(max_examples=30, deadline=None)
def test_a_set_holds_no_cell_twice(n_cells, data):
    size = data.draw(st.integers(1, min(n_cells, 20)))
    found = draw_subsets(n_cells, size, 50, np.random.default_rng(0))
    assert found.shape == (50, size)
    assert all(len(set(row)) == size for row in found.tolist())
    assert found.min() >= 0
    assert found.max() < n_cells


def test_every_cell_is_drawn_as_often():
    found = draw_subsets(100, 10, 20_000, np.random.default_rng(0))
    assert stats.chisquare(np.bincount(found.ravel())).pvalue > 1e-4


def test_false_discovery_is_that_of_scipy():
    p = np.random.default_rng(0).random(500) ** 2
    np.testing.assert_allclose(false_discovery(p), stats.false_discovery_control(p))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_is_never_under_p_and_keeps_its_order(p):
    found = false_discovery(np.array(p))
    assert (found >= np.array(p) - 1e-15).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(found[order]) >= 0).all()


@pytest.mark.parametrize("null", ["cells", "records"])
def test_on_random_ground_few_maps_show_any_hot_spot(null):
    # torture runs this 1,000 times over: benchmarks/hotspots.py
    links, runs, any_flagged = grid(25), 60, 0
    for run in range(runs):
        events = np.random.default_rng(run).poisson(0.5, 625)
        options = HotspotOptions(null=null, draws=4_999, random_state=run)
        found = find_hotspots(events, np.ones(625), links, options)
        any_flagged += bool(found["state"].isin(["hot", "cold"]).any())
    # under chance alone the rate is the probability of any flag: 5 %
    assert any_flagged <= stats.binom.ppf(0.999, runs, 0.05)


# corners of the block have few neighbours in it, and what a cell holds itself counts
# for nothing where cells are shuffled
@pytest.mark.parametrize(("null", "least"), [("cells", 0.6), ("records", 0.9)])
def test_a_planted_cluster_is_found_and_little_else(null, least):
    rng = np.random.default_rng(4)
    planted = np.zeros((25, 25), dtype=bool)
    planted[10:14, 10:14] = True
    events = rng.poisson(np.where(planted, 4.0, 0.3).ravel())
    found = find_hotspots(events, np.ones(625), grid(25), HotspotOptions(null=null))
    hot = (found["state"] == "hot").to_numpy().reshape(25, 25)
    assert hot[11:13, 11:13].all()
    assert hot[planted].mean() >= least
    near = np.zeros_like(planted)
    near[9:15, 9:15] = True
    assert hot[~near].mean() <= 0.01


def test_ground_that_nobody_watches_is_neither_tested_nor_a_neighbour():
    events = np.zeros(400, dtype=int)
    events[:5] = 50
    exposure = np.ones(400)
    exposure[:40] = np.nan
    found = find_hotspots(events, exposure, grid(20), HotspotOptions())
    assert set(found["state"][:40]) == {"no_data"}
    assert found.loc[:39, ["gi_star", "p", "q"]].isna().all(axis=None)
    assert set(found["state"][40:]) == {"none"}
    check_table(found, HOTSPOT_TABLE, name="hotspots")


def test_a_cell_watched_half_as_long_counts_double():
    events, exposure = np.zeros(400, dtype=int), np.ones(400)
    events[10], exposure[10] = 1, 0.5
    found = find_hotspots(events, exposure, grid(20), HotspotOptions())
    assert found["per_km2_year"][10] == 2.0


def test_without_control_of_false_discovery_more_is_flagged():
    events = np.random.default_rng(0).poisson(0.5, 625)
    flagged = [
        find_hotspots(
            events, np.ones(625), grid(25), HotspotOptions(discovery=discovery)
        )["state"].isin(["hot", "cold"])
        for discovery in (True, False)
    ]
    assert (flagged[1] | ~flagged[0]).all()
    assert flagged[1].sum() > 10 * flagged[0].sum()


def test_the_same_seed_gives_the_same_table():
    events = np.random.default_rng(0).poisson(0.5, 400)
    tables = [
        find_hotspots(events, np.ones(400), grid(20), HotspotOptions()) for _ in "ab"
    ]
    pd.testing.assert_frame_equal(*tables)


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ({"rate": 0.0}, OptionError),
        ({"rate": 1.0}, OptionError),
        ({"rings": 0}, OptionError),
        ({"draws": 9}, OptionError),
        ({"null": "coins"}, UnknownNameError),
    ],
)
def test_an_option_out_of_range_is_refused(option, error):
    with pytest.raises(error):
        HotspotOptions(**option)
