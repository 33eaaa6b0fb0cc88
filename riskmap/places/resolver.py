"""Resolver: a phrase → every place that it may mean, each with its doubt."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import shapely

from riskmap.places.anchors import anchors_of
from riskmap.places.answers import (
    MOST_CHARACTERS,
    Anchor,
    Answer,
    Candidate,
    NotUnderstoodError,
    Saying,
)
from riskmap.places.coordinates import Coordinate, CoordinateFault, read_coordinate
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.geodesy import (
    M_PER_KM,
    bearing_deg,
    distance_m,
    offset,
)
from riskmap.places.grammar import Reading, Step, read_phrase
from riskmap.places.lexicon import fold
from riskmap.places.line import Line, circle_about, kilometre_of, stretch
from riskmap.places.names import EXACT, FUZZY, QUALITIES, names_place
from riskmap.places.on_road import on_road, road_of
from riskmap.places.speech import plain_speech, shorter
from riskmap.places.steps import candidates_from, unit_of

# beyond the widest corridor nothing is known of either side
FARTHEST_KM = 300.0

FARTHEST_STEP_M = 300_000.0

# two names with as many readings as a name may have
MOST_CANDIDATES = 144

VAGUE = ("reason.place_unknown", "reason.place_unknown_like", "reason.nothing")
"""Reasons that say only that a name is not known."""

Found = tuple[str, Candidate]


def locate(text: str, gazetteer: Gazetteer, line: Line) -> Answer:
    """Say where a phrase is: all readings with their doubt, or why there is none.

    English, Spanish or a mix: steps from landmarks, monuments, kilometres of the
    line, names, codes and coordinates. Never one reading picked among equals.

    Parameters
    ----------
    text
        What somebody said.
    gazetteer
        Landmarks; with none, coordinates and kilometres are still understood.
    line
        The line.

    Returns
    -------
    Answer
        Candidates, the likeliest first; or a reason.

    Examples
    --------
    >>> from riskmap.places.gazetteer import Gazetteer
    >>> line = Line(
    ...     nearest=lambda x, y: ([0.0], [1.0]), point_at=lambda km: [[-111.0, 31.3]],
    ...     side_of=lambda x, y: ["US"], length_km=10.0,
    ... )
    >>> answer = locate("31°19'N 110°56'W", Gazetteer(landmarks=()), line)
    >>> round(answer.candidates[0].lat, 4)
    31.3167
    """
    if not text.strip():
        return Answer(reason=Saying(code="reason.empty"))
    if len(text) > MOST_CHARACTERS:
        fields = {"characters": len(text), "most": MOST_CHARACTERS}
        return Answer(reason=Saying(code="reason.too_long", fields=fields))
    said = plain_speech(text)
    found, reason = _read(said, gazetteer, line)
    if not found and reason.code in VAGUE:
        found, reason = _within(said, gazetteer, line, reason)
    if not found:
        return Answer(reason=reason)
    best = min(QUALITIES.index(quality) for quality, _ in found)
    kept = [candidate for quality, candidate in found if quality == QUALITIES[best]]
    return Answer(candidates=_distinct(kept))


def _within(
    text: str, gazetteer: Gazetteer, line: Line, reason: Saying
) -> tuple[list[Found], Saying]:
    """Look for a place among other words; none of these says where it is.

    A misspelt name is not looked for here: that would be two guesses at once.
    """
    told: Saying | None = None
    for kept, left in shorter(text):
        if names_place(gazetteer, left):
            continue
        found, why = _read(kept, gazetteer, line)
        sure = [(quality, one) for quality, one in found if quality != FUZZY]
        if sure:
            note = Saying(code="note.left_out", fields={"words": left})
            notes = (note,) if left else ()
            return [
                (quality, replace(one, notes=(*notes, *one.notes)))
                for quality, one in sure
            ], reason
        if told is None and not found and why.code not in VAGUE:
            told = why
    return [], told or reason


def _read(text: str, gazetteer: Gazetteer, line: Line) -> tuple[list[Found], Saying]:
    """Follow every reading of a phrase: what was found, or why nothing was."""
    found: list[Found] = []
    reasons: list[Saying] = []
    road = road_of(text, gazetteer)
    if road is not None:
        for place in road[1]:
            try:
                ends = list(on_road(road[0], place, gazetteer, line))
                found += _possible(ends, "", line)
            except NotUnderstoodError as error:
                reasons.append(error.saying)
        if found or reasons:
            return found, _weightiest(reasons)
    last = Reading(form="at", places=())
    for reading in _readings(text):
        # "del monumento 166" is read as "monumento 166" first, and alike
        if found and found[-1][0] == EXACT and reading.steps == last.steps:
            continue
        last = reading
        try:
            found += _follow(reading, gazetteer, line)
        except NotUnderstoodError as error:
            reasons.append(error.saying)
    why = _weightiest(reasons)
    if road is not None and why.code in VAGUE:
        why = Saying(code="reason.road_unknown", fields={"road": road[0].text})
    return found, why


def _readings(text: str) -> Sequence[Reading]:
    """Read a phrase; a coordinate is one before its words are looked at."""
    whole = read_coordinate(text)
    if isinstance(whole, Coordinate | CoordinateFault):
        return (Reading(form="at", places=(text,)),)
    return read_phrase(text)


def _weightiest(reasons: Sequence[Saying]) -> Saying:
    """Choose the reason that says most: a name nobody knows says least."""
    telling = [reason for reason in reasons if reason.code not in VAGUE]
    known = telling or [*reasons, Saying(code="reason.nothing")]
    return known[0]


def _distinct(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Drop what says the same place again."""
    seen: dict[tuple[float, float, float], Candidate] = {}
    for one in candidates:
        key = (round(one.lon, 5), round(one.lat, 5), round(one.radius_m))
        seen.setdefault(key, one)
    return tuple(seen.values())[:MOST_CANDIDATES]


