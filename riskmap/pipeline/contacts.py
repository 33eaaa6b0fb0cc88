"""Contacts: who answers for a place on each side; a table that users complete."""

import datetime
import hashlib
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.errors import TableContractError
from riskmap.ingest import FAULT_TABLE
from riskmap.ingest.raw import RawTable
from riskmap.ingest.reading import read_table
from riskmap.pipeline.audit import audited, now
from riskmap.pipeline.context import read_offices
from riskmap.pipeline.reports import BatchReport
from riskmap.places.contacts import (
    CONTACT_TABLE,
    ContactsFound,
    contacts_from,
    empty_contacts,
    find_contacts,
)
from riskmap.places.verification import STALE_AFTER_DAYS, age_days
from riskmap.project import Project
from riskmap.schema import empty_table

OFFICES_GIVEN = ("liaison_mechanisms", "consulates")

CONTACT_COLUMNS = tuple(column.name for column in CONTACT_TABLE)


@audited("import")
def take_contacts(
    project: Project, file: Path, *, at: datetime.datetime | None = None
) -> BatchReport:
    """Take a file of contacts: from now on it holds in place of the one before.

    Parameters
    ----------
    project
        The project.
    file
        CSV with the columns of :data:`riskmap.places.contacts.CONTACT_TABLE`.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        ``repeated`` if it says just what holds.

    Raises
    ------
    InputError
        If the file cannot be read, or a column is missing or holds what it must
        not; nothing is taken then.
    """
    raw = read_faultless(file, "contacts")
    table = contacts_from(raw.frame).reset_index(drop=True)
    return take_whole(project, "contacts", table, contacts_of(project), raw, at)


def read_faultless(file: Path, table: str) -> RawTable:
    """Read a file that is taken whole or not at all.

    Parameters
    ----------
    file
        CSV or another format of tables.
    table
        What it is to become, for the refusal.

    Returns
    -------
    RawTable
        As it was read.

    Raises
    ------
    TableContractError
        If a row cannot be read.
    """
    raw = read_table(file)
    if len(raw.faults):
        codes = sorted(set(raw.faults["code"]))
        msg = f"Rows of {file} cannot be read: {codes}."
        raise TableContractError(msg, table=table, faults=codes)
    return raw


def take_whole(
    project: Project,
    kind: str,
    table: pd.DataFrame,
    held: pd.DataFrame,
    raw: RawTable,
    at: datetime.datetime | None,
) -> BatchReport:
    """Record a table that holds from now on; just what holds is told to be repeated.

    Parameters
    ----------
    project
        The project.
    kind
        Of delivery.
    table
        What holds from now on.
    held
        What held until now.
    raw
        The file that it was read from.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        ``repeated`` if both are the same.
    """
    batches = project.batches(kind)
    repeated = len(batches) > 0 and held.equals(table)
    if not repeated:
        # counted, so that an earlier file may come to hold again
        counted = f"{len(batches)}-{raw.file_sha256}".encode()
        project.record_batch(
            kind,
            accepted=table,
            faults=empty_table(FAULT_TABLE, index="row_number").reset_index(drop=True),
            file_sha256=hashlib.sha256(counted).hexdigest(),
            file_name=raw.file_name,
            profile=kind,
            duplicates=0,
            rows_in=len(table),
            known_at=(at or now()).isoformat(timespec="seconds"),
            seen=len(batches),
        )
    return BatchReport(
        file=raw.file_name,
        profile=kind,
        rows_in=len(table),
        accepted=len(table),
        quarantined=0,
        duplicates=0,
        faults={},
        stripped={},
        repeated=repeated,
    )


def take_offices(
    project: Project, file: Path, *, at: datetime.datetime | None = None
) -> BatchReport:
    """Take a file of mechanisms and consulates, with the stretch of each.

    It holds from now on in place of the bundled tables or the file before.

    Parameters
    ----------
    project
        The project.
    file
        CSV with the columns of :data:`riskmap.places.jurisdictions.OFFICE_TABLE`.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        ``repeated`` if it says just what holds.

    Raises
    ------
    InputError
        If the file cannot be read, or a column is missing or holds what it must
        not; nothing is taken then.
    """
    table = read_offices(file)
    return take_whole(
        project, "offices", table, offices_of(project), read_table(file), at
    )


def offices_of(project: Project) -> pd.DataFrame:
    """Read the mechanisms and consulates that hold.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.places.jurisdictions.OFFICE_TABLE`; kilometres are missing
        where nobody has said them.
    """
    batches = project.batches("offices")
    if len(batches):
        return batches[-1:].accepted()
    given = [project.read(name) for name in OFFICES_GIVEN]
    return pd.concat(given, ignore_index=True)


def contacts_of(project: Project) -> pd.DataFrame:
    """Read the contacts that hold.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        As the last file had them; empty before the first.
    """
    batches = project.batches("contacts")
    return batches[-1:].accepted() if len(batches) else empty_contacts()


def list_contacts(project: Project, *, on: datetime.date) -> pd.DataFrame:
    """List the contacts with how long ago each was verified.

    Parameters
    ----------
    project
        The project.
    on
        The day that this is judged on.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.places.contacts.CONTACT_TABLE`, ``days`` (NaN if never) and
        ``stale``, True if that was over 183 days ago or never.
    """
    held: Any = contacts_of(project)
    days = [age_days(str(text), on) for text in held["verified_on"]]
    told = held.assign(days=pd.Series(days, index=held.index, dtype="float64"))
    # written so that a day that is not known is stale
    return told.assign(stale=~(told["days"] <= STALE_AFTER_DAYS))


def contacts_at(project: Project, km: float, *, on: datetime.date) -> ContactsFound:
    """Find who answers on each side at a kilometre of the line.

    Parameters
    ----------
    project
        The project.
    km
        Nearest kilometre of the line.
    on
        The day that verification is judged on.

    Returns
    -------
    riskmap.places.contacts.ContactsFound
        Desks, and the roles that nobody on file has.
    """
    return find_contacts(contacts_of(project), km, today=on)
