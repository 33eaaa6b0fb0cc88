"""The map: a score or incidents on the border, the ranked zones, a cell's reasons."""

import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.i18n import Words
from riskmap.ui import (
    area,
    blocks,
    bridge,
    card,
    controls,
    map_files,
    notes,
    places,
    screen_export,
    state,
    tables,
    top_cells,
)
from riskmap.ui.keeping import once_for
from riskmap.webmap import (
    CHANGE_COLOURS,
    COUNT_CLASSES,
    PALETTES,
    RATE_CLASSES,
    kind_scores,
)

KEY = "map"
HEIGHT_PX = 680

# by then a server that has just started has drawn the map and looked for news
STALE_AFTER_S = 8.0


def show() -> None:
    """Draw the page, or say why there is none."""
    st.html(notes.STYLE)
    try:
        view = tables.load()
    except RiskmapError as error:
        words = Words(controls.arrival_language(), strict=False)
        st.title(words.text("ui.title"), anchor=False)
        notes.trouble(error, words)
        return
    model = controls.model_of(view)
    words = controls.heading(model, "ui.title")
    with st.sidebar:
        controls.map_controls(view, model, words)
    # who comes just after the server started is told when the map is out
    waits = None if tables.is_settled() else STALE_AFTER_S
    st.fragment(_staleness, run_every=waits)(words)
    asked, menu = st.columns([5, 2], vertical_alignment="bottom")
    with asked:
        controls.phrase_box(model, words, "")
    with menu:
        controls.region_menu(model, words, labelled=False)
    _explore(view, model, words)
    st.text("\n".join(notes.sentences(view, words)))


@once_for
def _kind_scores(view: tables.View) -> dict[str, str]:
    """Find the score of each kind of incident."""
    return kind_scores(view.tables)


def _staleness(words: Words) -> None:
    """Say whether more is known than the map shows."""
    if not tables.is_settled():
        return
    try:
        if tables.is_stale():
            st.warning(words.text("ui.stale"))
    except RiskmapError as error:
        st.error(words.error(error))


@st.fragment
def _explore(view: tables.View, model: state.Model, words: Words) -> None:
    """Draw the map and what stands beside it; a click runs this part only."""
    layer = str(model[state.LAYER])
    score = _kind_scores(view).get(layer.removeprefix(card.KIND), layer)
    ranked = score
    if layer.startswith(card.VALUE):
        score, ranked = card.score_of(view, layer), top_cells.ranked_by(view, layer)
    region = tables.region(view, model[state.REGION])
    # reading places takes a moment, which who asks for none need not wait for
    known = places.whereabouts() if model[state.PHRASE] else None
    found = places.find_readings(known, model)
    if reason := places.reason(found, words):
        said = blocks.text(reason, role="alert")
        blocks.mount([said], key="reason", lang=words.lang)
    to_region = model[state.FLY] == state.REGION or found.chosen is None
    shown = controls.always_shown(view, words) | {
        "language": model[state.LANGUAGE],
        "layer": layer,
        "score": score,
        "colours": PALETTES[model[state.PALETTE]],
        "classes": {"rate": RATE_CLASSES.words, "count": COUNT_CLASSES.words},
        "doubt": model[state.DOUBT],
        "zones": model[state.OUTLINES],
        "landmarks": model[state.MARKS],
        "cell": model[state.CELL],
        "zone": model[state.ZONE],
        "view": model[state.VIEW],
        "filter": model[state.FILTER],
        "second": state.second_of(model),
        "change_colours": CHANGE_COLOURS,
        "card": card.cell_card(view, model[state.CELL], layer, words),
        "table": top_cells.top_cells(view, ranked, words, only=region and region.cells),
        "found": places.readings(found, words, link=model[state.PHRASE]),
        "fly": places.region_target(region) if to_region else places.target(found),
    }
    shown |= places.region_part(region, words) | area.part(model)
    bridge.mount_map(
        map_files.addresses(view.digest),
        shown,
        key=KEY,
        trouble=words.text("ui.trouble"),
        height=HEIGHT_PX,
        callbacks={**state.take(model, KEY), **area.take(model, KEY)},
    )
    screen_export.show(view, model, words)
    area.show(view, model, words)
    state.remember(model)