def _follow(reading: Reading, gazetteer: Gazetteer, line: Line) -> Iterator[Found]:
    """Follow one reading to all the places it may end at."""
    if " " in reading.side:
        raise NotUnderstoodError(code="two_sides")
    if reading.refused:
        raise NotUnderstoodError(code="unit_refused", unit=reading.refused)
    for step in reading.steps:
        _check(step)
    found: list[Found] = []
    if reading.form in ("between", "halfway"):
        found = list(_between(reading, gazetteer, line))
    else:
        side = "" if reading.form == "steps" else reading.side
        anchors = anchors_of(reading.places[0], gazetteer, line, side=side)
        found = _from_all(anchors, reading, gazetteer, line)
    return iter(_possible(found, reading.side, line))


def _from_all(
    anchors: Sequence[Anchor], reading: Reading, gazetteer: Gazetteer, line: Line
) -> list[Found]:
    """Go from every anchor; one from which no way leads is no reading."""
    found: list[Found] = []
    lost: list[NotUnderstoodError] = []
    for anchor in anchors:
        try:
            ends = list(candidates_from(anchor, reading, gazetteer, line))
        except NotUnderstoodError as error:
            lost.append(error)
            continue
        found += [(anchor.quality, end) for end in ends]
    rivers = [error for error in lost if error.saying.code == "reason.place_is_long"]
    # a river of this name may be meant: none of its namesakes is picked in its place
    if rivers or (lost and not found):
        raise (rivers or lost)[0]
    return found


def _check(step: Step) -> None:
    """Refuse distances that lead nowhere."""
    if step.metres is None:
        return
    if step.metres <= 0:
        raise NotUnderstoodError(
            code="distance_not_positive", number=step.number, unit=unit_of(step)
        )
    if step.metres > FARTHEST_STEP_M:
        raise NotUnderstoodError(
            code="distance_too_far",
            number=step.number,
            unit=unit_of(step),
            most_km=FARTHEST_STEP_M / M_PER_KM,
        )


