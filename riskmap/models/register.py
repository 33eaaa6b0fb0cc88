"""Register: every model ever made, and what was decided of it; nothing is erased."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from riskmap.errors import ModelRefusedError, UnknownNameError
from riskmap.schema import Column

BETTER = "better"

MADE, APPROVED, ACTIVATED, ROLLED_BACK = "made", "approved", "activated", "rolled_back"

DRAFT, ACTIVE, RETIRED = "draft", "active", "retired"

MODEL_TABLE: tuple[Column, ...] = (
    Column(name="model_id", dtype="str"),
    Column(name="score", dtype="str"),
    Column(name="kind", dtype="str"),
    Column(name="settings", dtype="str", meaning="JSON: what differs from riskmap's."),
    Column(name="seed", dtype="int64"),
    Column(name="as_of", dtype="str", meaning="First day not known, ISO 8601."),
    Column(name="resolution", dtype="int64"),
    Column(name="data_sha256", dtype="str"),
    Column(name="inputs", dtype="str", meaning="JSON: table to checksum."),
    Column(name="riskmap_version", dtype="str"),
    Column(name="verdict", dtype="str"),
    Column(name="best", dtype="str", meaning="Best simple map, told by hindsight."),
    Column(name="gain_bits", dtype="float64", missing=True),
    Column(name="gain_low", dtype="float64", missing=True),
    Column(name="gain_high", dtype="float64", missing=True),
    Column(name="events", dtype="int64", lowest=0),
    Column(name="metrics", dtype="str", meaning="JSON: model to metric to value."),
    Column(name="author", dtype="str"),
    Column(name="note", dtype="str"),
    Column(name="made_at", dtype="str"),
    Column(name="scores_sha256", dtype="str"),
    Column(name="reasons_sha256", dtype="str"),
    Column(name="arrays_sha256", dtype="str"),
)

DECISION_TABLE: tuple[Column, ...] = (
    Column(name="model_id", dtype="str"),
    Column(name="score", dtype="str"),
    Column(name="event", dtype="str", values=(MADE, APPROVED, ACTIVATED, ROLLED_BACK)),
    Column(name="who", dtype="str"),
    Column(name="reason", dtype="str"),
    Column(name="at", dtype="str"),
)


def typed(rows: Any, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Make a table of the dtypes that its contract says.

    Parameters
    ----------
    rows
        Mappings or a table.
    columns
        The contract.

    Returns
    -------
    pandas.DataFrame
        Its columns only, in its order.

    Examples
    --------
    >>> typed([], DECISION_TABLE).columns.tolist()[:2]
    ['model_id', 'score']
    """
    names = [column.name for column in columns]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({column.name: column.dtype for column in columns})


def hash_of(value: Mapping[str, Any]) -> str:
    """Name what a model was made from by one checksum.

    Parameters
    ----------
    value
        Plain values.

    Returns
    -------
    str
        SHA-256 of its JSON, keys in order.

    Examples
    --------
    >>> hash_of({"b": 1, "a": 2}) == hash_of({"a": 2, "b": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def next_id(models: pd.DataFrame, score: str) -> str:
    """Name the next model of a score.

    Parameters
    ----------
    models
        As :data:`MODEL_TABLE`.
    score
        The score.

    Returns
    -------
    str
        ``SCORE-0000`` is what riskmap brings, ``SCORE-0001`` the first of one's own.

    Examples
    --------
    >>> next_id(typed([], MODEL_TABLE), "patrol_risk")
    'patrol_risk-0000'
    """
    return f"{score}-{int((models['score'] == score).sum()):04d}"


def model_named(models: pd.DataFrame, model_id: str) -> dict[str, Any]:
    """Find a model.

    Parameters
    ----------
    models
        As :data:`MODEL_TABLE`.
    model_id
        Its id.

    Returns
    -------
    dict
        Its row.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    rows = models[models["model_id"] == model_id]
    if rows.empty:
        known = ", ".join(models["model_id"])
        msg = f"There is no model {model_id!r}. Models: {known}."
        raise UnknownNameError(msg, kind="model", value=model_id, known=known)
    found: dict[str, Any] = rows.iloc[0].to_dict()
    return found


