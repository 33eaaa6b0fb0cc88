"""The note that the server does not answer, in the reader's language."""

from pathlib import Path
from typing import Any

import streamlit as st

from riskmap.i18n import Words

NAME = "riskmap_connection"
HTML = '<p class="rm-lost" role="alert" hidden></p>'
CSS = """
.rm-lost { position: fixed; top: 3.6rem; left: 50%; transform: translateX(-50%);
  z-index: 1000000; width: max-content; max-width: 90vw; margin: 0;
  padding: .5rem .9rem; border: 1px solid #7a4b00; border-radius: .5rem;
  background: #fff4dc; color: #3d2600; font-size: .9rem }
.rm-lost[hidden] { display: none }
"""
SCRIPT = Path(__file__).with_name("connection.js")


def watch(words: Words) -> None:
    """Say on the page when the server is gone, for as long as it is.

    Parameters
    ----------
    words
        Words of the language.
    """
    component: Any = st.components.v2.component(
        NAME, html=HTML, css=CSS, js=SCRIPT.read_text(encoding="utf-8")
    )
    component(key="connection", data={"text": words.text("ui.lost")})
