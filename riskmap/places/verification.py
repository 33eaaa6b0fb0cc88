"""Verification: landmarks that sources disagree on, and those long unverified."""

import datetime
from itertools import combinations
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.crs import STORAGE_CRS, to_storage
from riskmap.places.geodesy import distance_m
from riskmap.places.landmark import MONUMENT
from riskmap.places.lexicon import fold

STALE_AFTER_DAYS = 183
"""Half a year: what was verified longer ago is shown as such (issue 4)."""

TOLERANCE_M = 100.0

STATES: Final = ("verified", "stale", "never", "unverified")
"""Verified; verified too long ago; no day on record; a place nobody has verified."""

RANGE_MARK: Final = ".."

IDENTIFIED: Final = (MONUMENT, "port_of_entry", "international_bridge", "stream_gauge")
"""Kinds whose identifiers name one place only."""


def age_days(verified_on: str, today: datetime.date) -> float:
    """Tell how long ago something was verified.

    Parameters
    ----------
    verified_on
        ISO day, or empty.
    today
        The day it is judged on.

    Returns
    -------
    float
        Days, negative for a day to come; NaN if there is no such day.

    Examples
    --------
    >>> age_days("2026-01-01", datetime.date(2026, 7, 4))
    184.0
    """
    try:
        day = datetime.date.fromisoformat(verified_on)
    except ValueError:
        return float("nan")
    return float((today - day).days)


def verification_states(
    landmarks: pd.DataFrame, *, today: datetime.date
) -> pd.DataFrame:
    """Tell which landmarks are verified, and how long ago.

    Parameters
    ----------
    landmarks
        With ``basis`` and ``verified_on``.
    today
        The day they are judged on; nothing here reads a clock.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``state``, one of :data:`STATES`, and ``days``, NaN if
        no day is on record.
    """
    days = np.array(
        [age_days(str(text), today) for text in landmarks["verified_on"].fillna("")],
        dtype=np.float64,
    )
    state = np.where(days > STALE_AFTER_DAYS, "stale", "verified")
    state = np.where(np.isnan(days), "never", state)
    state = np.where(landmarks["basis"] == "unverified", "unverified", state)
    return pd.DataFrame(
        {"state": pd.array(state, dtype="str"), "days": days}, index=landmarks.index
    )


def find_disagreements(
    landmarks: gpd.GeoDataFrame, *, tolerance_m: float = TOLERANCE_M
) -> gpd.GeoDataFrame:
    """List the landmarks on which two rows differ in place or name.

    Rows are of one landmark if they share its id, or a kind and an identifier of
    either country that is a single number. Both are kept: none is chosen here.

    Parameters
    ----------
    landmarks
        All rows of all deliveries, an id as often as it was delivered.
    tolerance_m
        Metres that two places may differ beyond what both say of their accuracy.

    Returns
    -------
    geopandas.GeoDataFrame
        ``key``, ``landmark_id``, ``other_id``, ``source``, ``other_source``,
        ``distance_m``, ``allowed_m``, ``apart`` (too far), ``renamed`` (another
        name in both languages), ``geometry`` from one to the other; the farthest
        apart first.
    """
    stored = to_storage(landmarks, name="landmarks").reset_index()
    named = str(stored.columns[0])
    groups: dict[str, list[int]] = {}
    for row, values in enumerate(stored.to_dict("records")):
        for key in _keys(values, named):
            groups.setdefault(key, []).append(row)
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for key in sorted(groups):
        for one, other in combinations(groups[key], 2):
            pair = _compare(stored, one, other, tolerance_m)
            if pair is not None and (one, other) not in found:
                ids = {
                    "landmark_id": str(stored[named].iloc[one]),
                    "other_id": str(stored[named].iloc[other]),
                }
                found[one, other] = {"key": key, **ids, **pair}
    columns = [
        "key", "landmark_id", "other_id", "source", "other_source", "distance_m",
        "allowed_m", "apart", "renamed", "geometry",
    ]  # fmt: skip
    table = gpd.GeoDataFrame(
        list(found.values()), columns=columns, geometry="geometry", crs=STORAGE_CRS
    )
    return table.sort_values(
        ["distance_m", "key"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)


def _keys(row: dict[str, Any], named: str) -> list[str]:
    """Name the landmark that a row is about, in every way that is certain."""
    keys = [f"id:{row[named]}"]
    if row["kind"] in IDENTIFIED:
        for column in ("us_id", "mx_id"):
            text = str(row.get(column) or "")
            if text and text != "nan" and RANGE_MARK not in text:
                keys.append(f"{row['kind']}:{column}:{text.casefold()}")
    return keys


def _compare(
    table: gpd.GeoDataFrame, one: int, other: int, tolerance_m: float
) -> dict[str, Any] | None:
    """Compare two rows of one landmark; None if they agree."""
    first, second = table.iloc[one], table.iloc[other]
    here, there = first.geometry, second.geometry
    metres = float(distance_m(here.x, here.y, there.x, there.y))
    allowed = tolerance_m + float(first["accuracy_m"]) + float(second["accuracy_m"])
    renamed = all(
        fold(str(first[name])) != fold(str(second[name]))
        for name in ("name_en", "name_es")
    )
    if metres <= allowed and not renamed:
        return None
    return {
        "source": str(first["source"]),
        "other_source": str(second["source"]),
        "distance_m": metres,
        "allowed_m": allowed,
        "apart": metres > allowed,
        "renamed": renamed,
        "geometry": shapely.LineString([here, there]),
    }
