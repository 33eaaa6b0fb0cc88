"""Extents: landmarks longer or wider than a point — waterways, roads, jurisdictions."""

from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.crs import to_storage
from riskmap.places.landmark import AREAS, ROAD, Landmark
from riskmap.places.lexicon import lexicon, words_of

# a landmark of both sides lies in the units within some 2 km of it
BOTH_REACH_DEG = 0.02

STATES: Final = ("us_state", "mx_state")

# how a unit is called in each language, and in short
NAMED: Final = {
    "us_county": ("{} County", "Condado de {}"),
    "mx_municipio": ("Municipality of {}", "Municipio de {}"),
    "bp_sector": ("{} Sector", "Sector {}"),
}

Names = dict[str, list[str]]


def text_of(row: Any, column: str) -> str:
    """Read an optional text of a row.

    Parameters
    ----------
    row
        As ``itertuples`` yields it.
    column
        A column that need not be there.

    Returns
    -------
    str
        Empty if it is missing.
    """
    value = getattr(row, column, "")
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124


def waterway_landmarks(waterways: gpd.GeoDataFrame) -> list[Landmark]:
    """Turn waterways into places as long as they are.

    Parameters
    ----------
    waterways
        Lines with ``name_en``, ``name_es``, ``kind``, ``accuracy_m``, ``basis``.

    Returns
    -------
    list of Landmark
        One a line, its middle for a point.
    """
    found = []
    stored = to_storage(waterways, name="waterways")
    for order, row in enumerate(stored.itertuples(), start=1):
        middle = row.geometry.interpolate(0.5, normalized=True)
        found.append(
            Landmark(
                landmark_id=f"waterway-{order:03d}",
                kind=str(row.kind),
                name_en=str(row.name_en),
                name_es=str(row.name_es),
                lon=float(middle.x),
                lat=float(middle.y),
                accuracy_m=float(row.accuracy_m),
                side="both",
                basis=text_of(row, "basis") or "unverified",
                shape=row.geometry,
            )
        )
    return found


def road_landmarks(roads: gpd.GeoDataFrame) -> tuple[list[Landmark], Names]:
    """Turn roads into places as long as they are, with what they are called.

    Parameters
    ----------
    roads
        Lines with ``road_id`` (``AZ-286``), names, ``accuracy_m``, ``basis``,
        ``covers`` and ``marks``.

    Returns
    -------
    tuple
        One place a road, and other names by its id.
    """
    found, names = [], {}
    for row in to_storage(roads, name="roads").itertuples():
        parts = shapely.get_parts(row.geometry)
        longest = max(parts, key=lambda part: part.length)
        middle = longest.interpolate(0.5, normalized=True)
        code = str(row.road_id)
        number = code.rpartition("-")[2]
        names[code] = [f"Highway {number}", f"Carretera {number}", code]
        found.append(
            Landmark(
                landmark_id=code,
                kind=ROAD,
                name_en=str(row.name_en),
                name_es=str(row.name_es),
                lon=float(middle.x),
                lat=float(middle.y),
                accuracy_m=float(row.accuracy_m),
                side=text_of(row, "covers")[:2] or "both",
                us_id=code,
                basis=text_of(row, "basis") or "unverified",
                shape=row.geometry,
                marks=text_of(row, "marks"),
                covers=text_of(row, "covers"),
            )
        )
    return found, names


