"""Anchors: what has a place of its own — landmarks, coordinates, kilometres."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from riskmap.places import plus_codes
from riskmap.places.answers import Anchor, NotUnderstoodError, Saying
from riskmap.places.coordinates import (
    Coordinate,
    CoordinateFault,
    read_coordinate,
    split_short_plus_code,
)
from riskmap.places.gazetteer import Gazetteer, core_of
from riskmap.places.geodesy import M_PER_KM, distance_m
from riskmap.places.landmark import AREAS, MONUMENT, ROAD, Landmark
from riskmap.places.lexicon import UNIT_M, fold, lexicon, words_of
from riskmap.places.line import Line, circle_about, stretch
from riskmap.places.names import FUZZY, Found, find_landmarks
from riskmap.places.roads import reach_m
from riskmap.places.tokens import read_number

NUMBERED: Final = re.compile(r"(\d{1,5})([a-z])?")

KILOMETRE: Final = re.compile(
    r"(?:(?:the |el |la )?(?P<before>river|rio|line|linea|border|boundary)\s)?"
    r"(?P<unit>km|kms|kilometers?|kilometres?|kilometros?|mile|milla|mi)\.?\s?"
    r"(?:marker |post |number |numero )?(?P<number>\d[\d.,]*)"
    r"(?:,? (?:of|on|along|up|de|del|en|sobre|por|from|desde)"
    r"(?: the| la| el)? (?P<after>[a-z ]+))?"
)
"""A kilometre or mile of the line or the river."""

COUNTED: Final = re.compile(
    r"(?P<number>\d[\d.,]*)\s?(?P<unit>km|kms|kilometers?|kilometres?|kilometros?|miles?"
    r"|millas?|mi) (?:along|up|por|sobre|de) (?:the|la|el)? ?"
    r"(?P<after>line|border|boundary|river|linea|frontera|rio)(?: from the mouth"
    r"| desde la desembocadura)?"
)

RIVER_WORDS: Final = ("river", "rio", "mouth", "desembocadura")
LINE_WORDS: Final = (
    *RIVER_WORDS,
    "line",
    "border",
    "boundary",
    "linea",
    "frontera",
    "rio grande",
    "rio bravo",
)

# the line's own vertices are this good; data/boundary/README.md, 90th percentile
LINE_ACCURACY_M = 37.0
# the channel as of the treaty of 1970; data/landmarks/README.md
RIVER_ACCURACY_M = 80.0

# a landmark this near stands on the line
ON_LINE_KM = 1.0


def anchors_of(
    text: str, gazetteer: Gazetteer, line: Line, *, side: str = ""
) -> tuple[Anchor, ...]:
    """Find everything that a place's name may mean.

    Parameters
    ----------
    text
        Coordinate, monument, kilometre, name or code, without steps.
    gazetteer
        Landmarks.
    line
        The line.
    side
        ``"US"`` or ``"MX"`` if only that side is meant.

    Returns
    -------
    tuple of Anchor
        At least one, the likeliest first, all of one quality.

    Raises
    ------
    NotUnderstoodError
        If it means nothing.
    """
    coordinate = read_coordinate(text)
    if isinstance(coordinate, CoordinateFault):
        raise NotUnderstoodError(code=coordinate.code, text=text)
    if coordinate is not None:
        return (_coordinate(coordinate),)
    short = split_short_plus_code(text)
    if short is not None:
        return _short_code(*short, gazetteer, line)
    kilometre = _kilometre(text, line)
    if kilometre is not None:
        return (kilometre,)
    if len(gazetteer) == 0:
        raise NotUnderstoodError(code="gazetteer_empty", text=text)
    monument = _monument_number(text)
    if monument is not None:
        return _monument_or_code(text, monument, gazetteer, line)
    return _named(text, find_landmarks(gazetteer, text, side=side), line, side)


def _coordinate(found: Coordinate) -> Anchor:
    """Turn a coordinate into an anchor."""
    meaning = Saying(
        code=f"coordinate.{found.form}",
        fields={"lat": f"{found.lat:.5f}", "lon": f"{found.lon:.5f}"},
    )
    notes = (Saying(code="note.swapped"),) if found.swapped else ()
    return Anchor(
        lon=found.lon,
        lat=found.lat,
        radius_m=found.radius_m,
        meaning=meaning,
        notes=notes,
        geometry=found.area,
    )


def _short_code(
    code: str, place: str, gazetteer: Gazetteer, line: Line
) -> tuple[Anchor, ...]:
    """Complete a short plus code by every place that its name may mean."""
    found: dict[str, Anchor] = {}
    for near in anchors_of(place, gazetteer, line):
        full = plus_codes.recover(code, near.lon, near.lat)
        read = read_coordinate(full)
        if isinstance(read, Coordinate):
            anchor = replace(_coordinate(read), landmarks=near.landmarks)
            found.setdefault(full, anchor)
    return tuple(found.values())


def _kilometre(text: str, line: Line) -> Anchor | None:
    """Read "km 1,204 of the line", "river km 350", "milla 700 de la frontera"."""
    folded = re.sub(r"^(?:at|en|the|el) ", "", fold(text)).rstrip(" .,;")
    found = KILOMETRE.fullmatch(folded) or COUNTED.fullmatch(folded)
    if found is None:
        return None
    said = found.groupdict()
    after = (said.get("after") or said.get("before") or "").strip()
    whole = after in LINE_WORDS or any(
        after.startswith(f"{word} ") for word in LINE_WORDS
    )
    if after and not whole:
        return None
    number = read_number(said["number"])
    if number is None:
        return None
    unit = "km" if said["unit"].startswith("k") else "mi"
    km, half_km = (part * UNIT_M[unit] / M_PER_KM for part in number)
    of_river = any(word in after.split() for word in RIVER_WORDS)
    last = line.rivers[0][1] if of_river and line.rivers else line.length_km
    if not 0 <= km <= last:
        raise NotUnderstoodError(code="km_beyond", km=km, last_km=round(last, 1))
    lon, lat = line.point_at([km])[0]
    accuracy_m = RIVER_ACCURACY_M if line.is_river(km) else LINE_ACCURACY_M
    note = Saying(code="note.not_river_mile") if of_river else None
    return Anchor(
        lon=float(lon),
        lat=float(lat),
        # a whole kilometre is any that rounds to it: along a line, not a radius more
        radius_m=accuracy_m + min(half_km, 0.5) * M_PER_KM,
        meaning=Saying(code="line_km", fields={"km": round(km, 3)}),
        notes=(note,) if note else (),
        span_km=(km, km),
        near_m=_vague("near_m"),
    )


def _vague(name: str) -> float:
    """Read how far a vague word reaches."""
    return float(lexicon()["vague"][name])


def _monument_number(text: str) -> tuple[int, str] | None:
    """Read a monument's number and letter."""
    core, kinds = core_of(words_of(text))
    if MONUMENT not in kinds or len(core) not in (1, 2):
        return None
    found = NUMBERED.fullmatch("".join(core))
    return (int(found[1]), found[2] or "") if found else None


