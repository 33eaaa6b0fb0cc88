"""The learned parts: weights, regression, clusters, totals, doubt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom
from sklearn.base import clone
from sklearn.linear_model import PoissonRegressor

from riskmap.history.ground import day_number
from riskmap.history.records import keep_records
from riskmap.scoring import PRESETS, KernelMixture
from riskmap.scoring.clusters import ClusterBench
from riskmap.scoring.doubt import (
    DRIFTS,
    SHAPES,
    Doubt,
    Trial,
    fit_doubt,
    log_likelihood,
    rate_interval,
)
from riskmap.scoring.em import mixture_weights
from riskmap.scoring.expectation import expect
from riskmap.scoring.learning import Learning
from riskmap.scoring.mixture import past_windows
from riskmap.scoring.place import Hinges, PlaceTerms, PoissonRidge
from riskmap.scoring.totals import count_interval, discounted_rate, expect_total


def test_weights_of_two_experts_worked_out_by_hand():
    # maximise 3 log(0.8 w + 0.2 (1-w)) + log(0.2 w + 0.8 (1-w)): w = 11/12
    expected = np.array([[0.8, 0.2], [0.2, 0.8]])
    weights = mixture_weights(expected, np.array([3.0, 1.0]), np.zeros(2))
    assert weights == pytest.approx([11 / 12, 1 / 12], abs=1e-3)


def test_weights_without_events_are_the_priors():
    weights = mixture_weights(np.zeros((2, 0)), np.zeros(0), np.array([3.0, 1.0]))
    assert weights.tolist() == [0.75, 0.25]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_learned_weights_are_no_worse_than_equal_ones(seed):
    draw = np.random.default_rng(seed)
    expected = draw.dirichlet(np.ones(8), size=3)
    counts = draw.poisson(3.0, 8).astype(float) + 0.1
    weights = mixture_weights(expected, counts, np.zeros(3))
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    learned = (counts * np.log(weights @ expected)).sum()
    equal = (counts * np.log(expected.mean(axis=0))).sum()
    assert learned >= equal - 1e-9


def test_the_regression_agrees_with_scikit_learn():
    draw = np.random.default_rng(0)
    X = draw.normal(size=(400, 3))
    exposure = draw.uniform(0.5, 2, 400)
    y = draw.poisson(exposure * np.exp(0.3 + X @ [0.5, -0.4, 0.0])).astype(float)
    weight = draw.uniform(1, 3, 400)
    total = (y * weight).sum()
    mine = PoissonRidge(1e-2).fit(X, y, exposure=exposure, weight=weight)
    # the penalty is per expected event there, per unit of sample weight here
    alpha = 1e-2 * total / (weight * exposure).sum()
    theirs = PoissonRegressor(alpha=alpha, tol=1e-10, solver="newton-cholesky").fit(
        X, y / exposure, sample_weight=weight * exposure
    )
    assert mine.coef_ == pytest.approx(theirs.coef_, abs=1e-4)
    assert mine.intercept_ == pytest.approx(theirs.intercept_, abs=1e-4)


def test_the_regression_without_events_expects_none():
    model = PoissonRidge().fit(
        np.ones((3, 1)), np.zeros(3), exposure=np.ones(3), weight=np.ones(3)
    )
    assert model.predict(np.ones((3, 1))).max() < 1e-100


def test_hinges_hold_values_within_what_was_seen():
    hinges = Hinges().fit(np.linspace(0, 10, 50)[:, None])
    inside, beyond = hinges.transform(np.array([[10.0], [99.0]]))
    assert inside.tolist() == beyond.tolist()


def test_hinges_leave_out_constant_and_missing_layers():
    X = np.column_stack([np.ones(9), np.full(9, np.nan), np.arange(9.0)])
    hinges = Hinges().fit(X)
    assert hinges.layers_ == [2]
    assert np.isfinite(hinges.transform(X)).all()


def test_a_missing_value_counts_as_the_median():
    X = np.arange(9.0)[:, None]
    hinges = Hinges().fit(X)
    gap = hinges.transform(np.array([[np.nan]]))
    assert gap.tolist() == hinges.transform(np.array([[4.0]])).tolist()


def test_a_constant_rate_by_hand():
    days = np.arange(0, 1000, 10)
    assert discounted_rate(days, 1000, 0, float("inf")) == 0.1
    assert discounted_rate(days, 1000, 0, 100) == pytest.approx(0.1, rel=0.05)


def test_a_rate_that_doubled_is_followed_by_a_short_memory():
    days = np.concatenate([np.arange(0, 1825, 10), np.arange(1825, 3650, 5)])
    total = expect_total(
        days, 3650, 0, horizon_days=365, half_lives_days=(180.0, float("inf"))
    )
    assert total.half_life_days == 180
    assert total.expected == pytest.approx(73, rel=0.05)
    assert total.low < 73 < total.high


def test_a_month_that_follows_the_month_before_is_told_from_it():
    months = np.repeat([3, 30, 4, 28, 5, 26], 6)
    days = np.concatenate(
        [np.arange(count) * 30 // count + 30 * k for k, count in enumerate(months)]
    )
    total = expect_total(days, 30 * len(months), 0, horizon_days=30)
    assert total.half_life_days <= 15
    assert total.expected == pytest.approx(26, rel=0.2)


def test_a_total_told_from_itself_holds_nine_in_ten():
    draw = np.random.default_rng(3)
    inside = []
    for _ in range(60):
        counts = draw.negative_binomial(5, 5 / (5 + 40), 30)
        days = np.concatenate(
            [draw.integers(0, 365, n) + 365 * k for k, n in enumerate(counts)]
        )
        past = np.sort(days[days < 29 * 365])
        total = expect_total(past, 29 * 365, 0, horizon_days=365)
        inside.append(total.low <= counts[-1] <= total.high)
    assert 0.8 <= np.mean(inside) <= 0.98


def test_what_rises_is_foretold_from_how_far_forecasts_fell_short():
    counts = np.round(20 * 1.05 ** np.arange(40)).astype(int)
    days = np.concatenate(
        [np.arange(n) * 30 // n + 30 * k for k, n in enumerate(counts)]
    )
    lives = (360.0, float("inf"))
    total = expect_total(days, 1200, 0, horizon_days=30, half_lives_days=lives)
    uncorrected = total.expected / total.correction
    assert total.correction > 1.2
    assert uncorrected < 100 < total.expected < 20 * 1.05**40
    few = expect_total(days[days < 450], 450, 0, horizon_days=30)
    assert few.correction == 1


def test_steady_counts_have_no_spread_of_their_own():
    total = expect_total(np.arange(3650), 3650, 0, horizon_days=365)
    assert total.dispersion == 0


def test_count_intervals_hold_nine_in_ten():
    mean, dispersion = np.array([50.0]), np.array([0.2])
    low, high = count_interval(mean, dispersion)
    size = 1 / 0.2
    chance = nbinom.cdf([low[0] - 1, high[0]], size, size / (size + 50))
    assert chance[0] <= 0.05
    assert chance[1] >= 0.95


def test_the_likelihood_is_the_negative_binomial_s():
    mean, counts, d = np.array([2.0, 0.3]), np.array([3.0, 0.0]), np.array([0.5, 2.0])
    expected = nbinom.logpmf(counts, 1 / d, 1 / (1 + d * mean))
    assert log_likelihood(mean, counts, d) == pytest.approx(expected)


def test_doubt_finds_the_spread_that_made_the_counts():
    draw = np.random.default_rng(5)
    mean = draw.uniform(0.2, 2.0, 6_000)
    rate = mean * draw.gamma(1.0, 1.0, 6_000)
    trial = Trial(
        expected=mean, counts=draw.poisson(rate).astype(float), own=np.zeros(6_000)
    )
    found = fit_doubt([trial], Doubt(shape=0.02, drift=1.6))
    assert found.dispersion(np.zeros(1))[0] == pytest.approx(1.0, abs=0.25)
    assert found.shape in SHAPES
    assert found.drift in DRIFTS


def test_nine_in_ten_true_rates_lie_in_their_interval():
    draw = np.random.default_rng(6)
    mean, dispersion = draw.uniform(0.1, 5, 5_000), np.full(5_000, 0.5)
    true = mean * draw.gamma(2.0, 0.5, 5_000)
    low, high = rate_interval(mean, dispersion)
    assert 0.88 < ((low <= true) & (true <= high)).mean() < 0.92


def test_records_of_its_own_make_a_cell_surer():
    spread = Doubt(shape=0.2, drift=0.1).dispersion(np.array([0.0, 1.0, 20.0]))
    assert (np.diff(spread) < 0).all()


@given(st.floats(0.02, 500))
@settings(max_examples=50, deadline=None)
def test_an_interval_holds_its_mean_and_never_narrows_with_doubt(dispersion):
    low, high = rate_interval(np.array([1.0, 1.0]), np.array([dispersion] * 2))
    assert (low <= 1).all()
    assert (high >= 1).all()
    _, wider = rate_interval(np.array([1.0]), np.array([dispersion * 1.5]))
    assert wider[0] >= high[0] - 1e-9 or dispersion > 5


@pytest.fixture(scope="module")
def fitted(world):
    mine = world.coverage[world.coverage["purpose"] == "life_saving"]
    records = keep_records(
        world.cells, world.incidents, mine, kinds=("migrant_death",), as_of="2019-01-01"
    )
    layers = world.features[list(PRESETS[0].layers)].to_numpy()
    return KernelMixture().fit(records, place=PlaceTerms(layers=layers))


def test_an_estimator_stores_its_settings_and_can_be_cloned():
    model = KernelMixture(cluster_km=(2.0,), learning=Learning(most_windows=3))
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "weights_")


def test_weights_add_up_and_keep_a_floor(fitted):
    assert fitted.weights_.sum() == pytest.approx(1)
    assert fitted.weights_[fitted.names_.index("uniform")] >= fitted.least_uniform
    assert len(fitted.names_) == len(set(fitted.names_)) == len(fitted.weights_)


def test_windows_end_before_the_forecast_and_start_after_a_year(fitted):
    first = fitted.records_.coverage.first_day
    for window in fitted.windows_:
        assert window.day + 365 <= fitted.records_.as_of_day
        assert first + 365 <= window.place_day <= window.day


def test_weights_before_a_day_come_from_horizons_over_by_then(fitted, world):
    day = day_number("2017-01-01")
    earlier = keep_records(
        world.cells,
        world.incidents,
        world.coverage[world.coverage["purpose"] == "life_saving"],
        kinds=("migrant_death",),
        as_of="2017-01-01",
    )
    used = [w for w in fitted.windows_ if w.day + 365 <= day]
    assert used
    assert len(past_windows(earlier, fitted.learning)) >= len(used)
    assert fitted.weights_before(day).sum() == pytest.approx(1)
    assert not np.allclose(fitted.weights_before(day), fitted.weights_)


def test_shares_add_up_to_one_and_lie_on_open_ground(fitted):
    where = fitted.records_.watched.copy()
    where[:100] = 0
    found = expect(fitted, fitted.records_.as_of_day, where, near_km=7, recent_days=730)
    assert found.shares.sum() == pytest.approx(1)
    assert (found.shares[:100] == 0).all()
    assert (found.parts >= 0).all()


def test_parts_together_do_not_depend_on_where_they_are_parted(fitted):
    day, where = fitted.records_.as_of_day, fitted.records_.watched
    one = expect(fitted, day, where, near_km=7, recent_days=730).shares
    other = expect(fitted, day, where, near_km=np.inf, recent_days=np.inf).shares
    assert one == pytest.approx(other, rel=1e-9)


def test_a_cell_is_judged_by_its_neighbours_too(fitted):
    clusters = ClusterBench(bench=fitted.bench_, bandwidth_km=4.0, shapes=(1.0,))
    own, around = clusters.evidence(np.ones(len(fitted.records_.events)))
    fine = ~fitted.records_.events.coarse_site[fitted.records_.events.site]
    assert own.sum() == fine.sum()
    lone = (own > 0) & (around < own / 4)
    crowded = around > own
    assert crowded.any()
    # (a + n) m / (a + m) with a = 1: by hand for the first cell
    first = float(around[0] * (1 + own[0]) / (1 + around[0]))
    rows = clusters.touched[:1]
    share = clusters.shares_at(
        rows, fitted.records_.as_of_day, np.ones(len(fitted.records_.ground))
    )
    total = (around * (1 + own) / (1 + around)).sum()
    assert share[0, 0] == pytest.approx(first / total, rel=0.05)
    assert lone.sum() + crowded.sum() <= len(own)
