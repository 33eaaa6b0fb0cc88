"""Sets to foretell: real events on cells, with what their sources watched.

Each is made from the public files beside the checkout (their README says where they
come from) and from the bundled sample. Nothing is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as h3_cells
from riskmap.boundary import CorridorOptions, corridor_cells, read_boundary
from riskmap.crs import metric_crs_for
from riskmap.features.build import build_features
from riskmap.features.catalogue import LAYERS
from riskmap.features.climate import read_stations
from riskmap.features.layer import Inputs
from riskmap.features.terrain import read_terrain
from riskmap.history.coverage import Coverage, Span, Watch
from riskmap.history.ground import Ground, day_number, lay_ground, place_events
from riskmap.history.records import Records
from riskmap.ingest.incidents import read_incidents

DATA = Path(__file__).resolve().parent.parent / "data"

AS_OF = pd.Timestamp("2022-01-01", tz="UTC")
HALF_WIDTH_KM = 160.0

# how far the grades of Arizona OpenGIS may be off, by how they begin
GRADES_M = {
    "GPS": 100.0,
    "Street": 300.0,
    "physical": 2_000.0,
    "vague": 15_000.0,
}
NO_GRADE_M = 15_000.0

# No More Deaths gives no grade; medical examiners' points are mostly GPS
NMD_ACCURACY_M = 1_000.0

# international feet of Oregon State Plane North, as the challenge has them
PORTLAND_CRS = 2913
PORTLAND_ACCURACY_M = 30.0

ARIZONA = ("04003", "04013", "04019", "04021", "04023", "04027")

# from when each office's records are whole, and its counties
NMD_AREAS = {
    "pima": (ARIZONA, "2000-01-01"),
    "imperial": (("06025",), "2008-01-01"),
    "san_diego": (("06073",), "2002-01-01"),
    "brooks": (("48047",), "2009-01-01"),
    "kenedy": (("48261",), "2001-01-01"),
}
NMD_OFFICES = {
    "Pima County Office of the Medic": "pima",
    "Yuma County Medical Examiner": "pima",
    "Imperial County Coroners Office": "imperial",
    "San Diego County Office of the": "san_diego",
    "Brooks County": "brooks",
    "Kenedy County": "kenedy",
}

# kilometres that the IOM file leaves out (El Paso); nobody watches them here
GAP_KM = (1796.0, 2348.0)


@dataclass(frozen=True, kw_only=True)
class SkillSet:
    """One set: records, layers, and the days to stand on.

    Parameters
    ----------
    name
        What tables call it.
    records
        All that is known at the end.
    layers
        Neutral layers on the cells, of shape (n_cells, n_layers), maybe none.
    origins
        Day numbers on which maps are made.
    horizon_days
        Days ahead.
    scale_km
        A typical reach, by which baselines of fixed shape are laid out.
    """

    name: str
    records: Records
    layers: pd.DataFrame
    origins: tuple[int, ...]
    horizon_days: int
    scale_km: float


def skill_sets(shared: Path) -> Mapping[str, Callable[[], SkillSet]]:
    """List the sets by name; each is read when it is called.

    Parameters
    ----------
    shared
        Folder of real data.

    Returns
    -------
    dict
        Makers by name.
    """
    return {
        "arizona_6": lambda: arizona(shared, 6, 365),
        "arizona_7": lambda: arizona(shared, 7, 365),
        "arizona_6_90d": lambda: arizona(shared, 6, 90),
        "border_6": lambda: border(shared, 6),
        "portland_vehicle_9": lambda: portland(shared, "veh"),
        "portland_burglary_9": lambda: portland(shared, "bur"),
        "violence_5": lambda: violence(5),
    }


def arizona(shared: Path, resolution: int, horizon_days: int) -> SkillSet:
    """Migrant deaths of southern Arizona, 2000-2021, each year from 2009."""
    corridor = _corridor(resolution)
    counties = _counties(shared)
    cells = _within(corridor, counties.loc[list(ARIZONA)].union_all())
    snapshot = pd.read_csv(
        shared / "incidents" / "ogis_pima_snapshot_2021-02-24.csv.gz"
    )
    precise = snapshot["Location Precision"].astype(str).str.split(" ").str[0]
    older = _events(
        snapshot["Reporting Date"],
        snapshot["Longitude"],
        snapshot["Latitude"],
        precise.map(GRADES_M).fillna(NO_GRADE_M),
    )
    cut = pd.Timestamp("2021-01-01", tz="UTC")
    newer = _nmd(shared)
    newer = newer[(newer["area"] == "pima") & (newer["occurred_on"] >= cut)]
    events = pd.concat([older[older["occurred_on"] < cut], newer.drop(columns="area")])
    ground = lay_ground(cells)
    first, last = day_number("2000-01-01"), day_number(AS_OF)
    return SkillSet(
        name=f"arizona_{resolution}" + ("" if horizon_days == 365 else "_90d"),
        records=_records(
            ground, events, np.ones(len(cells), dtype=np.intp), {1: (first, last)}
        ),
        layers=_layers(corridor, resolution).loc[cells.index],
        origins=_origins("2009-01-01", last, horizon_days),
        horizon_days=horizon_days,
        scale_km=ground.edge_km,
    )


def border(shared: Path, resolution: int) -> SkillSet:
    """Migrant deaths of the whole border, each county by the source that knows it."""
    cells = _corridor(resolution)
    counties = _counties(shared)
    points = shapely.points(cells["x"], cells["y"])
    km, us = cells["km"].to_numpy(), cells["share_us"].to_numpy()
    open_km = (km <= GAP_KM[0]) | (km >= GAP_KM[1])
    group = np.where(open_km, np.where(us >= 0.5, 1, 2), 0)
    last = day_number(AS_OF)
    spans = {1: (day_number("2014-01-01"), last), 2: (day_number("2015-01-01"), last)}
    for code, (ids, since) in enumerate(NMD_AREAS.values(), start=3):
        here = shapely.contains(counties.loc[list(ids)].union_all(), points)
        group = np.where(here & (us > 0), code, group)
        spans[code] = (day_number(since), last)
    ground = lay_ground(cells)
    nmd, iom = _nmd(shared), _sample("iom_mmp")
    index = ground.index
    nmd_group = _group_at(index, nmd, group, resolution)
    codes = {name: code for code, name in enumerate(NMD_AREAS, start=3)}
    mine = nmd[nmd_group == nmd["area"].map(codes).to_numpy()].drop(columns="area")
    theirs = iom[np.isin(_group_at(index, iom, group, resolution), (1, 2))]
    events = pd.concat([mine, theirs])
    return SkillSet(
        name=f"border_{resolution}",
        records=_records(ground, events, group.astype(np.intp), spans),
        layers=_layers(cells, resolution),
        origins=_origins("2009-01-01", last, 365),
        horizon_days=365,
        scale_km=ground.edge_km,
    )


def portland(shared: Path, crime: str) -> SkillSet:
    """Read Portland's calls for service, March 2012 to February 2017, by month."""
    folder = shared / "benchmarks"
    table = pd.read_csv(folder / f"nij_portland_{crime}_before_2017-03.csv.gz")
    points = gpd.GeoSeries.from_xy(
        table["x_coordina"], table["y_coordina"], crs=PORTLAND_CRS
    ).to_crs(4326)
    events = _events(table["occ_date"], points.x, points.y, PORTLAND_ACCURACY_M)
    city = gpd.read_file(folder / "Portland_Police_Districts.shp").to_crs(4326)
    index = h3_cells.cells_touching(city.union_all(), 9)
    cells = _plain(index)
    ground = lay_ground(cells)
    first, last = day_number("2012-03-01"), day_number("2017-03-01")
    names = {"veh": "vehicle", "bur": "burglary"}
    return SkillSet(
        name=f"portland_{names[crime]}_9",
        records=_records(
            ground, events, np.ones(len(cells), dtype=np.intp), {1: (first, last)}
        ),
        layers=pd.DataFrame(index=cells.index),
        origins=_origins("2015-07-10", last, 30),
        horizon_days=30,
        scale_km=ground.edge_km,
    )


