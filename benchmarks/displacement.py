"""Displacement: how often it is claimed where planted, and where none was.

``python -m benchmarks.displacement [--runs N]``
``python -m benchmarks.displacement --project P --operation NAME [--runs N]`` deals the
blocks of time of a project's own records anew, so that nothing changed, and counts the
intervals of the score that leave out 1.
"""

import argparse
from dataclasses import replace

import numpy as np

from riskmap import pipeline
from riskmap.hotspots.danger import danger_rows, draw_blocks
from riskmap.hotspots.displacement import (
    Blocks,
    DisplacementOptions,
    compare_areas,
    mean_change,
)
from riskmap.pipeline.displaced_areas import lay_areas
from riskmap.pipeline.displaced_danger import score_before_and_after

# two years of blocks of 30 days on each side
N_BLOCKS = 24
SHIFT_KM, SPREAD_KM, RECORDS = 15.0, 6.0, 200
SHARES = (0.15, 0.15, 0.15, 0.15, 0.4)


def _blocks(block: np.ndarray, area: np.ndarray) -> Blocks:
    return Blocks(block=block, area=area, n_before=N_BLOCKS, n_after=N_BLOCKS)


def shifts(runs: int, shift_km: float) -> None:
    """Count the worlds in which a shift is claimed, and the intervals that hold it."""
    options = DisplacementOptions(draws=399)
    claimed = held = 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        block = rng.integers(0, 2 * N_BLOCKS, RECORDS)
        xy = rng.normal(0, SPREAD_KM, (RECORDS, 2))
        xy[block >= N_BLOCKS, 0] -= shift_km
        found = mean_change(xy, _blocks(block, 0 * block), options)
        claimed += found.p <= options.level
        held += found.low <= shift_km <= found.high
    print(
        f"shift of {shift_km:g} km: claimed in {claimed / runs:.1%} of {runs}, "
        f"interval holds it in {held / runs:.1%}",
        flush=True,
    )


def areas(runs: int, moved: float) -> None:
    """Count the worlds in which displacement from the area to a ring is claimed."""
    options = DisplacementOptions(draws=399)
    claimed = 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        block = rng.integers(0, 2 * N_BLOCKS, 2 * RECORDS)
        area = rng.choice([0, 1, 2, 3, -1], 2 * RECORDS, p=SHARES)
        goes = (area == 0) & (block >= N_BLOCKS) & (rng.random(len(area)) < moved)
        area[goes] = 2
        inside, *rings = compare_areas(_blocks(block, area), 3, options)
        claimed += inside.told < 0 and any(one.told > 0 for one in rings)
    print(
        f"{moved:.0%} of the area's records go to a ring: displacement claimed in "
        f"{claimed / runs:.1%} of {runs}",
        flush=True,
    )


def scores(path: str, name: str, worlds: int) -> None:
    """Count the intervals of the score that leave out 1 where nothing changed."""
    project, options = pipeline.open_project(path), DisplacementOptions()
    laid = lay_areas(project, name, pipeline.Asked(), options)
    window, n = (laid.start, laid.n_blocks), laid.n_blocks
    first = laid.start - n * options.block_days
    events, score = score_before_and_after(
        project, laid.subject, laid.area(options), window, options
    )
    none = np.zeros(0, dtype=np.int64)
    blocks = Blocks(block=none, area=none, n_before=n, n_after=n)
    out = told = 0
    for seed in range(worlds):
        dealt = np.random.default_rng(seed).permutation(2 * n)
        world = draw_blocks(events, dealt, first, options.block_days)
        drawn = blocks.draw(replace(options, random_state=seed))
        found = [
            score(draw_blocks(world, pick, first, options.block_days))
            for pick in (np.arange(2 * n), *drawn[: options.score_draws])
        ]
        before, after = np.array(found).transpose(1, 0, 2)
        rows = danger_rows(before, after, options.rings_km, options.level).iloc[:-1]
        out += int(((rows["low"] > 1) | (rows["high"] < 1)).sum())
        told += len(rows)
        print(f"{out} of {told} intervals leave out 1", flush=True)


def main() -> None:
    """Run all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--project", default="")
    parser.add_argument("--operation", default="")
    given = parser.parse_args()
    runs = given.runs
    if given.project:
        scores(given.project, given.operation, runs)
        return
    for shift_km in (0.0, SHIFT_KM):
        shifts(runs, shift_km)
    for moved in (0.0, 0.5, 0.9):
        areas(runs, moved)


if __name__ == "__main__":
    main()
