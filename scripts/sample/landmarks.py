"""Landmarks: places, waterways and regions whose terms let them be bundled."""

from pathlib import Path
from typing import Any

import shapely

from sample.files import read_json, read_ragged, write_csv, write_geojson
from sample.line import Line

BASES = {
    "source-read": "read",
    "derived": "derived",
    "general knowledge (unverified)": "unverified",
}

SHARE_ALIKE = ("ODbL", "OSM", "OpenStreetMap", "OpenFlights")

COLUMNS = [
    "id",
    "kind",
    "name_en",
    "name_es",
    "lon",
    "lat",
    "accuracy_m",
    "side",
    "us_id",
    "mx_id",
    "km",
    "distance_km",
    "source",
    "basis",
    "verified_on",
]


def shared_alike(source: str) -> bool:
    """Tell whether a source binds what is made from it to its own licence."""
    return any(word in source for word in SHARE_ALIKE)


def write_landmarks(shared: Path, line: Line, out: Path) -> None:
    """Write the places, without those under share-alike terms."""
    table = read_ragged(shared / "landmarks" / "landmarks.csv", "source")
    table = table[~table["source"].map(shared_alike)].copy()
    km, off_km = line.locate(table["lon"].astype(float), table["lat"].astype(float))
    table["km"] = [f"{value:.1f}" for value in km]
    table["distance_km"] = [f"{value:.3f}" for value in off_km]
    table["basis"] = table["basis"].map(BASES)
    table["side"] = table["side"].replace("BOTH", "both")
    write_csv(table[COLUMNS], out / "landmarks" / "landmarks.csv")


def _basis(properties: dict[str, Any]) -> str:
    """Say how far a line or outline can be trusted, in our three words."""
    return BASES[properties["basis"]]


def write_waterways(shared: Path, out: Path) -> None:
    """Write rivers along the boundary itself and canals as coarse as they are."""
    rows = []
    for feature in read_json(shared / "landmarks" / "waterways.geojson")["features"]:
        properties = feature["properties"]
        if shared_alike(properties["source"]):
            continue
        kept = {
            "name_en": properties["name"],
            "name_es": properties["name_es"],
            "kind": "river"
            if "Rio Grande" in properties["name"] or "River" in properties["name"]
            else "canal",
            "accuracy_m": properties["accuracy_m"],
            "source": properties["source"],
            "basis": _basis(properties),
        }
        rows.append((kept, shapely.geometry.shape(feature["geometry"])))
    write_geojson(rows, out / "landmarks" / "waterways.geojson")


def write_regions(shared: Path, out: Path) -> None:
    """Write named areas, coarse outlines said to be coarse."""
    rows = []
    for feature in read_json(shared / "landmarks" / "regions.geojson")["features"]:
        properties = feature["properties"]
        if shared_alike(properties["source"]):
            continue
        kept = {
            "name_en": properties["name"],
            "name_es": properties["name_es"],
            "kind": properties["kind"],
            "accuracy_m": properties["accuracy_m"],
            "from_km": properties.get("from_km"),
            "to_km": properties.get("to_km"),
            "source": properties["source"],
            "basis": _basis(properties),
        }
        rows.append((kept, shapely.geometry.shape(feature["geometry"])))
    write_geojson(rows, out / "landmarks" / "regions.geojson", decimals=4)
