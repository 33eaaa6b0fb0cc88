"""The stack as a model of the register beside what riskmap brings, on a project.

``python -m benchmarks.skill_in_use PROJECT``: both foretell each of the last five years
from what was over before it, as a run would; paired intervals as in docs/skill.md.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from benchmarks.skill import METRICS, compare
from riskmap import pipeline
from riskmap.evaluation.backtest import try_origin
from riskmap.evaluation.metrics import Tally, pooled, tally
from riskmap.scoring import PRESETS, Preset
from riskmap.scoring.basis import (
    STACK_HORIZONS,
    basis_of,
    forecaster_of,
    target_records,
)

YEAR_DAYS, YEARS = 365, 5

# past horizons that the stack is weighed by, as in docs/skill.md
HORIZONS = 8


def asking(horizons: int) -> Preset:
    """Ask for a stack, or for none."""
    numbers = {**PRESETS[0].numbers, STACK_HORIZONS: horizons}
    return replace(PRESETS[0], numbers=MappingProxyType(numbers))


def main() -> int:
    """Print both, and how they differ."""
    project = pipeline.open_project(Path(sys.argv[1]))
    cells, layers = project.read("cells"), project.read("layers")
    incidents, coverage = project.read("incidents"), project.read("coverage")
    as_of = pipeline.status(project).as_of
    tallies: dict[str, list[Tally]] = {}
    for name, horizons in (("stack", HORIZONS), ("mixture", 0)):
        begun, preset = time.process_time(), asking(horizons)
        records = target_records(cells, incidents, coverage, preset, as_of=as_of)
        forecast = forecaster_of(basis_of(preset, layers))
        for back in range(YEARS, 0, -1):
            origin = records.as_of_day - YEAR_DAYS * back
            trial = try_origin(records, {name: forecast}, origin, YEAR_DAYS)
            found = tally(trial.maps[name], trial.counts, trial.area_km2)
            tallies.setdefault(name, []).append(found)
        print(f"{name}: {time.process_time() - begun:.0f} s of processor time")
    for metric in METRICS:
        own, other = (pooled(tallies[name])[metric] for name in tallies)
        exact, low, high = compare(tallies, "stack", "mixture", metric)
        span = f"{exact:.3f} ({low:.3f} to {high:.3f})"
        print(f"{metric}: {own:.3f} and {other:.3f}: {span}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
