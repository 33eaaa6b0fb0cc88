"""Effort log: who looked where, which corrects the scores for where people look."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.config import FILE, read_config
from riskmap.history.effort import (
    LOG_TABLE,
    lay_effort,
    looked_at,
    read_log,
)
from riskmap.pipeline.access import holder_of
from riskmap.pipeline.audit import audited
from riskmap.pipeline.contacts import read_faultless, take_whole
from riskmap.pipeline.record_marks import mark_effort
from riskmap.pipeline.reports import BatchReport, Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.pipeline.scored import EFFORT
from riskmap.project import Batches, Project
from riskmap.schema import empty_table
from riskmap.scoring import PRESETS
from riskmap.sharing.policy import marking_of_rows

KIND = "effort"

EFFORT_COLUMNS = tuple(column.name for column in LOG_TABLE)


@audited("import")
def take_effort(
    project: Project, file: Path, *, at: datetime.datetime | None = None
) -> BatchReport:
    """Take a log of effort: from now on it holds in place of the one before.

    Parameters
    ----------
    project
        The project.
    file
        A table with the columns of :data:`riskmap.history.effort.LOG_TABLE`, or with
        ``latitude`` and ``longitude`` for ``cell``.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        ``repeated`` if it says just what holds.

    Raises
    ------
    InputError
        If the file cannot be read, or a row is wrong; nothing is taken then.
    MarkingError
        If a marking has a label that is none.
    """
    raw = read_faultless(file, "effort")
    resolution = read_config(project.path / FILE).corridor.resolution
    table = read_log(raw.frame, resolution)
    # refused now if a label is none, not when somebody looks
    marking_of_rows(mark_effort(table), originator=holder_of(project))
    return take_whole(project, KIND, table, effort_of(project), raw, at)


def effort_of(project: Project) -> pd.DataFrame:
    """Read the log of effort that holds.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.history.effort.LOG_TABLE`; empty if none was given.
    """
    return _latest(project.batches(KIND))


def _latest(batches: Batches) -> pd.DataFrame:
    """Take the log that came last."""
    if not len(batches):
        return empty_table(LOG_TABLE, index="row").reset_index(drop=True)
    return batches[-1:].accepted().reset_index(drop=True)


def _lay(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Take the step."""
    log = _latest(tables[f"batches:{KIND}"])
    share = settings.config.effort.reported_share
    cells, as_of = tables["cells"], settings.as_of
    return (lay_effort(cells, log, as_of=as_of, reported_share=share),)


def _settings(settings: Settings) -> Mapping[str, Any]:
    """Name the day, and the share that is reported whoever looks."""
    share = settings.config.effort.reported_share
    return {"as_of": settings.as_of, "reported_share": share}


EFFORT_STEP = Step(
    name="effort",
    makes=(EFFORT,),
    make=_lay,
    needs=("cells",),
    batches=(KIND,),
    options=_settings,
)


def describe_effort(project: Project) -> list[dict[str, Any]]:
    """Say of each score whether it is corrected for effort, and from what.

    Parameters
    ----------
    project
        After a run.

    Returns
    -------
    list of dict
        ``score``, ``state`` (``off`` without a log of its side, ``unsaid`` without the
        reported share, ``even`` if all counts alike, ``on``), ``hours`` done and
        ``cells`` they were spent in, ``reported_share`` (0 if nobody said it).
    """
    made = project.snapshot(EFFORT)
    if made is None:
        return []
    table = project.read(EFFORT)
    found = []
    for preset in PRESETS:
        mine = table[table["purpose"] == preset.purpose]
        share = float(made.options["reported_share"])
        if not len(mine):
            state = "off"
        elif not share:
            state = "unsaid"
        else:
            index = pd.Index(mine["cell"])
            corrects = looked_at(index, table, preset.purpose) is not None
            state = "on" if corrects else "even"
        found.append(
            {
                "score": preset.name,
                "state": state,
                "hours": float(mine["hours"].sum()),
                "cells": len(mine),
                "reported_share": share,
            }
        )
    return found


def sum_effort(project: Project) -> pd.DataFrame:
    """Add the log up by side, agency, kind and state.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        With ``hours``, ``cells``, ``from_on`` and ``to_on``.
    """
    log = effort_of(project)
    groups = log.groupby(["side", "agency", "kind", "state"], sort=True)
    return groups.agg(
        hours=("hours", "sum"),
        cells=("cell", "nunique"),
        from_on=("from_on", "min"),
        to_on=("to_on", "max"),
    ).reset_index()
