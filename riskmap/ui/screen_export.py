"""What is on screen, as a file: made when somebody asks for it, not before."""

import contextlib
import functools
import importlib
from dataclasses import replace
from typing import Any

import streamlit as st

from riskmap.errors import ProjectError, RiskmapError
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, card, state
from riskmap.ui.tables import View
from riskmap.webmap import PALETTES

FORM = "screen_form"
# of a screen that has not told its size yet
USUAL_PX = (900.0, 640.0)


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def show(view: View, model: state.Model, words: Words) -> None:
    """Draw the choice of a format and the button that makes the file.

    Parameters
    ----------
    view
        What the page shows.
    model
        This person's choices.
    words
        Words of the language.
    """
    if not model[state.VIEW]:
        return
    forms = _pipeline().SCREEN_FORMS
    model.setdefault(FORM, "pdf_letter")
    with st.popover(words.text("tool.screen")):
        form = st.radio(
            words.text("tool.screen.form"),
            list(forms),
            format_func=lambda name: words.text(f"tool.screen.{name}"),
            # what is seeded is lost on a popover that nobody has opened yet
            index=list(forms).index(model[FORM]),
            key=f"{FORM}@{words.lang}",
        )
        model[FORM] = form
        st.text(words.text("tool.screen.whole"))
        if str(model[state.LAYER]).startswith(card.VALUE):
            st.text(words.text("tool.screen.value"))
        st.download_button(
            words.text("tool.screen.get"),
            access.file_maker(
                functools.partial(make, view, dict(model), form, words.lang)
            ),
            file_name=f"riskmap-{form}{forms[form]}",
            key="screen-get",
            on_click="ignore",
        )


def make(view: View, model: state.Model, form: str, lang: str, project: Any) -> bytes:
    """Make the file of what is on screen.

    Parameters
    ----------
    view
        What the page shows.
    model
        This person's choices as they were.
    form
        One of the pipeline's ``SCREEN_FORMS``.
    lang
        The reader's language; it comes first.
    project
        The project, as the reader may export it.

    Returns
    -------
    bytes
        The file.
    """
    pipeline = _pipeline()
    area = None
    # an outline that is none is said on the page, and the screen is taken
    with contextlib.suppress(RiskmapError):
        area = pipeline.drawn_area(model[state.AREA])
    size = model.get(state.SIZE) or USUAL_PX
    layer = str(model[state.LAYER])
    if layer.startswith(card.VALUE) and form != "html":
        layer = card.score_of(view, layer)
    screen = pipeline.Screen(
        shape=area or pipeline.screen_shape(model[state.VIEW], size),
        layer=layer,
        colours=PALETTES[model[state.PALETTE]],
        area=area,
    )
    own = [lang, *(other for other in LANGUAGES if other != lang)]
    words = {code: Words(code, strict=False).text for code in own}
    notes = pipeline.export_notes(project, words)
    notes = replace(notes, marking=pipeline.screen_marking(project))
    made: bytes = pipeline.screen_bytes(view.tables, screen, form, notes)
    # a project that cannot be written keeps no log
    with contextlib.suppress(ProjectError):
        pipeline.record_action(project, "export", f"screen: {form}")
    return made