def violence(resolution: int) -> SkillSet:
    """Organised violence in the Mexican border region, quarter by quarter."""
    cells = _corridor(resolution)
    group = (cells["share_mx"].to_numpy() > 0).astype(np.intp)
    ground = lay_ground(cells)
    first, last = day_number("2004-01-01"), day_number("2021-01-01")
    return SkillSet(
        name=f"violence_{resolution}",
        records=_records(ground, _sample("ucdp_ged"), group, {1: (first, last)}),
        layers=_layers(cells, resolution),
        origins=_origins("2010-01-01", last, 90),
        horizon_days=90,
        scale_km=ground.edge_km,
    )


def _records(
    ground: Ground,
    events: gpd.GeoDataFrame,
    group: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    spans: Mapping[int, Span],
) -> Records:
    """Put events on ground that was watched group by group; group 0 never was."""
    watched = tuple(
        (spans[code],) if code in spans else () for code in range(group.max() + 1)
    )
    watch = Watch(share=np.ones(len(ground)), group=group, spans=watched)
    coverage = Coverage(watches=(watch,))
    events = events.reset_index(drop=True)
    end = max(span[1] for span in spans.values())
    placed = place_events(ground, events, before_day=end)
    return Records(
        ground=ground,
        events=placed.keep(coverage.holds(placed.cell, placed.day)),
        coverage=coverage,
        as_of_day=end,
    )


