"""Temperature: a forecast day's heat, and noticing what is not in degrees Celsius."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from riskmap.errors import RasterOutsideError, TemperatureUnitError

Floats = npt.NDArray[np.float64]

# hotter or colder than this on the air of one day is not weather (WMO extremes)
COLDEST_C, HOTTEST_C = -60.0, 57.0

# a day is rarely farther than this from its month's normal (four spreads of 5 K)
USUAL_K = 20.0

# a spread e times too wide or narrow speaks against a unit like so many kelvin off
ODD_SPREAD_K = 10.0

# values that spread less are all one, and their spread says nothing
EVEN_K = 0.01

# unit to the way back to °C
UNITS: Mapping[str, Callable[[Floats], Floats]] = {
    "fahrenheit": lambda values: (values - 32) / 1.8,
    "tenths": lambda values: values / 10,
    "kelvin": lambda values: values - 273.15,
}


def _strays_k(values_c: Floats, normal_c: Floats) -> float:
    """Tell how far values lie from normal in the middle."""
    return float(np.nanmedian(np.abs(values_c - normal_c)))


def _misfit(values_c: Floats, normal_c: Floats) -> float:
    """Tell how ill values fit the month: too far off, or too much or little spread."""
    own, usual = float(np.std(values_c)), float(np.std(normal_c))
    told = min(own, usual) > EVEN_K
    odd = abs(np.log(own / usual)) if told else 0.0
    return _strays_k(values_c, normal_c) + ODD_SPREAD_K * odd


def check_celsius(values: Floats, normal_c: Floats, path: str) -> Floats:
    """Refuse temperatures that are not in °C.

    Parameters
    ----------
    values
        Daily maximum as the file has it, of shape (n_cells,); NaN where it says
        nothing.
    normal_c
        Normal daily maximum of the month, °C.
    path
        The file, for the error.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        The same values.

    Raises
    ------
    RasterOutsideError
        If the file says nothing of any cell.
    TemperatureUnitError
        If the values fit the month as Fahrenheit, tenths of a degree or kelvin and
        not as °C, or cannot be air at all.

    Examples
    --------
    >>> check_celsius(np.array([38.0, np.nan]), np.array([40.0, 40.0]), "day.tif")[0]
    np.float64(38.0)
    """
    both = np.isfinite(values) & np.isfinite(normal_c)
    if not np.isfinite(values).any():
        msg = f"{path} holds no temperature within the corridor."
        raise RasterOutsideError(msg, path=path)
    given, normal = values[both], normal_c[both]
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    far = given.size > 0 and _strays_k(given, normal) > USUAL_K
    if not far and low >= COLDEST_C and high <= HOTTEST_C:
        return values
    misfits = {
        name: _misfit(back(given), normal) if given.size else np.inf
        for name, back in UNITS.items()
    }
    unit = min(misfits, key=misfits.__getitem__)
    fits = misfits[unit] <= USUAL_K
    msg = f"{path} is not in °C: its values run from {low:g} to {high:g}."
    raise TemperatureUnitError(
        msg, path=path, unit=unit if fits else "unknown", lowest=low, highest=high
    )


def lowest_of_day_c(
    highest_c: Floats, normal_high_c: Floats, normal_low_c: Floats
) -> Floats:
    """Guess a night's coldest from a day's warmest: as far from normal as that.

    Parameters
    ----------
    highest_c
        Daily maximum, of shape (n_cells,).
    normal_high_c, normal_low_c
        Normals of the month.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        °C, never above the day's warmest.

    Examples
    --------
    >>> one = np.ones(1)
    >>> lowest_of_day_c(one * 44, one * 40, one * 26).tolist()
    [30.0]
    """
    moved = normal_low_c + (highest_c - normal_high_c)
    return np.asarray(np.minimum(moved, highest_c))
