"""Corridor: all cells that touch the land within some distance of the line."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from riskmap import cells
from riskmap.boundary.line import M_PER_KM, Floats, kilometres_along, trace
from riskmap.boundary.options import CorridorOptions
from riskmap.boundary.reading import boundary_line
from riskmap.boundary.sides import (
    BOTH,
    MX,
    RAY_STEP_M,
    US,
    Sides,
    shares_north,
    sides_at,
    sides_of,
)
from riskmap.crs import STORAGE_CRS
from riskmap.schema import Column

# a cell counts as touching if it comes this near to the corridor's edge
TOUCH_M = 10.0

# the metric CRS is off by at most 0.4 % along the whole border
METRIC_SLACK = 1.01

# the corner of a cell is at most this many times sqrt(area) from its centre; a
# regular hexagon's is 0.62 times, and H3's are stretched by up to a fifth
CORNER_PER_SQRT_AREA = 0.75

# area of the largest cell of resolution 0 near the border, km²; a seventh a step
LARGEST_CELL_KM2 = 5.2e6

# the candidates' outline may stray from the line by this share of the width
SIMPLIFY_SHARE = 0.02

# chords of arcs and of degrees cut off less than this share of the width
OUTLINE_SLACK = 1.03

CELL_COLUMNS: tuple[Column, ...] = (
    Column(
        name="side",
        dtype="str",
        values=(US, MX, BOTH),
        meaning="The side of the line that the cell is on; both if the line cuts it.",
    ),
    Column(
        name="share_us",
        dtype="float64",
        lowest=0,
        highest=1,
        meaning="Share of the cell's area north of the line.",
    ),
    Column(
        name="share_mx",
        dtype="float64",
        lowest=0,
        highest=1,
        meaning="Share of the cell's area south of the line.",
    ),
    Column(
        name="km",
        dtype="float64",
        unit="km",
        lowest=0,
        meaning="Kilometre of the line nearest to the cell's centre.",
    ),
    Column(
        name="distance_km",
        dtype="float64",
        unit="km",
        lowest=0,
        meaning="Distance on the ellipsoid from the cell's centre to the line.",
    ),
    Column(
        name="area_km2",
        dtype="float64",
        unit="km²",
        lowest=0,
        meaning="Real area of the cell.",
    ),
    Column(
        name="x",
        dtype="float64",
        unit="°",
        lowest=-180,
        highest=180,
        meaning="Longitude of the cell's centre.",
    ),
    Column(
        name="y",
        dtype="float64",
        unit="°",
        lowest=-90,
        highest=90,
        meaning="Latitude of the cell's centre.",
    ),
)


def corridor_cells(
    boundary: gpd.GeoDataFrame,
    options: CorridorOptions,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Fill the corridor along a boundary with cells.

    The corridor is all points at most ``half_width_km`` from the line, on the
    ellipsoid. Every cell that touches it is there, in river bends too, and cells that
    come within 10 m of its edge may be. The line counts as the geodesics between its
    vertices.

    Parameters
    ----------
    boundary
        As :func:`riskmap.boundary.read_boundary` returns it.
    options
        Width and resolution.
    progress
        Told how many parts of the work are done, of how many.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 8)
        On a cell index, :data:`CELL_COLUMNS`; nothing missing. A cell's shares of
        both sides add up to 1; beyond the ends of the line, at sea, the sides are
        parted by its prolongation due east and west.

    Raises
    ------
    BoundaryNotLineError
        If the boundary is no line with two sides.

    Examples
    --------
    >>> line = shapely.LineString([(-110.8, 31.333), (-111.0, 31.333)])
    >>> boundary = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326")
    >>> options = CorridorOptions(half_width_km=5, resolution=6)
    >>> corridor_cells(boundary, options)["side"].value_counts().sort_index().to_dict()
    {'MX': 4, 'US': 3, 'both': 7}
    """
    told = progress or _tell_nobody
    line = boundary_line(boundary)
    sides = sides_of(line)
    told(1, 4)
    index = _candidates(line, sides, options)
    table = cells.cell_centres(index)
    told(2, 4)
    table["km"], table["distance_km"] = kilometres_along(line, table["x"], table["y"])
    table = table[_touching(table, line, options)]
    told(3, 4)
    table["share_us"] = _shares_us(table, sides, options.resolution)
    table["share_mx"] = 1 - table["share_us"]
    side = np.where(table["share_us"] == 0, MX, BOTH)
    side = np.where(table["share_us"] == 1, US, side)
    table["side"] = pd.Series(side, index=table.index, dtype="str")
    table["area_km2"] = cells.cell_areas_km2(table.index)
    told(4, 4)
    return table[[column.name for column in CELL_COLUMNS]]


