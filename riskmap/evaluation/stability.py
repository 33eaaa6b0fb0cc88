"""Stability: how much a map moves from one time to the next, and with its grid."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap import cells as h3_cells
from riskmap.evaluation.metrics import inclusion
from riskmap.history.ground import Floats

# the part of the area that a patrol or a rescue service would look at
TOP_SHARE = 0.05

# kilometres in a degree of latitude, rounded; a shift needs no more
KM_PER_DEGREE = 111.2


def jaccard(
    one: Floats, other: Floats, area_km2: Floats, *, share: float = TOP_SHARE
) -> float:
    r"""Measure how far two maps agree on the densest part of the area.

    :math:`J = |A \cap B| / |A \cup B|` by area (Jaccard 1912), *A* and *B* the densest
    share of each map; cells equally dense are taken in equal part.

    Parameters
    ----------
    one, other
        Expected events, of shape (n_cells,).
    area_km2
        Area of each cell; cells of 0 do not count.
    share
        Share of the area.

    Returns
    -------
    float
        0 for nothing in common, 1 for the same; NaN if there is no area.

    Examples
    --------
    >>> jaccard(np.array([2.0, 1.0]), np.array([1.0, 2.0]), np.ones(2), share=0.5)
    0.0
    """
    if not area_km2.any():
        return float("nan")
    first = inclusion(one, area_km2, share) * area_km2
    second = inclusion(other, area_km2, share) * area_km2
    return float(np.minimum(first, second).sum() / np.maximum(first, second).sum())


def rank_stability(
    maps: Sequence[Floats], areas_km2: Sequence[Floats], *, share: float = TOP_SHARE
) -> float:
    """Average the agreement of maps of consecutive origins.

    Parameters
    ----------
    maps
        Expected events, one map an origin, in order.
    areas_km2
        Watched area at each origin; ground watched at both counts.
    share
        Share of the area.

    Returns
    -------
    float
        Mean :func:`jaccard`; NaN for fewer than two maps.

    Examples
    --------
    >>> same = np.array([3.0, 1.0])
    >>> rank_stability([same, same], [np.ones(2)] * 2, share=0.5)
    1.0
    """
    found = [
        jaccard(one, other, np.minimum(here, there), share=share)
        for one, other, here, there in zip(
            maps, maps[1:], areas_km2, areas_km2[1:], strict=False
        )
    ]
    return float(np.mean(found)) if found else float("nan")


def move_points(
    points: gpd.GeoDataFrame, *, east_km: float, north_km: float
) -> gpd.GeoDataFrame:
    """Move points, which to a grid that stays is as if the grid had moved back.

    Parameters
    ----------
    points
        Event table (EPSG:4326).
    east_km, north_km
        How far.

    Returns
    -------
    geopandas.GeoDataFrame
        The same rows, elsewhere.
    """
    x, y = points.geometry.x.to_numpy(), points.geometry.y.to_numpy()
    east, north = _degrees(y, east_km, north_km)
    return points.set_geometry(gpd.points_from_xy(x + east, y + north, crs=points.crs))


def moved_agreement(
    cells: pd.DataFrame,
    plain: Floats,
    moved: Floats,
    *,
    east_km: float,
    north_km: float,
    share: float = TOP_SHARE,
) -> float:
    """Measure how far a map agrees with one that was made on a moved grid.

    Parameters
    ----------
    cells
        Cell table with ``x``, ``y`` (degrees) and ``area_km2``.
    plain
        Expected events on the cells, of shape (n_cells,).
    moved
        Expected events on the same cells from points moved by :func:`move_points`.
    east_km, north_km
        How far these were moved.
    share
        Share of the area.

    Returns
    -------
    float
        :func:`jaccard` of the map and the moved one read at the moved centres of its
        cells; cells of which the moved centre leaves the grid do not count.
    """
    x, y = cells["x"].to_numpy(), cells["y"].to_numpy()
    east, north = _degrees(y, east_km, north_km)
    where = h3_cells.points_to_cells(
        x + east, y + north, h3_cells.resolution_of(cells.index)
    )
    place = cells.index.get_indexer(where)
    area = cells["area_km2"].to_numpy(dtype=np.float64)
    density = np.where(place >= 0, (moved / area)[place], 0.0)
    inside = np.where(place >= 0, area, 0.0)
    return jaccard(plain, density * area, inside, share=share)


def _degrees(y: Floats, east_km: float, north_km: float) -> tuple[Floats, Floats]:
    """Turn kilometres into degrees at some latitudes."""
    north = np.full(len(y), north_km / KM_PER_DEGREE)
    return east_km / (KM_PER_DEGREE * np.cos(np.radians(y))), north
