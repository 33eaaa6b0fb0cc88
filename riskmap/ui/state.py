"""What one person has chosen: plain codes, mirrored in widgets and in the address.

The model owns the values. A widget's key carries the language, because Streamlit resets
a choice on the rerun after its labels change; codes, never labels, go into the address.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

import streamlit as st

MODEL = "model"
# names in the address: short, and the same in both languages
LANGUAGE, LAYER, PALETTE = "lang", "layer", "colours"
CELL, ZONE, VIEW = "cell", "zone", "at"
DOUBT, OUTLINES, MARKS = "doubt", "zones", "marks"
VIEW_PARTS = 3
LONGEST_CODE = 64

Model = MutableMapping[str, Any]


def start_model(
    options: Mapping[str, Sequence[str]], defaults: Mapping[str, Any]
) -> Model:
    """Give this person's model, made from the address when they arrive.

    Parameters
    ----------
    options
        Name to the codes allowed, for the choices of one out of several.
    defaults
        Name to what holds until something is chosen.

    Returns
    -------
    Mapping
        The model; what the address says wrongly is left at its default.
    """
    if MODEL not in st.session_state:
        chosen = dict(defaults)
        for name, codes in options.items():
            given = st.query_params.get(name)
            if given in codes:
                chosen[name] = given
        for name in (CELL, ZONE):
            given = st.query_params.get(name) or ""
            chosen[name] = given if 0 < len(given) <= LONGEST_CODE else None
        chosen[VIEW] = read_view(st.query_params.get(VIEW))
        st.session_state[MODEL] = chosen
    model: Model = st.session_state[MODEL]
    for name, codes in options.items():
        # another project may know other kinds
        if model[name] not in codes:
            model[name] = defaults[name]
    return model


def read_view(text: str | None) -> list[float] | None:
    """Read a view from the address.

    Parameters
    ----------
    text
        Latitude, longitude and zoom with commas; None for nothing.

    Returns
    -------
    list of float or None
        None for what is no view.

    Examples
    --------
    >>> read_view("31.5,-110.9,9")
    [31.5, -110.9, 9.0]
    >>> read_view("north") is None
    True
    """
    try:
        numbers = [float(part) for part in (text or "").split(",")]
    except ValueError:
        return None
    fits = len(numbers) == VIEW_PARTS and all(abs(number) <= 180 for number in numbers)  # noqa: PLR2004
    return numbers if fits else None


def widget(model: Model, name: str) -> dict[str, Any]:
    """Tie a widget to the model.

    Parameters
    ----------
    model
        From :func:`start_model`.
    name
        Which choice.

    Returns
    -------
    dict
        ``key`` and ``on_change`` for the widget.
    """
    key = name if name == LANGUAGE else f"{name}@{model[LANGUAGE]}"
    if key not in st.session_state:
        st.session_state[key] = model[name]

    def keep() -> None:
        if st.session_state[key] is not None:
            model[name] = st.session_state[key]

    return {"key": key, "on_change": keep}


def remember(model: Model) -> None:
    """Write the model into the address, so that it can be sent to someone.

    Parameters
    ----------
    model
        From :func:`start_model`.
    """
    wanted = {name: model[name] for name in (LANGUAGE, LAYER, PALETTE, CELL, ZONE)}
    view = model[VIEW]
    wanted[VIEW] = ",".join(f"{number:g}" for number in view) if view else None
    for name, value in wanted.items():
        if value is None:
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != str(value):
            st.query_params[name] = str(value)


def take(model: Model, key: str) -> Mapping[str, Callable[[], None]]:
    """Make the callbacks that put what the map tells into the model.

    Parameters
    ----------
    model
        From :func:`start_model`.
    key
        Key of the map's component.

    Returns
    -------
    Mapping
        ``on_pick_change`` and ``on_view_change``.
    """

    def pick() -> None:
        told = st.session_state[key].get("pick") or {}
        model[CELL] = _code(told.get("cell"))
        model[ZONE] = _code(told.get("zone"))

    def view() -> None:
        told = st.session_state[key].get("view")
        if told:
            model[VIEW] = read_view(",".join(str(number) for number in told))

    return {"on_pick_change": pick, "on_view_change": view}


def _code(value: Any) -> str | None:
    """Keep a code that a browser sent; nothing for what is too long or no text."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_CODE:
        return None
    return value