def area_landmarks(jurisdictions: gpd.GeoDataFrame) -> tuple[list[Landmark], Names]:
    """Turn units of jurisdiction into places as wide as they are.

    Parameters
    ----------
    jurisdictions
        Polygons with ``kind``, ``code`` and ``name``.

    Returns
    -------
    tuple
        One place a unit, and its short names by its id.
    """
    stored = to_storage(jurisdictions, name="jurisdictions")
    stored = stored[stored["kind"].isin(AREAS)]
    of_state = {
        (row.kind[:2], row.code): str(row.name)
        for row in stored[stored["kind"].isin(STATES)].itertuples(index=False)
    }
    twins = stored.duplicated(["kind", "name"], keep=False)
    found, names = [], {}
    for row, twin in zip(stored.itertuples(index=False), twins, strict=True):
        key = f"{row.kind}:{row.code}"
        state = of_state.get((str(row.kind)[:2], str(row.code)[:2]), "")
        english, spanish = (
            form.format(row.name) for form in NAMED.get(str(row.kind), ("{}", "{}"))
        )
        names[key] = [english, spanish]
        if row.kind in STATES:
            names[key] += lexicon()["states"].get(unit_code(row.kind, row.code), [])
            spanish = _in_spanish(str(row.name))
        if twin and state:
            english, spanish = f"{english}, {state}", f"{spanish}, {state}"
        point = row.geometry.representative_point()
        side = "US" if row.kind in ("us_state", "us_county", "bp_sector") else "MX"
        found.append(
            Landmark(
                landmark_id=key,
                kind=str(row.kind),
                name_en=english,
                name_es=spanish,
                lon=float(point.x),
                lat=float(point.y),
                accuracy_m=0.0,
                side=side,
                states=(unit_code(row.kind, str(row.code)[:2]),)
                if row.kind != "bp_sector"
                else (),
                shape=row.geometry,
            )
        )
    return found, names


def _in_spanish(name: str) -> str:
    """Name a state in Spanish."""
    return str(lexicon()["states_in_spanish"].get(name, name))


def unit_code(kind: str, code: str) -> str:
    """Write the code of a unit with its side, such as ``US-04`` or ``MX-26003``.

    Parameters
    ----------
    kind
        Kind of jurisdiction.
    code
        Its code in the table.

    Returns
    -------
    str
        Side, dash, code.

    Examples
    --------
    >>> unit_code("us_county", "04019")
    'US-04019'
    """
    return f"{'MX' if kind.startswith('mx') else 'US'}-{code}"


def narrowing_names(
    areas: Iterable[Landmark], names: Names
) -> dict[tuple[str, ...], str]:
    """List the names of counties and municipios that narrow a place.

    Parameters
    ----------
    areas
        From :func:`area_landmarks`.
    names
        Their names.

    Returns
    -------
    dict
        From folded words, kind and all, to side and code; a name that two units
        share narrows nothing and is left out.
    """
    found: dict[tuple[str, ...], str] = {}
    twice = set()
    for area in areas:
        if area.kind not in NAMED or area.kind == "bp_sector":
            continue
        code = unit_code(area.kind, area.landmark_id.partition(":")[2])
        for name in names[area.landmark_id]:
            words = words_of(name)
            if words in found:
                twice.add(words)
            found[words] = code
    return {words: code for words, code in found.items() if words not in twice}


def units_of(
    landmarks: gpd.GeoDataFrame, jurisdictions: gpd.GeoDataFrame | None
) -> list[tuple[str, ...]]:
    """Find the units that hold each landmark, or touch one of both sides.

    Parameters
    ----------
    landmarks
        Points.
    jurisdictions
        Polygons with ``kind`` and ``code``; None if there are none.

    Returns
    -------
    list of tuple of str
        For each landmark the codes of its states, counties and municipios.
    """
    if jurisdictions is None or len(landmarks) == 0:
        return [() for _ in range(len(landmarks))]
    units = jurisdictions[
        jurisdictions["kind"].isin(AREAS) & (jurisdictions["kind"] != "bp_sector")
    ]
    codes = [
        unit_code(kind, code)
        for kind, code in zip(units["kind"], units["code"], strict=True)
    ]
    tree = shapely.STRtree(np.asarray(to_storage(units, name="jurisdictions").geometry))
    points = np.asarray(to_storage(landmarks, name="landmarks").geometry)
    reach = np.where(landmarks["side"] == "both", BOTH_REACH_DEG, 0.0)
    rows, columns = tree.query(points, predicate="dwithin", distance=reach)
    found: list[set[str]] = [set() for _ in points]
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        found[row].add(codes[column])
    return [tuple(sorted(within)) for within in found]
