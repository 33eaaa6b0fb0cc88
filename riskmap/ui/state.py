"""What one person has chosen: plain codes, mirrored in widgets and in the address.

The model owns the values. A widget's key carries the language, because Streamlit resets
a choice on the rerun after its labels change; codes, never labels, go into the address.
"""

import math
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any

import streamlit as st

from riskmap.ui.area_address import read_address, write_address
from riskmap.ui.record_filter import read_filter, write_filter

MODEL = "model"
# names in the address: short, and the same in both languages
LANGUAGE, LAYER, PALETTE = "lang", "layer", "colours"
CELL, ZONE, VIEW = "cell", "zone", "at"
DOUBT, OUTLINES, MARKS = "doubt", "zones", "marks"
PHRASE, READING, POINT, REGION = "q", "n", "point", "region"
# which records the map counts
FILTER = "records"
# the layer beside it: its name, its records, and whether the two are subtracted
SECOND, SECOND_FILTER, DIFFERENCE = "with", "with_records", "difference"
# an outline that somebody drew, and how large the map is on their screen
AREA, SIZE = "area", "size"
# what the map flies to: the region chosen, or else the place asked for
FLY = "fly"
# what an address holds of each page
MAP_NAMES = (
    *(LANGUAGE, LAYER, PALETTE, CELL, ZONE, VIEW, REGION, PHRASE, READING),
    *(FILTER, SECOND, SECOND_FILTER, DIFFERENCE, AREA),
    *(DOUBT, OUTLINES, MARKS),
)
PLACE_NAMES = (LANGUAGE, PHRASE, READING, POINT)
VIEW_PARTS = POINT_PARTS = 3
SIZE_PARTS = 2
YES, NO = "yes", "no"
# choices that are no code, as they stand in the address
WRITERS: Mapping[str, Callable[[Any], str]] = {
    AREA: write_address,
    FILTER: write_filter,
    SECOND_FILTER: write_filter,
    DIFFERENCE: lambda chosen: YES if chosen else "",
    DOUBT: lambda chosen: "" if chosen else NO,
    OUTLINES: lambda chosen: "" if chosen else NO,
    MARKS: lambda kinds: ",".join(kinds) or NO,
}
LONGEST_CODE = 64
# kinds of landmarks in the address
MOST_MARKS = 64
# what holds until something is chosen, which no address need say
USUAL = "usual"
# a little more than the resolver takes, so that it can say that it is too much
LONGEST_PHRASE = 400
MOST_READINGS = 99
# a click far out is known to some kilometres, never to more than this
MOST_ACCURACY_M = 100_000.0

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
    model: Model = st.session_state.setdefault(MODEL, {})
    for name, codes in options.items():
        # another project may know other kinds
        if model.get(name) not in codes:
            given = st.query_params.get(name)
            fits = name not in model and given in codes
            model[name] = given if fits else defaults[name]
    for name, default in defaults.items():
        model.setdefault(name, default)
    model[USUAL] = defaults.get(MARKS, model.get(USUAL))
    if CELL not in model:
        for name in {DOUBT, OUTLINES}.intersection(defaults):
            model[name] = st.query_params.get(name) != NO
        if MARKS in st.query_params:
            model[MARKS] = _marks(st.query_params[MARKS])
        for name in (CELL, ZONE):
            model[name] = _code(st.query_params.get(name))
        model[VIEW] = read_view(st.query_params.get(VIEW))
        model[POINT] = read_point(st.query_params.get(POINT))
        model[AREA] = read_address(st.query_params.get(AREA))
        for name in (FILTER, SECOND_FILTER):
            model[name] = read_filter(st.query_params.get(name))
        model[SECOND] = _code(st.query_params.get(SECOND))
        model[DIFFERENCE] = st.query_params.get(DIFFERENCE) == YES
        model.update({PHRASE: "", READING: 1, FLY: ""})
    _take_phrase(model)
    return model


def _marks(text: str) -> list[str]:
    """Read kinds of landmarks from the address, known or not."""
    kinds = text.split(",", MOST_MARKS)[:MOST_MARKS]
    return [kind for kind in dict.fromkeys(kinds) if _code(kind) and kind != NO]


def _take_phrase(model: Model) -> None:
    """Take the phrase and the reading that the address names, if it names any."""
    given = st.query_params.get(PHRASE)
    if given is None:
        return
    number = st.query_params.get(READING) or ""
    fits = number.isascii() and number.isdigit() and len(number) <= VIEW_PARTS
    model[PHRASE] = given[:LONGEST_PHRASE]
    model[READING] = min(max(int(number), 1), MOST_READINGS) if fits else 1


