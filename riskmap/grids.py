"""Grids: UTM, and MGRS, which the US National Grid is on this datum, both ways.

Source: NGA.STND.0037, Universal Grids and Grid Reference Systems, 2014.
"""

import re
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj

from riskmap.crs import STORAGE_CRS

BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
"""Bands of latitude, 8° each from 80° south; the last one 12°."""

COLUMNS: Final = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
"""Letters of 100 km columns, from 100 km east, by zone modulo three."""

ROWS: Final = "ABCDEFGHJKLMNPQRSTUV"
"""Letters of 100 km rows; even zones begin at F."""

EVEN_ZONE_START = 5

SQUARE_M = 100_000.0
CYCLE_M = 2_000_000.0
ZONE_DEG, BAND_DEG = 6, 8
ZONES = 60
SOUTHMOST_DEG, NORTHMOST_DEG = -80.0, 84.0
MOST_DIGITS = 5

Square = tuple[int, float, float, float, bool]
"""Zone, easting and northing of the middle, side; metres; True in the north."""

MGRS: Final = re.compile(
    r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*(\d*)\s*(\d*)"
)


@lru_cache(maxsize=64)
def _to_utm(zone: int, *, north: bool) -> pyproj.Transformer:
    """Keep the way from degrees to a zone."""
    code = (32600 if north else 32700) + zone
    return pyproj.Transformer.from_crs(STORAGE_CRS, code, always_xy=True)


