"""Origins: where each row stands in its file, and the bytes that it stands there as."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

UNITS: Final = ("line", "feature", "sheet_row", "record")
"""What a row is counted by: a line of text, a feature or placemark where its line says
nothing, a row of the sheet, a record of a format without lines."""

NEWLINE, RETURN, QUOTE = b'\n\r"'

NOWHERE: Final = np.zeros(0, dtype="int64")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the rows of a file stand in it.

    Parameters
    ----------
    unit
        One of :data:`UNITS`.
    numbers
        Where each row begins, 1 first, of shape (n_rows,); empty where the number of
        the row itself says it.
    text
        The file's text as UTF-8, if its rows are pieces of text.
    starts
        Where each row begins in ``text``, bytes, of shape (n_rows + 1,); the last is
        the end.
    headings
        Of the columns within a piece of text.
    delimiter
        Character between them.
    encoding
        What makes ``text`` the bytes of the file again.
    """

    unit: str = "record"
    numbers: Whole = field(default_factory=NOWHERE.copy)
    text: bytes = b""
    starts: Whole = field(default_factory=NOWHERE.copy)
    headings: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = ""


def numbers_of(origin: Origin, rows: Whole) -> Whole:
    """Tell where rows begin.

    Parameters
    ----------
    origin
        Of their file.
    rows
        Row numbers, 1 first.

    Returns
    -------
    numpy.ndarray of int64
        In the file's unit; on ``rows``.

    Examples
    --------
    >>> numbers_of(Origin(numbers=np.array([2, 4])), np.array([2])).tolist()
    [4]
    """
    return origin.numbers[rows - 1] if len(origin.numbers) else rows


def record_starts(text: bytes, delimiter: str) -> tuple[Whole, Whole]:
    r"""Find where the records of delimited text begin, the headings among them.

    A line break between quotation marks belongs to its record; an empty line is none.

    Parameters
    ----------
    text
        The text as UTF-8.
    delimiter
        Character between the columns.

    Returns
    -------
    tuple of numpy.ndarray, each of shape (n_records,)
        First byte, and line with 1 first; both empty where it cannot be told.

    Examples
    --------
    >>> starts, lines = record_starts(b'a,b\n"1\n2",3\n\n4,5\n', ",")
    >>> starts.tolist(), lines.tolist()
    ([0, 4, 13], [1, 2, 5])
    """
    codes = np.frombuffer(text, dtype="uint8")
    alone = text.count(b"\r") != text.count(b"\r\n")
    quotes = np.flatnonzero(codes == QUOTE)
    if alone or (len(quotes) and not _at_edges(codes, quotes, ord(delimiter))):
        return _read_starts(text, delimiter)
    ends = np.flatnonzero(codes == NEWLINE)
    starts = np.concatenate([[0], ends + 1])
    filled = starts < len(codes)
    letters = codes[np.minimum(starts, len(codes) - 1)]
    filled &= (letters != NEWLINE) & (letters != RETURN)
    if len(quotes):
        filled &= np.searchsorted(quotes, starts) % 2 == 0
    lines = np.flatnonzero(filled)
    return starts[lines], lines + 1


def _at_edges(codes: npt.NDArray[np.uint8], quotes: Whole, delimiter: int) -> bool:
    """Tell whether all marks open or close a field, or are doubled within one."""
    edges = np.array([delimiter, NEWLINE, RETURN, QUOTE], dtype="uint8")
    opening, closing = quotes[::2], quotes[1::2]
    before = codes[np.maximum(opening - 1, 0)]
    after = codes[np.minimum(closing + 1, len(codes) - 1)]
    return (
        len(opening) == len(closing)
        and bool((np.isin(before, edges) | (opening == 0)).all())
        and bool(np.isin(after, edges).all())
    )


def _read_starts(text: bytes, delimiter: str) -> tuple[Whole, Whole]:
    """Find the records one by one, as a reader of CSV does."""
    lines = io.StringIO(text.decode(), newline="").readlines()
    sizes = [len(line.encode()) for line in lines]
    offsets = np.concatenate([[0], np.cumsum(sizes, dtype="int64")])
    reader = csv.reader(lines, delimiter=delimiter)
    first: list[int] = []
    line = 0
    try:
        for record in reader:
            if record:
                first.append(line)
            line = reader.line_num
    except csv.Error:
        return NOWHERE, NOWHERE
    found = np.array(first, dtype="int64")
    return offsets[found], found + 1


def text_origin(
    text: bytes, headings: Sequence[str], rows_in: int, *, delimiter: str, encoding: str
) -> Origin:
    """Find where the rows of delimited text stand.

    Parameters
    ----------
    text
        The text as UTF-8, headings first.
    headings
        Of all columns.
    rows_in
        How many rows it has.
    delimiter
        Character between the columns.
    encoding
        Of the file's own bytes.

    Returns
    -------
    Origin
        By lines; by records where the lines cannot be told.
    """
    starts, lines = record_starts(text, delimiter)
    if len(starts) != rows_in + 1:
        return Origin()
    return Origin(
        unit="line",
        numbers=lines[1:],
        text=text,
        starts=np.append(starts[1:], len(text)),
        headings=tuple(headings),
        delimiter=delimiter,
        encoding=encoding,
    )


def feature_origin(lines: Sequence[int] | Whole, rows_in: int) -> Origin:
    """Say by which lines features begin, if that tells them apart.

    Parameters
    ----------
    lines
        Line at which each begins, 1 first.
    rows_in
        How many there are.

    Returns
    -------
    Origin
        By lines if each begins on one of its own, else by the features' own number.

    Examples
    --------
    >>> feature_origin([3, 7], 2).unit, feature_origin([1, 1], 2).unit
    ('line', 'feature')
    """
    numbers = np.asarray(lines, dtype="int64")
    if len(numbers) != rows_in or (rows_in > 1 and (np.diff(numbers) <= 0).any()):
        return Origin(unit="feature")
    return Origin(unit="line", numbers=numbers)


def row_text(origin: Origin, row: int) -> str:
    r"""Take a row out of its text, as it stands there.

    Parameters
    ----------
    origin
        Of its file.
    row
        Its number, 1 first.

    Returns
    -------
    str
        Without the line break that ends it; ``""`` if rows are no pieces of text.

    Examples
    --------
    >>> text = b'a;b\r\n"1";2\r\n'
    >>> row_text(text_origin(text, "ab", 1, delimiter=";", encoding="utf-8"), 1)
    '"1";2'
    """
    if not origin.text:
        return ""
    piece = origin.text[origin.starts[row - 1] : origin.starts[row]]
    return piece.rstrip(b"\r\n").decode()


def split_fields(text: str, delimiter: str) -> list[str]:
    """Cut a row into its fields, quotation marks and all.

    Parameters
    ----------
    text
        The row, as :func:`row_text` gives it.
    delimiter
        Character between the columns.

    Returns
    -------
    list of str
        They make up the row again with the delimiter between them.

    Examples
    --------
    >>> split_fields('7,"a, b",', ",")
    ['7', '"a, b"', '']
    """
    if '"' not in text:
        return text.split(delimiter)
    mark = re.escape(delimiter)
    pattern = rf'("(?:[^"]|"")*"[^{mark}]*|[^{mark}]*)(?:{mark}|\Z)'
    found = re.findall(pattern, text)
    # the pattern finds nothing once more at the very end
    return found if text.endswith(delimiter) else found[:-1]
