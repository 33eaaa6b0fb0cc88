"""What can be chosen about the map, as widgets tied to the model."""

import os
from typing import Any

import streamlit as st

from riskmap.i18n import LANGUAGES, Words, choose_language
from riskmap.ui import card, notes, state
from riskmap.ui.tables import View
from riskmap.webmap import DEFAULT_PALETTE, LANDMARKS_SHOWN, PALETTES, kinds_of

LANGUAGE_NAMES = {"en": "English", "es": "Español"}
LANGUAGE_VARIABLE = "RISKMAP_LANG"


def arrival_language() -> str:
    """Choose the language of someone who has chosen none.

    Returns
    -------
    str
        As the command line asked, or as the browser is set.
    """
    asked = {LANGUAGE_VARIABLE: os.environ.get(LANGUAGE_VARIABLE, "")}
    return choose_language(environment=asked, locale=st.context.locale)


def layers_of(view: View) -> list[str]:
    """List what the map can show: scores first, then kinds of incidents.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    list of str
        A score, or ``kind-`` and a kind of incident.
    """
    kinds = [f"{card.KIND}{kind}" for kind in kinds_of(view.tables)]
    return [*view.tables.scores, *kinds]


def model_of(view: View) -> state.Model:
    """Give this person's choices.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    Mapping
        The model.
    """
    layers = layers_of(view)
    here = set(view.tables.landmarks["kind"])
    options = {
        state.LANGUAGE: LANGUAGES,
        state.LAYER: layers,
        state.PALETTE: list(PALETTES),
    }
    defaults: dict[str, Any] = {
        state.LANGUAGE: arrival_language(),
        state.LAYER: layers[0],
        state.PALETTE: DEFAULT_PALETTE,
        state.DOUBT: True,
        state.OUTLINES: True,
        state.MARKS: [kind for kind in LANDMARKS_SHOWN if kind in here],
    }
    return state.start_model(options, defaults)


def language_switch(model: state.Model) -> None:
    """Draw the switch between the two languages.

    Parameters
    ----------
    model
        This person's choices.
    """
    st.segmented_control(
        "Language / Idioma",
        LANGUAGES,
        format_func=lambda code: LANGUAGE_NAMES[code],
        label_visibility="collapsed",
        required=True,
        **state.widget(model, state.LANGUAGE),
    )


def map_controls(view: View, model: state.Model, words: Words) -> None:
    """Draw what can be chosen about the map.

    Parameters
    ----------
    view
        What the page shows.
    model
        This person's choices.
    words
        Words of the language.
    """
    st.radio(
        words.text("map.layer"),
        layers_of(view),
        format_func=lambda layer: words.text(notes.layer_key(layer)),
        **state.widget(model, state.LAYER),
    )
    st.radio(
        words.text("map.palette"),
        list(PALETTES),
        horizontal=True,
        **state.widget(model, state.PALETTE),
    )
    st.toggle(words.text("map.doubt.show"), **state.widget(model, state.DOUBT))
    st.toggle(words.text("map.zones.show"), **state.widget(model, state.OUTLINES))
    kinds = set(view.tables.landmarks["kind"])
    st.pills(
        words.text("map.landmarks"),
        sorted(kinds, key=lambda kind: words.text(f"landmark_kind.{kind}")),
        selection_mode="multi",
        format_func=lambda kind: words.text(f"landmark_kind.{kind}"),
        **state.widget(model, state.MARKS),
    )
