"""Walking against the published equations' own numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.hazards import walking

CARRIED = {"body_kg": 70.0, "load_kg": 10.0}


@pytest.mark.parametrize(
    ("slope", "kmh"),
    [(-0.05, 6.000), (0.0, 5.037), (0.10, 3.549), (0.30, 1.763), (-0.30, 2.501)],
)
def test_speed_is_toblers(slope, kmh):
    assert walking.walking_speed_kmh(slope) == pytest.approx(kmh, abs=5e-4)


@pytest.mark.parametrize(
    ("speed", "grade", "ground", "watts"),
    [
        (1.2, 0, 1.0, 281.07),
        (1.2, 0, 1.2, 315.63),
        (1.2, 5, 1.2, 517.23),
        (0.9, 10, 1.5, 632.07),
    ],
)
def test_metabolic_rate_is_pandolfs(speed, grade, ground, watts):
    found = walking.metabolic_rate_w(speed, grade, ground=ground, **CARRIED)
    assert found == pytest.approx(watts, abs=5e-3)


def test_sand_adds_four_fifths_to_what_moving_costs():
    still = walking.metabolic_rate_w(0, 0, ground=1.0, **CARRIED)
    paved = walking.metabolic_rate_w(1.2, 0, ground=1.0, **CARRIED) - still
    sand = walking.metabolic_rate_w(1.2, 0, ground=2.1, **CARRIED) - still
    assert sand / paved > 1.8


def test_the_correction_touches_only_downhill():
    grades = np.array([0.0, 1.0, 20.0])
    assert walking.downhill_saving_w(1.2, grades, ground=1.2, **CARRIED).tolist() == [
        0.0,
        0.0,
        0.0,
    ]


def test_downhill_costs_less_than_level_and_uncorrected_pandolf_too_little():
    level = walking.walking_rate_w(1.2, 0.0, ground=1.0, **CARRIED)
    down = walking.walking_rate_w(1.2, -8.0, ground=1.0, **CARRIED)
    raw = walking.metabolic_rate_w(1.2, -8.0, ground=1.0, **CARRIED)
    assert raw < down < level


def test_braking_on_a_steep_way_down_costs_more_again():
    grades = np.array([-8.0, -30.0])
    gentle, steep = walking.walking_rate_w(0.8, grades, ground=1.0, **CARRIED)
    assert steep > gentle


@given(
    speed=st.floats(0, 2.5),
    grade=st.floats(-60, 60),
    ground=st.floats(1, 2.1),
    load=st.floats(0, 40),
)
def test_nobody_burns_less_than_standing(speed, grade, ground, load):
    given_ = {"body_kg": 70.0, "load_kg": load, "ground": ground}
    still = walking.metabolic_rate_w(0, 0, **given_)
    assert walking.walking_rate_w(speed, grade, **given_) >= still


@given(st.floats(-1, 1), st.floats(1.0, 2.0), st.floats(0, 0.5))
def test_rougher_ground_and_a_heavier_load_never_cost_less(slope, ground, more):
    speed = walking.walking_speed_kmh(abs(slope)) / 3.6
    grade = 100 * abs(slope)
    base = walking.walking_rate_w(speed, grade, ground=ground, **CARRIED)
    rough = walking.walking_rate_w(speed, grade, ground=ground + more, **CARRIED)
    loaded = walking.walking_rate_w(
        speed, grade, ground=ground, body_kg=70.0, load_kg=10.0 + 20 * more
    )
    assert rough >= base
    assert loaded >= base


def test_lifting_work_is_weight_times_climb():
    # 80 kg, 9.81 m/s², 1.2 m/s up 5 %
    work = walking.climbing_work_w(1.2, [5.0, -5.0], body_kg=70.0, load_kg=10.0)
    assert work == pytest.approx([80 * 9.81 * 0.06, 0.0])
