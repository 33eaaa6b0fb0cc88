"""Terrain layers: elevation, slope and ruggedness from a table of cells."""

from pathlib import Path

import numpy as np
import pandas as pd

from riskmap import cells
from riskmap.features.given import read_columns
from riskmap.features.layer import Inputs, on_cells

COLUMNS = ("elevation_m", "slope_deg", "ruggedness")


def read_terrain(path: Path) -> pd.DataFrame:
    """Read a table of terrain by cell.

    Parameters
    ----------
    path
        CSV with ``cell`` (hexadecimal, one resolution), ``elevation_m``,
        ``slope_deg``, ``ruggedness``.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 3)
        On the cell index.

    Raises
    ------
    FileMissingError
        If there is no such file.
    ColumnMissingError
        If a column is missing.
    CellIndexError
        If a cell is no cell, or the cells are of several resolutions.
    """
    table = read_columns(path, ("cell", *COLUMNS), cell="str")
    numbers = pd.Index(cells.parse_cells(table["cell"]), name=cells.NAME)
    terrain = table[list(COLUMNS)].astype("float64").set_index(numbers)
    return terrain.loc[cells.cell_index(numbers)]


def at_cells(table: pd.DataFrame, column: str, index: pd.Index) -> pd.Series:
    """Carry a column from cells of one resolution to cells of another.

    Cells finer than the table take their ancestor's value, coarser ones the mean of
    their descendants by area. H3 cells do not nest exactly: a fine cell on the rim
    lies partly outside its ancestor, which is ignored.

    Parameters
    ----------
    table
        On a cell index of one resolution.
    column
        Its column to carry.
    index
        A cell index of one resolution.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        float64 on ``index``; NaN where the table has nothing.

    Examples
    --------
    >>> child = cells.cell_index([0x88754E6499FFFFF])
    >>> parent = cells.cell_index(cells.parents(child, 6))
    >>> table = pd.DataFrame({"elevation_m": [812.0]}, index=parent)
    >>> at_cells(table, "elevation_m", child).tolist()
    [812.0]
    """
    if len(index) == 0 or len(table) == 0:
        return pd.Series(np.nan, index=index, name=column, dtype="float64")
    values = table[column].astype("float64")
    resolution = cells.resolution_of(index)
    if resolution < cells.resolution_of(table.index):
        known = values.dropna()
        area_km2 = cells.cell_areas_km2(known.index)
        ancestors = cells.parents(known.index, resolution)
        sums = pd.DataFrame(
            {"weighted": known * area_km2, "area_km2": area_km2}
        ).groupby(ancestors)
        totals = sums.sum()
        return (totals["weighted"] / totals["area_km2"]).reindex(index).rename(column)
    rows = values.index.get_indexer(
        cells.parents(index, cells.resolution_of(table.index))
    )
    carried = np.where(rows < 0, np.nan, values.to_numpy()[rows])
    return pd.Series(carried, index=index, name=column)


def terrain_layer(inputs: Inputs, *, name: str) -> pd.Series:
    """Carry one column of the terrain table to the cells.

    Parameters
    ----------
    inputs
        Cells and terrain.
    name
        Name of the column, and of the layer.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        In the column's unit; NaN where the terrain table has nothing.
    """
    return on_cells(at_cells(inputs.terrain, name, inputs.cells.index), inputs, name)
