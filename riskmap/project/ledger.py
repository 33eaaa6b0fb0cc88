"""The ledger: one SQLite file of rows that are only added, each chained to the last."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from riskmap.errors import (
    OptionError,
    ProjectExistsError,
    ProjectMissingError,
    ProjectNewerError,
    TableCorruptError,
)
from riskmap.project.failures import LEDGER_NAME
from riskmap.project.faultpoints import FaultPoint
from riskmap.project.records import Batch, Snapshot, canonical_json, sha256_hex

# "rskm" in ASCII; tells `file` and us that this SQLite file is a project
APPLICATION_ID = 0x72736B6D
SCHEMA_VERSION = 2
# the first version whose ledger holds an audit log
AUDIT_VERSION = 2
FIRST_LINK = "0" * 64

SCHEMA = (
    """
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('snapshot', 'batch')),
  previous TEXT NOT NULL CHECK (length(previous) = 64),
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64)
) STRICT
""",
    """
CREATE TABLE snapshot (
  seq INTEGER PRIMARY KEY REFERENCES entry (seq),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  rows INTEGER NOT NULL CHECK (rows >= 0),
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  step TEXT NOT NULL,
  options TEXT NOT NULL,
  inputs TEXT NOT NULL,
  riskmap_version TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT
""",
    """
CREATE TABLE batch (
  seq INTEGER PRIMARY KEY REFERENCES entry (seq),
  kind TEXT NOT NULL,
  file_sha256 TEXT NOT NULL CHECK (length(file_sha256) = 64),
  file_name TEXT NOT NULL,
  profile TEXT NOT NULL,
  rows_in INTEGER NOT NULL CHECK (rows_in >= 0),
  accepted INTEGER NOT NULL CHECK (accepted >= 0),
  quarantined INTEGER NOT NULL CHECK (quarantined >= 0),
  duplicates INTEGER NOT NULL CHECK (duplicates >= 0),
  accepted_sha256 TEXT NOT NULL CHECK (length(accepted_sha256) = 64),
  faults_sha256 TEXT NOT NULL CHECK (length(faults_sha256) = 64),
  known_at TEXT NOT NULL,
  riskmap_version TEXT NOT NULL,
  UNIQUE (kind, file_sha256, profile),
  CHECK (rows_in = accepted + quarantined + duplicates)
) STRICT
""",
    """
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT
""",
)

# an entry of the log is never changed or taken out, its head only moves on
AUDIT_SCHEMA = (
    """
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  body TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT
""",
    """
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT
""",
    """
CREATE TRIGGER audit_follows_its_head BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT seq FROM audit_head) + 1
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
""",
    """
