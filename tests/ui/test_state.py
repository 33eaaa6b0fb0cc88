"""What a person chose: codes, never labels, and nothing strange from an address."""

import pytest
from streamlit.testing.v1 import AppTest

from riskmap.ui.state import read_view


def page():
    """A page of two choices; runs inside Streamlit."""
    import streamlit as st  # noqa: PLC0415 it runs as a script of its own

    from riskmap.ui import state  # noqa: PLC0415 likewise

    options = {"lang": ("en", "es"), "layer": ("danger", "patrol")}
    defaults = {"lang": "en", "layer": "danger", "colours": "Grey"}
    model = state.start_model(options, defaults)
    st.segmented_control(
        "L", ("en", "es"), required=True, **state.widget(model, "lang")
    )
    names = {"danger": {"en": "Danger", "es": "Peligro"}}
    st.radio(
        {"en": "Layer", "es": "Capa"}[model["lang"]],
        ("danger", "patrol"),
        format_func=lambda code: names.get(code, {}).get(model["lang"], code),
        **state.widget(model, "layer"),
    )
    st.text(f"{model['layer']} {model['cell']} {model['at']}")
    state.remember(model)


def run(**address):
    tested = AppTest.from_function(page, default_timeout=20)
    for name, value in address.items():
        tested.query_params[name] = value
    tested.run()
    assert not tested.exception
    return tested


def test_a_choice_outlives_a_change_of_language():
    tested = run()
    tested.radio(key="layer@en").set_value("patrol").run()
    tested.segmented_control(key="lang").set_value("es").run()
    tested.run()
    assert tested.text[0].value.startswith("patrol")
    assert tested.query_params["layer"] in ("patrol", ["patrol"])
    assert tested.query_params["lang"] in ("es", ["es"])


def test_an_address_brings_everything_back():
    tested = run(lang="es", layer="patrol", cell="8748ec7b4ffffff", at="31.5,-110.9,9")
    assert tested.text[0].value == "patrol 8748ec7b4ffffff [31.5, -110.9, 9.0]"


def test_a_wrong_address_is_left_aside():
    tested = run(lang="xx", layer="<b>", cell="x" * 500, at="1,2")
    assert tested.text[0].value == "danger None None"


@pytest.mark.parametrize("text", ["", "1,2", "1,2,3,4", "a,b,c", "1,999,3", "nan,1,2"])
def test_a_view_that_is_none_is_none(text):
    assert read_view(text) is None