def _possible(found: Sequence[Found], side: str, line: Line) -> list[Found]:
    """Keep the places near the line, and on the side that was said."""
    kept, reason = [], None
    for quality, one in found:
        _, away_km = kilometre_of(line, one.lon, one.lat)
        away_m = away_km * M_PER_KM
        if away_km > FARTHEST_KM:
            reason = _outside(one, line)
            continue
        there = str(line.side_of([one.lon], [one.lat])[0])
        if side and there != side and away_m > one.spoken_radius_m:
            reason = NotUnderstoodError(code="side_contradicts", said=side, found=there)
            continue
        kept.append((quality, one))
    if not kept and reason is not None:
        raise reason
    return kept


def _outside(one: Candidate, line: Line) -> NotUnderstoodError:
    """Say that a place is far away; perhaps the minus of the longitude was lost."""
    _, away_km = kilometre_of(line, -abs(one.lon), abs(one.lat))
    code = "outside_sign" if away_km <= FARTHEST_KM else "outside_region"
    return NotUnderstoodError(
        code=code,
        lat=f"{one.lat:.4f}",
        lon=f"{one.lon:.4f}",
        mended=f"{abs(one.lat):.4f}, {-abs(one.lon):.4f}",
        most_km=FARTHEST_KM,
    )


def _between(reading: Reading, gazetteer: Gazetteer, line: Line) -> Iterator[Found]:
    """Find the stretch, or the middle, between two places."""
    first, second = reading.places
    if fold(second)[:1].isdigit() and not fold(first)[:1].isdigit():
        # "monuments 98 and 99": the second number is of the same kind
        second = f"{first.split()[0]} {second}"
    ones = anchors_of(first, gazetteer, line)
    others = anchors_of(second, gazetteer, line)
    # a range of posts stands for them all
    ones = ones[:1] if isinstance(ones[0].meaning, Saying) else ones
    others = others[:1] if isinstance(others[0].meaning, Saying) else others
    for one in ones:
        for other in others:
            quality = max(one.quality, other.quality, key=QUALITIES.index)
            if one.landmarks and one.landmarks == other.landmarks:
                raise NotUnderstoodError(code="same_place", place=one.meaning)
            yield quality, _middle(one, other, reading.form, line)


def _middle(one: Anchor, other: Anchor, form: str, line: Line) -> Candidate:
    """Make the candidate between two anchors: along the line if both stand on it."""
    fields = {"one": one.meaning, "other": other.meaning}
    slack_m = max(_off_m(one, line), _off_m(other, line))
    geometry: shapely.Geometry
    if one.span_km and other.span_km:
        kms = sorted((*one.span_km, *other.span_km))
        middle, reach_m = circle_about(line, kms[0], kms[-1])
        point = (float(middle[0]), float(middle[1]))
        geometry = stretch(line, kms[0], kms[-1])
    else:
        bearing = bearing_deg(one.lon, one.lat, other.lon, other.lat)
        apart_m = float(distance_m(one.lon, one.lat, other.lon, other.lat))
        point = offset(one.lon, one.lat, bearing, apart_m / 2)
        reach_m = apart_m / 2
        geometry = shapely.LineString([(one.lon, one.lat), (other.lon, other.lat)])
    halfway = form == "halfway"
    radius_m = slack_m + (0.0 if halfway else reach_m)
    return Candidate(
        lon=point[0],
        lat=point[1],
        radius_m=radius_m,
        spoken_radius_m=radius_m + (reach_m / 4 if halfway else 0.0),
        geometry=shapely.Point(point) if halfway else geometry,
        meaning=Saying(code=form, fields=fields),
        landmarks=(*one.landmarks, *other.landmarks),
        notes=(*one.notes, *other.notes),
    )


def _off_m(anchor: Anchor, line: Line) -> float:
    """Tell how far an anchor may be off, the stretch that it spans set aside."""
    if anchor.span_km is None or anchor.span_km[0] == anchor.span_km[1]:
        return anchor.radius_m
    return max(anchor.radius_m - circle_about(line, *anchor.span_km)[1], 0.0)
