"""What the ledger tells: snapshots, batches and what a check found."""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NotRequired, TypedDict

from riskmap.errors import DateOptionError, OptionError


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One version of a table, and what it was made of.

    Parameters
    ----------
    name
        What the table is called.
    sha256
        SHA-256 of the file, in hexadecimal; also the file's name.
    rows
        Number of rows.
    size_bytes
        Size of the file, bytes.
    step
        The step that made it.
    options
        The step's options, as they come back from JSON.
    inputs
        Name to checksum of whatever went in.
    riskmap_version
        The riskmap that made it.
    at
        The time the caller gave, ISO 8601; empty if none.
    seq
        Place in the ledger, from 1.
    """

    name: str
    sha256: str
    rows: int
    size_bytes: int
    step: str
    options: Mapping[str, Any]
    inputs: Mapping[str, str]
    riskmap_version: str
    at: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One delivery of rows, taken whole or not at all.

    Parameters
    ----------
    kind
        What was delivered: ``"incidents"``.
    file_sha256, file_name
        Which file it came from.
    profile
        How the file was understood.
    rows_in
        Data rows in the file; equals ``accepted + quarantined + duplicates``.
    accepted, quarantined, duplicates
        Rows kept, rows set aside, rows that were there already.
    accepted_sha256, faults_sha256
        The two tables of the delivery.
    known_at
        The time the caller gave, ISO 8601: from then on the rows are known.
    riskmap_version
        The riskmap that read it.
    seq
        Place in the ledger, from 1.
    repeated
        True if this very delivery had been recorded before.
    """

    kind: str
    file_sha256: str
    file_name: str
    profile: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    accepted_sha256: str
    faults_sha256: str
    known_at: str
    riskmap_version: str
    seq: int
    repeated: bool = False


class Receipt(TypedDict):
    """What comes with a delivery, besides its two tables.

    ``seen`` is how many deliveries of the kind the caller knew of when it
    looked for duplicates; it is not stored.
    """

    file_sha256: str
    file_name: str
    profile: str
    duplicates: int
    rows_in: int
    known_at: str
    seen: NotRequired[int]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a check of the project found.

    Parameters
    ----------
    code
        What is wrong: a word of ``FINDINGS``.
    table
        The table it is about; the ledger's file name where it is the ledger.
    detail
        For developers: which file, which row.
    harmless
        True if nothing that was acknowledged is lost or changed.
    """

    code: str
    table: str
    detail: str
    harmless: bool = False


FINDINGS = (
    "ledger_unreadable",
    "ledger_damaged",
    "ledger_rewritten",
    "audit_rewritten",
    "batch_does_not_add_up",
    "file_missing",
    "file_altered",
    "file_undeclared",
    "file_unfinished",
)


def plain(value: object) -> object:
    """Turn what JSON does not know into what it knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    item = getattr(value, "item", None)
    if callable(item):
        return item()
    msg = f"Options must be plain values, got {type(value).__name__}."
    raise OptionError(msg, option="options", value=repr(value))


def canonical_json(value: object) -> str:
    """Write a value so that equal values are equal text.

    Keys are sorted, tuples are lists, dates are ISO 8601; NaN is refused.

    Parameters
    ----------
    value
        Mappings, lists, text, numbers, dates, dataclasses.

    Returns
    -------
    str
        JSON without spaces.

    Raises
    ------
    OptionError
        If the value holds NaN, infinity or an object JSON cannot hold.

    Examples
    --------
    >>> canonical_json({"b": (1, 2), "a": 0.5})
    '{"a":0.5,"b":[1,2]}'
    """
    try:
        text = json.dumps(
            value,
            default=plain,
            sort_keys=True,
            allow_nan=False,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        # half a surrogate is no text that can be stored
        text.encode()
    except (ValueError, TypeError) as error:
        if isinstance(error, OptionError):
            raise
        msg = f"Options must be plain, finite values with text keys: {error}."
        raise OptionError(msg, option="options", value=repr(value)) from error
    return text


def sha256_hex(data: bytes | memoryview) -> str:
    """Give the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def instant(value: str, *, option: str) -> datetime.datetime:
    """Read a time in ISO 8601 as UTC; one without a zone is taken as UTC."""
    try:
        moment = datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        msg = f"`{option}` must be a time in ISO 8601, got {value!r}."
        raise DateOptionError(msg, option=option, value=value) from error
    if moment.tzinfo is None:
        return moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC)
