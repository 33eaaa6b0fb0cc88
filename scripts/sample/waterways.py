"""Waterways and regions: rivers from the boundary, canals and areas coarse."""

from pathlib import Path
from typing import Any

import shapely

from sample.files import read_json, write_geojson
from sample.landmarks import BASES, shared_alike
from sample.line import Line

RIVER_DEG = 0.0003  # 30 m: how far a river may be moved to make the file small
RIVER_ACCURACY_M = 80  # as the shared table grades the mid-channel of 1970

# kilometres are those of the landmarks: Falcon and Amistad dams, the mouth of the
# Conchos, monument 1; then the reach of the Colorado
RIVERS = (
    (
        "Rio Grande, mouth to Falcon Dam (lower Rio Grande)",
        "Río Bravo, desembocadura a Presa Falcón",
        (0.0, 453.2),
    ),
    (
        "Rio Grande, Falcon Dam to Amistad Dam",
        "Río Bravo, Presa Falcón a Presa La Amistad",
        (453.2, 937.9),
    ),
    (
        "Rio Grande, Amistad Dam to Rio Conchos",
        "Río Bravo, Presa La Amistad a Río Conchos",
        (937.9, 1575.3),
    ),
    (
        "Rio Grande, Rio Conchos to El Paso",
        "Río Bravo, Río Conchos a El Paso",
        (1575.3, 2059.5),
    ),
    (
        "Colorado River limitrophe reach",
        "Río Colorado, tramo limítrofe",
        (2917.6, 2955.1),
    ),
)
RIVER_SOURCE = "US FCC layer US_Mex_Boundary (IBWC line), the river part itself"

# Imperial Dam, Laguna Dam, along the Colorado to Pilot Knob, through the dunes to
# where the shared western half begins; drawn from memory, from no map that is ODbL
CANAL = (
    (-114.465, 32.880),
    (-114.485, 32.845),
    (-114.497, 32.825),
    (-114.530, 32.790),
    (-114.570, 32.765),
    (-114.630, 32.775),
    (-114.680, 32.755),
    (-114.717, 32.735),
    (-114.750, 32.728),
    (-114.850, 32.722),
    (-114.950, 32.714),
    (-115.050, 32.707),
    (-115.126, 32.705),
)
CANAL_ACCURACY_M = 5_000  # at most 4.9 km, in the middle 0.7 km off OpenStreetMap's
CANAL_AREA_DEG = 0.025  # 2.5 km either side

CANAL_AREA = "All-American Canal (Imperial Dam - Calexico)"

Row = tuple[dict[str, Any], Any]


def _features(shared: Path, name: str) -> list[dict[str, Any]]:
    """Read the features of a file in the folder of landmarks."""
    features: list[dict[str, Any]] = read_json(shared / "landmarks" / name)["features"]
    return features


def rivers(line: Line) -> list[Row]:
    """Cut the rivers out of the boundary."""
    rows = []
    for name_en, name_es, (from_km, to_km) in RIVERS:
        shape = shapely.LineString(line.between(from_km, to_km))
        properties = {
            "name_en": name_en,
            "name_es": name_es,
            "kind": "river",
            "accuracy_m": RIVER_ACCURACY_M,
            "source": RIVER_SOURCE,
            "basis": "derived",
        }
        rows.append((properties, shapely.simplify(shape, RIVER_DEG)))
    return rows


def canals(shared: Path) -> list[Row]:
    """Take the canals that are free, and draw the east of the All-American anew."""
    east = {
        "name_en": "All-American Canal, east (Imperial Dam to 115.13 W)",
        "name_es": "Canal Todo Americano, este (Presa Imperial a 115.13° O)",
        "kind": "canal",
        "accuracy_m": CANAL_ACCURACY_M,
        "source": "drawn coarsely between Imperial Dam, Laguna Dam and Pilot Knob, "
        "general knowledge, unverified",
        "basis": "unverified",
    }
    rows: list[Row] = [(east, shapely.LineString(CANAL))]
    for feature in _features(shared, "waterways.geojson"):
        given = feature["properties"]
        if shared_alike(given["source"]) or "FCC/IBWC" in given["source"]:
            continue
        kept = {
            "name_en": given["name"],
            "name_es": given["name_es"],
            "kind": "canal",
            "accuracy_m": given["accuracy_m"],
            "source": given["source"],
            "basis": BASES[given["basis"]],
        }
        rows.append((kept, shapely.geometry.shape(feature["geometry"])))
    return rows


def write_waterways(shared: Path, line: Line, out: Path) -> None:
    """Write rivers, then canals."""
    rows = rivers(line) + canals(shared)
    write_geojson(rows, out / "landmarks" / "waterways.geojson")


def write_regions(shared: Path, out: Path) -> None:
    """Write named areas; stretches of the line are in the tables by kilometre."""
    rows = []
    for feature in _features(shared, "regions.geojson"):
        given = feature["properties"]
        shape = shapely.geometry.shape(feature["geometry"])
        if shape.geom_type == "LineString":
            continue
        basis, source = BASES[given["basis"]], given["source"]
        if shared_alike(source):
            basis = "unverified"
            source = "2.5 km either side (our choice) of the canal as drawn coarsely"
            shape = _canal_area(shared)
        kept = {
            "name_en": given["name"],
            "name_es": given["name_es"],
            "kind": given["kind"],
            "accuracy_m": max(
                given["accuracy_m"],
                CANAL_ACCURACY_M if given["name"] == CANAL_AREA else 0,
            ),
            "source": source,
            "basis": basis,
        }
        rows.append((kept, shapely.simplify(shape, RIVER_DEG * 2)))
    write_geojson(rows, out / "landmarks" / "regions.geojson", decimals=4)


def _canal_area(shared: Path) -> shapely.Geometry:
    """Draw the strip about both halves of the All-American Canal."""
    halves = [
        shape
        for kept, shape in canals(shared)
        if kept["name_en"].startswith("All-American Canal")
    ]
    return shapely.buffer(shapely.union_all(halves), CANAL_AREA_DEG, quad_segs=4)
