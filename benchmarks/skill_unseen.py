"""Rank sectors that nothing was learned from: ``python -m benchmarks.skill_unseen``.

On the whole border's set, resolution 6. Each Border Patrol sector, both sides, is
hidden with what lies within 15 km of it; the place's map is learned from what the
others had recorded by the first day and judged on all that came after it. Three limits
of what a stretch may weigh are compared on the *training* stretches alone, each left
out in turn, every stretch counting alike; the sector left out has no say.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks.skill import SHARED
from benchmarks.skill_sets import DATA, border
from riskmap.evaluation.backtest import try_origin
from riskmap.evaluation.baselines import BASELINES
from riskmap.evaluation.folds import fold_masks, hide, near
from riskmap.evaluation.metrics import Tally, pooled, resampled, tally
from riskmap.evaluation.resampling import Resampling, draw_weights
from riskmap.history.ground import day_number
from riskmap.scoring import PRESETS, mixture_forecaster
from riskmap.scoring.terms import ground_terms
from riskmap.scoring.unseen import UnseenGround

PERIODS = (("2009-01-01", "2014-01-01"), ("2017-01-01", "2022-01-01"))
LIMITS = (30.0, 150.0, float("inf"))
LEAST_EVENTS = 20
METRICS = ("information_gain_bits", "pai_1pct", "pai_5pct", "capture_auc")
BASES = ("uniform", "distance_to_line")
DRAWS = Resampling(draws=1_000, block=1)


def sectors(cells: pd.DataFrame) -> pd.Series:
    """Name the sector of each cell."""
    found = pd.Series("", index=cells.index, dtype="str")
    for row in pd.read_csv(DATA / "boundary" / "sector_extents.csv").itertuples():
        inside = cells["km"].between(row.from_km, row.to_km, inclusive="left")
        found[inside.to_numpy()] = str(row.sector)
    return found


def best_limit(models: Sequence[UnseenGround]) -> UnseenGround:
    """Take the one that foretold its training stretches best."""
    return max(models, key=lambda model: model.gain_bits_)


def measure(shared: Path, first: str, last: str) -> None:
    """Print one period's tables."""
    given, tallies = border(shared, 6), dict[str, list[Tally]]()
    records, terms = given.records, ground_terms(given.layers)
    day, end = day_number(first), day_number(last)
    asked = {
        "the score": mixture_forecaster(PRESETS[0], given.layers),
        **{name: BASELINES[name] for name in BASES},
    }
    masks = fold_masks(
        records,
        sectors(records.ground.cells),
        least_events=LEAST_EVENTS,
        from_day=day,
        to_day=end,
    )
    for name, mask in masks.items():
        unseen = hide(records, near(records, mask), day)
        trial = try_origin(unseen, asked, day, end - day, only=mask)
        came = records.events.pinned.counts(len(mask), day, end)
        came = np.where(trial.area_km2 > 0, came, 0.0)
        if came.sum() < LEAST_EVENTS:
            continue
        past = unseen.before(day)
        models = [UnseenGround(most_events=n).fit(past, terms=terms) for n in LIMITS]
        chosen, events = best_limit(models), came.sum()
        maps = {
            **trial.maps,
            "place, limit chosen": chosen.relative_ * trial.area_km2,
            **{
                f"place, {model.most_events:g}": model.relative_ * trial.area_km2
                for model in models
            },
        }
        for model, map_ in maps.items():
            found = tally(map_ / map_.sum() * events, came, trial.area_km2)
            tallies.setdefault(model, []).append(found)
        gains = ", ".join(f"{model.gain_bits_:.3f}" for model in models)
        print(f"{name}: {events:.0f} events; within training {gains} bits")
    print(f"\n{first} to {last}\n\n| ranked by | " + " | ".join(METRICS) + " |")
    for model, parts in tallies.items():
        row = " | ".join(f"{pooled(parts)[metric]:.3f}" for metric in METRICS)
        print(f"| {model} | {row} |")
    for metric in METRICS:
        print(metric, "score - distance", _difference(tallies, metric))


def _difference(tallies: dict[str, list[Tally]], metric: str) -> str:
    """Compare the score with distance to the line, sectors and places drawn."""
    mine, theirs = tallies["the score"], tallies["distance_to_line"]
    found = [
        resampled([mine[k] for k in drawn], weights)[metric]
        - resampled([theirs[k] for k in drawn], weights)[metric]
        for drawn, weights in draw_weights(mine, DRAWS)
    ]
    low, high = np.quantile(found, (0.025, 0.975)).tolist()
    exact = pooled(mine)[metric] - pooled(theirs)[metric]
    return f"{exact:+.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    given = parser.parse_args()
    with threadpool_limits(1):
        for first, last in PERIODS:
            measure(given.shared, first, last)


if __name__ == "__main__":
    main()
