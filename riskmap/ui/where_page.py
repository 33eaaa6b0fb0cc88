"""Where is this? A phrase or point on the map, and its card in both languages."""

from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import LANGUAGES, Words
from riskmap.places.card_text import waypoint_name
from riskmap.places.facts import Card
from riskmap.ui import (
    blocks,
    bridge,
    controls,
    map_files,
    notes,
    places,
    state,
    tables,
)
from riskmap.webmap import PALETTES, home, map_words

KEY = "places"
HEIGHT_PX = 520


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    view = tables.load_or_none()
    model = controls.model_of(view) if view else controls.bare_model()
    words = controls.heading(model, "ui.where.title")
    try:
        known = places.whereabouts()
    except RiskmapError as error:
        notes.trouble(error, words)
        return
    controls.phrase_box(model, words, words.text("ui.where.ask"))
    _answer(view, known, model, words)
    state.remember(model, state.PLACE_NAMES)


@st.fragment
def _answer(view: Any, known: Any, model: state.Model, words: Words) -> None:
    """Draw readings, map and card; a click runs this part only."""
    found = places.find(known, model)
    if reason := places.reason(found, words):
        said = blocks.text(reason, role="alert")
        blocks.mount([said], key="reason", lang=words.lang)
    if found.card is None:
        st.text(words.text("ui.where.examples"))
    if view is None:
        st.text(words.text("ui.where.no_map"))
    else:
        _map(view, found, model, words)
    if found.card is not None:
        _card(known, found.card, words)
    state.remember(model, state.PLACE_NAMES)


def _map(view: Any, found: places.Found, model: state.Model, words: Words) -> None:
    """Draw the map of the readings."""
    kinds = sorted(set(view.tables.landmarks["kind"]))
    shown = {
        "places": True,
        "language": model[state.LANGUAGE],
        "words": map_words(words.text, [], [], kinds)
        | {"map.aria": words.text("ui.where.aria")},
        "found": places.readings(found, words),
        "fly": places.target(found),
        "landmarks": kinds,
        "layer": model[state.LAYER],
        "score": model[state.LAYER],
        "colours": PALETTES[model[state.PALETTE]],
        "zones": False,
        "home": home(view.tables.cells["x"], view.tables.cells["y"]),
    }
    bridge.mount_map(
        map_files.addresses(view.digest),
        shown,
        key=KEY,
        trouble=words.text("ui.trouble"),
        height=HEIGHT_PX,
        callbacks=state.take(model, KEY),
    )


def _card(known: Any, card: Card, words: Words) -> None:
    """Draw the card in both languages, the person's own first."""
    st.header(words.text("ui.where.card"), anchor=False)
    own = [words.lang, *(lang for lang in LANGUAGES if lang != words.lang)]
    for column, lang in zip(st.columns(2), own, strict=True):
        text = places.texts(card, lang)
        label = places.WORDS[lang].text
        with column:
            blocks.mount(
                [
                    blocks.heading(controls.LANGUAGE_NAMES[lang]),
                    blocks.copied(
                        text["plain"],
                        button=label("ui.where.copy"),
                        done=label("ui.where.copied"),
                        failed=label("ui.where.not_copied"),
                    ),
                    blocks.folded(label("ui.where.full"), text["full"]),
                    # Streamlit's own button cannot say in which language it is
                    blocks.saved(
                        text["gpx"],
                        button=label("ui.where.gpx"),
                        file=text["file"],
                        mime="application/gpx+xml",
                    ),
                ],
                key=f"card-{lang}",
                lang=lang,
            )
    st.download_button(
        words.text("ui.where.print"),
        places.printed(known, card, words.lang),
        file_name=f"{waypoint_name(card)}.html",
        mime="text/html",
        key="print",
        on_click="ignore",
    )
