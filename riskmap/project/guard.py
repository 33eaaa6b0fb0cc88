"""A project seen through a gate: every table that is read passes it, or stays shut."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pyarrow as pa

from riskmap.project import tables
from riskmap.project.batches import Batches
from riskmap.project.folder import Project

Gate = Callable[[str, pa.Table], pa.Table]
"""From a table's name and its rows to the rows that may be seen."""


@dataclass(frozen=True, kw_only=True)
class GuardedProject(Project):
    """A project of which every reading passes one gate.

    Tables, deliveries and SQL alike: whatever asks the project gets what the gate
    lets through. What is written is not looked at.

    Parameters
    ----------
    path, wait_s, fault_point
        As in :class:`riskmap.project.Project`.
    gate
        Given a table's name (``incidents``, or ``incidents.accepted`` of a delivery)
        and its rows, gives the rows that may be seen, or raises.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> folder = tempfile.TemporaryDirectory()
    >>> project = Project.create(folder.name + "/demo")
    >>> cells = pd.DataFrame({"km": [0.5, 1.5]})
    >>> made = project.write("cells", cells, step="cells", options={}, inputs={})
    >>> seen = guarded(project, lambda name, table: table.slice(0, 1))
    >>> len(seen.read("cells")), len(seen.sql("SELECT * FROM cells"))
    (1, 1)
    >>> folder.cleanup()
    """

    gate: Gate

    def _arrow(self, name: str, at: str | None = None) -> pa.Table:
        return self.gate(name, super()._arrow(name, at))

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
            return self.gate(name, found.load(sha256, name))

        return replace(found, load=load)


def guarded(project: Project, gate: Gate) -> GuardedProject:
    """See a project through a gate.

    Parameters
    ----------
    project
        The project.
    gate
        As in :class:`GuardedProject`.

    Returns
    -------
    GuardedProject
        The same folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> guarded(Project(path=Path("p")), lambda name, table: table).path.name
    'p'
    """
    return GuardedProject(
        path=project.path,
        wait_s=project.wait_s,
        fault_point=project.fault_point,
        gate=gate,
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
