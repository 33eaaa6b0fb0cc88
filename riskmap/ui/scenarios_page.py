"""Scenarios: what would change with other weights, another month or another day."""

from typing import Any

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import (
    blocks,
    controls,
    jobs,
    notes,
    scenario_view,
    scenarios,
    state,
    tables,
)


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    view = tables.load_or_none()
    model = controls.model_of(view) if view else controls.bare_model()
    words = controls.heading(model, "scenario.title")
    scenarios.take_made(model)
    try:
        listed = scenario_view.known()
    except RiskmapError as error:
        notes.trouble(error, words)
        return
    scenarios.start(model)
    for name in scenario_view.CHOSEN:
        # what can stand beside a scenario depends on which one it is, and so on
        codes = scenario_view.choices(model, listed)[name]
        state.start_model({name: codes}, {name: codes[0]})
    intro = [*notes.staleness(words), blocks.text(words.text("scenario.intro"))]
    blocks.mount(
        [*intro, *scenario_view.register(listed, words)],
        key="register",
        lang=words.lang,
    )
    busy = jobs.watch(scenarios.JOB, words)
    if not busy and (told := scenarios.done(words)):
        blocks.mount(told, key="scenario-done", lang=words.lang)
    if listed:
        _shown(model, listed, words, busy=busy)
    with st.expander(words.text("scenario.new"), expanded=not listed):
        scenarios.form(model, words, busy=busy)
    state.remember(model, scenario_view.NAMES)


def _shown(
    model: state.Model, listed: tuple[Any, ...], words: Words, *, busy: bool
) -> None:
    """Draw what is compared, the comparison, and what can be done with a scenario."""
    called = {one.scenario_id: one.name for one in listed}
    called[""] = words.text("scenario.base")
    families: dict[str, Any] = {
        scenario_view.SHOWN: called.__getitem__,
        scenario_view.BESIDE: called.__getitem__,
        scenario_view.WHAT: lambda code: words.text(
            f"score.{code}" if words.has(f"score.{code}") else f"layer.{code}"
        ),
        scenario_view.ORDER: lambda code: words.text(f"scenario.order.{code}"),
    }
    for place, (name, written) in zip(st.columns(4), families.items(), strict=True):
        # another scenario has other layers: its codes are settled by now
        codes = scenario_view.choices(model, listed)[name]
        if model[name] not in codes:
            model[name] = codes[0]
        tie = state.widget(model, name)
        st.session_state[tie["key"]] = model[name]
        place.selectbox(
            words.text(f"scenario.choose.{name}"),
            codes,
            format_func=written,
            filter_mode=None,
            **tie,
        )
    try:
        told = scenario_view.compared(model, words)
    except RiskmapError as error:
        told = [blocks.text(words.error(error), role="alert")]
    blocks.mount(told, key="compared", lang=words.lang)
    chosen = str(model[scenario_view.SHOWN])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for deed in ("refresh", "remove"):
            st.button(
                words.text(f"scenario.do.{deed}"),
                key=deed,
                on_click=getattr(scenarios, f"begin_{deed}"),
                args=(chosen,),
                disabled=busy,
            )
        st.text_input(
            words.text("scenario.do.called"), **state.widget(model, scenarios.CALLED)
        )
        st.button(
            words.text("scenario.do.rename"),
            key="rename",
            on_click=scenarios.begin_rename,
            args=(chosen, model),
            disabled=busy,
        )
