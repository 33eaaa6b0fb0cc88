"""Geodesy: distances, bearings (from true north) and offsets on the ellipsoid."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmap.crs import GEOD

Floats = npt.NDArray[np.float64]

M_PER_KM = 1000.0

TURN_DEG = 360.0

COMPASS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
"""The sixteen winds, clockwise from north; codes, not words."""

WIND_DEG = TURN_DEG / len(COMPASS)


def bearing_of(wind: str) -> float:
    """Tell the bearing of a compass point.

    Parameters
    ----------
    wind
        One of :data:`COMPASS`.

    Returns
    -------
    float
        Degrees clockwise from true north.

    Examples
    --------
    >>> bearing_of("W"), bearing_of("NNE")
    (270.0, 22.5)
    """
    return COMPASS.index(wind) * WIND_DEG


def wind_of(bearing_deg: float, winds: int = 8) -> str:
    """Name the compass point nearest to a bearing.

    Parameters
    ----------
    bearing_deg
        Degrees clockwise from true north, any number of turns.
    winds
        How many points the compass has: 4, 8 or 16.

    Returns
    -------
    str
        One of :data:`COMPASS`.

    Examples
    --------
    >>> wind_of(-80), wind_of(350), wind_of(20, winds=16)
    ('W', 'N', 'NNE')
    """
    each = TURN_DEG / winds
    return COMPASS[round((bearing_deg % TURN_DEG) / each) % winds * (16 // winds)]


def offset(
    lon: float, lat: float, bearing_deg: float, metres: float
) -> tuple[float, float]:
    """Go from a point along a geodesic.

    Parameters
    ----------
    lon, lat
        Start, degrees (EPSG:4326).
    bearing_deg
        Degrees clockwise from true north, at the start.
    metres
        How far.

    Returns
    -------
    tuple of float
        Longitude and latitude.

    Examples
    --------
    >>> [round(part, 5) for part in offset(-110.94, 31.33, 270, 2000)]
    [-110.96101, 31.33]
    """
    new_lon, new_lat, _ = GEOD.fwd(lon, lat, bearing_deg, metres)
    return float(new_lon), float(new_lat)


def distance_m(lon: Any, lat: Any, to_lon: Any, to_lat: Any) -> Floats:
    """Measure how far points are from one another.

    Parameters
    ----------
    lon, lat, to_lon, to_lat
        Degrees (EPSG:4326), numbers or arrays of one shape.

    Returns
    -------
    numpy.ndarray
        Metres on the ellipsoid.

    Examples
    --------
    >>> round(float(distance_m(-110.94, 31.33, -110.94, 31.34)))
    1109
    """
    return np.asarray(GEOD.inv(lon, lat, to_lon, to_lat)[2], dtype=np.float64)


def bearing_deg(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Tell the bearing from one point to another, at the first.

    Parameters
    ----------
    lon, lat, to_lon, to_lat
        Degrees (EPSG:4326).

    Returns
    -------
    float
        Degrees clockwise from true north, 0 to under 360.

    Examples
    --------
    >>> bearing_deg(-110.94, 31.33, -110.94, 31.0)
    180.0
    """
    return float(GEOD.inv(lon, lat, to_lon, to_lat)[0] % TURN_DEG)


def turn_between_deg(one_deg: float, other_deg: float) -> float:
    """Tell the angle between two bearings.

    Parameters
    ----------
    one_deg, other_deg
        Degrees.

    Returns
    -------
    float
        0 to 180.

    Examples
    --------
    >>> turn_between_deg(350, 20)
    30.0
    """
    half = TURN_DEG / 2
    return abs((one_deg - other_deg + half) % TURN_DEG - half) * 1.0
