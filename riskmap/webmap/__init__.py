"""The map: tables to folium layers, our canvas cells, compact files, saved HTML."""

from riskmap.webmap.files import MapFiles
from riskmap.webmap.map import OfflineMap, build_map
from riskmap.webmap.page import page_html, save_page
from riskmap.webmap.tables import MapTables, bare_tables

__all__ = [
    "MapFiles",
    "MapTables",
    "OfflineMap",
    "bare_tables",
    "build_map",
    "page_html",
    "save_page",
]
