"""The line as places need it: measured by its owner, handed in as functions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from riskmap.places.geodesy import M_PER_KM, Floats, distance_m

# points on a stretch: one every 100 m, but no more than these
STEP_KM = 0.1
MOST_POINTS = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """The boundary line, kilometre 0 at the mouth of the Rio Grande.

    Places never measure the line on their own: whoever owns it hands in how.

    Parameters
    ----------
    nearest
        From longitude and latitude to the nearest kilometre of the line and the
        kilometres to it.
    point_at
        From kilometres to longitude and latitude, of shape (n_points, 2).
    side_of
        From longitude and latitude to ``"US"`` or ``"MX"``.
    length_km
        The last kilometre.
    rivers
        First and last kilometre of each stretch that is a river. Both rivers flow
        towards kilometre 0: downstream is where kilometres fall.
    """

    nearest: Callable[[npt.ArrayLike, npt.ArrayLike], tuple[Floats, Floats]]
    point_at: Callable[[npt.ArrayLike], Floats]
    side_of: Callable[[npt.ArrayLike, npt.ArrayLike], npt.NDArray[np.str_]]
    length_km: float
    rivers: tuple[tuple[float, float], ...] = ()

    def is_river(self, km: float) -> bool:
        """Tell whether the line is a river there.

        Parameters
        ----------
        km
            Kilometre along the line.

        Returns
        -------
        bool
            True on the Rio Grande and the Colorado.
        """
        return any(low <= km <= high for low, high in self.rivers)

    def river_at(self, km: float) -> tuple[float, float] | None:
        """Find the stretch of river that holds a kilometre.

        Parameters
        ----------
        km
            Kilometre along the line.

        Returns
        -------
        tuple of float or None
            Its first and last kilometre; None on land.
        """
        held = (river for river in self.rivers if river[0] <= km <= river[1])
        return next(held, None)


def kilometre_of(line: Line, lon: float, lat: float) -> tuple[float, float]:
    """Find the kilometre of the line nearest to one point.

    Parameters
    ----------
    line
        The line.
    lon, lat
        Degrees (EPSG:4326).

    Returns
    -------
    tuple of float
        Kilometre along the line and kilometres to it.
    """
    km, away_km = line.nearest([lon], [lat])
    return float(km[0]), float(away_km[0])


def stretch(line: Line, from_km: float, to_km: float) -> shapely.LineString:
    """Draw a stretch of the line.

    Parameters
    ----------
    line
        The line.
    from_km, to_km
        Its ends, in either order; beyond an end of the line, the end.

    Returns
    -------
    shapely.LineString
        In EPSG:4326, a point every 100 m, or 400 in all.
    """
    count = int(np.clip(abs(to_km - from_km) / STEP_KM, 1, MOST_POINTS - 1)) + 1
    return shapely.LineString(line.point_at(np.linspace(from_km, to_km, count)))


def circle_about(line: Line, from_km: float, to_km: float) -> tuple[Floats, float]:
    """Find the middle of a stretch and how far its farthest point is from there.

    Parameters
    ----------
    line
        The line.
    from_km, to_km
        The ends of the stretch.

    Returns
    -------
    tuple
        Longitude and latitude of the middle, and metres to the farthest point.
    """
    middle = line.point_at([(from_km + to_km) / 2])[0]
    points = shapely.get_coordinates(stretch(line, from_km, to_km))
    far = distance_m(
        np.full(len(points), middle[0]),
        np.full(len(points), middle[1]),
        points[:, 0],
        points[:, 1],
    )
    # between two points of a long stretch the line may bulge by half a step
    step_m = abs(to_km - from_km) * M_PER_KM / max(len(points) - 1, 1)
    bulge_m = step_m / 2 if len(points) == MOST_POINTS else 0.0
    return middle, float(far.max()) + bulge_m
