"""Access: the nearest road to many points at once, by index, on the ellipsoid."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from riskmap.crs import GEOD, STORAGE_CRS, metric_crs_for
from riskmap.places.geodesy import TURN_DEG, Floats
from riskmap.places.landmark import ROAD, Landmark


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadIndex:
    """Roads, searchable; make it with :func:`index_roads`.

    Parameters
    ----------
    covers
        Units of which all roads are on file, such as ``US-04``.
    roads
        For each of them the road of every line in its tree.
    trees
        For each of them the lines, in an equal-area CRS.
    to_metric
        From degrees to that CRS.
    """

    covers: tuple[str, ...]
    roads: dict[str, tuple[Landmark, ...]]
    trees: dict[str, shapely.STRtree]
    to_metric: pyproj.Transformer

    def nearest(
        self, x: Floats, y: Floats, cover: str
    ) -> tuple[list[Landmark], Floats, Floats]:
        """Find the nearest road of a unit for each point.

        Parameters
        ----------
        x, y
            Longitude and latitude, degrees (EPSG:4326), of shape (n_points,).
        cover
            One of ``covers``.

        Returns
        -------
        tuple
            Roads, metres to them, and bearings from the road to the point.
        """
        tree = self.trees[cover]
        points = shapely.points(*self.to_metric.transform(x, y))
        _, lines = tree.query_nearest(points, all_matches=False)
        shapes = tree.geometries[lines]
        feet = shapely.line_interpolate_point(
            shapes, shapely.line_locate_point(shapes, points)
        )
        lon, lat = self.to_metric.transform(
            shapely.get_x(feet), shapely.get_y(feet), direction="INVERSE"
        )
        azimuth, _, metres = GEOD.inv(lon, lat, x, y)
        bearings = np.asarray(azimuth, dtype=np.float64) % TURN_DEG
        found = [self.roads[cover][line] for line in lines.tolist()]
        return found, np.asarray(metres, dtype=np.float64), bearings


def index_roads(landmarks: Sequence[Landmark]) -> RoadIndex | None:
    """Make the roads among landmarks searchable.

    Parameters
    ----------
    landmarks
        Places of all kinds.

    Returns
    -------
    RoadIndex or None
        None if there is no road that covers a unit: far from a file of roads the
        nearest road on file says nothing.
    """
    roads = [
        place for place in landmarks if place.kind == ROAD and place.shape is not None
    ]
    covers = tuple(sorted({road.covers for road in roads} - {""}))
    if not covers:
        return None
    whole = gpd.GeoSeries([road.shape for road in roads], crs=STORAGE_CRS)
    metric = metric_crs_for(whole)
    shapes = np.asarray(whole.to_crs(metric))
    held: dict[str, tuple[Landmark, ...]] = {}
    trees: dict[str, shapely.STRtree] = {}
    for cover in covers:
        lines, owners = [], []
        for road, shape in zip(roads, shapes, strict=True):
            if road.covers == cover:
                parts = shapely.get_parts(shape)
                lines += list(parts)
                owners += [road] * len(parts)
        held[cover], trees[cover] = tuple(owners), shapely.STRtree(lines)
    return RoadIndex(
        covers=covers,
        roads=held,
        trees=trees,
        to_metric=pyproj.Transformer.from_crs(STORAGE_CRS, metric, always_xy=True),
    )
