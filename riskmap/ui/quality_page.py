"""Incidents and quality: what is on record, what waits, where nobody looks."""

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.ui import (
    blocks,
    controls,
    notes,
    overdue,
    quality,
    state,
    tables,
    unplaced,
)


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    view = tables.load_or_none()
    model = controls.model_of(view) if view else controls.bare_model()
    words = controls.heading(model, "ui.quality.title")
    try:
        told = quality.load()
    except RiskmapError as error:
        notes.trouble(error, words)
        return
    state.remember(model, (state.LANGUAGE,))
    parts = [
        blocks.text(words.text("ui.quality.intro")),
        *overdue.tasks(told.overdue, words),
        *quality.register(told.register, words),
        *quality.grades(told.grades, words),
        *unplaced.areas(told.areas, words),
        *quality.timeliness(told.timeliness, words),
        *quality.coverage(told.coverage, words),
        *quality.completeness(told.completeness, words),
        *quality.faults(told.faults, words),
        *quality.deliveries(told.deliveries, words),
    ]
    blocks.mount(parts, key="quality", lang=words.lang)
