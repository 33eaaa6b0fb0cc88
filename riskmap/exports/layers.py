"""Layers: tables as they are written, cells as hexagons with their hexadecimal text."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from riskmap import cells as cells_
from riskmap.crs import STORAGE_CRS, to_storage


def score_table(
    cells: pd.DataFrame, scores: pd.DataFrame, features: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Join what is known of each cell into one table.

    Parameters
    ----------
    cells
        The cell table.
    scores
        Scores on the same index.
    features
        Layers on the same index; a layer that the cell table has already is not
        repeated.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, n_columns)
        On the cell index: the cell table, the scores, the layers.

    Examples
    --------
    >>> index = cells_.cell_index([614553222213795839])
    >>> cells = pd.DataFrame({"km": [1.0]}, index=index)
    >>> scores = pd.DataFrame({"danger": [0.5]}, index=index)
    >>> score_table(cells, scores).columns.tolist()
    ['km', 'danger']
    """
    parts = [cells, scores.reindex(cells.index)]
    if features is not None:
        fresh = [name for name in features.columns if name not in cells.columns]
        parts.append(features[fresh].reindex(cells.index))
    return pd.concat(parts, axis=1)


def shaped(tables: Mapping[str, pd.DataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """Bring tables to the form in which they are written.

    Parameters
    ----------
    tables
        Tables on the cell index, drawn as hexagons; and tables with geometries in any
        CRS, whose index is kept as their first column.

    Returns
    -------
    dict of str to geopandas.GeoDataFrame
        In the order given; EPSG:4326, two dimensions, rings by the right-hand rule,
        ``geometry`` last, plain row numbers as index.

    Examples
    --------
    >>> index = cells_.cell_index([614553222213795839])
    >>> tables = {"scores": pd.DataFrame({"km": [1.0]}, index=index)}
    >>> shaped(tables)["scores"].columns.tolist()
    ['cell', 'km', 'geometry']
    """
    return {name: _shaped(table, name) for name, table in tables.items()}


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Bring a table's index into its first column, cells as hexadecimal text.

    Parameters
    ----------
    table
        Any table; a named index is kept, another is dropped.

    Returns
    -------
    pandas.DataFrame
        Without geometry, on plain row numbers.

    Examples
    --------
    >>> index = cells_.cell_index([614553222213795839])
    >>> named(pd.DataFrame({"km": [1.0]}, index=index)).to_dict("list")
    {'cell': ['88754e6499fffff'], 'km': [1.0]}
    """
    values = pd.DataFrame(table)
    if isinstance(table, gpd.GeoDataFrame):
        values = values.drop(columns=table.geometry.name)
    if table.index.name == cells_.NAME:
        text = pd.array(cells_.cell_hex(table.index).tolist(), dtype="str")
        values = values.set_axis(pd.Index(text, name=cells_.NAME), axis=0)
    kept = values.index.name is not None and values.index.name not in values.columns
    return values.reset_index(drop=not kept)


def bounding_box(shapes: npt.NDArray[np.object_]) -> list[float]:
    """Bound some geometries.

    Parameters
    ----------
    shapes
        Geometries, some perhaps missing.

    Returns
    -------
    list of float
        West, south, east, north; empty if there is no geometry.

    Examples
    --------
    >>> bounding_box(np.array([shapely.Point(1, 2), None]))
    [1.0, 2.0, 1.0, 2.0]
    """
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return shapely.total_bounds(known).tolist() if known.size else []


def _shaped(table: pd.DataFrame, name: str) -> gpd.GeoDataFrame:
    """Bring one table to the form in which it is written."""
    if isinstance(table, gpd.GeoDataFrame):
        stored = to_storage(table, name=name) if len(table) else table
        shapes = shapely.force_2d(np.asarray(stored.geometry))
        shapes = shapely.orient_polygons(shapes, exterior_cw=False)
    else:
        # these turn the right way already
        shapes = cells_.cell_polygons(cells_.cell_index(table.index)).to_numpy()
    return gpd.GeoDataFrame(named(table), geometry=shapes, crs=STORAGE_CRS)
