"""Repeats: identifiers of records, and rows that say again what is known."""

import hashlib
from typing import Final

import geopandas as gpd
import pandas as pd

from riskmap.ingest.record_columns import CORRECTED, WITHDRAWN
from riskmap.ingest.sheet import Sheet

CONTENT: Final = (
    "occurred_on",
    "time_precision",
    "local_time",
    "kind",
    "cause",
    "dead",
    "missing",
    "source",
    "source_quality",
    "x",
    "y",
    "confirmation",
)
"""Columns in which two records of one identifier must agree.

How well the place is known is riskmap's judgement, not what the publisher says.
"""

SILENT: Final = {"confirmation": "unknown"}
"""Values that say nothing, and so contradict nothing."""

FACTS: Final = (
    "occurred_on",
    "local_time",
    "kind",
    "cause",
    "dead",
    "missing",
    "source",
    "x",
    "y",
)
"""Columns of which an identifier is made where the publisher gives none."""

SAID: Final = ("said_kind", "said_cause")
"""The source's own codes; they identify nothing and contradict nothing."""

ID_DIGITS = 16


def name_unnamed(records: pd.DataFrame, repeats: pd.Series) -> pd.Series:
    """Make identifiers of what records say, where the publisher gives none.

    Records that say the same are numbered, so that the order of rows is of no
    matter and two bodies at one place stay two. How well a record is known is left
    out, so that a better profile does not make another record of it.
    """
    records = records.sort_values(["accuracy_m", "source_quality"], kind="stable")
    repeats = repeats[records.index]
    columns = records[list(FACTS)].assign(
        occurred_on=records["occurred_on"].dt.strftime("%Y-%m-%d"),
        x=records["x"].map("{:.6f}".format),
        y=records["y"].map("{:.6f}".format),
        dead=records["dead"].astype("int64"),
        missing=records["missing"].astype("int64"),
    )
    digests = [
        hashlib.sha256("|".join(map(str, values)).encode()).hexdigest()[:ID_DIGITS]
        for values in columns.itertuples(index=False, name=None)
    ]
    base = records["source"] + ":" + pd.Series(digests, records.index, dtype="str")
    turn = base[~repeats].groupby(base[~repeats]).cumcount().reindex(base.index)
    return base.where(
        turn.fillna(0) == 0, base + "-" + (turn + 1).astype("Int64").astype("str")
    )


def find_repeats(sheet: Sheet, records: pd.DataFrame) -> pd.Series:
    """Find rows that say again what an earlier row of the file says."""
    if "id" not in sheet.columns:
        # without identifiers only rows alike to the letter are surely the same
        return sheet.frame.loc[records.index].duplicated()
    same_id = records["event_id"].duplicated(keep=False)
    doubled = records.loc[same_id, ["event_id", *CONTENT]]
    distinct = doubled.drop_duplicates().groupby("event_id").size()
    torn = distinct.index[distinct > 1]
    contradicts = records["event_id"].isin(torn)
    sheet.note(
        "id_repeated", contradicts.reindex(sheet.frame.index, fill_value=False), "id"
    )
    return records["event_id"].duplicated() & ~contradicts


def _same_as_known(
    records: pd.DataFrame, stored: pd.DataFrame, columns: tuple[str, ...]
) -> pd.Series:
    """Tell which records say exactly what is stored under their identifier."""
    same = pd.Series(True, index=records.index)
    for name in columns:
        if name in stored.columns:
            new, old = records[name], stored[name].set_axis(records.index)
            silent = new == SILENT[name] if name in SILENT else new.isna() & old.isna()
            same &= (new == old) | silent
    return same


def keep_said(
    records: pd.DataFrame, amended: pd.Series, known: pd.DataFrame
) -> pd.DataFrame:
    """Keep what a source called a record where a correction does not say it anew.

    Parameters
    ----------
    records
        Clean rows: ``event_id`` and :data:`SAID`.
    amended
        True for corrections.
    known
        The stored records, the newest version of each.

    Returns
    -------
    pandas.DataFrame
        The rows, the source's own codes of the stored version in those columns.
    """
    kept = records.copy()
    stored = known.loc[records.loc[amended, "event_id"]]
    for name in SAID:
        if name in stored.columns:
            said = stored[name].fillna("").set_axis(amended.index[amended])
            silent = amended & (kept[name] == "")
            kept[name] = kept[name].mask(silent, said.reindex(kept.index))
    return kept


def find_known(
    sheet: Sheet, records: pd.DataFrame, known: pd.Index | gpd.GeoDataFrame | None
) -> tuple[pd.Series, pd.Series]:
    """Find rows that are stored already, and rows that correct what is stored.

    A row that says something else under a stored identifier is a correction where
    the row, its profile or a person says so; else it is noted, and waits.

    Parameters
    ----------
    sheet
        A file under inspection.
    records
        Clean rows: what they say, ``event_id``, ``status`` and ``amends``.
    known
        Identifiers of the stored records, or the newest version of each.

    Returns
    -------
    tuple of pandas.Series of bool
        True for rows that say nothing new; True for corrections.
    """
    nothing = pd.Series(False, index=records.index)
    if known is None:
        return nothing, nothing
    if not isinstance(known, gpd.GeoDataFrame):
        return records["event_id"].isin(known), nothing
    seen = records["event_id"].isin(known.index)
    if not seen.any():
        return seen, nothing
    met = records[seen]
    stored = pd.DataFrame(known.drop(columns="geometry")).assign(
        x=known.geometry.x, y=known.geometry.y
    )
    stored = stored.loc[met["event_id"]]
    # what a profile takes for confirmed is not what the publisher says
    said_too = "confirmation" in sheet.columns
    compared = tuple(n for n in CONTENT if said_too or n != "confirmation")
    same = _same_as_known(met, stored, compared)
    said = met["status"] == CORRECTED
    gone = stored.get("status", pd.Series("", index=stored.index)) == WITHDRAWN
    # who says that a row is a correction corrects our grade of its place too
    finer = _same_as_known(met, stored, ("accuracy_m", "marking", "licence"))
    anew = said & (~finer | gone.set_axis(met.index).fillna(False))
    changed = ~same | anew
    held = (changed & ~met["amends"]).reindex(sheet.frame.index, fill_value=False)
    sheet.note("id_changed", held, "id")
    amended = (changed & met["amends"]).reindex(records.index, fill_value=False)
    return (~changed).reindex(records.index, fill_value=False), amended
