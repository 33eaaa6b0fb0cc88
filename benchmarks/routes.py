"""New routes: how often found where planted, and where nothing changes.

``python -m benchmarks.routes planted|quiet [--runs N]``
``python -m benchmarks.routes arizona --file FILE`` reads one of Arizona OpenGIS and
tells where the deaths of each period lie, and which chains are new in it.
"""

import argparse
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csgraph

from riskmap import cells as h3_cells
from riskmap.crs import STORAGE_CRS, metric_crs_for
from riskmap.history.ground import day_number, lay_ground, to_plane_km
from riskmap.hotspots.displacement import Blocks, DisplacementOptions, mean_change
from riskmap.hotspots.routes import (
    Country,
    RouteOptions,
    find_routes,
)
from riskmap.hotspots.walks import walking_hours
from riskmap.neighbours import neighbour_matrix

# a year; the planted route starts with month 10 and is looked for after month 12
WORLD_DAYS, RECENT_DAYS = 365, 92
ROUTE_KM = 40.0

# southern Arizona, degrees; periods of five years, the first is compared with
ARIZONA_X, ARIZONA_Y = (-114.9, -109.0), (31.3, 33.6)
PERIODS = ((2000, 2004), (2005, 2009), (2010, 2014), (2015, 2020))
QUARTER_DAYS = 91
# hours a kilometre on level ground (Tobler 1993)
LEVEL_PACE = 0.199
ARIZONA_GAP = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """Ground with hills, and how often records fall on each cell."""

    country: Country
    share: np.ndarray


def make_world(seed: int = 0) -> World:
    """Lay about 3,000 cells of resolution 7 with hills and old crossings."""
    box = shapely.box(-112.6, 31.4, -111.0, 32.3)
    index = h3_cells.cells_touching(box, 7)
    table = h3_cells.cell_centres(index)
    ground = lay_ground(table.assign(area_km2=h3_cells.cell_areas_km2(index)))
    rng = np.random.default_rng(seed)
    xy = ground.xy_km
    # hours a kilometre: from level ground to slopes of some 20 degrees (Tobler 1993)
    hills = _bumps(xy, rng, peaks=40, spread_km=8)
    pace = 0.2 + 0.5 * hills / hills.max()
    density = 0.1 + 5 * _bumps(xy, rng, peaks=10, spread_km=10)
    return World(
        country=Country(
            xy_km=xy,
            hours=walking_hours(neighbour_matrix(index), xy, pace),
            near=neighbour_matrix(index, 2),
            watched_alike=np.zeros(len(index), dtype=np.int64),
        ),
        share=density / density.sum(),
    )


def _bumps(
    xy: np.ndarray, rng: np.random.Generator, *, peaks: int, spread_km: float
) -> np.ndarray:
    """Raise rounded hills at places drawn by chance."""
    tops = xy[rng.choice(len(xy), peaks)]
    apart = ((xy[:, None, :] - tops[None]) ** 2).sum(axis=2)
    return np.asarray(np.exp(-apart / (2 * spread_km**2)).sum(axis=1))


def quiet(
    world: World, rng: np.random.Generator, records: int = 480
) -> tuple[np.ndarray, np.ndarray]:
    """Let records fall as ever, forty a month."""
    cell = rng.choice(len(world.share), records, p=world.share)
    return cell.astype(np.intp), rng.integers(0, WORLD_DAYS, records)


