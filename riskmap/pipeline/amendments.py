"""Amendments: a person corrects, withdraws or accepts; every version stays."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from riskmap.errors import UnknownNameError
from riskmap.ingest import (
    row_names,
    understand_corrections,
    understand_incidents,
)
from riskmap.ingest.mending import apply_proposals, joined_codes
from riskmap.ingest.profiles import load_profile
from riskmap.ingest.raw import RawTable, text_frame
from riskmap.ingest.record_columns import CORRECTED, WITHDRAWN
from riskmap.ingest.resubmission import REF
from riskmap.ingest.versions import CONFIRMED_CHANGE
from riskmap.pipeline.audit import audited, now, record_action
from riskmap.pipeline.deliveries import knowledge, record_answers, record_incidents
from riskmap.pipeline.register import original_of, quarantined_rows, waiting_faults
from riskmap.pipeline.reports import BatchReport
from riskmap.pipeline.versions import current_records, records_named
from riskmap.project import Batches, Project

PROFILE = "riskmap"

# what a person may put right; the rest follows from these
CORRECTABLE = (
    "occurred_on",
    "time_precision",
    "local_time",
    "lat",
    "lon",
    "accuracy_m",
    "accuracy_basis",
    "kind",
    "cause",
    "dead",
    "missing",
    "source_quality",
    "date_basis",
    "found_on",
    "reported_on",
    "entered_on",
    "shared_on",
    "confirmation",
    "marking",
    "licence",
)

DAYS = ("occurred_on", "found_on", "reported_on", "entered_on", "shared_on")


@dataclass(frozen=True, kw_only=True, eq=False)
class Amendment:
    """What became of a change that a person asked for.

    Parameters
    ----------
    report
        None if nothing was recorded.
    faults
        What is wrong with the record as it would be
        (:data:`riskmap.ingest.FAULT_TABLE`); none if it was recorded.
    """

    report: BatchReport | None
    faults: pd.DataFrame


def find_record(records: Any, event_id: str) -> Any:
    """Find a record by its identifier.

    Parameters
    ----------
    records
        The register.
    event_id
        Its identifier.

    Returns
    -------
    pandas.Series
        The record.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if event_id not in records.index:
        known = [name for name in records.index if event_id in name][:3]
        msg = f"There is no incident {event_id!r}; there are {known}."
        raise UnknownNameError(msg, kind="incident", value=event_id, known=known)
    return records.loc[event_id]


