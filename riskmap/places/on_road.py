"""On a road: phrases that name a road and a place, a distance or a mark on it."""

from collections.abc import Iterator
from dataclasses import replace

import shapely

from riskmap.places.anchors import anchors_of
from riskmap.places.answers import Anchor, Candidate, NotUnderstoodError, Saying
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.geodesy import bearing_of
from riskmap.places.grammar import Reading, Step, read_phrase
from riskmap.places.landmark import Landmark
from riskmap.places.lexicon import UNIT_M, fold, lexicon
from riskmap.places.line import Line
from riskmap.places.names import EXACT
from riskmap.places.roads import (
    MARK,
    Course,
    RoadSaid,
    reach_m,
    road_said,
    roads_meant,
    ways,
)
from riskmap.places.steps import doubt_m, unit_of
from riskmap.places.tokens import read_number

# a place farther from a road than this, and than it may itself be off, is not on it
BESIDE_M = 5_000.0

# where marks begin is known this well, for want of anybody who measured it
MARKS_ACCURACY_M = 1_500.0

Found = tuple[str, Candidate]


def road_of(text: str, gazetteer: Gazetteer) -> tuple[RoadSaid, list[Landmark]] | None:
    """Find the road that a phrase names, if it names one.

    Parameters
    ----------
    text
        What somebody said.
    gazetteer
        Landmarks, roads among them.

    Returns
    -------
    tuple or None
        How it was said, and the roads of that number on file, perhaps none.
    """
    said = road_said(fold(text))
    return None if said is None else (said, roads_meant(said, gazetteer.landmarks))


def on_road(
    said: RoadSaid, road: Landmark, gazetteer: Gazetteer, line: Line
) -> Iterator[Found]:
    """Find the places on a road that the rest of a phrase may mean.

    Parameters
    ----------
    said
        How the road was said, and the rest.
    road
        The road.
    gazetteer
        Landmarks.
    line
        The line, at which marks begin.

    Yields
    ------
    tuple
        How well a name matched, and a place.

    Raises
    ------
    NotUnderstoodError
        If the rest leads to no place on this road.
    """
    if road.shape is None:
        raise NotUnderstoodError(code="road_unknown", road=said.text)
    if not said.rest:
        yield EXACT, _whole(road)
        return
    mark = MARK.fullmatch(said.rest)
    if mark is not None:
        yield EXACT, _marked(road, mark["unit"], mark["number"], line)
        return
    reasons: list[NotUnderstoodError] = []
    for reading in read_phrase(said.rest):
        try:
            yield from _read(reading, road, gazetteer, line)
        except NotUnderstoodError as error:
            reasons.append(error)
            continue
        return
    known = [
        one for one in reasons if not one.saying.code.endswith(("unknown", "like"))
    ]
    raise (known or reasons or [NotUnderstoodError(code="nothing")])[0]


def _whole(road: Landmark) -> Candidate:
    """Stand for a whole road, as far as it is on file."""
    shape = road.shape or shapely.Point(road.lon, road.lat)
    radius_m = reach_m(shape, road.lon, road.lat) + road.accuracy_m
    return Candidate(
        lon=road.lon,
        lat=road.lat,
        radius_m=radius_m,
        spoken_radius_m=radius_m,
        geometry=shape,
        meaning=Saying(code="at", fields={"place": road}),
        landmarks=(road.landmark_id,),
        notes=(Saying(code="note.long_road"),),
    )


