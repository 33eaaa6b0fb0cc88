"""Gazetteer: landmarks by every name and number that either country gives them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.crs import to_storage
from riskmap.places.lexicon import (
    aliases,
    kind_phrases,
    lexicon,
    state_phrases,
    words_of,
)

FACILITIES: Final = frozenset(
    (
        "border_patrol_sector_hq",
        "border_patrol_station",
        "grupo_beta",
        "hospital",
        "mexican_consulate",
        "stream_gauge",
        "us_consulate",
    )
)
"""Found by a town's name only if a word says that they are meant."""

CROSSINGS: Final = ("port_of_entry", "international_bridge")

MONUMENT: Final = "boundary_monument"

LINEAR: Final = ("river", "canal")

# CBP: four digits name a port, two more one of its crossings
PORT_DIGITS, CROSSING_DIGITS = 4, 6

RANGE: Final = re.compile(r"(\d+)(?:\.\.(\d+))?")

STATE_KINDS: Final = {"us_state": "US", "mx_state": "MX"}

# a landmark of both sides lies in the states within some 2 km of it
BOTH_REACH_DEG = 0.02

Names = dict[str, list[int]]


@dataclass(frozen=True, kw_only=True)
class Landmark:
    """One place that both sides may know.

    Parameters
    ----------
    landmark_id, kind, name_en, name_es, side, us_id, mx_id, basis, verified_on
        As in the table of landmarks; ``kind`` is ``river`` or ``canal`` for a
        waterway.
    lon, lat
        Degrees (EPSG:4326); of a waterway, a point on it.
    accuracy_m
        How far the point may be off, metres.
    km
        Kilometre along the line; NaN if not known.
    numbers
        Lowest and highest number that a monument may carry; None for other kinds.
    states
        Sides and codes of the states that hold it, such as ``US-04``.
    shape
        The line of a waterway; None for a point.
    """

    landmark_id: str
    kind: str
    name_en: str
    name_es: str
    lon: float
    lat: float
    accuracy_m: float
    side: str
    us_id: str = ""
    mx_id: str = ""
    basis: str = "read"
    verified_on: str = ""
    km: float = float("nan")
    numbers: tuple[int, int] | None = None
    states: tuple[str, ...] = ()
    shape: shapely.LineString | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Gazetteer:
    """Landmarks and the names they answer to; build it with :func:`build_gazetteer`.

    Parameters
    ----------
    landmarks
        All places.
    named
        From full names, without and with words of kind, to places in ``landmarks``.
    cores
        From names without words of kind to places in ``landmarks``.
    words
        All words of each place's names.
    codes
        From identifiers of either country, and landmark ids, to places.
    """

    landmarks: tuple[Landmark, ...]
    named: Names = field(default_factory=dict)
    cores: Names = field(default_factory=dict)
    words: tuple[frozenset[str], ...] = ()
    codes: Names = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the places."""
        return len(self.landmarks)

    def monuments(self) -> list[Landmark]:
        """List the boundary monuments along the line, the first one first.

        Returns
        -------
        list of Landmark
            Those with a number or a range of numbers.
        """
        found = [place for place in self.landmarks if place.numbers is not None]
        return sorted(found, key=lambda place: (place.km, place.landmark_id))


def core_of(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part a name's words of kind from the rest, stop words dropped.

    Parameters
    ----------
    words
        As :func:`riskmap.places.lexicon.words_of` cuts them.

    Returns
    -------
    tuple
        The other words, and the kinds that were named; both may be empty.

    Examples
    --------
    >>> core_of(("puente", "internacional", "2"))
    (('2',), ('international_bridge',))
    """
    table = kind_phrases()
    longest = max(len(phrase) for phrase in table)
    rest: list[str] = []
    kinds: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            found = table.get(tuple(words[place : place + length]))
            if found:
                kinds += [kind for kind in found if kind not in kinds]
                place += length
                break
        else:
            rest.append(words[place])
            place += 1
    return without_stops(rest), tuple(kinds)


def without_stops(words: Iterable[str]) -> tuple[str, ...]:
    """Drop the words that do not tell places apart.

    Parameters
    ----------
    words
        Folded words.

    Returns
    -------
    tuple of str
        The others, in order.

    Examples
    --------
    >>> without_stops(("heroica", "nogales"))
    ('nogales',)
    """
    stops = set(lexicon()["stop"]["words"])
    return tuple(word for word in words if word not in stops)