def check_known(batches: Batches, event_id: str) -> None:
    """Refuse the name of an incident that no delivery holds.

    Parameters
    ----------
    batches
        Deliveries of incidents.
    event_id
        Its identifier; of a withdrawn one too.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if records_named(batches, pd.Index([event_id])).empty:
        # the whole register is read only to name those that are alike
        find_record(current_records(batches, withdrawn=True), event_id)


def as_text(event_id: str, record: Any) -> dict[str, str]:
    """Write a record as a row of riskmap's own table of incidents.

    Parameters
    ----------
    event_id
        Its identifier.
    record
        A row of :data:`riskmap.ingest.INCIDENT_TABLE`.

    Returns
    -------
    dict of str to str
        By heading of the profile ``riskmap``; ``""`` where nothing is known.
    """
    values = {
        name: "" if pd.isna(record[name]) else record[name]
        for name in CORRECTABLE
        if name not in ("lat", "lon")
    }
    row = {name: str(value) for name, value in values.items()}
    row |= {name: str(values[name])[:10] for name in DAYS}
    point, area = record["geometry"], record["area"]
    placed = {"lat": repr(float(point.y)), "lon": repr(float(point.x))}
    if not pd.isna(area) and area:
        # an area stays one: its middle and its radius are no place of the record
        placed = {"lat": "", "lon": "", "area": str(area)}
        row["accuracy_m"] = ""
    named = {"event_id": event_id, "source": str(record["source"])}
    return named | row | placed


def by_hand(
    rows: list[dict[str, str]], name: str, mended: Mapping[int, str]
) -> RawTable:
    """Hold rows that a person gave as if they were a file.

    Parameters
    ----------
    rows
        As :func:`as_text` writes them.
    name
        What stands for the file's name.
    mended
        Row to the faults whose proposal was accepted.

    Returns
    -------
    RawTable
        Its checksum is of the rows and the name.
    """
    frame = text_frame(rows)
    parts = [name, rows, sorted(mended.items())]
    said = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    return RawTable(
        frame=frame,
        faults=pd.DataFrame(columns=["row", "column", "code", "value", "proposed"]),
        rows_in=len(frame),
        format="by hand",
        file_name=name,
        file_sha256=hashlib.sha256(said).hexdigest(),
        mended=pd.Series(dict(mended), dtype="str"),
    )


def amend_incident(
    project: Project,
    event_id: str,
    changes: Mapping[str, str],
    *,
    reason: str,
    withdraw: bool = False,
    at: datetime.datetime | None = None,
) -> Amendment:
    """Record a new version of an incident; the earlier ones stay.

    The corrected record passes every check that a delivered row passes.

    Parameters
    ----------
    project
        The project.
    event_id
        The incident.
    changes
        Name of :data:`CORRECTABLE` to the new value, as a file would have it.
    reason
        Why; kept with the version. Nothing that tells of a person.
    withdraw
        True to take the record back: from now on it is in no layer and no score.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    Amendment
        What was recorded, or what is wrong.

    Raises
    ------
    UnknownNameError
        If there is no such incident, or a change is of no column.
    """
    for name in changes:
        if name not in CORRECTABLE:
            msg = f"The column must be one of {CORRECTABLE}, got {name!r}."
            raise UnknownNameError(msg, kind="column", value=name, known=CORRECTABLE)
    known_at = at or now()
    earlier = project.batches("incidents")
    check_known(earlier, event_id)
    records = records_named(earlier, pd.Index([event_id]))
    record = records.loc[event_id]
    status = WITHDRAWN if withdraw else CORRECTED
    row = as_text(event_id, record) | dict(changes)
    row |= {"status": status, "change_reason": reason}
    # what is said again after other changes is another version, not a repetition
    name = f"{status}-{len(earlier)}"
    batch = understand_incidents(
        by_hand([row], name, {}),
        Path(name),
        profile=PROFILE,
        known_on=known_at.date(),
        known_ids=records,
        **knowledge(project),
    )
    if batch.quarantined:
        return Amendment(report=None, faults=batch.faults)
    report = record_incidents(project, batch, known_at, seen=len(earlier))
    record_action(project, "edit", event_id, detail={"status": status})
    return Amendment(report=report, faults=batch.faults)


def incident_history(project: Project, event_id: str) -> list[dict[str, Any]]:
    """List every version of an incident, and what each changed.

    Parameters
    ----------
    project
        The project.
    event_id
        The incident.

    Returns
    -------
    list of dict
        ``known_at``, ``file``, ``status``, ``reason`` and ``changed`` (column to the
        values before and after, as text), the oldest first; all columns of the
        first version count as unchanged.

    Raises
    ------
    UnknownNameError
        If there is no such incident.
    """
    batches = project.batches("incidents")
    check_known(batches, event_id)
    asked = pd.Index([event_id])
    told: list[dict[str, Any]] = []
    before: dict[str, str] = {}
    for place, batch in enumerate(batches):
        rows: Any = batches[place : place + 1].accepted_where("event_id", asked)
        if rows.empty:
            continue
        record = rows.loc[event_id]
        after = as_text(event_id, record)
        changed = {
            name: (before.get(name, ""), after.get(name, ""))
            for name in dict.fromkeys([*before, *after])
            if before and before.get(name, "") != after.get(name, "")
        }
        told.append(
            {
                "known_at": batch.known_at,
                "file": batch.file_name,
                "status": str(record["status"]),
                "reason": str(record["change_reason"]),
                "changed": changed,
            }
        )
        before = after
    return told


@audited("approve")
def accept_rows(
    project: Project,
    names: tuple[str, ...],
    *,
    at: datetime.datetime | None = None,
) -> tuple[tuple[BatchReport, ...], int]:
    """Accept the proposed corrections of rows that wait, and changed rows as such.

    Parameters
    ----------
    project
        The project.
    names
        Rows as :func:`riskmap.pipeline.quarantined_rows` knows them.
    at
        When they were accepted, UTC; now if not given.

    Returns
    -------
    tuple of tuple of BatchReport and int
        One report for each file that the rows are of, and how many rows left the
        quarantine for the register.

    Raises
    ------
    UnknownNameError
        If no row waits under a name, or a row has a fault for which nothing is
        proposed: then none of them is accepted.
    """
    known_at = at or now()
    waiting = waiting_faults(project, "incidents")
    chosen = quarantined_rows(waiting.assign(ref=row_names(waiting)), names)
    open_ = (chosen["proposed"] == "") & (chosen["code"] != CONFIRMED_CHANGE)
    lost = [*chosen.loc[open_ | (chosen["original"] == ""), "ref"]]
    if lost:
        msg = f"Nothing is proposed for {lost[0]!r}: correct it and resubmit it."
        raise UnknownNameError(msg, kind="proposal", value=lost[0], known=())
    profiles = {b.file_sha256: b.profile for b in project.batches("incidents")}
    reports, taken = [], 0
    for file_sha256, faults in chosen.groupby("file_sha256", sort=False):
        done = _accepted(project, faults, profiles[str(file_sha256)], waiting, known_at)
        reports.append(done[0])
        taken += done[1]
    return tuple(reports), taken


def _accepted(
    project: Project,
    faults: pd.DataFrame,
    profile: str,
    waiting: pd.DataFrame,
    known_at: datetime.datetime,
) -> tuple[BatchReport, int]:
    """Accept rows of one file: put the proposals in and read the rows again."""
    earlier = project.batches("incidents")
    firsts = faults.drop_duplicates("ref")
    rows = [
        original_of(text) | {REF: ref}
        for text, ref in zip(firsts["original"], firsts["ref"], strict=True)
    ]
    numbers = dict(zip(firsts["ref"], range(1, len(firsts) + 1), strict=True))
    told = faults.assign(row=faults["ref"].map(numbers))
    confirmed = told.loc[told["code"] == CONFIRMED_CHANGE, "row"]
    changed = dict.fromkeys(confirmed, CONFIRMED_CHANGE)
    raw = by_hand(rows, f"accepted-{firsts['file'].iloc[0]}", changed)
    columns = load_profile(profile).headings(raw.frame.columns)
    mended = apply_proposals(raw, told, columns, set(told["code"]))
    ready = replace(mended, mended=joined_codes(mended.mended, raw.mended, raw.frame))
    done = understand_corrections(
        ready,
        Path(ready.file_name),
        waiting,
        profile=profile,
        known_on=known_at.date(),
        known_ids=partial(records_named, earlier),
        **knowledge(project),
    )
    report = record_incidents(project, done.batch, known_at, seen=len(earlier))
    return report, record_answers(project, done, known_at)
