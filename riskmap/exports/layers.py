"""Layers: tables as they are written, cells as hexagons with their hexadecimal text."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as cells_
from riskmap.crs import to_storage


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


def _shaped(table: pd.DataFrame, name: str) -> gpd.GeoDataFrame:
    """Bring one table to the form in which it is written."""
    if isinstance(table, gpd.GeoDataFrame):
        stored = to_storage(table, name=name) if len(table) else table
        shapes = np.asarray(stored.geometry)
        values = pd.DataFrame(stored.drop(columns=stored.geometry.name))
    else:
        shapes = np.asarray(cells_.cell_polygons(cells_.cell_index(table.index)))
        values = table.drop(columns=[])
        hexadecimal = pd.array(cells_.cell_hex(table.index).tolist(), dtype="str")
        values.index = pd.Index(hexadecimal, name=cells_.NAME)
    flat = shapely.orient_polygons(shapely.force_2d(shapes), exterior_cw=False)
    kept = values.index.name is not None and values.index.name not in values.columns
    return gpd.GeoDataFrame(
        values.reset_index(drop=not kept), geometry=flat, crs="EPSG:4326"
    )
