"""Coordinate systems: degrees to store, one metric CRS to measure."""

from typing import TypeVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj

from riskmap.errors import MissingCRSError, WrongCRSError

STORAGE_CRS = pyproj.CRS.from_epsg(4326)

MOST_X_DEG, MOST_Y_DEG = 180, 90

GEOD = pyproj.Geod(ellps="WGS84")

Geo = TypeVar("Geo", gpd.GeoDataFrame, gpd.GeoSeries)


def to_storage(table: Geo, *, name: str = "table") -> Geo:
    """Bring a table to the CRS that riskmap stores, longitude and latitude.

    Parameters
    ----------
    table
        Geometries in any CRS, which must be set.
    name
        What the table is called in an error.

    Returns
    -------
    geopandas.GeoDataFrame or geopandas.GeoSeries
        The same rows in EPSG:4326; the input itself if it is there already.

    Raises
    ------
    MissingCRSError
        If the table does not say its CRS.
    WrongCRSError
        If the result does not lie within longitude and latitude.

    Examples
    --------
    >>> import shapely
    >>> series = gpd.GeoSeries([shapely.Point(0, 0)], crs="EPSG:3857")
    >>> to_storage(series).crs.to_epsg()
    4326
    """
    if table.crs is None:
        msg = (
            f"{name} has no CRS: say in which coordinate system its numbers are, "
            "for example `table.set_crs('EPSG:4326')`."
        )
        raise MissingCRSError(msg, table=name)
    stored = table if table.crs == STORAGE_CRS else table.to_crs(STORAGE_CRS)
    bounds = stored.total_bounds
    if (abs(bounds) > [MOST_X_DEG, MOST_Y_DEG] * 2).any():
        msg = (
            f"{name} says it is in {table.crs.to_string()}, got coordinates {bounds} "
            "that are not degrees: set the CRS it was made in."
        )
        raise WrongCRSError(msg, table=name, crs=table.crs.to_string())
    return stored


def metric_crs_for(table: gpd.GeoDataFrame | gpd.GeoSeries) -> pyproj.CRS:
    """Choose the CRS to measure in: equal-area about the middle of a table.

    Over the whole border its lengths are off by at most 0.25 %, where one UTM zone
    is off by up to 1.6 %; areas are exact. Where metres decide (which side, how
    far from the line) measure on the ellipsoid with :data:`GEOD`.

    Parameters
    ----------
    table
        Geometries in any CRS, which must be set.

    Returns
    -------
    pyproj.CRS
        Lambert azimuthal equal-area on WGS 84, metres.

    Examples
    --------
    >>> import shapely
    >>> series = gpd.GeoSeries([shapely.Point(-110, 31)], crs="EPSG:4326")
    >>> metric_crs_for(series).axis_info[0].unit_name
    'metre'
    """
    west, south, east, north = to_storage(table).total_bounds
    # whole tenths of a degree, so that a point more or less keeps the same CRS
    x, y = round((west + east) / 2, 1), round((south + north) / 2, 1)
    return pyproj.CRS.from_proj4(
        f"+proj=laea +lat_0={y} +lon_0={x} +datum=WGS84 +units=m +no_defs"
    )


def geocentric(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Place points of the ellipsoid in space.

    The straight line through the Earth between two points grows with their distance
    along the ground wherever they are, which no flat map's does.

    Parameters
    ----------
    x, y
        Longitude and latitude in degrees (EPSG:4326), of shape (n_points,).

    Returns
    -------
    numpy.ndarray of shape (n_points, 3)
        Metres from the Earth's centre (EPSG:4978), height 0.

    Examples
    --------
    >>> geocentric([0.0], [0.0]).tolist()
    [[6378137.0, 0.0, 0.0]]
    """
    across = np.radians(np.asarray(x, dtype=np.float64))
    up = np.radians(np.asarray(y, dtype=np.float64))
    normal = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(up) ** 2)
    flat = normal * np.cos(up)
    return np.column_stack(
        (
            flat * np.cos(across),
            flat * np.sin(across),
            normal * (1 - GEOD.es) * np.sin(up),
        )
    )


def side_probability(
    distance_m: npt.ArrayLike, sd_m: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Tell how probable it is that points lie on the side of a line where they seem.

    The line is taken for straight as far as the points may be off, and how far they
    are off across it for normal.

    Parameters
    ----------
    distance_m
        Metres from the line, negative beyond it, of shape (n_points,).
    sd_m
        How far off they may be across the line, standard deviation, metres.

    Returns
    -------
    numpy.ndarray of shape (n_points,)
        0 to 1; a half on the line itself.

    Examples
    --------
    >>> side_probability([30.0, -30.0], [100.0, 100.0]).round(2).tolist()
    [0.62, 0.38]
    """
    away = np.asarray(distance_m, dtype=np.float64)
    sd = np.maximum(np.asarray(sd_m, dtype=np.float64), np.finfo(np.float64).tiny)
    # it takes a seventh of a second to import, and every command imports this module
    from scipy.special import ndtr  # noqa: PLC0415

    return np.asarray(ndtr(away / sd), dtype=np.float64)
