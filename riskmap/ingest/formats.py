"""Formats: what a file is, from its bytes; its name says nothing."""

from collections.abc import Collection
from typing import Final

from riskmap.ingest.markup import root_name
from riskmap.ingest.workbooks import BOOK

BEGINNINGS: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\x00", "gpkg"),
    (b"PAR1", "parquet"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
)
"""Signatures, as the formats' specifications give them."""

ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
"""Stream of an encrypted workbook within its container; MS-OFFCRYPTO 2.3.4."""

MARKS: Final = b"\xef\xbb\xbf\xff\xfe\xfe\xff \t\r\n\x00"

ROOTS: Final = {"gpx": "gpx", "kml": "kml"}


def find_format(data: bytes) -> str:
    """Tell what a file is from its first bytes.

    Parameters
    ----------
    data
        The file's bytes, unpacked from gzip.

    Returns
    -------
    str
        ``"zip"``, ``"gpkg"``, ``"parquet"``, ``"pdf"``, ``"xls"``,
        ``"xls_encrypted"``, ``"gpx"``, ``"kml"``, ``"xml"``, ``"geojson"`` or, if it
        is none of these, ``"csv"``.

    Examples
    --------
    >>> find_format(b"PAR1"), find_format(b' {"type"'), find_format(b"<kml/>")
    ('parquet', 'geojson', 'kml')
    >>> find_format(b"a,b")
    'csv'
    """
    for beginning, name in BEGINNINGS:
        if data.startswith(beginning):
            encrypted = name == "xls" and ENCRYPTED_PACKAGE in data
            return "xls_encrypted" if encrypted else name
    letter = data[:64].lstrip(MARKS)[:1]
    if letter == b"<":
        return ROOTS.get(root_name(data), "xml")
    return "geojson" if letter in (b"{", b"[") else "csv"


def find_archived(names: Collection[str]) -> str:
    """Tell what an archive is from the files in it.

    Parameters
    ----------
    names
        Names of its files.

    Returns
    -------
    str
        ``"xlsx"``, ``"kmz"``, ``"shapefile"`` or ``"zip"``.

    Examples
    --------
    >>> find_archived(["a/deaths.shp", "a/deaths.dbf"]), find_archived(["doc.kml"])
    ('shapefile', 'kmz')
    """
    if BOOK in names:
        return "xlsx"
    lower = [name.lower() for name in names]
    if any(name.endswith(".shp") for name in lower):
        return "shapefile"
    return "kmz" if any(name.endswith(".kml") for name in lower) else "zip"
