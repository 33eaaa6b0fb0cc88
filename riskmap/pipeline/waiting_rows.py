"""Waiting rows: the quarantine as a file that can be corrected and sent again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.exports.files import write_bytes
from riskmap.ingest.resubmission import REF
from riskmap.pipeline.register import original_of

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

OWN_COLUMNS = (
    REF,
    "riskmap_file",
    "riskmap_line",
    "riskmap_codes",
    "riskmap_faults",
    "riskmap_proposed",
)


def export_quarantine(
    faults: pd.DataFrame, out: Path, say: Callable[[dict[str, Any]], str]
) -> Path:
    """Write the rows that wait as a CSV file that can be corrected and sent again.

    Parameters
    ----------
    faults
        As :func:`quarantined` returns it.
    out
        The file; replaced whole if it exists.
    say
        Puts a fault, as a record, into a sentence.

    Returns
    -------
    pathlib.Path
        ``out``: one line a row, the columns of its file, then
        :data:`OWN_COLUMNS`. Text that a spreadsheet would run as a formula starts
        with an apostrophe; numbers are left as they are.
    """
    rows = []
    for ref, group in faults.groupby("ref", sort=False):
        records = group.to_dict("records")
        mends = [r["proposed"] for r in records if r["proposed"]]
        told = (
            ref,
            records[0]["file"],
            _line_of(records[0]),
            " ".join(dict.fromkeys(r["code"] for r in records)),
            " ".join(say(record) for record in records),
            "; ".join(dict.fromkeys(mends)),
        )
        rows.append(
            original_of(records[0]["original"])
            | dict(zip(OWN_COLUMNS, told, strict=True))
        )
    headings = dict.fromkeys(h for row in rows for h in row if h not in OWN_COLUMNS)
    names = [*headings, *OWN_COLUMNS]
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    text = "\n".join(",".join(map(_field, line)) for line in lines) + "\n"
    return write_bytes(out, [BYTE_ORDER_MARK, text.encode()])


def _line_of(fault: dict[str, Any]) -> str:
    """Tell the line a row begins on; nothing where the file has no lines."""
    return str(int(fault["line"])) if fault["unit"] == "line" else ""


def _field(text: str) -> str:
    """Write a text as a field of CSV that no spreadsheet runs."""
    if text.startswith(FORMULA_STARTS) and not _is_number(text):
        text = f"'{text}"
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _is_number(text: str) -> bool:
    """Tell whether a text is nothing but a number."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
