"""Linkage: proposed merges of records, what persons decide on them, and their trail."""

import datetime
import hashlib
from dataclasses import dataclass

import pandas as pd

from riskmap.config import FILE, read_config
from riskmap.errors import LinkDecisionError, UnknownNameError
from riskmap.ingest.identity import hold_identity
from riskmap.linkage import DECISIONS, PARTS, STATES, decision_row, link_id
from riskmap.pipeline.audit import audited, now
from riskmap.pipeline.days import settle_day
from riskmap.pipeline.linked import LINKS_STEP, decisions_in, recorded_days
from riskmap.pipeline.register import NO_FAULTS
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.runner import Settings, Shelf, take_step
from riskmap.pipeline.versions import records_named
from riskmap.project import Project

PROFILE = "decision"

LINK_STATES = STATES

LINK_PARTS = PARTS

# links named where one is not known
LIKE = 3

PAIR = 2


@dataclass(frozen=True, kw_only=True)
class LinkReport:
    """How far the records of a project are of the same events.

    Parameters
    ----------
    records
        Records of all sources.
    incidents
        Incidents that they come to.
    states
        Number of links in each of :data:`riskmap.linkage.STATES`.
    as_of
        The day before which records were linked, ISO 8601.
    """

    records: int
    incidents: int
    states: dict[str, int]
    as_of: str


def link_incidents(project: Project, *, progress: Progress = tell_nobody) -> LinkReport:
    """Link the records that there are now, without the rest of the road.

    Parameters
    ----------
    project
        The project.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    LinkReport
        Numbers of records, incidents and links.

    Raises
    ------
    ProjectError
        If a table cannot be read or written.
    """
    days = recorded_days(project.batches("incidents"))
    config = read_config(project.path / FILE)
    settings = Settings(config=config, as_of=settle_day(days))
    take_step(LINKS_STEP, project, settings, Shelf(project), progress)
    links, members = project.read("links"), project.read("incident_members")
    count = links["state"].value_counts()
    return LinkReport(
        records=len(members),
        incidents=int(members["shown"].sum()),
        states={state: int(count.get(state, 0)) for state in STATES},
        as_of=settings.as_of,
    )


def list_links(project: Project, *, state: str = "") -> pd.DataFrame:
    """List the links, those that wait for a person first, the doubtful before others.

    Parameters
    ----------
    project
        The project, linked once at least.
    state
        One of :data:`riskmap.linkage.STATES`; empty for all.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.linkage.LINK_TABLE` on ``link_id``.

    Raises
    ------
    TableMissingError
        If nothing has been linked yet.
    """
    links = project.read("links")
    if state:
        links = links[links["state"] == state]
    waits = (links["state"] != "possible").rename("waits")
    order = links.assign(waits=waits).sort_values(
        ["waits", "total_bits"], kind="stable"
    )
    return links.loc[order.index]


def find_link(project: Project, ref: str) -> pd.Series:
    """Find a link by its name, or by the beginning of it.

    Parameters
    ----------
    project
        The project.
    ref
        ``link_id``, or as many of its first digits as are its own.

    Returns
    -------
    pandas.Series
        A row of :data:`riskmap.linkage.LINK_TABLE`, named by its ``link_id``.

    Raises
    ------
    UnknownNameError
        If no link, or more than one, begins so.
    """
    links = project.read("links")
    found = links[links.index.str.startswith(ref)] if ref else links[:0]
    if len(found) != 1:
        known = list((found if len(found) else links).index[:LIKE])
        msg = f"{len(found)} links begin with {ref!r}; there are {known}…"
        raise UnknownNameError(msg, kind="link", value=ref, known=known)
    row: pd.Series = found.iloc[0]
    return row


def incident_records(project: Project, event_id: str) -> pd.DataFrame:
    """Read every source record of an incident, side by side.

    Parameters
    ----------
    project
        The project.
    event_id
        Of the incident, or of any of its records.

    Returns
    -------
    geopandas.GeoDataFrame
        The event table's rows as each source gave them, the record shown first, with
        ``incident_id`` and ``shown``; those taken back since are among them.

    Raises
    ------
    UnknownNameError
        If there is no such record.
    """
    members = project.read("incident_members")
    if event_id not in members.index:
        known = list(members.index[:LIKE])
        msg = f"There is no record {event_id!r}; there are {known}…"
        raise UnknownNameError(msg, kind="record", value=event_id, known=known)
    incident = members.loc[event_id, "incident_id"]
    mine = members[members["incident_id"] == incident]
    mine = mine.sort_values("shown", ascending=False, kind="stable")
    records = records_named(project.batches("incidents"), mine.index).loc[mine.index]
    told: pd.DataFrame = records.assign(
        incident_id=mine["incident_id"], shown=mine["shown"]
    )
    return told


