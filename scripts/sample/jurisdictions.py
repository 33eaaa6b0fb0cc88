"""Jurisdictions: counties, municipios, states and sectors that meet on the line.

The shared outlines are generalised and overlap or fall short of the boundary by
kilometres. All outlines and the boundary are cut into faces; each face goes to the
unit of its own country that holds it or, in the strip that nobody holds, to the
nearest one. So the units neither overlap nor leave gaps, and meet on the boundary.
"""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import STRtree

from sample.files import read_json, read_ragged, write_geojson
from sample.line import Line
from sample.sides import sides

Shapes = npt.NDArray[Any]

CLIP_KM = 130  # of the line: the corridor of 100 km and some room
KM_PER_DEGREE = 111.32  # of latitude
GRID_DEG = 1e-5  # 1 m
SIMPLIFY_DEG = 0.0015  # 150 m
REACH_DEG = 0.06  # 6 km: the widest strip that an outline leaves at the line
LARGEST_GAP_DEG2 = 0.05  # 500 km2: a larger face that nobody holds is the sea
HAIR_DEG = 1e-4

US_STATES = {"04": "Arizona", "06": "California", "35": "New Mexico", "48": "Texas"}
MX_STATES = {
    "02": "Baja California",
    "05": "Coahuila de Zaragoza",
    "08": "Chihuahua",
    "19": "Nuevo León",
    "26": "Sonora",
    "28": "Tamaulipas",
}

# what the nearest stretch of the line would get wrong; general knowledge, unverified
INLAND_SECTORS = {
    "04012": "Yuma",  # La Paz
    "04013": "Tucson",  # Maricopa
    "06025": "El Centro",  # Imperial, but for its east
    "06065": "El Centro",  # Riverside
    "48229": "El Paso",  # Hudspeth, but for its east
}
# counties that two sectors share: cut on the meridian of the line's kilometre
SPLIT_COUNTIES = {"06025": ("Yuma", 2971.8), "48229": ("Big Bend", 1916.7)}


def read_units(shared: Path) -> gpd.GeoDataFrame:
    """Read counties and municipios as one table: side, code, name, outline."""
    folder = shared / "boundary"
    rows = []
    for feature in read_json(folder / "us_counties_within_160km.geojson")["features"]:
        p = feature["properties"]
        rows.append(("US", p["STATE"] + p["COUNTY"], p["NAME"], feature["geometry"]))
    municipios = "mx_municipios_2021_bc_son_coa_nl_tam.geojson.gz"
    for feature in read_json(folder / municipios)["features"]:
        p = feature["properties"]
        rows.append(("MX", p["CVEGEO"], p["NOM_MUN"], feature["geometry"]))
    chihuahua = "mx_municipios_chihuahua_simplified.geojson.gz"
    for feature in read_json(folder / chihuahua)["features"]:
        p = feature["properties"]
        code = f"{int(p['state_code']):02d}{int(p['mun_code']):03d}"
        rows.append(("MX", code, p["mun_name"], feature["geometry"]))
    table = pd.DataFrame(rows, columns=["side", "code", "name", "geometry"])
    shapes = [shapely.make_valid(shapely.geometry.shape(g)) for g in table["geometry"]]
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=shapes)


def _near(line: Line) -> shapely.Geometry:
    """Draw the strip of CLIP_KM about the line, a little too wide rather than not."""
    cut = shapely.simplify(shapely.LineString(line.xy), 0.01)
    # degrees of longitude are shorter: stretch, buffer, and stretch back
    shrink = float(np.cos(np.radians(line.xy[:, 1].mean())))
    flat = shapely.transform(cut, lambda xy: xy * [shrink, 1])
    wide = shapely.simplify(shapely.buffer(flat, CLIP_KM / KM_PER_DEGREE), 0.01)
    return shapely.transform(wide, lambda xy: xy / [shrink, 1])


