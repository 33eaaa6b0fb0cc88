"""Trends and profiles: the worked examples of docs/change.md, and scipy as oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from riskmap.errors import TooFewError, UnknownNameError
from riskmap.hotspots.profiles import (
    PROFILE_TABLE,
    calendar_slots,
    even_shares,
    slot_table,
)
from riskmap.hotspots.trends import CLASSES, classify_trends, mann_kendall
from riskmap.schema import check_table

NAN = float("nan")
RISE, FALL = [1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]
FLAT = [4, 5, 4, 5, 5, 4, 5, 4]

# Gi* by period, periods that are hot (from 1), class: docs/change.md tells the same
WORKED = [
    (FLAT, [8], "new"),
    (RISE, [6, 7, 8], "growing"),
    (RISE, [8], "new"),
    (FALL, [1, 2, 3, 8], "fading"),
    (FLAT, [1, 3, 4, 8], "persistent"),
    (FLAT, [3, 8], "sporadic"),
    (FLAT, [3], "sporadic"),
    (FLAT, [1, 2, 3, 4], "historical"),
    (FALL, [1], "historical"),
    (RISE, [], "none"),
    ([NAN, 1, 2, 3, 4, 5, 6, 7], [8], "no_data"),
    ([1, 2, 3, 4, 5, 6, 7, NAN], [1], "no_data"),
]


@pytest.mark.parametrize(("heat", "hot", "trend"), WORKED)
def test_each_class_as_worked_out_by_hand(heat, hot, trend):
    marks = np.isin(np.arange(1, 9), hot)[None, :]
    found = classify_trends(np.array([heat], dtype=float), marks)
    assert found["trend"].tolist() == [trend]


def test_every_class_has_a_worked_example():
    assert {trend for *_, trend in WORKED} == set(CLASSES)


def test_the_first_rule_that_holds_decides_so_every_cell_has_one_class():
    rng = np.random.default_rng(0)
    heat = rng.normal(size=(500, 10))
    heat[rng.random(heat.shape) < 0.1] = NAN
    found = classify_trends(heat, rng.random(heat.shape) < 0.3)
    assert found["trend"].isin(CLASSES).all()


@pytest.mark.parametrize("periods", [1, 2, 7])
def test_too_few_periods_are_refused_with_their_number(periods):
    with pytest.raises(TooFewError) as refused:
        classify_trends(np.zeros((3, periods)), np.zeros((3, periods), dtype=bool))
    assert refused.value.fields == {"what": "periods", "found": periods, "needed": 8}


def test_mann_kendall_worked_out_by_hand_with_ties():
    # 1 1 2 3: S = 5, one pair tied; var = (4·3·13 - 2·1·9) / 18 = 138 / 18
    score, z, _ = mann_kendall(np.array([[1.0, 1, 2, 3]]))
    assert score[0] == 5
    assert z[0] == pytest.approx(4 / np.sqrt(138 / 18))


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=30))
def test_s_is_kendalls_tau_of_scipy(values):
    score, _, _ = mann_kendall(np.array([values], dtype=float))
    n = len(values)
    tau = stats.kendalltau(range(n), values, variant="c").statistic
    # tau-c is S scaled by the smaller number of levels
    m = min(len(set(values)), n)
    if m > 1:
        assert score[0] == pytest.approx(tau * n**2 * (m - 1) / m / 2)


def test_without_trend_one_in_twenty_is_called_one():
    rng = np.random.default_rng(0)
    _, _, p = mann_kendall(rng.normal(size=(20_000, 12)))
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=0.01)


def test_missing_periods_are_passed_over():
    whole = mann_kendall(np.array([[1.0, 3, 2, 5]]))
    gaps = mann_kendall(np.array([[NAN, 1.0, 3, NAN, 2, 5]]))
    assert [x[0] for x in whole] == [x[0] for x in gaps]


def test_a_profile_covers_the_truth_nine_times_in_ten():
    rng = np.random.default_rng(1)
    truth = np.array([0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1])
    inside = []
    for _ in range(300):
        days = rng.choice(7, size=200, p=truth)
        table = slot_table("weekday", days, np.full(7, 1 / 7))
        inside.append((table["low"] <= truth) & (truth <= table["high"]))
    check_table(table, PROFILE_TABLE, name="profiles")
    assert np.mean(inside) == pytest.approx(0.9, abs=0.02)


def test_weekdays_and_months_are_those_of_the_calendar():
    # 1970-01-01 was a Thursday; day 59 is the first of March
    assert calendar_slots(np.array([0, 59]), "weekday").tolist() == [3, 6]
    assert calendar_slots(np.array([0, 59]), "month").tolist() == [0, 2]


def test_days_watched_more_closely_weigh_more():
    shares = even_shares(np.arange(60), np.where(np.arange(60) < 31, 2.0, 1.0), "month")
    assert shares[0] == pytest.approx(62 / (62 + 29))
    assert shares.sum() == pytest.approx(1.0)


def test_a_profile_of_few_records_or_of_no_name_is_refused():
    with pytest.raises(TooFewError):
        slot_table("month", np.zeros(19, dtype=int), np.full(12, 1 / 12))
    with pytest.raises(UnknownNameError):
        slot_table("fortnight", np.zeros(30, dtype=int), np.full(12, 1 / 12))
