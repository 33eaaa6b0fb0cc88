"""Simulation: a project about a made-up border of which the truth is known."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from riskmap.boundary import CorridorOptions, corridor_cells, read_boundary
from riskmap.config import FILE
from riskmap.errors import TableMissingError
from riskmap.evaluation.metrics import pooled, tally
from riskmap.evaluation.stability import jaccard
from riskmap.history.ground import day_number, lay_ground
from riskmap.history.records import keep_records
from riskmap.pipeline.context import CONTEXT, DELIVERIES
from riskmap.pipeline.deliveries import ingest_incidents, ingest_landmarks
from riskmap.pipeline.founding import SETTINGS, sample_folder
from riskmap.project import Project
from riskmap.scoring import PRESETS
from riskmap.simulation.border import (
    EAST,
    LATITUDE,
    WEST,
    BorderOptions,
    draw_deaths,
    made_boundary,
    made_coverage,
    made_waterways,
    true_intensity,
)

STEP = "simulation"

# the truth is made on cells of this fineness, whatever a run is made on
TRUTH_RESOLUTION = 7
HALF_WIDTH_KM = 60.0
TERRAIN_RESOLUTION = 6

# bundled tables of real places that a made border does without
REAL_ONLY = ("basemap", "regions", "liaison_mechanisms", "consulates", "roads")

SCORE = "migrant_danger"

FOUND = ("found_us", "found_mx")


def simulate(path: Path | str, options: BorderOptions | None = None) -> Project:
    """Make a project about a simulated border, its truth in the table ``truth``.

    What was recorded comes in through the same door as a real file. The project is
    run, judged and shown like any other; nothing in it is a real place or death.

    Parameters
    ----------
    path
        Folder; must hold no project.
    options
        How the border is made.

    Returns
    -------
    Project
        With boundary, layers' tables, coverage and recorded deaths; not yet run.

    Raises
    ------
    ProjectExistsError
        If there is a project in the folder.
    OptionError
        If an option is out of its range.
    FolderUnwritableError, DiskFullError
        If the folder cannot be written.
    """
    asked, folder = options or BorderOptions(), Path(path)
    project = Project.create(folder)
    (folder / FILE).write_text(_settings(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as held:
        drafts = Path(held)
        boundary = _boundary(drafts)
        corridor = CorridorOptions(
            half_width_km=HALF_WIDTH_KM, resolution=TRUTH_RESOLUTION
        )
        cells = corridor_cells(boundary, corridor)
        truth = true_intensity(lay_ground(cells), asked)
        length_km = float(boundary["to_km"].max())
        made: Mapping[str, Any] = {
            "boundary": boundary,
            "waterways": made_waterways(),
            "terrain_given": _terrain(boundary),
            "coverage_given": made_coverage(asked, length_km),
            "jurisdictions": _jurisdictions(),
        }
        sample = sample_folder()
        for name, (file, read) in CONTEXT.items():
            table = made[name] if name in made else read(sample / file)
            if name in REAL_ONLY:
                table = table.iloc[:0]
            project.write(name, table, step=STEP, options={}, inputs={})
        project.write("truth", truth, step=STEP, options=_plain(asked), inputs={})
        ingest_landmarks(project, [sample / DELIVERIES["landmarks"]])
        deaths = drafts / "simulated.csv"
        draw_deaths(cells, truth, asked).to_csv(deaths, index=False)
        ingest_incidents(project, [deaths])
    return project


def recovery(project: Project) -> dict[str, float]:
    """Tell how near a run's map of danger is to the truth of the year before its day.

    Parameters
    ----------
    project
        A simulated project that has been run at resolution 7.

    Returns
    -------
    dict
        ``jaccard_5pct``, ground in common of the densest 5 % of what was watched;
        ``caught_5pct``, share of the true risk in the densest 5 % of the map, and
        ``oracle_5pct``, of the truth itself; ``bits_below_truth``, what is lost of the
        information that the truth holds, per death; ``covered``, share of the area
        whose true *recorded* yearly rate lies within the map's 90 % interval.

    Raises
    ------
    TableMissingError
        If it is no simulated project, or has not been run on the cells of the truth.
    """
    cells, scores = project.read("cells"), project.read("scores")
    truth = project.read("truth")
    made = project.snapshot("scores")
    made_truth = project.snapshot("truth")
    if not truth.index.equals(cells.index) or made is None or made_truth is None:
        msg = "The truth is known on cells of resolution 7, 60 km wide: run on these."
        raise TableMissingError(msg, path=str(project.path), table="truth")
    day = str(made.options["as_of"])
    year = day_number(day) - 1
    last = int(pd.Timestamp(year, unit="D").year)
    rate = truth.filter(like=f"_{last}").sum(axis=1).to_numpy(dtype=np.float64)
    records = keep_records(
        cells,
        project.read("incidents"),
        project.read("coverage"),
        kinds=PRESETS[0].kinds,
        as_of=day,
    )
    watched = records.watched
    area = cells["area_km2"].to_numpy(dtype=np.float64) * watched
    found_us, found_mx = (float(made_truth.options[n]) for n in FOUND)
    found = found_us * cells["share_us"] + found_mx * cells["share_mx"]
    true = rate * found.to_numpy(dtype=np.float64) * watched
    said = np.nan_to_num(scores[SCORE].to_numpy(dtype=np.float64)) * watched
    ours, oracle = (pooled([tally(m, true, area)]) for m in (said, true))
    seen = area > 0
    low, high = (scores[f"{SCORE}_{end}"].to_numpy() for end in ("low", "high"))
    inside = (low <= rate * found) & (rate * found <= high)
    return {
        "jaccard_5pct": jaccard(said, true, area),
        "caught_5pct": ours["hit_rate_5pct"],
        "oracle_5pct": oracle["hit_rate_5pct"],
        "bits_below_truth": oracle["information_gain_bits"]
        - ours["information_gain_bits"],
        "covered": float(area[seen & inside.to_numpy()].sum() / area[seen].sum()),
    }


def _plain(options: BorderOptions) -> dict[str, Any]:
    """Write options as plain values."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(options).items()
    }