def link_history(project: Project, link: str) -> pd.DataFrame:
    """Read every decision on a link, in the order they were made.

    Parameters
    ----------
    project
        The project.
    link
        Its ``link_id``.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.linkage.DECISION_TABLE`.
    """
    decisions = decisions_in(project.batches("links"))
    return decisions[decisions["link_id"] == link].reset_index(drop=True)


@audited("approve")
def decide_link(
    project: Project,
    records: tuple[str, str],
    decision: str,
    *,
    reason: str = "",
    at: datetime.datetime | None = None,
) -> bool:
    """Note what a person decides on two records: nothing is changed or lost.

    Parameters
    ----------
    project
        The project.
    records
        ``event_id`` of both.
    decision
        One of :data:`riskmap.linkage.DECISIONS`: ``accept`` links them, ``reject``
        keeps them apart, ``undo`` takes back the decision before.
    reason
        Why, in a few words.
    at
        When, UTC; now if not given.

    Returns
    -------
    bool
        False if just this holds already.

    Raises
    ------
    UnknownNameError
        If there is no such record or decision.
    LinkDecisionError
        If both are one record, there is nothing to undo, or the reason tells of
        persons.
    """
    _check_decision(project, records, decision, reason)
    one, other = sorted(records)
    batches = project.batches("links")
    earlier = decisions_in(batches)
    mine = earlier.loc[earlier["link_id"] == link_id(one, other), "decision"]
    last = mine.iloc[-1] if len(mine) else "undo"
    if decision == last:
        if decision == "undo":
            msg = f"Nobody has decided on {one} and {other}: nothing to undo."
            raise LinkDecisionError(msg, problem="nothing_to_undo")
        return False
    known_at = (at or now()).isoformat(timespec="seconds")
    row = decision_row(one, other, decision, reason, known_at)
    # counted, so that the same decision may be made again after it was undone
    text = f"{len(batches)}\n{one}\n{other}\n{decision}\n{reason}"
    project.record_batch(
        "links",
        accepted=row,
        faults=NO_FAULTS,
        file_sha256=hashlib.sha256(text.encode()).hexdigest(),
        file_name=link_id(one, other),
        profile=PROFILE,
        duplicates=0,
        rows_in=1,
        known_at=known_at,
        seen=len(batches),
    )
    return True


def _check_decision(
    project: Project, records: tuple[str, str], decision: str, reason: str
) -> None:
    """Refuse a decision that nobody could keep."""
    if decision not in DECISIONS:
        msg = f"The decision must be one of {DECISIONS}, got {decision!r}."
        raise UnknownNameError(msg, kind="decision", value=decision, known=DECISIONS)
    if records[0] == records[1]:
        msg = f"{records[0]} cannot be linked to itself."
        raise LinkDecisionError(msg, problem="same_record")
    held = project.read("incident_members").index
    for event_id in records:
        if event_id not in held:
            known = list(held[:LIKE])
            msg = f"There is no record {event_id!r}; there are {known}…"
            raise UnknownNameError(msg, kind="record", value=event_id, known=known)
    if reason and bool(hold_identity(pd.Series([reason], dtype="str")).iloc[0]):
        msg = "The reason tells of a person; say it without."
        raise LinkDecisionError(msg, problem="tells_of_person")


def is_record(project: Project, event_id: str) -> bool:
    """Tell whether there is such a record.

    Parameters
    ----------
    project
        The project, linked once at least.
    event_id
        Of a record.

    Returns
    -------
    bool
        False for the name of a link.
    """
    return event_id in project.read("incident_members").index


def linked_records(project: Project, link: pd.Series) -> pd.DataFrame:
    """Read the two records of a link.

    Parameters
    ----------
    project
        The project.
    link
        As :func:`find_link` returns it.

    Returns
    -------
    geopandas.GeoDataFrame
        The event table's rows of both, in the link's order; one taken back since is
        among them.
    """
    both = pd.Index([link["one"], link["other"]])
    found: pd.DataFrame = records_named(project.batches("incidents"), both).loc[both]
    return found


def pair_of(project: Project, refs: tuple[str, ...]) -> tuple[str, str]:
    """Find the two records that are meant: by their link, or each by itself.

    Parameters
    ----------
    project
        The project.
    refs
        The name of a link, or the ``event_id`` of two records.

    Returns
    -------
    tuple of str
        ``event_id`` of both.

    Raises
    ------
    UnknownNameError
        If there is no such link.
    LinkDecisionError
        If more than two are named.
    """
    if len(refs) == 1:
        link = find_link(project, refs[0])
        return str(link["one"]), str(link["other"])
    if len(refs) != PAIR:
        msg = f"A decision is on one link or two records, got {refs}."
        raise LinkDecisionError(msg, problem="not_two")
    return refs[0], refs[1]
