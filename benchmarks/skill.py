"""Foretell real events beside every baseline: ``python -m benchmarks.skill``.

Writes one section of docs/skill.md for each set. All models of a set meet the same
horizons in the same run; each is fitted anew for each origin, on what was over by
then. The best baseline is picked with hindsight, metric by metric: the hardest there
is to beat.
"""

import argparse
import datetime
import os
import platform
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.skill_sets import SkillSet, skill_sets
from riskmap.evaluation.backtest import Trial, try_origin
from riskmap.evaluation.baselines import BASELINES, Forecaster
from riskmap.evaluation.baselines_learned import learned_baselines
from riskmap.evaluation.baselines_near import NEAR_BASELINES
from riskmap.evaluation.baselines_open_cp import OPEN_CP_BASELINES
from riskmap.evaluation.metrics import Tally, pooled, resampled, tally
from riskmap.evaluation.resampling import Resampling, draw_weights
from riskmap.history.ground import EPOCH, Floats
from riskmap.history.records import Records
from riskmap.scoring.place import PlaceTerms
from riskmap.scoring.stack import ALL_PARTS, Stack, StackTables, mixture_for
from riskmap.scoring.totals import count_interval, expect_total

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "skill.md"
SHARED = ROOT.parent / "shared" / "data"

SIMPLE = (
    "uniform",
    "distance_to_line",
    "count_all",
    "count_last_year",
    "count_decay",
    "count_neighbours",
    "kde",
    "kde_recency",
    "same_season",
    "promap",
    "empirical_bayes",
)
LEARNED = ("poisson_glm", "gradient_boosting", "risk_terrain", "self_exciting")
OPEN_CP = tuple(OPEN_CP_BASELINES)
# baselines that are parts of the stack too, so that each is fitted once
PART_NAMES = {
    "mixture_corrected": "correction",
    "poisson_glm": "glm",
    "gradient_boosting": "trees",
}

GROUPS = {
    "best simple": SIMPLE,
    "best learned": LEARNED,
    "best of open_cp": OPEN_CP,
    "alone": ("self_exciting",),
    "plain": ("count_all",),
    "what riskmap brings": ("mixture",),
}

METRICS = ("pai_1pct", "pai_5pct", "information_gain_bits")
SHOWN = (*METRICS[:2], "pai_10pct", "capture_auc", METRICS[2], "crps", "calibration")

HOW = Resampling(draws=1_000, block=3)


@dataclass
class Models:
    """The stack and its parts as forecasters of one set, each map made once."""

    given: SkillSet
    parts: tuple[str, ...] = ALL_PARTS

    def __post_init__(self) -> None:
        """Lay the tables out once for all origins."""
        layers = self.given.layers
        place = PlaceTerms(layers=layers.to_numpy(dtype=np.float64))
        self.tables = StackTables(place=place, layers=layers)
        self.weights: list[dict[str, float]] = []

    def total(self, records: Records, horizon_days: int) -> float:
        """Expect the events of a horizon."""
        first = records.coverage.first_day
        found = expect_total(
            records.events.pinned.day,
            records.as_of_day,
            first if first is not None else records.as_of_day,
            horizon_days=horizon_days,
        )
        return max(found.expected, 0.5)

    def _stack(self, records: Records, horizon_days: int) -> Stack:
        return Stack(mixture_for(records, horizon_days), parts=self.parts)

    def stack(self, records: Records, horizon_days: int) -> Floats:
        """Foretell by the stack."""
        model = self._stack(records, horizon_days).fit(records, tables=self.tables)
        self.weights.append(model.weights_)
        return model.predict() * self.total(records, horizon_days)

    def part(self, name: str) -> Forecaster:
        """Foretell by one part alone."""

        def forecast(records: Records, horizon_days: int) -> Floats:
            model = self._stack(records, horizon_days)
            maps = model.maps_on(records, self.tables)
            return maps.get(name, maps["mixture"]) * self.total(records, horizon_days)

        return forecast

    def all(self) -> Mapping[str, Forecaster]:
        """List every model by name; the learned baselines are the stack's own parts."""
        learned = learned_baselines(self.given.layers)
        return {
            "stack": self.stack,
            "mixture": self.part("mixture"),
            **BASELINES,
            **NEAR_BASELINES,
            **{
                name: self.part(part)
                for name, part in PART_NAMES.items()
                if part in self.parts
            },
            "risk_terrain": learned["risk_terrain"],
            **OPEN_CP_BASELINES,
        }


Tallies = Mapping[str, Sequence[Tally]]


def measure(given: SkillSet, parts: tuple[str, ...]) -> str:
    """Run one set and write its section."""
    started, models = time.perf_counter(), Models(given, parts)
    tallies: dict[str, list[Tally]] = {}
    seconds: dict[str, float] = {}
    trials: list[Trial] = []
    for origin in given.origins:
        maps: dict[str, Floats] = {}
        for name, forecast in models.all().items():
            begun = time.perf_counter()
            trial = try_origin(
                given.records, {name: forecast}, origin, given.horizon_days
            )
            seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - begun
            maps |= trial.maps
            found = tally(trial.maps[name], trial.counts, trial.area_km2)
            tallies.setdefault(name, []).append(found)
        trials.append(Trial(area_km2=trial.area_km2, counts=trial.counts, maps=maps))
    tallies["hindsight"] = _hindsight(trials)
    return _section(
        given, tallies, models, _totals(given), time.perf_counter() - started
    )