def _monument_or_code(
    text: str, monument: tuple[int, str], gazetteer: Gazetteer, line: Line
) -> tuple[Anchor, ...]:
    """Read a monument's number; "BM-166" may be our own id of another one too."""
    places = gazetteer.codes.get(text.strip().casefold(), [])
    coded = [_landmark(gazetteer.landmarks[place], line) for place in places]
    try:
        numbered = _monument(*monument, gazetteer, line)
    except NotUnderstoodError:
        if not coded:
            raise
        numbered = ()
    return (*numbered, *(one for one in coded if one not in numbered))


def _monument(
    number: int, letter: str, gazetteer: Gazetteer, line: Line
) -> tuple[Anchor, ...]:
    """Find the posts that may carry a number: one, or a stretch and each of them."""
    monuments = gazetteer.monuments()
    spans = [place.numbers for place in monuments if place.numbers]
    if not spans:
        raise NotUnderstoodError(
            code="no_monuments", number=f"{number}{letter.upper()}"
        )
    low, high = min(span[0] for span in spans), max(span[1] for span in spans)
    posts = [
        place
        for place in monuments
        if place.numbers and place.numbers[0] <= number <= place.numbers[1]
    ]
    if not posts or (letter and len(posts) == 1):
        code = "monument_missing" if not posts else "monument_letter"
        raise NotUnderstoodError(
            code=code, number=f"{number}{letter.upper()}", lowest=low, highest=high
        )
    each = tuple(_landmark(post, line) for post in posts)
    doubtful = lexicon()["monuments"]["doubtful"]
    if len(posts) == 1:
        if doubtful[0] <= number <= doubtful[1]:
            note = Saying(code="note.number_doubtful")
            return (replace(each[0], notes=(note, *each[0].notes)),)
        return each
    return (_posts(f"{number}{letter.upper()}", posts, line), *each)


