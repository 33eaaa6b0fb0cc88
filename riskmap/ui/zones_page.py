"""Zones: where most is expected, ranked on each side, with doubt and files."""

from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import blocks, controls, notes, places, state, tables, zones_table

FILES = {"csv": "text/csv", "geojson": "application/geo+json"}


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    try:
        view = tables.load()
    except RiskmapError as error:
        words = controls.heading(controls.bare_model(), "pages.zones.title")
        notes.trouble(error, words)
        return
    known = _places()
    model = controls.model_of(view)
    choices = zones_table.options(view, known)
    state.start_model(choices, {name: codes[0] for name, codes in choices.items()})
    words = controls.heading(model, "pages.zones.title")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        zones_table.filters(model, view, known, words)
        with st.container(width=320):
            controls.region_menu(model, words)
    found = zones_table.chosen(view, model)
    said = [
        *notes.staleness(words),
        blocks.text(words.text("pages.zones.intro")),
        *zones_table.bars(found, words),
        *zones_table.table(found, model[zones_table.MOST], words),
        blocks.text("\n".join(notes.sentences(view, words))),
    ]
    blocks.mount(said, key="zones", lang=words.lang)
    if len(found):
        _files(found, model, words)
    state.remember(model, zones_table.ZONE_NAMES)


def _places() -> Any:
    """Give what is known of places; None if it cannot be read."""
    try:
        return places.whereabouts()
    except RiskmapError:
        return None


def _files(found: Any, model: state.Model, words: Words) -> None:
    """Draw the buttons that give the zones as files."""
    with st.container(horizontal=True):
        for form, mime in FILES.items():
            st.download_button(
                words.text(f"pages.zones.{form}"),
                zones_table.file_maker(found, form),
                file_name=f"{model[zones_table.SCORE]}-zones.{form}",
                mime=mime,
                key=f"zones-{form}",
                on_click="ignore",
            )