def zone_of(lon: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Find the UTM zone of longitudes; Norway's exceptions are far from here.

    Parameters
    ----------
    lon
        Degrees.

    Returns
    -------
    numpy.ndarray
        1 to 60.

    Examples
    --------
    >>> zone_of([-110.94, -106.5]).tolist()
    [12, 13]
    """
    turned = (np.asarray(lon, dtype=np.float64) + 180) % 360
    return (turned // ZONE_DEG).astype(np.int64) + 1


def band_of(lat: float) -> str:
    """Find the band of a latitude.

    Parameters
    ----------
    lat
        Degrees, -80 to 84.

    Returns
    -------
    str
        One letter.

    Examples
    --------
    >>> band_of(31.33), band_of(32.5)
    ('R', 'S')
    """
    return BANDS[min(int((lat - SOUTHMOST_DEG) // BAND_DEG), len(BANDS) - 1)]


def to_utm(
    lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Bring points to UTM, each to its own zone.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326), of shape (n_points,).

    Returns
    -------
    tuple of numpy.ndarray
        Zone, easting and northing in metres.

    Examples
    --------
    >>> zone, east, north = to_utm([-110.94], [31.33])
    >>> zone.tolist(), east.round().tolist(), north.round().tolist()
    ([12], [505708.0], [3466177.0])
    """
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    zones = zone_of(x)
    east, north = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    for zone in np.unique(zones).tolist():
        for up in (True, False):
            here = (zones == zone) & ((y >= 0) == up)
            if here.any():
                way = _to_utm(zone, north=up)
                east[here], north[here] = way.transform(x[here], y[here])
    return zones, east, north


def from_utm(
    zone: int, easting_m: float, northing_m: float, *, north: bool = True
) -> tuple[float, float]:
    """Bring a point of UTM to degrees.

    Parameters
    ----------
    zone
        1 to 60.
    easting_m, northing_m
        Metres.
    north
        True for the northern hemisphere.

    Returns
    -------
    tuple of float
        Longitude and latitude (EPSG:4326).

    Examples
    --------
    >>> [round(part, 4) for part in from_utm(12, 505708, 3466177)]
    [-110.94, 31.33]
    """
    way = _to_utm(zone, north=north)
    lon, lat = way.transform(easting_m, northing_m, direction="INVERSE")
    return float(lon), float(lat)


def to_mgrs(lon: npt.ArrayLike, lat: npt.ArrayLike, digits: int = 5) -> list[str]:
    """Write points as MGRS (USNG) references.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326), of shape (n_points,), latitude -80 to 84.
    digits
        Digits of easting and northing each: 5 for 1 m, 4 for 10 m.

    Returns
    -------
    list of str
        Cut, not rounded, as the standard asks.

    Examples
    --------
    >>> to_mgrs([-110.94], [31.33])
    ['12R WV 05708 66176']
    """
    zones, east, north = to_utm(lon, lat)
    bands = [band_of(value) for value in np.atleast_1d(np.asarray(lat)).tolist()]
    cut = 10 ** (MOST_DIGITS - digits)
    found = []
    for zone, band, x, y in zip(
        zones.tolist(), bands, east.tolist(), north.tolist(), strict=True
    ):
        column = COLUMNS[(zone - 1) % 3][int(x // SQUARE_M) - 1]
        start = 0 if zone % 2 else EVEN_ZONE_START
        row = ROWS[(int(y % CYCLE_M // SQUARE_M) + start) % len(ROWS)]
        left, up = int(x % SQUARE_M) // cut, int(y % SQUARE_M) // cut
        found.append(f"{zone}{band} {column}{row} {left:0{digits}} {up:0{digits}}")
    return found


def read_square(text: str) -> Square | None:
    """Read an MGRS or USNG reference as a square of metres.

    Parameters
    ----------
    text
        ``12R VV 08500 68200``, with or without spaces.

    Returns
    -------
    tuple or None
        Zone, easting and northing of the middle and the length of the side, metres,
        and True for the northern hemisphere; None if the text is no reference, or
        its letters lie in no such zone and band.

    Examples
    --------
    >>> read_square("12R WV 05708 66176")
    (12, 505708.5, 3466176.5, 1.0, True)
    """
    found = MGRS.fullmatch(text.strip().upper())
    if found is None:
        return None
    zone, band = int(found[1]), found[2]
    digits = found[5] + found[6]
    uneven = len(digits) % 2 or (found[6] and len(found[5]) != len(found[6]))
    if not 1 <= zone <= ZONES or uneven or len(digits) > 2 * MOST_DIGITS:
        return None
    column = COLUMNS[(zone - 1) % 3].find(found[3])
    if column < 0:
        return None
    start = 0 if zone % 2 else EVEN_ZONE_START
    row = (ROWS.index(found[4]) - start) % len(ROWS)
    half = len(digits) // 2
    side = 10.0 ** (MOST_DIGITS - half)
    east = (column + 1) * SQUARE_M + int(digits[:half] or 0) * side + side / 2
    north = row * SQUARE_M + int(digits[half:] or 0) * side + side / 2
    low, high = _northings(band)
    while north + side / 2 < low:
        north += CYCLE_M
    return (zone, east, north, side, band >= "N") if north < high + side / 2 else None


@lru_cache(maxsize=len(BANDS))
def _northings(band: str) -> tuple[float, float]:
    """Bound the northings of a band, metres, in any zone.

    Its edges bend away from the equator by less than 20 km from the middle of a zone
    to its sides.
    """
    south = SOUTHMOST_DEG + BANDS.index(band) * BAND_DEG
    up = band >= "N"
    top = NORTHMOST_DEG if band == BANDS[-1] else south + BAND_DEG
    way = _to_utm(1, north=up)
    middle, side = -177.0, -180.0
    edges = [way.transform(x, y)[1] for x in (middle, side) for y in (south, top)]
    return min(edges), max(edges)


def from_mgrs(text: str) -> tuple[float, float, float] | None:
    """Read an MGRS or USNG reference.

    Parameters
    ----------
    text
        ``12R VV 08500 68200``, with or without spaces.

    Returns
    -------
    tuple of float or None
        Longitude and latitude of the middle of its square, and the length of its
        side in metres; None if the text is no reference, or its letters lie in no
        such zone and band.

    Examples
    --------
    >>> [round(part, 4) for part in from_mgrs("12RWV0570866176")]
    [-110.94, 31.33, 1.0]
    """
    square = read_square(text)
    if square is None:
        return None
    zone, east, north, side, up = square
    lon, lat = from_utm(zone, east, north, north=up)
    return lon, lat, side