def plant(
    world: World, rng: np.random.Generator, a_month: int = 20
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start a route of 40 km in month 10: give its cells, then all cells and days."""
    route = _least_cost_route(world, rng)
    cell, day = quiet(world, rng)
    n = 3 * a_month
    on_route = rng.choice(route, n)
    since = rng.integers(WORLD_DAYS - RECENT_DAYS, WORLD_DAYS, n)
    return route, np.concatenate([cell, on_route]), np.concatenate([day, since])


def _least_cost_route(world: World, rng: np.random.Generator) -> np.ndarray:
    """Walk 40 km from a cell drawn by chance, by the least-cost way."""
    xy, hours = world.country.xy_km, world.country.hours
    while True:
        start = int(rng.integers(len(xy)))
        apart = np.sqrt(((xy - xy[start]) ** 2).sum(axis=1))
        _, before = csgraph.dijkstra(hours, indices=start, return_predecessors=True)
        for end in rng.permutation(np.flatnonzero((apart > 30) & (apart < 38)))[:50]:
            walk = [int(end)]
            while walk[-1] != start:
                walk.append(int(before[walk[-1]]))
            length = np.sqrt((np.diff(xy[walk], axis=0) ** 2).sum(axis=1)).sum()
            if abs(length - ROUTE_KM) < 2:
                return np.array(walk, dtype=np.intp)


def run_planted(runs: int) -> None:
    """Plant routes of three doses and see how much of them is reported."""
    world, options = make_world(), RouteOptions(recent_days=RECENT_DAYS, deals=99)
    for a_month in (5, 10, 20):
        shares, extra = [], []
        for seed in range(runs):
            rng = np.random.default_rng(seed)
            route, cell, day = plant(world, rng, a_month)
            found = find_routes(cell, day, world.country, options, to_day=WORLD_DAYS)
            told = [one.cells for one in found if one.p <= options.level]
            union = np.unique(np.concatenate([*told, np.array([], dtype=np.intp)]))
            hit = np.intersect1d(union, route)
            shares.append(len(hit) / len(route))
            extra.append(len(union) - len(hit))
        reached = np.mean(np.array(shares) >= 0.8)
        print(
            f"{a_month} records a month: >= 80 % of the cells in {reached:.0%} of "
            f"{runs}; median {np.median(shares):.0%}, "
            f"{np.median(extra):.0f} cells more",
            flush=True,
        )


def run_quiet(runs: int) -> None:
    """Count the worlds without change in which a route is reported."""
    world, options = make_world(), RouteOptions(recent_days=RECENT_DAYS, deals=99)
    false = 0
    for seed in range(runs):
        cell, day = quiet(world, np.random.default_rng(seed))
        found = find_routes(cell, day, world.country, options, to_day=WORLD_DAYS)
        false += any(one.p <= options.level for one in found)
    print(f"{false} of {runs} worlds without change have a false route")


def run_arizona(path: str) -> None:
    """Tell how deaths in southern Arizona moved from period to period."""
    table = pd.read_csv(path, parse_dates=["Reporting Date"])
    table = table.dropna(subset=["Latitude", "Longitude", "Reporting Date"])
    table = table.loc[table["Longitude"].between(*ARIZONA_X)]
    table = table.loc[table["Latitude"].between(*ARIZONA_Y)]
    day = (table["Reporting Date"] - pd.Timestamp("1970-01-01")).dt.days.to_numpy()
    middle = np.array([[-112.0, 32.0]])
    plane = metric_crs_for(gpd.GeoSeries(shapely.points(middle), crs=STORAGE_CRS))
    xy = to_plane_km(plane, table["Longitude"], table["Latitude"])
    moved = np.column_stack([xy, table["dist_boundary_km"]])
    year = table["Reporting Date"].dt.year.to_numpy()
    print(f"{len(table)} dated and placed deaths, {year.min()} to {year.max()}")
    first = (year >= PERIODS[0][0]) & (year <= PERIODS[0][1])
    for start, end in PERIODS[1:]:
        later = (year >= start) & (year <= end)
        both = first | later
        # quarters of a year are the blocks, and only their order within a side is lost
        block = np.unique(day[both] // QUARTER_DAYS, return_inverse=True)[1]
        n_before = len(np.unique(day[first] // QUARTER_DAYS))
        blocks = Blocks(
            block=block,
            area=np.zeros(len(block), dtype=np.int64),
            n_before=n_before,
            n_after=int(block.max()) + 1 - n_before,
        )
        told = []
        for name, column in (("east", 0), ("north", 1), ("from the line", 2)):
            one = mean_change(moved[both][:, [column]], blocks, DisplacementOptions())
            sign = np.sign(one.change[0])
            low, high = sorted((sign * one.low, sign * one.high))
            told.append(
                f"{name} {one.change[0]:+.1f} km ({low:+.1f} to {high:+.1f}, "
                f"p {one.p:.3f})"
            )
        print(
            f"{start}-{end} against {PERIODS[0][0]}-{PERIODS[0][1]}: n {later.sum()}, "
            + ", ".join(told),
            flush=True,
        )
    _arizona_routes(table, day)


def _arizona_routes(table: pd.DataFrame, day: np.ndarray) -> None:
    """Find the chains that are new in each period, given all before."""
    box = shapely.box(ARIZONA_X[0], ARIZONA_Y[0], ARIZONA_X[1], ARIZONA_Y[1])
    index = h3_cells.cells_touching(box, 7)
    centres = h3_cells.cell_centres(index)
    ground = lay_ground(centres.assign(area_km2=h3_cells.cell_areas_km2(index)))
    held = h3_cells.points_to_cells(table["Longitude"], table["Latitude"], 7)
    cell = index.get_indexer(held)
    # level ground: the terrain of the whole state is not bundled
    country = Country(
        xy_km=ground.xy_km,
        hours=walking_hours(
            neighbour_matrix(index), ground.xy_km, np.full(len(index), LEVEL_PACE)
        ),
        near=neighbour_matrix(index, 2),
        watched_alike=np.zeros(len(index), dtype=np.int64),
    )
    for start, end in PERIODS[1:]:
        bounds = [day_number(f"{year}-01-01") for year in (start, end + 1)]
        known = day < bounds[1]
        # five years of records stand closer than three months of them
        options = RouteOptions(
            recent_days=bounds[1] - bounds[0], most_gap_hours=ARIZONA_GAP, deals=199
        )
        found = find_routes(cell[known], day[known], country, options, to_day=bounds[1])
        for one in found[:3]:
            at = centres.iloc[one.active].mean()
            print(
                f"{start}-{end}: {one.length_km:.0f} km about {at['y']:.2f}, "
                f"{at['x']:.2f}: {one.events} events, {one.expected:.1f} by chance, "
                f"p {one.p:.3f}",
                flush=True,
            )


def main() -> None:
    """Run what is asked for."""
    asked = {"planted": run_planted, "quiet": run_quiet}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=(*asked, "arizona"))
    parser.add_argument("--file", default="")
    parser.add_argument("--runs", type=int, default=100)
    given = parser.parse_args()
    if given.what == "arizona":
        run_arizona(given.file)
    else:
        asked[given.what](given.runs)


if __name__ == "__main__":
    main()
