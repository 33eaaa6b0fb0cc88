"""Reading a boundary: from a file to reaches that join end to end."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from riskmap.crs import GEOD, to_storage
from riskmap.errors import (
    BoundaryNotLineError,
    FileEmptyError,
    FileMissingError,
    FileUnreadableError,
    MissingCRSError,
)

COLUMNS = ("reach", "from_km", "to_km", "geometry")

# reaches written at 1 m may miss each other by the diagonal of a rounding step
LARGEST_GAP_M = 5.0

M_PER_KM = 1000.0


def read_boundary(path: Path | str) -> gpd.GeoDataFrame:
    """Read a boundary: lines that join end to end, kilometre 0 first.

    Any format that GDAL reads will do. A GeoJSON without CRS is in longitude and
    latitude, as RFC 7946 says. Reaches are put in the order of ``from_km`` if the
    file has it, else in the order of the file, starting at its eastern end.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    geopandas.GeoDataFrame of shape (n_reaches, 4)
        ``reach``, ``from_km``, ``to_km`` and ``geometry``: lines in EPSG:4326, each
        starting where the one before ends; kilometres on the ellipsoid.

    Raises
    ------
    FileMissingError
        If there is no such file.
    FileEmptyError
        If it holds nothing.
    FileUnreadableError
        If no reader understands it.
    MissingCRSError
        If it does not say its CRS.
    WrongCRSError
        If its numbers do not fit its CRS.
    BoundaryNotLineError
        If it holds something other than lines, or lines that do not join.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = '{"type": "LineString", "coordinates": [[-110.8, 31.3], [-111, 31.3]]}'
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "line.geojson")
    ...     _ = file.write_text(text)
    ...     read_boundary(file)[["reach", "from_km", "to_km"]].round(1)
          reach  from_km  to_km
    0  boundary      0.0   19.0
    """
    file = Path(path)
    if not file.is_file():
        msg = f"No boundary file {file}: give the path of a file that is there."
        raise FileMissingError(msg, path=str(file))
    if file.stat().st_size == 0:
        msg = f"Boundary file {file} is empty."
        raise FileEmptyError(msg, path=str(file))
    try:
        table = pyogrio.read_dataframe(file)
    except (DataSourceError, DataLayerError, ValueError) as error:
        msg = f"Boundary file {file} cannot be read: {error}."
        raise FileUnreadableError(msg, path=str(file), reason=str(error)) from error
    if len(table) == 0:
        msg = f"Boundary file {file} holds no line."
        raise FileEmptyError(msg, path=str(file))
    if not isinstance(table, gpd.GeoDataFrame):
        msg = f"Boundary file {file} holds a table without lines."
        raise BoundaryNotLineError(msg, found="table")
    return order_reaches(table)


def order_reaches(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the lines of a table in order, end to end, with their kilometres.

    Parameters
    ----------
    table
        Lines in any CRS, with ``reach`` and ``from_km`` if known.

    Returns
    -------
    geopandas.GeoDataFrame of shape (n_reaches, 4)
        As :func:`read_boundary` returns it.

    Raises
    ------
    MissingCRSError
        If the table does not say its CRS.
    WrongCRSError
        If its numbers do not fit its CRS.
    BoundaryNotLineError
        If it holds something other than lines, or lines that do not join.

    Examples
    --------
    >>> west = shapely.LineString([(-111, 31.3), (-110.9, 31.3)])
    >>> east = shapely.LineString([(-110.9, 31.3), (-110.8, 31.3)])
    >>> table = gpd.GeoDataFrame(geometry=[west, east], crs="EPSG:4326")
    >>> order_reaches(table).geometry.iloc[0].coords[0]
    (-110.8, 31.3)
    """
    _refuse_other_shapes(table)
    if table.crs is None:
        msg = "The boundary has no CRS: say in which coordinate system its numbers are."
        raise MissingCRSError(msg, table="boundary")
    stored = to_storage(table, name="boundary")
    if "from_km" in stored.columns:
        stored = stored.sort_values("from_km", kind="stable")
    lines = _chain([_one_line(shape) for shape in stored.geometry])
    names = stored["reach"].astype(str).tolist() if "reach" in stored.columns else None
    if "from_km" not in stored.columns and _runs_east(lines):
        lines = [line.reverse() for line in reversed(lines)]
        names = names[::-1] if names else None
    lengths = [GEOD.geometry_length(line) / M_PER_KM for line in lines]
    ends = np.cumsum(lengths)
    if names is None:
        many = len(lines) > 1
        names = [f"boundary {i + 1}" if many else "boundary" for i in range(len(lines))]
    return gpd.GeoDataFrame(
        {
            "reach": pd.array(names, dtype="str"),
            "from_km": np.concatenate([[0.0], ends[:-1]]),
            "to_km": ends,
        },
        geometry=lines,
        crs=stored.crs,
    )


