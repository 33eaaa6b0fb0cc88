"""Places as the pages show them: readings of a phrase, and the card of a point."""

import importlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
import streamlit as st

from riskmap.i18n import LANGUAGES, Words
from riskmap.places.answers import Answer, Candidate
from riskmap.places.card_page import card_page
from riskmap.places.card_text import full_text, gpx, plain_text, waypoint_name
from riskmap.places.facts import Card
from riskmap.places.wording import say, say_candidate
from riskmap.ui import access, state
from riskmap.ui.card import place_link
from riskmap.ui.keeping import once_for

# what a card is made from, besides the landmarks
READ_TABLES = (
    "boundary",
    "consulates",
    "jurisdictions",
    "liaison_mechanisms",
    "roads",
    "terrain_given",
    "waterways",
)

WORDS: Mapping[str, Any] = {lang: Words(lang, strict=False) for lang in LANGUAGES}

# six decimals of a degree are 0.1 m
DECIMALS = 6
# a circle this much wider than the other says something of its own
WIDER = 1.5
# length of a degree of latitude, metres
M_PER_DEG = 111_320.0
# what a view shows about a place that is known better, metres
LEAST_REACH_M = 1_500.0
LEAST_COSINE = 0.1


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a person asked for.

    Parameters
    ----------
    answer
        Readings of the phrase; None if none was asked.
    chosen
        Place of the reading chosen, from 0; None for a point that was clicked.
    card
        Card of what is chosen; None if nothing is.
    """

    answer: Answer | None
    chosen: int | None
    card: Card | None


def whereabouts(folder: Path | None = None) -> Any:
    """Give what the project knows of places, read once for each state of it.

    Parameters
    ----------
    folder
        The project folder; None for the one this process shows.

    Returns
    -------
    riskmap.pipeline.Whereabouts
        Shared between all who ask of the same state.

    Raises
    ------
    ProjectError
        If there is no project, or it cannot be read.
    """
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    project = access.opened("search", folder)
    snapshots = [project.snapshot(name) for name in READ_TABLES]
    sums = [made.sha256 if made else "" for made in snapshots]
    for kind in ("landmarks", "contacts", "offices"):
        sums += [batch.accepted_sha256 for batch in project.batches(kind)]
    # what was verified long ago is told, so another day is another state
    sums.append(pipeline.today().isoformat())
    seen = access.view_key("search", folder)
    return _read((str(project.path), seen, *sums), project)


# one now and one for those who ask while a new one is read; Streamlit's key is every
# argument but those that begin with a line
@st.cache_resource(max_entries=2, show_spinner=False)
def _read(stamp: tuple[str, ...], _project: Any) -> Any:  # noqa: ARG001
    """Read and index, once for each state."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    return pipeline.read_whereabouts(_project)


def prepare(known: Any) -> None:
    """Index what is around places, which the first card would wait for.

    Parameters
    ----------
    known
        As :func:`whereabouts` gives it.
    """
    _ = known.around


def find(known: Any, model: state.Model) -> Found:
    """Answer what a person asked for, with the card of what is chosen.

    Parameters
    ----------
    known
        As :func:`whereabouts` gives it.
    model
        This person's choices; a clicked point comes before the phrase.

    Returns
    -------
    Found
        Readings, and a card.
    """
    found = find_readings(known, model)
    if model[state.POINT]:
        lat, lon, accuracy_m = model[state.POINT]
        chosen = None
    elif found.answer is not None and found.chosen is not None:
        one = found.answer.candidates[found.chosen]
        lat, lon, accuracy_m = one.lat, one.lon, one.spoken_radius_m
        chosen = found.chosen
    else:
        return found
    card = _card(known, lon, lat, accuracy_m)
    return Found(answer=found.answer, chosen=chosen, card=card)


def find_readings(known: Any, model: state.Model) -> Found:
    """Answer the phrase that a person asked for, without a card.

    Parameters
    ----------
    known
        As :func:`whereabouts` gives it; None where no phrase was asked.
    model
        This person's choices.

    Returns
    -------
    Found
        Readings.
    """
    phrase = model[state.PHRASE]
    if not phrase:
        return Found(answer=None, chosen=None, card=None)
    answer = _answer(known, phrase)
    count = len(answer.candidates)
    chosen = min(model[state.READING], count) - 1 if count else None
    return Found(answer=answer, chosen=chosen, card=None)


@once_for
def _answer(known: Any, phrase: str) -> Answer:
    """Ask the pipeline where a phrase is."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    answer: Answer = pipeline.find_place(known, phrase)
    return answer


@once_for
def _card(known: Any, lon: float, lat: float, accuracy_m: float) -> Card:
    """Ask the pipeline for the card of one point."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    card: Card = pipeline.place_cards(known, [lon], [lat], accuracy_m=accuracy_m)[0]
    return card


def reason(found: Found, words: Words) -> str:
    """Say why nothing was understood.

    Parameters
    ----------
    found
        From :func:`find`.
    words
        Words of the language.

    Returns
    -------
    str
        A sentence; empty if something was understood or nothing asked.
    """
    if found.answer is None or found.answer.reason is None:
        return ""
    return say(found.answer.reason, words.text, words.lang)


