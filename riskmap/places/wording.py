"""Wording: what was understood, in the words of one language, and as JSON."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import shapely
from shapely.geometry import mapping

from riskmap.places.answers import Answer, Candidate, Saying
from riskmap.places.geodesy import M_PER_KM
from riskmap.places.landmark import CROSSINGS, Landmark

Label = Callable[..., str]
"""From a key and fields to a sentence: ``Words(lang).text``."""

ENGLISH, SPANISH = "en", "es"

# six decimals of a degree are 0.1 m
DECIMALS = 6

DASH = "\u2013"


def name_of(place: Landmark, lang: str) -> str:
    """Name a landmark; a range of numbers is shown as one.

    Parameters
    ----------
    place
        The landmark.
    lang
        ``"en"`` or ``"es"``.

    Returns
    -------
    str
        Its name in that language.

    Examples
    --------
    >>> post = Landmark(
    ...     landmark_id="bm-101", kind="boundary_monument", lon=-110, lat=31.3,
    ...     name_en="International Boundary Monument 93..98",
    ...     name_es="Monumento internacional 93..98", accuracy_m=10, side="both",
    ... )
    >>> name_of(post, "es") == f"Monumento internacional 93{DASH}98"
    True
    """
    name = place.name_es if lang == SPANISH else place.name_en
    return name.replace("..", DASH)


def say(saying: Saying, label: Label, lang: str) -> str:
    """Put a code and its fields into words.

    Parameters
    ----------
    saying
        What to say.
    label
        Words of the language, such as ``Words("es").text``.
    lang
        The same language, for the names of landmarks.

    Returns
    -------
    str
        A phrase or sentence.

    Examples
    --------
    >>> say(Saying(code="wind.W"), lambda key: key, "en")
    'places.wind.W'
    """
    fields = {name: _field(value, label, lang) for name, value in saying.fields.items()}
    return label(f"places.{saying.code}", **fields)


def _field(value: Any, label: Label, lang: str) -> Any:
    """Put a field into words, if it is not in words or a number."""
    if isinstance(value, Saying):
        return say(value, label, lang)
    if isinstance(value, Landmark):
        return _landmark(value, label, lang)
    if isinstance(value, tuple):
        return "; ".join(str(_field(one, label, lang)) for one in value)
    if value in ("US", "MX"):
        return label(f"side.{value}")
    return value


def _landmark(place: Landmark, label: Label, lang: str) -> str:
    """Name a landmark, with what it is where a town and a crossing share names."""
    name = name_of(place, lang)
    if place.kind in CROSSINGS:
        kind = label(f"landmark_kind.{place.kind}")
        return label("places.named", name=name, what=kind)
    if place.kind == "town":
        return label("places.named", name=name, what=label(f"side.{place.side}"))
    return name


def say_length(metres: float, label: Label, *, up: bool = True) -> str:
    """Write a distance, whole metres below a kilometre, tenths above.

    Parameters
    ----------
    metres
        The distance.
    label
        Words of the language.
    up
        Round up, so that a radius never shrinks; False for a distance.

    Returns
    -------
    str
        Number and unit.

    Examples
    --------
    >>> say_length(39.2, lambda key, **fields: f"{key} {fields}")
    "places.length.m {'number': 40}"
    """
    whole = math.ceil if up else round
    if metres < M_PER_KM:
        return label("places.length.m", number=whole(metres))
    return label("places.length.km", number=whole(metres / 100) / 10)


def say_candidate(candidate: Candidate, label: Label, lang: str) -> str:
    """Put one reading into words: how it was read, how surely, what to beware of.

    Parameters
    ----------
    candidate
        One place.
    label
        Words of the language.
    lang
        The same language.

    Returns
    -------
    str
        Some sentences in one line.
    """
    radius = say_length(candidate.radius_m, label)
    meaning = say(candidate.meaning, label, lang)
    parts = [label("places.understood", meaning=meaning, radius=radius)]
    if candidate.spoken_radius_m > candidate.radius_m * 1.5:
        spoken = say_length(candidate.spoken_radius_m, label)
        parts.append(label("places.spoken", radius=spoken))
    parts += dict.fromkeys(say(note, label, lang) for note in candidate.notes)
    return " ".join(parts)


def candidate_json(candidate: Candidate, labels: Mapping[str, Label]) -> dict[str, Any]:
    """Write one reading for JSON.

    Parameters
    ----------
    candidate
        One place.
    labels
        Words of ``"en"`` and ``"es"``.

    Returns
    -------
    dict
        ``lon``, ``lat``, ``radius_m``, ``geometry``, ``text_en``, ``text_es`` and
        ``landmarks``, the ids of those that were used.
    """
    rounded = shapely.set_precision(candidate.geometry, 10.0**-DECIMALS)
    shape = candidate.geometry if rounded.is_empty else rounded
    return {
        "lon": round(candidate.lon, DECIMALS),
        "lat": round(candidate.lat, DECIMALS),
        "radius_m": math.ceil(candidate.radius_m * 10) / 10,
        "geometry": mapping(shape),
        "text_en": say_candidate(candidate, labels[ENGLISH], ENGLISH),
        "text_es": say_candidate(candidate, labels[SPANISH], SPANISH),
        "landmarks": list(candidate.landmarks),
    }


def answer_json(answer: Answer, labels: Mapping[str, Label]) -> dict[str, Any]:
    """Write an answer for JSON, as ``riskmap locate --json`` prints it.

    Parameters
    ----------
    answer
        As :func:`riskmap.places.resolver.locate` gives it.
    labels
        Words of ``"en"`` and ``"es"``: ``{"en": Words("en").text, ...}``.

    Returns
    -------
    dict
        ``candidates``, best first, and ``reason``: None, or ``code``, ``text_en``
        and ``text_es`` where nothing was understood.
    """
    reason = answer.reason
    return {
        "candidates": [candidate_json(one, labels) for one in answer.candidates],
        "reason": None
        if reason is None
        else {
            "code": reason.code.removeprefix("reason."),
            "text_en": say(reason, labels[ENGLISH], ENGLISH),
            "text_es": say(reason, labels[SPANISH], SPANISH),
        },
    }
