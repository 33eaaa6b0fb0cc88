"""Policy: the one function that decides who sees what, and on which surface."""

import datetime
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.errors import UnknownNameError
from riskmap.sharing.markings import (
    AMBER,
    AMBER_STRICT,
    CLEAR,
    GREEN,
    PURPOSES,
    RED,
    Marking,
    rank_of,
    strictest,
)

ROLES: Final = ("viewer", "planner", "assessor", "analyst", "humanitarian", "admin")

COUNTRIES: Final = ("US", "MX")

SURFACES: Final = ("map", "table", "search", "export", "card", "log", "error")

GRAINS: Final = ("record", "aggregate")

HIGHEST_OF_ROLE: Final = {
    "viewer": GREEN,
    "assessor": AMBER,
    "planner": AMBER_STRICT,
    "humanitarian": AMBER_STRICT,
    "analyst": RED,
    "admin": RED,
}
"""The strictest label that each role may see."""

HIGHEST_OF_SURFACE: Final = {
    "map": AMBER_STRICT,
    "search": AMBER_STRICT,
    "table": RED,
    "card": RED,
    "export": AMBER_STRICT,
    "log": GREEN,
    "error": CLEAR,
}
"""The strictest label that each surface may carry: what is for named eyes only is
looked at one by one, leaves in no file, and is quoted by no log and no error."""

ENFORCEMENT: Final = ("viewer", "planner", "assessor")
"""Roles that are, or may be, of an enforcement agency: they never see life-saving
records (survivors, water, shelters, routes in use) one by one."""

AID: Final = ("humanitarian",)
"""Roles that never see patrol records one by one: the purpose wall has two sides."""

CLOSED_ONE_BY_ONE: Final = {
    "neutral": (),
    "life_saving": ENFORCEMENT,
    "public_safety": AID,
    "mixed": (*ENFORCEMENT, *AID),
}


DEEDS: Final = {
    "run": ("analyst", "admin"),
    "import": ("analyst", "humanitarian", "admin"),
    "edit": ("analyst", "admin"),
    "release": ("analyst", "admin"),
    "package": ("analyst", "admin"),
}
"""What changes a project or leaves it unthinned, and the roles that may do it."""


@dataclass(frozen=True, kw_only=True)
class Clearance:
    """Who is asking.

    Parameters
    ----------
    role
        One of :data:`ROLES`.
    country
        One of :data:`COUNTRIES`.
    organisation
        Name of an organisation, or empty.
    person
        Who, for the audit log; a name of an account.
    expires_at
        The end of the clearance, UTC; None if it has none.
    assumed
        True for the one local user of a project without a sign-in.
    """

    role: str
    country: str
    organisation: str = ""
    person: str = "local"
    expires_at: datetime.datetime | None = None
    assumed: bool = False

    def __post_init__(self) -> None:
        """Refuse a role or a country that is none."""
        _known("role", self.role, ROLES)
        _known("country", self.country, COUNTRIES)

    @property
    def names(self) -> frozenset[str]:
        """What ``releasable_to`` may call them."""
        return frozenset({self.country, self.organisation} - {""})

    def may(self, deed: str) -> bool:
        """Tell whether the role may do something that changes a project.

        Parameters
        ----------
        deed
            One of :data:`DEEDS`.

        Returns
        -------
        bool
            True if it may.

        Raises
        ------
        UnknownNameError
            If there is no such deed.

        Examples
        --------
        >>> Clearance(role="viewer", country="US").may("import")
        False
        """
        _known("deed", deed, tuple(DEEDS))
        return self.role in DEEDS[deed]

    def holds_at(self, moment: datetime.datetime) -> bool:
        """Tell whether the clearance holds at a time.

        Parameters
        ----------
        moment
            UTC.

        Returns
        -------
        bool
            False from the very moment it expires.

        Examples
        --------
        >>> one = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        >>> Clearance(role="viewer", country="US", expires_at=one).holds_at(one)
        False
        """
        return self.expires_at is None or moment < self.expires_at


