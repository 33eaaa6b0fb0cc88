"""Steps: the way from an anchor to the place that is meant, and its doubt."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import shapely

from riskmap.places.anchors import anchors_of, is_long
from riskmap.places.answers import Anchor, Candidate, NotUnderstoodError, Saying
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.geodesy import (
    M_PER_KM,
    WIND_DEG,
    bearing_deg,
    bearing_of,
    offset,
    turn_between_deg,
)
from riskmap.places.grammar import Reading, Step
from riskmap.places.landmark import AREAS, Landmark
from riskmap.places.lexicon import lexicon
from riskmap.places.line import Line, circle_about, kilometre_of, stretch

# a compass point may be meant by whoever is within this of the line's own course
MOST_TURN_DEG = 80.0

# farther from the river nobody says downstream
RIVER_REACH_KM = 10.0

# a direction of four or eight winds is good to half the angle to the next
WIDE_SECTOR_DEG, NARROW_SECTOR_DEG = 45.0, 22.5


def unit_of(step: Step) -> Saying:
    """Name the unit of a step.

    Parameters
    ----------
    step
        A step with a distance.

    Returns
    -------
    Saying
        Its code.
    """
    return Saying(code=f"unit.{step.unit}")


def candidates_from(
    anchor: Anchor, reading: Reading, gazetteer: Gazetteer, line: Line
) -> Iterator[Candidate]:
    """Go from one anchor by the steps of a reading.

    Parameters
    ----------
    anchor
        Where the way starts.
    reading
        What was said; ``near``, ``at`` or ``steps``.
    gazetteer
        Landmarks, for what lies ahead.
    line
        The line.

    Yields
    ------
    Candidate
        Every place that it may end at.

    Raises
    ------
    NotUnderstoodError
        If the way leads nowhere.
    """
    if reading.form == "near":
        extra_m = 0.0 if is_long(anchor) else anchor.near_m
        meaning = Saying(code="near", fields={"place": anchor.meaning})
        note = Saying(code="note.vague", fields={"metres": extra_m})
        yield _place(anchor, meaning, extra_m, (note,))
    elif not reading.steps:
        meaning = Saying(code="at", fields={"place": anchor.meaning})
        yield _place(anchor, meaning, 0.0, ())
    elif is_long(anchor):
        wide = isinstance(anchor.meaning, Landmark) and anchor.meaning.kind in AREAS
        code = "place_is_wide" if wide else "place_is_long"
        raise NotUnderstoodError(code=code, place=anchor.meaning)
    elif reading.toward:
        for aim in anchors_of(reading.toward, gazetteer, line):
            if aim.landmarks and aim.landmarks == anchor.landmarks:
                continue
            yield _toward(anchor, aim, reading.steps[-1])
    elif len(reading.steps) == 1:
        yield from _one_step(anchor, reading.steps[0], line)
    else:
        yield _legs(anchor, reading.steps)


def _place(
    anchor: Anchor, meaning: Saying, extra_m: float, notes: tuple[Saying, ...]
) -> Candidate:
    """Stay at an anchor, perhaps in its neighbourhood."""
    radius_m = anchor.radius_m + extra_m
    return Candidate(
        lon=anchor.lon,
        lat=anchor.lat,
        radius_m=radius_m,
        spoken_radius_m=radius_m,
        geometry=anchor.shape,
        meaning=meaning,
        landmarks=anchor.landmarks,
        notes=(*notes, *anchor.notes),
    )


def doubt_m(step: Step, wind: str = "") -> tuple[float, float]:
    """Tell what a step adds to the radius: at its word, and as people speak.

    Parameters
    ----------
    step
        The step.
    wind
        Its compass point, if the doubt of that counts.

    Returns
    -------
    tuple of float
        Metres, the second at least the first.
    """
    metres = step.metres or 0.0
    exact_m = float(lexicon()["at_its_word"]["share"]) * metres
    most = float(lexicon()["spoken"]["most_share"]) * metres
    rounding_m = min(step.half_unit_m, most)
    sector_deg = 0.0
    if wind:
        odd = round(bearing_of(wind) / WIND_DEG) % 2 == 1
        sector_deg = NARROW_SECTOR_DEG if odd else WIDE_SECTOR_DEG
    aside_m = 2 * metres * math.sin(math.radians(sector_deg / 4))
    spoken_m = max(exact_m, math.hypot(rounding_m, aside_m))
    return (spoken_m if step.hedged else exact_m), spoken_m


def _stepped(
    anchor: Anchor,
    point: tuple[float, float],
    doubt_m: tuple[float, float],
    meaning: Saying,
    *,
    notes: tuple[Saying, ...] = (),
) -> Candidate:
    """Make the candidate at the end of a step."""
    return Candidate(
        lon=point[0],
        lat=point[1],
        radius_m=anchor.radius_m + doubt_m[0],
        spoken_radius_m=anchor.radius_m + doubt_m[1],
        geometry=shapely.Point(point),
        meaning=meaning,
        landmarks=anchor.landmarks,
        notes=(*notes, *anchor.notes),
    )


def _told(step: Step, **more: object) -> dict[str, object]:
    """List what a step says, for its words."""
    return {"number": step.number, "unit": unit_of(step), **more}


def _wind(wind: str) -> Saying:
    """Name a compass point."""
    return Saying(code=f"wind.{wind}")


def _one_step(anchor: Anchor, step: Step, line: Line) -> Iterator[Candidate]:
    """Go one step from an anchor."""
    if step.way in ("line", "downstream", "upstream"):
        yield from _along(anchor, step, line)
    elif step.way == "any":
        metres = step.metres or 0.0
        meaning = Saying(code="ring", fields=_told(step, place=anchor.meaning))
        note = Saying(code="note.no_direction")
        one = _place(anchor, meaning, metres + max(doubt_m(step)), (note,))
        yield one
    elif step.metres is None:
        yield _beyond(anchor, step)
    else:
        point = offset(anchor.lon, anchor.lat, bearing_of(step.wind), step.metres)
        fields = _told(step, wind=_wind(step.wind), place=anchor.meaning)
        meaning = Saying(code="step.compass", fields=fields)
        yield _stepped(anchor, point, doubt_m(step, step.wind), meaning)


def _beyond(anchor: Anchor, step: Step) -> Candidate:
    """Stand for all that lies on one side of an anchor and not far from it."""
    reach_m = float(lexicon()["vague"]["beyond_m"])
    point = offset(anchor.lon, anchor.lat, bearing_of(step.wind), reach_m / 2)
    # half the reach, and as much aside as the compass point leaves open
    around_m = reach_m / 2 + reach_m * math.sin(math.radians(WIDE_SECTOR_DEG / 4))
    fields = {"wind": _wind(step.wind), "place": anchor.meaning}
    meaning = Saying(code="beyond.compass", fields=fields)
    note = Saying(code="note.vague", fields={"metres": reach_m})
    return _stepped(anchor, point, (around_m, around_m), meaning, notes=(note,))


def _legs(anchor: Anchor, steps: Sequence[Step]) -> Candidate:
    """Go several steps by compass, one after the other."""
    point = (anchor.lon, anchor.lat)
    exact_m = spoken_m = 0.0
    for step in steps:
        if step.way != "compass" or step.metres is None:
            raise NotUnderstoodError(code="steps_mixed")
        point = offset(*point, bearing_of(step.wind), step.metres)
        more = doubt_m(step, step.wind)
        exact_m, spoken_m = exact_m + more[0], spoken_m + more[1]
    one, other = (
        Saying(code="leg", fields=_told(step, wind=_wind(step.wind)))
        for step in (steps[0], steps[-1])
    )
    fields = {"one": one, "other": other, "place": anchor.meaning}
    meaning = Saying(code="legs", fields=fields)
    return _stepped(anchor, point, (exact_m, spoken_m), meaning)


def _toward(anchor: Anchor, aim: Anchor, step: Step) -> Candidate:
    """Go from an anchor straight at another."""
    bearing = bearing_deg(anchor.lon, anchor.lat, aim.lon, aim.lat)
    metres = step.metres or 0.0
    point = offset(anchor.lon, anchor.lat, bearing, metres)
    fields = _told(step, place=anchor.meaning, other=aim.meaning)
    note = Saying(code="note.straight")
    one = _stepped(
        anchor,
        point,
        doubt_m(step, "N"),
        Saying(code="toward", fields=fields),
        notes=(note,),
    )
    return replace(one, landmarks=(*anchor.landmarks, *aim.landmarks))


def _along(anchor: Anchor, step: Step, line: Line) -> Iterator[Candidate]:
    """Go along the line or the river, as it winds."""
    if anchor.span_km is not None:
        km = sum(anchor.span_km) / 2
    else:
        km, away_km = kilometre_of(line, anchor.lon, anchor.lat)
        if away_km > RIVER_REACH_KM:
            raise NotUnderstoodError(code="not_on_line", place=anchor.meaning)
    river = line.river_at(km)
    streaming = step.way in ("downstream", "upstream")
    if streaming and river is None:
        raise NotUnderstoodError(code="not_on_river", place=anchor.meaning)
    if step.metres is None:
        yield _vaguely_along(anchor, step, line, km, river or (0.0, line.length_km))
        return
    length_km = step.metres / M_PER_KM
    low, high = river if streaming and river else (0.0, line.length_km)
    for end in _ends(step, line, km, length_km, anchor):
        if not low <= end <= high:
            raise NotUnderstoodError(code="beyond_end", place=anchor.meaning)
        lon, lat = line.point_at([end])[0]
        fields = _told(step, place=anchor.meaning)
        if step.wind:
            fields["wind"] = _wind(step.wind)
        code = f"step.{step.way}" if step.wind or streaming else "step.line_any"
        # the foot on the line of a landmark beside it may be as far off as it is
        aside_m = 0.0 if anchor.span_km else anchor.radius_m
        yield _stepped(
            replace(anchor, radius_m=anchor.radius_m + aside_m),
            (float(lon), float(lat)),
            doubt_m(step),
            Saying(code=code, fields=fields),
        )


def _ends(
    step: Step, line: Line, km: float, length_km: float, anchor: Anchor
) -> tuple[float, ...]:
    """Find the kilometres where a step along the line may end."""
    if step.way == "downstream":
        return (km - length_km,)
    if step.way == "upstream":
        return (km + length_km,)
    both = (km - length_km, km + length_km)
    if not step.wind:
        return both
    start = line.point_at([km])[0]
    turns = []
    for end in both:
        lon, lat = line.point_at([end])[0]
        course = bearing_deg(start[0], start[1], lon, lat)
        turns.append((turn_between_deg(course, bearing_of(step.wind)), end))
    turn, end = min(turns)
    if turn > MOST_TURN_DEG:
        raise NotUnderstoodError(
            code="line_runs_otherwise", wind=_wind(step.wind), place=anchor.meaning
        )
    return (end,)


def _vaguely_along(
    anchor: Anchor, step: Step, line: Line, km: float, ends: tuple[float, float]
) -> Candidate:
    """Stand for the stretch of the line or river on one side of an anchor."""
    reach_km = float(lexicon()["vague"]["beyond_m"]) / M_PER_KM
    (end,) = _ends(step, line, km, reach_km, anchor)
    other = min(max(end, ends[0]), ends[1])
    middle, around_m = circle_about(line, km, other)
    fields: dict[str, object] = {"place": anchor.meaning}
    if step.wind:
        fields["wind"] = _wind(step.wind)
    meaning = Saying(code=f"beyond.{step.way}", fields=fields)
    note = Saying(code="note.vague", fields={"metres": reach_km * M_PER_KM})
    point = (float(middle[0]), float(middle[1]))
    one = _stepped(anchor, point, (around_m, around_m), meaning, notes=(note,))
    return replace(one, geometry=stretch(line, km, other))
