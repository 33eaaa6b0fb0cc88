"""Quarantine: rows not accepted, with the reasons, and rows that say nothing new."""

from typing import Final

import numpy as np
import orjson
import pandas as pd

from riskmap.ingest.faults import FAULT_TABLE, gather
from riskmap.ingest.identity import mask_all
from riskmap.ingest.origins import Origin, numbers_of, row_text, split_fields
from riskmap.ingest.profiles import UNKEPT_FIELDS
from riskmap.ingest.raw import RawTable
from riskmap.ingest.sheet import Sheet

NAMES: Final = [column.name for column in FAULT_TABLE]

TEXTS: Final = tuple(c.name for c in FAULT_TABLE if c.dtype == "str")


def kept_text(sheet: Sheet, raw: RawTable) -> pd.DataFrame:
    """Take the text of rows at fault that may be kept, nothing replaced yet.

    Parameters
    ----------
    sheet
        The file, inspected.
    raw
        The file as read.

    Returns
    -------
    pandas.DataFrame
        Columns that are used or that the profile keeps, by row number.
    """
    used = [h for f, h in sheet.columns.items() if f not in UNKEPT_FIELDS]
    kept = [h for h in raw.frame.columns if h in {*used, *sheet.profile.keep}]
    clean = sheet.ledger.clean()
    faulty = raw.frame.index.isin(clean.index[~clean])
    return raw.frame.loc[faulty, kept]


def quarantine_table(sheet: Sheet, raw: RawTable) -> pd.DataFrame:
    """Gather all faults with the row's text, what tells of persons left out.

    Only columns that are used, or that the profile keeps, are in ``original`` and in
    ``raw``; a row too short or too long has neither, since nobody can tell its columns
    apart: its line and the checksum of the file say where it stands.

    Parameters
    ----------
    sheet
        The file, inspected.
    raw
        The file as read.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.ingest.faults.FAULT_TABLE`, in the order of rows.
    """
    faults = gather([raw.faults, sheet.ledger.table()])
    rows = kept_text(sheet, raw)
    masked = pd.DataFrame({h: mask_all(rows[h]) for h in rows}, index=rows.index)
    columns = [masked[heading].to_numpy(dtype=object) for heading in masked]
    texts = {
        row: orjson.dumps(dict(zip(rows.columns, values, strict=True))).decode()
        for row, values in zip(rows.index, zip(*columns, strict=True), strict=True)
    }
    pieces = _raw_texts(rows, masked, raw.origin)
    origin, numbers = raw.origin, faults["row"].to_numpy()
    return faults.assign(
        value=mask_all(faults["value"]),
        original=[texts.get(row, "") for row in numbers],
        line=numbers_of(origin, numbers).astype("float64"),
        unit=origin.unit,
        raw=[pieces.get(row, "") for row in numbers],
        encoding=np.where(faults["row"].isin(pieces), origin.encoding, ""),
        file=raw.file_name,
        file_sha256=raw.file_sha256,
    ).astype(dict.fromkeys(TEXTS, "str"))[NAMES]


def _raw_texts(
    rows: pd.DataFrame, masked: pd.DataFrame, origin: Origin
) -> dict[int, str]:
    """Take rows out of their file as they stand, what may not be kept cut out."""
    if not origin.text:
        return {}
    kept = [heading in rows.columns for heading in origin.headings]
    order = [h for h in origin.headings if h in rows.columns]
    changed = (masked[order] != rows[order]).to_numpy()
    touched = changed.any(axis=1) if order else np.zeros(len(rows), dtype=bool)
    whole = all(kept)
    found = {}
    for place, row in enumerate(rows.index):
        text = row_text(origin, row)
        if not whole or touched[place]:
            fields = split_fields(text, origin.delimiter)
            if len(fields) != len(kept):
                # marks within a field that readers of CSV understand each its own way
                continue
            fields = [f if k else "" for f, k in zip(fields, kept, strict=True)]
            for column in np.flatnonzero(changed[place]):
                heading = order[column]
                said = masked[heading].iloc[place].replace('"', '""')
                fields[origin.headings.index(heading)] = f'"{said}"'
            text = origin.delimiter.join(fields)
        found[row] = text
    return found


def duplicate_table(
    ids: pd.Series, repeats: pd.Series, known: pd.Series, raw: RawTable
) -> pd.DataFrame:
    """List the rows that were left out because they say nothing new.

    Parameters
    ----------
    ids
        Identifiers of the clean rows, by row number.
    repeats
        True for rows that an earlier row of the file says already.
    known
        True for rows that are stored already.
    raw
        The file as read.

    Returns
    -------
    pandas.DataFrame
        ``row``, ``event_id``, ``reason``, ``file``, ``file_sha256``.
    """
    gone = ids[repeats | known]
    reason = repeats[gone.index].map({True: "same_file", False: "known"})
    table = pd.DataFrame(
        {
            "row": gone.index.astype("int64"),
            "event_id": gone.to_numpy(),
            "reason": reason.to_numpy(),
            "file": raw.file_name,
            "file_sha256": raw.file_sha256,
        }
    )
    return table.astype(dict.fromkeys(table.columns[1:], "str"))
