"""Holdout: the light check of every run, on the last years that were watched."""

import pandas as pd

from riskmap.errors import NoEventsError
from riskmap.evaluation.backtest import SKILL_TABLE, BacktestOptions, backtest
from riskmap.evaluation.baselines import BASELINES, Forecaster
from riskmap.evaluation.resampling import Resampling
from riskmap.history.records import Records
from riskmap.schema import empty_table

HORIZON_DAYS = 365

# one year in which two towns hold most events says little; three cost two seconds
MOST_YEARS = 3

# baselines cheap enough for every run
LIGHT = ("count_all", "count_last_year", "count_neighbours", "uniform")

DRAWS = 300


def holdout_skill(
    records: Records, forecaster: Forecaster, *, score: str
) -> pd.DataFrame:
    """Hold out the last three watched years, one by one, and compare with simple maps.

    Each year is foretold from what was over before it. Three years say little: the
    intervals are wide, and a longer backtest is the judge.

    Parameters
    ----------
    records
        What is known.
    forecaster
        The score's own model.
    score
        Name of the score in the table.

    Returns
    -------
    pandas.DataFrame
        Skill table; empty if the years held no event.
    """
    origins = last_origins(records)
    options = BacktestOptions(
        origins=origins,
        horizon_days=HORIZON_DAYS,
        resampling=Resampling(draws=DRAWS),
        marks=False,
    )
    forecasters = {
        "mixture": forecaster,
        **{name: BASELINES[name] for name in LIGHT},
    }
    if not origins:
        return _no_skill()
    try:
        return backtest(records, forecasters, options, score=score)
    except NoEventsError:
        return _no_skill()


def _no_skill() -> pd.DataFrame:
    """Make the skill table of a year that cannot be judged."""
    return empty_table(SKILL_TABLE, index="row").reset_index(drop=True)


def last_origins(records: Records) -> tuple[int, ...]:
    """List the days from which the last watched years are foretold.

    Parameters
    ----------
    records
        What is known.

    Returns
    -------
    tuple of int
        At most three day numbers, ascending, each with a watched year before it; the
        last year ends on the as-of day, or when the sources ended.
    """
    first = records.coverage.first_day
    if first is None:
        return ()
    days = [
        records.as_of_day - HORIZON_DAYS * back for back in range(MOST_YEARS, 0, -1)
    ]
    return tuple(day for day in days if day >= first + HORIZON_DAYS)