def build_gazetteer(
    landmarks: gpd.GeoDataFrame,
    *,
    waterways: gpd.GeoDataFrame | None = None,
    jurisdictions: gpd.GeoDataFrame | None = None,
) -> Gazetteer:
    """Index landmarks by names, aliases, numbers and codes in both languages.

    Parameters
    ----------
    landmarks
        Points on ``landmark_id``, as the ingest accepts them; may be empty.
    waterways
        Lines with ``name_en``, ``name_es``, ``kind``, ``accuracy_m``, ``basis``.
    jurisdictions
        Polygons with ``kind`` and ``code``, to tell "Nogales, Sonora" from
        "Nogales, Arizona"; without them only sides can.

    Returns
    -------
    Gazetteer
        Ready to be searched.

    Raises
    ------
    MissingCRSError
        If a table does not say its CRS.

    Examples
    --------
    >>> points = gpd.GeoDataFrame(
    ...     {"kind": ["town"], "name_en": ["Ajo"], "name_es": ["Ajo"],
    ...      "accuracy_m": [3000.0], "side": ["US"]},
    ...     index=["town-115"], geometry=[shapely.Point(-112.86, 32.37)], crs=4326,
    ... )
    >>> build_gazetteer(points).named["ajo"]
    [0]
    """
    found = _points(landmarks, _states_of(landmarks, jurisdictions))
    if waterways is not None and len(waterways):
        found += _lines(to_storage(waterways, name="waterways"))
    named: Names = {}
    cores: Names = {}
    codes: Names = {}
    bags = []
    other = aliases()
    for place, landmark in enumerate(found):
        key = landmark.landmark_id
        texts = [landmark.name_en, landmark.name_es, *other["names"].get(key, [])]
        if landmark.shape is not None:
            texts += [text.partition(",")[0].partition("(")[0] for text in texts]
        bag: set[str] = set()
        for text in texts:
            bag |= _index_name(text, landmark.kind, place, named, cores)
        for text in other["places"].get(key, []):
            bag |= set(words_of(text))
        bags.append(frozenset(bag))
        for code in {key, landmark.us_id, landmark.mx_id} - {""}:
            # numbers of monuments and names of sectors are no codes
            if code == key or landmark.kind not in (MONUMENT, "border_patrol_station"):
                _add(codes, code.casefold(), place)
            if landmark.kind in CROSSINGS and len(code) == CROSSING_DIGITS:
                _add(codes, code.casefold()[:PORT_DIGITS], place)
    return Gazetteer(
        landmarks=tuple(found),
        named=named,
        cores=cores,
        words=tuple(bags),
        codes=codes,
    )


def _add(names: Names, key: str, place: int) -> None:
    """Let a name lead to a place, once."""
    places = names.setdefault(key, [])
    if place not in places:
        places.append(place)


def _index_name(
    text: str, kind: str, place: int, named: Names, cores: Names
) -> set[str]:
    """Index one name, whole and without words of kind; return its words."""
    words = words_of(text)
    core, _ = core_of(words)
    whole = without_stops(words)
    for key in {" ".join(words), " ".join(whole)} - {""}:
        _add(named, key, place)
    if core:
        _add(cores, " ".join(core), place)
        if kind not in FACILITIES:
            _add(named, " ".join(core), place)
    return set(words) | set(core)


def _text(row: Any, column: str) -> str:
    """Read an optional text."""
    value = getattr(row, column, "")
    return "" if value is None or value is pd.NA or value != value else str(value)  # noqa: PLR0124


def _numbers(kind: str, text: str) -> tuple[int, int] | None:
    """Read a monument's number, or the range in which it lies."""
    found = RANGE.fullmatch(text) if kind == MONUMENT else None
    return (int(found[1]), int(found[2] or found[1])) if found else None


def _points(
    landmarks: gpd.GeoDataFrame, states: Sequence[tuple[str, ...]]
) -> list[Landmark]:
    """Turn the rows of the table into places."""
    if len(landmarks) == 0:
        return []
    stored = to_storage(landmarks, name="landmarks")
    x, y = stored.geometry.x.to_numpy(), stored.geometry.y.to_numpy()
    return [
        Landmark(
            landmark_id=str(row.Index),
            kind=str(row.kind),
            name_en=str(row.name_en),
            name_es=str(row.name_es),
            lon=float(lon),
            lat=float(lat),
            accuracy_m=float(row.accuracy_m),
            side=str(row.side),
            us_id=_text(row, "us_id"),
            mx_id=_text(row, "mx_id"),
            basis=_text(row, "basis") or "unverified",
            verified_on=_text(row, "verified_on"),
            km=float(getattr(row, "km", float("nan"))),
            numbers=_numbers(str(row.kind), _text(row, "us_id")),
            states=within,
        )
        for row, lon, lat, within in zip(stored.itertuples(), x, y, states, strict=True)
    ]


def _lines(waterways: gpd.GeoDataFrame) -> list[Landmark]:
    """Turn waterways into places as long as they are."""
    found = []
    for order, row in enumerate(waterways.itertuples(), start=1):
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
                basis=_text(row, "basis") or "unverified",
                shape=row.geometry,
            )
        )
    return found


def _states_of(
    landmarks: gpd.GeoDataFrame, jurisdictions: gpd.GeoDataFrame | None
) -> list[tuple[str, ...]]:
    """Find the states that hold each landmark, or touch one of both sides."""
    if jurisdictions is None or len(landmarks) == 0:
        return [() for _ in range(len(landmarks))]
    states = jurisdictions[jurisdictions["kind"].isin(list(STATE_KINDS))]
    codes = [
        f"{STATE_KINDS[kind]}-{code}"
        for kind, code in zip(states["kind"], states["code"], strict=True)
    ]
    tree = shapely.STRtree(
        np.asarray(to_storage(states, name="jurisdictions").geometry)
    )
    points = np.asarray(to_storage(landmarks, name="landmarks").geometry)
    reach = np.where(landmarks["side"] == "both", BOTH_REACH_DEG, 0.0)
    rows, columns = tree.query(points, predicate="dwithin", distance=reach)
    found: list[set[str]] = [set() for _ in points]
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        found[row].add(codes[column])
    return [tuple(sorted(within)) for within in found]


def narrowing_of(words: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Part the name of a state or country from the end of a place's name.

    Parameters
    ----------
    words
        Folded words.

    Returns
    -------
    tuple
        The other words, and side and code such as ``US-04``, ``MX-`` or ``""``.

    Examples
    --------
    >>> narrowing_of(("nogales", "sonora"))
    (('nogales',), 'MX-26')
    """
    table = state_phrases()
    for length in (3, 2, 1):
        if len(words) > length:
            code = table.get(tuple(words[-length:]), "")
            if code:
                return tuple(words[:-length]), code
    return tuple(words), ""
