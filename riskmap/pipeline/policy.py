"""Policy in the query layer: one gate that every reading of a project passes."""

from dataclasses import dataclass, field
from typing import Final

import pandas as pd
import pyarrow as pa

from riskmap.errors import RestrictedError
from riskmap.pipeline.context import CONTEXT
from riskmap.project import GuardedProject, Project, guarded, keep_rows
from riskmap.sharing.markings import CLEAR, OPEN, UNMARKED, Marking, strictest
from riskmap.sharing.policy import (
    ENFORCEMENT,
    ROLES,
    SURFACES,
    Clearance,
    is_visible,
    marking_of_rows,
    visible_rows,
)

__all__ = ["ENFORCEMENT", "ROLES", "SURFACES", "Clearance"]

HOLDER: Final = "local"
"""Stands for whoever keeps the project where nobody said whose the records are."""

LOCAL_CLEARANCE: Final = Clearance(
    role="admin", country="US", organisation=HOLDER, assumed=True
)
"""The one user of a project without a sign-in; every page says that it is assumed."""

OPEN_TABLES: Final = frozenset({*CONTEXT, "cells", "terrain", "layers", "roads"})
"""Tables of published ground that no record has gone into."""

OPEN_SOURCES: Final = frozenset({"iom_mmp", "ucdp_ged"})
"""Sources of the bundled sample: published, their records known to everybody."""

WORDS_OF_PROFILES: Final = {"public": CLEAR, "by agreement": UNMARKED}
"""What ingest profiles wrote for a marking before there were labels."""

LIFE_SAVING_LANDMARKS: Final = frozenset(
    {"water", "shelter", "rescue_beacon", "camp", "route"}
)

MARKING_COLUMNS: Final = ("marking", "releasable_to", "purpose", "source", "kind")


def mark_incidents(records: pd.DataFrame) -> pd.DataFrame:
    """Give each incident its marking, whatever its file said.

    Parameters
    ----------
    records
        Event table, perhaps without ``marking``.

    Returns
    -------
    pandas.DataFrame
        With ``marking``: a label of TLP 2.0, empty for unmarked. Without the column
        only the bundled open sources are ``TLP:CLEAR``.

    Examples
    --------
    >>> rows = pd.DataFrame({"source": ["iom_mmp", "agency"]})
    >>> mark_incidents(rows)["marking"].tolist()
    ['TLP:CLEAR', '']
    """
    is_open = records["source"].isin(OPEN_SOURCES)
    if "marking" in records.columns:
        said = records["marking"].astype("str").fillna("").replace(WORDS_OF_PROFILES)
    else:
        said = pd.Series("", index=records.index, dtype="str")
        said = said.mask(is_open, CLEAR)
    # what a source has published stays so, though a file of old did not say it
    said = said.mask((said == "") & is_open, CLEAR)
    return records.assign(marking=said.astype("str"))


def mark_landmarks(records: pd.DataFrame) -> pd.DataFrame:
    """Give each landmark its marking and purpose.

    Parameters
    ----------
    records
        Landmarks, perhaps without ``marking``.

    Returns
    -------
    pandas.DataFrame
        Water, shelter and the like are life-saving and unmarked unless they say;
        others are ``TLP:CLEAR`` unless they say.

    Examples
    --------
    >>> mark_landmarks(pd.DataFrame({"kind": ["town", "water"]}))["marking"].tolist()
    ['TLP:CLEAR', '']
    """
    saving = records["kind"].isin(LIFE_SAVING_LANDMARKS)
    said = pd.Series("", index=records.index, dtype="str")
    if "marking" in records.columns:
        said = records["marking"].astype("str").fillna("")
    purpose = saving.map({True: "life_saving", False: "neutral"})
    return records.assign(
        marking=said.mask((said == "") & ~saving, CLEAR).astype("str"),
        purpose=purpose.astype("str"),
    )


def mark_unknown(records: pd.DataFrame) -> pd.DataFrame:
    """Mark what nobody has said anything of: its originator's, and of any purpose.

    Parameters
    ----------
    records
        Any rows.

    Returns
    -------
    pandas.DataFrame
        Two columns on the same index.

    Examples
    --------
    >>> mark_unknown(pd.DataFrame({"row": [1]})).to_dict("list")
    {'marking': [''], 'purpose': ['mixed']}
    """
    marked = pd.DataFrame(index=records.index)
    return marked.assign(marking="", purpose="mixed").astype("str")