def line_of(decisions: pd.DataFrame, score: str) -> tuple[str, ...]:
    """List the models that a way back leads through, the one in use last.

    Parameters
    ----------
    decisions
        As :data:`DECISION_TABLE`, in order of time.
    score
        The score.

    Returns
    -------
    tuple of str
        Ids; empty if none was ever activated.

    Examples
    --------
    >>> rows = [{"model_id": m, "score": "s", "event": e, "who": "", "reason": "",
    ...     "at": ""} for m, e in [("s-0000", "activated"), ("s-0001", "activated"),
    ...     ("s-0001", "rolled_back"), ("s-0002", "activated")]]
    >>> line_of(typed(rows, DECISION_TABLE), "s")
    ('s-0000', 's-0002')
    """
    line: list[str] = []
    for row in decisions[decisions["score"] == score].itertuples():
        if row.event == ACTIVATED:
            line.append(str(row.model_id))
        elif row.event == ROLLED_BACK and line:
            line.pop()
    return tuple(line)


def states(models: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    """Tell where each model stands.

    Parameters
    ----------
    models, decisions
        The register.

    Returns
    -------
    pandas.Series of str
        On the models' index: ``draft``, ``approved``, ``active`` or ``retired`` (was
        active once).
    """
    found = []
    for row in models.itertuples():
        mine = decisions[decisions["model_id"] == row.model_id]
        line = line_of(decisions, str(row.score))
        if line and line[-1] == row.model_id:
            found.append(ACTIVE)
        elif (mine["event"] == ACTIVATED).any():
            found.append(RETIRED)
        else:
            found.append(APPROVED if is_approved(decisions, row.model_id) else DRAFT)
    return pd.Series(found, index=models.index, name="state", dtype="str")


def is_approved(decisions: pd.DataFrame, model_id: Any) -> bool:
    """Tell whether somebody approved a model.

    Parameters
    ----------
    decisions
        As :data:`DECISION_TABLE`.
    model_id
        The model.

    Returns
    -------
    bool
        True if so.
    """
    mine = decisions[decisions["model_id"] == model_id]
    return bool((mine["event"] == APPROVED).any())


def check_activation(
    model: Mapping[str, Any], decisions: pd.DataFrame, *, reason: str
) -> None:
    """Refuse a model that nobody approved, or that is no better without a reason.

    Parameters
    ----------
    model
        Its row.
    decisions
        What was decided so far.
    reason
        Why it is to be used; must be given where it is no better than the best
        simple map, or was never tested.

    Raises
    ------
    ModelRefusedError
        With the reason ``unapproved`` or ``unproven``.
    """
    name = str(model["model_id"])
    if not is_approved(decisions, name):
        msg = f"{name} has not been approved."
        raise ModelRefusedError(msg, model=name, reason="unapproved")
    if model["verdict"] != BETTER and not reason.strip():
        msg = f"{name} is no better than the best simple map; say why it is to be used."
        raise ModelRefusedError(msg, model=name, reason="unproven")


def before_last(decisions: pd.DataFrame, score: str) -> tuple[str, str]:
    """Name the model in use and the one to go back to.

    Parameters
    ----------
    decisions
        As :data:`DECISION_TABLE`.
    score
        The score.

    Returns
    -------
    tuple of str
        The one in use, the one before it.

    Raises
    ------
    ModelRefusedError
        With the reason ``no_previous`` if there is none.
    """
    line = line_of(decisions, score)
    if len(line) < 2:  # noqa: PLR2004 - one in use and one before it
        msg = f"{score} has no earlier model to go back to."
        raise ModelRefusedError(msg, model=score, reason="no_previous")
    return line[-1], line[-2]
