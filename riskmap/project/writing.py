"""Putting tables and deliveries in the store: the file first, then its row."""

import operator
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from riskmap import __version__
from riskmap.errors import ProjectBusyError, TableContractError, UnknownNameError
from riskmap.project import ledger, tables
from riskmap.project.failures import failures_named
from riskmap.project.faultpoints import FaultPoint
from riskmap.project.files import TableFiles
from riskmap.project.records import (
    Batch,
    Receipt,
    Snapshot,
    canonical_json,
    instant,
    sha256_hex,
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, kw_only=True)
class Store:
    """Where a project's ledger and files are, and how to reach them."""

    path: Path
    wait_s: float
    fault_point: FaultPoint
    files: TableFiles = field(init=False, repr=False, compare=False)
    _schemas: dict[str, pa.Schema] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Point at the folder of table files."""
        files = TableFiles(project=self.path, fault_point=self.fault_point)
        object.__setattr__(self, "files", files)

    @contextmanager
    def ledger(self) -> Iterator[sqlite3.Connection]:
        """Open the ledger for a moment, its failures named."""
        with (
            failures_named(self.path),
            ledger.ledger_of(self.path, wait_s=self.wait_s) as connection,
        ):
            yield connection

    def load(self, sha256: str, name: str) -> pa.Table:
        """Read a table's file, checked."""
        with failures_named(self.path):
            data = self.files.read(sha256, name=name)
        return tables.from_parquet(data)

    def schema(self, sha256: str, name: str) -> pa.Schema:
        """Read what columns a table's file has; once for each file."""
        if sha256 not in self._schemas:
            with failures_named(self.path):
                data = self.files.read(sha256, name=name)
            self._schemas[sha256] = pq.read_schema(pa.BufferReader(data))
        return self._schemas[sha256]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        msg = f"A table's name must be letters a to z, digits and _, got {name!r}."
        raise UnknownNameError(msg, kind="table", value=name, known=_NAME.pattern)


def _quarantined(faults: pd.DataFrame) -> int:
    """Count the rows set aside: one row may have several faults."""
    return int(faults["row"].nunique()) if "row" in faults.columns else len(faults)


@dataclass(frozen=True, kw_only=True)
class _Encoded:
    """A table as bytes, ready to be stored."""

    arrow: pa.Table
    buffer: pa.Buffer
    sha256: str

    @classmethod
    def of(cls, table: pd.DataFrame, name: str) -> Self:
        arrow = tables.to_arrow(table, name=name)
        buffer = tables.to_parquet(arrow)
        return cls(arrow=arrow, buffer=buffer, sha256=sha256_hex(memoryview(buffer)))


def is_made_of(
    found: Snapshot, *, options: Mapping[str, Any], inputs: Mapping[str, str]
) -> bool:
    """Tell whether this riskmap made a snapshot of these options and inputs."""
    return (
        found.riskmap_version == __version__
        and canonical_json(found.options) == canonical_json(options)
        and canonical_json(found.inputs) == canonical_json(inputs)
    )


def _same_delivery(batch: Batch, receipt: Receipt) -> bool:
    """Tell whether a file read by a profile is in the ledger already."""
    key = (receipt["file_sha256"], receipt["profile"])
    return (batch.file_sha256, batch.profile) == key


