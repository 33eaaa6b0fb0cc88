"""Heat balance and sweat against the published equations' own numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.hazards import day, heat


@pytest.mark.parametrize(
    ("required", "largest", "original", "corrected", "piecewise"),
    [
        (300, 200, 751.2, 362.1, 431.1),
        (400, 250, 904.9, 435.4, 540.3),
        (200, 300, 416.4, 242.3, 191.4),
    ],
)
def test_sweat_is_gonzalezs(required, largest, original, corrected, piecewise):
    assert heat.sweat_shapiro(required, largest) == pytest.approx(original, abs=0.05)
    assert heat.sweat_corrected(required, largest) == pytest.approx(corrected, abs=0.05)
    assert heat.sweat_piecewise(required, largest) == pytest.approx(piecewise, abs=0.05)


@pytest.mark.parametrize("name", heat.SWEAT)
@given(need=st.floats(0, 800), room=st.floats(50, 600), more=st.floats(0, 200))
def test_more_heat_or_less_room_never_means_less_sweat(name, need, room, more):
    sweat = heat.SWEAT[name]
    assert sweat(need + more, room) >= sweat(need, room)
    assert sweat(need, room) >= sweat(need, room + more)


@given(st.floats(0, 50), st.floats(0, 10), st.floats(0.4, 2.5))
def test_hotter_air_never_asks_for_less_evaporation(air, hotter, wind):
    cool, hot = heat.required_evaporation(200.0, 0.0, [air, air + hotter], wind)
    assert hot >= cool


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ((46.1, 1.0, 1.0, 200), "hot"),
        ((14.9, 1.0, 1.0, 200), "cold"),
        ((30, 4.5, 1.0, 200), "humid"),
        ((30, 0.2, 1.0, 200), "dry"),
        ((30, 1.0, 3.0, 200), "wind"),
        ((30, 1.0, 0.3, 200), "wind"),
        ((30, 1.0, 1.0, 451), "effort"),
    ],
)
def test_outside_the_fit_is_named(given_, name):
    found = heat.outside_fit(*given_)
    assert [known for known, there in found.items() if there] == [name]


def test_the_edges_of_the_fit_are_inside():
    for air, vapour, wind in ((15.0, 0.27, 0.4), (46.0, 4.45, 2.5)):
        found = heat.outside_fit(air, vapour, wind, 450.0)
        assert not any(np.any(there) for there in found.values())


def test_what_is_unknown_is_outside_nothing():
    found = heat.outside_fit(np.nan, np.nan, 1.0, np.nan)
    assert not any(np.any(there) for there in found.values())


def test_the_sun_adds_nothing_at_night_and_most_by_day():
    height = day.sun_height_deg([32.0], 7)[0]
    gain = heat.sun_gain_k(day.clear_sun_w_per_m2(height), height, 2.0)
    assert gain[0] == gain[23] == 0
    assert 5 < gain.max() < 20


def test_the_day_has_its_highest_and_lowest():
    hours = day.air_by_hour_c([40.0], [24.0])
    assert hours.max() == pytest.approx(40.0)
    assert hours.min() == pytest.approx(24.0)
    assert hours[0].argmax() == 15


def test_noon_sun_is_latitude_from_declination():
    # 15 March by FAO-56: declination -0.409 sin(…) near -2.8 degrees
    season = 2 * np.pi * 75 / 365
    declination = np.degrees(0.409 * np.sin(season - 1.39))
    assert day.sun_height_deg([32.0], 3)[0, 12] == pytest.approx(
        90 - 32 + declination, abs=1e-9
    )


def test_vapour_is_fao_56s_table():
    # annex 2, table 2.3: 20 °C 2.338 kPa, 35 °C 5.624 kPa
    assert heat.vapour_kpa([20.0, 35.0]) == pytest.approx([2.338, 5.624], abs=2e-3)