def _marked(road: Landmark, word: str, text: str, line: Line) -> Candidate:
    """Find a mile or kilometre post, counted from the road's end at the line."""
    unit = "km" if word.startswith("k") else "mi"
    read = read_number(text)
    if road.marks != unit or read is None:
        raise NotUnderstoodError(code="road_marks_unknown", road=road)
    number, half = read
    step = Step(metres=number * UNIT_M[unit], number=number, unit=unit)
    course = Course(road.shape)
    _, away_km = line.nearest(course.nodes[:, 0], course.nodes[:, 1])
    start = course.nodes[int(away_km.argmin())]
    foot, points = course.walk(float(start[0]), float(start[1]), step.metres or 0.0)
    ends = list(ways(foot, points, None)) if number else [((foot.lon, foot.lat), 0.0)]
    if not ends:
        raise NotUnderstoodError(code="road_ends", road=road)
    point, beside_m = ends[0]
    rounding_m = min(half, 0.5) * UNIT_M[unit]
    radius_m = MARKS_ACCURACY_M + road.accuracy_m + beside_m + rounding_m
    return Candidate(
        lon=point[0],
        lat=point[1],
        radius_m=radius_m,
        spoken_radius_m=radius_m,
        geometry=shapely.Point(point),
        meaning=Saying(
            code="road_mark",
            fields={"number": number, "unit": unit_of(step), "road": road},
        ),
        landmarks=(road.landmark_id,),
        notes=(Saying(code="note.marks_unverified"),),
    )


def _read(
    reading: Reading, road: Landmark, gazetteer: Gazetteer, line: Line
) -> Iterator[Found]:
    """Follow one reading of the rest of the phrase along the road."""
    if reading.form not in ("steps", "at", "near") or len(reading.steps) > 1:
        raise NotUnderstoodError(code="road_form", road=road)
    step = reading.steps[0] if reading.steps else None
    if step is not None and step.metres is not None and step.metres <= 0:
        raise NotUnderstoodError(
            code="distance_not_positive", number=step.number, unit=unit_of(step)
        )
    course = Course(road.shape)
    anchors = anchors_of(reading.places[0], gazetteer, line, side=reading.side)
    found = 0
    for anchor in anchors:
        foot, _, _ = course.foot(anchor.lon, anchor.lat)
        if foot.away_m > BESIDE_M + anchor.radius_m:
            continue
        for candidate in _from(anchor, step, road, course):
            found += 1
            yield anchor.quality, candidate
    if not found:
        raise NotUnderstoodError(
            code="not_on_road", place=anchors[0].meaning, road=road
        )


def _from(
    anchor: Anchor, step: Step | None, road: Landmark, course: Course
) -> Iterator[Candidate]:
    """Go along the road from where it passes an anchor."""
    vague_m = float(lexicon()["vague"]["beyond_m"])
    metres = (
        0.0 if step is None else vague_m / 2 if step.metres is None else step.metres
    )
    bearing = bearing_of(step.wind) if step is not None and step.wind else None
    foot, points = course.walk(anchor.lon, anchor.lat, metres)
    fields = {"place": anchor.meaning, "road": road}
    notes: tuple[Saying, ...] = ()
    if step is None or not metres:
        # beside the road the place may be as far along it as it is away from it
        extra = (anchor.near_m, anchor.near_m)
        meaning = Saying(code="road_at", fields=fields)
        ends: list[tuple[tuple[float, float], float]] = [((foot.lon, foot.lat), 0.0)]
    else:
        ends = list(ways(foot, points, bearing))
        if step.metres is None:
            extra = (metres, metres)
            notes = (Saying(code="note.vague", fields={"metres": vague_m}),)
            meaning = Saying(
                code="road_beyond",
                fields=fields | {"wind": Saying(code=f"wind.{step.wind}")},
            )
        else:
            extra = doubt_m(step)
            told = {"number": step.number, "unit": unit_of(step)}
            code = "road_step" if step.wind else "road_step_any"
            wind = {"wind": Saying(code=f"wind.{step.wind}")} if step.wind else {}
            meaning = Saying(code=code, fields=fields | told | wind)
    base = Candidate(
        lon=foot.lon,
        lat=foot.lat,
        radius_m=anchor.radius_m + road.accuracy_m + extra[0],
        spoken_radius_m=anchor.radius_m + road.accuracy_m + extra[1],
        geometry=shapely.Point(foot.lon, foot.lat),
        meaning=meaning,
        landmarks=(*anchor.landmarks, road.landmark_id),
        notes=(*notes, *anchor.notes),
    )
    for point, beside_m in ends:
        yield replace(
            base,
            lon=point[0],
            lat=point[1],
            radius_m=base.radius_m + beside_m,
            spoken_radius_m=base.spoken_radius_m + beside_m,
            geometry=shapely.Point(point),
        )
