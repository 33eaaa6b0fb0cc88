"""Follow-up: how investigations stand, what evidence is held, who owes what."""

import datetime
import hashlib
from typing import Any

import orjson
import pandas as pd

from riskmap.errors import DateOptionError, OptionError, UnknownNameError
from riskmap.ingest.identity import hold_identity
from riskmap.pipeline.amendments import check_known
from riskmap.pipeline.audit import now, record_action
from riskmap.pipeline.register import NO_FAULTS
from riskmap.project import Project
from riskmap.schema import Column, check_table, empty_table

INVESTIGATIONS = ("none", "open", "suspended", "closed", "referred")

OUTCOMES = (
    "",
    "confirmed",
    "not_confirmed",
    "identified",
    "not_identified",
    "prosecuted",
    "no_action",
)

TASK_STATES = ("open", "done", "cancelled")

OWNERS = ("US", "MX", "both")

TOPICS = ("investigation", "evidence", "task")

LONGEST_NOTE = 200

TASK_DIGITS = 6

FOLLOW_UP_TABLE: tuple[Column, ...] = (
    Column(name="event_id", dtype="str"),
    Column(name="topic", dtype="str", values=TOPICS),
    Column(name="item", dtype="str", meaning="name of a task, or empty"),
    Column(name="state", dtype="str", meaning="of the investigation or the task"),
    Column(name="outcome", dtype="str", values=OUTCOMES),
    Column(name="side", dtype="str", values=(*OWNERS, "")),
    Column(name="note", dtype="str", meaning="what exists, or what is to be done"),
    Column(name="due_on", dtype="str", meaning="ISO 8601, or empty"),
    Column(name="known_at", dtype="str", meaning="when it was entered, ISO 8601"),
)


