"""The app with a tiny project in memory.

HOSTILE=1 gives it names that try to run, HOSTILE=all every text of the list.
"""

import os
import tempfile
from pathlib import Path

import streamlit as st

import riskmap
from riskmap import pipeline
from riskmap.ui import access, map_files, places, quality, server, tables
from tests.browser.payloads import TEXTS
from tests.ui.views import (
    loud_quality,
    loud_tables,
    tiny_quality,
    tiny_region,
    tiny_view,
    tiny_whereabouts,
)
from tests.webmap.tiny import hostile

LOUD = os.environ.get("HOSTILE", "")
NAMES = (hostile(0), hostile(5)) if LOUD else ("Nogales", "Naco")
if LOUD == "all":
    VIEW = tiny_view(tables=loud_tables(TEXTS))
    QUALITY = loud_quality(TEXTS)
else:
    VIEW = tiny_view(names=NAMES)
    QUALITY = tiny_quality(NAMES[0])
# what is asked of a project itself is asked of this one, which was never run
FOLDER = tempfile.TemporaryDirectory()
PROJECT = pipeline.create_project(Path(FOLDER.name) / "border")
os.environ[access.PROJECT_VARIABLE] = str(PROJECT.path)
KNOWN = tiny_whereabouts(loud=bool(LOUD), texts=TEXTS if LOUD == "all" else ())

tables.VIEWS._kept["tiny"] = VIEW
tables.load = map_files.load = lambda: VIEW
tables.is_stale = lambda: False
tables.region = tiny_region
quality.load = lambda: QUALITY
places.whereabouts = lambda: KNOWN

app = st.App(
    Path(riskmap.__file__).parent / "ui" / "main.py",
    routes=server.routes(),
    middleware=server.middleware(),
    lifespan=server.lifespan,
)
