"""Models: train, register, approve, activate and go back; nothing is ever erased."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import ModelRefusedError, NoEventsError
from riskmap.models import register
from riskmap.models.bundle import Arrays, from_table, read_bundle, write_bundle
from riskmap.models.register import ACTIVATED, APPROVED, ROLLED_BACK
from riskmap.pipeline.bench import Bench, EvaluationOptions, lay_bench, rolling_of
from riskmap.pipeline.in_use import check_layers, preset_with
from riskmap.pipeline.judging import judge_bench
from riskmap.pipeline.model_shelf import (
    BROUGHT_BY,
    Decision,
    add_model,
    all_arrays,
    check_cells,
    decide,
    put_to_use,
    read_register,
    register_brought,
)
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.scored import RANDOM_STATE
from riskmap.project import Project
from riskmap.scoring import PRESETS, basis_of, preset_named, score_records

# draws of the intervals of a model's own check
DRAWS = 500


def list_models(project: Project, target: str | None = None) -> pd.DataFrame:
    """List the models of a project, with where each stands.

    Parameters
    ----------
    project
        The project.
    target
        One score; all if not given.

    Returns
    -------
    pandas.DataFrame
        As :data:`riskmap.models.register.MODEL_TABLE`, and ``state``.
    """
    models, decisions = read_register(project)
    table = models.assign(state=register.states(models, decisions))
    return table if target is None else table[table["score"] == target]


def model_facts(project: Project, model_id: str) -> dict[str, Any]:
    """Tell all that is recorded of one model.

    Parameters
    ----------
    project
        The project.
    model_id
        The model.

    Returns
    -------
    dict
        Its row with JSON read, its ``state`` and its ``decisions``.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    models, decisions = read_register(project)
    row = register.model_named(models, model_id)
    state = register.states(models, decisions)[models["model_id"] == model_id]
    mine = decisions[decisions["model_id"] == model_id]
    return row | {
        "settings": json.loads(row["settings"]),
        "inputs": json.loads(row["inputs"]),
        "metrics": json.loads(row["metrics"]),
        "state": str(state.iloc[0]),
        "decisions": mine.to_dict("records"),
    }


