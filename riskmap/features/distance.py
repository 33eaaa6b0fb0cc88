"""Distance layers: kilometres from a cell's centre to what stands or flows nearby."""

from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from riskmap.crs import geocentric, to_storage
from riskmap.features.layer import Floats, Inputs, on_cells

M_PER_KM = 1000.0

# lines are cut into pieces of at most about 220 m, then measured exactly along them
PIECE_DEG = 0.002

# vertices in a leaf of the tree: fastest for long lines, half of SciPy's time
LEAF = 64

# the width of a resolution-7 cell: a course known worse says nothing of a cell
MOST_ACCURACY_M = 2_500.0

# mean radius of WGS 84, which turns a chord into an arc to 1 part in 10^5 (IUGG)
EARTH_RADIUS_M = 6_371_009.0


def to_nearest_point_m(centres: Floats, targets: Floats) -> Floats:
    """Measure how far each centre is from the nearest of some points.

    A straight line over the ground: rivers, cliffs and fences in between do not
    count. The nearest is found in space, so no map projection bends the result.

    Parameters
    ----------
    centres
        Points in space, of shape (n_cells, 3), metres.
    targets
        Points in space, of shape (n_points, 3), metres.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Metres on the ellipsoid; NaN everywhere if there are no targets.

    Examples
    --------
    >>> towns = geocentric([-110.0, -111.0], [31.0, 31.0])
    >>> to_nearest_point_m(geocentric([-110.1], [31.0]), towns).round().tolist()
    [9550.0]
    """
    if len(targets) == 0:
        return np.full(len(centres), np.nan)
    chord, _ = cKDTree(targets).query(centres)
    return _along_the_ground_m(chord)


def to_nearest_line_m(centres: Floats, lines: npt.ArrayLike) -> Floats:
    """Measure how far each centre is from the nearest of some lines.

    Parameters
    ----------
    centres
        Points in space, of shape (n_cells, 3), metres.
    lines
        Lines or multilines in degrees (EPSG:4326), of shape (n_lines,).

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Metres on the ellipsoid; NaN everywhere if there are no lines.

    Examples
    --------
    >>> river = [shapely.LineString([(-111, 31), (-109, 31)])]
    >>> to_nearest_line_m(geocentric([-110.0003], [31.1]), river).round().tolist()
    [11087.0]
    """
    points, owner = _vertices(lines)
    if len(points) == 0:
        return np.full(len(centres), np.nan)
    chord, nearest = cKDTree(points, leafsize=LEAF).query(centres)
    # the nearest point lies on one of the two pieces that meet in the nearest vertex
    for step in (-1, 1):
        beside = np.clip(nearest + step, 0, len(points) - 1)
        beside = np.where(owner[beside] == owner[nearest], beside, nearest)
        along = _to_piece_m(centres, points[nearest], points[beside])
        np.minimum(chord, along, out=chord)
    return _along_the_ground_m(chord)


def _vertices(lines: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Cut lines into short pieces: their ends in space, and whose they are."""
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    parts = parts[~shapely.is_empty(parts)]
    long = shapely.length(parts) > PIECE_DEG
    parts[long] = shapely.segmentize(parts[long], PIECE_DEG)
    degrees, owner = shapely.get_coordinates(parts, return_index=True)
    return geocentric(degrees[:, 0], degrees[:, 1]), owner


def _to_piece_m(centres: Floats, starts: Floats, ends: Floats) -> Floats:
    """Measure from each centre to its own straight piece, through the Earth."""
    along = ends - starts
    length_squared = np.einsum("ij,ij->i", along, along)
    done = np.einsum("ij,ij->i", centres - starts, along)
    # a piece of no length is its start
    share = np.divide(done, length_squared, out=done, where=length_squared > 0)
    foot = starts + np.clip(share, 0, 1)[:, None] * along
    return np.asarray(np.linalg.norm(centres - foot, axis=1))


def _along_the_ground_m(chord: Floats) -> Floats:
    """Turn straight lines through the Earth into lengths along its surface."""
    half = np.minimum(chord / (2 * EARTH_RADIUS_M), 1.0)
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(half))


def distance_to_landmarks(
    inputs: Inputs, *, name: str, kinds: tuple[str, ...], own_side: bool = False
) -> pd.Series:
    """Measure how far each cell's centre is from the nearest landmark of some kinds.

    Landmarks marked unverified do not count: nobody has checked that they are there.

    Parameters
    ----------
    inputs
        Cells and landmarks.
    name
        Name of the layer.
    kinds
        Kinds of landmark that count.
    own_side
        True if only landmarks of the cell's own country count; cells that lie in
        both take the nearer.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Kilometres; NaN where there is no such landmark.
    """
    landmarks = to_storage(inputs.landmarks, name="landmarks")
    counts = landmarks["kind"].isin(kinds) & (landmarks["basis"] != "unverified")
    landmarks = landmarks[counts & ~landmarks.geometry.is_empty]
    targets = geocentric(landmarks.geometry.x, landmarks.geometry.y)
    if not own_side:
        metres = to_nearest_point_m(inputs.centres_xyz_m, targets)
        return on_cells(metres / M_PER_KM, inputs, name)
    metres = np.full(len(inputs.cells), np.nan)
    for side in ("US", "MX"):
        here = inputs.cells["side"].isin([side, "both"]).to_numpy()
        there = landmarks["side"].isin([side, "both"]).to_numpy()
        found = to_nearest_point_m(inputs.centres_xyz_m[here], targets[there])
        metres[here] = np.fmin(metres[here], found)
    return on_cells(metres / M_PER_KM, inputs, name)


def distance_to_waterways(
    inputs: Inputs, *, name: str, kinds: tuple[str, ...]
) -> pd.Series:
    """Measure how far each cell's centre is from the nearest waterway of some kinds.

    Courses known only to 5 km, as some canals', do not count: such a line says less
    than none. Courses that nobody has checked count if they are thought to be good
    to 2.5 km, since a canal drawn a kilometre off is nearer the truth than no canal.

    Parameters
    ----------
    inputs
        Cells and waterways.
    name
        Name of the layer.
    kinds
        Kinds of waterway that count.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Kilometres; NaN where there is no such waterway.
    """
    waterways: gpd.GeoDataFrame = to_storage(inputs.waterways, name="waterways")
    known = waterways[waterways["accuracy_m"] <= MOST_ACCURACY_M]
    metres = np.full(len(inputs.cells), np.nan)
    for kind in kinds:
        lines = known.geometry[known["kind"] == kind].to_numpy()
        make = partial(to_nearest_line_m, inputs.centres_xyz_m, lines)
        metres = np.fmin(metres, inputs.once(f"waterway {kind}", make))
    return on_cells(metres / M_PER_KM, inputs, name)


def distance_to_line(inputs: Inputs) -> pd.Series:
    """Tell how far each cell's centre is from the boundary line.

    Parameters
    ----------
    inputs
        Cells.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Kilometres on the ellipsoid, as the cell table has them.
    """
    return on_cells(inputs.cells["distance_km"], inputs, "distance_to_line_km")
