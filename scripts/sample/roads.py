"""Roads: numbered highways of Arizona from the Census Bureau's TIGER/Line 2021."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from sample.files import write_geojson
from sample.line import Line

FILE = "az_primary_secondary_roads_tiger2021_south.gpkg"
SOURCE = "US Census Bureau, TIGER/Line 2021, primary and secondary roads of Arizona"

SIMPLIFY_DEG = 0.0003  # 30 m
ACCURACY_M = 60  # 30 m of TIGER's own and 30 m of ours
REACH_KM = 130.0  # a road that comes no nearer to the line is left out
CLIP_KM = 160.0
SHORTEST_DEG = 0.1  # some 10 km: a stub of a road that runs elsewhere

# roads whose marks count from the line, and in what: general knowledge, unverified;
# of the others it is not known here where marks begin
MARKS = {"AZ-286": "mi", "I-19": "km"}

# how TIGER writes the shield of a road, how each country says it
SHIELDS = (
    (re.compile(r"I- ?(\d+)"), "I-{}", "Interstate {}", "Interestatal {}"),
    (
        re.compile(r"(?:[NSEW] )?US Hwy (\d+)"),
        "US-{}",
        "US Highway {}",
        "Carretera federal {} de EE. UU.",
    ),
    (
        re.compile(r"(?:[NSEW] )?(?:State Rte|Ste Rt|State Hwy|Hwy) (\d+)"),
        "AZ-{}",
        "Arizona State Route {}",
        "Carretera estatal {} de Arizona",
    ),
)


def _shield(name: str) -> tuple[str, str, str] | None:
    """Read the number of a road: its code and both names."""
    for pattern, code, english, spanish in SHIELDS:
        found = pattern.fullmatch(name)
        if found:
            return tuple(text.format(found[1]) for text in (code, english, spanish))
    return None


def write_roads(shared: Path, line: Line, out: Path) -> None:
    """Write one feature a numbered road, near the line only."""
    table = gpd.read_file(shared / "landmarks" / FILE)
    read = table["FULLNAME"].fillna("").map(_shield)
    table = table[read.notna()].assign(shield=read[read.notna()])
    # the roads of the nations are called "State Hwy" too, and have no state route
    routes = set(table.loc[~table["FULLNAME"].str.contains("Hwy"), "shield"])
    rows = []
    for (code, english, spanish), parts in sorted(
        table.groupby("shield").groups.items()
    ):
        shape = shapely.line_merge(shapely.union_all(table.geometry[parts].to_numpy()))
        shape = _near(shapely.simplify(shape, SIMPLIFY_DEG), line)
        stated = (code, english, spanish) in routes or not code.startswith("AZ")
        if shape.length < SHORTEST_DEG or not stated:
            continue
        properties = {
            "road_id": code,
            "name_en": english,
            "name_es": spanish,
            "kind": "road",
            "accuracy_m": ACCURACY_M,
            "covers": "US-04",
            "marks": MARKS.get(code, ""),
            "source": SOURCE,
            "basis": "read",
        }
        rows.append((properties, shape))
    write_geojson(rows, out / "landmarks" / "roads.geojson")


def _near(shape: shapely.Geometry, line: Line) -> shapely.Geometry:
    """Keep the parts near the line; nothing of a road that stays far from it."""
    parts = shapely.get_parts(shape)
    kept = []
    nearest = float("inf")
    for part in parts:
        xy = shapely.get_coordinates(part)
        _, away_km = line.locate(pd.Series(xy[:, 0]), pd.Series(xy[:, 1]))
        nearest = min(nearest, float(away_km.min()))
        if float(away_km.min()) <= CLIP_KM:
            kept.append(part)
    return shapely.MultiLineString(kept if nearest <= REACH_KM else [])
