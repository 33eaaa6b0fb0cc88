"""Data and method: from whom, as of when, how far, and what it must not be used for."""

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.ui import blocks, controls, method, notes, state, tables


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    view = tables.load_or_none()
    model = controls.model_of(view) if view else controls.bare_model()
    words = controls.heading(model, "pages.method.title")
    try:
        told = method.status()
    except RiskmapError as error:
        notes.trouble(error, words)
        return
    said = [
        *notes.staleness(words),
        *method.summary(told, words),
        *method.limits(words),
        *method.sources(words),
        *method.coverage(words),
        *method.glossary(words),
        *method.layers(words),
        *method.checksums(told, words),
    ]
    blocks.mount(said, key="method", lang=words.lang)
    state.remember(model, (state.LANGUAGE,))
