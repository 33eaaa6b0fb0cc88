"""Raw tables: a file's rows as text, and how large a file may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from riskmap.errors import FileTooLargeError
from riskmap.ingest.origins import Origin


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
        Characters of the longest line of a CSV, of the longest value of XML.
    columns
        Columns.
    depth
        Levels of brackets in a GeoJSON, of elements in XML.
    members
        Files within an archive.
    ratio
        How many times larger an archive's member may be than what it was packed to.
    memory_bytes
        Memory of the process that runs GDAL or Parquet, bytes.
    cpu_s
        Time that it may compute, seconds.
    """

    bytes: int = 200_000_000
    rows: int = 1_000_000
    line_chars: int = 100_000
    columns: int = 500
    depth: int = 32
    members: int = 1_000
    ratio: int = 200
    memory_bytes: int = 512 * 2**20
    cpu_s: int = 10


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
        Character between columns; ``""`` for other formats than CSV.
    format
        What its bytes are: ``"csv"``, ``"xlsx"`` and so on.
    crs
        CRS that the file itself states for its shapes; ``""`` if none.
    file_name
        Name of the file without its folder.
    file_sha256
        Checksum of the file's bytes as they lie on disk.
    mended
        By row number, the codes of faults whose proposed correction was accepted
        and stands in ``frame`` now, parted by spaces; other rows are left out.
    origin
        Where its rows stand in it.
    """

    frame: pd.DataFrame
    faults: pd.DataFrame
    rows_in: int
    encoding: str = ""
    delimiter: str = ""
    format: str = ""
    crs: str = ""
    file_name: str = ""
    file_sha256: str = ""
    mended: pd.Series = field(default_factory=lambda: pd.Series([], dtype="str"))
    origin: Origin = field(default_factory=Origin)


def text_frame(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Lay rows out as a table of text.

    Parameters
    ----------
    rows
        From heading to text, each with the headings it has.

    Returns
    -------
    pandas.DataFrame
        On the row numbers, 1 first; ``""`` where a row lacks a heading.

    Examples
    --------
    >>> text_frame([{"a": "1"}, {"b": "2"}]).to_dict("index")
    {1: {'a': '1', 'b': ''}, 2: {'a': '', 'b': '2'}}
    """
    index = pd.RangeIndex(1, len(rows) + 1, name="row")
    frame = pd.DataFrame(list(rows), index=index)
    return frame.fillna("").astype("str")


def refuse_more(found: int, allowed: int, unit: str, path: Path) -> None:
    """Refuse a file that goes beyond a limit.

    Parameters
    ----------
    found, allowed
        How much it holds, and how much it may.
    unit
        Of what, as the catalogue has it: ``"columns"``.
    path
        The file, for the error.

    Raises
    ------
    FileTooLargeError
        If ``found`` is more than ``allowed``.

    Examples
    --------
    >>> refuse_more(500, 500, "columns", Path("wide.csv"))
    """
    if found > allowed:
        msg = f"{path} must have at most {allowed} {unit}, it has more."
        raise FileTooLargeError(msg, path=str(path), unit=unit, limit=allowed)
