"""Hot spots: speed beside esda, and the long runs behind the rates that are stated.

``python -m benchmarks.hotspots speed|flags|alarms|delay [--runs N]``
"""

import argparse
import importlib
import resource
import sys
import time
import warnings

import numpy as np
from scipy import sparse

from riskmap.hotspots.local import (
    NULLS,
    HotspotOptions,
    find_hotspots,
    gi_star,
    local_moran,
)
from riskmap.hotspots.scan import ScanOptions, lay_circles
from riskmap.hotspots.watch import DAYS_PER_MONTH, Watched, WatchOptions, watch

SIDE = 600
DAYS_PER_YEAR = 365


def grid(side: int) -> sparse.csr_matrix:
    """Queen neighbours on a square, the diagonal too."""
    line = sparse.diags_array([1.0] * 3, offsets=[-1, 0, 1], shape=(side, side))
    return sparse.csr_matrix(sparse.kron(line, line))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(_: int) -> None:
    """Time Gi*, Moran and p-values of 360,000 cells, ours and esda's."""
    warnings.simplefilter("ignore")
    events = np.random.default_rng(0).poisson(0.05, SIDE * SIDE)
    links, exposure = grid(SIDE), np.ones(SIDE * SIDE)
    took = {}
    before = _peak_mb()
    for draws in (999, 99_999):
        start = time.perf_counter()
        find_hotspots(events, exposure, links, HotspotOptions(draws=draws))
        took[draws] = time.perf_counter() - start
        print(
            f"riskmap, Gi* and Moran, {draws:,} draws: {took[draws]:.2f} s", flush=True
        )
    ours = _peak_mb()
    print(f"riskmap, peak above inputs: {ours - before:.0f} MB", flush=True)
    # heavy, and only asked for here
    esda, libpysal = map(importlib.import_module, ("esda", "libpysal"))
    weights = libpysal.weights.lat2W(SIDE, SIDE, rook=False)
    values, total = events.astype(float), 0.0
    # a first call compiles, where esda compiles at all: it does not count
    small = libpysal.weights.lat2W(5, 5, rook=False)
    esda.G_Local(values[:25] + np.arange(25), small, star=True, permutations=9)
    esda.Moran_Local(values[:25] + np.arange(25), small, permutations=9)
    for name, work in (
        (
            "Gi*",
            lambda: esda.G_Local(
                values, weights, star=True, transform="B", permutations=999, n_jobs=1
            ),
        ),
        (
            "Moran",
            lambda: esda.Moran_Local(values, weights, permutations=999, n_jobs=1),
        ),
    ):
        start = time.perf_counter()
        found = work()
        took[name] = time.perf_counter() - start
        total += took[name]
        theirs = found.Zs if name == "Gi*" else found.Is
        mine = (gi_star if name == "Gi*" else local_moran)(values, links)
        off = float(np.abs(theirs - mine).max())
        print(f"esda, {name}, 999: {took[name]:.1f} s; apart {off:.1e}", flush=True)
    print(f"esda, peak: {_peak_mb() - ours:.0f} MB above ours")
    print(f"riskmap is {total / took[999]:.0f} times as fast at 999 draws,")
    print(f"{total / took[99_999]:.1f} times at 99,999, where q can be small")


def flags(runs: int) -> None:
    """Count random maps on which any cell is flagged, and cells flagged."""
    links, exposure = grid(25), np.ones(625)
    for null in NULLS:
        maps = cells = 0
        for run in range(runs):
            events = np.random.default_rng(run).poisson(0.5, 625)
            options = HotspotOptions(null=null, draws=19_999, random_state=run)
            state = find_hotspots(events, exposure, links, options)["state"]
            flagged = int(state.isin(["hot", "cold"]).sum())
            maps, cells = maps + (flagged > 0), cells + flagged
        print(f"{null}: flags on {maps} of {runs} random maps ({maps / runs:.1%}; 5 %")
        print(
            f"  is the rate chosen), {cells / runs / 625:.5%} of the cells", flush=True
        )


def _region(seed: int, n_days: int) -> tuple[Watched, np.random.Generator]:
    """Make a region of 25 places where nothing happens, some 400 events a year."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 120, (25, 2))
    rates = rng.dirichlet(np.ones(25))
    n_events = rng.poisson(400 * n_days / DAYS_PER_YEAR)
    # more in summer, as at the border
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(n_days) / DAYS_PER_YEAR)
    day = np.sort(rng.choice(n_days, n_events, p=season / season.sum()))
    watched = Watched(
        place=rng.choice(25, n_events, p=rates),
        day=day,
        circles=lay_circles(xy, most_km=30, radii=3),
    )
    return watched, rng


def alarms(runs: int) -> None:
    """Watch years where nothing happens, one a region, and count false alarms."""
    options = ScanOptions(most_km=30, radii=3, most_days=30, deals=499)
    days = alarm_days = begun = 0
    for seed in range(runs):
        watched, _ = _region(seed, 2 * DAYS_PER_YEAR)
        span = range(DAYS_PER_YEAR, 2 * DAYS_PER_YEAR)
        seen = watch(watched, span, options, WatchOptions())
        days += len(seen.days)
        alarm_days += int(seen.days["alarm"].sum())
        begun += len(seen.begun)
        if (seed + 1) % 20 == 0:
            print(f"{seed + 1} years", flush=True)
    months = days / DAYS_PER_MONTH
    print(f"{runs} years: {alarm_days / months:.2f} days with a false alarm a month,")
    print(f"{begun / months:.2f} alarms begun a month (1 is stated)")


def delay(runs: int) -> None:
    """Plant outbreaks and count the days until the first alarm that names the place."""
    options = ScanOptions(most_km=30, radii=3, most_days=30, deals=499)
    waited, lost = [], 0
    for seed in range(runs):
        watched, rng = _region(10_000 + seed, 2 * DAYS_PER_YEAR)
        start, where = int(rng.integers(500, 680)), int(rng.integers(25))
        # half an event a day on top, for a month
        extra = rng.poisson(0.5, 30)
        day = np.append(watched.day, start + np.repeat(np.arange(30), extra))
        place = np.append(watched.place, np.full(extra.sum(), where))
        order = np.argsort(day, kind="stable")
        now = Watched(place=place[order], day=day[order], circles=watched.circles)
        found = watch(now, range(start, start + 30), options, WatchOptions()).days
        named = watched.circles.members[found["circle"].to_numpy(), where]
        right = found["alarm"].to_numpy() & (named.toarray().ravel() > 0)
        if right.any():
            waited.append(int(right.argmax()) + 1)
        else:
            lost += 1
    quarter, half, three = np.quantile(waited, [0.25, 0.5, 0.75])
    print(f"{runs} outbreaks of half an event a day more at one place, for 30 days:")
    print(f"found {len(waited)} ({len(waited) / runs:.0%}), missed {lost};")
    print(f"days to the alarm: {half:.0f} in the middle ({quarter:.0f} to {three:.0f})")


WORKS = {"speed": speed, "flags": flags, "alarms": alarms, "delay": delay}
RUNS = {"speed": 1, "flags": 1_000, "alarms": 200, "delay": 200}


def main() -> None:
    """Do one of the works."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=tuple(WORKS))
    parser.add_argument("--runs", type=int)
    asked = parser.parse_args()
    WORKS[asked.work](asked.runs or RUNS[asked.work])


if __name__ == "__main__":
    sys.exit(main())
