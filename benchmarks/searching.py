"""Searching: how soon remains are found by distance to a road, and what that may hide.

No source of ours says who found a body or how long anybody searched. What Arizona
OpenGIS does say is how long the dead had lain. Where that is long few people look; how
many are never found it does not tell. ``python -m benchmarks.searching`` measures both,
and how far the map would move if records counted by how seldom they are found soon.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks.skill_sets import arizona
from riskmap.evaluation.baselines import BASELINES
from riskmap.evaluation.stability import jaccard
from riskmap.history.records import Records

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SNAPSHOT = "ogis_pima_snapshot_2021-02-24.csv.gz"
ROADS = "az_primary_secondary_roads_tiger2021_south.gpkg"

# metres, about the middle of southern Arizona
METRIC_CRS = 32612

# the longest that each class of post-mortem interval says, in days
INTERVAL_DAYS = {
    "< 1 day": 1,
    "< 1 week": 7,
    "< 3 weeks": 21,
    "< 5 weeks": 35,
    "< 3 months": 91,
    "< 6-8 months": 213,
    "> 6-8 months": 366,
}
WEEK_DAYS = 7

QUARTERS = 4

# copies of a record that stand for a weight of one
COPIES = 20

YEAR_DAYS = 365


def distance_to_road_km(x: pd.Series, y: pd.Series, shared: Path) -> pd.Series:
    """Measure how far places are from the nearest primary or secondary road."""
    roads = gpd.read_file(shared / "landmarks" / ROADS).to_crs(METRIC_CRS)
    points = gpd.GeoSeries.from_xy(x, y, crs=4326, index=x.index).to_crs(METRIC_CRS)
    joined = gpd.sjoin_nearest(
        gpd.GeoDataFrame(geometry=points), roads[["geometry"]], distance_col="metres"
    )
    return joined.groupby(level=0)["metres"].min().reindex(x.index) / 1000.0


def found_when(shared: Path) -> tuple[pd.DataFrame, np.ndarray]:
    """Tell by quarter of distance how long the dead had lain, and the edges in km."""
    table = pd.read_csv(shared / "incidents" / SNAPSHOT)
    table = table[table["Location Precision"].astype(str).str.startswith("GPS")]
    days = table["Post Mortem Interval"].astype(str).str.strip().map(INTERVAL_DAYS)
    table, days = table[days.notna()], days.dropna()
    away = distance_to_road_km(table["Longitude"], table["Latitude"], shared)
    edges = np.quantile(away, np.arange(1, QUARTERS) / QUARTERS)
    quarter = np.searchsorted(edges, away, side="right")
    rows = [
        {
            "quarter": place + 1,
            "records": int((quarter == place).sum()),
            "median_km": float(away[quarter == place].median()),
            "median_days_at_most": float(days[quarter == place].median()),
            "within_a_week": float((days[quarter == place] <= WEEK_DAYS).mean()),
        }
        for place in range(QUARTERS)
    ]
    return pd.DataFrame(rows), edges


def weighed(records: Records, weight: np.ndarray) -> Records:
    """Count each record so many times, in twentieths."""
    times = np.rint(weight * COPIES).astype(np.intp)
    events = records.events.keep(np.repeat(np.arange(len(times)), times))
    return Records(
        ground=records.ground,
        events=events,
        coverage=records.coverage,
        as_of_day=records.as_of_day,
    )


def main() -> int:
    """Print both tables."""
    if not SHARED.is_dir():
        sys.stderr.write(f"no real data: {SHARED} is absent\n")
        return 1
    table, edges = found_when(SHARED)
    print(table.round(3).to_string(index=False))
    print("edges, km:", np.round(edges, 1).tolist())
    records = arizona(SHARED, 6, YEAR_DAYS).records
    cells = records.ground.cells
    away = distance_to_road_km(cells["x"], cells["y"], SHARED).to_numpy()
    quarter = np.searchsorted(edges, away, side="right")
    soon = table["within_a_week"].to_numpy()
    weight = (soon[0] / soon)[quarter]
    area = cells["area_km2"].to_numpy()
    for name in ("count_all", "kde_recency"):
        plain = BASELINES[name](weighed(records, np.ones(len(records.events))), 365)
        other = BASELINES[name](weighed(records, weight[records.events.cell]), 365)
        agreed = jaccard(plain, other, area)
        far = [
            float(m[quarter == QUARTERS - 1].sum() / m.sum()) for m in (plain, other)
        ]
        print(
            f"{name}: the densest 5 % agree to {agreed:.2f}; share expected in the "
            f"farthest quarter {far[0]:.2f}, weighed {far[1]:.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
