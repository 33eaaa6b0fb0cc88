"""What can be chosen about the map, as widgets tied to the model."""

import os
from typing import Any

import streamlit as st

from riskmap.i18n import LANGUAGES, Words, choose_language
from riskmap.ui import card, notes, state, tables
from riskmap.ui.keeping import once_for
from riskmap.ui.tables import View
from riskmap.webmap import (
    DEFAULT_PALETTE,
    LANDMARKS_SHOWN,
    PALETTES,
    home,
    kinds_of,
    map_words,
)

LANGUAGE_NAMES = {"en": "English", "es": "Español"}
LANGUAGE_VARIABLE = "RISKMAP_LANG"


def arrival_language() -> str:
    """Choose the language of someone who has chosen none.

    Returns
    -------
    str
        As the command line asked, or as the browser is set.
    """
    asked = {LANGUAGE_VARIABLE: os.environ.get(LANGUAGE_VARIABLE, "")}
    return choose_language(environment=asked, locale=st.context.locale)


def language_now() -> str:
    """Tell the language of this person before a page is chosen.

    Returns
    -------
    str
        As they chose, as the address says, or as on arrival.
    """
    given = (
        st.session_state.get(state.LANGUAGE),
        st.session_state.get(state.MODEL, {}).get(state.LANGUAGE),
        st.query_params.get(state.LANGUAGE),
    )
    return next((lang for lang in given if lang in LANGUAGES), arrival_language())


def layers_of(view: View) -> list[str]:
    """List what the map can show: scores, kinds of incidents, further layers.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    list of str
        A score, ``kind-`` and a kind of incident, or ``value-`` and a layer.
    """
    further = [f"{card.VALUE}{layer.name}" for layer in view.tables.layers]
    return [*main_layers(view), *further]


def main_layers(view: View) -> list[str]:
    """List the scores and the kinds of incidents.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    list of str
        Of :func:`layers_of` those that always stand in sight.
    """
    kinds = [f"{card.KIND}{kind}" for kind in _kinds(view)]
    return [*view.tables.scores, *kinds]


@once_for
def _kinds(view: View) -> list[str]:
    """List the kinds of incidents on the map, the commonest first."""
    return kinds_of(view.tables)


def model_of(view: View) -> state.Model:
    """Give this person's choices.

    Parameters
    ----------
    view
        What the page shows.

    Returns
    -------
    Mapping
        The model.
    """
    layers = layers_of(view)
    here = set(view.tables.landmarks["kind"])
    options = {
        state.LANGUAGE: LANGUAGES,
        state.LAYER: layers,
        state.PALETTE: list(PALETTES),
        state.REGION: ["", *tables.regions()],
    }
    defaults: dict[str, Any] = {
        state.LANGUAGE: arrival_language(),
        state.LAYER: layers[0],
        state.PALETTE: DEFAULT_PALETTE,
        state.REGION: "",
        state.DOUBT: True,
        state.OUTLINES: True,
        state.MARKS: [kind for kind in LANDMARKS_SHOWN if kind in here],
    }
    model = state.start_model(options, defaults)
    # an address may name kinds that this project has not
    if not here.issuperset(model[state.MARKS]):
        model[state.MARKS] = [kind for kind in model[state.MARKS] if kind in here]
    return model


def bare_model() -> state.Model:
    """Give this person's choices where there is nothing to choose of but language.

    Returns
    -------
    Mapping
        The model.
    """
    options = {state.LANGUAGE: LANGUAGES}
    return state.start_model(options, {state.LANGUAGE: arrival_language()})


def heading(model: state.Model, key: str) -> Words:
    """Draw the title of a page and the switch between the languages.

    Parameters
    ----------
    model
        This person's choices.
    key
        Key of the title.

    Returns
    -------
    Words
        Words of the language chosen.
    """
    title, switch = st.columns([5, 2], vertical_alignment="bottom")
    with switch.container(horizontal=True, horizontal_alignment="right"):
        language_switch(model)
    words = Words(model[state.LANGUAGE], strict=False)
    title.title(words.text(key), anchor=False)
    return words


def region_menu(model: state.Model, words: Words, *, labelled: bool = True) -> None:
    """Draw the menu of regions that are opened by name.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    labelled
        Show the label, not only to who cannot see.
    """
    names = tables.regions()
    place = LANGUAGES.index(words.lang)
    tie = state.widget(model, state.REGION)

    def chosen() -> None:
        tie["on_change"]()
        model.update({state.FLY: state.REGION, state.ZONE: None})

    st.selectbox(
        words.text("ui.region"),
        ["", *names],
        format_func=lambda code: (
            names[code][place] if code else words.text("ui.region.whole")
        ),
        label_visibility="visible" if labelled else "collapsed",
        # its own words for no match are English
        filter_mode=None,
        key=tie["key"],
        on_change=chosen,
    )


