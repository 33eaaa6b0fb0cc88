"""Kilometres along the line: nearest point, kilometre and distance on the ellipsoid.

The long straight segments of the boundary run between monuments, up to 11.9 km.
They are taken as geodesics, the straight lines of a surveyor. The straight line in
longitude and latitude strays from it by at most 1.7 m.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from riskmap.crs import GEOD, geocentric

Floats = npt.NDArray[np.float64]

M_PER_KM = 1000.0

# the chord of a 100 m piece lies 0.2 mm below the ellipsoid
STEP_M = 100.0

# points asked at once, so that memory does not grow with their number
CHUNK = 200_000

# candidate vertices at first; four times as many for the points that need more
FIRST_CANDIDATES = 2

# vertices a leaf; with split halfway and loose boxes the search takes a fifth of the
# time it takes with scipy's defaults, since the vertices lie on a curve
LEAF_SIZE = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class TracedLine:
    """A line cut into short geodesic pieces, ready to be asked.

    Parameters
    ----------
    lon, lat
        Vertices in degrees, at most :data:`STEP_M` apart, of shape (n_vertices,).
    along_m
        Metres along the line to each vertex.
    xyz
        Vertices in geocentric metres, of shape (n_vertices, 3). The nearest chord is
        the nearest geodesic to within millimetres at 300 km.
    tree
        The same vertices, searchable.
    """

    lon: Floats
    lat: Floats
    along_m: Floats
    xyz: Floats
    tree: cKDTree


def densify(lon: Floats, lat: Floats, step_m: float) -> tuple[Floats, Floats]:
    """Put vertices on the geodesics between vertices.

    Parameters
    ----------
    lon, lat
        Vertices in degrees, of shape (n_vertices,).
    step_m
        Longest piece to leave, metres.

    Returns
    -------
    tuple of numpy.ndarray
        Longitude and latitude, the old vertices among the new.

    Examples
    --------
    >>> lon, lat = densify(np.array([-110.8, -111.0]), np.array([31.3, 31.3]), 5000)
    >>> lat.round(5).tolist()
    [31.3, 31.30003, 31.30004, 31.30003, 31.3]
    """
    azimuth, _, metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    pieces = np.maximum(np.ceil(metres / step_m), 1).astype(np.int64)
    # each piece starts at a share 0, 1/n, 2/n ... of its segment
    segment = np.repeat(np.arange(pieces.size), pieces)
    order = np.arange(segment.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = order / pieces[segment]
    new_lon, new_lat, _ = GEOD.fwd(
        lon[segment], lat[segment], azimuth[segment], metres[segment] * share
    )
    old = order == 0
    new_lon, new_lat = np.asarray(new_lon), np.asarray(new_lat)
    new_lon[old], new_lat[old] = lon[segment[old]], lat[segment[old]]
    return np.append(new_lon, lon[-1]), np.append(new_lat, lat[-1])


def trace(line: shapely.LineString) -> TracedLine:
    """Cut a line into short pieces; the same line is cut once.

    Parameters
    ----------
    line
        In EPSG:4326.

    Returns
    -------
    TracedLine
        Ready to be asked.

    Examples
    --------
    >>> trace(shapely.LineString([(-110.8, 31.3), (-111, 31.3)])).lon.size
    192
    """
    return _trace(shapely.to_wkb(line))


@lru_cache(maxsize=4)
def _trace(wkb: bytes) -> TracedLine:
    """Cut a line into short pieces, keeping the last few."""
    points = shapely.get_coordinates(shapely.from_wkb(wkb))
    lon, lat = densify(points[:, 0], points[:, 1], STEP_M)
    metres = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    xyz = geocentric(lon, lat)
    return TracedLine(
        lon=lon,
        lat=lat,
        along_m=np.concatenate([[0.0], np.cumsum(metres)]),
        xyz=xyz,
        tree=cKDTree(xyz, leafsize=LEAF_SIZE, balanced_tree=False, compact_nodes=False),
    )


def kilometres_along(
    line: shapely.LineString, x: npt.ArrayLike, y: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Find the kilometre of the line nearest to each point, and how far it is.

    Measured on the ellipsoid, as the crow flies. Where two stretches are equally
    near, either may be named: they are equally far.

    Parameters
    ----------
    line
        In EPSG:4326, kilometre 0 first.
    x, y
        Longitude and latitude in degrees, of shape (n_points,).

    Returns
    -------
    tuple of numpy.ndarray
        Kilometre along the line, and kilometres to it, each of shape (n_points,);
        NaN where a coordinate is missing.

    Examples
    --------
    >>> line = shapely.LineString([(-110.8, 31.3), (-111, 31.3)])
    >>> km, distance_km = kilometres_along(line, [-110.9], [31.4])
    >>> km.round(2).tolist(), distance_km.round(2).tolist()
    ([9.52], [11.08])
    """
    traced = trace(line)
    lon = np.atleast_1d(np.asarray(x, dtype=np.float64))
    lat = np.atleast_1d(np.asarray(y, dtype=np.float64))
    km, distance_km = np.full(lon.shape, np.nan), np.full(lon.shape, np.nan)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    for first in range(0, known.size, CHUNK):
        rows = known[first : first + CHUNK]
        piece, share = _nearest(traced, geocentric(lon[rows], lat[rows]))
        start, end = traced.along_m[piece], traced.along_m[piece + 1]
        km[rows] = (start + share * (end - start)) / M_PER_KM
        near_lon = (1 - share) * traced.lon[piece] + share * traced.lon[piece + 1]
        near_lat = (1 - share) * traced.lat[piece] + share * traced.lat[piece + 1]
        metres = GEOD.inv(lon[rows], lat[rows], near_lon, near_lat)[2]
        distance_km[rows] = metres / M_PER_KM
    return km, distance_km


