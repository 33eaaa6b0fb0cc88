"""Neighbours: which cells touch, as a sparse matrix and as groups."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from riskmap import cells


def neighbour_matrix(index: pd.Index, rings: int = 1) -> sparse.csr_matrix:
    """Link each cell to those at most some rings away, itself included.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,).
    rings
        How many rings of neighbours.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_cells, n_cells)
        1.0 where two cells are linked; symmetric.

    Examples
    --------
    >>> neighbour_matrix(cells.cell_index([614553222213795839])).toarray().tolist()
    [[1.0]]
    """
    places, counts = cells.neighbour_lists(index, rings)
    starts = np.concatenate([[0], np.cumsum(counts)])
    links = (np.ones(places.size), places, starts)
    matrix = sparse.csr_matrix(links, shape=(len(index),) * 2)
    matrix.sort_indices()
    return matrix


def connected_groups(index: pd.Index) -> npt.NDArray[np.int32]:
    """Label the groups of cells that touch one another.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,).

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Group number from 0, in the order in which groups first appear.

    Examples
    --------
    >>> connected_groups(cells.cell_index([614553222213795839])).tolist()
    [0]
    """
    if len(index) == 0:
        return np.array([], dtype=np.int32)
    _, labels = csgraph.connected_components(neighbour_matrix(index), directed=False)
    return np.asarray(labels, dtype=np.int32)
