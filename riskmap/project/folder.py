"""The project folder: tables that are never overwritten, and the ledger of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, Unpack

import pandas as pd
import pyarrow as pa

from riskmap.errors import TableCorruptError, TableMissingError
from riskmap.project import ledger, query, tables, verification
from riskmap.project.batches import Batches
from riskmap.project.failures import failures_named
from riskmap.project.faultpoints import FaultPoint, no_fault
from riskmap.project.files import TableFiles, make_folder, sync_folder
from riskmap.project.records import Batch, Finding, Receipt, Snapshot
from riskmap.project.writing import (
    Origin,
    Store,
    is_made_of,
    write_batch,
    write_snapshot,
)

# how long a writer waits for the one before it
WAIT_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder and its tables; made by :meth:`create` or :meth:`open`.

    Holds no open file: it may be used from several threads, and many
    processes may read while one writes. Nothing stored is ever overwritten.

    Parameters
    ----------
    path
        The project folder.
    wait_s
        Seconds a writer waits for the writer before it.
    fault_point
        Called at each of ``FAULT_POINTS``; for tests.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> project = Project.create(Path(folder.name) / "demo")
    >>> cells = pd.DataFrame({"km": [0.5, 1.5]})
    >>> made = project.write("cells", cells, step="cells", options={}, inputs={})
    >>> made.rows, project.read("cells").equals(cells)
    (2, True)
    >>> project.sql("SELECT max(km) AS km FROM cells")
        km
    0  1.5
    >>> project.verify()
    ()
    >>> folder.cleanup()
    """

    path: Path
    wait_s: float = WAIT_S
    fault_point: FaultPoint = no_fault
    _store: Store = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Point at the ledger and the files."""
        store = Store(path=self.path, wait_s=self.wait_s, fault_point=self.fault_point)
        object.__setattr__(self, "_store", store)

    @classmethod
    def create(
        cls,
        path: Path | str,
        *,
        wait_s: float = WAIT_S,
        fault_point: FaultPoint = no_fault,
    ) -> Self:
        """Make an empty project, whole or not at all.

        Parameters
        ----------
        path
            Folder; made if it is not there.
        wait_s, fault_point
            As in the class.

        Raises
        ------
        ProjectExistsError
            If there is a project in the folder.
        FolderUnwritableError
            If the folder cannot be made or written.
        DiskFullError
            If there is no space left.
        """
        project = cls(path=Path(path), wait_s=wait_s, fault_point=fault_point)
        with failures_named(project.path):
            make_folder(project.path.absolute())
            fault_point("create.folder_made")
            ledger.create_ledger(project.path, wait_s=wait_s, fault_point=fault_point)
            # sqlite leaves the end of its journal unsynced
            sync_folder(project.path)
        return project

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        wait_s: float = WAIT_S,
        fault_point: FaultPoint = no_fault,
    ) -> Self:
        """Open a project and check the chain of its ledger.

        Parameters
        ----------
        path
            Folder of the project.
        wait_s, fault_point
            As in the class.

        Returns
        -------
        Project
            Its files are checked when they are read.

        Raises
        ------
        ProjectMissingError
            If there is no project.
        ProjectNewerError
            If a newer riskmap made it.
        TableCorruptError
            If the ledger is not what was stored.
        """
        project = cls(path=Path(path), wait_s=wait_s, fault_point=fault_point)
        with project._store.ledger() as connection:
            faults = ledger.chain_faults(connection)
        if faults:
            raise ledger.damaged(project.path, faults[0])
        return project

    def write(
        self,
        name: str,
        table: pd.DataFrame,
        *,
        step: str,
        options: Mapping[str, Any],
        inputs: Mapping[str, str],
        at: str = "",
    ) -> Snapshot:
        """Store a table; earlier versions of it stay.

        The same rows of the same step, options, inputs and riskmap as the
        newest version change nothing: that version is given back.

        Parameters
        ----------
        name
            What the table is called: lower-case letters, digits and ``_``.
        table
            Any table of dtypes the store keeps exactly; geometry with a CRS.
        step
            The step that made it.
        options
            The step's options; plain values.
        inputs
            Name to checksum of what went in.
        at
            The time to note, ISO 8601; the store reads no clock.

        Returns
        -------
        Snapshot

        Raises
        ------
        TableContractError
            If a dtype would not come back as it was.
        MissingCRSError
            If a geometry has no CRS.
        ProjectBusyError
            If another process has been writing for too long.
        DiskFullError
            If there is no space left; the project is as it was.
        FolderUnwritableError
            If the folder cannot be written; the project is as it was.
        """
        origin = Origin(step=step, options=options, inputs=inputs, at=at)
        return write_snapshot(self._store, name, table, origin)

    def read(self, name: str, *, at: str | None = None) -> pd.DataFrame:
        """Read a table, with its dtypes and index, its bytes checked.

        Parameters
        ----------
        name
            What the table is called.
        at
            Checksum of an older version; the newest if not given.

        Returns
        -------
        pandas.DataFrame
            The table; a GeoDataFrame if it was one.

        Raises
        ------
        TableMissingError
            If it has not been made.
        TableCorruptError
            If its bytes are not those that were stored.
        """
        return tables.from_arrow(self._arrow(name, at))

    def _arrow(self, name: str, at: str | None = None) -> pa.Table:
        with self._store.ledger() as connection:
            found = ledger.latest(connection, name, at)
            if found is None:
                msg = f"Table {name} has not been made; `riskmap run` makes it."
                raise TableMissingError(msg, path=str(self.path), table=name)
            return self._store.load(found.sha256, name)

    def snapshot(self, name: str) -> Snapshot | None:
        """Tell the newest version of a table; None if it has not been made.

        Parameters
        ----------
        name
            What the table is called.
        """
        with self._store.ledger() as connection:
            return ledger.latest(connection, name)

    def snapshots(self, name: str | None = None) -> tuple[Snapshot, ...]:
        """List the newest version of every table, or all versions of one.

        Parameters
        ----------
        name
            A table, for all its versions, oldest first; None for the newest
            version of each table, sorted by name.

        Returns
        -------
        tuple of Snapshot
        """
        with self._store.ledger() as connection:
            if name is not None:
                where = "WHERE snapshot.name = ? ORDER BY seq"
                found = ledger.rows(connection, "snapshot", where, (name,))
                return tuple(map(ledger.as_snapshot, found))
            found = ledger.rows(connection, "snapshot", "ORDER BY seq")
            newest = {s.name: s for s in map(ledger.as_snapshot, found)}
            return tuple(newest[name] for name in sorted(newest))

    def is_current(
        self, name: str, *, options: Mapping[str, Any], inputs: Mapping[str, str]
    ) -> bool:
        """Tell whether a table need not be made again.

        True if this riskmap made its newest version of these options and
        inputs, and the bytes are still there. So a run mends what was lost.

        Parameters
        ----------
        name
            What the table is called.
        options, inputs
            As they would be given to :meth:`write`.

        Returns
        -------
        bool
            False if it is missing, stale or damaged.
        """
        with self._store.ledger() as connection:
            found = ledger.latest(connection, name)
            return (
                found is not None
                and is_made_of(found, options=options, inputs=inputs)
                and self._store.files.holds(found.sha256)
            )

    def record_batch(
        self,
        kind: str,
        *,
        accepted: pd.DataFrame,
        faults: pd.DataFrame,
        **receipt: Unpack[Receipt],
    ) -> Batch:
        """Record one delivery, whole or not at all; it is never changed after.

        The same file read by the same profile is recorded once: the second
        time gives back what was recorded first, ``repeated`` set.

        Parameters
        ----------
        kind
            What is delivered: lower-case letters, digits and ``_``.
        accepted
            The rows kept; of the same columns and dtypes as the ones before.
        faults
            The rows set aside; those of one ``row`` count once.
        **receipt
            ``file_sha256``, ``file_name``, ``profile``, ``duplicates`` and
            ``rows_in`` (numbers of rows), ``known_at`` (ISO 8601); optionally
            ``seen``, how many deliveries the duplicates were sought among.

        Returns
        -------
        Batch

        Raises
        ------
        TableContractError
            If the rows do not add up, or the columns are not those before.
        DateOptionError
            If ``known_at`` is no time.
        ProjectBusyError
            If another process has been writing for too long, or has
            delivered more than was ``seen``: look again and retry.
        DiskFullError, FolderUnwritableError
            If it cannot be stored; the project is as it was.
        """
        return write_batch(
            self._store, kind, accepted=accepted, faults=faults, receipt=receipt
        )

    def batches(self, kind: str) -> Batches:
        """List the deliveries of one kind, in the order they came.

        Parameters
        ----------
        kind
            What was delivered.

        Returns
        -------
        Batches
            A sequence of :class:`Batch`; its ``accepted()`` and ``faults()``
            join the rows, its ``known_by()`` goes back in time.
        """
        with self._store.ledger() as connection:
            items = ledger.batches(connection, kind)
        return Batches(kind=kind, items=items, load=self._store.load)

    def sql(self, text: str, tables: Iterable[str] | None = None) -> pd.DataFrame:
        """Answer a query over the newest tables, in memory, cut off from all else.

        Parameters
        ----------
        text
            One statement in DuckDB's dialect; write ``ORDER BY`` if order matters.
        tables
            The tables it may see; those it names if not given.

        Returns
        -------
        pandas.DataFrame
            The answer, without an index; geometry as WKB.

        Raises
        ------
        QueryError
            If the query is wrong, names a table that has not been made, or
            reaches out of the project.
        TableMissingError
            If one of ``tables`` has not been made.
        """
        if tables is None:
            made = {snapshot.name for snapshot in self.snapshots()}
            tables = made.intersection(query.tables_named(text))
        return query.answer(text, {name: self._arrow(name) for name in sorted(tables)})

    def verify(self) -> tuple[Finding, ...]:
        """Check the whole project: every row of the ledger and every file.

        Returns
        -------
        tuple of Finding
            Empty if all is as it was stored; harmless findings last.

        Raises
        ------
        ProjectMissingError
            If there is no project.
        """
        # a fresh look: nothing seen before counts
        files = TableFiles(project=self.path)
        try:
            with self._store.ledger() as connection:
                return verification.findings(connection, files)
        except TableCorruptError as error:
            return (verification.unreadable(str(error)),)
