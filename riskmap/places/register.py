"""Register: add a landmark, mark landmarks as verified, list some of them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from riskmap.crs import MOST_X_DEG, MOST_Y_DEG, STORAGE_CRS
from riskmap.errors import LandmarkFaultyError, UnknownNameError
from riskmap.places.geodesy import M_PER_KM
from riskmap.places.lexicon import fold
from riskmap.places.line import Line, kilometre_of

COLUMNS: Final = (
    "kind", "name_en", "name_es", "accuracy_m", "side", "us_id", "mx_id", "source",
    "basis", "verified_on", "km", "geometry",
)  # fmt: skip
"""Columns of the table of landmarks, in order."""

# farther than the widest corridor is no landmark of this border
FARTHEST_KM = 300.0

# ids named where one is not known
LIKE = 3


@dataclass(frozen=True, kw_only=True)
class NewLandmark:
    """A landmark that somebody adds.

    Parameters
    ----------
    landmark_id, kind, name_en, name_es, us_id, mx_id, source
        As in the table of landmarks.
    lon, lat
        Degrees (EPSG:4326).
    accuracy_m
        How far the point may be off, metres.
    side
        ``"US"``, ``"MX"`` or ``"both"``; empty to let the line decide.
    verified_on
        ISO day on which somebody stood there, or empty.
    """

    landmark_id: str
    kind: str
    name_en: str
    name_es: str
    lon: float
    lat: float
    accuracy_m: float
    source: str
    side: str = ""
    us_id: str = ""
    mx_id: str = ""
    verified_on: str = ""


def landmark_row(new: NewLandmark, line: Line) -> gpd.GeoDataFrame:
    """Turn a new landmark into a row of the table, side and kilometre worked out.

    Parameters
    ----------
    new
        What was said of it. Where one language has no name the other's stands in.
    line
        The line.

    Returns
    -------
    geopandas.GeoDataFrame of shape (1, n_columns)
        :data:`COLUMNS` on ``landmark_id``, EPSG:4326. ``basis`` is ``read`` if it
        was verified, else ``unverified``: a word alone verifies nothing.

    Raises
    ------
    LandmarkFaultyError
        If it lies nowhere, far from the border, or on another side than was said.
    """
    placed = abs(new.lon) <= MOST_X_DEG and abs(new.lat) <= MOST_Y_DEG
    km, away_km = kilometre_of(line, new.lon, new.lat) if placed else (0.0, 1e9)
    if away_km > FARTHEST_KM or not new.accuracy_m >= 0:
        msg = f"Landmark {new.landmark_id} lies at {new.lat}, {new.lon}: not here."
        raise LandmarkFaultyError(
            msg, landmark=new.landmark_id, x=str(new.lon), y=str(new.lat)
        )
    there = str(line.side_of([new.lon], [new.lat])[0])
    near = away_km * M_PER_KM <= new.accuracy_m
    found = "both" if near else there
    if new.side and new.side not in (there, "both") and not near:
        msg = f"Landmark {new.landmark_id} lies in {there}, said to be in {new.side}."
        raise LandmarkFaultyError(
            msg, landmark=new.landmark_id, x=str(new.lon), y=str(new.lat)
        )
    row = {
        "kind": new.kind,
        "name_en": new.name_en or new.name_es,
        "name_es": new.name_es or new.name_en,
        "accuracy_m": float(new.accuracy_m),
        "side": new.side or found,
        "us_id": new.us_id,
        "mx_id": new.mx_id,
        "source": new.source,
        "basis": "read" if new.verified_on else "unverified",
        "verified_on": new.verified_on,
        "km": km,
        "geometry": shapely.Point(new.lon, new.lat),
    }
    index = pd.Index([new.landmark_id], name="landmark_id", dtype="str")
    table = gpd.GeoDataFrame([row], index=index, geometry="geometry", crs=STORAGE_CRS)
    texts = [name for name in COLUMNS if isinstance(row[name], str)]
    return table.astype(dict.fromkeys(texts, "str"))[list(COLUMNS)]


def verified(
    landmarks: gpd.GeoDataFrame, ids: Sequence[str], *, on: datetime.date
) -> gpd.GeoDataFrame:
    """Mark landmarks as verified on a day.

    Parameters
    ----------
    landmarks
        The table of landmarks.
    ids
        Those that somebody verified.
    on
        The day.

    Returns
    -------
    geopandas.GeoDataFrame
        Only these rows, changed: a delivery that holds from now on. What was
        unverified is ``read`` from then.

    Raises
    ------
    UnknownNameError
        If an id is not in the table.
    """
    missing = [name for name in ids if name not in landmarks.index]
    if missing:
        ids_known = [str(name) for name in landmarks.index]
        like = get_close_matches(missing[0], ids_known, n=LIKE, cutoff=0.0)
        msg = f"No landmark {missing[0]!r}; alike are {like}."
        raise UnknownNameError(
            msg, kind="landmark", value=missing[0], known=", ".join(like)
        )
    changed = landmarks.loc[list(ids)].copy()
    changed["verified_on"] = on.isoformat()
    changed["basis"] = changed["basis"].replace("unverified", "read")
    return changed


def matching(
    landmarks: gpd.GeoDataFrame, *, kind: str = "", side: str = "", text: str = ""
) -> gpd.GeoDataFrame:
    """List the landmarks of a kind, of a side, or with words in a name.

    Parameters
    ----------
    landmarks
        The table of landmarks.
    kind
        A kind; empty for all.
    side
        ``"US"``, ``"MX"`` or ``"both"``; empty for all.
    text
        Part of a name in either language or of an identifier; accents and case do
        not count.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows that fit, along the line.
    """
    kept = landmarks
    if kind:
        kept = kept[kept["kind"] == kind]
    if side:
        kept = kept[kept["side"] == side]
    if text:
        wanted = fold(text)
        told = kept[["name_en", "name_es", "us_id", "mx_id"]].fillna("")
        within = told.map(lambda value: wanted in fold(str(value))).any(axis=1)
        kept = kept[within | (kept.index.str.casefold() == wanted)]
    return kept.sort_values("km", kind="stable")
