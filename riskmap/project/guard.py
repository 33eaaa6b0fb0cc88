"""A project seen through a gate: every table that is read passes it, or stays shut."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from riskmap.errors import DeedError
from riskmap.project import tables
from riskmap.project.batches import Batches
from riskmap.project.folder import Project
from riskmap.project.records import Batch, Snapshot

Gate = Callable[[str, pa.Table, str | None], pa.Table]
"""From a table's name, its rows and the checksum of its version (None for the newest)
to the rows that may be seen."""


@dataclass(frozen=True, kw_only=True)
class GuardedProject(Project):
    """A project of which every reading passes one gate.

    Tables, deliveries and SQL alike: whatever asks the project gets what the gate
    lets through. A table made of what only a part was seen of would be wrong for
    everybody else: who looks through a gate writes nothing.

    Parameters
    ----------
    path, wait_s, fault_point
        As in :class:`riskmap.project.Project`.
    gate
        Given a table's name (``incidents``, or ``incidents.accepted`` of a delivery)
        and its rows, gives the rows that may be seen, or raises.
    looks_as
        Role of who only looks; empty for who may write, and then the gate lets all
        pass.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> folder = tempfile.TemporaryDirectory()
    >>> project = Project.create(folder.name + "/demo")
    >>> cells = pd.DataFrame({"km": [0.5, 1.5]})
    >>> made = project.write("cells", cells, step="cells", options={}, inputs={})
    >>> seen = guarded(project, lambda name, table, at: table.slice(0, 1))
    >>> len(seen.read("cells")), len(seen.sql("SELECT * FROM cells"))
    (1, 1)
    >>> folder.cleanup()
    """

    gate: Gate
    looks_as: str = ""

    def _arrow(self, name: str, at: str | None = None) -> pa.Table:
        return self.gate(name, super()._arrow(name, at), at)

    def write(self, name: str, *args: Any, **named: Any) -> Snapshot:
        """Store a table, if whoever works may.

        Parameters
        ----------
        name
            What the table is called.
        *args, **named
            As :meth:`riskmap.project.Project.write` takes them.

        Returns
        -------
        Snapshot

        Raises
        ------
        DeedError
            If they only look.
        """
        self._refuse_looking()
        return super().write(name, *args, **named)

    def record_batch(self, kind: str, **named: Any) -> Batch:
        """Record one delivery, if whoever works may.

        Parameters
        ----------
        kind
            What is delivered.
        **named
            As :meth:`riskmap.project.Project.record_batch` takes them.

        Returns
        -------
        Batch

        Raises
        ------
        DeedError
            If they only look.
        """
        self._refuse_looking()
        return super().record_batch(kind, **named)

    def _refuse_looking(self) -> None:
        if self.looks_as:
            msg = f"The role {self.looks_as} looks at the project only."
            raise DeedError(msg, deed="change", role=self.looks_as)

    def batches(self, kind: str) -> Batches:
        """List the deliveries of one kind; their rows pass the gate.

        Parameters
        ----------
        kind
            What was delivered.

        Returns
        -------
        Batches
            As the project has them; numbers of rows are those delivered.
        """
        found = super().batches(kind)

        def load(sha256: str, name: str) -> pa.Table:
            return self.gate(name, found.load(sha256, name), None)

        return replace(found, load=load)


def guarded(project: Project, gate: Gate, *, looks_as: str = "") -> GuardedProject:
    """See a project through a gate.

    Parameters
    ----------
    project
        The project.
    gate, looks_as
        As in :class:`GuardedProject`.

    Returns
    -------
    GuardedProject
        The same folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> guarded(Project(path=Path("p")), lambda name, table, at: table).path.name
    'p'
    """
    return GuardedProject(
        path=project.path,
        wait_s=project.wait_s,
        fault_point=project.fault_point,
        gate=gate,
        looks_as=looks_as,
    )


def keep_rows(table: pa.Table, kept: list[bool]) -> pa.Table:
    """Keep some rows of a stored table, its dtypes, index and CRS as they are.

    Parameters
    ----------
    table
        As the store reads it.
    kept
        True for each row that stays, of shape (n_rows,).

    Returns
    -------
    pyarrow.Table
        The rows in their order; a counted index starts anew.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskmap.project.tables import from_arrow, to_arrow
    >>> stored = to_arrow(pd.DataFrame({"km": [0.5, 1.5]}), name="cells")
    >>> from_arrow(keep_rows(stored, [False, True])).to_dict("list")
    {'km': [1.5]}
    """
    part = table.filter(pa.array(kept, type=pa.bool_()))
    return tables.joined([part], name="gate")
