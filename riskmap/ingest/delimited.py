"""Delimited text: CSV of any delimiter and encoding → a table of text."""

import csv
import itertools
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from riskmap.errors import FileTooLargeError, FileUnreadableError
from riskmap.ingest.encodings import decode, without_mark
from riskmap.ingest.faults import gather
from riskmap.ingest.origins import text_origin
from riskmap.ingest.raw import Limits, RawTable

DELIMITERS: Final = (",", ";", "\t", "|")

PROBE_LINES = 30


def _widths(text: str, delimiter: str) -> list[int]:
    """Count the fields of the first records, as this delimiter would cut them."""
    # a few lines more than needed, so that a quoted line break can be closed
    lines = itertools.islice(text.splitlines(keepends=True), 2 * PROBE_LINES)
    try:
        records = list(itertools.islice(csv.reader(lines, delimiter=delimiter), 30))
    except csv.Error:
        return []
    return [len(record) for record in records if record]


def find_delimiter(text: str) -> str:
    r"""Tell which character stands between the columns.

    It is the one that cuts the first records into as many fields as the headings;
    of two that do, the one that gives more fields.

    Parameters
    ----------
    text
        Beginning of the file, headings first.

    Returns
    -------
    str
        One of :data:`DELIMITERS`; a comma if the file has one column.

    Examples
    --------
    >>> find_delimiter("fecha;lat;lon\n1/2/2020;31,5;-110,2\n")
    ';'
    """
    best, best_found = (0.0, 1), ","
    for delimiter in DELIMITERS:
        widths = _widths(text, delimiter)
        if not widths or widths[0] < 2:  # noqa: PLR2004
            continue
        found = (round(widths.count(widths[0]) / len(widths), 1), widths[0])
        if found > best:
            best, best_found = found, delimiter
    return best_found


def _check_lines(data: bytes, path: Path, limits: Limits) -> None:
    """Refuse a line longer than any record can be."""
    ends = np.flatnonzero(np.frombuffer(data, dtype="uint8") == ord("\n"))
    edges = np.concatenate(([-1], ends, [len(data)]))
    longest = int(np.diff(edges).max())
    if longest > limits.line_chars:
        msg = f"A line of {path} must hold {limits.line_chars} bytes, got {longest}."
        raise FileTooLargeError(
            msg, path=str(path), unit="line", limit=limits.line_chars
        )


def _headings(text: str, delimiter: str, path: Path, limits: Limits) -> list[str]:
    """Read the headings: distinct, one for each column."""
    lines = (line for line in text.splitlines(keepends=True) if line.strip())
    try:
        found = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        msg = f"The headings of {path} cannot be read: {error}."
        raise FileUnreadableError(msg, path=str(path), reason="headings") from error
    if len(found) > limits.columns:
        msg = f"{path} must have {limits.columns} columns, got {len(found)}."
        raise FileTooLargeError(
            msg, path=str(path), unit="columns", limit=limits.columns
        )
    names = [
        " ".join(name.split()) or f"column_{place}"
        for place, name in enumerate(found, start=1)
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path} has headings twice: {twice}. Give each column its own."
        raise FileUnreadableError(
            msg, path=str(path), reason="headings_twice", headings=twice
        )
    return names


def _records(
    data: bytes, delimiter: str, width: int, path: Path
) -> tuple[pd.DataFrame, list[tuple[int, int]]]:
    """Cut the records, headings first; give those of another width apart."""
    ragged: list[tuple[int, int]] = []
    open_quote = False

    def set_apart(record: pacsv.InvalidRow) -> str:
        nonlocal open_quote
        open_quote |= "\n" in record.text and record.text.count('"') % 2 == 1
        # the headings are record 1, so the first row of data is record 2
        ragged.append((record.number - 1, record.actual_columns))
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = pacsv.read_csv(
            pa.BufferReader(data),
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=len(data) + 1, column_names=names
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                invalid_row_handler=set_apart,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        msg = f"{path} cannot be cut into records: {error}."
        raise FileUnreadableError(msg, path=str(path), reason="records") from error
    frame = table.to_pandas().astype("str")
    # a quote never closed swallows lines: then the last record tells
    if len(frame) and not open_quote and data.count(b'"') % 2 == 1:
        open_quote = bool(frame.iloc[-1].str.contains("\n").any())
    if open_quote:
        msg = f"{path} opens a quotation mark that is never closed."
        raise FileUnreadableError(msg, path=str(path), reason="quote_open")
    return frame, ragged


def read_delimited(data: bytes, path: Path, limits: Limits) -> RawTable:
    r"""Read delimited text.

    Parameters
    ----------
    data
        The file's bytes, unpacked.
    path
        The file, for errors.
    limits
        How large it may be.

    Returns
    -------
    RawTable
        Text of the whole rows; a row too short or too long is a fault, since
        nobody can tell which of its values belongs to which column.

    Raises
    ------
    FileTooLargeError
        If a line or the number of columns goes beyond its limit.
    FileUnreadableError
        If it is no text, its headings are no headings, or a quote stays open.

    Examples
    --------
    >>> raw = read_delimited(b"a,b\n1,2\n3\n", Path("few.csv"), Limits())
    >>> raw.frame.to_dict("index"), raw.faults["code"].tolist()
    ({1: {'a': '1', 'b': '2'}}, ['row_too_short'])
    """
    text, encoding = decode(data, path)
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        msg = f"{path} must be text, it holds zero characters."
        raise FileUnreadableError(msg, path=str(path), reason="zero_bytes")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    encoded = text.encode("utf-8", errors="replace")
    _check_lines(encoded, path, limits)
    probe = text[: limits.line_chars * 2]
    delimiter = find_delimiter(probe)
    headings = _headings(probe, delimiter, path, limits)
    # a large file is not held twice
    del text
    frame, ragged = _records(encoded, delimiter, len(headings), path)
    frame = frame.iloc[1:].set_axis(headings, axis=1)
    rows_in = len(frame) + len(ragged)
    numbers = np.setdiff1d(np.arange(1, rows_in + 1), [row for row, _ in ragged])
    frame.index = pd.Index(numbers, dtype="int64", name="row")
    apart = pd.DataFrame(ragged, columns=["row", "fields"], dtype="int64")
    apart["code"] = np.where(
        apart["fields"] < len(headings), "row_too_short", "row_too_long"
    )
    apart["value"] = apart["fields"].astype("str") + f" / {len(headings)}"
    return RawTable(
        frame=frame,
        faults=gather([apart.assign(column="", proposed="")]),
        rows_in=rows_in,
        encoding=encoding,
        delimiter=delimiter,
        origin=text_origin(
            encoded,
            headings,
            rows_in,
            delimiter=delimiter,
            encoding=without_mark(encoding, data),
        ),
    )
