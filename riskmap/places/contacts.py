"""Contacts: who answers on each side for a stretch of the line, desks not persons."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from riskmap.places.verification import STALE_AFTER_DAYS, age_days
from riskmap.schema import Column, check_table

ROLES: Final = (
    "first_responder",
    "liaison_chair",
    "consulate",
    "high_level",
)

CONTACT_TABLE: Final[tuple[Column, ...]] = (
    Column(name="side", dtype="str", values=("US", "MX")),
    Column(name="role", dtype="str", values=ROLES),
    Column(name="desk_en", dtype="str", meaning="The desk or office, never a person."),
    Column(name="desk_es", dtype="str"),
    Column(name="channel", dtype="str", meaning="Telephone, radio or address."),
    Column(name="hours", dtype="str", meaning="When it answers, as it says itself."),
    Column(name="from_km", dtype="float64", unit="km", lowest=0),
    Column(name="to_km", dtype="float64", unit="km", lowest=0),
    Column(name="verified_on", dtype="str", meaning="ISO day, or empty."),
)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A desk that answers for a place.

    Parameters
    ----------
    side, role, desk_en, desk_es, channel, hours, verified_on
        As in :data:`CONTACT_TABLE`.
    days
        Days since it was verified; NaN if never.
    stale
        True if that was over 183 days ago, or never.
    """

    side: str
    role: str
    desk_en: str
    desk_es: str
    channel: str
    hours: str
    verified_on: str
    days: float
    stale: bool


@dataclass(frozen=True, kw_only=True)
class ContactsFound:
    """Who answers for a place, and for which roles nobody is on file.

    Parameters
    ----------
    contacts
        Desks, the United States first, in the order of :data:`ROLES`.
    gaps
        For each side the roles without a desk: to be said loudly.
    """

    contacts: tuple[Contact, ...]
    gaps: Mapping[str, tuple[str, ...]]


def empty_contacts() -> pd.DataFrame:
    """Make a table of contacts without a row, as the sample has it.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`CONTACT_TABLE`.

    Examples
    --------
    >>> empty_contacts().shape
    (0, 9)
    """
    return pd.DataFrame(
        {column.name: pd.Series(dtype=column.dtype) for column in CONTACT_TABLE}
    )


def contacts_from(frame: pd.DataFrame) -> pd.DataFrame:
    """Take a user's table for contacts; other columns are not kept.

    Parameters
    ----------
    frame
        Text or numbers, with the columns of :data:`CONTACT_TABLE`.

    Returns
    -------
    pandas.DataFrame
        Just these columns.

    Raises
    ------
    TableContractError
        If a column is missing or holds what it must not; all faults are listed.
    """
    kept = frame[[c.name for c in CONTACT_TABLE if c.name in frame.columns]].copy()
    for column in CONTACT_TABLE:
        if column.name not in kept.columns:
            continue
        if column.dtype == "float64":
            kept[column.name] = pd.to_numeric(kept[column.name], errors="coerce")
            kept[column.name] = kept[column.name].astype("float64")
        else:
            kept[column.name] = kept[column.name].fillna("").astype("str")
    check_table(kept, CONTACT_TABLE, name="contacts")
    return kept


def find_contacts(
    contacts: pd.DataFrame, km: float, *, today: datetime.date
) -> ContactsFound:
    """Find who answers on each side at a kilometre of the line.

    Parameters
    ----------
    contacts
        As :func:`contacts_from` returns them; may be empty.
    km
        Nearest kilometre of the line.
    today
        The day that verification is judged on.

    Returns
    -------
    ContactsFound
        Desks and gaps: a place without a contact says so for both sides.

    Examples
    --------
    >>> found = find_contacts(empty_contacts(), 100, today=datetime.date(2026, 1, 1))
    >>> found.gaps["MX"]
    ('first_responder', 'liaison_chair', 'consulate', 'high_level')
    """
    held = contacts[(contacts["from_km"] <= km) & (km <= contacts["to_km"])]
    found = []
    for row in held.itertuples():
        days = age_days(str(row.verified_on), today)
        found.append(
            Contact(
                side=str(row.side),
                role=str(row.role),
                desk_en=str(row.desk_en),
                desk_es=str(row.desk_es),
                channel=str(row.channel),
                hours=str(row.hours),
                verified_on=str(row.verified_on),
                days=days,
                # written so that a day that is not known is stale
                stale=not days <= STALE_AFTER_DAYS,
            )
        )
    found.sort(key=lambda one: (one.side != "US", ROLES.index(one.role), one.desk_en))
    gaps = {
        side: tuple(
            role
            for role in ROLES
            if (side, role) not in {(c.side, c.role) for c in found}
        )
        for side in ("US", "MX")
    }
    return ContactsFound(contacts=tuple(found), gaps=gaps)