def _named(kind: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is not in its list."""
    if value not in known:
        msg = f"The {kind} must be one of {known}, got {value!r}."
        raise UnknownNameError(msg, kind=kind, value=value, known=known)


def _note(text: str) -> str:
    """Refuse a note that tells of a person, or is a story."""
    tidy = text.strip()
    personal = bool(hold_identity(pd.Series([tidy], dtype="str")).iloc[0])
    if not tidy or personal or len(tidy) > LONGEST_NOTE:
        msg = f"A note must have 1 to {LONGEST_NOTE} characters and tell of no person."
        raise OptionError(
            msg, option="note", value=tidy[:LONGEST_NOTE] if not personal else "…"
        )
    return tidy


def all_entries(project: Project) -> pd.DataFrame:
    """Read every entry ever made, the oldest first.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        :data:`FOLLOW_UP_TABLE`.
    """
    batches = project.batches("follow_up")
    if not len(batches):
        return empty_table(FOLLOW_UP_TABLE, index="entry").reset_index(drop=True)
    return batches.accepted().reset_index(drop=True)


def standing(entries: pd.DataFrame) -> pd.DataFrame:
    """Keep the last entry of each investigation, evidence note and task.

    Parameters
    ----------
    entries
        :data:`FOLLOW_UP_TABLE`, the oldest first.

    Returns
    -------
    pandas.DataFrame
        The same columns. Evidence is kept for each side that holds some.
    """
    side = entries["side"].where(entries["topic"] == "evidence", "")
    keyed = entries.assign(key=side)
    last = ~keyed.duplicated(["event_id", "topic", "item", "key"], keep="last")
    return entries[last].reset_index(drop=True)


def _record(
    project: Project, entry: dict[str, str], at: datetime.datetime | None
) -> dict[str, str]:
    """Record an entry; the ones before it stay."""
    check_known(project.batches("incidents"), entry["event_id"])
    earlier = project.batches("follow_up")
    known_at = (at or now()).isoformat(timespec="seconds")
    row = {column.name: entry.get(column.name, "") for column in FOLLOW_UP_TABLE}
    row["known_at"] = known_at
    table = pd.DataFrame([row], dtype="str")
    check_table(table, FOLLOW_UP_TABLE, name="follow_up")
    said = orjson.dumps([row, len(earlier)], option=orjson.OPT_SORT_KEYS)
    project.record_batch(
        "follow_up",
        accepted=table,
        faults=NO_FAULTS,
        file_sha256=hashlib.sha256(said).hexdigest(),
        file_name=f"{row['topic']}-{len(earlier) + 1}",
        profile="by hand",
        duplicates=0,
        rows_in=1,
        known_at=known_at,
        seen=len(earlier),
    )
    # what was entered about which incident, not what it says
    detail = {name: row[name] for name in ("topic", "item") if row[name]}
    record_action(project, "edit", row["event_id"], detail=detail)
    return row


def set_investigation(
    project: Project,
    event_id: str,
    state: str,
    *,
    outcome: str = "",
    at: datetime.datetime | None = None,
) -> dict[str, str]:
    """Enter how the investigation of an incident stands.

    Parameters
    ----------
    project
        The project.
    event_id
        The incident.
    state
        One of :data:`INVESTIGATIONS`.
    outcome
        One of :data:`OUTCOMES`.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    dict of str to str
        The entry.

    Raises
    ------
    UnknownNameError
        If the incident or a word is not known.
    """
    _named("investigation", state, INVESTIGATIONS)
    _named("outcome", outcome, OUTCOMES)
    entry = {"event_id": event_id, "topic": "investigation", "state": state}
    return _record(project, entry | {"outcome": outcome}, at)


def note_evidence(
    project: Project,
    event_id: str,
    note: str,
    *,
    held_by: str,
    at: datetime.datetime | None = None,
) -> dict[str, str]:
    """Note what evidence exists and which side holds it; never the evidence itself.

    Parameters
    ----------
    project
        The project.
    event_id
        The incident.
    note
        What exists, in at most 200 characters, nothing of persons.
    held_by
        One of :data:`OWNERS`.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    dict of str to str
        The entry.

    Raises
    ------
    UnknownNameError
        If the incident or the side is not known.
    OptionError
        If the note tells of a person or is too long.
    """
    _named("landmark_side", held_by, OWNERS)
    entry = {"event_id": event_id, "topic": "evidence", "note": _note(note)}
    return _record(project, entry | {"side": held_by}, at)


def add_task(
    project: Project,
    event_id: str,
    what: str,
    *,
    owner: str,
    due_on: str,
    at: datetime.datetime | None = None,
) -> dict[str, str]:
    """Add a task: what is to be done, by which side, until when.

    Parameters
    ----------
    project
        The project.
    event_id
        The incident.
    what
        In at most 200 characters, nothing of persons.
    owner
        One of :data:`OWNERS`.
    due_on
        Day, ISO 8601.
    at
        When it was agreed, UTC; now if not given.

    Returns
    -------
    dict of str to str
        The entry; ``item`` names the task.

    Raises
    ------
    UnknownNameError
        If the incident or the side is not known.
    OptionError, DateOptionError
        If the text tells of a person or the day is none.
    """
    _named("landmark_side", owner, OWNERS)
    try:
        day = datetime.date.fromisoformat(due_on).isoformat()
    except ValueError:
        msg = f"A day is written 2021-06-30, got {due_on!r}."
        raise DateOptionError(msg, option="due_on", value=due_on) from None
    text = _note(what)
    count = len(project.batches("follow_up"))
    seed = f"{event_id}|{text}|{count}".encode()
    item = hashlib.sha256(seed).hexdigest()[:TASK_DIGITS]
    entry = {"event_id": event_id, "topic": "task", "item": item, "state": "open"}
    return _record(project, entry | {"side": owner, "note": text, "due_on": day}, at)


def close_task(
    project: Project,
    item: str,
    *,
    state: str = "done",
    at: datetime.datetime | None = None,
) -> dict[str, str]:
    """Close a task.

    Parameters
    ----------
    project
        The project.
    item
        Name of the task.
    state
        ``"done"`` or ``"cancelled"``; ``"open"`` opens it again.
    at
        When, UTC; now if not given.

    Returns
    -------
    dict of str to str
        The entry.

    Raises
    ------
    UnknownNameError
        If there is no such task, or no such state.
    """
    _named("task_state", state, TASK_STATES)
    held = standing(all_entries(project))
    tasks = held[(held["topic"] == "task") & (held["item"] == item)]
    if tasks.empty:
        known = tuple(held.loc[held["topic"] == "task", "item"])
        msg = f"There is no task {item!r}."
        raise UnknownNameError(msg, kind="task", value=item, known=known)
    entry = {str(k): str(v) for k, v in tasks.iloc[0].items()}
    return _record(project, entry | {"state": state}, at)


def follow_up_of(project: Project, event_id: str) -> pd.DataFrame:
    """Read the whole history of an incident's follow-up.

    Parameters
    ----------
    project
        The project.
    event_id
        The incident.

    Returns
    -------
    pandas.DataFrame
        :data:`FOLLOW_UP_TABLE`, the oldest first; the last entry of each kind holds.

    Raises
    ------
    UnknownNameError
        If there is no such incident.
    """
    check_known(project.batches("incidents"), event_id)
    entries = all_entries(project)
    return entries[entries["event_id"] == event_id].reset_index(drop=True)


def list_tasks(
    project: Project,
    *,
    overdue: bool = False,
    owner: str = "",
    on: datetime.date | None = None,
) -> pd.DataFrame:
    """List the open tasks, the one due first first.

    Parameters
    ----------
    project
        The project.
    overdue
        True for those past their day only.
    owner
        One of :data:`OWNERS`; empty for all.
    on
        The day on which it is judged; today if not given.

    Returns
    -------
    pandas.DataFrame
        :data:`FOLLOW_UP_TABLE` and ``overdue_days``, negative before the day.
    """
    held = standing(all_entries(project))
    tasks = held[(held["topic"] == "task") & (held["state"] == "open")]
    if owner:
        tasks = tasks[tasks["side"] == owner]
    today = pd.Timestamp(on or now().date())
    due: Any = pd.to_datetime(tasks["due_on"], format="%Y-%m-%d")
    late = tasks.assign(overdue_days=(today - due).dt.days.astype("int64"))
    late = late[late["overdue_days"] > 0] if overdue else late
    return late.sort_values(["due_on", "item"], kind="stable", ignore_index=True)
