"""Gazetteer: landmarks by every name and number that either country gives them."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import geopandas as gpd

from riskmap.crs import to_storage
from riskmap.places.extents import (
    area_landmarks,
    narrowing_names,
    road_landmarks,
    text_of,
    units_of,
    waterway_landmarks,
)
from riskmap.places.landmark import (
    AREAS,
    CROSSINGS,
    FACILITIES,
    LINEAR,
    MONUMENT,
    ROAD,
    Landmark,
)
from riskmap.places.lexicon import (
    aliases,
    kind_phrases,
    lexicon,
    state_phrases,
    words_of,
)
from riskmap.places.verification import verification_states

# CBP: four digits name a port, two more one of its crossings
PORT_DIGITS, CROSSING_DIGITS = 4, 6

RANGE: Final = re.compile(r"(\d+)(?:\.\.(\d+))?")

# found by their bare name only if a word says what is meant
CALLED_IN_FULL: Final = frozenset(
    (*FACILITIES, ROAD, *(kind for kind in AREAS if not kind.endswith("_state")))
)

# "municipio de san luis rio colorado"
LONGEST_UNIT = 7

Names = dict[str, list[int]]


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
    units
        From names of counties and municipios to their codes.
    """

    landmarks: tuple[Landmark, ...]
    named: Names = field(default_factory=dict)
    cores: Names = field(default_factory=dict)
    words: tuple[frozenset[str], ...] = ()
    codes: Names = field(default_factory=dict)
    units: Mapping[tuple[str, ...], str] = field(default_factory=dict)

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
    roads: gpd.GeoDataFrame | None = None,
    jurisdictions: gpd.GeoDataFrame | None = None,
    today: datetime.date | None = None,
) -> Gazetteer:
    """Index landmarks by names, aliases, numbers and codes in both languages.

    Parameters
    ----------
    landmarks
        Points on ``landmark_id``, as the ingest accepts them; may be empty.
    waterways
        Lines with ``name_en``, ``name_es``, ``kind``, ``accuracy_m``, ``basis``.
    roads
        Lines as :func:`riskmap.places.extents.road_landmarks` takes them.
    jurisdictions
        Polygons with ``kind``, ``code`` and ``name``, places themselves, and to tell
        "Nogales, Sonora" from "Nogales, Arizona"; without them only sides can.
    today
        The day that verification is judged on; without one it is not.

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
    >>> import shapely
    >>> points = gpd.GeoDataFrame(
    ...     {"kind": ["town"], "name_en": ["Ajo"], "name_es": ["Ajo"],
    ...      "accuracy_m": [3000.0], "side": ["US"]},
    ...     index=["town-115"], geometry=[shapely.Point(-112.86, 32.37)], crs=4326,
    ... )
    >>> build_gazetteer(points).named["ajo"]
    [0]
    """
    found = _points(landmarks, units_of(landmarks, jurisdictions))
    if today is not None and found:
        states = verification_states(landmarks, today=today)["state"].tolist()
        found = [replace(one, state=s) for one, s in zip(found, states, strict=True)]
    other = {key: list(texts) for key, texts in aliases()["names"].items()}
    if waterways is not None and len(waterways):
        found += waterway_landmarks(waterways)
    if roads is not None and len(roads):
        long, names = road_landmarks(roads)
        found, other = found + long, other | names
    units: Mapping[tuple[str, ...], str] = {}
    if jurisdictions is not None and len(jurisdictions):
        areas, names = area_landmarks(jurisdictions)
        found, other = found + areas, other | names
        units = narrowing_names(areas, names)
    return _indexed(found, other, units)


def _indexed(
    found: Sequence[Landmark],
    other: Mapping[str, Sequence[str]],
    units: Mapping[tuple[str, ...], str],
) -> Gazetteer:
    """Index places by their names and codes."""
    named: Names = {}
    cores: Names = {}
    codes: Names = {}
    bags = []
    for place, landmark in enumerate(found):
        key = landmark.landmark_id
        texts = [landmark.name_en, landmark.name_es, *other.get(key, ())]
        if landmark.kind in LINEAR:
            texts += [text.partition(",")[0].partition("(")[0] for text in texts]
        bag: set[str] = set()
        for text in texts:
            bag |= _index_name(text, landmark.kind, place, named, cores)
        for text in aliases()["places"].get(key, []):
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
        units=units,
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
        if kind not in CALLED_IN_FULL:
            _add(named, " ".join(core), place)
    return set(words) | set(core)


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
            us_id=text_of(row, "us_id"),
            mx_id=text_of(row, "mx_id"),
            basis=text_of(row, "basis") or "unverified",
            verified_on=text_of(row, "verified_on"),
            km=float(getattr(row, "km", float("nan"))),
            numbers=_numbers(str(row.kind), text_of(row, "us_id")),
            states=within,
        )
        for row, lon, lat, within in zip(stored.itertuples(), x, y, states, strict=True)
    ]


def narrowing_of(
    words: Sequence[str], units: Mapping[tuple[str, ...], str] | None = None
) -> tuple[tuple[str, ...], str]:
    """Part the name of a state, county or country from the end of a place's name.

    Parameters
    ----------
    words
        Folded words.
    units
        Names of counties and municipios with their codes.

    Returns
    -------
    tuple
        The other words, and side and code such as ``US-04``, ``MX-`` or ``""``.

    Examples
    --------
    >>> narrowing_of(("nogales", "sonora"))
    (('nogales',), 'MX-26')
    """
    table = {**state_phrases(), **(units or {})}
    for length in range(min(LONGEST_UNIT, len(words) - 1), 0, -1):
        code = table.get(tuple(words[-length:]), "")
        if code:
            return tuple(words[:-length]), code
    return tuple(words), ""
