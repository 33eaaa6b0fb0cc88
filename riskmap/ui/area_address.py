"""An area in the address: its corners, if they are few."""

from typing import Any

MOST_CORNERS = 40
LEAST_CORNERS = 3
# five decimals are a metre
DIGITS = 5
LARGEST_LON, LARGEST_LAT = 180.0, 90.0
LONGEST_TEXT = MOST_CORNERS * 24

Polygons = list[list[list[list[float]]]]


def write_address(polygons: Any) -> str:
    """Write an area for the address.

    Parameters
    ----------
    polygons
        Coordinates as of a GeoJSON MultiPolygon.

    Returns
    -------
    str
        Longitude and latitude of each corner; empty for an area of several parts or of
        more than 40 corners, which is too long to be sent in an address.

    Examples
    --------
    >>> write_address([[[[-111, 31], [-110.5, 31], [-110, 32], [-111, 31]]]])
    '-111,31;-110.5,31;-110,32'
    >>> write_address([])
    ''
    """
    if not polygons or len(polygons) > 1 or len(polygons[0]) > 1:
        return ""
    ring = polygons[0][0]
    ring = ring[:-1] if ring[0] == ring[-1] else ring
    if len(ring) > MOST_CORNERS:
        return ""
    return ";".join(f"{_short(x)},{_short(y)}" for x, y in ring)


def _short(number: float) -> str:
    """Write a number of degrees without idle zeros."""
    return f"{number:.{DIGITS}f}".rstrip("0").rstrip(".")


def read_address(text: str | None) -> Polygons:
    """Read an area from the address.

    Parameters
    ----------
    text
        As :func:`write_address` writes it; None for nothing.

    Returns
    -------
    list
        Coordinates as of a GeoJSON MultiPolygon; empty for what is no list of corners.

    Examples
    --------
    >>> read_address("-111,31;-110.5,31;-110,32")
    [[[[-111.0, 31.0], [-110.5, 31.0], [-110.0, 32.0]]]]
    >>> read_address("-111,31;north"), read_address("-111,31;-110,99;-110,32")
    ([], [])
    """
    if not text or len(text) > LONGEST_TEXT:
        return []
    ring = []
    for corner in text.split(";"):
        parts = corner.split(",")
        try:
            x, y = (float(part) for part in parts)
        except ValueError:
            return []
        # written so that what is no number fails
        if not (abs(x) <= LARGEST_LON and abs(y) <= LARGEST_LAT):
            return []
        ring.append([x, y])
    return [[ring]] if LEAST_CORNERS <= len(ring) <= MOST_CORNERS else []
