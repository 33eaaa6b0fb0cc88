"""Share: results as files, and counts that give no small one away."""

from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import blocks, controls, jobs, notes, packages, share, state, tables


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    try:
        view = tables.load()
    except RiskmapError as error:
        words = controls.heading(controls.bare_model(), "pages.share.title")
        notes.trouble(error, words)
        return
    model = controls.model_of(view)
    choices = share.options() | packages.options()
    state.start_model(choices, {name: codes[0] for name, codes in choices.items()})
    for name in (share.AUDIENCE, share.FROM_YEAR, share.TO_YEAR):
        model.setdefault(name, "")
    words = controls.heading(model, "pages.share.title")
    blocks.mount(
        [*notes.staleness(words), blocks.text(words.text("pages.share.intro"))],
        key="share-intro",
        lang=words.lang,
    )
    _exports(model, words)
    try:
        _counts(model, words)
        said = share.ledger(words)
    except RiskmapError as error:
        said = [blocks.text(words.error(error), role="alert")]
    blocks.mount(said, key="ledger", lang=words.lang)
    packages.show(model, words)
    state.remember(model, share.SHARE_NAMES)


def _exports(model: state.Model, words: Words) -> None:
    """Draw the choice of an export and its button."""
    st.header(words.text("pages.share.exports"), anchor=False)
    share.export_choices(model, words)
    with st.container(width=360):
        controls.region_menu(model, words)
    st.download_button(
        words.text("pages.share.download"),
        share.export_maker(model),
        file_name=share.export_name(model),
        mime="application/zip",
        key="export",
        on_click="ignore",
        type="primary",
    )
    try:
        said = share.markings(words)
    except RiskmapError as error:
        said = [blocks.text(words.error(error), role="alert")]
    blocks.mount(said, key="markings", lang=words.lang)


def _counts(model: state.Model, words: Words) -> None:
    """Draw the choice of counts, what would leave, and the release itself."""
    st.header(words.text("pages.share.counts"), anchor=False)
    blocks.mount(
        [blocks.text(words.text("pages.share.counts_intro"))],
        key="counts-intro",
        lang=words.lang,
    )
    share.count_choices(model, words)
    if any(jobs.watch(name, words) for name in (share.CHECK, share.RELEASE)):
        return
    wanted = share.asked(model)
    st.button(
        words.text("pages.share.check"),
        key="check",
        on_click=lambda: share.begin(share.CHECK, wanted or {}),
        disabled=wanted is None,
    )
    said = [] if wanted else [blocks.text(words.text("pages.share.no_year"))]
    for name in (share.CHECK, share.RELEASE):
        said += jobs.outcome(name, words)
        job = jobs.current(name)
        if job and job.result:
            said += share.told(job.result, words)
    if said:
        blocks.mount(said, key="told", lang=words.lang)
    _release(wanted, words)


def _release(wanted: Any, words: Words) -> None:
    """Offer the release of what was checked, and then its file."""
    done = jobs.current(share.RELEASE)
    if done and done.result:
        st.download_button(
            words.text("pages.share.counts_file"),
            share.release_maker(done.result),
            file_name=f"counts-{done.result.profile}-{done.result.seq}.zip",
            mime="application/zip",
            key="released",
            on_click="ignore",
        )
    checked = jobs.current(share.CHECK)
    # what was checked is released, not what was chosen since
    if not (checked and checked.result and checked.about == wanted):
        return
    sure = st.checkbox(words.text("pages.share.sure"), key=f"sure@{words.lang}")

    def release() -> None:
        jobs.forget(share.CHECK)
        share.begin(share.RELEASE, checked.about)

    st.button(
        words.text("pages.share.release"),
        key="release",
        on_click=release,
        disabled=not sure,
    )
