"""Evaluation: a score judged beside every baseline, and what was found kept."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from riskmap.pipeline.bench import EvaluationOptions, lay_bench, rolling_of
from riskmap.pipeline.judging import STEP, Evaluation, judge_bench
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project


def evaluate(
    project: Project,
    target: str,
    options: EvaluationOptions | None = None,
    *,
    progress: Progress | None = None,
) -> Evaluation:
    """Judge a score beside every baseline, and store what was found.

    Parameters
    ----------
    project
        The project, once run.
    target
        The score.
    options
        What to judge it on.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    Evaluation
        Tables of this score, stored as ``evaluation_*``.

    Raises
    ------
    NoEventsError
        If nothing came in the horizons, or too little was watched.
    DateOptionError
        If no horizon fits between the days asked for.
    UnknownNameError
        If there is no such score.
    """
    asked, told = options or EvaluationOptions(), progress or tell_nobody
    bench = lay_bench(project, target, resolution=asked.resolution, progress=told)
    rolling = rolling_of(bench, asked)
    found = judge_bench(bench, rolling, asked, progress=told)
    _store(project, target, found, asdict(asked) | {"from_on": rolling.from_on})
    return found


def _store(
    project: Project, target: str, found: Evaluation, options: Mapping[str, Any]
) -> None:
    """Store the tables, keeping what was found of other scores."""
    inputs = {
        name: made.sha256
        for name in ("cells", "layers", "incidents", "coverage")
        if (made := project.snapshot(name)) is not None
    }
    for part in fields(Evaluation):
        name, table = f"evaluation_{part.name}", getattr(found, part.name)
        if project.snapshot(name) is not None:
            kept = project.read(name)
            table = pd.concat([kept[kept["score"] != target], table], ignore_index=True)
        said = {"target": target, **options}
        project.write(name, table, step=STEP, options=said, inputs=inputs)


def read_evaluation(project: Project, target: str) -> Evaluation | None:
    """Read what the last evaluation of a score found.

    Parameters
    ----------
    project
        The project.
    target
        The score.

    Returns
    -------
    Evaluation or None
        None if it was never judged.
    """
    found = {}
    for part in fields(Evaluation):
        name = f"evaluation_{part.name}"
        if project.snapshot(name) is None:
            return None
        table = project.read(name)
        found[part.name] = table[table["score"] == target].reset_index(drop=True)
    return Evaluation(**found) if len(found["skill"]) else None
