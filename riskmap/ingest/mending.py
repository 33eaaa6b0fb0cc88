"""Mending: proposed corrections put in place, once somebody has accepted them."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pandas as pd

from riskmap.ingest.profile_form import PLACE_FIELDS
from riskmap.ingest.raw import RawTable


def joined_codes(first: pd.Series, then: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Join the codes of corrections accepted one after the other.

    Parameters
    ----------
    first, then
        Codes, a space between them, by row number; rows without any may be missing.
    frame
        The rows.

    Returns
    -------
    pandas.Series of str
        On the index of ``frame``; ``""`` where nothing was accepted.

    Examples
    --------
    >>> frame = pd.DataFrame(index=[1, 2])
    >>> joined_codes(pd.Series({1: "a b"}), pd.Series({1: "c"}), frame).to_dict()
    {1: 'a b c', 2: ''}
    """
    parts = [codes.reindex(frame.index).fillna("") for codes in (first, then)]
    return parts[0].str.cat(parts[1], sep=" ").str.strip().astype("str")


def apply_proposals(
    raw: RawTable,
    faults: pd.DataFrame,
    columns: Mapping[str, str],
    codes: Collection[str],
) -> RawTable:
    r"""Put proposed corrections in the place of what is wrong.

    Parameters
    ----------
    raw
        The file as read.
    faults
        Its faults: ``row``, ``column``, ``code`` and ``proposed``.
    columns
        From field to heading, as found in the file.
    codes
        The faults whose proposal is accepted; others stay as they are.

    Returns
    -------
    RawTable
        With the corrections in ``frame`` and their codes in ``mended``. A place is
        mended where the file has its degrees in one column or in two.

    Examples
    --------
    >>> frame = pd.DataFrame({"lat": ["31.4"], "lon": ["110.5"]}, index=[1])
    >>> raw = RawTable(frame=frame, faults=pd.DataFrame(), rows_in=1)
    >>> faults = pd.DataFrame({"row": [1], "column": ["lat"]})
    >>> mend = {"code": "longitude_sign_lost", "proposed": "31.4, -110.5"}
    >>> faults = faults.assign(**mend)
    >>> columns = {"lat": "lat", "lon": "lon"}
    >>> done = apply_proposals(raw, faults, columns, {"longitude_sign_lost"})
    >>> done.frame.values.tolist(), done.mended.to_dict()
    ([['31.4', '-110.5']], {1: 'longitude_sign_lost'})
    """
    taken = faults[faults["code"].isin(codes) & (faults["proposed"] != "")]
    frame = raw.frame.copy()
    done: dict[int, list[str]] = {}
    places = {columns[field] for field in PLACE_FIELDS if field in columns}
    for fault in taken.to_dict("records"):
        row, heading, told = fault["row"], fault["column"], fault["proposed"]
        if row not in frame.index or heading not in frame.columns:
            continue
        if heading in places and "coordinates" not in columns:
            if not {"lat", "lon"} <= columns.keys() or ", " not in told:
                continue
            lat, _, lon = told.partition(", ")
            frame.loc[row, [columns["lat"], columns["lon"]]] = [lat, lon]
        else:
            frame.loc[row, heading] = told
        done.setdefault(int(row), []).append(str(fault["code"]))
    mended = pd.Series(
        {r: " ".join(dict.fromkeys(c)) for r, c in done.items()}, dtype="str"
    )
    return replace(raw, frame=frame, mended=mended)
