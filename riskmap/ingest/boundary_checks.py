"""Boundary checks: is a record where its own row says it is, seen from the line."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.crs import metric_crs_for, side_probability, to_storage

KM_M = 1_000.0

KM_PER_DEGREE = 112.0
"""More than any degree of latitude or of the equator is long; WGS 84."""

LEAST_M_PER_DEGREE = 85_000.0
"""Less than any degree is long within the region; a degree of longitude at 40° N."""

SURE_SD = 5.0
"""Farther from the line than so many times the accuracy, the side is sure."""

# far enough round the north to hold every place the line's US side can be
BEYOND_DEG = 30.0

RIVER_WORDS = r"(?i)\br[ií]o (?:bravo|grande)\b(?!,? (?:valley|city|sector))"
"""Names of the border river in both countries."""


def _line(boundary: gpd.GeoDataFrame) -> shapely.LineString:
    """Join the reaches, in order, to one line."""
    parts = [shapely.get_coordinates(part) for part in to_storage(boundary).geometry]
    return shapely.LineString(np.concatenate(parts))


def _north_of(line: shapely.LineString, x: pd.Series, y: pd.Series) -> pd.Series:
    """Tell which points lie on the line's northern side, the United States."""
    corners = shapely.get_coordinates(line)
    first, last = corners[0], corners[-1]
    top = float(corners[:, 1].max()) + BEYOND_DEG
    outward = np.sign(last[0] - first[0]) * BEYOND_DEG
    around = [
        (last[0] + outward, last[1]),
        (last[0] + outward, top),
        (first[0] - outward, top),
        (first[0] - outward, first[1]),
    ]
    ring = shapely.Polygon(np.concatenate([corners, around]))
    inside = shapely.contains_xy(ring, x.to_numpy(), y.to_numpy())
    return pd.Series(inside, index=x.index)


def side_of_line(x: pd.Series, y: pd.Series, boundary: gpd.GeoDataFrame) -> pd.Series:
    """Tell on which country's side of the boundary points lie.

    Parameters
    ----------
    x, y
        Longitude and latitude, degrees, none missing.
    boundary
        Reaches in order, from the mouth of the Rio Grande to the Pacific.

    Returns
    -------
    pandas.Series of str
        ``"US"`` or ``"MX"``.

    Examples
    --------
    >>> line = shapely.LineString([(-110, 31.333), (-111, 31.333)])
    >>> boundary = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326")
    >>> side_of_line(pd.Series([-110.5]), pd.Series([31.4]), boundary).tolist()
    ['US']
    """
    north = _north_of(_line(boundary), x, y)
    return north.map({True: "US", False: "MX"}).astype("str")


def surely_within(
    x: pd.Series, y: pd.Series, boundary: gpd.GeoDataFrame, far_km: float
) -> pd.Series:
    """Tell which points surely lie within a distance of the boundary.

    A point as near as that to one corner of the line is as near to the line; this
    is much quicker than to measure how near.

    Parameters
    ----------
    x, y
        Longitude and latitude, degrees, none missing.
    boundary
        Reaches in order.
    far_km
        The distance.

    Returns
    -------
    pandas.Series of bool
        False where it has to be measured.

    Examples
    --------
    >>> line = shapely.LineString([(-110, 31.333), (-111, 31.333)])
    >>> boundary = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326")
    >>> x, y = pd.Series([-110.5, -90.0]), pd.Series([31.4, 45.0])
    >>> surely_within(x, y, boundary, 2_000).tolist()
    [True, False]
    """
    corners = shapely.get_coordinates(_line(boundary))
    middle_x, middle_y = corners[len(corners) // 2]
    up = (y - middle_y) * KM_PER_DEGREE
    # a parallel is nowhere longer than where it is nearest to the equator
    least = np.minimum(np.abs(y), abs(middle_y))
    across = (x - middle_x) * KM_PER_DEGREE * np.cos(np.deg2rad(least))
    return np.hypot(up, across) < far_km


def distance_to_line_km(
    x: pd.Series, y: pd.Series, boundary: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Measure how far points lie from the boundary, and on which side.

    Parameters
    ----------
    x, y
        Longitude and latitude, degrees, none missing.
    boundary
        Reaches in order, from the mouth of the Rio Grande to the Pacific.

    Returns
    -------
    pandas.DataFrame
        ``km`` (right to 0.3 % within the corridor) and ``side``, ``"US"`` or
        ``"MX"``.

    Examples
    --------
    >>> line = shapely.LineString([(-110, 31.333), (-111, 31.333)])
    >>> boundary = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326")
    >>> x, y = pd.Series([-110.5, -110.5]), pd.Series([31.423, 31.243])
    >>> distance_to_line_km(x, y, boundary).round(1).values.tolist()
    [[10.0, 'US'], [10.0, 'MX']]
    """
    line = _line(boundary)
    metric_crs = metric_crs_for(boundary)
    # long segments bend in the projection: cut them where the bend is a few metres
    dense = gpd.GeoSeries([shapely.segmentize(line, 0.05)], crs=boundary.crs)
    metric_line = to_storage(dense).to_crs(metric_crs).iloc[0]
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), index=x.index, crs="EPSG:4326")
    metric = points.to_crs(metric_crs)
    pieces = shapely.linestrings(
        np.stack(
            [
                shapely.get_coordinates(metric_line)[:-1],
                shapely.get_coordinates(metric_line)[1:],
            ],
            axis=1,
        )
    )
    tree = shapely.STRtree(pieces)
    (_, _), metres = tree.query_nearest(
        metric.to_numpy(), return_distance=True, all_matches=False
    )
    side = side_of_line(x, y, boundary)
    return pd.DataFrame({"km": metres / KM_M, "side": side}, index=x.index)


def us_probability(place: pd.DataFrame, boundary: gpd.GeoDataFrame) -> pd.Series:
    """Tell how probable it is that records lie on the side of the United States.

    The accuracy of a record is taken for the standard deviation across the line, so
    that 30 m north of it with an accuracy of 100 m is 0.62. The line's own accuracy
    is left out.

    Parameters
    ----------
    place
        ``x``, ``y`` (degrees) and ``accuracy_m``; NaN stays so.
    boundary
        Reaches in order, from the mouth of the Rio Grande to the Pacific.

    Returns
    -------
    pandas.Series of float
        0 to 1.

    Examples
    --------
    >>> line = shapely.LineString([(-110, 31.333), (-111, 31.333)])
    >>> boundary = gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326")
    >>> place = pd.DataFrame({"x": [-110.5], "y": [31.33327], "accuracy_m": [100.0]})
    >>> us_probability(place, boundary).round(2).tolist()
    [0.62]
    """
    found = pd.Series(np.nan, index=place.index)
    known = place.dropna(subset=["x", "y", "accuracy_m"])
    if known.empty:
        return found
    line = _line(boundary)
    north = _north_of(line, known["x"], known["y"])
    found.loc[known.index] = north.astype("float64")
    shapely.prepare(line)
    points = shapely.points(known["x"].to_numpy(), known["y"].to_numpy())
    reach = SURE_SD * known["accuracy_m"].to_numpy() / LEAST_M_PER_DEGREE
    near = known[shapely.dwithin(line, points, reach)]
    if not near.empty:
        away_m = distance_to_line_km(near["x"], near["y"], boundary)["km"] * KM_M
        signed_m = away_m.where(north[near.index], -away_m)
        found.loc[near.index] = side_probability(signed_m, near["accuracy_m"])
    return found
