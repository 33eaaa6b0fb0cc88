"""Lines, zones and landmarks as plain lists for the browser: whole steps and text.

Names travel as data only; the browser sets them as text, never as markup.
"""

import math
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

# 1e-4 degrees are 11 m north to south, 9 m east to west: under a pixel at zoom 13
STEP_DEG = 1e-4
LINE_TOLERANCE_DEG = 2e-4
BASEMAP_TOLERANCE_DEG = 1e-3
DRAWN_KINDS = ("us_state", "mx_state", "river", "canal")
# people in a town of rank 1 and of rank 2
TOWN_RANKS = (1_000_000, 250_000)


def flat_steps(coordinates: npt.ArrayLike) -> list[int]:
    """Write a line as whole steps: its first point, then differences.

    Parameters
    ----------
    coordinates
        Degrees, of shape (n_points, 2), at least one point.

    Returns
    -------
    list of int
        x, y, then dx, dy of each further point, in ten-thousandths of a degree; points
        that fall together are dropped.

    Examples
    --------
    >>> flat_steps([(-110.9, 31.3), (-110.9, 31.3), (-110.8999, 31.3002)])
    [-1109000, 313000, 1, 2]
    """
    steps = np.rint(np.asarray(coordinates, dtype=float)[:, :2] / STEP_DEG)
    steps = steps.astype(np.int64)
    moves = np.diff(steps, axis=0)
    moves = moves[(moves != 0).any(axis=1)]
    return [int(step) for step in np.concatenate([steps[:1], moves]).ravel()]


def boundary_lines(boundary: gpd.GeoDataFrame) -> list[list[int]]:
    """Write the boundary line, within 20 m of where it is.

    Parameters
    ----------
    boundary
        Reaches as lines, EPSG:4326.

    Returns
    -------
    list of list of int
        One line each, as :func:`flat_steps` writes it.

    Examples
    --------
    >>> line = shapely.LineString([(-110.9, 31.3), (-110.8, 31.3)])
    >>> boundary_lines(gpd.GeoDataFrame(geometry=[line], crs="EPSG:4326"))
    [[-1109000, 313000, 1000, 0]]
    """
    parts = shapely.get_parts(boundary.geometry.to_numpy())
    return [
        flat_steps(part.coords) for part in shapely.simplify(parts, LINE_TOLERANCE_DEG)
    ]


def basemap_lines(basemap: gpd.GeoDataFrame | None) -> dict[str, list[list[int]]]:
    """Write what the project adds under the cells: state lines, rivers, canals.

    Parameters
    ----------
    basemap
        Lines or polygons in EPSG:4326 with ``kind``; None for nothing. Land and
        towns are in :func:`ground`.

    Returns
    -------
    dict
        Kind to lines. Kinds that the map does not draw are left out.

    Examples
    --------
    >>> basemap_lines(None)
    {}
    """
    if basemap is None or basemap.empty:
        return {}
    drawn: dict[str, list[list[int]]] = {}
    for kind in DRAWN_KINDS:
        shapes = basemap.geometry[basemap["kind"] == kind].to_numpy()
        if len(shapes) == 0:
            continue
        areal = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 an area
        lines = np.where(areal, shapely.boundary(shapes), shapes)
        simple = shapely.simplify(shapely.get_parts(lines), BASEMAP_TOLERANCE_DEG)
        drawn[kind] = [flat_steps(line.coords) for line in simple if not line.is_empty]
    return drawn


def ground(basemap: gpd.GeoDataFrame | None) -> dict[str, Any]:
    """Write the land that the project knows exactly, and the names of its towns.

    Parameters
    ----------
    basemap
        Polygons of kind ``land`` and points of kind ``town`` with ``name`` and
        ``people``, EPSG:4326; None for nothing.

    Returns
    -------
    dict
        ``box`` (west, south, east, north; None for no land), ``land`` (rings as
        :func:`flat_steps` writes them), ``towns`` (name, x, y, rank from 1 for a
        million people to 3), the largest first.

    Examples
    --------
    >>> ground(None)
    {'box': None, 'land': [], 'towns': []}
    """
    if basemap is None or basemap.empty:
        return {"box": None, "land": [], "towns": []}
    shapes = basemap.geometry[basemap["kind"] == "land"].to_numpy()
    parts = shapely.get_parts(shapely.simplify(shapes, BASEMAP_TOLERANCE_DEG))
    towns = basemap[basemap["kind"] == "town"]
    return {
        "box": [round(float(edge), 3) for edge in shapely.total_bounds(shapes)]
        if len(shapes)
        else None,
        "land": [[flat_steps(ring.coords) for ring in _rings(part)] for part in parts],
        "towns": _towns(towns) if len(towns) else [],
    }


def _towns(towns: gpd.GeoDataFrame) -> list[list[Any]]:
    """Write towns, the largest first."""
    ordered = towns.sort_values(["people", "name"], ascending=[False, True])
    ranks = 1 + sum((ordered["people"] < most).astype(int) for most in TOWN_RANKS)
    return [
        [_text(name), round(float(point.x), 3), round(float(point.y), 3), int(rank)]
        for name, point, rank in zip(
            ordered["name"], ordered.geometry, ranks, strict=True
        )
    ]


