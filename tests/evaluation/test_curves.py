"""Curves, intervals, stability and fairness: hand-worked, or against the metrics."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import UnknownNameError
from riskmap.evaluation.backtest import Trial
from riskmap.evaluation.curves import (
    CALIBRATION_TABLE,
    CURVE_TABLE,
    ORIGIN_TABLE,
    calibration_by_tenth,
    capture_curve,
    gain_by_origin,
)
from riskmap.evaluation.fairness import FAIRNESS_TABLE, fairness_table, remoteness
from riskmap.evaluation.intervals import (
    COVERAGE_TABLE,
    interval_coverage,
    past_dispersion,
    total_interval,
)
from riskmap.evaluation.metrics import pooled, tally
from riskmap.evaluation.plots import FORMATS, PLOTS, draw_plots
from riskmap.evaluation.stability import jaccard, rank_stability
from riskmap.i18n import Words
from riskmap.schema import check_table


def trials_of(n=6, cells=200, seed=0):
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(n):
        rate, area = draw.gamma(0.3, 1.0, cells), draw.uniform(1, 2, cells)
        found.append(
            Trial(
                area_km2=area,
                counts=draw.poisson(rate).astype(float),
                maps={"mixture": rate, "uniform": area},
            )
        )
    return found


def test_the_curve_goes_through_the_pooled_hit_rates():
    trials = trials_of()
    curve = capture_curve(trials, "mixture").set_index("share_of_area")["hit_rate"]
    check_table(curve.reset_index().assign(model="m"), CURVE_TABLE, name="curves")
    metrics = pooled([tally(t.maps["mixture"], t.counts, t.area_km2) for t in trials])
    assert np.interp(0.01, curve.index, curve) == pytest.approx(
        metrics["hit_rate_1pct"], abs=0.01
    )
    assert curve.is_monotonic_increasing
    assert (curve.iloc[0], curve.iloc[-1]) == (0, pytest.approx(1))
    even = capture_curve(trials, "uniform").set_index("share_of_area")["hit_rate"]
    assert np.allclose(even, even.index)


def test_tenths_hold_all_that_was_expected_and_all_that_came():
    trials = trials_of()
    table = calibration_by_tenth(trials, "mixture")
    check_table(table, CALIBRATION_TABLE, name="calibration")
    assert table["expected"].sum() == pytest.approx(
        sum(t.maps["mixture"].sum() for t in trials)
    )
    assert table["observed"].sum() == sum(t.counts.sum() for t in trials)
    # these counts were drawn from the map itself
    ratio = table["observed"].sum() / table["expected"].sum()
    assert ratio == pytest.approx(1, abs=0.15)


def test_each_origin_has_its_own_gain():
    trials = trials_of(2)
    table = gain_by_origin(trials, "mixture", [0, 365])
    check_table(table, ORIGIN_TABLE, name="origins")
    one = pooled(
        [tally(trials[1].maps["mixture"], trials[1].counts, trials[1].area_km2)]
    )
    assert table["information_gain_bits"].iloc[1] == pytest.approx(
        one["information_gain_bits"]
    )


def test_dispersion_by_moments_is_hand_worked():
    # (6² - 10 + 6² - 10) / (10² + 10²)
    assert past_dispersion([10, 10], [4, 16]) == pytest.approx(52 / 200)
    assert past_dispersion([10, 10], [10, 10]) == 0
    assert total_interval(100.0, 0.26)[1] > total_interval(100.0, 0.0)[1]


def test_intervals_that_know_how_forecasts_stray_hold_more_often():
    draw = np.random.default_rng(3)
    trials = [
        Trial(
            area_km2=np.ones(4),
            counts=draw.negative_binomial(4, 4 / 34, 4).astype(float),
            maps={"m": np.full(4, 30.0)},
        )
        for _ in range(60)
    ]
    regions = {str(k): np.arange(4) == k for k in range(4)}
    table = interval_coverage(trials, "m", regions)
    check_table(table, COVERAGE_TABLE, name="intervals")
    whole = table[table["region"] == ""].set_index("interval")["covered"]
    assert whole["poisson"] < 0.6
    assert whole["negative_binomial"] == pytest.approx(0.9, abs=0.06)


def test_agreement_is_hand_worked():
    one, other = np.array([4.0, 3, 2, 1]), np.array([4.0, 1, 2, 3])
    # the densest halves are {0, 1} and {0, 3}: one of three cells in common
    assert jaccard(one, other, np.ones(4), share=0.5) == pytest.approx(1 / 3)
    assert np.isnan(rank_stability([one], [np.ones(4)]))


def test_errors_between_groups_are_hand_worked():
    trial = Trial(
        area_km2=np.ones(4),
        counts=np.array([2.0, 0, 0, 2]),
        maps={"m": np.array([3.0, 2, 1, 0.5])},
    )
    groups = {"side": pd.Series(["US", "US", "MX", "MX"])}
    table = fairness_table([trial], "m", groups, share=0.5)
    check_table(table, FAIRNESS_TABLE, name="fairness")
    table = table.set_index("group")
    assert table.loc["US", ["missed", "alarm_share", "false_alarm"]].tolist() == [
        0,
        1,
        0.5,
    ]
    assert table.loc["MX", ["missed", "alarm_share"]].tolist() == [1, 0]
    assert np.isnan(table.loc["MX", "false_alarm"])
    assert table.loc["MX", "expected_per_event"] == pytest.approx(0.75)


def test_ground_of_unknown_remoteness_is_in_no_group():
    found = remoteness(pd.Series([np.nan, 10.0, 30.0]))
    assert found.tolist() == ["", "middle", "remote"]


def tables_of(trials):
    models = ("mixture", "uniform")
    return {
        "curves": pd.concat([capture_curve(trials, m) for m in models]),
        "calibration": pd.concat([calibration_by_tenth(trials, m) for m in models]),
        "origins": pd.concat(
            [gain_by_origin(trials, m, range(0, 365 * 6, 365)) for m in models]
        ),
    }


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_plots_are_the_same_bytes(form):
    tables = tables_of(trials_of())
    first, second = (draw_plots(tables, Words("es").text, form) for _ in range(2))
    assert first == second
    assert tuple(first) == PLOTS
    head = b"\x89PNG" if form == "png" else b"<?xml"
    assert all(drawn.startswith(head) for drawn in first.values())


def test_a_plot_of_no_known_format_is_refused():
    with pytest.raises(UnknownNameError):
        draw_plots({}, str, "gif")
