"""Hazard files: a user's raster, polygons or table of a hazard, brought to cells."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyogrio.errors import DataSourceError

from riskmap import cells
from riskmap.crs import to_storage
from riskmap.errors import (
    FileMissingError,
    HazardFileError,
    RasterOutsideError,
    RasterValuesError,
)
from riskmap.features.given import read_columns
from riskmap.features.zonal import read_dem

POLYGON_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".parquet")

# a polygon without a value of its own is wholly the hazard
WHOLE = 1.0

TABLE_COLUMNS = ("x", "y", "elevation_m", "tmax_c")


def read_hazard(path: Path, index: pd.Index, *, option: str) -> pd.Series:
    """Bring a raster or polygons of a hazard to cells.

    A raster gives each cell the mean of its pixels, NaN where it has none or holds
    no data. Polygons give each cell the share of its area that they cover, times
    their ``value`` if they have one; where they overlap the highest counts, and a
    cell outside all of them has 0.

    Parameters
    ----------
    path
        GeoTIFF or another raster; or GeoJSON, GeoPackage, a shapefile.
    index
        A cell index, of shape (n_cells,).
    option
        Which option names the file, for an error.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        float64 in the file's own unit.

    Raises
    ------
    FileMissingError, FileUnreadableError, MissingCRSError
        If the file is not there, is no raster, or lacks its CRS.
    HazardFileError
        If it holds no polygons, says nothing of the corridor, or holds what marks
        missing data without saying so.
    """
    if not path.is_file():
        msg = f"No file of {option} at {path}."
        raise FileMissingError(msg, path=str(path))
    if path.suffix.lower() in POLYGON_SUFFIXES:
        return _of_polygons(path, index, option)
    return raster_means(path, index, option=option)


def raster_means(path: Path, index: pd.Index, *, option: str) -> pd.Series:
    """Average a raster's pixels over cells.

    Parameters
    ----------
    path
        A raster that GDAL reads.
    index
        A cell index, of shape (n_cells,).
    option
        Which option names the file, for an error.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        NaN outside the raster and where it holds no data.

    Raises
    ------
    FileMissingError, FileUnreadableError, MissingCRSError
        If the file cannot be read.
    HazardFileError
        If it has no value within the corridor or one that no hazard has.
    """
    try:
        # the mean of a raster's pixels is what elevation is, whatever they measure
        values = read_dem(path, index)["elevation_m"]
    except (RasterOutsideError, RasterValuesError) as error:
        msg = f"{path.name}, named by {option}, holds nothing usable: {error}"
        raise HazardFileError(msg, path=path.name, option=option) from error
    return values.rename(option)


def _of_polygons(path: Path, index: pd.Index, option: str) -> pd.Series:
    """Share out polygons over cells."""
    try:
        table = gpd.read_file(path)
    except DataSourceError as error:
        msg = f"Cannot read {path.name} as polygons: {error}."
        raise HazardFileError(msg, path=path.name, option=option) from error
    shapes = to_storage(table, name=path.name)
    shapes = shapes[shapes.geometry.notna() & ~shapes.geometry.is_empty]
    values = np.full(len(shapes), WHOLE)
    if "value" in shapes:
        values = pd.to_numeric(shapes["value"], errors="coerce").to_numpy()
    hexagons = cells.cell_polygons(index).to_numpy()
    found = pd.Series(0.0, index=index, name=option)
    tree = shapely.STRtree(hexagons)
    touched = False
    for shape, value in zip(shapes.geometry, values, strict=True):
        valid = shapely.make_valid(shape)
        rows = np.sort(tree.query(valid, predicate="intersects"))
        if not rows.size or not np.isfinite(value):
            continue
        touched = True
        part = shapely.area(shapely.intersection(hexagons[rows], valid))
        share = value * part / shapely.area(hexagons[rows])
        found.iloc[rows] = np.maximum(found.iloc[rows].to_numpy(), share)
    if not touched:
        msg = f"{path.name}, named by {option}, has no polygon in the corridor."
        raise HazardFileError(msg, path=path.name, option=option)
    return found


def read_day_table(path: Path) -> pd.DataFrame:
    """Read a table of a forecast day's maxima at places.

    Parameters
    ----------
    path
        CSV with ``x``, ``y`` (EPSG:4326), ``elevation_m`` and ``tmax_c``.

    Returns
    -------
    pandas.DataFrame
        The columns as numbers; NaN where one is none.

    Raises
    ------
    FileMissingError
        If there is no such file.
    ColumnMissingError
        If a column is missing.
    """
    table = read_columns(path, TABLE_COLUMNS)
    return table[list(TABLE_COLUMNS)].apply(pd.to_numeric, errors="coerce")
