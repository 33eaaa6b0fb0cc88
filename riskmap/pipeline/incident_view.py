"""Incident view: all that is known of one incident, in one place."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmap.pipeline.amendments import find_record, incident_history
from riskmap.pipeline.deliveries import read_if_made
from riskmap.pipeline.follow_up import follow_up_of
from riskmap.pipeline.linkage import incident_records
from riskmap.pipeline.versions import records_named
from riskmap.project import Project


@dataclass(frozen=True, kw_only=True, eq=False)
class IncidentView:
    """All that is known of an incident.

    Parameters
    ----------
    record
        The newest version of the record that was asked for, with its ``event_id``:
        columns of :data:`riskmap.ingest.INCIDENT_TABLE`.
    area_name
        Name of the county or municipio where that is all that is known; else empty.
    versions
        As :func:`riskmap.pipeline.incident_history`.
    records
        As :func:`riskmap.pipeline.incident_records`: all source records of the same
        incident, this one among them; it alone where nothing was linked since it
        came.
    follow_up
        As :func:`riskmap.pipeline.follow_up_of`.
    """

    record: dict[str, Any]
    area_name: str
    versions: list[dict[str, Any]]
    records: pd.DataFrame
    follow_up: pd.DataFrame


def view_incident(project: Project, event_id: str) -> IncidentView:
    """Gather all that is known of an incident.

    Parameters
    ----------
    project
        The project; it need not have been run.
    event_id
        Of any of its records, withdrawn ones too.

    Returns
    -------
    IncidentView
        Record, versions, source records and follow-up.

    Raises
    ------
    UnknownNameError
        If there is no such record.
    """
    versions = incident_history(project, event_id)
    mine = records_named(project.batches("incidents"), pd.Index([event_id]))
    record = find_record(mine, event_id)
    members = read_if_made(project, "incident_members")
    if members is not None and event_id in members.index:
        records = incident_records(project, event_id)
    else:
        records = mine.assign(incident_id=event_id, shown=True)
    facts = {str(name): value for name, value in record.items()}
    return IncidentView(
        record={"event_id": event_id} | facts,
        area_name=_area_name(project, record["area"]),
        versions=versions,
        records=records,
        follow_up=follow_up_of(project, event_id),
    )


def _area_name(project: Project, code: Any) -> str:
    """Name a county or municipio; its code if it is not on file."""
    if pd.isna(code) or not code:
        return ""
    table = read_if_made(project, "jurisdictions")
    names = [] if table is None else table.loc[table["code"] == code, "name"].tolist()
    return f"{names[0]} ({code})" if names else str(code)