CREATE TRIGGER audit_has_one_head BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
""",
    """
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
""",
    """
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
""",
    """
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
WHEN NEW.seq <> OLD.seq + 1
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
""",
    """
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
""",
)

COLUMNS = {
    "snapshot": (
        *("seq", "name", "sha256", "rows", "size_bytes", "step"),
        *("options", "inputs", "riskmap_version", "at"),
    ),
    "batch": (
        *("seq", "kind", "file_sha256", "file_name", "profile", "rows_in"),
        *("accepted", "quarantined", "duplicates", "accepted_sha256"),
        *("faults_sha256", "known_at", "riskmap_version"),
    ),
}

# read by walking the rows: a damaged index could hide one
_SELECT = {
    kind: f"SELECT entry.previous, entry.sha256, entry.kind, {kind}.* "  # noqa: S608
    f"FROM {kind} NOT INDEXED JOIN entry USING (seq)"
    for kind in COLUMNS
}
_INSERT = {
    kind: f"INSERT INTO {kind} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    for kind, columns in COLUMNS.items()
}


def _mode(project: Path) -> str:
    """Tell how the ledger can be opened: a medium may be for reading only."""
    place = project / LEDGER_NAME
    if os.access(place, os.W_OK) and os.access(project, os.W_OK):
        return "rw"
    log = place.with_name(f"{LEDGER_NAME}-wal")
    # nobody can be writing there, so sqlite needs no lock file beside it
    return "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"


def _connect(project: Path, wait_s: float, mode: str) -> sqlite3.Connection:
    place = quote((project / LEDGER_NAME).absolute().as_posix())
    connection = sqlite3.connect(
        f"file:{place}?mode={mode}", uri=True, timeout=wait_s, isolation_level=None
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _text(connection: sqlite3.Connection, pragma: str) -> str:
    return str(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(_text(connection, pragma))


def create_ledger(project: Path, *, wait_s: float, fault_point: FaultPoint) -> None:
    """Lay out an empty ledger, whole or not at all."""
    with closing(_connect(project, wait_s, "rwc")) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        try:
            taken = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if taken[0] or _number(connection, "application_id"):
                msg = f"There is a project at {project} already."
                raise ProjectExistsError(msg, path=str(project))
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute("INSERT INTO head VALUES (1, 0, ?)", (FIRST_LINK,))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            lay_out_audit(connection)
            fault_point("create.before_commit")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        fault_point("create.committed")
        connection.execute("PRAGMA journal_mode = WAL")


def lay_out_audit(connection: sqlite3.Connection) -> None:
    """Add an empty audit log to a ledger that has none; the caller is the one writer.

    From then on a riskmap that knows no log refuses the project as newer.
    """
    for statement in AUDIT_SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO audit_head VALUES (1, 0, ?)", (FIRST_LINK,))
    connection.execute(f"PRAGMA user_version = {AUDIT_VERSION}")


def expected_layout(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Tell how a ledger of this version is laid out, statement by statement."""
    has_log = _number(connection, "user_version") >= AUDIT_VERSION
    return (*SCHEMA, *(AUDIT_SCHEMA if has_log else ()))


def _check_identity(connection: sqlite3.Connection, project: Path) -> None:
    found = _number(connection, "application_id"), _number(connection, "user_version")
    if (
        found == (0, 0)
        and not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    ):
        msg = f"No project at {project}: its making was not finished."
        raise ProjectMissingError(msg, path=str(project))
    if found[0] != APPLICATION_ID:
        msg = f"{LEDGER_NAME} in {project} is no ledger of riskmap."
        raise damaged(project, msg)
    if found[1] > SCHEMA_VERSION:
        msg = (
            f"The project at {project} was made by a newer riskmap: its ledger has "
            f"version {found[1]}, this riskmap knows {SCHEMA_VERSION}."
        )
        fields = {"found": found[1], "known": SCHEMA_VERSION}
        raise ProjectNewerError(msg, path=str(project), **fields)


@contextmanager
def ledger_of(project: Path, *, wait_s: float) -> Iterator[sqlite3.Connection]:
    """Open the ledger for a moment; each use has its own connection."""
    if not (project / LEDGER_NAME).is_file():
        msg = f"No project at {project}: make one with `riskmap init`."
        raise ProjectMissingError(msg, path=str(project))
    mode = _mode(project)
    with closing(_connect(project, wait_s, mode)) as connection:
        _check_identity(connection, project)
        # a project whose making was stopped after its first commit
        if mode == "rw" and _text(connection, "journal_mode") != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        yield connection


