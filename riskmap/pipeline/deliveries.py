"""Deliveries: files of incidents and landmarks into the register."""

import datetime
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from riskmap.errors import TableMissingError
from riskmap.ingest import read_incidents
from riskmap.ingest.landmarks import read_landmarks
from riskmap.pipeline.reports import BatchReport
from riskmap.project import Project

LANDMARK_PROFILE = "landmarks"


def now() -> datetime.datetime:
    """Tell the time, for the note of when a file became known."""
    return datetime.datetime.now(datetime.UTC)


def _boundary(project: Project) -> Any:
    """Read the boundary, if the project has one."""
    try:
        return project.read("boundary")
    except TableMissingError:
        return None


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
    reports = []
    for file in files:
        earlier = project.batches("incidents")
        batch = read_incidents(
            Path(file),
            profile=profile,
            known_on=known_at.date(),
            known_ids=earlier.accepted() if len(earlier) else None,
            boundary=_boundary(project),
        )
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
            seen=len(earlier),
        )
        reports.append(_report(batch, recorded, batch.profile, batch.stripped))
    return tuple(reports)


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
