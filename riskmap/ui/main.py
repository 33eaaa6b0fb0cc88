"""The list of pages; Streamlit runs this for each person at each change."""

from pathlib import Path

import streamlit as st

from riskmap.ui.map_page import show

ICON = Path(__file__).with_name("icon.svg")

st.set_page_config(page_title="riskmap", page_icon=str(ICON), layout="wide")
st.navigation([st.Page(show, title="riskmap", url_path="map", default=True)]).run()