def ask(model: Model, phrase: str) -> None:
    """Take a new phrase: its first reading, and no point clicked before.

    Parameters
    ----------
    model
        From :func:`start_model`.
    phrase
        What somebody said.
    """
    model.update({PHRASE: phrase.strip()[:LONGEST_PHRASE], READING: 1, POINT: None})
    model[FLY] = PHRASE
    remember(model, (PHRASE, READING, POINT))


def read_point(text: str | None) -> list[float] | None:
    """Read a point from the address.

    Parameters
    ----------
    text
        Latitude, longitude and metres of accuracy with commas; None for nothing.

    Returns
    -------
    list of float or None
        None for what is no point of the Earth.

    Examples
    --------
    >>> read_point("31.333,-110.94,30")
    [31.333, -110.94, 30.0]
    >>> read_point("91,0,0") is None
    True
    """
    numbers = _numbers(text, POINT_PARTS)
    if numbers is None:
        return None
    lat, lon, accuracy_m = numbers
    fits = abs(lat) <= 90 and abs(lon) <= 180 and 0 <= accuracy_m <= MOST_ACCURACY_M  # noqa: PLR2004
    return numbers if fits else None


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
    numbers = _numbers(text, VIEW_PARTS)
    if numbers is None or any(abs(number) > 180 for number in numbers):  # noqa: PLR2004
        return None
    return numbers


def _numbers(text: str | None, count: int) -> list[float] | None:
    """Read so many finite numbers with commas; None for anything else."""
    try:
        numbers = [float(part) for part in (text or "").split(",")]
    except ValueError:
        return None
    fits = len(numbers) == count and all(map(math.isfinite, numbers))
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


def remember(model: Model, names: Iterable[str] = MAP_NAMES) -> None:
    """Write the model into the address, so that it can be sent to someone.

    Parameters
    ----------
    model
        From :func:`start_model`.
    names
        What of it this page shows.
    """
    for name in names:
        value = _written(name, model.get(name))
        if name == MARKS and model.get(MARKS) == model[USUAL]:
            value = ""
        if name == READING and (not model[PHRASE] or value == "1"):
            value = ""
        if value:
            if st.query_params.get(name) != value:
                st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def _written(name: str, value: Any) -> str:
    """Write one choice for the address; empty for nothing."""
    if value is None:
        return ""
    if name == VIEW:
        return ",".join(f"{number:g}" for number in value)
    if name in WRITERS:
        return WRITERS[name](value)
    if name == POINT:
        return f"{value[0]:.6f},{value[1]:.6f},{value[2]:.0f}"
    return str(value)


def second_of(model: Model) -> dict[str, Any] | None:
    """Give what the second map shows.

    Parameters
    ----------
    model
        From :func:`start_model`.

    Returns
    -------
    dict or None
        ``layer``, ``filter`` and ``difference``; None for no second map.
    """
    if not model[SECOND]:
        return None
    return {
        "layer": model[SECOND],
        "filter": model[SECOND_FILTER],
        "difference": model[DIFFERENCE],
    }


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
        ``on_NAME_change`` for ``pick``, ``view``, ``filter`` and ``second``.
    """

    def pick() -> None:
        told = st.session_state[key].get("pick") or {}
        if "reading" in told:
            _choose_reading(model, told["reading"])
            return
        if "point" in told:
            point = told["point"]
            parts = point if isinstance(point, list) else []
            model[POINT] = read_point(",".join(map(str, parts)))
            return
        model[CELL] = _code(told.get("cell"))
        model[ZONE] = _code(told.get("zone"))

    def view() -> None:
        told = st.session_state[key].get("view")
        if isinstance(told, list):
            seen, size = told[:VIEW_PARTS], told[VIEW_PARTS:]
            model[VIEW] = read_view(",".join(str(number) for number in seen))
            model[SIZE] = _numbers(",".join(map(str, size)), SIZE_PARTS)

    def records() -> None:
        # what cannot be written into an address is no filter
        model[FILTER] = read_filter(write_filter(st.session_state[key].get("filter")))

    def second() -> None:
        told = st.session_state[key].get("second") or {}
        model[SECOND] = _code(told.get("layer"))
        model[SECOND_FILTER] = read_filter(write_filter(told.get("filter")))
        model[DIFFERENCE] = bool(told.get("difference"))

    return {
        "on_second_change": second,
        "on_pick_change": pick,
        "on_view_change": view,
        "on_filter_change": records,
    }


def _choose_reading(model: Model, told: Any) -> None:
    """Take the reading that was picked from the list; it undoes a clicked point."""
    if isinstance(told, int) and 1 <= told <= MOST_READINGS:
        model.update({READING: told, POINT: None, FLY: PHRASE})
        remember(model, (PHRASE, READING))


def _code(value: Any) -> str | None:
    """Keep a code that a browser sent; nothing for what is too long or no text."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_CODE:
        return None
    return value