def _known(kind: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a name that is not in its list."""
    if value not in known:
        msg = f"The {kind} must be one of {known}, got {value!r}."
        raise UnknownNameError(msg, kind=kind, value=value, known=", ".join(known))


def is_visible(
    marking: Marking, clearance: Clearance, *, surface: str, grain: str = "record"
) -> bool:
    """Decide whether somebody sees something somewhere.

    Parameters
    ----------
    marking
        Of the record, or of the whole that it is part of.
    clearance
        Who is asking.
    surface
        One of :data:`SURFACES`.
    grain
        ``record`` if records are shown one by one, ``aggregate`` for what is made of
        many.

    Returns
    -------
    bool
        True only if role, surface, release and purpose all allow it.

    Raises
    ------
    UnknownNameError
        If there is no such surface or grain.

    Examples
    --------
    >>> planner = Clearance(role="planner", country="MX")
    >>> is_visible(Marking(label="TLP:GREEN"), planner, surface="map")
    True
    >>> camp = Marking(label="TLP:GREEN", purpose="life_saving")
    >>> is_visible(camp, planner, surface="map")
    False
    """
    _known("surface", surface, SURFACES)
    _known("grain", grain, GRAINS)
    rank = rank_of(marking.label)
    allowed = (
        rank <= rank_of(HIGHEST_OF_ROLE[clearance.role]),
        rank <= rank_of(HIGHEST_OF_SURFACE[surface]),
        marking.releasable_to is None
        or not clearance.names.isdisjoint(marking.releasable_to),
        grain == "aggregate"
        or clearance.role not in CLOSED_ONE_BY_ONE[marking.purpose],
    )
    return all(allowed)


def marking_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Read the columns that mark a table's rows, as text; absent ones are empty.

    Parameters
    ----------
    table
        Records, perhaps with ``marking`` (as :meth:`Marking.read` reads it),
        ``releasable_to`` (names parted by commas) and ``purpose``.

    Returns
    -------
    pandas.DataFrame of shape (n_rows, 2)
        ``marking`` and ``purpose``, on the same index; unknown purposes are
        ``mixed``.

    Examples
    --------
    >>> marking_columns(pd.DataFrame({"km": [1.0]})).to_dict("records")
    [{'marking': '', 'purpose': 'neutral'}]
    """

    def text(name: str, default: str) -> pd.Series:
        if name not in table.columns:
            return pd.Series(default, index=table.index, dtype="str")
        return table[name].astype("str").fillna(default)

    marking, names = text("marking", ""), text("releasable_to", "")
    named = (marking != "") & (names != "")
    marking = marking.where(~named, marking + "//REL TO " + names)
    purpose = text("purpose", "neutral")
    purpose = purpose.where(purpose.isin(PURPOSES), "mixed")
    return pd.DataFrame({"marking": marking, "purpose": purpose}, index=table.index)


def marking_of_rows(table: pd.DataFrame, *, originator: str) -> Marking:
    """Combine the markings of a table's rows.

    Parameters
    ----------
    table
        Records.
    originator
        Whose they are where they do not say.

    Returns
    -------
    Marking
        The strictest; ``TLP:CLEAR`` of a table without rows.

    Raises
    ------
    MarkingError
        If a row's label is none.

    Examples
    --------
    >>> marking_of_rows(pd.DataFrame({"km": [1.0]}), originator="US").text()
    'TLP:AMBER+STRICT//REL TO US'
    """
    pairs = marking_columns(table).drop_duplicates()
    return strictest(
        Marking.read(row.marking, originator=originator, purpose=row.purpose)
        for row in pairs.itertuples()
    )


def visible_rows(
    table: pd.DataFrame, clearance: Clearance, *, surface: str, originator: str
) -> npt.NDArray[np.bool_]:
    """Decide of each row of a table whether somebody sees it somewhere.

    Parameters
    ----------
    table
        Records, of shape (n_rows, n_columns); see :func:`marking_columns`.
    clearance
        Who is asking.
    surface
        One of :data:`SURFACES`.
    originator
        Whose the rows are where they do not say.

    Returns
    -------
    numpy.ndarray of bool of shape (n_rows,)
        As :func:`is_visible` decides of each, record by record.

    Raises
    ------
    MarkingError
        If a row's label is none: nothing is shown then.

    Examples
    --------
    >>> rows = pd.DataFrame({"marking": ["TLP:CLEAR", ""]})
    >>> viewer = Clearance(role="viewer", country="US")
    >>> visible_rows(rows, viewer, surface="table", originator="US").tolist()
    [True, False]
    """
    codes, pairs = pd.MultiIndex.from_frame(marking_columns(table)).factorize()
    decided = [
        is_visible(
            Marking.read(text, originator=originator, purpose=purpose),
            clearance,
            surface=surface,
        )
        for text, purpose in pairs
    ]
    return np.array(decided, dtype=bool)[codes] if len(table) else np.zeros(0, bool)