RECORDS: Final = {
    "incidents": mark_incidents,
    "incident_records": mark_incidents,
    "incidents.accepted": mark_incidents,
    "landmarks": mark_landmarks,
    "landmarks.accepted": mark_landmarks,
    "quarantine": mark_unknown,
    "incidents.faults": mark_unknown,
    "landmarks.faults": mark_unknown,
}
"""Tables whose rows are records, and how each row is marked."""


@dataclass(frozen=True, kw_only=True)
class PolicyGate:
    """The gate of one clearance on one surface.

    Records pass row by row. A table made of records passes whole or not at all: its
    marking is the strictest of the records that went into it.

    Parameters
    ----------
    project
        The project, unguarded.
    clearance
        Who is asking.
    surface
        One of :data:`SURFACES`.
    originator
        Whose the records are where they do not say.
    """

    project: Project
    clearance: Clearance
    surface: str
    originator: str = HOLDER
    _markings: dict[str, Marking] = field(default_factory=dict, repr=False)

    def __call__(self, name: str, table: pa.Table) -> pa.Table:
        """Let through what may be seen of a table."""
        if name in RECORDS:
            seen = visible_rows(
                RECORDS[name](_columns(table)),
                self.clearance,
                surface=self.surface,
                originator=self.originator,
            )
            return table if seen.all() else keep_rows(table, seen.tolist())
        marking = self.marking_of(name)
        if not is_visible(
            marking, self.clearance, surface=self.surface, grain="aggregate"
        ):
            role = self.clearance.role
            msg = f"The table {name} is marked for others than the role {role}."
            raise RestrictedError(msg, table=name, role=role)
        return table

    def marking_of(self, name: str) -> Marking:
        """Tell the marking of a table: that of the records that went into it.

        Parameters
        ----------
        name
            What the table is called.

        Returns
        -------
        Marking
            Unmarked for what nobody knows anything of.
        """
        if name not in self._markings:
            self._markings[name] = self._find(name)
        return self._markings[name]

    def _find(self, name: str) -> Marking:
        if name in OPEN_TABLES:
            return OPEN
        if name in RECORDS:
            return self._of_rows(name, self.project.read(name))
        if name.startswith("batches:"):
            kind = name.removeprefix("batches:")
            batches = self.project.batches(kind)
            if f"{kind}.accepted" in RECORDS:
                rows = batches.accepted() if len(batches) else None
                return OPEN if rows is None else self._of_rows(f"{kind}.accepted", rows)
            return Marking.read("", originator=self.originator, purpose="mixed")
        made = self.project.snapshot(name)
        if made is None or not made.inputs:
            return Marking.read("", originator=self.originator, purpose="mixed")
        return strictest(self.marking_of(part) for part in made.inputs)

    def _of_rows(self, name: str, rows: pd.DataFrame) -> Marking:
        marked = RECORDS[name](pd.DataFrame(rows))
        return marking_of_rows(marked, originator=self.originator)


def _columns(table: pa.Table) -> pd.DataFrame:
    """Read the columns of a stored table that its marking depends on."""
    held = [name for name in MARKING_COLUMNS if name in table.column_names]
    frame: pd.DataFrame = table.select(held).replace_schema_metadata(None).to_pandas()
    return frame.set_axis(range(table.num_rows))


def cleared(
    project: Project,
    clearance: Clearance,
    surface: str,
    *,
    originator: str = HOLDER,
) -> GuardedProject:
    """See a project as somebody may see it on one surface.

    Every function of the pipeline takes the result in place of the project: map,
    table, search, export, card, log and error all read through the one gate.

    Parameters
    ----------
    project
        The project.
    clearance
        Who is asking.
    surface
        One of :data:`SURFACES`.
    originator
        Whose the records are where they do not say.

    Returns
    -------
    GuardedProject
        The same folder; reading a table that is closed raises ``RestrictedError``.
    """
    gate = PolicyGate(
        project=project, clearance=clearance, surface=surface, originator=originator
    )
    return guarded(project, gate)


def marking_of_table(
    project: Project, name: str, *, originator: str = HOLDER
) -> Marking:
    """Tell the marking of a table: that of what it was made of.

    Parameters
    ----------
    project
        The project.
    name
        What the table is called.
    originator
        Whose the records are where they do not say.

    Returns
    -------
    Marking
        The strictest of all inputs.
    """
    gate = PolicyGate(
        project=project,
        clearance=LOCAL_CLEARANCE,
        surface="table",
        originator=originator,
    )
    return gate.marking_of(name)
