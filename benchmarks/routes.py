"""New routes: how often found where planted, and where nothing changes.

``python -m benchmarks.routes planted|quiet [--runs N]``
"""

import argparse
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csgraph

from riskmap import cells as h3_cells
from riskmap.history.ground import lay_ground
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


def main() -> None:
    """Run what is asked for."""
    asked = {"planted": run_planted, "quiet": run_quiet}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=tuple(asked))
    parser.add_argument("--runs", type=int, default=100)
    given = parser.parse_args()
    asked[given.what](given.runs)


if __name__ == "__main__":
    main()
