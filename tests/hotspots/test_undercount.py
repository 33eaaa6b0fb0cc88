"""Under-counting: by hand, recovered in simulation, refused where it says nothing."""

import numpy as np
import pytest

from riskmap.errors import TooFewError
from riskmap.hotspots.undercount import (
    ESTIMATE_TABLE,
    chapman,
    estimate_undercount,
)
from riskmap.schema import check_table

TRUTH = 1_000


def patterns(rng, chances, *, leaning=0.0):
    """Record 1,000 events; the second source copies the first now and then."""
    seen = rng.random((TRUTH, len(chances))) < np.array(chances)
    copied = rng.random(TRUTH) < leaning
    seen[:, 1] = np.where(copied, seen[:, 0], seen[:, 1])
    codes = ["".join("01"[bit] for bit in row) for row in seen.astype(int)]
    found, counts = np.unique(codes, return_counts=True)
    return {
        code: n
        for code, n in zip(found.tolist(), counts.tolist(), strict=True)
        if "1" in code
    }


def test_chapman_worked_out_by_hand():
    # (60 + 1) (40 + 1) / (20 + 1) - 1 = 118.095; variance 61·41·40·20 / (21²·22)
    estimate, low, high = chapman(60, 40, 20)
    assert estimate == pytest.approx(2501 / 21 - 1)
    missed, variance = estimate - 80, 61 * 41 * 40 * 20 / (21**2 * 22)
    factor = np.exp(1.6448536 * np.sqrt(np.log1p(variance / missed**2)))
    assert (low, high) == pytest.approx((80 + missed / factor, 80 + missed * factor))


def test_sources_that_agree_on_all_miss_nothing():
    assert chapman(30, 30, 30) == (30.0, 30.0, 30.0)


def test_two_independent_sources_recover_the_truth():
    inside = []
    for seed in range(200):
        found = estimate_undercount(
            patterns(np.random.default_rng(seed), (0.5, 0.4)), ("a", "b")
        )
        inside.append(found.low <= TRUTH <= found.high)
    assert np.mean(inside) == pytest.approx(0.9, abs=0.06)


def test_three_sources_of_which_two_lean_recover_the_truth_two_do_not():
    inside, two = [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        told = patterns(rng, (0.5, 0.4, 0.3), leaning=0.4)
        found = estimate_undercount(told, ("a", "b", "c"), draws=199)
        inside.append(found.low <= TRUTH <= found.high)
        pairs = {"10": 0, "01": 0, "11": 0}
        for code, n in told.items():
            if code[:2] in pairs:
                pairs[code[:2]] += n
        two.append(estimate_undercount(pairs, ("a", "b")).estimate)
    assert np.mean(inside) >= 0.75
    assert np.mean(two) < 0.8 * TRUTH


def test_other_odds_between_two_sources_are_told():
    found = estimate_undercount({"10": 40, "01": 20, "11": 20}, ("a", "b"))
    missed = found.models["estimate"] - found.recorded
    assert (missed / missed[1]).tolist() == pytest.approx([0.5, 1, 2, 4])
    assert found.models["model"][2] == "a*b=2"
    check_table(found.models, ESTIMATE_TABLE, name="undercount")


def test_the_saturated_model_is_the_closed_form():
    # n111 n100 n010 n001 / (n110 n101 n011), each with 1/4 added (Fienberg 1972)
    told = {
        "100": 50,
        "010": 40,
        "001": 30,
        "110": 20,
        "101": 15,
        "011": 12,
        "111": 6,
    }
    found = estimate_undercount(told, ("a", "b", "c"), draws=9)
    n = {code: count + 0.25 for code, count in told.items()}
    missed = n["111"] * n["100"] * n["010"] * n["001"]
    missed /= n["110"] * n["101"] * n["011"]
    assert found.models["estimate"].iloc[-1] - 173 == pytest.approx(missed, rel=1e-6)
    assert found.models["weight"].sum() == pytest.approx(1.0)


def test_a_source_that_copies_another_is_told():
    found = estimate_undercount({"10": 100, "01": 2, "11": 98}, ("a", "b"))
    assert found.copied
    assert not estimate_undercount({"10": 40, "01": 20, "11": 20}, ("a", "b")).copied


@pytest.mark.parametrize(
    ("told", "names", "what"),
    [
        ({"1": 5}, ("a",), "sources"),
        ({"10": 5, "01": 5}, ("a", "b"), "overlap"),
        ({"1000": 5}, ("a", "b", "c", "d"), "sources"),
    ],
)
def test_what_cannot_be_told_is_refused(told, names, what):
    with pytest.raises(TooFewError) as refused:
        estimate_undercount(told, names)
    assert refused.value.fields["what"] == what


def test_the_same_seed_gives_the_same_interval():
    told = patterns(np.random.default_rng(0), (0.5, 0.4, 0.3))
    found = [estimate_undercount(told, ("a", "b", "c"), draws=99) for _ in "ab"]
    assert (found[0].low, found[0].high) == (found[1].low, found[1].high)
