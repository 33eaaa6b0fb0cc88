"""Model: whether the scores are worth more than simple maps, and who decided what."""

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import blocks, controls, effort, model, notes, state, tables

NAMES = (state.LANGUAGE, model.SCORE)


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    try:
        view = tables.load()
    except RiskmapError as error:
        words = controls.heading(controls.bare_model(), "pages.model.title")
        notes.trouble(error, words)
        return
    chosen = controls.model_of(view)
    scores = list(view.tables.scores)
    state.start_model({model.SCORE: scores}, {model.SCORE: scores[0]})
    words = controls.heading(chosen, "pages.model.title")
    st.segmented_control(
        words.text("pages.zones.score"),
        scores,
        format_func=lambda score: words.text(f"score.{score}"),
        required=True,
        **state.widget(chosen, model.SCORE),
    )
    score = chosen[model.SCORE]
    said = [
        *notes.staleness(words),
        blocks.text(words.text(f"score.{score}.help")),
        *model.verdict(view.skill, score, words),
        *effort.told(score, words),
        *model.light(view.skill, score, words),
        *model.full(model.measured(score), score, words),
    ]
    blocks.mount(said, key="model", lang=words.lang)
    _register(score, words)
    state.remember(chosen, NAMES)


def _register(score: str, words: Words) -> None:
    """Draw the register of models, with a button for each card."""
    try:
        said, ids = model.register(score, words)
    except RiskmapError as error:
        said, ids = [blocks.text(words.error(error), role="alert")], ()
    blocks.mount(said, key="register", lang=words.lang)
    with st.container(horizontal=True):
        for name in ids:
            st.download_button(
                words.text("pages.model.card", model=name),
                model.card_maker(name),
                file_name=f"{name}-card.zip",
                mime="application/zip",
                key=f"card-{name}",
                on_click="ignore",
            )