@contextmanager
def one_writer(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the project's one right to write, until all is done or undone."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def one_view(connection: sqlite3.Connection) -> Iterator[None]:
    """See the ledger as it is now, whatever a writer adds meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def damaged(project: Path, reason: str) -> TableCorruptError:
    """Say that the ledger is not what was stored."""
    msg = f"The ledger of the project at {project} is damaged: {reason}."
    return TableCorruptError(msg, path=str(project), table=LEDGER_NAME, reason=reason)


def link(kind: str, previous: str, row: tuple[Any, ...]) -> str:
    """Hash one row together with the hash before it; empty if it is no row."""
    try:
        named = dict(zip(COLUMNS[kind], row, strict=True))
        whole = {"entry": kind, "previous": previous, "row": named}
        return sha256_hex(canonical_json(whole).encode())
    except (KeyError, OptionError, UnicodeError):
        # a flipped bit can make bytes or infinity of a text
        return ""


def append(
    connection: sqlite3.Connection, kind: str, row: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Add one row and its link, and give it back; the caller is the one writer."""
    (last, previous), *_ = connection.execute("SELECT seq, sha256 FROM head")
    seq = last + 1
    values = tuple((dict(row) | {"seq": seq})[column] for column in COLUMNS[kind])
    sha256 = link(kind, previous, values)
    entry = (seq, kind, previous, sha256)
    connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", entry)
    connection.execute(_INSERT[kind], values)
    connection.execute("UPDATE head SET seq = ?, sha256 = ?", (seq, sha256))
    return values


def rows(
    connection: sqlite3.Connection,
    kind: str,
    where: str = "",
    values: tuple[object, ...] = (),
) -> Iterator[tuple[Any, ...]]:
    """Read rows of one kind, each checked against its own link."""
    project = connection.execute("PRAGMA database_list").fetchone()[2]
    query = f"{_SELECT[kind]} {where}"
    for previous, sha256, stored_kind, *row in connection.execute(query, values):
        if stored_kind != kind or link(kind, previous, tuple(row)) != sha256:
            reason = f"row {row[0]} does not match its checksum"
            raise damaged(Path(project).parent, reason)
        yield tuple(row)


def as_snapshot(row: tuple[Any, ...]) -> Snapshot:
    """Turn a row into the snapshot it tells of."""
    named = dict(zip(COLUMNS["snapshot"], row, strict=True))
    named["options"] = json.loads(named["options"])
    named["inputs"] = json.loads(named["inputs"])
    return Snapshot(**named)


def as_batch(row: tuple[Any, ...]) -> Batch:
    """Turn a row into the batch it tells of."""
    return Batch(**dict(zip(COLUMNS["batch"], row, strict=True)))


def latest(
    connection: sqlite3.Connection, name: str, sha256: str | None = None
) -> Snapshot | None:
    """Find the newest snapshot of a table, or the newest of a checksum."""
    where = "WHERE snapshot.name = ? AND snapshot.sha256 = ifnull(?, snapshot.sha256)"
    newest = f"{where} ORDER BY seq DESC LIMIT 1"
    found = list(rows(connection, "snapshot", newest, (name, sha256)))
    return as_snapshot(found[0]) if found else None


def batches(connection: sqlite3.Connection, kind: str) -> tuple[Batch, ...]:
    """List the batches of one kind in the order they were recorded."""
    where = "WHERE batch.kind = ? ORDER BY seq"
    return tuple(map(as_batch, rows(connection, "batch", where, (kind,))))


def chain_faults(connection: sqlite3.Connection) -> list[str]:
    """Walk the whole chain and list what does not fit, in order.

    Finds a row that was changed, added, taken out or moved. It does not find
    a forger who computes every later link and the head anew.
    """
    with one_view(connection):
        kept = {
            kind: {row[0]: row for row in connection.execute(f"SELECT * FROM {kind}")}  # noqa: S608
            for kind in COLUMNS
        }
        entries = connection.execute(
            "SELECT seq, kind, previous, sha256 FROM entry NOT INDEXED ORDER BY seq"
        ).fetchall()
        head = connection.execute("SELECT one, seq, sha256 FROM head").fetchall()
    faults = []
    previous, seq = FIRST_LINK, 0
    for at, kind, before, sha256 in entries:
        row = kept.get(kind, {}).pop(at, None)
        if at != seq + 1 or before != previous:
            faults.append(f"entry {at} does not follow entry {seq}")
        if row is None:
            faults.append(f"entry {at} has no row")
        elif link(kind, before, row) != sha256:
            faults.append(f"row {at} does not match its checksum")
        previous, seq = sha256, at
    faults += [f"row {at} has no entry" for left in kept.values() for at in left]
    if head != [(1, seq, previous)]:
        faults.append(f"the head {head} is not the last entry {(seq, previous)}")
    return faults
