"""Backtest: maps made on many past days, each compared with what came after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from riskmap.errors import NoEventsError
from riskmap.evaluation.baselines import Forecaster
from riskmap.evaluation.folds import Mask
from riskmap.evaluation.metrics import METRICS, Tally, pooled, tally
from riskmap.evaluation.resampling import Resampling, bounds, draw_weights
from riskmap.evaluation.verdict import RAW_COUNTS, best_simple
from riskmap.history.ground import EPOCH, Floats
from riskmap.history.records import Records
from riskmap.schema import Column

DAY = "datetime64[us, UTC]"

SKILL_TABLE: tuple[Column, ...] = (
    Column(name="score", dtype="str"),
    Column(name="model", dtype="str"),
    Column(name="versus", dtype="str", meaning="Subtracted model; '' if none."),
    Column(name="metric", dtype="str"),
    Column(name="horizon_days", dtype="int64", unit="d", lowest=1),
    Column(name="from_on", dtype=DAY, meaning="First day held out."),
    Column(name="to_on", dtype=DAY, meaning="Day after the last held out."),
    Column(name="events", dtype="int64", lowest=1),
    Column(name="value", dtype="float64"),
    Column(name="low", dtype="float64", missing=True),
    Column(name="high", dtype="float64", missing=True),
)

# marks beside every result: what chance alone leaves, and what the future would give
NOISE_CEILING, HINDSIGHT = "noise_ceiling", "hindsight"
CEILING_DRAWS = 10


@dataclass(frozen=True, kw_only=True)
class BacktestOptions:
    """Which days to stand on, and how far ahead to look.

    Parameters
    ----------
    origins
        Day numbers on which the maps are made, ascending.
    horizon_days
        Days ahead; horizons should not overlap.
    resampling
        How intervals are drawn.
    marks
        Whether to work the noise ceiling and the hindsight map out.
    made_on
        Day number on which the map of each origin was made, where it is earlier; see
        :meth:`riskmap.evaluation.folds.RollingOrigin.made_on`.
    """

    origins: tuple[int, ...]
    horizon_days: int = 365
    resampling: Resampling = field(default_factory=Resampling)
    marks: bool = True
    made_on: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One horizon: where it was watched, what came, what each map expected.

    Parameters
    ----------
    area_km2
        Watched area of each cell, before and during.
    counts
        Events that came on it.
    maps
        Expected events by model.
    """

    area_km2: Floats
    counts: Floats
    maps: Mapping[str, Floats]


def try_origin(
    records: Records,
    forecasters: Mapping[str, Forecaster],
    origin: int,
    horizon_days: int,
    *,
    made_on: int | None = None,
    only: Mask | None = None,
) -> Trial:
    """Make every map on one day, from what was over by then, and look ahead.

    Parameters
    ----------
    records
        All that is known at the end.
    forecasters
        Models by name; each is shown the records before the origin only.
    origin
        Day number on which the maps are made.
    horizon_days
        Days ahead.
    made_on
        Day from which nothing was known, where that is before the origin.
    only
        The ground that is judged, where that is not all.

    Returns
    -------
    Trial
        What came, and what was expected.
    """
    made, end = origin if made_on is None else made_on, origin + horizon_days
    past = records.before(made)
    watched = np.minimum(
        records.coverage.ever_before(made),
        records.coverage.share_between(origin, end),
    )
    if only is not None:
        watched = np.where(only, watched, 0.0)
    counts = records.events.pinned.counts(len(records.ground), origin, end)
    known = past.watched
    openness = np.divide(watched, known, out=np.zeros_like(watched), where=known > 0)
    return Trial(
        area_km2=records.ground.area_km2 * watched,
        counts=np.where(watched > 0, counts, 0.0),
        maps={
            name: np.nan_to_num(forecast(past, horizon_days)) * openness
            for name, forecast in forecasters.items()
        },
    )


def backtest(
    records: Records,
    forecasters: Mapping[str, Forecaster],
    options: BacktestOptions,
    *,
    score: str,
) -> pd.DataFrame:
    """Compare models on what came after each of many days.

    Parameters
    ----------
    records
        All that is known at the end, from :func:`riskmap.history.records.keep_records`.
    forecasters
        Models by name; :data:`RAW_COUNTS` must be one, and is what the others are
        compared with.
    options
        Which days.
    score
        Name of the score in the table.

    Returns
    -------
    pandas.DataFrame
        Skill table: ``score``, ``model``, ``versus`` (empty for the model's own
        value, else the model that ``value`` is the difference from), ``metric``,
        ``horizon_days``, ``from_on``, ``to_on``, ``events``, ``value``, ``low``,
        ``high`` (95 %; NaN where not drawn). Differences are from raw counts and, for
        the score's own model, from the best simple map too: the one that, told by
        hindsight, gained most bits.

    Raises
    ------
    NoEventsError
        If nothing came in any horizon.
    """
    return judge(run_trials(records, forecasters, options), options, score=score)


