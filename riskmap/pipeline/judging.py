"""Judging: a bench's maps on past days, on unseen ground, and between groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.evaluation.backtest import (
    BacktestOptions,
    Trial,
    judge,
    run_trials,
    try_origin,
)
from riskmap.evaluation.curves import (
    calibration_by_tenth,
    capture_curve,
    gain_by_origin,
)
from riskmap.evaluation.fairness import accuracy_grade, fairness_table, remoteness
from riskmap.evaluation.folds import (
    RollingOrigin,
    fold_masks,
    hide,
    near,
    spatial_blocks,
)
from riskmap.evaluation.intervals import interval_coverage
from riskmap.evaluation.resampling import Resampling
from riskmap.evaluation.stability import (
    jaccard,
    move_points,
    moved_agreement,
    rank_stability,
)
from riskmap.evaluation.verdict import RAW_COUNTS, Verdict, best_simple, verdict_of
from riskmap.history.records import keep_records
from riskmap.pipeline.bench import MODEL, Bench, EvaluationOptions
from riskmap.pipeline.reports import Progress, tell_nobody

STEP = "evaluation"

# fewer events on unseen ground say nothing
LEAST_EVENTS = 20

# maps asked about ground they have never seen
ON_UNSEEN = (RAW_COUNTS, "uniform", "distance_to_line", "kde_recency")

FOLDS = ("time", "regions", "blocks")


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """What an evaluation found; each table has a column ``score``.

    Parameters
    ----------
    skill
        Skill table with ``folds``: ``time``, ``regions`` or ``blocks``.
    curves
        Share of the incidents caught by share of the area, by model.
    calibration
        Expected and observed by tenth of what was expected.
    origins
        How each map did at each origin.
    intervals
        How often totals of regions came within their intervals.
    fairness
        Errors and false alarms between groups of ground.
    stability
        ``measure`` and ``value``: agreement of the top 5 % of the area.
    """

    skill: pd.DataFrame
    curves: pd.DataFrame
    calibration: pd.DataFrame
    origins: pd.DataFrame
    intervals: pd.DataFrame
    fairness: pd.DataFrame
    stability: pd.DataFrame

    def verdict(self, score: str) -> Verdict:
        """Judge a score by what it did in time."""
        skill = self.skill[self.skill["folds"] == FOLDS[0]]
        return verdict_of(skill, score, model=MODEL)


def judge_bench(
    bench: Bench,
    rolling: RollingOrigin,
    asked: EvaluationOptions,
    *,
    progress: Progress = tell_nobody,
) -> Evaluation:
    """Judge what lies on a bench.

    Parameters
    ----------
    bench
        What is judged.
    rolling
        On which days.
    asked
        How.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    Evaluation
        Not stored.

    Raises
    ------
    NoEventsError
        If nothing came in the horizons.
    """
    name, places = bench.preset.name, range(len(rolling.origins))
    how = BacktestOptions(
        origins=rolling.origins,
        horizon_days=rolling.horizon_days,
        made_on=tuple(rolling.made_on(place) for place in places),
        resampling=Resampling(draws=asked.draws),
    )
    models = bench.every_forecaster if asked.every else bench.forecasters
    trials = run_trials(bench.records, models, how, told=_counted(progress, STEP))
    skill = [judge(trials, how, score=name).assign(folds=FOLDS[0])]
    if asked.unseen:
        for folds, labels in (
            (FOLDS[1], bench.regions),
            (FOLDS[2], spatial_blocks(bench.records.ground.cells)),
        ):
            unseen = _try_unseen(bench, rolling, labels, _counted(progress, folds))
            if unseen:
                skill.append(
                    judge(unseen, _one_horizon(rolling, how), score=name).assign(
                        folds=folds
                    )
                )
    shown = _shown(skill[0])
    regions = fold_masks(
        bench.records,
        bench.regions,
        least_events=LEAST_EVENTS,
        from_day=rolling.origins[0],
        to_day=bench.records.as_of_day,
    )
    ground = bench.records.ground
    groups = {
        "side": ground.cells["side"],
        "region": bench.regions,
        "remoteness": remoteness(bench.features["distance_to_town_km"]),
        "accuracy": accuracy_grade(bench.records.before(rolling.origins[-1])),
    }
    tables = Evaluation(
        skill=pd.concat(skill, ignore_index=True).astype({"folds": "str"}),
        curves=_each(capture_curve, trials, shown),
        calibration=_each(calibration_by_tenth, trials, shown),
        origins=pd.concat(
            [gain_by_origin(trials, model, rolling.origins) for model in shown],
            ignore_index=True,
        ),
        intervals=interval_coverage(trials, MODEL, regions),
        fairness=pd.concat(
            [fairness_table(trials, model, groups) for model in shown],
            ignore_index=True,
        ),
        stability=_stability(bench, trials, rolling, shown),
    )
    return Evaluation(
        **{
            part.name: _named(getattr(tables, part.name), name)
            for part in fields(Evaluation)
        }
    )


def _named(table: pd.DataFrame, score: str) -> pd.DataFrame:
    """Put the score's name first."""
    rest = table.drop(columns="score", errors="ignore")
    rest.insert(0, "score", pd.array([score] * len(rest), dtype="str"))
    return rest


