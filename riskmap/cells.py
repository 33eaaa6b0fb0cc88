"""Cells: the H3 grid as tables, and the only file that imports it.

A cell index is a :class:`pandas.Index` of unsigned 64-bit integers named ``cell``,
sorted, unique and of one resolution. In files and on screens a cell is its
hexadecimal text, since JavaScript and CSV readers round numbers above 2^53.
"""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import h3.api.numpy_int as h3
import h3ronpy
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely
from h3ronpy import vector

from riskmap.crs import STORAGE_CRS
from riskmap.errors import CellIndexError

NAME = "cell"

Cells = npt.NDArray[np.uint64]


def _arrow(values: Any) -> pa.Array:
    """Wrap cell numbers for h3ronpy."""
    return pa.array(np.asarray(values, dtype=np.uint64))


def _uint64(array: Any) -> Cells:
    """Unwrap cell numbers from h3ronpy."""
    return np.asarray(pa.array(array).to_numpy(zero_copy_only=False), dtype=np.uint64)


def cell_index(values: Iterable[int] | npt.NDArray[Any] | pd.Index) -> pd.Index:
    """Make a cell index, refusing what only looks like one.

    Parameters
    ----------
    values
        Cell numbers as integers, in any order, repeats allowed.

    Returns
    -------
    pandas.Index of shape (n_cells,)
        uint64, named ``cell``, sorted, unique.

    Raises
    ------
    CellIndexError
        If the values are not integers (a float cannot hold a cell), are not valid
        cells, or are of several resolutions.

    Examples
    --------
    >>> cell_index([0x88754E6491FFFFF, 0x88754E6499FFFFF]).tolist()
    [614553222205407231, 614553222213795839]
    """
    array = np.asarray(values if hasattr(values, "dtype") else list(values))
    if array.size == 0:
        return pd.Index(np.array([], dtype=np.uint64), name=NAME)
    if array.dtype.kind not in "ui":
        msg = (
            f"Cells must be integers, got {array.dtype}. A float cannot hold an H3 "
            "cell exactly: look for a `concat` or `where` that mixed integer types."
        )
        raise CellIndexError(msg, reason="dtype", got=str(array.dtype))
    array = np.unique(array.astype(np.uint64))
    flags = h3ronpy.cells_valid(_arrow(array), booleanarray=True)
    valid = pa.array(flags).to_numpy(zero_copy_only=False)
    if not valid.all():
        wrong = int(array[~valid][0])
        msg = f"Cells must be valid H3 cells, got {wrong:#x}."
        raise CellIndexError(msg, reason="invalid", got=f"{wrong:x}")
    resolutions = np.unique((array >> np.uint64(52)) & np.uint64(15))
    if resolutions.size > 1:
        msg = f"Cells must be of one resolution, got {resolutions.tolist()}."
        raise CellIndexError(msg, reason="mixed", got=str(resolutions.tolist()))
    return pd.Index(array, name=NAME)


def cell_hex(index: pd.Index | Cells) -> npt.NDArray[np.str_]:
    """Write cells as hexadecimal text, as every export does.

    Parameters
    ----------
    index
        Cells, of shape (n_cells,).

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Fifteen lower-case characters each.

    Examples
    --------
    >>> cell_hex(cell_index([614553222213795839])).tolist()
    ['88754e6499fffff']
    """
    return np.array([f"{cell:x}" for cell in np.asarray(index).tolist()], dtype="U15")


def parse_cells(texts: Iterable[str]) -> Cells:
    """Read cells from hexadecimal text.

    Parameters
    ----------
    texts
        Texts as :func:`cell_hex` writes them.

    Returns
    -------
    numpy.ndarray of shape (n_texts,)
        uint64, in the order given.

    Raises
    ------
    CellIndexError
        If a text is no cell.

    Examples
    --------
    >>> parse_cells(["88754e6499fffff"]).tolist()
    [614553222213795839]
    """
    found = []
    for text in texts:
        if not h3.is_valid_cell(_number(text)):
            msg = f"Not an H3 cell: {text!r}. A cell is 15 hexadecimal characters."
            raise CellIndexError(msg, reason="text", got=str(text)[:40])
        found.append(_number(text))
    return np.array(found, dtype=np.uint64)


def _number(text: str) -> int:
    """Read one hexadecimal text; 0, which is no cell, if it is none."""
    try:
        number = int(str(text), 16)
    except ValueError:
        return 0
    return number if 0 < number < 1 << 63 else 0


def resolution_of(index: pd.Index | Cells) -> int:
    """Tell the resolution of a cell index.

    Parameters
    ----------
    index
        Cells of one resolution, at least one.

    Returns
    -------
    int
        H3 resolution, 0 to 15.

    Examples
    --------
    >>> resolution_of(cell_index([614553222213795839]))
    8
    """
    return int(np.asarray(index, dtype=np.uint64)[0] >> np.uint64(52)) & 15


def points_to_cells(
    x: npt.ArrayLike, y: npt.ArrayLike, resolution: int
) -> npt.NDArray[np.uint64]:
    """Find the cell of each point.

    Parameters
    ----------
    x, y
        Longitude and latitude in degrees (EPSG:4326), of shape (n_points,).
    resolution
        H3 resolution.

    Returns
    -------
    numpy.ndarray of shape (n_points,)
        uint64; 0, which is no cell, where a coordinate is missing.

    Examples
    --------
    >>> f"{points_to_cells([-110.94], [31.33], 7)[0]:x}"
    '8748ec7b4ffffff'
    """
    xs = np.ascontiguousarray(x, dtype=np.float64)
    ys = np.ascontiguousarray(y, dtype=np.float64)
    known = np.isfinite(xs) & np.isfinite(ys)
    found = np.zeros(xs.shape, dtype=np.uint64)
    if known.any():
        found[known] = _uint64(
            vector.coordinates_to_cells(ys[known], xs[known], resolution)
        )
    return found


