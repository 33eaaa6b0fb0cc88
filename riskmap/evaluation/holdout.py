"""Holdout: the light check of every run, on the last year that was watched."""

from collections.abc import Callable
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import NoEventsError
from riskmap.evaluation.backtest import SKILL_TABLE, BacktestOptions, backtest
from riskmap.evaluation.baselines import BASELINES, Forecaster
from riskmap.evaluation.resampling import Resampling
from riskmap.history.ground import Floats
from riskmap.history.records import Records, keep_records
from riskmap.schema import empty_table

HORIZON_DAYS = 365

# baselines cheap enough for every run
LIGHT = ("count_all", "count_last_year", "count_neighbours", "kde", "uniform")

DRAWS = 300

NEUTRAL = "neutral"


class Target(Protocol):
    """What a preset says of a score, as far as a check needs it."""

    @property
    def name(self) -> str:
        """Code of the score."""

    @property
    def purpose(self) -> str:
        """Its side of the purpose wall."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of incident that are its target."""


Modeller = Callable[..., Forecaster]


def holdout_skill(  # noqa: PLR0913 - the tables of scoring, and the model
    cells: pd.DataFrame,
    features: pd.DataFrame,
    incidents: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    preset: Target,
    *,
    as_of: pd.Timestamp | str,
    modeller: Modeller,
) -> pd.DataFrame:
    """Hold out the last watched year before a day and compare with simple maps.

    One year says little: the intervals are wide, and the backtest is the judge.

    Parameters
    ----------
    cells, features, incidents, coverage
        As for scoring.
    preset
        Which score.
    as_of
        Nothing on this day or later is known.
    modeller
        Makes the score's forecaster from the preset and the layers.

    Returns
    -------
    pandas.DataFrame
        Skill table; empty if the year held no event.
    """
    mine = coverage.loc[coverage["purpose"].isin((preset.purpose, NEUTRAL))]
    records = keep_records(cells, incidents, mine, kinds=preset.kinds, as_of=as_of)
    origin = last_watched_day(records) - HORIZON_DAYS
    options = BacktestOptions(
        origins=(origin,),
        horizon_days=HORIZON_DAYS,
        resampling=Resampling(draws=DRAWS),
        marks=False,
    )
    forecasters = {
        "mixture": modeller(preset, features),
        **{name: BASELINES[name] for name in LIGHT},
    }
    first = records.coverage.first_day
    if first is None or origin <= first:
        return _no_skill()
    try:
        return backtest(records, forecasters, options, score=preset.name)
    except NoEventsError:
        return _no_skill()


def _no_skill() -> pd.DataFrame:
    """Make the skill table of a year that cannot be judged."""
    return empty_table(SKILL_TABLE, index="row").reset_index(drop=True)


def last_watched_day(records: Records) -> int:
    """Find the day after the last that any cell was watched, at most the as-of day.

    Parameters
    ----------
    records
        What is known.

    Returns
    -------
    int
        Day number.
    """
    ends = [
        spans[-1][1]
        for watch in records.coverage.watches
        for spans in watch.spans
        if spans
    ]
    return int(np.minimum(max(ends, default=records.as_of_day), records.as_of_day))


__all__ = ["Floats", "Target", "holdout_skill", "last_watched_day"]
