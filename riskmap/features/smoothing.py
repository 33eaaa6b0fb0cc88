"""Smoothing: points known only so well, spread over the cells they may lie in."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from riskmap.features.layer import Floats

# the kernel ends at four standard deviations: 0.03 % lies beyond
TRUNCATE = 4.0

# pairs of point and cell held at once: about 100 MB
PAIRS_AT_ONCE = 2_000_000

Places = npt.NDArray[np.intp]


def spread_over_cells(
    points: Floats,
    amounts: Floats,
    sigma: Floats,
    centres: Floats,
    areas: Floats,
) -> Floats:
    """Spread amounts at points over cells, by a Gaussian about each point.

    All of an amount goes to the cells, none beyond their edge: the sum over cells of
    result times area is the sum of the amounts. A point with no cell in reach is
    left out.

    Parameters
    ----------
    points
        On a plane, kilometres, of shape (n_points, 2).
    amounts
        What lies at each point, of shape (n_points,).
    sigma
        Standard deviation along either axis, kilometres, of shape (n_points,).
    centres
        Centres of the cells, kilometres, of shape (n_cells, 2).
    areas
        Areas of the cells that may take some, km², of shape (n_cells,); 0 for none.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Amount per km².

    Examples
    --------
    >>> centres = np.array([[0.0, 0.0], [1.0, 0.0]])
    >>> areas = np.array([2.0, 2.0])
    >>> point, one = np.array([[0.5, 0.0]]), np.ones(1)
    >>> spread_over_cells(point, one, one * 0.8, centres, areas).tolist()
    [0.25, 0.25]
    """
    found = np.zeros(len(centres))
    if len(points) == 0 or not (areas > 0).any():
        return found
    # in one order whatever the table's, since sums of floats depend on it
    order = np.lexsort((amounts, points[:, 1], points[:, 0], sigma))
    points, amounts, sigma = points[order], amounts[order], sigma[order]
    taking = np.flatnonzero(areas > 0)
    centres, areas = centres[taking], areas[taking]
    for point, cell in _pairs(points, TRUNCATE * sigma, centres):
        apart = ((points[point] - centres[cell]) ** 2).sum(axis=1)
        kernel = np.exp(-apart / (2 * sigma[point] ** 2))
        share = np.bincount(point, kernel * areas[cell], minlength=len(points))
        density = kernel * (amounts[point] / share[point])
        found[taking] += np.bincount(cell, density, minlength=len(taking))
    return found


def _pairs(
    points: Floats, reach: Floats, centres: Floats
) -> Iterator[tuple[Places, Places]]:
    """List the cells in reach of each point, some points at a time."""
    tree = cKDTree(centres)
    counts = tree.query_ball_point(points, reach, return_length=True)
    batch = np.cumsum(counts) // PAIRS_AT_ONCE
    for code in np.unique(batch):
        rows = np.flatnonzero(batch == code)
        near = tree.query_ball_point(points[rows], reach[rows])
        cell = np.concatenate([np.asarray(part, dtype=np.intp) for part in near])
        yield np.repeat(rows, counts[rows]), cell


def hexagon_variance_km2(area_km2: pd.Series) -> float:
    """Measure how far a cell itself spreads, along either axis.

    The mean of a kernel over a cell is the kernel with the cell's own variance added:
    5/24 of its side squared for a hexagon.

    Parameters
    ----------
    area_km2
        Areas of the cells, of shape (n_cells,).

    Returns
    -------
    float
        Square kilometres, for the mean area.

    Examples
    --------
    >>> round(hexagon_variance_km2(pd.Series([6.0])), 3)
    0.481
    """
    side_squared_km2 = float(area_km2.mean()) * 2 / (3 * np.sqrt(3))
    return float(5 / 24 * side_squared_km2)
