"""Workbooks: XLSX (ECMA-376) → a table of text; no formula is ever worked out."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from riskmap.errors import FileUnreadableError
from riskmap.ingest.archives import Archive
from riskmap.ingest.faults import gather
from riskmap.ingest.markup import read_markup
from riskmap.ingest.origins import Origin
from riskmap.ingest.raw import Limits, RawTable, refuse_more
from riskmap.ingest.serials import (
    DATE_FORMATS,
    EPOCH_1900,
    EPOCH_1904,
    shows_date,
    write_serial,
)

BOOK: Final = "xl/workbook.xml"

RELATIONS: Final = "xl/_rels/workbook.xml.rels"

MACROS: Final = ("xl/vbaProject.bin", "xl/macrosheets")

COLUMN: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

KEPT_DIGITS: Final = 15
"""Digits of a number that a spreadsheet keeps; Excel specifications and limits."""

LEAST_SHEET: Final = 2
"""A sheet with fewer rows or columns than this is no table."""


class _Relations:
    """From relation to the file it names."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            name = target[1:] if target.startswith("/") else f"xl/{target}"
            self.targets[attributes.get("Id", "")] = name

    def end(self, tag: str, text: str) -> None:
        """Nothing: relations are all in attributes."""


class _Book:
    """Sheets that can be seen, in order, and where days are counted from."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.epoch = EPOCH_1900

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.epoch = EPOCH_1904
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            relation = next(
                (value for key, value in attributes.items() if key.endswith("}id")), ""
            )
            self.sheets[attributes.get("name", "")] = relation

    def end(self, tag: str, text: str) -> None:
        """Nothing: the book is all in attributes."""


class _Strings:
    """The texts that cells share; what is read aloud above them is left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._phonetic = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        if tag == "rPh":
            self._phonetic = True

    def end(self, tag: str, text: str) -> None:
        if tag == "t" and not self._phonetic:
            self._pieces.append(text)
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.texts.append("".join(self._pieces))
            self._pieces.clear()


class _Styles:
    """Which of the styles that cells refer to show a date."""

    def __init__(self) -> None:
        self.dated: list[bool] = []
        self._custom: dict[str, bool] = {}
        self._in_cells = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "numFmt":
            code = attributes.get("formatCode", "")
            self._custom[attributes.get("numFmtId", "")] = shows_date(code)
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            number = attributes.get("numFmtId", "0")
            built_in = number.isdecimal() and int(number) in DATE_FORMATS
            self.dated.append(self._custom.get(number, built_in))

    def end(self, tag: str, text: str) -> None:  # noqa: ARG002
        if tag == "cellXfs":
            self._in_cells = False


@dataclass(frozen=True)
class _Meaning:
    """What a cell's content refers to."""

    strings: list[str]
    dated: list[bool]
    epoch: datetime


