"""Spread: sums against drawn rates, chances against drawn rankings."""

import numpy as np
import pytest
from scipy.stats import gamma

from riskmap.history.spread import (
    chance_in_top,
    count_sum_interval,
    dispersion_of,
    sum_interval,
)


@pytest.mark.parametrize("dispersion", [0.05, 0.4, 1.0, 3.0, 6.0])
def test_a_dispersion_is_read_back_from_the_upper_end(dispersion):
    high = gamma.ppf(0.95, 1 / dispersion) * dispersion * 7.0
    found = dispersion_of(np.array([7.0]), np.array([high]))
    assert found[0] == pytest.approx(dispersion, rel=0.02)


def test_what_is_not_known_has_no_dispersion():
    assert np.isnan(dispersion_of(np.array([np.nan]), np.array([np.nan]))[0])


def test_a_sum_holds_nine_tenths_of_drawn_sums():
    draw = np.random.default_rng(0)
    mean, dispersion, shared = np.linspace(0.2, 3.0, 40), np.full(40, 1.5), 0.1
    # one factor for all, and one of each cell's own, as the formula has it
    common = draw.gamma(1 / shared, shared, (4_000, 1))
    own = draw.gamma(1 / 1.4, 1.4, (4_000, 40))
    sums = (mean * (common + own - 1)).sum(axis=1)
    low, high = sum_interval(mean, dispersion, shared=shared)
    assert ((low <= sums) & (sums <= high)).mean() == pytest.approx(0.9, abs=0.02)


def test_a_sum_is_surer_than_its_cells_ends_added_up():
    mean, dispersion = np.ones(50), np.full(50, 2.0)
    low, high = sum_interval(mean, dispersion)
    one = gamma.ppf([0.05, 0.95], 0.5) * 2.0
    assert 50 * one[0] < low < 50 < high < 50 * one[1]


def test_one_cell_alone_keeps_its_own_interval():
    low, high = sum_interval(np.array([3.0]), np.array([0.8]))
    assert [low, high] == pytest.approx((gamma.ppf([0.05, 0.95], 1.25) * 2.4).tolist())


def test_a_count_of_cells_holds_nine_tenths_of_drawn_counts():
    draw = np.random.default_rng(1)
    mean, dispersion, shared = np.full(30, 0.4), np.full(30, 1.0), 0.2
    rate = draw.gamma(1 / shared, shared, (4_000, 1)) + draw.gamma(
        1.25, 0.8, (4_000, 30)
    )
    counts = draw.poisson(np.maximum(mean * (rate - 1), 0).sum(axis=1))
    low, high = count_sum_interval(mean, dispersion, shared=shared)
    assert 0.88 <= ((low <= counts) & (counts <= high)).mean() <= 0.96


def test_nothing_known_has_no_sum():
    low, high = sum_interval(np.array([np.nan]), np.array([np.nan]))
    assert np.isnan(low)
    assert np.isnan(high)


def test_chances_agree_with_drawn_rankings():
    draw = np.random.default_rng(2)
    density = draw.lognormal(0, 1.5, 600)
    dispersion = draw.choice([0.2, 1.0, 3.0], 600)
    area = draw.uniform(4, 7, 600)
    found = chance_in_top(density, dispersion, area)
    rates = density * draw.gamma(1 / dispersion, dispersion, (2_000, 600))
    for chance, share in zip(found, (0.01, 0.05, 0.10), strict=True):
        order = np.argsort(-rates, axis=1)
        filled = np.cumsum(area[order], axis=1) <= share * area.sum()
        counted = np.zeros_like(rates)
        np.put_along_axis(counted, order, filled.astype(float), axis=1)
        assert np.abs(chance - counted.mean(axis=0)).max() < 0.08
        assert (chance * area).sum() == pytest.approx(share * area.sum(), rel=0.02)


def test_cells_without_data_have_no_chance_and_take_no_room():
    density = np.array([5.0, 1.0, np.nan])
    found = chance_in_top(density, np.full(3, 0.01), np.ones(3), (0.5,))
    assert np.isnan(found[0, 2])
    assert found[0, :2].round(3).tolist() == [1.0, 0.0]
