"""Raw tables: a file's rows as text, and how large a file may be."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large a file may be before it is refused whole.

    Parameters
    ----------
    bytes
        Bytes of the file, and again after unpacking.
    rows
        Rows of data.
    line_chars
        Characters of the longest line of a CSV.
    columns
        Columns.
    depth
        Levels of brackets in a GeoJSON.
    """

    bytes: int = 200_000_000
    rows: int = 1_000_000
    line_chars: int = 100_000
    columns: int = 500
    depth: int = 32


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """A file's rows as text.

    Parameters
    ----------
    frame
        Text of each whole row, of shape (n_rows, n_columns), under the file's own
        headings; the index is the row number, 1 first.
    faults
        Rows that are not whole: ``row``, ``column``, ``code``, ``value``,
        ``proposed``.
    rows_in
        Rows of data in the file, whole or not.
    encoding
        How its bytes were read; ``""`` before it is known.
    delimiter
        Character between columns; ``""`` for GeoJSON.
    file_name
        Name of the file without its folder.
    file_sha256
        Checksum of the file's bytes as they lie on disk.
    """

    frame: pd.DataFrame
    faults: pd.DataFrame
    rows_in: int
    encoding: str = ""
    delimiter: str = ""
    file_name: str = ""
    file_sha256: str = ""