def _tell_nobody(done: int, total: int) -> None:
    """Stand in for a progress bar."""


def _corner_m(resolution: int) -> float:
    """Bound how far a cell's corner is from its centre, metres."""
    area_km2 = LARGEST_CELL_KM2 / 7**resolution
    return CORNER_PER_SQRT_AREA * float(np.sqrt(area_km2)) * M_PER_KM


def _candidates(
    line: shapely.LineString, sides: Sides, options: CorridorOptions
) -> pd.Index:
    """Fill somewhat more than the corridor with cells."""
    traced = trace(line)
    metric = shapely.LineString(np.column_stack(sides.project(traced.lon, traced.lat)))
    half_m = METRIC_SLACK * options.half_width_km * M_PER_KM
    stray_m = SIMPLIFY_SHARE * half_m
    radius_m = (half_m + stray_m + _corner_m(options.resolution)) * OUTLINE_SLACK
    grown = shapely.buffer(shapely.simplify(metric, stray_m), radius_m, quad_segs=4)
    # long edges are bent by the way back to degrees, unless they have vertices
    outline = gpd.GeoSeries([shapely.segmentize(grown, 5000)], crs=sides.metric_crs)
    polygon = outline.to_crs(STORAGE_CRS).iloc[0]
    return cells.cells_touching(polygon, options.resolution)


def _touching(
    table: pd.DataFrame, line: shapely.LineString, options: CorridorOptions
) -> npt.NDArray[np.bool_]:
    """Mark the cells that touch the corridor.

    A cell whose centre lies outside is asked along its edge. Points are so close that
    a disc of the corridor's radius reaches at most 10 m in between two of them.
    """
    half_m = options.half_width_km * M_PER_KM
    corner_m = _corner_m(options.resolution)
    metres = table["distance_km"].to_numpy() * M_PER_KM
    touching = metres <= half_m
    rim = np.flatnonzero(~touching & (metres <= half_m + corner_m))
    hexagons = cells.cell_polygons(table.index[rim])
    step_m = float(np.sqrt(8 * half_m * TOUCH_M))
    # an edge is about as long as a corner is far
    points, rows = _along_edges(hexagons, int(np.ceil(corner_m / step_m)))
    _, edge_km = kilometres_along(line, points[:, 0], points[:, 1])
    near = edge_km * M_PER_KM <= half_m + TOUCH_M
    touching[rim[np.unique(rows[near])]] = True
    return np.asarray(touching)


def _along_edges(
    hexagons: gpd.GeoSeries, pieces: int
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Place points along the edges of polygons, and say whose they are."""
    corners, rows = shapely.get_coordinates(np.asarray(hexagons), return_index=True)
    same = np.flatnonzero(rows[:-1] == rows[1:])
    shares = np.arange(pieces) / pieces
    start, end = corners[same, None, :], corners[same + 1, None, :]
    points = start + shares[None, :, None] * (end - start)
    return points.reshape(-1, 2), np.repeat(rows[same], pieces)


def _shares_us(table: pd.DataFrame, sides: Sides, resolution: int) -> Floats:
    """Measure the share of each cell on the US side: 0 or 1 where the line is far."""
    shares = (sides_at(sides, table["x"], table["y"]) == US).astype(np.float64)
    centres = np.column_stack(sides.project(table["x"], table["y"]))
    farthest_m = METRIC_SLACK * _corner_m(resolution) + RAY_STEP_M
    tree = cKDTree(shapely.get_coordinates(sides.line))
    metres, _ = tree.query(centres, distance_upper_bound=farthest_m)
    near = np.flatnonzero(np.isfinite(metres))
    shares[near] = shares_north(sides, cells.cell_polygons(table.index[near]))
    return np.asarray(shares, dtype=np.float64)
