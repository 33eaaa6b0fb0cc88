"""Policy in the query layer: one gate that every reading of a project passes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from riskmap.errors import RestrictedError
from riskmap.pipeline.context import CONTEXT
from riskmap.pipeline.record_marks import RECORDS, landmarks_for_tables, marks_of
from riskmap.project import (
    GuardedProject,
    Project,
    Snapshot,
    guarded,
    keep_rows,
)
from riskmap.sharing.markings import OPEN, Marking, strictest
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

OPEN_TABLES: Final = frozenset({*CONTEXT, "cells", "terrain", "roads"})
"""Tables of published ground that no record has gone into."""

MARKING_COLUMNS: Final = ("marking", "releasable_to", "purpose", "source", "kind")


def _all_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep every row."""
    return rows


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
    _markings: dict[tuple[str, str | None], Marking] = field(
        default_factory=dict, repr=False
    )

    def __call__(self, name: str, table: pa.Table, at: str | None = None) -> pa.Table:
        """Let through what may be seen of a table."""
        if mark := marks_of(name):
            marked = mark(_columns(table))
            seen = visible_rows(
                marked,
                self.clearance,
                surface=self.surface,
                originator=self.originator,
            )
            return table if seen.all() else keep_rows(table, seen.tolist())
        if not self.lets(name, at):
            role = self.clearance.role
            msg = f"The table {name} is marked for others than the role {role}."
            raise RestrictedError(msg, table=name, role=role)
        return table

    def lets(self, name: str, at: str | None = None) -> bool:
        """Tell whether a table made of records may be seen, whole.

        Parameters
        ----------
        name
            What the table is called.
        at
            Checksum of its version; the newest if not given.

        Returns
        -------
        bool
            False if a record that went into it forbids it.
        """
        marking = self.marking_of(name, at)
        return is_visible(
            marking, self.clearance, surface=self.surface, grain="aggregate"
        )

    def marking_of(self, name: str, at: str | None = None) -> Marking:
        """Tell the marking of a table: that of the records that went into it.

        Parameters
        ----------
        name
            What the table is called.
        at
            Checksum of its version; the newest if not given.

        Returns
        -------
        Marking
            Unmarked for what nobody knows anything of.
        """
        if (name, at) not in self._markings:
            self._markings[name, at] = self._find(name, at)
        return self._markings[name, at]

    def _find(self, name: str, at: str | None) -> Marking:
        if name in OPEN_TABLES:
            return OPEN
        made = self._made(name, at)
        if name in RECORDS and made is not None:
            return self._of_records(name, made.sha256)
        if name.startswith("batches:"):
            kind = name.removeprefix("batches:")
            batches = self.project.batches(kind)
            if f"{kind}.accepted" in RECORDS:
                rows = batches.accepted() if len(batches) else None
                return OPEN if rows is None else self._of_rows(f"{kind}.accepted", rows)
            return Marking.read("", originator=self.originator, purpose="mixed")
        if made is None or not made.inputs:
            return Marking.read("", originator=self.originator, purpose="mixed")
        return strictest(self._of_part(*part) for part in made.inputs.items())

    def _made(self, name: str, at: str | None) -> Snapshot | None:
        """Find a version of a table; the newest where there is none such."""
        if at is not None:
            for one in reversed(self.project.snapshots(name)):
                if one.sha256 == at:
                    return one
        return self.project.snapshot(name)

    def _of_part(self, name: str, at: str) -> Marking:
        """Tell the marking of what went into a table, as it was when it did."""
        made = self._made(name, at) if name == "landmarks" else None
        if made is None:
            return self.marking_of(name, at)
        return self._of_records(name, made.sha256, landmarks_for_tables)

    def _of_records(
        self, name: str, at: str, keep: Callable[[Any], Any] = _all_rows
    ) -> Marking:
        """Combine a version's marks with the newest's: some may be stricter since."""
        newest = self.project.snapshot(name)
        sums = dict.fromkeys((at, newest.sha256 if newest else at))
        return strictest(self._of_version(name, one, keep) for one in sums)

    def _of_version(self, name: str, at: str, keep: Callable[[Any], Any]) -> Marking:
        """Combine the marks of what one version keeps, read once."""
        key = (f"{name}:{keep.__name__}", at)
        if key not in self._markings:
            rows = keep(self.project.read(name, at=at))
            self._markings[key] = self._of_rows(name, rows)
        return self._markings[key]

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
    return guarded(project, gate, looks_as=clearance.role)


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
        The strictest of all inputs; of records, of those that pass the project's gate.
    """
    held = getattr(project, "gate", None)
    if isinstance(held, PolicyGate):
        if name not in RECORDS:
            # what a table was made of counts whole, seen or not
            return held.marking_of(name)
        marked = RECORDS[name](pd.DataFrame(project.read(name)))
        return marking_of_rows(marked, originator=held.originator)
    gate = PolicyGate(
        project=project,
        clearance=LOCAL_CLEARANCE,
        surface="table",
        originator=originator,
    )
    return gate.marking_of(name)
