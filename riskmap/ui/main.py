"""The list of pages; Streamlit runs this for each person at each change."""

from pathlib import Path

import streamlit as st

from riskmap.i18n import Words
from riskmap.ui import (
    access,
    change_page,
    controls,
    map_page,
    method_page,
    model_page,
    quality_page,
    scenarios_page,
    share_page,
    upload_page,
    where_page,
    zones_page,
)

ICON = Path(__file__).with_name("icon.svg")

st.set_page_config(page_title="riskmap", page_icon=str(ICON), layout="wide")
words = Words(controls.language_now(), strict=False)
pages = {
    "map": map_page.show,
    "zones": zones_page.show,
    "change": change_page.show,
    "scenarios": scenarios_page.show,
    "where": where_page.show,
    "quality": quality_page.show,
    "upload": upload_page.show,
    "model": model_page.show,
    "share": share_page.show,
    "method": method_page.show,
}
chosen = st.navigation(
    [
        st.Page(
            show,
            title=words.text(f"ui.page.{name}"),
            url_path=name,
            default=name == "map",
        )
        for name, show in pages.items()
    ],
    position="top",
)
if access.door(words):
    chosen.run()
    access.notice(words, chosen.url_path or "map")
