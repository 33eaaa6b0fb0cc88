"""Line: the boundary with its kilometres, from the mouth to the Pacific."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from riskmap.crs import GEOD
from sample.files import DECIMALS, read_json

Numbers = npt.NDArray[np.float64]

STEP_KM = 0.02  # of the points that distances are measured to


def _on_sphere(x: npt.ArrayLike, y: npt.ArrayLike) -> Numbers:
    """Place longitudes and latitudes on the unit sphere."""
    lon, lat = np.radians(np.asarray(x, float)), np.radians(np.asarray(y, float))
    return np.column_stack(
        (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    )


@dataclass(frozen=True)
class Line:
    """Vertices of the boundary in order, with the kilometre of each.

    Parameters
    ----------
    xy
        Longitude and latitude in degrees (EPSG:4326), of shape (n_vertices, 2).
    km
        Geodesic kilometres from the mouth of the Rio Grande, of shape (n_vertices,).
    """

    xy: Numbers
    km: Numbers

    def between(self, from_km: float, to_km: float) -> Numbers:
        """Cut out a stretch, its ends interpolated."""
        inside = (self.km > from_km) & (self.km < to_km)
        ends = [self.at([from_km]), self.xy[inside], self.at([to_km])]
        return np.concatenate(ends)

    def at(self, km: npt.ArrayLike) -> Numbers:
        """Find the points at some kilometres."""
        wanted = np.asarray(km, float)
        return np.column_stack(
            [np.interp(wanted, self.km, self.xy[:, i]) for i in (0, 1)]
        )

    def locate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Numbers, Numbers]:
        """Find the nearest kilometre of points and how many km off they are."""
        steps = np.arange(0, self.km[-1] + STEP_KM, STEP_KM)
        near = self.at(steps)
        _, found = cKDTree(_on_sphere(near[:, 0], near[:, 1])).query(_on_sphere(x, y))
        _, _, metres = GEOD.inv(
            np.asarray(x, float), np.asarray(y, float), near[found, 0], near[found, 1]
        )
        return np.minimum(steps[found], self.km[-1]), np.asarray(metres) / 1000


def line_of(xy: npt.ArrayLike) -> Line:
    """Measure a line."""
    points = np.asarray(xy, dtype=np.float64)
    _, _, metres = GEOD.inv(
        points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]
    )
    return Line(points, np.concatenate(([0.0], np.cumsum(metres))) / 1000)


def read_line(shared: Path) -> tuple[Line, npt.NDArray[np.intp]]:
    """Read the boundary, rounded to 1 m; also where each original vertex went."""
    path = shared / "boundary" / "us_mexico_boundary_land.geojson"
    coordinates: Any = read_json(path)["features"][0]["geometry"]["coordinates"]
    points = np.round(np.asarray(coordinates, dtype=np.float64), DECIMALS)
    new = np.concatenate(([True], (np.diff(points, axis=0) != 0).any(axis=1)))
    return line_of(points[new]), np.cumsum(new) - 1