def _check_sum(kind: str, receipt: Receipt, kept: int) -> None:
    """Refuse a delivery of which a row was lost on the way."""
    if receipt["rows_in"] != kept + receipt["duplicates"]:
        msg = (
            f"Of {receipt['rows_in']} rows of {receipt['file_name']}, {kept} were "
            f"kept or set aside and {receipt['duplicates']} were there already."
        )
        raise TableContractError(msg, table=kind, faults=msg)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a table was made of, and when."""

    step: str
    options: Mapping[str, Any]
    inputs: Mapping[str, str]
    at: str


def write_snapshot(
    store: Store, name: str, table: pd.DataFrame, origin: Origin
) -> Snapshot:
    """Store a table and its row; see :meth:`Project.write`."""
    _check_name(name)
    if origin.at:
        instant(origin.at, option="at")
    encoded = _Encoded.of(table, name)
    row = {
        "name": name,
        "sha256": encoded.sha256,
        "rows": len(table),
        "size_bytes": encoded.buffer.size,
        "step": origin.step,
        "options": canonical_json(origin.options),
        "inputs": canonical_json(origin.inputs),
        "riskmap_version": __version__,
        "at": origin.at,
    }
    # refuses half a surrogate before anything is written
    canonical_json(row)
    store.fault_point("write.encoded")
    with store.ledger() as connection:
        with ledger.one_writer(connection), store.files.kept_if_done() as keep:
            store.fault_point("write.locked")
            keep(memoryview(encoded.buffer), encoded.sha256)
            before = ledger.latest(connection, name)
            if (
                before is not None
                and (before.sha256, before.step) == (encoded.sha256, origin.step)
                and is_made_of(before, options=origin.options, inputs=origin.inputs)
            ):
                return before
            added = ledger.append(connection, "snapshot", row)
            store.fault_point("ledger.inserted")
        store.fault_point("ledger.committed")
    return ledger.as_snapshot(added)


def _check_seen(store: Store, kind: str, seen: int, there: int) -> None:
    """Refuse a delivery whose duplicates were sought among fewer deliveries."""
    if seen != there:
        msg = (
            f"While duplicates were sought among {seen} deliveries of {kind}, there "
            f"came to be {there}: look again."
        )
        raise ProjectBusyError(msg, path=str(store.path))


def _check_joinable(
    store: Store, before: Sequence[Batch], parts: Mapping[str, _Encoded]
) -> None:
    """Refuse a delivery that could not be joined to those before."""
    for part, encoded in parts.items() if before else ():
        name = f"{before[0].kind}.{part}"
        checksums = dict.fromkeys(getattr(b, f"{part}_sha256") for b in before)
        schemas = [store.schema(sha256, name) for sha256 in checksums]
        tables.check_joinable([*schemas, encoded.arrow.schema], name=name)


def write_batch(
    store: Store,
    kind: str,
    *,
    accepted: pd.DataFrame,
    faults: pd.DataFrame,
    receipt: Receipt,
) -> Batch:
    """Store a delivery and its row; see :meth:`Project.record_batch`."""
    _check_name(kind)
    instant(receipt["known_at"], option="known_at")
    counts = {"accepted": len(accepted), "quarantined": _quarantined(faults)}
    _check_sum(kind, receipt, sum(counts.values()))
    parts = {
        "accepted": _Encoded.of(accepted, f"{kind}.accepted"),
        "faults": _Encoded.of(faults, f"{kind}.faults"),
    }
    row = {
        # a file's name may hold bytes that are no text
        "file_name": receipt["file_name"].encode(errors="backslashreplace").decode(),
        "file_sha256": receipt["file_sha256"],
        "profile": receipt["profile"],
        "rows_in": operator.index(receipt["rows_in"]),
        "duplicates": operator.index(receipt["duplicates"]),
        "known_at": receipt["known_at"],
        **counts,
        "kind": kind,
        "accepted_sha256": parts["accepted"].sha256,
        "faults_sha256": parts["faults"].sha256,
        "riskmap_version": __version__,
    }
    # refuses half a surrogate before anything is written
    canonical_json(row)
    store.fault_point("write.encoded")
    with store.ledger() as connection:
        with ledger.one_writer(connection), store.files.kept_if_done() as keep:
            store.fault_point("write.locked")
            before = ledger.batches(connection, kind)
            for batch in before:
                if _same_delivery(batch, receipt):
                    return replace(batch, repeated=True)
            _check_seen(store, kind, receipt.get("seen", len(before)), len(before))
            _check_joinable(store, before, parts)
            for encoded in parts.values():
                keep(memoryview(encoded.buffer), encoded.sha256)
            added = ledger.append(connection, "batch", row)
            store.fault_point("ledger.inserted")
        store.fault_point("ledger.committed")
    return ledger.as_batch(added)
