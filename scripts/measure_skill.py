"""Measure how well each score foretold later years, beside every baseline.

Reads the bundled data and prints tables in Markdown; docs/scores.md quotes them.
Each year is foretold from what was over before it. Takes some minutes.
"""

import argparse
import datetime
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd

from riskmap.boundary import CorridorOptions, corridor_cells, read_boundary
from riskmap.crs import metric_crs_for
from riskmap.evaluation.backtest import BacktestOptions, backtest
from riskmap.evaluation.baselines import BASELINES
from riskmap.evaluation.verdict import RAW_COUNTS, verdict_of
from riskmap.features.build import build_features
from riskmap.features.catalogue import LAYERS
from riskmap.features.climate import read_stations
from riskmap.features.layer import Inputs
from riskmap.features.terrain import read_terrain
from riskmap.history.ground import day_number
from riskmap.history.records import keep_records
from riskmap.ingest.incidents import read_incidents
from riskmap.scoring import PRESETS, mixture_forecaster

DATA = Path(__file__).resolve().parent.parent / "data"

KNOWN_ON = datetime.date(2026, 1, 1)
AS_OF = pd.Timestamp("2022-01-01", tz="UTC")

# first days of the years foretold: the whole years that leave some history before
YEARS = {"migrant_danger": range(2017, 2022), "patrol_risk": range(2010, 2021)}

SHOWN = (
    "pai_1pct",
    "pai_5pct",
    "pai_10pct",
    "pei_5pct",
    "capture_auc",
    "information_gain_bits",
    "poisson_log_score",
    "crps",
)
COMPARED = ("pai_1pct", "pai_5pct", "capture_auc", "information_gain_bits")


def read_landmarks(path: Path) -> gpd.GeoDataFrame:
    """Read the bundled landmarks as layers need them."""
    table = pd.read_csv(path)
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def read_inputs(resolution: int) -> Inputs:
    """Make the tables that layers and scores read, from the bundled data."""
    boundary = read_boundary(DATA / "boundary" / "boundary.geojson")
    incidents = read_incidents(
        DATA / "incidents" / "incidents.csv", known_on=KNOWN_ON, boundary=boundary
    ).accepted
    return Inputs(
        cells=corridor_cells(boundary, CorridorOptions(resolution=resolution)),
        landmarks=read_landmarks(DATA / "landmarks" / "landmarks.csv"),
        waterways=gpd.read_file(DATA / "landmarks" / "waterways.geojson"),
        incidents=incidents,
        coverage=pd.read_csv(DATA / "incidents" / "coverage.csv"),
        climate=read_stations(DATA / "climate" / "stations.csv"),
        terrain=read_terrain(DATA / "terrain" / "terrain_r6.csv"),
        metric_crs=metric_crs_for(boundary),
        as_of=AS_OF,
    )


def markdown(table: pd.DataFrame) -> str:
    """Write a table in Markdown, its index as the first column."""
    lines = [f"| {table.index.name} | " + " | ".join(table.columns) + " |"]
    lines.append("|---" * (len(table.columns) + 1) + "|")
    lines += [
        f"| {name} | " + " | ".join(str(value) for value in row) + " |"
        for name, row in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]
    return "\n".join(lines)


def report(skill: pd.DataFrame, score: str) -> str:
    """Write one score's skill: every model, then the score's lead with intervals."""
    own = skill[skill["versus"] == ""]
    wide = own.pivot_table(index="model", columns="metric", values="value")
    wide = wide[list(SHOWN)].sort_values("information_gain_bits", ascending=False)
    lead = skill[(skill["model"] == "mixture") & (skill["versus"] == RAW_COUNTS)]
    lead = lead.set_index("metric").loc[list(COMPARED), ["value", "low", "high"]]
    events = int(skill["events"].iloc[0])
    first, last = (skill[name].iloc[0].date() for name in ("from_on", "to_on"))
    return "\n\n".join(
        [
            f"{score}: {events} events from {first} until before {last}",
            markdown(wide.round(3)),
            f"lead over {RAW_COUNTS}, 95 % interval ({verdict_of(skill, score).code})",
            markdown(lead.round(3)),
        ]
    )


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resolution", type=int, default=7)
    parser.add_argument("--score", choices=[preset.name for preset in PRESETS])
    parser.add_argument("--first-year", type=int, default=0)
    given = parser.parse_args()
    inputs = read_inputs(given.resolution)
    neutral = [layer for layer in LAYERS if layer.purpose == "neutral"]
    features = build_features(inputs, layers=neutral)
    for preset in PRESETS:
        if given.score not in (None, preset.name):
            continue
        started = time.perf_counter()
        coverage = inputs.coverage
        records = keep_records(
            inputs.cells,
            inputs.incidents,
            coverage.loc[coverage["purpose"] == preset.purpose],
            kinds=preset.kinds,
            as_of=AS_OF,
        )
        years = [year for year in YEARS[preset.name] if year >= given.first_year]
        options = BacktestOptions(
            origins=tuple(day_number(f"{year}-01-01") for year in years)
        )
        models = {"mixture": mixture_forecaster(preset, features), **BASELINES}
        print(
            report(backtest(records, models, options, score=preset.name), preset.name)
        )
        print(
            f"\nresolution {given.resolution}, {time.perf_counter() - started:.0f} s\n"
        )


if __name__ == "__main__":
    main()
