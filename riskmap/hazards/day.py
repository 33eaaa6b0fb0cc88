"""Day: air, moisture and sun by the hour, from a day's warmest and coldest.

Declination, clear sky, and a dew point near the night's coldest by Allen et al. 1998
(FAO Irrigation and Drainage Paper 56).
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


HOURS = np.arange(24)

# the middle day of each month (FAO-56, annex 2)
MID_MONTH_DAYS = (15, 46, 75, 105, 135, 162, 198, 228, 258, 289, 319, 345)

# warmest hour of the day, by the sun (FAO-56: two to three hours after noon)
WARMEST_HOUR = 15.0

# sun above the air, W/m²; share that clear air lets through (FAO-56, equation 37)
SOLAR_CONSTANT_W, CLEAR_SHARE = 1367.0, 0.75

# dry air lies below the night's coldest the more, the wider the day's range: line
# through the 24 monthly dew points of the two bundled stations that have one
# (Imperial, El Paso; standard error 3.5 K), and none where the range is that of a coast
COAST_RANGE_K, DEW_SLOPE = 8.0, 1.2


def air_by_hour_c(highest_c: npt.ArrayLike, lowest_c: npt.ArrayLike) -> Floats:
    """Draw the air's temperature through a clear day as one wave.

    Parameters
    ----------
    highest_c, lowest_c
        °C in the shade, of shape (n_places,).

    Returns
    -------
    numpy.ndarray of shape (n_places, 24)
        At each full hour by the sun; the highest at 15.

    Examples
    --------
    >>> air_by_hour_c([40.0], [24.0])[0, [3, 15]].tolist()
    [24.0, 40.0]
    """
    high = np.asarray(highest_c, dtype=np.float64)[:, None]
    low = np.asarray(lowest_c, dtype=np.float64)[:, None]
    warmth = (1 + np.cos(2 * np.pi * (HOURS - WARMEST_HOUR) / 24)) / 2
    return np.asarray(low + (high - low) * warmth)


def dew_point_c(highest_c: npt.ArrayLike, lowest_c: npt.ArrayLike) -> Floats:
    """Guess the dew point of a day from its range, where nobody measured it.

    For normal days: a heat wave keeps the moisture of its month.

    Parameters
    ----------
    highest_c, lowest_c
        °C, of any shape.

    Returns
    -------
    numpy.ndarray
        °C; the night's coldest on a coast, well below it in a desert.

    Examples
    --------
    >>> dew_point_c([34.0, 42.0], [26.0, 26.0]).tolist()
    [26.0, 16.4]
    """
    low = np.asarray(lowest_c, dtype=np.float64)
    spread = np.asarray(highest_c, dtype=np.float64) - low
    return np.asarray(low - DEW_SLOPE * np.maximum(spread - COAST_RANGE_K, 0))


def sun_height_deg(latitude_deg: npt.ArrayLike, month: int) -> Floats:
    """Tell how high the sun stands in the middle of a month, hour by hour.

    Parameters
    ----------
    latitude_deg
        Degrees north, of shape (n_places,).
    month
        1 to 12.

    Returns
    -------
    numpy.ndarray of shape (n_places, 24)
        Degrees at each full hour by the sun; negative at night.

    Examples
    --------
    Hand: 90 - 31 + 23.45 sin(360 (284 + 198) / 365), by FAO-56's own declination.

    >>> sun_height_deg([31.0], 7)[0, 12].round(0).tolist()
    80.0
    """
    season = 2 * np.pi * MID_MONTH_DAYS[month - 1] / 365
    declination = 0.409 * np.sin(season - 1.39)
    latitude = np.radians(np.asarray(latitude_deg, dtype=np.float64))[:, None]
    turned = np.radians(15.0 * (HOURS - 12.0))
    sine = np.sin(latitude) * np.sin(declination)
    sine = sine + np.cos(latitude) * np.cos(declination) * np.cos(turned)
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def clear_sun_w_per_m2(height_deg: npt.ArrayLike) -> Floats:
    """Tell the sunlight on level ground under a clear sky.

    Parameters
    ----------
    height_deg
        Height of the sun, of any shape.

    Returns
    -------
    numpy.ndarray
        W/m², 0 at night; clouds, dust and shade are not in it.

    Examples
    --------
    >>> clear_sun_w_per_m2([-5.0, 90.0]).round().tolist()
    [0.0, 1025.0]
    """
    height = np.maximum(np.asarray(height_deg, dtype=np.float64), 0.0)
    return np.asarray(SOLAR_CONSTANT_W * CLEAR_SHARE * np.sin(np.radians(height)))