def _posts(said: str, posts: Sequence[Landmark], line: Line) -> Anchor:
    """Join the posts that may carry a number into one stretch of the line."""
    ends = (posts[0].km, posts[-1].km)
    middle, reach_m = circle_about(line, *ends)
    beyond_m = max(
        float(distance_m(middle[0], middle[1], post.lon, post.lat)) for post in posts
    )
    return Anchor(
        lon=float(middle[0]),
        lat=float(middle[1]),
        radius_m=max(reach_m, beyond_m) + max(post.accuracy_m for post in posts),
        meaning=Saying(code="monument", fields={"number": said}),
        landmarks=tuple(post.landmark_id for post in posts),
        notes=(
            Saying(
                code="note.range", fields={"number": said, "posts": str(len(posts))}
            ),
        ),
        geometry=stretch(line, *ends),
        span_km=ends,
        near_m=_vague("near_m"),
    )


def _landmark(place: Landmark, line: Line, notes: Sequence[Saying] = ()) -> Anchor:
    """Turn a landmark into an anchor."""
    told = list(notes)
    if place.basis == "unverified":
        told.append(Saying(code="note.unverified"))
    elif place.state == "stale":
        told.append(Saying(code="note.stale", fields={"day": place.verified_on}))
    if place.shape is not None:
        return _long(place, tuple(told))
    km, away_km = line.nearest([place.lon], [place.lat])
    on_line = place.side == "both" and float(away_km[0]) <= ON_LINE_KM
    return Anchor(
        lon=place.lon,
        lat=place.lat,
        radius_m=place.accuracy_m,
        meaning=place,
        landmarks=(place.landmark_id,),
        notes=tuple(told),
        span_km=(float(km[0]), float(km[0])) if on_line else None,
        near_m=_vague("near_town_m" if place.kind == "town" else "near_m"),
        side=place.side,
    )


def _long(place: Landmark, notes: tuple[Saying, ...]) -> Anchor:
    """Turn a river, canal, road or area into an anchor as large as it is."""
    code = {ROAD: "note.long_road"}.get(place.kind, "note.long")
    code = "note.wide" if place.kind in AREAS else code
    return Anchor(
        lon=place.lon,
        lat=place.lat,
        radius_m=reach_m(place.shape, place.lon, place.lat) + place.accuracy_m,
        meaning=place,
        landmarks=(place.landmark_id,),
        notes=(Saying(code=code), *notes),
        geometry=place.shape,
        side=place.side,
    )


def _named(text: str, found: Found, line: Line, side: str) -> tuple[Anchor, ...]:
    """Turn what a name means into anchors, or say why it means nothing."""
    if found.too_many:
        raise NotUnderstoodError(code="too_many", text=text, count=found.too_many)
    if found.elsewhere:
        raise NotUnderstoodError(
            code="not_there", place=found.elsewhere[0], side=side or found.narrowed[:2]
        )
    if not found.landmarks and found.suggestions:
        names = tuple(dict.fromkeys(found.suggestions))
        raise NotUnderstoodError(code="place_unknown_like", text=text, like=names)
    if not found.landmarks:
        raise NotUnderstoodError(code="place_unknown", text=text)
    notes = [Saying(code="note.spelling")] if found.quality == FUZZY else []
    return tuple(
        replace(_landmark(place, line, notes), quality=found.quality)
        for place in found.landmarks
    )


def is_long(anchor: Anchor) -> bool:
    """Tell whether an anchor is long or wide, so that no step leads from it.

    Parameters
    ----------
    anchor
        Any anchor.

    Returns
    -------
    bool
        True for waterways, roads and areas.
    """
    meaning = anchor.meaning
    return isinstance(meaning, Landmark) and meaning.shape is not None
