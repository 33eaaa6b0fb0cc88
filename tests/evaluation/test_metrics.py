"""Metrics: numbers worked out by hand, and a slow oracle that knows no shortcut."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from riskmap.evaluation.metrics import (
    METRICS,
    SHARES,
    inclusion,
    most_hits,
    poisson_crps,
    pooled,
    rank_share,
    tally,
)

# four cells of 1, 2, 3 and 4 km²; densities 4, 2, 1, 0.5 events per km²
AREA = np.array([1.0, 2.0, 3.0, 4.0])
EXPECTED = np.array([4.0, 4.0, 3.0, 2.0])
COUNTS = np.array([2.0, 0.0, 1.0, 1.0])


def test_cells_are_taken_by_density_until_the_area_is_full():
    # half of 10 km²: cells of 1 and 2 km² whole, 2 of the 3 km² of the third
    assert inclusion(EXPECTED, AREA, 0.5).tolist() == pytest.approx([1, 1, 2 / 3, 0])


def test_metrics_of_four_cells_by_hand():
    found = pooled([tally(EXPECTED, COUNTS, AREA)])
    # 1 % of 10 km² is a tenth of the first cell: 0.2 of 4 events
    assert found["hit_rate_1pct"] == pytest.approx(0.05)
    assert found["pai_1pct"] == pytest.approx(5.0)
    # the best map takes the same cell first: 2 events in 1 km²
    assert found["pei_1pct"] == pytest.approx(1.0)
    assert found["hit_rate_10pct"] == pytest.approx(0.5)
    # the densest cell has half its own area before it: 0.05; then 0.45 and 0.8
    assert found["capture_auc"] == pytest.approx(1 - (2 * 0.05 + 0.45 + 0.8) / 4)
    bits = (
        2 * math.log2(4 / 13 / 0.1) + math.log2(3 / 13 / 0.3) + math.log2(2 / 13 / 0.4)
    )
    assert found["information_gain_bits"] == pytest.approx(bits / 4)
    log_score = sum(poisson.logpmf(COUNTS, EXPECTED))
    assert found["poisson_log_score"] == pytest.approx(log_score / 4)
    assert found["calibration"] == pytest.approx(13 / 4)


def test_every_metric_is_there_and_finite():
    found = pooled([tally(EXPECTED, COUNTS, AREA)])
    assert tuple(found) == METRICS
    assert all(math.isfinite(value) for value in found.values())


def test_horizons_are_pooled_by_adding_events_not_by_averaging():
    one = tally(EXPECTED, COUNTS, AREA)
    none_caught = tally(EXPECTED, np.array([0.0, 0, 0, 12.0]), AREA)
    found = pooled([one, none_caught])
    assert found["hit_rate_10pct"] == pytest.approx(2 / 16)


def test_a_blind_map_gains_nothing():
    found = pooled([tally(AREA.copy(), COUNTS, AREA)])
    assert found["information_gain_bits"] == pytest.approx(0)
    assert found["capture_auc"] == pytest.approx(0.5)
    assert [found[f"pai_{p}pct"] for p in (1, 2, 5, 10)] == pytest.approx([1] * 4)


def test_floating_noise_does_not_rank_cells():
    noisy = np.ones(4) + np.array([0, 1e-13, -1e-13, 2e-13])
    assert inclusion(noisy, np.ones(4), 0.5).tolist() == [0.5] * 4


def test_cells_without_watch_do_not_count():
    seen = tally(EXPECTED, COUNTS, np.array([1.0, 2.0, 3.0, 0.0]))
    assert seen.rows.tolist() == [0, 2]
    assert seen.expected == 11


def slow_hits(expected, counts, area, share, *, draws=4_000):
    """Average over random orders of ties, cell by cell: no shortcut shared."""
    draw, total = np.random.default_rng(0), 0.0
    for _ in range(draws):
        order = sorted(
            range(len(area)), key=lambda i: (-expected[i] / area[i], draw.random())
        )
        room = share * area.sum()
        for i in order:
            taken = min(area[i], room)
            total += counts[i] * taken / area[i]
            room -= taken
    return total / draws


@pytest.mark.parametrize("share", [0.1, 0.37, 0.8])
def test_ties_agree_with_an_average_over_random_orders(share):
    area = np.ones(5)
    expected = np.array([3.0, 1.0, 1.0, 1.0, 0.0])
    counts = np.array([1.0, 4.0, 0.0, 2.0, 1.0])
    fast = float((inclusion(expected, area, share) * counts).sum())
    assert fast == pytest.approx(slow_hits(expected, counts, area, share), abs=0.06)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_curve_is_the_oracle_s_and_bounded_by_the_best(seed):
    draw = np.random.default_rng(seed)
    area, counts = draw.uniform(0.5, 2, 12), draw.poisson(0.8, 12).astype(float)
    counts[0] += 1
    # all different, so that no order is left to chance
    expected = draw.permutation(12).astype(float) + 1
    for share in SHARES:
        fast = float((inclusion(expected, area, share) * counts).sum())
        assert fast == pytest.approx(
            slow_hits(expected, counts, area, share, draws=1), abs=1e-9
        )
        assert fast <= most_hits(counts, area, share) + 1e-9
    curve = np.linspace(0, 1, 501)
    caught = [float((inclusion(expected, area, f) * counts).sum()) for f in curve]
    found = pooled([tally(expected, counts, area)])
    assert found["capture_auc"] == pytest.approx(
        np.trapezoid(caught, curve) / counts.sum(), abs=2e-3
    )
    assert rank_share(expected, area).min() > 0


@pytest.mark.parametrize("mean", [1e-6, 5e-4, 2e-3, 0.3, 1.0, 7.0])
@pytest.mark.parametrize("count", [0.0, 1.0, 5.0])
def test_crps_is_the_sum_of_squared_differences(mean, count):
    k = np.arange(200)
    exact = ((poisson.cdf(k, mean) - (k >= count)) ** 2).sum()
    found = poisson_crps(np.array([mean]), np.array([count]))[0]
    assert found == pytest.approx(exact, rel=1e-6, abs=1e-12)
