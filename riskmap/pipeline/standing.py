"""Standing: what a project holds, and what of it is out of date."""

import datetime
from dataclasses import fields
from typing import Any

import pandas as pd

import riskmap
from riskmap.pipeline.follow_up import list_tasks
from riskmap.pipeline.register import quarantined
from riskmap.pipeline.reports import CoverageRow, OverdueTask, Status, TableStatus
from riskmap.pipeline.road import stale_tables
from riskmap.pipeline.versions import current_records
from riskmap.pipeline.views import as_of_day
from riskmap.project import Project


def _coverage(project: Project) -> tuple[CoverageRow, ...]:
    """Read what the sources cover."""
    known = project.snapshot("coverage")
    table = project.read("coverage" if known else "coverage_given")
    return tuple(
        CoverageRow(
            source=row.source,
            side=row.side,
            from_km=row.from_km,
            to_km=row.to_km,
            from_on=_day(row.from_on),
            to_on=_day(row.to_on),
            note=row.note,
        )
        for row in table.itertuples()
    )


def _day(value: Any) -> str:
    """Write a day as ISO 8601; empty if it is open."""
    return "" if pd.isna(value) else pd.Timestamp(value).date().isoformat()


def status(project: Project) -> Status:
    """Tell what a project holds and what of it is out of date.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    Status
        Tables, numbers of records, coverage.
    """
    stale = stale_tables(project)
    batches = project.batches("incidents")
    landmarks = project.batches("landmarks")
    return Status(
        path=str(project.path),
        version=riskmap.__version__,
        as_of=as_of_day(project) or None,
        tables=tuple(
            TableStatus(
                name=table.name,
                rows=table.rows,
                sha256=table.sha256,
                current=table.name not in stale,
                step=table.step,
            )
            for table in project.snapshots()
        ),
        incidents=len(current_records(batches)),
        quarantined=quarantined(project)["ref"].nunique(),
        landmarks=sum(batch.accepted for batch in landmarks),
        coverage=_coverage(project),
        overdue=overdue_tasks(project),
    )


def overdue_tasks(
    project: Project, *, on: datetime.date | None = None
) -> tuple[OverdueTask, ...]:
    """List the follow-up tasks that are past their day.

    Parameters
    ----------
    project
        The project.
    on
        The day on which it is judged; today if not given.

    Returns
    -------
    tuple of OverdueTask
        The longest overdue first.
    """
    late = list_tasks(project, overdue=True, on=on)
    names = [field.name for field in fields(OverdueTask)]
    return tuple(OverdueTask(**row) for row in late[names].to_dict("records"))
