"""Change: what is real, what grows, what is new, and what only moved elsewhere."""

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import (
    blocks,
    change,
    controls,
    jobs,
    notes,
    operations,
    rank_change,
    state,
    tables,
)


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    view = tables.load_or_none()
    model = controls.model_of(view) if view else controls.bare_model()
    try:
        choices = change.options()
    except RiskmapError as error:
        words = controls.heading(model, "change.page.title")
        notes.trouble(error, words)
        return
    state.start_model(choices, {name: codes[0] for name, codes in choices.items()})
    words = controls.heading(model, "change.page.title")
    _choices(model, choices, words)
    question = str(model[change.QUESTION])
    said = [
        *notes.staleness(words),
        blocks.text(words.text(f"change.method.{question}")),
        blocks.text(words.text(f"change.limits.{question}")),
    ]
    blocks.mount(said, key="change-method", lang=words.lang)
    if question == change.MOVED:
        operations.show(model, words)
    _ask(model, words)
    try:
        told = change.found(model, words)
    except RiskmapError as error:
        told = [blocks.text(words.error(error), role="alert")]
    blocks.mount(told, key="change", lang=words.lang)
    rank_change.show(str(model[change.SUBJECT]), model, words)
    state.remember(model, change.NAMES)


def _choices(
    model: state.Model, choices: dict[str, tuple[str, ...]], words: Words
) -> None:
    """Draw the choice of a question, and of what it is asked of."""
    st.selectbox(
        words.text("change.page.question"),
        choices[change.QUESTION],
        format_func=lambda code: words.text(f"change.question.{code}"),
        **state.widget(model, change.QUESTION),
    )
    kinds = model[change.QUESTION] == change.REPEATS
    name, family = (change.KIND, "kind") if kinds else (change.SUBJECT, "score")
    st.selectbox(
        words.text("change.page.of"),
        choices[name],
        format_func=lambda code: words.text(f"{family}.{code}"),
        **state.widget(model, name),
    )
    if model[change.QUESTION] == change.MOVED and choices[change.OPERATION][0]:
        st.selectbox(
            words.text("change.column.operation"),
            choices[change.OPERATION],
            **state.widget(model, change.OPERATION),
        )


def _ask(model: state.Model, words: Words) -> None:
    """Draw the button that asks anew, and how far the asking has come."""
    lacks = model[change.QUESTION] == change.MOVED and not model[change.OPERATION]
    if lacks:
        said = [blocks.text(words.text("change.page.no_operation"))]
        blocks.mount(said, key="change-lacks", lang=words.lang)
    if jobs.watch(change.JOB, words):
        return
    st.button(
        words.text("change.page.ask"),
        key="ask",
        on_click=change.begin,
        args=(model,),
        disabled=lacks,
    )
    told = jobs.outcome(change.JOB, words)
    if told:
        blocks.mount(told, key="change-job", lang=words.lang)
