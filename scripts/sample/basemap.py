"""Basemap: land, states, rivers and towns to draw under the cells, offline."""

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from sample.files import read_json, write_geojson
from sample.jurisdictions import read_units
from sample.line import Line
from sample.sides import sides
from sample.topology import arcs_of, shape_of, shared_borders

BOX = shapely.box(-122.0, 22.0, -94.0, 38.0)
LAND_DEG, STATE_DEG, RIVER_DEG = 0.004, 0.006, 0.006  # how far a line may be moved
DECIMALS = 4  # of a degree: 11 m
US, MX = "840", "484"  # ISO 3166-1, as Natural Earth numbers countries

# Natural Earth draws the border rivers up to 3 km off; the boundary stands for them
OWN_RIVER_DEG = 0.06
LEAST_RIVER_DEG = 0.05
LARGE_TOWN = 75_000
MISPLACED = ("Mazatlán",)  # a village of Sonora under the name of the port

Row = tuple[dict[str, Any], shapely.Geometry]


def _lines(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the lines of a clipped shape."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "LineString"]
    return shapely.line_merge(shapely.MultiLineString([p for p in parts if p]))


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of a clipped shape."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def land(atlas: Path, line: Line) -> list[Row]:
    """Cut the land of both countries along the true boundary."""
    topology = read_json(atlas / "world-atlas" / "countries-10m.json")
    arcs = arcs_of(topology)
    both = [
        shape_of(geometry, arcs)
        for geometry in topology["objects"]["countries"]["geometries"]
        if geometry.get("id") in (US, MX)
    ]
    # a hair of overlap heals where the two outlines do not quite meet
    whole = shapely.intersection(shapely.union_all(both), BOX)
    whole = shapely.simplify(whole, LAND_DEG)
    rows = []
    for side, half in sides(line, LAND_DEG / 2).items():
        cut = _areas(shapely.intersection(shapely.make_valid(whole), half))
        rows.append(({"kind": "land", "name": side}, cut))
    return rows


def states(atlas: Path, shared: Path) -> list[Row]:
    """Draw the borders between states, not their coasts nor the boundary."""
    topology = read_json(atlas / "us-atlas" / "states-10m.json")
    inner = shared_borders(
        topology["objects"]["states"]["geometries"], arcs_of(topology)
    )
    clipped = shapely.intersection(shapely.simplify(inner, STATE_DEG), BOX)
    return [
        ({"kind": "us_state", "name": ""}, _lines(clipped)),
        ({"kind": "mx_state", "name": ""}, _mx_state_borders(shared)),
    ]


def _mx_state_borders(shared: Path) -> shapely.Geometry:
    """Find the borders between the six states, as far as their municipios go."""
    units = read_units(shared)
    units = units[units["side"] == "MX"]
    outlines = {
        state: shapely.simplify(shapely.union_all(own.geometry), STATE_DEG / 2)
        for state, own in units.groupby(units["code"].str[:2])
    }
    lines = []
    codes = sorted(outlines)
    for at, first in enumerate(codes):
        for second in codes[at + 1 :]:
            near = shapely.buffer(outlines[second], 2 * STATE_DEG)
            edge = shapely.intersection(outlines[first].boundary, near)
            lines.extend(shapely.get_parts(_lines(edge)))
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    return _lines(shapely.simplify(merged, STATE_DEG))


def rivers(shared: Path, line: Line) -> list[Row]:
    """Take Natural Earth's rivers away from the border, where they are good enough."""
    cut = shapely.simplify(shapely.LineString(line.xy), OWN_RIVER_DEG / 10)
    own = shapely.buffer(cut, OWN_RIVER_DEG)
    by_name: dict[str, list[shapely.Geometry]] = {}
    path = shared / "landmarks" / "rivers_naturalearth10m.geojson"
    for feature in read_json(path)["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        shape = shapely.intersection(shapely.simplify(shape, RIVER_DEG), BOX)
        name = feature["properties"]["name"] or ""
        by_name.setdefault(name, []).append(shapely.difference(shape, own))
    rows: list[Row] = []
    for name, shapes in sorted(by_name.items()):
        whole = _lines(shapely.union_all(shapes))
        long = [p for p in shapely.get_parts(whole) if p.length > LEAST_RIVER_DEG]
        if long:
            rows.append(
                ({"kind": "river", "name": name}, shapely.MultiLineString(long))
            )
    return rows


def towns(shared: Path) -> list[Row]:
    """List the larger towns, largest first, with their people as Natural Earth has."""
    path = shared / "landmarks" / "populated_places_naturalearth10m.geojson"
    rows: list[Row] = []
    for feature in read_json(path)["features"]:
        p = feature["properties"]
        if p["POP_MAX"] < LARGE_TOWN or p["NAME"] in MISPLACED:
            continue
        point = shapely.Point(np.round([p["LONGITUDE"], p["LATITUDE"]], DECIMALS))
        people = {"people": int(p["POP_MAX"])}
        rows.append(({"kind": "town", "name": p["NAME"], **people}, point))
    return sorted(rows, key=lambda row: (-row[0]["people"], row[0]["name"]))


def write_basemap(shared: Path, atlas: Path, line: Line, out: Path) -> None:
    """Write one compressed file, in the order it is drawn."""
    rows = land(atlas, line) + states(atlas, shared) + rivers(shared, line)
    path = out / "boundary" / "basemap.geojson.gz"
    write_geojson(rows + towns(shared), path, decimals=DECIMALS)