def phrase_box(model: state.Model, words: Words, label: str) -> None:
    """Draw the box that a place is typed into, however it is said.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    label
        What to type; empty where the map around says it.
    """
    key = f"{state.PHRASE}@{model[state.LANGUAGE]}"
    # the address or another page may have asked since
    st.session_state[key] = model[state.PHRASE]
    with (
        st.form("phrase", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(
            label or words.text("ui.phrase"),
            key=key,
            placeholder=words.text("ui.phrase.example"),
            label_visibility="visible" if label else "collapsed",
            autocomplete="off",
        )
        st.form_submit_button(
            words.text("ui.phrase.find"),
            on_click=lambda: state.ask(model, st.session_state[key]),
        )


def language_switch(model: state.Model) -> None:
    """Draw the switch between the two languages.

    Parameters
    ----------
    model
        This person's choices.
    """
    st.segmented_control(
        "Language / Idioma",
        LANGUAGES,
        format_func=lambda code: LANGUAGE_NAMES[code],
        label_visibility="collapsed",
        required=True,
        **state.widget(model, state.LANGUAGE),
    )


@once_for
def layer_menu(view: View, words: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """List every layer under its heading, for the page's own menus.

    Parameters
    ----------
    view
        What the page shows.
    words
        Words of the language.

    Returns
    -------
    list of tuple
        Heading, and the codes and names below it.
    """
    headings: dict[str, list[str]] = {
        "map.scores": list(view.tables.scores),
        "map.incidents": [f"{card.KIND}{kind}" for kind in kinds_of(view.tables)],
    }
    for layer in view.tables.layers:
        name = f"{card.VALUE}{layer.name}"
        headings.setdefault(f"map.group.{layer.group}", []).append(name)
    return [
        (
            words.text(heading),
            [(layer, notes.layer_name(view, layer, words)) for layer in layers],
        )
        for heading, layers in headings.items()
    ]


@once_for
def always_shown(view: View, words: Words) -> dict[str, Any]:
    """Put together what the map shows whatever was chosen.

    Parameters
    ----------
    view
        What the page shows.
    words
        Words of the language.

    Returns
    -------
    dict
        ``words``, ``menu``, ``versions`` and ``home``, for the face.
    """
    return {
        "words": map_words(
            words.text,
            view.tables.scores,
            kinds_of(view.tables),
            sorted(set(view.tables.landmarks["kind"])),
            view.tables.layers,
        ),
        "menu": layer_menu(view, words),
        "versions": {
            f"{card.VALUE}{layer.name}": layer.of
            for layer in view.tables.layers
            if layer.of
        },
        "home": home(view.tables.cells["x"], view.tables.cells["y"]),
    }


def layer_choice(view: View, model: state.Model, words: Words) -> None:
    """Draw the choice of what the map shows: in sight, or from the long list.

    Parameters
    ----------
    view
        What the page shows.
    model
        This person's choices.
    words
        Words of the language.
    """
    main, further = main_layers(view), view.tables.layers
    groups = {f"{card.VALUE}{layer.name}": layer.group for layer in further}
    chosen = model[state.LAYER]
    radio, menu = (f"{state.LAYER}{part}@{words.lang}" for part in ("", ".more"))
    # the model owns the choice; each widget shows it if it is one of its own
    st.session_state[radio] = chosen if chosen in main else None
    st.session_state[menu] = chosen if chosen in groups else None

    def take(key: str) -> None:
        model[state.LAYER] = st.session_state[key] or model[state.LAYER]

    st.radio(
        words.text("map.layer"),
        main,
        format_func=lambda layer: words.text(notes.layer_key(layer)),
        key=radio,
        on_change=take,
        args=(radio,),
    )
    if not further:
        return
    st.selectbox(
        words.text("map.layers"),
        list(groups),
        format_func=lambda layer: " · ".join(
            (
                words.text(f"map.group.{groups[layer]}"),
                notes.layer_name(view, layer, words),
            )
        ),
        placeholder=words.text("ui.layers.choose"),
        filter_mode=None,
        key=menu,
        on_change=take,
        args=(menu,),
    )


def map_controls(view: View, model: state.Model, words: Words) -> None:
    """Draw what can be chosen about the map.

    Parameters
    ----------
    view
        What the page shows.
    model
        This person's choices.
    words
        Words of the language.
    """
    layer_choice(view, model, words)
    st.radio(
        words.text("map.palette"),
        list(PALETTES),
        horizontal=True,
        **state.widget(model, state.PALETTE),
    )
    st.toggle(words.text("map.doubt.show"), **state.widget(model, state.DOUBT))
    st.toggle(words.text("map.zones.show"), **state.widget(model, state.OUTLINES))
    kinds = set(view.tables.landmarks["kind"])
    st.pills(
        words.text("map.landmarks"),
        sorted(kinds, key=lambda kind: words.text(f"landmark_kind.{kind}")),
        selection_mode="multi",
        format_func=lambda kind: words.text(f"landmark_kind.{kind}"),
        **state.widget(model, state.MARKS),
    )
