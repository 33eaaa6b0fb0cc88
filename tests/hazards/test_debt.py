"""The water debt: hand-worked ways, and never safer where it is worse."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from riskmap.errors import OptionError
from riskmap.hazards.debt import (
    chance_over_limit,
    entries_km,
    walk_graph,
    water_debt,
)
from riskmap.hazards.walkers import (
    Walker,
    WalkOptions,
    felt_by_hour_c,
    loss_by_hour_l_per_km,
    walkers,
)
from tests.hazards.worlds import block, flat, line_km

INDEX = block(0.12)
LINE = line_km(INDEX)
NO_WATER = np.full(len(INDEX), np.nan)
ONE = Walker(body_kg=70.0, water_l=4.0, load_kg=9.0, share=1.0)


def ways(graph):
    everywhere = np.ones(len(INDEX), dtype=bool)
    return graph.ways(everywhere, entries_km(graph, LINE, NO_WATER))


def debt(ground, options=None, water_km=NO_WATER):
    return water_debt(
        INDEX, ground, options or WalkOptions(), line_km=LINE, water_km=water_km
    )


def test_a_way_over_even_ground_costs_its_length():
    graph = walk_graph(INDEX)
    costs = ways(graph).costs(np.ones(len(INDEX)))
    # ways go from centre to centre: never shorter than the straight one, and at most
    # 2/√3 longer, as on every hexagonal lattice
    assert (costs >= LINE - 0.1).all()
    assert (costs <= 2 / np.sqrt(3) * LINE + 3.0).all()


def test_the_way_goes_round_what_costs_more():
    graph = walk_graph(INDEX)
    wall = (LINE > 8) & (LINE < 12)
    per_km = np.where(wall & (np.arange(len(INDEX)) % 7 > 0), 50.0, 1.0)
    free = ways(graph).costs(np.ones(len(INDEX)))
    found = ways(graph).costs(per_km)
    straight = free + 49 * 4
    assert (found >= free - 1e-9).all()
    assert (found[LINE > 14] < straight[LINE > 14]).all()


def test_unknown_ground_is_walked_round_and_stays_unknown():
    slope = np.full(len(INDEX), 3.0)
    slope[(LINE > 8) & (LINE < 10)] = np.nan
    found = debt(replace(flat(INDEX), slope_deg=slope))
    assert found["heat_chance"][np.isnan(slope)].isna().all()
    assert set(found["heat_flag"][np.isnan(slope)]) == {"no_data"}


def test_ground_cut_off_is_out_of_reach_not_safe():
    slope = np.full(len(INDEX), 3.0)
    slope[(LINE > 8) & (LINE < 14)] = np.nan
    found = debt(replace(flat(INDEX), slope_deg=slope))
    beyond = LINE >= 16
    assert found["heat_chance"][beyond].isna().all()
    assert set(found["heat_flag"][beyond]) == {"out_of_reach"}


def test_the_chance_is_the_lognormals():
    loss = np.array([5.5, 11.0, 22.0])
    expected = ndtr(np.log(loss / 11.0) / 0.3)
    assert chance_over_limit(loss, 11.0, 0.3) == pytest.approx(expected)


def test_debt_at_the_line_is_the_water_carried():
    found = debt(flat(INDEX), WalkOptions(water_l=4.0))
    first = LINE.argmin()
    assert found["heat_debt_l"].iloc[first] == pytest.approx(-4.0, abs=0.05)


def test_the_debt_is_loss_less_water_worked_by_hand():
    options = WalkOptions(start_hour=10)
    ground = flat(INDEX)
    found = debt(ground, options)
    graph = walk_graph(INDEX)
    km = ways(graph).costs(np.ones(len(INDEX)))
    expected = km * found["heat_loss_l_per_km"].to_numpy() - 4.0
    assert found["heat_debt_l"].to_numpy() == pytest.approx(expected)


def test_a_walker_in_july_sweats_what_people_do():
    # field studies: 0.5 to 1.5 l an hour for a walker in desert heat (Adolph 1947)
    felt = felt_by_hour_c(flat(INDEX[:1]), WalkOptions())
    by_hour = loss_by_hour_l_per_km(flat(INDEX[:1]), felt, ONE, WalkOptions())
    assert 0.3 < by_hour[0, 15] * 5 < 1.5


def test_the_walkers_stand_for_the_spread():
    all_ = walkers(WalkOptions(water_l=4.0))
    weights = np.array([walker.share for walker in all_])
    bodies = np.array([walker.body_kg for walker in all_])
    assert weights.sum() == 1
    assert (weights * bodies).sum() == pytest.approx(70.0)
    assert np.sqrt((weights * (bodies - 70) ** 2).sum()) == pytest.approx(12.0)


def worse(one, other):
    """True where the second is nowhere safer than the first."""
    columns = ["heat_loss_l_per_km", "heat_debt_l", "heat_chance"]
    gap = other[columns].to_numpy() - one[columns].to_numpy()
    return bool((gap[np.isfinite(gap)] >= -1e-9).all())


air = st.floats(-5, 48)
slopes = st.lists(st.floats(0, 40), min_size=5, max_size=5)


def varied(values):
    """Spread a few values over the cells, the same way every time."""
    return np.array(values)[np.arange(len(INDEX)) % len(values)]


@settings(max_examples=25, deadline=None)
@given(air, st.floats(0, 20), st.floats(0, 10), slopes)
def test_hotter_is_never_safer(low, spread, hotter, slope):
    ground = replace(
        flat(INDEX, lowest_c=low, highest_c=low + spread), slope_deg=varied(slope)
    )
    by_day = replace(ground, highest_c=ground.highest_c + hotter)
    by_night = replace(by_day, lowest_c=np.minimum(low + hotter, by_day.highest_c))
    assert worse(debt(ground), debt(by_day))
    assert worse(debt(by_day), debt(by_night))


@settings(max_examples=25, deadline=None)
@given(st.floats(10, 48), slopes, slopes, st.sampled_from([1.0, 1.2, 1.5, 2.1]))
def test_steeper_is_never_safer(high, slope, more, ground_factor):
    options = WalkOptions(ground=ground_factor)
    gentle = replace(
        flat(INDEX, highest_c=high, lowest_c=high - 14), slope_deg=varied(slope)
    )
    steep = replace(gentle, slope_deg=gentle.slope_deg + varied(more))
    assert worse(debt(gentle, options), debt(steep, options))


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 30), st.floats(0, 30), slopes)
def test_farther_from_water_is_never_safer(near, farther, slope):
    ground = replace(flat(INDEX), slope_deg=varied(slope))
    x = np.arange(len(INDEX)) / len(INDEX) * 25
    water_km = np.abs(x - near)
    assert worse(
        debt(ground, water_km=water_km), debt(ground, water_km=water_km + farther)
    )
    assert worse(debt(ground, water_km=water_km), debt(ground))


def test_more_water_never_makes_a_debt_and_a_lower_limit_is_never_safer():
    dry, wet = (debt(flat(INDEX), WalkOptions(water_l=w)) for w in (1.0, 6.0))
    assert (wet["heat_debt_l"] <= dry["heat_debt_l"] + 1e-9).all()
    assert (wet["heat_chance"] <= dry["heat_chance"] + 1e-9).all()
    strict = debt(flat(INDEX), WalkOptions(limit_share=0.05))
    assert (strict["heat_chance"] >= debt(flat(INDEX))["heat_chance"]).all()


def test_noon_is_worse_than_night():
    by_day = debt(flat(INDEX), WalkOptions(start_hour=9, hours=8))
    by_night = debt(flat(INDEX), WalkOptions(start_hour=20, hours=8))
    assert worse(by_night, by_day)


def test_july_is_worse_than_january_where_only_the_sun_differs():
    july, january = (debt(flat(INDEX), WalkOptions(month=m)) for m in (7, 1))
    assert worse(january, july)


@pytest.mark.parametrize(
    ("high", "low", "code"), [(48.0, 30.0, "hot"), (30.0, 10.0, "cold")]
)
def test_outside_the_fitted_air_the_cells_say_so(high, low, code):
    found = debt(flat(INDEX, highest_c=high, lowest_c=low))
    assert all(code in text.split("+") for text in found["heat_flag"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("month", 0),
        ("month", 13),
        ("start_hour", 24),
        ("water_l", -1.0),
        ("limit_share", 0.0),
        ("ground", 0.5),
        ("sweat", "guess"),
    ],
)
def test_an_impossible_walker_is_refused(name, value):
    with pytest.raises(OptionError) as caught:
        WalkOptions(**{name: value})
    assert caught.value.fields == {"option": name, "value": value}


def test_the_order_of_the_cells_changes_nothing():
    once, again = debt(flat(INDEX)), debt(flat(INDEX))
    assert once.equals(again)
