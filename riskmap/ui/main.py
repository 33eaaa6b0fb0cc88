"""The list of pages; Streamlit runs this for each person at each change."""

import importlib
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from riskmap.i18n import Words
from riskmap.ui import connection, controls, door, notes

ICON = Path(__file__).with_name("icon.svg")

st.set_page_config(page_icon=str(ICON), layout="wide")
words = Words(controls.language_now(), strict=False)
PAGES = (
    "map",
    "zones",
    "change",
    "scenarios",
    "where",
    "quality",
    "upload",
    "model",
    "share",
    "method",
)


def opening(name: str) -> Callable[[], None]:
    """Open a page, imported when somebody first opens it: the map comes first."""

    def show() -> None:
        title = words.text(f"ui.page.{name}")
        st.set_page_config(page_title=f"{title} · riskmap")
        importlib.import_module(f"riskmap.ui.{name}_page").show()

    return show


chosen = st.navigation(
    [
        st.Page(
            opening(name),
            title=words.text(f"ui.page.{name}"),
            url_path=name,
            default=name == "map",
        )
        for name in PAGES
    ],
    position="top",
)
if door.let_in(words):
    notes.unknown_page(st.context.url, PAGES, words)
    chosen.run()
    door.notice(words, chosen.url_path or "map")
connection.watch(words)
