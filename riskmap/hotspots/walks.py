"""Walks: the hours between cells that touch, and the least-cost ways over them."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from riskmap.history.ground import Floats

Places = npt.NDArray[np.intp]

# walks are worked out from so many cells at once: 50 MB at 30,000 cells
CHUNK = 200


def walking_hours(
    touching: sparse.csr_matrix, xy_km: Floats, pace_h_per_km: Floats
) -> sparse.csr_matrix:
    """Lay the walk between cells that touch.

    Parameters
    ----------
    touching
        Not 0 where two cells touch: (n_cells, n_cells).
    xy_km
        Centres of the cells, of shape (n_cells, 2).
    pace_h_per_km
        Hours a kilometre in each cell, of shape (n_cells,); NaN where it is not
        known, which is walked at the median pace.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_cells, n_cells)
        Hours; symmetric, nothing on the diagonal.

    Examples
    --------
    Two cells 2 km apart, one at 0.2 and one at 0.4 hours a kilometre.

    >>> walking_hours(sparse.csr_matrix(np.ones((2, 2))),
    ...     np.array([[0.0, 0.0], [2.0, 0.0]]), np.array([0.2, 0.4])).toarray().round(3)
    array([[0. , 0.6],
           [0.6, 0. ]])
    """
    known = pace_h_per_km[np.isfinite(pace_h_per_km)]
    middle = float(np.median(known)) if len(known) else 1.0
    pace = np.where(np.isfinite(pace_h_per_km), pace_h_per_km, middle)
    links = touching.tocoo()
    apart = links.row != links.col
    one, other = links.row[apart], links.col[apart]
    length_km = np.sqrt(((xy_km[one] - xy_km[other]) ** 2).sum(axis=1))
    hours = length_km * (pace[one] + pace[other]) / 2
    return sparse.csr_matrix((hours, (one, other)), shape=touching.shape)


def gaps_between(
    hours: sparse.csr_matrix, sites: Places, most_hours: float
) -> sparse.csr_matrix:
    """Work out the least-cost walks between sites, up to the longest allowed.

    Parameters
    ----------
    hours
        As :func:`walking_hours`.
    sites
        Positions of cells.
    most_hours
        Longest walk.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_sites, n_sites)
        Hours; nothing where the walk is longer.
    """
    parts = []
    for start in range(0, len(sites), CHUNK):
        chunk = sites[start : start + CHUNK]
        apart = csgraph.dijkstra(hours, indices=chunk, limit=most_hours)[:, sites]
        apart[~np.isfinite(apart)] = 0
        parts.append(sparse.csr_matrix(apart))
    return sparse.vstack(parts).tocsr()


def least_cost_walk(hours: sparse.csr_matrix, stops: Places) -> Places:
    """Find the cells of the least-cost walk from stop to stop, each cell once.

    Parameters
    ----------
    hours
        As :func:`walking_hours`.
    stops
        Positions of cells, each to be reached from the one before.

    Returns
    -------
    numpy.ndarray
        Positions of the cells passed, the stops too.
    """
    walk = [int(stops[0])]
    for start, end in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
        _, before = csgraph.dijkstra(hours, indices=start, return_predecessors=True)
        at, leg = end, []
        while at != start:
            leg.append(at)
            at = int(before[at])
        walk += leg[::-1]
    return np.array(list(dict.fromkeys(walk)), dtype=np.intp)
