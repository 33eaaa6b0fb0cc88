"""Spread: hazards worked out on coarser cells, carried to finer ones."""

import numpy as np
import pandas as pd

from riskmap import cells

# finest cells on which ways are found: terrain and climate say no more
FINEST = 7


def coarsened(table: pd.DataFrame, resolution: int = FINEST) -> pd.DataFrame:
    """Average the columns of numbers of cells over their ancestors.

    Parameters
    ----------
    table
        Numbers on a cell index of one resolution.
    resolution
        Of the ancestors; a table no finer is given back as it is.

    Returns
    -------
    pandas.DataFrame
        On the ancestors' cell index; NaN where no cell knows.

    Examples
    --------
    >>> index = cells.cell_index([0x88754E6499FFFFF])
    >>> coarsened(pd.DataFrame({"km": [2.0]}, index=index)).iloc[0].tolist()
    [2.0]
    """
    if table.empty or cells.resolution_of(table.index) <= resolution:
        return table
    ancestors = cells.parents(table.index, resolution)
    means = table.groupby(ancestors).mean()
    means.index = cells.cell_index(means.index.to_numpy(dtype=np.uint64))
    return means


def refined(table: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Give finer cells what their ancestors have.

    Parameters
    ----------
    table
        On a cell index no finer than ``index``.
    index
        A cell index.

    Returns
    -------
    pandas.DataFrame
        On ``index``; every cell has an ancestor in the table.

    Examples
    --------
    >>> index = cells.cell_index([0x88754E6499FFFFF])
    >>> coarse = coarsened(pd.DataFrame({"km": [2.0]}, index=index))
    >>> refined(coarse, index)["km"].tolist()
    [2.0]
    """
    if table.index.equals(index):
        return table
    ancestors = cells.parents(index, cells.resolution_of(table.index))
    carried = table.take(table.index.get_indexer(ancestors))
    carried.index = index
    return carried