def run_trials(
    records: Records,
    forecasters: Mapping[str, Forecaster],
    options: BacktestOptions,
    *,
    told: Callable[[int, int], None] | None = None,
) -> list[Trial]:
    """Make every map on every day.

    Parameters
    ----------
    records
        All that is known at the end.
    forecasters
        Models by name.
    options
        Which days.
    told
        Told how many origins of how many are done.

    Returns
    -------
    list of Trial
        One an origin.
    """
    made_on = options.made_on or options.origins
    found: list[Trial] = []
    for done, (origin, made) in enumerate(zip(options.origins, made_on, strict=True)):
        if told is not None:
            told(done, len(made_on))
        found.append(
            try_origin(records, forecasters, origin, options.horizon_days, made_on=made)
        )
    return found


def judge(
    trials: Sequence[Trial], options: BacktestOptions, *, score: str
) -> pd.DataFrame:
    """Tally trials and pool them into a skill table.

    Parameters
    ----------
    trials
        One an origin, all of the same models; the first is the score's own.
    options
        How they came about, and how intervals are drawn.
    score
        Name of the score in the table.

    Returns
    -------
    pandas.DataFrame
        As :func:`backtest` describes.

    Raises
    ------
    NoEventsError
        If nothing came in any horizon.
    """
    names = tuple(trials[0].maps) if trials else ()
    if sum(float(trial.counts.sum()) for trial in trials) == 0:
        msg = f"No event of {score} lies in the horizons to test on."
        raise NoEventsError(msg, target=score, before="")
    tallies = {
        name: [
            tally(trial.maps[name], trial.counts, trial.area_km2) for trial in trials
        ]
        for name in names
    }
    if options.marks:
        tallies |= _marks(trials, tallies, names[0])
    return skill_table(tallies, options, score=score)


def skill_table(
    tallies: Mapping[str, Sequence[Tally]], options: BacktestOptions, *, score: str
) -> pd.DataFrame:
    """Pool tallies into a skill table.

    Parameters
    ----------
    tallies
        For each model one tally for each origin.
    options
        Which days.
    score
        Name of the score in the table.

    Returns
    -------
    pandas.DataFrame
        As :func:`backtest` describes.
    """
    how = options.resampling
    raw = tallies[RAW_COUNTS]
    draws = draw_weights(raw, how)
    rows: list[tuple[object, ...]] = []
    best = best_simple({name: pooled(parts) for name, parts in tallies.items()})
    first_model = next(iter(tallies))
    for model, parts in tallies.items():
        own = pooled(parts)
        sure = bounds(parts, draws, how.level) if _same_events(parts, raw) else {}
        rows += [
            (model, "", m, own[m], *sure.get(m, (np.nan, np.nan))) for m in METRICS
        ]
        rivals = {RAW_COUNTS} | ({best} if model == first_model else set())
        for rival in sorted(rivals - {model}) if sure else ():
            gap = bounds(parts, draws, how.level, against=tallies[rival])
            theirs = pooled(tallies[rival])
            rows += [
                (model, rival, m, own[m] - theirs[m], *gap.get(m, (np.nan, np.nan)))
                for m in METRICS
            ]
    table = pd.DataFrame(
        rows, columns=["model", "versus", "metric", "value", "low", "high"]
    )
    first, last = min(options.origins), max(options.origins) + options.horizon_days
    table["score"], table["horizon_days"] = score, options.horizon_days
    table["from_on"] = EPOCH + pd.Timedelta(days=first)
    table["to_on"] = EPOCH + pd.Timedelta(days=last)
    table["events"] = round(sum(float(part.counts.sum()) for part in raw))
    dtypes = {column.name: column.dtype for column in SKILL_TABLE}
    return table[list(dtypes)].astype(dtypes)


def _same_events(one: Sequence[Tally], other: Sequence[Tally]) -> bool:
    """Tell whether two maps were compared with the same events."""
    return len(one) == len(other) and all(
        np.array_equal(a.rows, b.rows) and np.array_equal(a.counts, b.counts)
        for a, b in zip(one, other, strict=True)
    )


def _marks(
    trials: Sequence[Trial], tallies: Mapping[str, Sequence[Tally]], model: str
) -> dict[str, list[Tally]]:
    """Work two marks out for a model.

    The noise ceiling: what its own map scores on counts drawn from itself, so what it
    would score if it were exactly true. Hindsight: half its map, half the counts of
    all other horizons, the future included.
    """
    draw = np.random.default_rng(0)
    ceiling, hindsight = [], []
    everything = np.sum([trial.counts for trial in trials], axis=0)
    for trial, part in zip(trials, tallies[model], strict=True):
        shares = trial.maps[model] * (trial.area_km2 > 0)
        shares = shares / shares.sum()
        events = float(part.counts.sum())
        ceiling += [
            tally(shares * events, draw.poisson(shares * events), trial.area_km2)
            for _ in range(CEILING_DRAWS)
        ]
        others = (everything - trial.counts) * (trial.area_km2 > 0)
        both = shares + (others / others.sum() if others.sum() > 0 else shares)
        hindsight.append(tally(both * events / 2, trial.counts, trial.area_km2))
    return {NOISE_CEILING: ceiling, HINDSIGHT: hindsight}
