"""Nearest: the landmarks around many points at once, by index, on the ellipsoid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from riskmap.crs import GEOD, geocentric
from riskmap.places.geodesy import TURN_DEG, Floats
from riskmap.places.landmark import Landmark

# straight lines through the Earth may swap two places that are equally far to a
# decimetre: this many more are measured on the ellipsoid
EXTRA = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """Landmarks of one sort, searchable; make it with :func:`group_of`.

    Parameters
    ----------
    landmarks
        The places, in the order of their ids.
    lon, lat
        Degrees, of shape (n_landmarks,).
    tree
        The same places in space; None if there are none.
    """

    landmarks: tuple[Landmark, ...]
    lon: Floats
    lat: Floats
    tree: cKDTree | None


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The nearest landmarks of each point, the nearest first.

    Parameters
    ----------
    rows
        Places in the group, of shape (n_points, n).
    metres
        How far, on the ellipsoid.
    bearing_deg
        From the landmark to the point, degrees clockwise from true north.
    """

    rows: npt.NDArray[np.intp]
    metres: Floats
    bearing_deg: Floats


def group_of(landmarks: Sequence[Landmark]) -> Group:
    """Make landmarks searchable.

    Parameters
    ----------
    landmarks
        Any number of places.

    Returns
    -------
    Group
        The same places, sorted by id.
    """
    chosen = tuple(sorted(landmarks, key=lambda place: place.landmark_id))
    lon = np.array([place.lon for place in chosen], dtype=np.float64)
    lat = np.array([place.lat for place in chosen], dtype=np.float64)
    tree = cKDTree(geocentric(lon, lat)) if chosen else None
    return Group(landmarks=chosen, lon=lon, lat=lat, tree=tree)


def nearest_in(group: Group, x: Floats, y: Floats, count: int = 1) -> Neighbours:
    """Find the nearest landmarks of a group for each point.

    Parameters
    ----------
    group
        Landmarks.
    x, y
        Longitude and latitude, degrees (EPSG:4326), of shape (n_points,).
    count
        How many, at most.

    Returns
    -------
    Neighbours
        Of shape (n_points, n), n the smaller of ``count`` and the group's size; of
        two that are equally far the one with the lower id first.
    """
    size = len(group.landmarks)
    kept = min(count, size)
    if group.tree is None or kept == 0:
        none = np.zeros((x.size, 0))
        return Neighbours(rows=none.astype(np.intp), metres=none, bearing_deg=none)
    tried = min(count + EXTRA, size)
    _, rows = group.tree.query(geocentric(x, y), k=tried)
    # in the order of ids, so that a stable sort settles ties
    rows = np.sort(np.asarray(rows).reshape(x.size, tried), axis=1)
    flat = rows.ravel()
    azimuth, _, metres = GEOD.inv(
        group.lon[flat],
        group.lat[flat],
        np.repeat(x, tried),
        np.repeat(y, tried),
    )
    metres = np.asarray(metres).reshape(rows.shape)
    azimuth = np.asarray(azimuth).reshape(rows.shape) % TURN_DEG
    order = np.argsort(metres, axis=1, kind="stable")[:, :kept]
    return Neighbours(
        rows=np.take_along_axis(rows, order, axis=1),
        metres=np.take_along_axis(metres, order, axis=1),
        bearing_deg=np.take_along_axis(azimuth, order, axis=1),
    )