def landmark_rows(landmarks: gpd.GeoDataFrame) -> list[list[Any]]:
    """Write landmarks as rows, sorted by their id.

    Parameters
    ----------
    landmarks
        Points in EPSG:4326, index ``landmark_id``.

    Returns
    -------
    list of list
        ``kind, x, y, name_en, name_es, accuracy_m, verified, verified_on``; accuracy
        None if not known; verified is 0 for what no source was read for, and the day
        of that (ISO 8601) empty.

    Examples
    --------
    >>> table = gpd.GeoDataFrame(
    ...     {"kind": ["town"], "name_en": ["Naco"], "name_es": ["Naco"],
    ...      "accuracy_m": [500.0], "basis": ["unverified"],
    ...      "verified_on": [""]},
    ...     index=["t-1"], geometry=[shapely.Point(-109.948, 31.335)],
    ... )
    >>> landmark_rows(table)
    [['town', -109.948, 31.335, 'Naco', 'Naco', 500, 0, '']]
    """
    ordered = landmarks.sort_index()
    return [
        [
            str(kind),
            round(float(point.x), 5),
            round(float(point.y), 5),
            _text(name_en),
            _text(name_es),
            None if pd.isna(accuracy_m) else round(float(accuracy_m)),
            int(str(basis) != "unverified"),
            _text(verified_on),
        ]
        for kind, point, name_en, name_es, accuracy_m, basis, verified_on in zip(
            ordered["kind"],
            ordered.geometry,
            ordered["name_en"],
            ordered["name_es"],
            ordered["accuracy_m"],
            ordered["basis"],
            ordered["verified_on"],
            strict=True,
        )
    ]


def area_rows(areas: gpd.GeoDataFrame | None) -> list[dict[str, Any]]:
    """Write the counts of incidents that are known only to an area, with its outline.

    Parameters
    ----------
    areas
        As :class:`riskmap.webmap.MapTables` says; None for none.

    Returns
    -------
    list of dict
        One area each, by code: ``code``, ``name`` (the code if it has none),
        ``side``, ``box`` as west, south, east, north in degrees, ``rings`` as
        :func:`flat_steps` writes them, within 100 m; ``rows`` of its counts.

    Examples
    --------
    >>> area_rows(None)
    []
    """
    if areas is None or areas.empty:
        return []
    told = ["year", "month", "kind", "source", "accuracy", "events"]
    found = []
    for code, rows in areas.groupby("area", sort=True):
        shape = shapely.simplify(rows.geometry.iloc[0], BASEMAP_TOLERANCE_DEG)
        counts = pd.DataFrame(rows[told])
        found.append(
            {
                "code": str(code),
                "name": str(rows["area_label"].iloc[0]) or str(code),
                "side": str(rows["side"].iloc[0]),
                "box": [round(float(edge), 4) for edge in shape.bounds],
                "rings": [flat_steps(ring.coords) for ring in _rings(shape)],
                "rows": counts.to_dict("records"),
            }
        )
    return found


def zone_rows(zones: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Write zones with their outlines, by score and rank.

    Parameters
    ----------
    zones
        Polygons in EPSG:4326, index ``zone_id``, columns of the zone contract.

    Returns
    -------
    list of dict
        One zone each; ``rings`` as :func:`flat_steps` writes them, ``box`` as west,
        south, east, north in degrees.

    Examples
    --------
    >>> zone_rows(gpd.GeoDataFrame({"score": [], "rank": []}, geometry=[]))
    []
    """
    if zones.empty:
        return []
    ordered = zones.rename_axis("zone_id").reset_index()
    rank = "joint_rank" if "joint_rank" in ordered else "rank"
    ordered = ordered.sort_values(["score", rank, "zone_id"], kind="stable")
    return [_zone(row) for row in ordered.to_dict("records")]


def _zone(row: dict[str, Any]) -> dict[str, Any]:
    """Write one zone."""
    numbers = {
        name: _number(row.get(name))
        for name in (
            "rank",
            "area_km2",
            "cells",
            "expected_per_year",
            "expected_low_per_year",
            "expected_high_per_year",
            "share_of_score",
            "from_km",
            "to_km",
            "landmark_distance_km",
        )
    }
    return {
        "id": str(row["zone_id"]),
        "score": str(row["score"]),
        "side": str(row["side"]),
        "landmark_en": _text(row.get("landmark_en")),
        "landmark_es": _text(row.get("landmark_es")),
        **numbers,
        "box": [round(float(edge), 4) for edge in row["geometry"].bounds],
        "rings": [flat_steps(ring.coords) for ring in _rings(row["geometry"])],
    }


def _rings(geometry: Any) -> Iterable[Any]:
    """List the rings of a polygon or of several."""
    for part in shapely.get_parts(geometry):
        yield part.exterior
        yield from part.interiors


def _text(value: Any) -> str:
    """Write a name; nothing for a missing one."""
    return "" if pd.isna(value) else str(value)


def _number(value: Any) -> float | None:
    """Write a number to six significant digits; None for a missing one."""
    if value is None or pd.isna(value) or math.isinf(value):
        return None
    return float(f"{value:.6g}")