def cells_touching(geometry: Any, resolution: int) -> pd.Index:
    """Fill a polygon with cells, none that touches it left out.

    Filling by centres loses cells that only touch the edge.

    Parameters
    ----------
    geometry
        Polygon or multipolygon in degrees (EPSG:4326).
    resolution
        H3 resolution.

    Returns
    -------
    pandas.Index of shape (n_cells,)
        A cell index.

    Examples
    --------
    >>> import shapely
    >>> len(cells_touching(shapely.box(-110.95, 31.3, -110.9, 31.35), 7))
    10
    """
    found = vector.geometry_to_cells(
        geometry, resolution, h3ronpy.ContainmentMode.Covers
    )
    return cell_index(_uint64(found))


def cell_polygons(index: pd.Index | Cells) -> gpd.GeoSeries:
    """Draw cells as hexagons.

    Parameters
    ----------
    index
        Cells, of shape (n_cells,).

    Returns
    -------
    geopandas.GeoSeries of shape (n_cells,)
        Polygons in EPSG:4326, counter-clockwise, on the same index.

    Examples
    --------
    >>> cell_polygons(cell_index([614553222213795839])).iloc[0].geom_type
    'Polygon'
    """
    wkb = pa.array(vector.cells_to_wkb_polygons(_arrow(index)))
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    return gpd.GeoSeries(shapes, index=pd.Index(index, name=NAME), crs=STORAGE_CRS)


def cell_centres(index: pd.Index | Cells) -> pd.DataFrame:
    """Find the centres of cells.

    Parameters
    ----------
    index
        Cells, of shape (n_cells,).

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 2)
        ``x`` and ``y``: longitude and latitude in degrees (EPSG:4326).

    Examples
    --------
    >>> cell_centres(cell_index([614553222213795839])).shape
    (1, 2)
    """
    batch = pa.record_batch(vector.cells_to_coordinates(_arrow(index)))
    return pd.DataFrame(
        {
            "x": batch.column("lng").to_numpy(zero_copy_only=False),
            "y": batch.column("lat").to_numpy(zero_copy_only=False),
        },
        index=pd.Index(index, name=NAME),
    )


def cell_areas_km2(index: pd.Index | Cells) -> pd.Series:
    """Measure the real area of each cell, on the sphere that H3 is drawn on.

    Cells of one resolution differ: at resolution 7 they measure 5.86 to 6.13 km²
    along this border, where the world's mean is 5.16.

    Parameters
    ----------
    index
        Cells, of shape (n_cells,).

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Square kilometres, named ``area_km2``.

    Examples
    --------
    >>> cell_areas_km2(cell_index([614553222213795839])).round(3).tolist()
    [0.549]
    """
    areas = pa.array(h3ronpy.cells_area_km2(_arrow(index)))
    return pd.Series(
        areas.to_numpy(zero_copy_only=False),
        index=pd.Index(index, name=NAME),
        name="area_km2",
    )


def parents(index: pd.Index | Cells, resolution: int) -> npt.NDArray[np.uint64]:
    """Find the ancestor of each cell at a coarser resolution.

    Parameters
    ----------
    index
        Cells, of shape (n_cells,).
    resolution
        Coarser H3 resolution, or the same.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        uint64, in the order given.

    Examples
    --------
    >>> f"{parents(cell_index([614553222213795839]), 6)[0]:x}"
    '86754e64fffffff'
    """
    return _uint64(h3ronpy.change_resolution(_arrow(index), resolution))


def neighbour_lists(
    index: pd.Index, rings: int = 1
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """List each cell's neighbours, itself included, as one flat array.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,).
    rings
        How many rings of neighbours, 0 or more.

    Returns
    -------
    tuple of numpy.ndarray
        Positions in ``index``, one cell's after the other, and how many each cell
        has, of shape (n_cells,). Neighbours outside the index are left out.

    Examples
    --------
    >>> index = cell_index([614553222213795839])
    >>> [part.tolist() for part in neighbour_lists(index, 1)]
    [[0], [1]]
    """
    lists = pa.array(h3ronpy.grid_disk(_arrow(index), rings))
    lengths = np.asarray(lists.value_lengths(), dtype=np.int64)
    places = index.get_indexer(np.asarray(lists.flatten(), dtype=np.uint64))
    inside = places >= 0
    starts = np.cumsum(lengths) - lengths
    counts = np.add.reduceat(inside, starts, dtype=np.int64) if len(index) else lengths
    return places[inside], counts


def outline(index: pd.Index | Cells) -> shapely.MultiPolygon:
    """Dissolve cells into their outline, holes kept.

    Parameters
    ----------
    index
        Cells of one resolution.

    Returns
    -------
    shapely.MultiPolygon
        In EPSG:4326, outer rings counter-clockwise; empty for no cells.

    Examples
    --------
    >>> outline(cell_index([614553222213795839])).geom_type
    'MultiPolygon'
    """
    if len(index) == 0:
        return shapely.MultiPolygon()
    wkb = pa.array(vector.cells_to_wkb_polygons(_arrow(index), link_cells=True))
    parts = shapely.get_parts(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)))
    # h3 starts rings anywhere, another place at each call
    whole = shapely.normalize(shapely.MultiPolygon(list(parts)))
    return shapely.orient_polygons(whole, exterior_cw=False)
