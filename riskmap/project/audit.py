"""The audit log: who did what, when and under which profile; a chain of its own."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from riskmap.project.ledger import AUDIT_VERSION, FIRST_LINK, lay_out_audit, one_view
from riskmap.project.records import canonical_json, instant

# what may be asked of one log at once, so that a long one is never held whole
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One thing that somebody did.

    Parameters
    ----------
    seq
        Place in the log, from 1.
    at
        When, ISO 8601, as the caller told.
    who
        The account, its role and country.
    action
        ``import``, ``run``, ``export``, ``view``, ``approve``…
    subject
        What it was done to.
    profile
        Under which disclosure profile; empty if none.
    detail
        Plain values.
    sha256
        The link: of the entry together with the link before it.
    """

    seq: int
    at: str
    who: str
    action: str
    subject: str
    profile: str
    detail: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, kw_only=True)
class AuditCheck:
    """What a walk along the log found.

    Parameters
    ----------
    entries
        How many entries there are.
    head
        The last link; 64 zeros of an empty log.
    first_bad
        Place of the first entry that is not what was written; None if all are.
    fault
        What is wrong there, for developers; empty if nothing is.
    """

    entries: int
    head: str
    first_bad: int | None = None
    fault: str = ""


def link_of(previous: str, seq: int, body: bytes) -> str:
    """Hash an entry together with the link before it."""
    return hashlib.sha256(b"%b\n%d\n%b" % (previous.encode(), seq, body)).hexdigest()


def is_laid_out(connection: sqlite3.Connection) -> bool:
    """Tell whether the project is of a riskmap that kept a log."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version) >= AUDIT_VERSION


def append(connection: sqlite3.Connection, entries: Iterable[Mapping[str, Any]]) -> str:
    """Add entries, in order, and give the head; the caller is the one writer.

    A project of an older riskmap gets its log with the first entry.
    """
    if not is_laid_out(connection):
        lay_out_audit(connection)
    ((seq, head),) = connection.execute("SELECT seq, sha256 FROM audit_head")
    for entry in entries:
        instant(str(entry["at"]), option="at")
        body = canonical_json(entry)
        seq, head = seq + 1, link_of(head, seq + 1, body.encode())
        connection.execute("INSERT INTO audit VALUES (?, ?, ?)", (seq, body, head))
        connection.execute("UPDATE audit_head SET seq = ?, sha256 = ?", (seq, head))
    return str(head)


def _as_entry(seq: int, body: str, sha256: str) -> AuditEntry:
    """Turn a row into the entry it tells of."""
    return AuditEntry(seq=seq, sha256=sha256, **orjson.loads(body))


def entries(connection: sqlite3.Connection, *, last: int | None) -> list[AuditEntry]:
    """Read the log, oldest first; of a long one perhaps only the last entries."""
    if not is_laid_out(connection):
        return []
    query = "SELECT seq, body, sha256 FROM audit ORDER BY seq DESC LIMIT ?"
    found = connection.execute(query, (-1 if last is None else last,)).fetchall()
    return [_as_entry(*row) for row in reversed(found)]


def _walk(connection: sqlite3.Connection) -> Iterator[tuple[Any, Any, Any]]:
    # by walking the rows, for a damaged index could hide one; as bytes, for a
    # flipped bit can make them no text
    query = (
        "SELECT seq, CAST(body AS BLOB), CAST(sha256 AS BLOB) "
        "FROM audit NOT INDEXED ORDER BY seq"
    )
    cursor = connection.execute(query)
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _fault_of(found: tuple[Any, Any, Any], expected: int, previous: str) -> str:
    """Say what is wrong with an entry; empty if it follows the one before."""
    seq, body, sha256 = found
    if seq != expected:
        return f"entry {expected} is followed up by {seq}: one is missing"
    if link_of(previous, seq, body).encode() != sha256:
        return f"entry {seq} does not match its checksum"
    return ""


def check(connection: sqlite3.Connection, *, known_head: str = "") -> AuditCheck:
    """Walk the whole log, and name the first entry that is not what was written.

    It does not find a forger who computes every later link and the head anew,
    unless it is told a head that was printed before.
    """
    if not is_laid_out(connection):
        return _checked(0, FIRST_LINK, FIRST_LINK, known_head)
    place, previous, seen = 0, FIRST_LINK, False
    with one_view(connection):
        try:
            for found in _walk(connection):
                fault = _fault_of(found, place + 1, previous)
                if fault:
                    return AuditCheck(
                        entries=place, head=previous, first_bad=place + 1, fault=fault
                    )
                place, previous = place + 1, found[2].decode()
                seen = seen or previous == known_head
            head = connection.execute("SELECT one, seq, sha256 FROM audit_head")
            told = head.fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            return AuditCheck(
                entries=place, head=previous, first_bad=place + 1, fault=str(error)
            )
    if told != [(1, place, previous)]:
        fault = f"the head {told} is not the last entry, {place}: entries are missing"
        return AuditCheck(
            entries=place, head=previous, first_bad=place + 1, fault=fault
        )
    return _checked(place, previous, known_head if seen else FIRST_LINK, known_head)


def _checked(place: int, head: str, found: str, known_head: str) -> AuditCheck:
    """Hold a sound log against a head that was printed before."""
    if known_head in {"", found}:
        return AuditCheck(entries=place, head=head)
    fault = f"the head {known_head} that was printed before is not in the log"
    return AuditCheck(entries=place, head=head, first_bad=place + 1, fault=fault)