def point_at(line: shapely.LineString, km: npt.ArrayLike) -> Floats:
    """Find the point of the line at each kilometre.

    Parameters
    ----------
    line
        In EPSG:4326, kilometre 0 first.
    km
        Kilometres along the line, of shape (n_points,); beyond an end, the end.

    Returns
    -------
    numpy.ndarray of shape (n_points, 2)
        Longitude and latitude in degrees; NaN where the kilometre is missing.

    Examples
    --------
    >>> line = shapely.LineString([(-110.8, 31.3), (-111, 31.3)])
    >>> point_at(line, [0, 9.52]).round(3).tolist()
    [[-110.8, 31.3], [-110.9, 31.3]]
    """
    traced = trace(line)
    metres = np.atleast_1d(np.asarray(km, dtype=np.float64)) * M_PER_KM
    return np.column_stack(
        [
            np.interp(metres, traced.along_m, traced.lon),
            np.interp(metres, traced.along_m, traced.lat),
        ]
    )


def _nearest(traced: TracedLine, points: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """Find the nearest piece of the line, and the share of it passed at the foot."""
    piece = np.zeros(len(points), dtype=np.intp)
    share = np.zeros(len(points))
    left = np.arange(len(points))
    candidates = min(FIRST_CANDIDATES, len(traced.xyz))
    while left.size:
        metres, vertices = traced.tree.query(points[left], k=candidates)
        metres = metres.reshape(left.size, candidates)
        vertices = vertices.reshape(left.size, candidates)
        best, piece[left], share[left] = _best_piece(traced, points[left], vertices)
        # a nearer piece would have a vertex within this reach: seen if it exists
        reach = np.hypot(best, STEP_M / 2)
        if candidates == len(traced.xyz):
            break
        left = left[metres[:, -1] <= reach]
        candidates = min(candidates * 4, len(traced.xyz))
    return piece, share


def _best_piece(
    traced: TracedLine, points: Floats, vertices: npt.NDArray[np.intp]
) -> tuple[Floats, npt.NDArray[np.intp], Floats]:
    """Choose among the pieces before and after some vertices; ties to the first."""
    best = np.full(len(points), np.inf)
    piece = np.zeros(len(points), dtype=np.intp)
    share = np.zeros(len(points))
    last = len(traced.xyz) - 2
    for column in vertices.T:
        for side in (-1, 0):
            here = np.clip(column + side, 0, last)
            start = traced.xyz[here]
            along = traced.xyz[here + 1] - start
            away = points - start
            squared = np.einsum("ij,ij->i", along, along)
            passed = np.einsum("ij,ij->i", away, along) / np.maximum(squared, 1e-12)
            passed = np.clip(passed, 0.0, 1.0)
            rest = away - passed[:, None] * along
            metres = np.sqrt(np.einsum("ij,ij->i", rest, rest))
            nearer = (metres < best) | ((metres == best) & (here < piece))
            best[nearer], piece[nearer] = metres[nearer], here[nearer]
            share[nearer] = passed[nearer]
    return best, piece, share