def boundary_line(boundary: gpd.GeoDataFrame) -> shapely.LineString:
    """Join the reaches of a boundary into one line.

    Parameters
    ----------
    boundary
        As :func:`read_boundary` returns it.

    Returns
    -------
    shapely.LineString
        In EPSG:4326, kilometre 0 first, no vertex twice in a row.

    Raises
    ------
    BoundaryNotLineError
        If the reaches do not join end to end.

    Examples
    --------
    >>> parts = [[(-110.8, 31.3), (-110.9, 31.3)], [(-110.9, 31.3), (-111, 31.3)]]
    >>> lines = [shapely.LineString(part) for part in parts]
    >>> len(boundary_line(gpd.GeoDataFrame(geometry=lines, crs="EPSG:4326")).coords)
    3
    """
    _refuse_other_shapes(boundary)
    lines = [_one_line(shape) for shape in to_storage(boundary).geometry]
    points = np.concatenate([shapely.get_coordinates(line) for line in _chain(lines)])
    fresh = np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])
    return shapely.LineString(points[fresh])


def _refuse_other_shapes(table: gpd.GeoDataFrame) -> None:
    """Raise unless every geometry is a line of some length."""
    kinds = table.geometry.geom_type.fillna("nothing").astype(str)
    wrong = sorted(set(kinds) - {"LineString", "MultiLineString"})
    if len(table) == 0 or table.geometry.is_empty.any():
        wrong.append("nothing")
    if wrong:
        msg = f"A boundary must be lines, got {', '.join(wrong)}."
        raise BoundaryNotLineError(msg, found=", ".join(wrong))
    if not (shapely.length(np.asarray(table.geometry)) > 0).all():
        msg = "A boundary must be lines of some length, got one of length zero."
        raise BoundaryNotLineError(msg, found="zero_length")


def _one_line(shape: shapely.Geometry) -> shapely.LineString:
    """Merge the parts of one reach."""
    merged = shapely.line_merge(shapely.force_2d(shape))
    if merged.geom_type == "LineString":
        return merged
    return _join(_chain(list(shapely.get_parts(merged))))


def _join(lines: list[shapely.LineString]) -> shapely.LineString:
    """Join lines that follow one another."""
    return shapely.LineString(np.concatenate([line.coords for line in lines]))


def _chain(lines: list[shapely.LineString]) -> list[shapely.LineString]:
    """Turn each line so that it starts where the one before ends."""
    if len(lines) == 1:
        return lines
    first, second = lines[0], lines[1]
    start = _gap_m(first.coords[0], second)
    end = _gap_m(first.coords[-1], second)
    chained = [first.reverse() if start < end else first]
    for line in lines[1:]:
        here = chained[-1].coords[-1]
        to_start, to_end = (_apart_m(here, line.coords[i]) for i in (0, -1))
        if min(to_start, to_end) > LARGEST_GAP_M:
            gap_m = round(min(to_start, to_end))
            msg = f"Reaches of a boundary must join end to end, got {gap_m} m between."
            raise BoundaryNotLineError(msg, found="gap", gap_m=gap_m)
        chained.append(line if to_start <= to_end else line.reverse())
    return chained


def _gap_m(point: tuple[float, ...], line: shapely.LineString) -> float:
    """Metres from a point to the nearer end of a line."""
    return min(_apart_m(point, line.coords[i]) for i in (0, -1))


def _apart_m(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Metres between two points on the ellipsoid."""
    return float(GEOD.inv(one[0], one[1], other[0], other[1])[2])


def _runs_east(lines: list[shapely.LineString]) -> bool:
    """Tell whether the first end is the western one."""
    return bool(lines[0].coords[0][0] < lines[-1].coords[-1][0])