def _events(
    day: pd.Series, x: pd.Series, y: pd.Series, accuracy_m: "pd.Series | float"
) -> gpd.GeoDataFrame:
    """Lay columns out as an event table."""
    table = pd.DataFrame(
        {
            "occurred_on": pd.to_datetime(day, errors="coerce", utc=True),
            "accuracy_m": accuracy_m,
            "time_precision": "day",
        }
    )
    table = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(x, y), crs="EPSG:4326")
    return table[table["occurred_on"].notna()]


def _nmd(shared: Path) -> gpd.GeoDataFrame:
    """Read No More Deaths, with the area of the office that recorded each."""
    table = pd.read_csv(shared / "incidents" / "dev_nmd_before_2022_no_elpaso.csv")
    events = _events(table["date"], table["lon"], table["lat"], NMD_ACCURACY_M)
    events["area"] = table["Source"].map(NMD_OFFICES)
    return events[events["area"].notna()]


def _sample(source: str) -> gpd.GeoDataFrame:
    """Read one source of the bundled sample."""
    table = read_incidents(
        DATA / "incidents" / "incidents.csv",
        known_on=AS_OF.date(),
        boundary=read_boundary(DATA / "boundary" / "boundary.geojson"),
    ).accepted
    columns = ["occurred_on", "accuracy_m", "time_precision", "geometry"]
    return table.loc[table["source"] == source, columns]


def _corridor(resolution: int) -> pd.DataFrame:
    """Make the corridor's cells."""
    boundary = read_boundary(DATA / "boundary" / "boundary.geojson")
    return corridor_cells(
        boundary, CorridorOptions(resolution=resolution, half_width_km=HALF_WIDTH_KM)
    )


def _layers(cells: pd.DataFrame, resolution: int) -> pd.DataFrame:
    """Work the neutral layers out."""
    boundary = read_boundary(DATA / "boundary" / "boundary.geojson")
    landmarks = pd.read_csv(DATA / "landmarks" / "landmarks.csv")
    points = gpd.points_from_xy(landmarks["lon"], landmarks["lat"])
    inputs = Inputs(
        cells=cells,
        landmarks=gpd.GeoDataFrame(landmarks, geometry=points, crs="EPSG:4326"),
        waterways=gpd.read_file(DATA / "landmarks" / "waterways.geojson"),
        incidents=gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"),
        coverage=pd.DataFrame(),
        climate=read_stations(DATA / "climate" / "stations.csv"),
        terrain=read_terrain(DATA / "terrain" / "terrain_r6.csv"),
        metric_crs=metric_crs_for(boundary),
        as_of=AS_OF,
    )
    wanted = PRESETS_LAYERS[resolution <= 9]
    neutral = [
        layer
        for layer in LAYERS
        if layer.purpose == "neutral" and layer.column.name in wanted
    ]
    return build_features(inputs, layers=neutral)[list(wanted)]


# layers of both presets
PRESETS_LAYERS = {
    True: (
        "elevation_m",
        "slope_deg",
        "ruggedness",
        "july_tmax_c",
        "july_water_demand_mm_per_day",
        "distance_to_line_km",
        "share_mx",
        "distance_to_crossing_km",
        "distance_to_town_km",
        "distance_to_river_km",
        "distance_to_canal_km",
    )
}


def _counties(shared: Path) -> gpd.GeoSeries:
    """Read counties by their code."""
    table = gpd.read_file(shared / "boundary" / "us_counties_within_160km.geojson")
    return table.set_index("id").geometry


def _within(cells: pd.DataFrame, area: shapely.Geometry) -> pd.DataFrame:
    """Keep the cells whose centre lies in an area."""
    inside = shapely.contains(area, shapely.points(cells["x"], cells["y"]))
    return cells[inside & (cells["share_us"] > 0).to_numpy()]


def _plain(index: pd.Index) -> pd.DataFrame:
    """Make a cell table of cells that no line crosses."""
    centres = h3_cells.cell_centres(index)
    return pd.DataFrame(
        {
            "x": centres["x"],
            "y": centres["y"],
            "area_km2": h3_cells.cell_areas_km2(index),
            "distance_km": 0.0,
        },
        index=index,
    )


def _group_at(
    index: pd.Index,
    events: gpd.GeoDataFrame,
    group: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    resolution: int,
) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    """Find the group of the cell of each event; -1 outside."""
    cell = h3_cells.points_to_cells(events.geometry.x, events.geometry.y, resolution)
    rows = index.get_indexer(cell)
    return np.where(rows >= 0, group[rows], -1)


def _origins(first: str, last_day: int, horizon_days: int) -> tuple[int, ...]:
    """List the days to stand on: horizons that follow one another to the end."""
    if horizon_days == 365:
        years = range(pd.Timestamp(first).year, pd.Timestamp("2022-01-01").year)
        return tuple(
            day for y in years if (day := day_number(f"{y}-01-01")) + 365 <= last_day
        )
    start = day_number(first)
    return tuple(range(start, last_day - horizon_days + 1, horizon_days))