def _settings() -> str:
    """Write settings of a narrower strip."""
    return SETTINGS.replace("half_width_km = 100.0", f"half_width_km = {HALF_WIDTH_KM}")


def _boundary(drafts: Path) -> gpd.GeoDataFrame:
    """Measure the made line through the same door as a real one."""
    file = drafts / "boundary.geojson"
    table, so_far, rows = made_boundary(), 0.0, []
    for row in table.itertuples():
        length = _length_km(row.geometry)
        rows.append((so_far, so_far + length))
        so_far += length
    table["from_km"], table["to_km"] = zip(*rows, strict=True)
    file.write_text(table.to_json(), encoding="utf-8")
    return read_boundary(file)


def _length_km(line: shapely.LineString) -> float:
    """Measure a line on the ellipsoid."""
    return float(pyproj.Geod(ellps="WGS84").geometry_length(line) / 1_000)


def _terrain(boundary: gpd.GeoDataFrame) -> pd.DataFrame:
    """Make ground that rises away from the river, rough about one range of hills."""
    corridor = CorridorOptions(
        half_width_km=HALF_WIDTH_KM + 20, resolution=TERRAIN_RESOLUTION
    )
    cells = corridor_cells(boundary, corridor)
    x, y = cells["x"].to_numpy(), cells["y"].to_numpy()
    hills = np.exp(-(((x + 110.3) / 0.25) ** 2))
    return pd.DataFrame(
        {
            "elevation_m": 700 + 250 * (EAST - x) + 800 * hills + 300 * abs(y - 31.35),
            "slope_deg": 1 + 9 * hills,
            "ruggedness": 0.001 + 0.02 * hills,
        },
        index=cells.index,
    )


def _jurisdictions() -> gpd.GeoDataFrame:
    """Make two sectors and two states on each side, as the real table has them."""
    middle = (EAST + WEST) / 2
    north, south = (LATITUDE, LATITUDE + 1.5), (LATITUDE - 1.5, LATITUDE)
    rows = []
    for half, (west, east) in {
        "west": (WEST - 1, middle),
        "east": (middle, EAST + 1),
    }.items():
        for kind, (low, high) in {
            "bp_sector": north,
            "us_state": north,
            "us_county": north,
            "mx_state": south,
            "mx_municipio": south,
        }.items():
            box = shapely.box(west, low, east, high)
            rows.append((kind, f"{kind}_{half}", f"Made {half}", box))
    names = ["kind", "code", "name", "geometry"]
    table = pd.DataFrame(rows, columns=names)
    table = table.astype(dict.fromkeys(names[:3], "str"))
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")