def train(
    project: Project,
    target: str,
    by: Decision,
    *,
    settings: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> str:
    """Make a model from the project's records, judge it, and register it.

    The map stays as it is until the model is approved and activated.

    Parameters
    ----------
    project
        The project, once run.
    target
        The score.
    by
        The author; the reason is kept as a note.
    settings
        ``layers`` and ``numbers`` that differ from what riskmap brings.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    str
        Id of the model.

    Raises
    ------
    ConfigError
        If a setting does not exist.
    PurposeWallError
        If a layer is from the other side of the wall.
    UnknownNameError
        If there is no such score, or no such layer here.
    TableMissingError
        Before the first run.
    """
    told, given = progress or tell_nobody, dict(settings or {})
    brought = preset_named(target, PRESETS)
    own = preset_with(brought, given)
    bench = lay_bench(project, target, progress=told)
    check_layers(own, bench.features.columns)
    usual = replace(bench, preset=brought)
    register_brought(project, target, by.at, lambda: _judged(usual, told))
    bench = replace(bench, preset=own)
    basis = basis_of(bench.preset, bench.features, RANDOM_STATE)
    scores, reasons = score_records(bench.records, basis)
    skill = _judged(bench, told)
    return add_model(
        project,
        target,
        by,
        settings=given,
        as_of=bench.as_of,
        made=(scores, reasons, skill, learned(bench)),
    )


def learned(bench: Bench) -> Arrays:
    """Take what a mixture learns from a bench: its experts and their weights.

    Parameters
    ----------
    bench
        Records and layers.

    Returns
    -------
    dict
        ``expert`` and ``weight``, of shape (n_experts,).
    """
    basis = basis_of(bench.preset, bench.features, RANDOM_STATE)
    model = basis.fit(bench.records)
    return {"expert": np.array(model.names_, dtype=str), "weight": model.weights_}


def approve(project: Project, model_id: str, by: Decision) -> None:
    """Record that somebody approves a model.

    Parameters
    ----------
    project
        The project.
    model_id
        The model.
    by
        Who, and why.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    """
    models, _ = read_register(project)
    row = register.model_named(models, model_id)
    decide(project, model_id, row["score"], APPROVED, by)


def activate(
    project: Project,
    model_id: str,
    by: Decision,
    *,
    progress: Progress | None = None,
) -> str:
    """Put a model to use: its scores become the map.

    Parameters
    ----------
    project
        The project.
    model_id
        An approved model.
    by
        Who, and why; a reason must be given for a model that is no better than the
        best simple map.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    str
        ``restored`` if the map is, byte for byte, the one that the model made when
        it was registered; ``remade`` if records or layers have changed since and the
        map was made anew with its settings.

    Raises
    ------
    ModelRefusedError
        If it is not approved, no better without a reason, or made on other cells.
    UnknownNameError
        If there is no such model.
    """
    models, decisions = read_register(project)
    row = register.model_named(models, model_id)
    register.check_activation(row, decisions, reason=by.reason)
    check_cells(project, row)
    if not register.line_of(decisions, row["score"]):
        first = f"{row['score']}-0000"
        if first != model_id:
            start = Decision(who=BROUGHT_BY, at=by.at)
            decide(project, first, row["score"], ACTIVATED, start)
    done = put_to_use(project, row, progress or tell_nobody)
    decide(project, model_id, row["score"], ACTIVATED, by)
    return done


def roll_back(
    project: Project,
    target: str,
    by: Decision,
    *,
    progress: Progress | None = None,
) -> tuple[str, str]:
    """Go back to the model that was in use before.

    Parameters
    ----------
    project
        The project.
    target
        The score.
    by
        Who, and why.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    model_id : str
        The model now in use.
    done : str
        As :func:`activate` tells.

    Raises
    ------
    ModelRefusedError
        If there is no earlier model, or it was made on other cells.
    """
    models, decisions = read_register(project)
    now, earlier = register.before_last(decisions, target)
    row = register.model_named(models, earlier)
    check_cells(project, row)
    done = put_to_use(project, row, progress or tell_nobody)
    decide(project, now, target, ROLLED_BACK, by)
    return earlier, done


def export_model(project: Project, model_id: str, out: Path) -> Path:
    """Write a model as plain files, to be read elsewhere.

    Parameters
    ----------
    project
        The project.
    model_id
        The model.
    out
        Folder; the model's own is made in it.

    Returns
    -------
    pathlib.Path
        Its folder.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    """
    models, _ = read_register(project)
    row = register.model_named(models, model_id)
    write_bundle(out / model_id, row, from_table(all_arrays(project), model_id))
    return out / model_id


def import_model(
    project: Project, folder: Path, by: Decision, *, progress: Progress | None = None
) -> str:
    """Take the settings of a model from elsewhere, and train it on own records.

    Another office's weights rest on another office's records; they are checked and
    read, never used.

    Parameters
    ----------
    project
        The project, once run.
    folder
        As :func:`export_model` wrote it.
    by
        Who takes it.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    str
        Id of the model made here.

    Raises
    ------
    ModelRefusedError
        If it is damaged, of an unknown kind, or holds anything but plain values.
    ConfigError
        If its settings do not exist here.
    """
    facts, _ = read_bundle(folder)
    try:
        given = json.loads(str(facts["settings"]))
        target = str(facts["score"])
    except (KeyError, ValueError) as error:
        msg = f"{folder.name} holds no settings."
        raise ModelRefusedError(msg, model=folder.name, reason="damaged") from error
    return train(project, target, by, settings=given, progress=progress)


def read_arrays(project: Project, model_id: str) -> Arrays:
    """Read what a model learned.

    Parameters
    ----------
    project
        The project.
    model_id
        The model.

    Returns
    -------
    dict
        By name; empty for what riskmap brings.
    """
    return from_table(all_arrays(project), model_id)


def _judged(bench: Bench, told: Progress) -> pd.DataFrame:
    """Judge a bench on past days; an empty table if it cannot be."""
    asked = EvaluationOptions(unseen=False, every=False, draws=DRAWS)
    try:
        rolling = rolling_of(bench, asked)
        found = judge_bench(bench, rolling, asked, progress=told)
    except (NoEventsError, ValueError):
        return pd.DataFrame(
            columns=["score", "model", "versus", "metric", "value", "low", "events"]
        )
    return found.skill
