"""Checking a whole project: the ledger's rows, its chain, and every file."""

import sqlite3
from collections.abc import Iterator

import pyarrow as pa

from riskmap.errors import TableCorruptError
from riskmap.project import audit, ledger
from riskmap.project.failures import LEDGER_NAME
from riskmap.project.files import PREFIX_LETTERS, TableFiles
from riskmap.project.records import Finding
from riskmap.project.tables import from_parquet


def _ledger_finding(code: str, detail: str) -> Finding:
    return Finding(code=code, table=LEDGER_NAME, detail=detail)


def unreadable(detail: str) -> Finding:
    """Say that the ledger cannot even be opened."""
    return _ledger_finding("ledger_unreadable", detail)


def ledger_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Check the database's pages, keys, layout and chain of rows."""
    try:
        for (line,) in connection.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield _ledger_finding("ledger_damaged", line)
        for row in connection.execute("PRAGMA foreign_key_check"):
            yield _ledger_finding("ledger_damaged", f"a key leads nowhere: {row}")
        laid = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY rowid"
        )
        expected = [text.strip() for text in ledger.expected_layout(connection)]
        if [sql.strip() for (sql,) in laid] != expected:
            yield _ledger_finding("ledger_damaged", "the layout is not ours")
        for fault in ledger.chain_faults(connection):
            yield _ledger_finding("ledger_rewritten", fault)
        if fault := audit.check(connection).fault:
            yield _ledger_finding("audit_rewritten", fault)
    except (sqlite3.Error, UnicodeError, ValueError) as error:
        yield _ledger_finding("ledger_unreadable", str(error))


def _declared(connection: sqlite3.Connection) -> dict[str, tuple[str, int]]:
    """Map each checksum the ledger names to a table's name and rows."""
    found: dict[str, tuple[str, int]] = {}
    for row in ledger.rows(connection, "snapshot", "ORDER BY seq"):
        snapshot = ledger.as_snapshot(row)
        found.setdefault(snapshot.sha256, (snapshot.name, snapshot.rows))
    for row in ledger.rows(connection, "batch", "ORDER BY seq"):
        batch = ledger.as_batch(row)
        name = f"{batch.kind}.accepted"
        found.setdefault(batch.accepted_sha256, (name, batch.accepted))
        # a row may have several faults, so their number is not told here
        found.setdefault(batch.faults_sha256, (f"{batch.kind}.faults", -1))
    return found


def _file_findings(
    files: TableFiles, declared: dict[str, tuple[str, int]]
) -> Iterator[Finding]:
    for sha256, (name, rows) in declared.items():
        try:
            data = files.read(sha256, name=name)
        except TableCorruptError as error:
            code = f"file_{error.fields['reason']}"
            yield Finding(code=code, table=name, detail=files.place(sha256).name)
            continue
        except OSError as error:
            yield Finding(code="file_altered", table=name, detail=str(error))
            continue
        held = from_parquet(pa.py_buffer(data)).num_rows
        if rows not in {-1, held}:
            detail = f"the ledger says {rows} rows, the file holds {held}"
            yield Finding(code="ledger_rewritten", table=name, detail=detail)


def _stray_findings(files: TableFiles, declared: set[str]) -> Iterator[Finding]:
    for path in files.finished():
        known = path.stem in declared and path == files.place(path.stem)
        if not known:
            detail = f"{path.parent.name[:PREFIX_LETTERS]}/{path.name}"
            yield Finding(
                code="file_undeclared", table="", detail=detail, harmless=True
            )
    for path in files.unfinished():
        yield Finding(code="file_unfinished", table="", detail=path.name, harmless=True)


def _batch_findings(connection: sqlite3.Connection) -> Iterator[Finding]:
    for row in ledger.rows(connection, "batch", "ORDER BY seq"):
        batch = ledger.as_batch(row)
        total = batch.accepted + batch.quarantined + batch.duplicates
        if batch.rows_in != total:
            detail = f"{batch.file_name}: {batch.rows_in} rows in, {total} accounted"
            table = f"{batch.kind}.accepted"
            yield Finding(code="batch_does_not_add_up", table=table, detail=detail)


def findings(connection: sqlite3.Connection, files: TableFiles) -> tuple[Finding, ...]:
    """Check a project from the ledger to the last file; the worst first.

    Every file is read whole and hashed. With a damaged ledger the files are
    checked as far as the ledger can still be read.
    """
    found = list(ledger_findings(connection))
    try:
        declared = _declared(connection)
        found += _batch_findings(connection)
    except (sqlite3.Error, TableCorruptError, UnicodeError, ValueError):
        return tuple(found)
    found += _file_findings(files, declared)
    found += _stray_findings(files, set(declared))
    return tuple(sorted(found, key=lambda finding: finding.harmless))
