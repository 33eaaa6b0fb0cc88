"""Deliveries: files of incidents and landmarks into the register."""

import datetime
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from riskmap.errors import TableMissingError
from riskmap.ingest import Batch, Resubmission, read_corrections, read_incidents
from riskmap.ingest.landmarks import read_landmarks
from riskmap.pipeline.audit import audited, now
from riskmap.pipeline.register import NO_FAULTS, waiting_faults
from riskmap.pipeline.reports import BatchReport
from riskmap.pipeline.versions import records_named
from riskmap.project import Project

LANDMARK_PROFILE = "landmarks"


def read_if_made(project: Project, name: str) -> Any:
    """Read a table of the project; None if it has none of the name."""
    try:
        return project.read(name)
    except TableMissingError:
        return None


def knowledge(project: Project) -> dict[str, Any]:
    """Read what files of incidents are compared with: the line and the areas."""
    names = ("boundary", "jurisdictions")
    return {name: read_if_made(project, name) for name in names}


def _faults_of(table: Any) -> dict[str, int]:
    """Count the rows at fault by code."""
    pairs = set(zip(table["row"], table["code"], strict=True))
    return dict(sorted(Counter(code for _, code in pairs).items()))


def _report(batch: Any, recorded: Any, profile: str, stripped: Any) -> BatchReport:
    """Say what became of a file; of a repeated one, what became of it first."""
    return BatchReport(
        file=batch.file_name,
        profile=profile,
        rows_in=recorded.rows_in,
        accepted=recorded.accepted,
        quarantined=recorded.quarantined,
        duplicates=recorded.duplicates,
        faults={} if recorded.repeated else _faults_of(batch.faults),
        stripped=dict(stripped),
        repeated=recorded.repeated,
    )


@audited("import")
def ingest_incidents(
    project: Project,
    files: Iterable[Path],
    profile: str | None = None,
    *,
    at: datetime.datetime | None = None,
) -> tuple[BatchReport, ...]:
    """Take files of incidents into the register.

    Each file is one delivery, recorded whole or not at all. The same file again
    changes nothing.

    Parameters
    ----------
    project
        The project.
    files
        Files that :func:`riskmap.ingest.read_incidents` reads.
    profile
        Name of the profile to read them by; chosen by their headings if not given.
    at
        When they became known, UTC; now if not given.

    Returns
    -------
    tuple of BatchReport
        One a file.

    Raises
    ------
    InputError
        If a file cannot be read at all; those before it have been taken.
    """
    known_at = at or now()
    known = knowledge(project)
    reports = []
    for file in files:
        earlier = project.batches("incidents")
        batch = read_incidents(
            Path(file),
            profile=profile,
            known_on=known_at.date(),
            known_ids=partial(records_named, earlier),
            **known,
        )
        reports.append(record_incidents(project, batch, known_at, seen=len(earlier)))
    return tuple(reports)


def record_incidents(
    project: Project, batch: Batch, known_at: datetime.datetime, *, seen: int
) -> BatchReport:
    """Record a file that was read as one delivery.

    Parameters
    ----------
    project
        The project.
    batch
        What the file gave.
    known_at
        When it became known, UTC.
    seen
        How many deliveries its rows were compared with.

    Returns
    -------
    BatchReport
        What became of the file; of a repeated one, what became of it first.

    Raises
    ------
    ProjectBusyError
        If another delivery came in between: read the file again.
    """
    recorded = project.record_batch(
        "incidents",
        accepted=batch.accepted,
        faults=batch.faults,
        file_sha256=batch.file_sha256,
        file_name=batch.file_name,
        profile=batch.profile,
        duplicates=len(batch.duplicates),
        rows_in=batch.rows_in,
        known_at=known_at.isoformat(timespec="seconds"),
        seen=seen,
    )
    return _report(batch, recorded, batch.profile, batch.stripped)


@audited("edit")
def resubmit_incidents(
    project: Project,
    file: Path,
    profile: str | None = None,
    *,
    at: datetime.datetime | None = None,
) -> tuple[BatchReport, int]:
    """Take corrected rows: those they answer leave the quarantine.

    The rows are recorded before the answers: what stops in between is mended by
    the same file once more, and until then a row waits although it is held.

    Parameters
    ----------
    project
        The project.
    file
        An export of the quarantine, corrected; or the publisher's own file, mended.
    profile
        Name of the profile to read it by; chosen by its headings if not given.
    at
        When the corrections became known, UTC; now if not given.

    Returns
    -------
    tuple of BatchReport and int
        What became of the file's rows, and how many rows left the quarantine for
        the register.

    Raises
    ------
    InputError
        If the file cannot be read at all.
    """
    known_at = at or now()
    earlier = project.batches("incidents")
    done = read_corrections(
        Path(file),
        waiting_faults(project, "incidents"),
        profile=profile,
        known_on=known_at.date(),
        known_ids=partial(records_named, earlier),
        **knowledge(project),
    )
    report = record_incidents(project, done.batch, known_at, seen=len(earlier))
    return report, record_answers(project, done, known_at)


def record_answers(
    project: Project, done: Resubmission, known_at: datetime.datetime
) -> int:
    """Record which waiting rows a delivery has answered.

    Parameters
    ----------
    project
        The project.
    done
        What the corrected rows gave, recorded as a delivery already.
    known_at
        When they became known, UTC.

    Returns
    -------
    int
        How many rows left the quarantine for the register.
    """
    project.record_batch(
        "corrections",
        accepted=done.answers,
        faults=NO_FAULTS,
        file_sha256=done.batch.file_sha256,
        file_name=done.batch.file_name,
        profile=done.batch.profile,
        duplicates=0,
        rows_in=len(done.answers),
        known_at=known_at.isoformat(timespec="seconds"),
    )
    return int((done.answers["outcome"] == "taken").sum())


@audited("import")
def ingest_landmarks(
    project: Project,
    files: Iterable[Path],
    profile: str | None = None,
    *,
    at: datetime.datetime | None = None,
) -> tuple[BatchReport, ...]:
    """Take files of landmarks into the gazetteer.

    Parameters
    ----------
    project
        The project.
    files
        CSV or GeoJSON with the columns of the bundled table.
    profile
        Must be empty or ``landmarks``: there is one.
    at
        When they became known, UTC; now if not given.

    Returns
    -------
    tuple of BatchReport
        One a file.

    Raises
    ------
    InputError
        If a file cannot be read at all, or a landmark lies at an impossible place;
        the files before it have been taken.
    """
    known_at = at or now()
    reports = []
    for file in files:
        batch = read_landmarks(Path(file), strict=True)
        recorded = project.record_batch(
            "landmarks",
            accepted=batch.accepted,
            faults=batch.faults,
            file_sha256=batch.file_sha256,
            file_name=batch.file_name,
            profile=profile or LANDMARK_PROFILE,
            duplicates=len(batch.duplicates),
            rows_in=batch.rows_in,
            known_at=known_at.isoformat(timespec="seconds"),
        )
        reports.append(_report(batch, recorded, LANDMARK_PROFILE, {}))
    return tuple(reports)