def _counted(progress: Progress, step: str) -> Callable[[int, int], None]:
    """Tell of one step."""
    return lambda done, total: progress(step, done, total)


def _each(
    draw: Callable[[Sequence[Trial], str], pd.DataFrame],
    trials: Sequence[Trial],
    models: Sequence[str],
) -> pd.DataFrame:
    """Draw a curve of each model."""
    return pd.concat([draw(trials, model) for model in models], ignore_index=True)


def _shown(skill: pd.DataFrame) -> tuple[str, ...]:
    """Name the maps that are drawn: the score, the best simple map, raw counts."""
    own = skill[skill["versus"] == ""]
    wide = own.pivot_table(index="model", columns="metric", values="value")
    measured: Mapping[str, Any] = wide.to_dict("index")
    return tuple(dict.fromkeys((MODEL, best_simple(measured), RAW_COUNTS, "uniform")))


def _one_horizon(rolling: RollingOrigin, how: BacktestOptions) -> BacktestOptions:
    """One map, made on the first origin, judged on all that came since."""
    first, last = rolling.origins[0], rolling.origins[-1] + rolling.horizon_days
    return replace(
        how,
        origins=(first,),
        made_on=(first,),
        horizon_days=last - first,
        marks=False,
        resampling=replace(how.resampling, block=1),
    )


def _try_unseen(
    bench: Bench,
    rolling: RollingOrigin,
    labels: pd.Series,
    told: Callable[[int, int], None],
) -> list[Trial]:
    """Leave parts of the ground out one by one, and judge maps of them there."""
    day, end = rolling.origins[0], rolling.origins[-1] + rolling.horizon_days
    masks = fold_masks(
        bench.records, labels, least_events=LEAST_EVENTS, from_day=day, to_day=end
    )
    models = bench.forecasters
    asked = {name: models[name] for name in (MODEL, *ON_UNSEEN)}
    found = []
    for done, mask in enumerate(masks.values()):
        told(done, len(masks))
        unseen = hide(bench.records, near(bench.records, mask), day)
        trial = try_origin(unseen, asked, day, end - day, only=mask)
        came = bench.records.events.pinned.counts(len(mask), day, end)
        judged = np.where(trial.area_km2 > 0, came, 0.0)
        if judged.sum() > 0:
            found.append(replace(trial, counts=judged))
    return found


def _stability(
    bench: Bench,
    trials: Sequence[Trial],
    rolling: RollingOrigin,
    models: Sequence[str],
) -> pd.DataFrame:
    """Measure how much maps move in time, and the score's map with its grid."""
    rows = [
        (
            model,
            "consecutive_origins",
            rank_stability(
                [trial.maps[model] for trial in trials],
                [trial.area_km2 for trial in trials],
            ),
        )
        for model in models
    ]
    ground = bench.records.ground
    east = ground.edge_km / 2
    moved = move_points(bench.incidents, east_km=east, north_km=east)
    records = keep_records(
        ground.cells,
        moved,
        bench.coverage,
        kinds=bench.preset.kinds,
        as_of=bench.as_of,
        looked=bench.records.coverage.looked,
    )
    forecasters, origin = bench.every_forecaster, rolling.origins[-1]
    for model in models:
        if model == "uniform":
            continue
        found = forecasters[model](records.before(origin), rolling.horizon_days)
        agreed = moved_agreement(
            ground.cells,
            trials[-1].maps[model],
            np.nan_to_num(found),
            east_km=east,
            north_km=east,
        )
        rows.append((model, "grid_moved_half_a_cell", agreed))
    if len(trials) > 1:
        first, last = trials[0], trials[-1]
        area = np.minimum(first.area_km2, last.area_km2)
        rows += [
            (model, "first_to_last", jaccard(first.maps[model], last.maps[model], area))
            for model in models
        ]
    table = pd.DataFrame(rows, columns=["model", "measure", "value"])
    return table.astype({"model": "str", "measure": "str", "value": "float64"})
