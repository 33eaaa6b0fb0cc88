"""Operations: what was done, added with the area drawn or loaded on the map."""

import importlib
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import access, blocks, state
from riskmap.ui.area_address import write_address

# what the form holds, and the choice of the page that a new operation becomes
NAME, KIND, FROM, TO = "op_name", "op_kind", "op_from", "op_to"
OPERATION = "operation"
TOLD, DONE = "op_told", "change.add.done"

LONGEST_NAME = 80
LONGEST_DAY = 10

USUAL_KIND = "checkpoint"


def _pipeline() -> Any:
    """Import the pipeline when it is first asked."""
    return importlib.import_module("riskmap.pipeline")


def show(model: state.Model, words: Words) -> None:
    """Draw the form that adds an operation, or say where its area is drawn.

    Parameters
    ----------
    model
        This person's choices; the area is the one of the map.
    words
        Words of the language.
    """
    told = st.session_state.pop(TOLD, None)
    area = model.get(state.AREA)
    is_open = told not in {None, DONE} or not model[OPERATION]
    with st.expander(words.text("change.add.title"), expanded=is_open):
        asked = {state.LANGUAGE: words.lang, state.AREA: write_address(area or [])}
        address = urlencode({name: value for name, value in asked.items() if value})
        link = blocks.link(words.text("change.add.map"), f"./?{address}")
        said = [
            blocks.text(words.text(f"change.add.{'area' if area else 'no_area'}")),
            blocks.table(
                words.text("change.page.on_the_map"),
                [words.text("change.page.map")],
                [[link]],
            ),
        ]
        blocks.mount(said, key="operation-area", lang=words.lang)
        if area:
            _form(model, words)
    if told is not None:
        is_error = isinstance(told, RiskmapError)
        text = words.error(told) if is_error else words.text(told)
        answer = [blocks.text(text, role="" if told == DONE else "alert")]
        blocks.mount(answer, key="operation-told", lang=words.lang)


def _form(model: state.Model, words: Words) -> None:
    """Draw name, kind and days."""
    kinds = _pipeline().OPERATION_KINDS
    with st.form("operation"):
        st.text_input(
            words.text("change.column.operation"), key=NAME, max_chars=LONGEST_NAME
        )
        st.selectbox(
            words.text("change.column.operation_kind"),
            kinds,
            index=kinds.index(USUAL_KIND),
            format_func=lambda code: words.text(f"operation_kind.{code}"),
            key=KIND,
        )
        for key, name in ((FROM, "since"), (TO, "until")):
            st.text_input(
                words.text(f"change.add.{name}"),
                key=key,
                max_chars=LONGEST_DAY,
                placeholder="2018-01-31",
            )
        st.form_submit_button(
            words.text("change.add.button"), on_click=add, args=(model,)
        )


def add(model: state.Model) -> None:
    """Add the operation of the form, and choose it.

    Parameters
    ----------
    model
        This person's choices.
    """
    given = {
        name: str(st.session_state.get(name) or "").strip() for name in (NAME, FROM, TO)
    }
    if not given[NAME]:
        st.session_state[TOLD] = "change.add.nameless"
        return
    try:
        pipeline = _pipeline()
        pipeline.add_operation(
            access.opened_to("edit"),
            given[NAME],
            pipeline.drawn_area(model[state.AREA]),
            kind=str(st.session_state[KIND]),
            from_on=given[FROM],
            to_on=given[TO],
        )
    except RiskmapError as error:
        st.session_state[TOLD] = error
        return
    model[OPERATION] = given[NAME]
    st.session_state[TOLD] = DONE
