"""Sides: which side of the line a point is on, and the share of a cell on each.

At sea the line is prolonged straight on, due east and due west of its ends. The
maritime boundaries of 1970 and 1978 run within some 6 km of that over the first
60 km and are not modelled.
"""

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from riskmap.boundary.line import Floats, trace
from riskmap.boundary.reading import boundary_line
from riskmap.crs import GEOD, STORAGE_CRS, metric_crs_for
from riskmap.errors import BoundaryNotLineError

US, MX, BOTH = "US", "MX", "both"

# farther than the widest corridor (300 km) and the largest cell (30 km) together
MARGIN_M = 400_000.0

RAY_STEP_M = 200.0

EAST_DEG, WEST_DEG = 90.0, 270.0

# turns tried until a prolongation does not meet the line again
TURNS_DEG = (0, 15, -15, 30, -30, 45, -45, 60, -60, 90, -90, 120, -120, 150, -150, 180)

# a polygon with more vertices than this is quartered before it is intersected
MOST_VERTICES = 256

# below this a share is rounding, six square centimetres of a resolution-7 cell
LEAST_SHARE = 1e-10


@dataclass(frozen=True, kw_only=True, eq=False)
class Sides:
    """The two sides of a line, in an equal-area CRS.

    Parameters
    ----------
    metric_crs
        The CRS, metres.
    line
        The line, prolonged at both ends.
    north
        The side to the right when walking from kilometre 0: the United States.
    """

    metric_crs: pyproj.CRS
    line: shapely.LineString
    north: shapely.Polygon

    def project(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Bring degrees to metres.

        Parameters
        ----------
        x, y
            Longitude and latitude in degrees, of shape (n_points,).

        Returns
        -------
        tuple of numpy.ndarray
            Metres in :attr:`metric_crs`.

        Examples
        --------
        >>> line = shapely.LineString([(-110, 31), (-111, 31)])
        >>> sides = sides_of(line)
        >>> [round(float(part[0])) for part in sides.project([-110.5], [31.0])]
        [0, 0]
        """
        transformer = _transformer(self.metric_crs.to_wkt())
        return transformer.transform(np.asarray(x), np.asarray(y))


@lru_cache(maxsize=4)
def _transformer(wkt: str) -> pyproj.Transformer:
    """Keep the last few ways from degrees to metres."""
    return pyproj.Transformer.from_crs(STORAGE_CRS, wkt, always_xy=True)


def sides_of(line: shapely.LineString) -> Sides:
    """Part the land about a line into its two sides; the same line is parted once.

    Parameters
    ----------
    line
        In EPSG:4326, kilometre 0 first.

    Returns
    -------
    Sides
        Reaching 400 km beyond the line on all sides.

    Raises
    ------
    BoundaryNotLineError
        If the line is so knotted that it has no two sides.

    Examples
    --------
    >>> sides_of(shapely.LineString([(-110, 31), (-111, 31)])).north.is_valid
    True
    """
    return _sides(shapely.to_wkb(line))


@lru_cache(maxsize=4)
def _sides(wkb: bytes) -> Sides:
    """Part the land about a line, keeping the last few."""
    line = shapely.from_wkb(wkb)
    traced = trace(line)
    crs = metric_crs_for(gpd.GeoSeries([line], crs=STORAGE_CRS))
    project = _transformer(crs.to_wkt()).transform
    metric = shapely.LineString(np.column_stack(project(traced.lon, traced.lat)))
    frame = shapely.box(*metric.bounds).buffer(MARGIN_M, join_style="mitre")
    reach_m = float(np.hypot(*np.ptp(shapely.get_coordinates(frame), axis=0)))
    eastward = bool(traced.lon[0] < traced.lon[-1])
    steps = np.arange(RAY_STEP_M, reach_m, RAY_STEP_M)
    whole = metric
    for last in (0, -1):
        away_deg = WEST_DEG if eastward == (last == 0) else EAST_DEG
        rays = []
        for turn in TURNS_DEG:
            lon, lat, _ = GEOD.fwd(
                np.full(steps.size, traced.lon[last]),
                np.full(steps.size, traced.lat[last]),
                np.full(steps.size, away_deg + turn),
                steps,
            )
            rays.append(np.column_stack(project(lon, lat)))
        whole = _prolong(whole, last, rays)
    north = _north_of(metric, whole, frame, eastward=eastward)
    shapely.prepare(north)
    return Sides(metric_crs=crs, line=whole, north=north)


def _prolong(
    line: shapely.LineString, last: int, rays: list[Floats]
) -> shapely.LineString:
    """Add the first ray that does not meet the line again, at one of its ends."""
    points = shapely.get_coordinates(line)
    end = shapely.Point(points[last])
    for ray in rays:
        meeting = shapely.LineString(np.vstack([points[last], ray])).intersection(line)
        if meeting.equals(end):
            parts = [ray[::-1], points] if last == 0 else [points, ray]
            return shapely.LineString(np.vstack(parts))
    msg = "A boundary must have two sides, got a line that winds about its own end."
    raise BoundaryNotLineError(msg, found="knot")


def _north_of(
    line: shapely.LineString,
    whole: shapely.LineString,
    frame: shapely.Polygon,
    *,
    eastward: bool,
) -> shapely.Polygon:
    """Cut a frame along the prolonged line and take the northern part.

    Loops of a metre, where rounded vertices make the line cross itself, stay south.
    """
    parts = shapely.get_parts(
        shapely.polygonize([shapely.union_all([whole, frame.exterior])])
    )
    points = shapely.get_coordinates(line)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    longest = int(np.argmax(lengths))
    middle = points[longest] + steps[longest] / 2
    ahead = steps[longest] / lengths[longest]
    right = np.array([ahead[1], -ahead[0]])
    beside = shapely.Point(middle + (-right if eastward else right))
    return next(part for part in parts if part.contains(beside))


def side_of(
    boundary: gpd.GeoDataFrame, x: npt.ArrayLike, y: npt.ArrayLike
) -> npt.NDArray[np.str_]:
    """Tell on which side of the boundary points are.

    The boundary is as good as its survey, some metres: a point that near, or one
    whose own accuracy is worse than its distance, has no certain side.

    Parameters
    ----------
    boundary
        As :func:`riskmap.boundary.read_boundary` returns it.
    x, y
        Longitude and latitude in degrees, of shape (n_points,).

    Returns
    -------
    numpy.ndarray of shape (n_points,)
        ``"US"`` north of the line, ``"MX"`` south of it and on it, ``""`` where a
        coordinate is missing.

    Examples
    --------
    >>> line = shapely.LineString([(-110.8, 31.333), (-111.0, 31.333)])
    >>> boundary = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326")
    >>> side_of(boundary, [-110.9, -110.9], [31.34, 31.32]).tolist()
    ['US', 'MX']
    """
    return sides_at(sides_of(boundary_line(boundary)), x, y)


def sides_at(sides: Sides, x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """Tell on which side points are, of a line already parted.

    Parameters
    ----------
    sides
        As :func:`sides_of` returns them.
    x, y
        Longitude and latitude in degrees, of shape (n_points,).

    Returns
    -------
    numpy.ndarray of shape (n_points,)
        As :func:`side_of` returns it.

    Examples
    --------
    >>> sides = sides_of(shapely.LineString([(-110.8, 31.333), (-111.0, 31.333)]))
    >>> sides_at(sides, [-110.9], [31.34]).tolist()
    ['US']
    """
    lon = np.atleast_1d(np.asarray(x, dtype=np.float64))
    lat = np.atleast_1d(np.asarray(y, dtype=np.float64))
    known = np.isfinite(lon) & np.isfinite(lat)
    found = np.full(lon.shape, "", dtype="U2")
    inside = shapely.contains_xy(sides.north, *sides.project(lon[known], lat[known]))
    found[known] = np.where(inside, US, MX)
    return found


def shares_north(sides: Sides, polygons: gpd.GeoSeries) -> Floats:
    """Measure the share of each polygon's area that lies north of the line.

    Parameters
    ----------
    sides
        As :func:`sides_of` returns them.
    polygons
        Small polygons near the line, EPSG:4326.

    Returns
    -------
    numpy.ndarray of shape (n_polygons,)
        0 to 1, measured in an equal-area CRS.

    Examples
    --------
    >>> sides = sides_of(shapely.LineString([(-110.8, 31.333), (-111.0, 31.333)]))
    >>> box = shapely.box(-110.91, 31.323, -110.9, 31.343)
    >>> shares_north(sides, gpd.GeoSeries([box], crs="EPSG:4326")).round(3).tolist()
    [0.498]
    """
    if len(polygons) == 0:
        return np.zeros(0)
    shapes = np.asarray(polygons.to_crs(sides.metric_crs))
    around = shapely.box(*shapely.total_bounds(shapes))
    pieces = _quartered(sides.north.intersection(around))
    rows, columns = shapely.STRtree(pieces).query(shapes, predicate="intersects")
    areas = shapely.area(shapely.intersection(shapes[rows], pieces[columns]))
    north = np.bincount(rows, weights=areas, minlength=shapes.size)
    shares = np.clip(north / shapely.area(shapes), 0.0, 1.0)
    shares[shares < LEAST_SHARE] = 0.0
    shares[shares > 1 - LEAST_SHARE] = 1.0
    return np.asarray(shares, dtype=np.float64)


def _quartered(polygon: shapely.Geometry) -> npt.NDArray[np.object_]:
    """Cut a polygon in halves until its parts have few vertices."""
    done = []
    queue = list(shapely.get_parts(polygon))
    while queue:
        part = queue.pop()
        if part.geom_type != "Polygon":
            continue
        if shapely.get_num_coordinates(part) <= MOST_VERTICES:
            done.append(part)
            continue
        west, south, east, north = part.bounds
        x, y = (west + east) / 2, (south + north) / 2
        if east - west > north - south:
            halves = [(west, south, x, north), (x, south, east, north)]
        else:
            halves = [(west, south, east, y), (west, y, east, north)]
        for half in halves:
            queue.extend(shapely.get_parts(part.intersection(shapely.box(*half))))
    return np.array(done, dtype=object)
