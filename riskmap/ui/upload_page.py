"""Add records: a file is shown as it was understood, and stored only if confirmed."""

from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import (
    access,
    blocks,
    controls,
    jobs,
    notes,
    state,
    tables,
    upload,
)


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    view = tables.load_or_none()
    model = controls.model_of(view) if view else controls.bare_model()
    model.setdefault(upload.PROFILE, "")
    words = controls.heading(model, "pages.upload.title")
    try:
        access.opened_to("import")
    except RiskmapError as error:
        notes.trouble(error, words)
        return
    state.remember(model, (state.LANGUAGE,))
    intro = [blocks.text(words.text("pages.upload.intro"))]
    blocks.mount(intro, key="upload-intro", lang=words.lang)
    upload.picker(words)
    upload.profile_choice(model, words)
    sent = upload.held()
    if sent:
        _work(sent, model[upload.PROFILE], words)
    _stale(words)


def _work(sent: upload.Sent, profile: str, words: Words) -> None:
    """Draw the preview of a file, then what became of it."""
    looked = jobs.current(upload.PREVIEW)
    if looked is None or looked.about != profile:
        jobs.forget(upload.STORE)
        upload.begin(upload.PREVIEW, sent, profile)
    if any(jobs.watch(name, words) for name in (upload.PREVIEW, upload.STORE)):
        return
    found: Any = jobs.current(upload.PREVIEW)
    done = jobs.current(upload.STORE)
    said = [
        *jobs.outcome(upload.PREVIEW, words),
        *jobs.outcome(upload.STORE, words),
    ]
    if done and done.result:
        said += upload.stored(done.result, words)
    elif found and found.result:
        said += upload.preview(found.result, words)
    blocks.mount(said, key="preview", lang=words.lang)
    stored = bool(done and done.result)
    ready = bool(found and found.result and found.result.refused is None)
    with st.container(horizontal=True):
        st.button(
            words.text("pages.upload.store"),
            key="store",
            type="primary",
            on_click=lambda: upload.begin(upload.STORE, sent, profile),
            disabled=stored or not ready,
        )
        st.button(
            words.text("pages.upload.another" if stored else "pages.upload.cancel"),
            key="let-go",
            on_click=upload.let_go,
        )


def _stale(words: Words) -> None:
    """Offer to bring the scores up to date where they are not."""
    if jobs.watch(upload.RUN, words):
        return
    said = jobs.outcome(upload.RUN, words)
    run = jobs.current(upload.RUN)
    if run and run.result:
        said.append(blocks.text(words.text("pages.upload.ran")))
    stale = upload.is_stale()
    if stale:
        said.append(blocks.text(words.text("pages.upload.stale")))
    if said:
        blocks.mount(said, key="stale", lang=words.lang)
    if stale:
        st.button(words.text("pages.upload.run"), key="run", on_click=upload.begin_run)
