"""Causes apart, exposure visible, and the scale of each learned from records."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import OptionError, TableContractError
from riskmap.hazards.intensity import (
    blended,
    cause_intensity,
    cause_rates,
    intensities_by_cause,
    scaled,
    share_on_foot,
)

TABLE = pd.DataFrame(
    {
        "heat_loss_l_per_km": [0.1, 0.2, np.nan],
        "drowning_drift": [0.0, 0.3, 0.1],
        "walk_hours": [0.0, 8.0, 16.0],
    }
)


@given(st.floats(0, 1e3), st.floats(0, 1), st.floats(0, 1))
def test_it_is_the_product_of_three(flow, hazard, found):
    product = cause_intensity(flow, hazard, found)
    assert product == pytest.approx(flow * hazard * found)


def test_what_is_unknown_stays_unknown():
    assert np.isnan(cause_intensity([1.0], [np.nan])[0])


@pytest.mark.parametrize("place", range(3))
def test_less_than_nothing_is_refused(place):
    parts = [1.0, 1.0, 1.0]
    parts[place] = -1.0
    with pytest.raises(TableContractError):
        cause_intensity(*parts)


def test_exposure_halves_with_the_hours():
    assert share_on_foot([0, 4, 8], 4.0).tolist() == [1.0, 0.5, 0.25]
    with pytest.raises(OptionError):
        share_on_foot([1.0], 0.0)


def test_causes_stay_apart_and_those_without_physics_go_with_the_flow():
    parts = intensities_by_cause(TABLE, ("exposure", "drowning", "fall"))
    assert parts["exposure"].tolist()[:2] == [0.1, 0.1]
    assert parts["drowning"].tolist() == pytest.approx([0.0, 0.15, 0.025])
    assert parts["fall"].tolist() == [1.0, 0.5, 0.25]
    assert parts["exposure"].isna().tolist() == [False, False, True]


def test_a_given_flow_takes_the_place_of_the_assumed_one():
    parts = intensities_by_cause(TABLE, ("drowning",), flow=np.array([1.0, 2.0, 0.0]))
    assert parts["drowning"].tolist() == pytest.approx([0.0, 0.6, 0.0])


def test_rates_bring_back_the_number_of_events():
    parts = intensities_by_cause(TABLE, ("drowning", "fall"))
    exposed = np.array([10.0, 20.0, 0.0])
    rates = cause_rates(parts, {"drowning": 7, "fall": 2}, exposed)
    events = scaled(parts, rates).mul(exposed, axis=0).sum()
    assert events["drowning"] == pytest.approx(7.5)
    assert events["fall"] == pytest.approx(2.5)
    assert events["total"] == pytest.approx(10.0)


def test_a_cause_never_recorded_is_not_impossible():
    parts = intensities_by_cause(TABLE, ("drowning",))
    assert cause_rates(parts, {}, np.ones(3))["drowning"] > 0


def test_ground_that_nobody_watched_teaches_nothing():
    parts = intensities_by_cause(TABLE, ("fall",))
    one = cause_rates(parts, {"fall": 3}, np.array([5.0, 0.0, 0.0]))
    changed = parts.assign(fall=[1.0, 99.0, 99.0])
    assert cause_rates(changed, {"fall": 3}, np.array([5.0, 0.0, 0.0])) == one


def test_the_total_is_unknown_only_where_every_cause_is():
    parts = pd.DataFrame({"exposure": [np.nan, np.nan], "fall": [1.0, np.nan]})
    total = scaled(parts, {"exposure": 1.0, "fall": 1.0})["total"]
    assert total.isna().tolist() == [False, True]


@given(st.floats(1e-6, 10), st.integers(0, 20), st.floats(0, 1e3), st.floats(0.1, 10))
def test_the_blend_lies_between_physics_and_record(prior, events, exposed, strength):
    found = blended(prior, events, exposed, strength_events=strength)
    record = events / exposed if exposed > 1e-9 else prior
    if exposed > 1e-9:
        low, high = min(prior, record), max(prior, record)
        assert low * (1 - 1e-9) <= found <= high * (1 + 1e-9)
    else:
        assert found >= prior * (1 - 1e-9)


def test_physics_counts_less_the_longer_the_record():
    # a place of ten times the events that physics tells
    years = np.array([1.0, 10.0, 100.0])
    found = blended(0.1, years * 1.0, years, strength_events=1.0)
    assert (np.diff(found) > 0).all()
    assert found[-1] == pytest.approx(1.0, rel=0.1)


def test_where_nobody_watched_it_is_physics_alone():
    assert blended([0.1], [0], [0.0], strength_events=2.0).tolist() == [0.1]
    with pytest.raises(OptionError):
        blended([0.1], [0], [0.0], strength_events=0.0)
