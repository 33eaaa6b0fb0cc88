"""A forecast day in the wrong unit is noticed, not used."""

import numpy as np
import pytest

from riskmap.errors import RasterOutsideError, TemperatureUnitError
from riskmap.hazards.temperature import check_celsius, lowest_of_day_c
from riskmap.i18n import LANGUAGES, Words

RNG = np.random.default_rng(0)
JULY = 38 + 3 * RNG.standard_normal(200)
JANUARY = 14 + 4 * RNG.standard_normal(200)
AS = {
    "fahrenheit": lambda c: c * 1.8 + 32,
    "tenths": lambda c: c * 10,
    "kelvin": lambda c: c + 273.15,
}


@pytest.mark.parametrize("unit", AS)
@pytest.mark.parametrize("normal", [JULY, JANUARY], ids=["july", "january"])
@pytest.mark.parametrize("anomaly", [-8, 0, 8])
def test_the_unit_is_noticed(unit, normal, anomaly):
    with pytest.raises(TemperatureUnitError) as caught:
        check_celsius(AS[unit](normal + anomaly), normal, "day.tif")
    assert caught.value.fields["unit"] == unit
    for language in LANGUAGES:
        sentence = Words(language).error(caught.value)
        assert "day.tif" in sentence
        assert "°C" in sentence


@pytest.mark.parametrize("normal", [JULY, JANUARY], ids=["july", "january"])
@pytest.mark.parametrize("anomaly", [-15, -8, 0, 8])
def test_a_day_in_celsius_passes_whatever_the_weather(normal, anomaly):
    day = normal + anomaly
    assert check_celsius(day, normal, "day.tif") is day


def test_a_day_that_covers_a_tenth_leaves_the_rest_unknown():
    day = np.where(np.arange(200) < 20, JULY, np.nan)
    assert np.isnan(check_celsius(day, JULY, "day.tif")).sum() == 180


def test_a_day_of_nothing_is_refused():
    with pytest.raises(RasterOutsideError):
        check_celsius(np.full(200, np.nan), JULY, "day.tif")


def test_a_single_marker_of_missing_data_is_refused():
    with pytest.raises(TemperatureUnitError):
        check_celsius(np.append(JULY[1:], -999.0), JULY, "day.tif")


def test_a_hot_day_has_a_hot_night_but_never_above_it():
    night = lowest_of_day_c(np.array([44.0, 10.0]), np.full(2, 40.0), np.full(2, 45.0))
    assert night.tolist() == [44.0, 10.0]
