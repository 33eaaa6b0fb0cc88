"""Versions: rows that correct a stored record, or take it back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

import geopandas as gpd
import pandas as pd

from riskmap.ingest.record_columns import (
    CORRECTED,
    WITHDRAWN,
    read_reason,
    read_status,
)
from riskmap.ingest.sheet import Sheet
from riskmap.ingest.value_columns import read_ids, read_source

Stored: TypeAlias = pd.Index | gpd.GeoDataFrame | Callable[[pd.Index], gpd.GeoDataFrame]
"""What is stored: identifiers, the newest version of each record, or what finds the
newest versions of records that are named, so that not all need be read."""

CONFIRMED_CHANGE: Final = "id_changed"
"""A person who accepts this fault says that the row is a correction."""


def stored_of(known: Stored | None, ids: pd.Series) -> gpd.GeoDataFrame | None:
    """Take the stored records, at least those that are named.

    Parameters
    ----------
    known
        What is stored.
    ids
        Identifiers that matter.

    Returns
    -------
    geopandas.GeoDataFrame
        The newest version of each on ``event_id``; None if no more than identifiers
        are known.
    """
    if callable(known):
        return known(pd.Index(ids.unique()))
    return known if isinstance(known, gpd.GeoDataFrame) else None


def set_withdrawals_apart(
    sheet: Sheet, known: Stored | None
) -> tuple[Sheet, gpd.GeoDataFrame, pd.Series]:
    """Take out the rows that take a record back: they need no more than its name.

    Parameters
    ----------
    sheet
        A file under inspection.
    known
        The stored records, the newest version of each, or what finds them.

    Returns
    -------
    tuple of Sheet, geopandas.GeoDataFrame and pandas.Series
        The other rows; a last version of each record taken back, on ``event_id``;
        and, by row number, the identifiers that had been taken back before.
    """
    none = pd.Series([], index=sheet.frame.index[:0], dtype="str")
    empty = gpd.GeoDataFrame()
    if "status" not in sheet.columns:
        return sheet, empty, none
    taken_back = read_status(sheet) == WITHDRAWN
    if not taken_back.any():
        return sheet, empty, none
    rows = replace(sheet, frame=sheet.frame[taken_back])
    others = replace(sheet, frame=sheet.frame[~taken_back])
    ids = read_ids(rows, read_source(rows))
    reason = read_reason(rows)
    stored = stored_of(known, ids)
    held = ids.isin(stored.index if stored is not None else [])
    rows.note("withdrawal_unknown", ~held, "id", ids)
    told = rows.text("id")
    twice = told.duplicated(keep=False) | told.isin(set(others.text("id")))
    rows.note("id_repeated", held & twice, "id")
    clean = sheet.ledger.clean()[ids.index]
    ids, reason = ids[clean], reason[clean]
    if stored is None or ids.empty:
        return others, empty, none
    last = stored.loc[ids]
    gone = (last["status"] == WITHDRAWN).to_numpy(dtype=bool, na_value=False)
    fresh = last[~gone].assign(status=WITHDRAWN, change_reason=reason[~gone].to_numpy())
    fresh["change_reason"] = fresh["change_reason"].astype("str")
    fresh["status"] = fresh["status"].astype("str")
    return others, fresh, ids[gone]


def read_versions(sheet: Sheet, mended: pd.Series) -> pd.DataFrame:
    """Read what each row says of itself as a version of a record.

    Parameters
    ----------
    sheet
        A file under inspection.
    mended
        Codes of the faults whose proposed correction was accepted, by row number.

    Returns
    -------
    pandas.DataFrame
        ``status``, ``change_reason``, ``mended``; and ``amends``: True for a row
        that may say something else than the stored record.
    """
    status = read_status(sheet)
    kept = mended.reindex(sheet.frame.index).fillna("").astype("str")
    confirmed = (" " + kept + " ").str.contains(f" {CONFIRMED_CHANGE} ", regex=False)
    return pd.DataFrame(
        {
            "status": status,
            "change_reason": read_reason(sheet),
            "mended": kept,
            "amends": (status == CORRECTED) | confirmed | sheet.profile.amends,
        }
    )
