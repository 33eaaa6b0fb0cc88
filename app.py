"""Streamlit entry: ``streamlit run app.py`` serves the pages of riskmap/ui."""

from pathlib import Path

import streamlit as st

import riskmap
from riskmap.ui import server

app = st.App(
    Path(riskmap.__file__).parent / "ui" / "main.py",
    routes=server.routes(),
    middleware=server.middleware(),
    lifespan=server.lifespan,
)
