"""Reading: a hostile file → a table of text, nothing interpreted, nothing lost."""

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from riskmap.errors import (
    FileEmptyError,
    FileMissingError,
    FileTooLargeError,
    FileUnreadableError,
)
from riskmap.ingest.delimited import read_delimited
from riskmap.ingest.geojson import read_geojson
from riskmap.ingest.raw import Limits, RawTable

__all__ = ["Limits", "RawTable", "read_table"]

# first bytes of formats that are known but not read yet, and of what is no table
KNOWN_BEGINNINGS: Final = (
    (b"PK\x03\x04", "zip"),
    (b"SQLite format 3\x00", "geopackage"),
    (b"PAR1", "parquet"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"<", "xml"),
    (b"\xef\xbb\xbf<", "xml"),
)
"""Signatures, as the formats' specifications give them."""

KNOWN_ENDINGS: Final = {
    ".xlsx": "xlsx",
    ".xls": "xls",
    ".gpkg": "geopackage",
    ".kml": "kml",
    ".kmz": "kml",
    ".gpx": "gpx",
    ".zip": "zip",
    ".shp": "shapefile",
    ".parquet": "parquet",
}
"""Suffixes of formats that issue 3 reads."""

GZIP_BEGINNING: Final = b"\x1f\x8b"


@dataclass(frozen=True)
class Contents:
    """A file's bytes after unpacking, and the checksum of those before."""

    data: bytes
    sha256: str


def read_bytes(path: Path, limits: Limits) -> Contents:
    """Read a file's bytes, unpacked, never more than is allowed.

    Parameters
    ----------
    path
        The file, gzipped or not.
    limits
        ``bytes`` bounds it, packed and unpacked.

    Returns
    -------
    Contents
        Bytes, and the checksum of the file.

    Raises
    ------
    FileMissingError
        If there is no such file.
    FileEmptyError
        If it holds nothing.
    FileTooLargeError
        If it holds more than is allowed.
    FileUnreadableError
        If the system does not allow it, or gzip cannot unpack it.
    """
    if not path.is_file():
        msg = f"There is no file {path}."
        raise FileMissingError(msg, path=str(path))
    try:
        with path.open("rb") as file:
            packed = file.read(limits.bytes + 1)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise FileUnreadableError(msg, path=str(path), reason="permission") from error
    sha256 = hashlib.sha256(packed).hexdigest()
    data = packed
    if packed.startswith(GZIP_BEGINNING) and len(packed) <= limits.bytes:
        try:
            with gzip.open(io.BytesIO(packed)) as file:
                data = file.read(limits.bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            msg = f"{path} begins like gzip but cannot be unpacked: {error}."
            raise FileUnreadableError(msg, path=str(path), reason="gzip") from error
    if len(data) > limits.bytes:
        msg = f"{path} must hold at most {limits.bytes} bytes, it holds more."
        raise FileTooLargeError(msg, path=str(path), unit="bytes", limit=limits.bytes)
    if not data.strip():
        msg = f"{path} holds nothing."
        raise FileEmptyError(msg, path=str(path))
    return Contents(data, sha256)


def _refuse_known(path: Path, data: bytes) -> None:
    """Say by name which format a file is in, if it is one not read yet."""
    found = next(
        (name for start, name in KNOWN_BEGINNINGS if data.startswith(start)), ""
    )
    suffix = path.name.removesuffix(".gz")
    found = found or KNOWN_ENDINGS.get(Path(suffix).suffix.lower(), "")
    if found:
        msg = f"{path} is {found}, a format not read yet: save it as CSV or GeoJSON."
        raise FileUnreadableError(
            msg, path=str(path), reason="format_not_read", format=found
        )


def read_table(path: Path, *, limits: Limits | None = None) -> RawTable:
    r"""Read a CSV or GeoJSON file, gzipped or not, as text.

    The file is taken for hostile: no other file is opened, no address is looked
    up, sizes are bounded before they are trusted. What a value means is decided
    later; here a row is only whole or not.

    Parameters
    ----------
    path
        The file. GeoJSON is known by its first character, not by its suffix.
    limits
        How large it may be.

    Returns
    -------
    RawTable
        Text of the whole rows, and a fault for each row that is not.

    Raises
    ------
    FileMissingError
        If there is no such file.
    FileEmptyError
        If it holds nothing, or nothing but headings.
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it is no CSV and no GeoJSON; ``reason`` says why.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "few.csv"
    ...     _ = path.write_bytes("día;lat\n1;31,5\n2\n".encode("cp1252"))
    ...     raw = read_table(path)
    >>> raw.encoding, raw.delimiter, raw.rows_in, raw.frame.to_dict("list")
    ('cp1252', ';', 2, {'día': ['1'], 'lat': ['31,5']})
    >>> raw.faults[["row", "code", "value"]].values.tolist()
    [[2, 'row_too_short', '1 / 2']]
    """
    allowed = limits or Limits()
    contents = read_bytes(path, allowed)
    _refuse_known(path, contents.data)
    looks_json = contents.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    named_json = path.name.removesuffix(".gz").lower().endswith((".geojson", ".json"))
    reader = read_geojson if looks_json or named_json else read_delimited
    parsed = reader(contents.data, path, allowed)
    if parsed.rows_in > allowed.rows:
        msg = f"{path} must hold at most {allowed.rows} rows, got {parsed.rows_in}."
        raise FileTooLargeError(msg, path=str(path), unit="rows", limit=allowed.rows)
    if parsed.rows_in == 0:
        msg = f"{path} holds no rows."
        raise FileEmptyError(msg, path=str(path))
    return RawTable(
        frame=parsed.frame,
        faults=parsed.faults,
        rows_in=parsed.rows_in,
        encoding=parsed.encoding,
        delimiter=parsed.delimiter,
        file_name=path.name,
        file_sha256=contents.sha256,
    )


def text_column(raw: RawTable, heading: str) -> pd.Series:
    """Take one column's text, without the space around it.

    Parameters
    ----------
    raw
        A file as read.
    heading
        One of its headings; ``""`` gives an empty text for each row.

    Returns
    -------
    pandas.Series of str
        On the row numbers.

    Examples
    --------
    >>> frame = pd.DataFrame({"kind": [" rescue "]}, index=[1], dtype="str")
    >>> raw = RawTable(frame=frame, faults=pd.DataFrame(), rows_in=1)
    >>> text_column(raw, "kind").tolist(), text_column(raw, "").tolist()
    (['rescue'], [''])
    """
    if not heading:
        return pd.Series("", index=raw.frame.index, dtype="str")
    return raw.frame[heading].str.strip()
