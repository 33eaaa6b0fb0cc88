"""Projections: metres of the coordinate systems both countries use → degrees."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyproj

from riskmap.crs import STORAGE_CRS
from riskmap.errors import WrongCRSError
from riskmap.grids import MGRS, ZONES, read_square

DEGREES: Final = ("EPSG:4326", "EPSG:4269", "OGC:CRS84")
"""Longitude and latitude; WGS 84 and NAD 83 differ by less than 2 m here."""

METRES: Final = (
    "EPSG:3857",
    "EPSG:6372",
    *(f"EPSG:{code}" for code in range(26911, 26915)),
    *(f"EPSG:{code}" for code in range(32611, 32615)),
)
"""Web Mercator, Mexico's Lambert conformal conic, UTM on NAD 83 and on WGS 84."""

KNOWN_CRS: Final = (*DEGREES, *METRES)

WORLD_DATUMS: Final = {
    "WGS_1984": "EPSG:4326",
    "World Geodetic System 1984": "EPSG:4326",
    "World Geodetic System 1984 ensemble": "EPSG:4326",
}
"""Names of the one datum whose degrees are stored."""

AUTHORITY: Final = re.compile(r"(?:EPSG|OGC):[0-9A-Z]{2,6}")

SURE: Final = 70
"""How sure, of 100, PROJ must be that a text means a known system."""

LONGEST_WKT: Final = 20_000

UTM_NORTH: Final = 32_600
"""EPSG codes of UTM's northern zones on WGS 84 begin after this."""

METRE: Final = r"([0-9]{6,7}(?:\.[0-9]+)?)\s*M?\s*"

UTM: Final = re.compile(
    r"(?:UTM|ZONA|ZONE)?\s*([0-9]{1,2})\s*([C-HJ-NP-X])?[\s,;:]+"
    rf"{METRE}E?(?:ASTING)?[\s,;:]+{METRE}N?(?:ORTHING)?"
)


def known_crs(stated: str, path: Path) -> str:
    """Find which known system a file states that its shapes are in.

    The text comes from the file, so it is compared with the list and never handed
    to anything that would follow it.

    Parameters
    ----------
    stated
        ``"EPSG:26912"``, or a definition in well-known text; ``""`` if none.
    path
        The file, for the error.

    Returns
    -------
    str
        One of :data:`KNOWN_CRS`, or ``""`` if it states none.

    Raises
    ------
    WrongCRSError
        If it is none of them.

    Examples
    --------
    >>> known_crs("EPSG:26912", Path("a.gpkg")), known_crs("", Path("a.csv"))
    ('EPSG:26912', '')
    """
    if not stated or stated in KNOWN_CRS:
        return stated
    found = ""
    if not AUTHORITY.fullmatch(stated) and len(stated) <= LONGEST_WKT:
        try:
            parsed = pyproj.CRS.from_wkt(stated)
        except pyproj.exceptions.CRSError:
            parsed = None
        code = parsed.to_epsg(min_confidence=SURE) if parsed else None
        found = f"EPSG:{code}"
        if parsed and parsed.is_geographic and parsed.datum and not code:
            # longitude first, as CRS84 has it, is how rows hold it anyway
            found = WORLD_DATUMS.get(parsed.datum.name, found)
    if found not in KNOWN_CRS:
        msg = f"{path} is in {stated[:80]!r}, riskmap reads {KNOWN_CRS}."
        raise WrongCRSError(msg, table=path.name, crs=stated[:80])
    return found


@lru_cache(maxsize=64)
def _to_degrees(crs: str) -> pyproj.Transformer:
    """Keep the way from a system to degrees."""
    return pyproj.Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)


def to_degrees(x: pd.Series, y: pd.Series, crs: str) -> pd.DataFrame:
    """Bring metres to degrees.

    Parameters
    ----------
    x, y
        Easting and northing, metres; NaN stays so.
    crs
        One of :data:`METRES`, or any of UTM's zones.

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y``: longitude and latitude; NaN where the point lies outside the
        system.

    Examples
    --------
    >>> east, north = pd.Series([505_708.0]), pd.Series([3_466_177.0])
    >>> to_degrees(east, north, "EPSG:32612").round(4).values.tolist()
    [[-110.94, 31.33]]
    """
    lon, lat = _to_degrees(crs).transform(x.to_numpy(), y.to_numpy())
    table = pd.DataFrame({"x": lon, "y": lat}, index=x.index)
    return table.where(np.isfinite(table).all(axis=1))


def utm_to_degrees(zone: pd.Series, east: pd.Series, north: pd.Series) -> pd.DataFrame:
    """Bring points of several UTM zones of the northern hemisphere to degrees.

    Parameters
    ----------
    zone
        1 to 60, NaN where unknown.
    east, north
        Metres.

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y``: longitude and latitude on WGS 84.

    Examples
    --------
    >>> zone, east, north = pd.Series([12]), pd.Series([5e5]), pd.Series([3.5e6])
    >>> utm_to_degrees(zone, east, north).round(3).values.tolist()
    [[-111.0, 31.635]]
    """
    found = pd.DataFrame(np.nan, index=zone.index, columns=["x", "y"])
    for number in sorted(set(zone.dropna().astype("int64"))):
        here = zone == number
        crs = f"EPSG:{UTM_NORTH + number}"
        found.loc[here] = to_degrees(east[here], north[here], crs)
    return found


def read_grid(text: str) -> tuple[int, float, float, float] | None:
    """Read a reference of MGRS (or USNG), or a point of UTM with its zone.

    Parameters
    ----------
    text
        ``12R WV 05708 66176``, ``12RWV0566``, ``12 R 505708 3466177``.

    Returns
    -------
    tuple or None
        Zone, easting and northing of the middle of the square, its side: metres;
        None if the text is neither, or its letters lie in no such zone and band.
        Only the northern hemisphere is read.

    Examples
    --------
    >>> read_grid("12R WV 05708 66176")
    (12, 505708.5, 3466176.5, 1.0)
    >>> read_grid("12R 505708 3466177")
    (12, 505708.0, 3466177.0, 1.0)
    """
    tidy = text.strip().upper()
    if MGRS.fullmatch(tidy):
        square = read_square(tidy)
        return square[:4] if square and square[4] else None
    found = UTM.fullmatch(tidy)
    if found is None or not 1 <= int(found[1]) <= ZONES:
        return None
    behind = max(len(part.partition(".")[2]) for part in found.group(3, 4))
    return int(found[1]), float(found[3]), float(found[4]), 10.0**-behind
