"""Climate layers: heat and cold of a normal month, carried from weather stations."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import distance

from riskmap.crs import geocentric
from riskmap.features.distance import M_PER_KM, to_nearest_point_m
from riskmap.features.given import read_columns
from riskmap.features.layer import Floats, Inputs, on_cells
from riskmap.features.terrain import terrain_layer

MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

COLUMNS = ("station", "x", "y", "elevation_m", "variable", *MONTHS)

# kelvin lost per metre climbed (ICAO standard atmosphere, Doc 7488)
LAPSE_K_PER_M = 0.0065

# weight falls with the square of distance (Shepard 1968, doi:10.1145/800186.810616)
POWER = 2.0

# beyond this no station says anything: half the longest gap between bundled ones
REACH_M = 500_000.0

# nearer than this two places share their weather, and a weight stays finite
NEAREST_M = 5_000.0

# cells carried at once: 13 stations then take 10 MB
ROWS_AT_ONCE = 100_000

# deaths from exposure rise by 24 % per °C of monthly mean maximum above this,
# Ajo 2010-21 (design notes, science 6.4)
HEAT_FROM_C = 30.0

# solar constant, MJ m^-2 min^-1 (FAO-56, equation 21)
SOLAR_CONSTANT = 0.0820

# mm of water that one MJ per square metre evaporates (FAO-56, equation 20)
MM_PER_MJ = 0.408

# Hargreaves and Samani 1985, as FAO-56 equation 52 has it
HARGREAVES, HARGREAVES_C = 0.0023, 17.8

# the fifteenth of July, the month's middle day (FAO-56, annex 2)
MID_JULY_DAY = 196


def read_stations(path: Path) -> pd.DataFrame:
    """Read monthly values of weather stations.

    Parameters
    ----------
    path
        CSV with ``station``, ``x``, ``y`` (EPSG:4326), ``elevation_m``,
        ``variable`` (``tmax`` and ``tmin`` are used, in °C) and ``jan`` to ``dec``.

    Returns
    -------
    pandas.DataFrame of shape (n_rows, n_columns)
        All rows and columns, in the order of the file.

    Raises
    ------
    FileMissingError
        If there is no such file.
    ColumnMissingError
        If a column is missing.
    """
    return read_columns(path, COLUMNS)


def interpolate(
    stations: pd.DataFrame, months: list[str], centres: Floats, elevation_m: Floats
) -> Floats:
    """Carry monthly temperatures of stations to other places.

    Each station is brought to sea level by the standard atmosphere, the values are
    averaged with weights that fall with the square of distance, and the result is
    brought up to the place's elevation. Sea breeze, valley cold and shade are lost.

    Parameters
    ----------
    stations
        ``x``, ``y``, ``elevation_m`` and the months, in °C.
    months
        Which months.
    centres
        Places in space, of shape (n_places, 3), metres.
    elevation_m
        Their elevation, of shape (n_places,).

    Returns
    -------
    numpy.ndarray of shape (n_places, n_months)
        °C; NaN where the elevation is missing or no station is within 500 km.

    Examples
    --------
    >>> stations = pd.DataFrame(
    ...     {"x": [-112.0], "y": [32.0], "elevation_m": [1000.0], "jul": [33.5]}
    ... )
    >>> place = geocentric([-112.0], [32.0])
    >>> interpolate(stations, ["jul"], place, np.array([0.0])).round(1).tolist()
    [[40.0]]
    """
    needed = ["x", "y", "elevation_m", *months]
    known = stations.dropna(subset=needed).sort_values(needed)
    if len(known) == 0:
        return np.full((len(centres), len(months)), np.nan)
    at_sea_level = (
        known[months].to_numpy(dtype="float64")
        + LAPSE_K_PER_M * known[["elevation_m"]].to_numpy()
    )
    places = geocentric(known["x"], known["y"])
    carried = np.empty((len(centres), len(months)))
    for first in range(0, len(centres), ROWS_AT_ONCE):
        block = slice(first, first + ROWS_AT_ONCE)
        squared_m2 = distance.cdist(centres[block], places, "sqeuclidean")
        weights = np.maximum(squared_m2, NEAREST_M**2) ** (-POWER / 2)
        weights[squared_m2.min(axis=1) > REACH_M**2] = np.nan
        weights /= weights.sum(axis=1, keepdims=True)
        # not `@`, whose order of adding up differs from machine to machine
        carried[block] = np.einsum("ps,sm->pm", weights, at_sea_level)
    return carried - LAPSE_K_PER_M * elevation_m[:, None]


def _carried(inputs: Inputs, variable: str, months: tuple[str, ...]) -> Floats:
    """Carry months of one variable to the cells."""
    rows = inputs.climate[inputs.climate["variable"] == variable]
    elevation_m = terrain_layer(inputs, name="elevation_m").to_numpy()
    return interpolate(rows, list(months), inputs.centres_xyz_m, elevation_m)


def month_temperature(
    inputs: Inputs, *, name: str, variable: str, month: str
) -> pd.Series:
    """Tell the normal daily maximum or minimum of a month at each cell.

    Parameters
    ----------
    inputs
        Cells, climate and terrain.
    name
        Name of the layer.
    variable
        ``tmax`` or ``tmin``.
    month
        One of :data:`MONTHS`.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        °C; NaN where the elevation is missing or no station is within 500 km.
    """
    return on_cells(_carried(inputs, variable, (month,))[:, 0], inputs, name)


def heat_load(inputs: Inputs, *, name: str) -> pd.Series:
    """Add up the year's heat above 30 °C, by the monthly mean of daily maxima.

    Single hot days in a mild month are not in it.

    Parameters
    ----------
    inputs
        Cells, climate and terrain.
    name
        Name of the layer.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Degree days; NaN where the temperature is missing.
    """
    above = np.maximum(_carried(inputs, "tmax", MONTHS) - HEAT_FROM_C, 0)
    total = above @ np.array(DAYS, dtype="float64")
    return on_cells(total, inputs, name)


def july_water_demand(inputs: Inputs, *, name: str) -> pd.Series:
    """Estimate how much water July's air could take from wet ground in a day.

    Potential evapotranspiration by temperature range and sun's height (Hargreaves):
    wind and humidity are not in it. The strongest predictor of where remains are
    found in White, Radil, Philipps and Irmischer 2025.

    Parameters
    ----------
    inputs
        Cells, climate and terrain.
    name
        Name of the layer.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Millimetres a day; NaN where a temperature is missing.
    """
    highest = _carried(inputs, "tmax", ("jul",))[:, 0]
    lowest = _carried(inputs, "tmin", ("jul",))[:, 0]
    sun = sunshine_mm_per_day(inputs.cells["y"].to_numpy(), MID_JULY_DAY)
    return on_cells(water_demand_mm_per_day(highest, lowest, sun), inputs, name)


def water_demand_mm_per_day(highest_c: Floats, lowest_c: Floats, sun: Floats) -> Floats:
    """Estimate potential evapotranspiration (Hargreaves, FAO-56 equation 52).

    Parameters
    ----------
    highest_c, lowest_c
        Mean daily maximum and minimum, °C, of shape (n_places,).
    sun
        Radiation above the air, mm of water a day, of shape (n_places,).

    Returns
    -------
    numpy.ndarray of shape (n_places,)
        Millimetres a day, never below 0.

    Examples
    --------
    FAO-56, example 20: Lyon in July.

    >>> one = np.ones(1)
    >>> water_demand_mm_per_day(one * 26.6, one * 14.8, one * 16.55).round(1).tolist()
    [5.0]
    """
    mean_c = (highest_c + lowest_c) / 2
    spread = np.sqrt(np.maximum(highest_c - lowest_c, 0))
    return np.asarray(
        np.maximum(HARGREAVES * (mean_c + HARGREAVES_C) * spread * sun, 0)
    )


def sunshine_mm_per_day(latitude_deg: Floats, day_of_year: int) -> Floats:
    """Compute the sun's radiation above the air (FAO-56 equation 21).

    Parameters
    ----------
    latitude_deg
        Degrees north, of shape (n_places,), between the polar circles.
    day_of_year
        1 to 365.

    Returns
    -------
    numpy.ndarray of shape (n_places,)
        Millimetres of water that it could evaporate in a day.

    Examples
    --------
    FAO-56, example 8: 20° south on 3 September, 32.2 MJ a square metre.

    >>> (sunshine_mm_per_day(np.array([-20.0]), 246) / MM_PER_MJ).round(1).tolist()
    [32.2]
    """
    latitude = np.radians(latitude_deg)
    season = 2 * np.pi * day_of_year / 365
    nearness = 1 + 0.033 * np.cos(season)
    declination = 0.409 * np.sin(season - 1.39)
    sunset = np.arccos(-np.tan(latitude) * np.tan(declination))
    height = sunset * np.sin(latitude) * np.sin(declination)
    height += np.cos(latitude) * np.cos(declination) * np.sin(sunset)
    per_day = 24 * 60 / np.pi * SOLAR_CONSTANT * nearness * height
    return np.asarray(MM_PER_MJ * per_day)


def distance_to_station(inputs: Inputs, *, name: str) -> pd.Series:
    """Measure how far each cell is from the nearest station of daily maxima.

    The further, the more the temperature layers are a guess.

    Parameters
    ----------
    inputs
        Cells and climate.
    name
        Name of the layer.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Kilometres; NaN if there are no stations.
    """
    rows = inputs.climate[inputs.climate["variable"] == "tmax"]
    targets = geocentric(rows["x"], rows["y"])
    metres = to_nearest_point_m(inputs.centres_xyz_m, targets)
    return on_cells(metres / M_PER_KM, inputs, name)
