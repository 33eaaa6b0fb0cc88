"""Cards: what is known of a place, in words for people and values for programs."""

from collections.abc import Mapping
from typing import Any

from riskmap.pipeline.whereabouts import Whereabouts
from riskmap.places.card_page import card_page
from riskmap.places.card_text import card_json, full_text, gpx, plain_text
from riskmap.places.facts import Card

CARD_FORMS = ("plain", "full", "json", "gpx", "html")


def say_card(card: Card, form: str, words: Mapping[str, Any], lang: str) -> str:
    """Write a card in one language.

    Parameters
    ----------
    card
        As :func:`riskmap.pipeline.place_cards` makes it.
    form
        ``"plain"`` for radio and SMS, ``"full"``, or ``"gpx"`` for hand-held units.
    words
        Language to its labels.
    lang
        Language of the text.

    Returns
    -------
    str
        The text.
    """
    if form == "gpx":
        return gpx([card], words[lang], lang)
    return {"plain": plain_text, "full": full_text}[form](card, words[lang], lang)


def print_card(
    known: Whereabouts, card: Card, words: Mapping[str, Any], lang: str
) -> str:
    """Write a card in both languages, with a small map, as one page to print.

    Parameters
    ----------
    known
        What the card was made from.
    card
        As :func:`riskmap.pipeline.place_cards` makes it.
    words
        Language to its labels, both.
    lang
        The language that comes first.

    Returns
    -------
    str
        HTML that needs no network.
    """
    return card_page(card, known.around, words, lang)


def card_facts(card: Card, words: Mapping[str, Any]) -> dict[str, Any]:
    """Write a card for a program, with its plain texts in both languages.

    Parameters
    ----------
    card
        As :func:`riskmap.pipeline.place_cards` makes it.
    words
        Language to its labels, both.

    Returns
    -------
    dict
        Plain values.
    """
    return card_json(card, words)
