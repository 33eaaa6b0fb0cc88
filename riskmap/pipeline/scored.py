"""Scoring: the scores of a run, of whatever tables and settings, on one ground."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pandas as pd
from threadpoolctl import threadpool_limits

from riskmap.errors import TableMissingError
from riskmap.evaluation.holdout import holdout_skill
from riskmap.history.ground import lay_ground
from riskmap.history.records import Records
from riskmap.pipeline.in_use import check_layers
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Tables
from riskmap.scoring import (
    Basis,
    Preset,
    basis_of,
    forecaster_of,
    score_records,
    target_records,
)

EFFORT = "effort_by_cell"

RECORD_TABLES = ("cells", "layers", "incidents", "coverage", EFFORT)

# one seed for all, so that the same inputs give the same bytes
RANDOM_STATE = 0

T = TypeVar("T")


def make_scores(
    tables: Tables, settings: Settings, progress: Progress
) -> Sequence[pd.DataFrame]:
    """Score every cell for every purpose, apart from one another, and judge each.

    Parameters
    ----------
    tables
        With those of :data:`RECORD_TABLES`.
    settings
        The day and the presets.
    progress
        Told how far it has come.

    Returns
    -------
    Sequence of pandas.DataFrame
        The tables of scores, reasons and skill of a run.
    """

    def make(records: Records, basis: Basis) -> tuple[pd.DataFrame, ...]:
        return *score_records(records, basis), _judge(records, basis)

    made = _by_preset(make, tables, settings, progress)
    scores, reasons, skill = zip(*made, strict=True)
    return (
        pd.concat(scores, axis=1),
        pd.concat(reasons, ignore_index=True),
        pd.concat(skill, ignore_index=True),
    )


def score_cells(tables: Tables, settings: Settings, progress: Progress) -> pd.DataFrame:
    """Score the cells as a run does, and nothing else.

    Parameters
    ----------
    tables
        With those that the scores are made from.
    settings
        The day and the presets.
    progress
        Told how far it has come.

    Returns
    -------
    pandas.DataFrame
        The table of scores of a run, on ``cell``.
    """

    def make(records: Records, basis: Basis) -> pd.DataFrame:
        return score_records(records, basis)[0]

    return pd.concat(_by_preset(make, tables, settings, progress), axis=1)


def judge_scores(
    tables: Tables, settings: Settings, progress: Progress
) -> pd.DataFrame:
    """Hold out the last years and compare every score with simple maps.

    Parameters
    ----------
    tables
        With those that the scores are made from.
    settings
        The day and the presets.
    progress
        Told how far it has come.

    Returns
    -------
    pandas.DataFrame
        The skill table of a run.
    """
    return pd.concat(_by_preset(_judge, tables, settings, progress), ignore_index=True)


def _judge(records: Records, basis: Basis) -> pd.DataFrame:
    """Hold out the last years of one score."""
    return holdout_skill(records, forecaster_of(basis), score=basis.preset.name)


def _by_preset(
    make: Callable[[Records, Basis], T],
    tables: Tables,
    settings: Settings,
    progress: Progress,
) -> list[T]:
    """Make something for each preset, on one ground, each in a thread of its own."""
    given = {name: tables[name] for name in RECORD_TABLES if name != EFFORT}
    effort = effort_in(tables)
    ground, presets = lay_ground(given["cells"]), settings.presets

    def work(preset: Preset) -> T:
        check_layers(preset, given["layers"].columns)
        records = target_records(
            ground,
            given["incidents"],
            given["coverage"],
            preset,
            as_of=settings.as_of,
            effort=effort,
        )
        return make(records, basis_of(preset, given["layers"], RANDOM_STATE))

    made: list[T] = []
    # algebra in one thread each: how its sums are split would change the last digit
    with threadpool_limits(1), ThreadPoolExecutor(len(presets)) as pool:
        for done, found in enumerate(pool.map(work, presets), start=1):
            progress("scores", done, len(presets))
            made.append(found)
    return made


def effort_in(tables: Tables) -> pd.DataFrame | None:
    """Take the effort laid over the cells.

    Parameters
    ----------
    tables
        Of an assessment.

    Returns
    -------
    pandas.DataFrame or None
        :data:`riskmap.history.effort.EFFORT_TABLE`; None of one that was made before
        there was such a table.
    """
    try:
        found: pd.DataFrame = tables[EFFORT]
    except (KeyError, TableMissingError):
        return None
    return found