def _faces(
    units: gpd.GeoDataFrame, line: Line, clip: shapely.Geometry
) -> tuple[Shapes, shapely.Geometry]:
    """Cut the strip along all outlines, the line, and from corner to line."""
    border = shapely.LineString(line.xy)
    shapely.prepare(border)
    outlines = units.geometry.boundary.to_numpy()
    # where two units' common border ends near the line, lead it on to the line
    shared_ends = []
    for side in ("US", "MX"):
        own = units[units["side"] == side].geometry.to_numpy()
        for a, b in zip(*STRtree(own).query(own, predicate="intersects"), strict=True):
            if a < b:
                common = shapely.intersection(own[a].boundary, own[b].boundary)
                meets = shapely.dwithin(border, common, HAIR_DEG)
                if not meets and shapely.dwithin(border, common, REACH_DEG):
                    shared_ends.append(shapely.shortest_line(common, border))
    edges = [*outlines, *shared_ends, border, clip.boundary]
    edges += [shapely.LineString([(x, 20), (x, 42)]) for x in _meridians(line)]
    noded = shapely.union_all(edges, grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return faces[shapely.covers(clip, shapely.point_on_surface(faces))], border


def _meridians(line: Line) -> list[float]:
    """Find the meridians on which two counties are cut between sectors."""
    return [float(line.at([km])[0, 0]) for _, km in SPLIT_COUNTIES.values()]


def _assign(
    faces: Shapes, units: gpd.GeoDataFrame, line: Line, border: shapely.Geometry
) -> npt.NDArray[Any]:
    """Find the unit of each face, -1 where it belongs to nobody."""
    inside = shapely.point_on_surface(faces)
    found = np.full(len(faces), -1)
    small = (shapely.area(faces) < LARGEST_GAP_DEG2) & (
        shapely.dwithin(border, faces, HAIR_DEG) | _inland(faces, units)
    )
    for side, land in sides(line).items():
        shapely.prepare(land)
        here = shapely.covers(land, inside)
        rows = np.flatnonzero(units["side"] == side)
        tree = STRtree(units.geometry.to_numpy()[rows])
        face, unit = tree.query(inside[here], predicate="within")
        # two outlines over one face: the last, simplified ones give way
        order = np.lexsort((unit, face))[::-1]
        found[np.flatnonzero(here)[face[order]]] = rows[unit[order]]
        left = np.flatnonzero(here & (found < 0) & small)
        near, unit = tree.query_nearest(
            inside[left], max_distance=REACH_DEG, all_matches=False
        )
        found[left[near]] = rows[unit]
    return found


def _inland(faces: Shapes, units: gpd.GeoDataFrame) -> npt.NDArray[Any]:
    """Tell the faces at the simplified outlines of Chihuahua, which has no coast."""
    state = shapely.union_all(
        units.geometry[units["code"].str.startswith("08")].to_numpy()
    )
    shapely.prepare(state)
    near: npt.NDArray[np.bool_] = shapely.dwithin(state, faces, HAIR_DEG)
    return near


def _sectors(units: gpd.GeoDataFrame, line: Line, shared: Path) -> pd.Series:
    """Find the sector of each county, by the nearest stretch of the line."""
    table = read_ragged(shared / "landmarks" / "sector_extents.csv", "published_source")
    table = table.astype({"from_km": float}).sort_values("from_km")
    inside = units.geometry.representative_point()
    km, _ = line.locate(inside.x, inside.y)
    at = np.searchsorted(table["from_km"].to_numpy(), km, side="right") - 1
    nearest = pd.Series(table["sector"].to_numpy()[at], index=units.index)
    on_line = read_ragged(shared / "landmarks" / "county_sector.csv", "source")
    known = dict(zip(on_line["fips"], on_line["sector"], strict=True))
    known = {code: name for code, name in known.items() if "+" not in name}
    named = units["code"].map({**known, **INLAND_SECTORS})
    return named.fillna(nearest).where(units["side"] == "US", "")


def _dissolve(
    faces: Shapes, labels: npt.NDArray[np.object_]
) -> dict[str, shapely.Geometry]:
    """Join the faces of each label; an empty label is left out."""
    names = sorted(set(labels) - {""})
    return {name: shapely.coverage_union_all(faces[labels == name]) for name in names}


def _faces_with_owners(
    shared: Path, line: Line
) -> tuple[Shapes, pd.DataFrame, dict[str, str]]:
    """Find all faces near the line, the unit and sector of each, and the names."""
    units = read_units(shared)
    clip = _near(line)
    units = units[units.geometry.intersects(clip)].reset_index(drop=True)
    faces, border = _faces(units, line, clip)
    owner = _assign(faces, units, line, border)
    faces, owner = faces[owner >= 0], owner[owner >= 0]
    table = units.loc[owner, ["side", "code"]].reset_index(drop=True)
    table["sector"] = _sectors(units, line, shared).to_numpy()[owner]
    x = shapely.get_x(shapely.point_on_surface(faces))
    for (county, (east, _)), meridian in zip(
        SPLIT_COUNTIES.items(), _meridians(line), strict=True
    ):
        table.loc[(table["code"] == county) & (x > meridian), "sector"] = east
    return faces, table, dict(zip(units["code"], units["name"], strict=True))


def cut_jurisdictions(
    shared: Path, line: Line
) -> list[tuple[dict[str, str], shapely.Geometry]]:
    """Make all five kinds, clipped near the line, topology kept."""
    faces, table, names = _faces_with_owners(shared, line)
    # simplify the finest coverage once, so that every kind shares its edges
    parts = table.groupby(["side", "code", "sector"], sort=True).indices
    whole = [shapely.coverage_union_all(faces[at]) for at in parts.values()]
    small = np.array(shapely.coverage_simplify(whole, SIMPLIFY_DEG))
    keys = pd.DataFrame(list(parts), columns=["side", "code", "sector"])
    us, state = keys["side"] == "US", keys["code"].str[:2]
    labels = {
        "us_state": (state.where(us, ""), US_STATES),
        "us_county": (keys["code"].where(us, ""), names),
        "mx_state": (state.mask(us, ""), MX_STATES),
        "mx_municipio": (keys["code"].mask(us, ""), names),
        "bp_sector": (keys["sector"], {}),
    }
    return [
        ({"kind": kind, "code": _slug(label), "name": known.get(label, label)}, shape)
        for kind, (column, known) in labels.items()
        for label, shape in _dissolve(small, column.to_numpy()).items()
    ]


def _slug(name: str) -> str:
    """Write a name as a code; a number stays as it is."""
    return name.lower().replace(" ", "_")


def write_jurisdictions(shared: Path, line: Line, out: Path) -> None:
    """Write the polygons of all kinds into one compressed file."""
    rows = cut_jurisdictions(shared, line)
    write_geojson(rows, out / "boundary" / "jurisdictions.geojson.gz")
