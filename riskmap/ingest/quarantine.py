"""Quarantine: rows not accepted, with the reasons, and rows that say nothing new."""

import orjson
import pandas as pd

from riskmap.ingest.faults import gather
from riskmap.ingest.identity import mask_all
from riskmap.ingest.profiles import UNKEPT_FIELDS
from riskmap.ingest.raw import RawTable
from riskmap.ingest.sheet import Sheet


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

    Only columns that are used, or that the profile keeps, are in ``original``; a
    row too short or too long has none, since nobody can tell its columns apart.

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
    columns = [mask_all(rows[heading]).to_numpy(dtype=object) for heading in rows]
    texts = {
        row: orjson.dumps(dict(zip(rows.columns, values, strict=True))).decode()
        for row, values in zip(rows.index, zip(*columns, strict=True), strict=True)
    }
    return faults.assign(
        value=mask_all(faults["value"]),
        original=[texts.get(row, "") for row in faults["row"]],
        file=raw.file_name,
        file_sha256=raw.file_sha256,
    ).astype({"original": "str", "file": "str", "file_sha256": "str"})


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