class _Sheet:
    """Cells of one sheet, as text, by row and column."""

    def __init__(self, meaning: _Meaning, path: Path, limits: Limits) -> None:
        self.rows: dict[int, dict[int, str]] = {}
        self.unworked: list[tuple[int, int]] = []
        self._meaning, self._path, self._limits = meaning, path, limits
        self._row, self._column = 0, 0
        self._kind, self._style = "n", "0"
        self._value, self._pieces = "", [""]
        self._formula = self._phonetic = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._value, self._formula = "", False
            self._pieces.clear()
            self._place(attributes.get("r", ""))
        elif tag == "row":
            self._column = 0
            given = attributes.get("r", "")
            self._row = int(given) if given.isdecimal() else self._row + 1
        elif tag == "rPh":
            self._phonetic = True

    def _place(self, reference: str) -> None:
        """Find the column of a cell; without a reference it is the next one."""
        found = COLUMN.fullmatch(reference)
        self._column += 1
        if found:
            column = 0
            for letter in found[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._column = column

    def end(self, tag: str, text: str) -> None:
        if tag == "v":
            self._value = text
        elif tag == "c":
            self._finish()
        elif tag == "t" and not self._phonetic:
            self._pieces.append(text)
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._phonetic = False

    def _finish(self) -> None:
        text = self._text()
        if not text:
            if self._formula:
                self.unworked.append((self._row, self._column))
            return
        refuse_more(self._column, self._limits.columns, "columns", self._path)
        # one row more is allowed: the headings
        self.rows.setdefault(self._row, {})[self._column] = text
        refuse_more(len(self.rows) - 1, self._limits.rows, "rows", self._path)

    def _text(self) -> str:
        """Write a cell's content as a CSV would hold it."""
        value, kind = self._value, self._kind
        if kind == "s":
            known = self._meaning.strings
            fine = value.isdecimal() and int(value) < len(known)
            return known[int(value)] if fine else ""
        if kind == "inlineStr":
            return "".join(self._pieces)
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        return self._number(value) if kind == "n" and value else value

    def _number(self, value: str) -> str:
        """Write a number, or the date that its style makes of it."""
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        style = self._style
        known_style = style.isdecimal() and int(style) < len(self._meaning.dated)
        if known_style and self._meaning.dated[int(style)]:
            return write_serial(number, self._meaning.epoch)
        # 31.450099999999999 is how a spreadsheet stores 31.4501
        return f"{number:.{KEPT_DIGITS}g}" if number % 1 else str(int(number))


def _refuse(path: Path, reason: str, what: str) -> FileUnreadableError:
    msg = f"{path} cannot be read as a workbook: {what}."
    return FileUnreadableError(msg, path=str(path), reason=reason)


def _sheets(archive: Archive) -> dict[str, _Sheet]:
    """Read all sheets that can be seen, by name."""
    path, limits = archive.path, archive.limits
    relations, book, strings, styles = _Relations(), _Book(), _Strings(), _Styles()
    for name, listener in (
        (RELATIONS, relations),
        (BOOK, book),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ):
        if name in archive.names:
            read_markup(archive.read(name), path, limits, listener)
    meaning = _Meaning(strings.texts, styles.dated, book.epoch)
    found = {}
    for name, relation in book.sheets.items():
        member = relations.targets.get(relation, "")
        if member not in archive.names:
            raise _refuse(path, "zip", f"the sheet {name!r} is not in it")
        sheet = _Sheet(meaning, path, limits)
        read_markup(archive.read(member), path, limits, sheet)
        found[name] = sheet
    return found


def _first_of_table(sheet: _Sheet) -> int:
    """Find the line of headings: the first with more than one cell, titles aside."""
    lines = sorted(sheet.rows)
    return next((n for n in lines if len(sheet.rows[n]) >= LEAST_SHEET), 0)


def _is_table(sheet: _Sheet) -> bool:
    first = _first_of_table(sheet)
    return bool(first) and max(sheet.rows) > first


def _choose(sheets: Mapping[str, _Sheet], layer: str, path: Path) -> _Sheet:
    """Take the sheet asked for, or the only one that is a table."""
    if layer:
        if layer not in sheets:
            raise _refuse(path, "layers", f"no sheet {layer!r} in {list(sheets)}")
        return sheets[layer]
    tables = [name for name, sheet in sheets.items() if _is_table(sheet)]
    if len(tables) > 1:
        raise _refuse(path, "layers", f"several sheets are tables: {tables}")
    return sheets[tables[0]] if tables else next(iter(sheets.values()))


def _headings(sheet: _Sheet, first: int, path: Path) -> dict[int, str]:
    """Name the columns; one with values but without a heading has its number."""
    used = sorted({column for row in sheet.rows.values() for column in row})
    line = sheet.rows.get(first, {})
    names = {
        column: " ".join(line.get(column, "").split()) or f"column_{column}"
        for column in used
    }
    if len(set(names.values())) < len(names):
        raise _refuse(path, "headings_twice", "two columns have one heading")
    return names


def read_workbook(archive: Archive, layer: str = "") -> RawTable:
    """Read one sheet of an XLSX workbook.

    A formula is its last value, as the workbook stores it; one without is a fault.
    Links to other workbooks are not followed. Lines above the headings, such as a
    title, are passed over.

    Parameters
    ----------
    archive
        The file, looked over.
    layer
        Name of the sheet; if not given, there must be one that is a table.

    Returns
    -------
    RawTable
        Dates and times as ISO 8601, whatever way the cells show them; numbers with
        as many digits as spreadsheets keep.

    Raises
    ------
    FileTooLargeError
        If it goes beyond a limit.
    FileUnreadableError
        If it holds macros, or several sheets that are tables, or is no workbook.
    """
    path = archive.path
    if any(name.startswith(MACROS) for name in archive.names):
        raise _refuse(path, "macros", "it holds macros")
    sheets = _sheets(archive)
    if not sheets:
        raise _refuse(path, "layers", "it has no sheet that can be seen")
    sheet = _choose(sheets, layer, path)
    first = _first_of_table(sheet)
    names = _headings(sheet, first, path)
    last = max(sheet.rows, default=0)
    rows_in = last - first if first else 0
    refuse_more(rows_in, archive.limits.rows, "rows", path)
    lines = [sheet.rows.get(number, {}) for number in range(first + 1, last + 1)]
    columns = {
        name: pd.Series([line.get(column, "") for line in lines], dtype="str")
        for column, name in names.items()
    }
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(1, rows_in + 1, name="row")
    unworked = [
        (row - first, names.get(column, ""), "formula_without_value", "")
        for row, column in sheet.unworked
        if first < row <= last and column in names
    ]
    apart = pd.DataFrame(unworked, columns=["row", "column", "code", "value"])
    return RawTable(
        frame=frame.drop(index=apart["row"].unique()),
        faults=gather([apart.assign(proposed="")]),
        rows_in=rows_in,
        encoding="xml",
        origin=Origin(unit="sheet_row", numbers=np.arange(first + 1, last + 1)),
    )