def _hindsight(trials: Sequence[Trial]) -> list[Tally]:
    """Half the stack's map, half the counts of all other horizons, the future too."""
    everything = np.sum([trial.counts for trial in trials], axis=0)
    found = []
    for trial in trials:
        shares = trial.maps["stack"] / trial.maps["stack"].sum()
        others = np.where(trial.area_km2 > 0, everything - trial.counts, 0.0)
        both = shares + others / max(float(others.sum()), 1.0)
        # a horizon without events adds none, whatever was expected
        events = max(float(trial.counts.sum()), 1.0)
        found.append(tally(both * events / 2, trial.counts, trial.area_km2))
    return found


def _totals(given: SkillSet) -> str:
    """Say how often totals fell into their 90 % intervals."""
    hits = {"negative binomial": 0, "Poisson": 0}
    events, horizon = given.records.events.pinned, given.horizon_days
    first = given.records.coverage.first_day or 0
    for origin in given.origins:
        past = events.before(origin)
        total = expect_total(
            past.day,
            origin,
            first,
            horizon_days=horizon,
        )
        came = int(((events.day >= origin) & (events.day < origin + horizon)).sum())
        hits["negative binomial"] += total.low <= came <= total.high
        low, high = count_interval(np.array([total.expected]), np.zeros(1))
        hits["Poisson"] += bool(low[0] <= came <= high[0])
    return ", ".join(
        f"{name} {hit} of {len(given.origins)} ({hit / len(given.origins):.0%})"
        for name, hit in hits.items()
    )


def compare(
    tallies: Tallies, one: str, other: str, metric: str
) -> tuple[float, float, float]:
    """Compare two models: a ratio of PAI or a difference of bits, with bounds."""
    mine, theirs = tallies[one], tallies[other]
    ratio = metric.startswith("pai")

    def value(a: float, b: float) -> float:
        return a / max(b, 1e-9) if ratio else a - b

    exact = value(pooled(mine)[metric], pooled(theirs)[metric])
    found = []
    for horizons, weights in draw_weights(mine, HOW):
        a = resampled([mine[k] for k in horizons], weights)[metric]
        b = resampled([theirs[k] for k in horizons], weights)[metric]
        found.append(value(a, b))
    low, high = np.quantile(found, (0.025, 0.975)).tolist()
    return exact, low, high


def _section(
    given: SkillSet, tallies: Tallies, models: Models, totals: str, seconds: float
) -> str:
    """Write a set's tables."""
    value = {name: pooled(parts) for name, parts in tallies.items()}
    events = int(sum(float(part.counts.sum()) for part in tallies["stack"]))
    first, last = (
        (EPOCH + np.timedelta64(day, "D")).date()
        for day in (given.origins[0], given.origins[-1] + given.horizon_days)
    )
    lines = [
        f"## {given.name}",
        "",
        (
            f"{events} events, {len(given.origins)} origins, {given.horizon_days} days "
            f"each, {first} until before {last}; {len(given.records.ground)} cells; "
            f"{seconds:.0f} s."
        ),
        "",
        "| the stack against | metric | stack | it | ratio or difference (95 %) | |",
        "|---|---|---:|---:|---|---|",
    ]
    for group, names in {**GROUPS, "hindsight": ("hindsight",)}.items():
        for metric in METRICS:
            known = [name for name in names if name in value]
            best = max(known, key=lambda name, m=metric: value[name][m])
            exact, low, high = compare(tallies, "stack", best, metric)
            even = 1.0 if metric.startswith("pai") else 0.0
            verdict = "better" if low > even else "worse" if high < even else "none"
            lines.append(
                f"| {group}: {best} | {metric} | {value['stack'][metric]:.3f} | "
                f"{value[best][metric]:.3f} | {exact:.3f} ({low:.3f} to {high:.3f}) | "
                f"{verdict} |"
            )
    lines += ["", "| model | " + " | ".join(SHOWN) + " |"]
    lines.append("|---|" + "---:|" * len(SHOWN))
    for name in sorted(value, key=lambda n: -value[n]["information_gain_bits"]):
        row = " | ".join(f"{value[name][metric]:.3f}" for metric in SHOWN)
        lines.append(f"| {name} | {row} |")
    last_weights = ", ".join(
        f"{name} {weight:.2f}" for name, weight in models.weights[-1].items()
    )
    lines += [
        "",
        (
            f"Weights at the last origin: {last_weights}. Totals inside their 90 % "
            f"interval: {totals}."
        ),
    ]
    return "\n".join(lines)


def write_section(path: Path, name: str, text: str) -> None:
    """Put a section between its marks, adding these if they are not there."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    block = f"{begin}\n{text}\n{end}"
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page = found.sub(lambda _: block, page) if begin in page else f"{page}\n{block}\n"
    path.write_text(page, encoding="utf-8")


def main() -> None:
    """Read the arguments, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--set", action="append", dest="names")
    parser.add_argument("--part", action="append", dest="parts", choices=ALL_PARTS)
    parser.add_argument("--out", type=Path, default=REPORT)
    given = parser.parse_args()
    sets: Mapping[str, Callable[[], SkillSet]] = skill_sets(given.shared)
    for name in given.names or sets:
        with threadpool_limits(1):
            text = measure(sets[name](), tuple(given.parts or ALL_PARTS))
        today = datetime.datetime.now(tz=datetime.UTC).date()
        machine = f"{platform.machine()}, {os.cpu_count()} cores"
        write_section(given.out, name, f"{text}\n\nMeasured {today}, {machine}.")
        print(text)


if __name__ == "__main__":
    main()