def readings(found: Found, words: Words, *, link: str = "") -> dict[str, Any] | None:
    """Put the readings of a phrase into plain values for the map.

    Parameters
    ----------
    found
        From :func:`find`.
    words
        Words of the language.
    link
        The phrase, where a link to its card is wanted.

    Returns
    -------
    dict or None
        ``title``, ``hint``, ``link``, ``chosen``, ``point`` and ``readings``, the
        likeliest first; None if there is nothing to draw.
    """
    candidates = found.answer.candidates if found.answer else ()
    clicked = found.card if found.chosen is None else None
    if not candidates and clicked is None:
        return None
    hints = []
    if any(one.spoken_radius_m > WIDER * one.radius_m for one in candidates):
        hints.append(words.text("ui.readings.circles"))
    if len(candidates) > 1:
        hints.append(words.text("ui.readings.choose"))
    return {
        "title": words.plural("ui.readings", len(candidates)) if candidates else "",
        "hint": " ".join(hints),
        "chosen": found.chosen,
        "link": place_link(link, words, (found.chosen or 0) + 1) if link else None,
        "point": None
        if clicked is None
        else [clicked.lat, clicked.lon, clicked.accuracy_m],
        "readings": [_reading(one, words) for one in candidates],
    }


def region_part(region: Any, words: Words) -> dict[str, Any]:
    """Tell the map which zones a region holds, and where it is.

    Parameters
    ----------
    region
        From :func:`riskmap.ui.tables.region`; None for the whole border.
    words
        Words of the language.

    Returns
    -------
    dict
        ``only``, ``region`` and ``region_note``; None and empty for the whole border.
    """
    if region is None:
        return {"only": None, "region": "", "region_note": ""}
    unverified = region.basis == "unverified"
    return {
        "only": list(region.zones),
        "region": region.name_es if words.lang == "es" else region.name_en,
        "region_note": words.text("ui.region.unverified") if unverified else "",
    }


def region_target(region: Any) -> dict[str, Any] | None:
    """Tell where the map should fly for a region.

    Parameters
    ----------
    region
        From :func:`riskmap.ui.tables.region`.

    Returns
    -------
    dict or None
        ``id`` and ``box``; None to stay.
    """
    if region is None or region.box is None:
        return None
    box = [round(edge, 3) for edge in region.box]
    return {"id": region.region_id, "box": box}


def target(found: Found) -> dict[str, Any] | None:
    """Tell where the map should fly: to the wider circle of what was chosen.

    Parameters
    ----------
    found
        From :func:`find`.

    Returns
    -------
    dict or None
        ``id`` and ``box`` (west, south, east, north); None to stay.
    """
    if found.answer is None or found.chosen is None:
        return None
    one = found.answer.candidates[found.chosen]
    reach = max(one.spoken_radius_m, LEAST_REACH_M)
    north = reach / M_PER_DEG
    east = north / max(math.cos(math.radians(one.lat)), LEAST_COSINE)
    west_to_north = one.lon - east, one.lat - north, one.lon + east, one.lat + north
    box = [round(edge, DECIMALS) for edge in west_to_north]
    return {"id": ",".join(map(str, box)), "box": box}


def _reading(one: Candidate, words: Words) -> dict[str, Any]:
    """Put one reading into plain values."""
    return {
        "lat": round(one.lat, DECIMALS),
        "lon": round(one.lon, DECIMALS),
        "inner_m": round(one.radius_m, 1),
        "outer_m": round(one.spoken_radius_m, 1),
        "text": say_candidate(one, words.text, words.lang),
        "lines": _lines(one.geometry),
    }


def _lines(shape: shapely.Geometry) -> list[list[list[float]]]:
    """Write what was named, if it is more than a point: latitude, longitude."""
    if shape.geom_type.endswith("Point"):
        return []
    lines = shapely.boundary(shape) if shapely.get_dimensions(shape) > 1 else shape
    return [
        [[round(y, DECIMALS), round(x, DECIMALS)] for x, y in part.coords]
        for part in shapely.get_parts(lines)
    ]


def texts(card: Card, lang: str) -> dict[str, str]:
    """Write a card in one language.

    Parameters
    ----------
    card
        The card.
    lang
        Code of the language.

    Returns
    -------
    dict
        ``plain`` for radio and SMS, ``full``, and ``gpx`` for hand-held units.
    """
    label = WORDS[lang].text
    return {
        "plain": plain_text(card, label, lang),
        "full": full_text(card, label, lang),
        "gpx": gpx([card], label, lang),
        "file": f"{waypoint_name(card)}-{lang}.gpx",
    }


def printed(known: Any, card: Card, lang: str) -> str:
    """Write a card as a page to print, in both languages with a small map.

    Parameters
    ----------
    known
        As :func:`whereabouts` gives it.
    card
        The card.
    lang
        Code of the language that comes first.

    Returns
    -------
    str
        HTML that needs no network.
    """
    labels = {code: words.text for code, words in WORDS.items()}
    return card_page(card, known.around, labels, lang)
