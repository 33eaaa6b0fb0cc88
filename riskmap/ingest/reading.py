"""Reading: a hostile file → a table of text, nothing interpreted, nothing lost."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from riskmap.errors import FileEmptyError, FileMissingError, FileUnreadableError
from riskmap.ingest.archives import open_archive
from riskmap.ingest.contained.launch import read_contained, read_shapefile
from riskmap.ingest.delimited import read_delimited
from riskmap.ingest.formats import find_archived, find_format
from riskmap.ingest.geojson import read_geojson
from riskmap.ingest.gpx import read_gpx
from riskmap.ingest.kml import read_kml, read_kmz
from riskmap.ingest.raw import Limits, RawTable, refuse_more
from riskmap.ingest.workbooks import read_workbook

__all__ = ["Limits", "RawTable", "read_table"]

GZIP_BEGINNING: Final = b"\x1f\x8b"

READERS: Final[Mapping[str, Callable[[bytes, Path, Limits], RawTable]]] = {
    "csv": read_delimited,
    "geojson": read_geojson,
    "gpx": read_gpx,
    "kml": read_kml,
}
"""Formats that are read here, without a process of their own."""


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
        refuse_more(path.stat().st_size, limits.bytes, "bytes", path)
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
    refuse_more(len(data), limits.bytes, "bytes", path)
    if not data.strip():
        msg = f"{path} holds nothing."
        raise FileEmptyError(msg, path=str(path))
    return Contents(data, sha256)


def _refuse(path: Path, found: str) -> FileUnreadableError:
    """Say by name which format a file is in, if it is none that is read."""
    if found == "xls_encrypted":
        msg = f"{path} is encrypted: save it without a password."
        return FileUnreadableError(msg, path=str(path), reason="encrypted")
    msg = f"{path} is {found}, a format not read: save it as CSV or GeoJSON."
    return FileUnreadableError(
        msg, path=str(path), reason="format_not_read", format=found
    )


def _read_zip(data: bytes, path: Path, limits: Limits, layer: str) -> RawTable:
    """Read a workbook, a KMZ or a zipped shapefile."""
    archive = open_archive(data, path, limits)
    found = find_archived(archive.names)
    if found == "xlsx":
        raw = read_workbook(archive, layer)
    elif found == "kmz":
        raw = read_kmz(archive)
    elif found == "shapefile":
        raw = read_shapefile(archive)
    else:
        raise _refuse(path, found)
    return replace(raw, format=found)


def _read_any(data: bytes, path: Path, limits: Limits, layer: str) -> RawTable:
    """Read a file as what its bytes are."""
    found = find_format(data)
    if found == "zip":
        return _read_zip(data, path, limits, layer)
    if found in ("gpkg", "parquet"):
        raw = read_contained(data, found, path, limits, layer)
    elif found in READERS:
        raw = READERS[found](data, path, limits)
    else:
        raise _refuse(path, found)
    return replace(raw, format=found)


def read_table(
    path: Path, *, limits: Limits | None = None, layer: str = ""
) -> RawTable:
    r"""Read a file of any format that is read, gzipped or not, as text.

    The file is taken for hostile: no other file is opened, no address is looked
    up, sizes are bounded before they are trusted. What a value means is decided
    later; here a row is only whole or not.

    Parameters
    ----------
    path
        The file: CSV, GeoJSON, XLSX, KML, KMZ, GPX, GeoPackage, zipped shapefile or
        Parquet. Its bytes say which, not its name.
    limits
        How large it may be.
    layer
        Which sheet of a workbook or layer of a GeoPackage, if there are several.

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
        If it is none of these; ``reason`` says why.
    WrongCRSError
        If it is a GeoJSON that says that it is not in degrees.

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
    parsed = _read_any(contents.data, path, allowed, layer)
    refuse_more(parsed.rows_in, allowed.rows, "rows", path)
    if parsed.rows_in == 0:
        msg = f"{path} holds no rows."
        raise FileEmptyError(msg, path=str(path))
    return replace(parsed, file_name=path.name, file_sha256=contents.sha256)
