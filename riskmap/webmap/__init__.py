"""The map: tables to folium layers, our canvas cells, compact files, saved HTML."""

from riskmap.webmap.assets import bundle
from riskmap.webmap.files import MapFiles, kinds_of
from riskmap.webmap.map import OfflineMap, build_map, home, map_script
from riskmap.webmap.page import LANDMARKS_SHOWN, kind_scores, page_html, save_page
from riskmap.webmap.palettes import (
    CHANGE_COLOURS,
    COUNT_CLASSES,
    DEFAULT_PALETTE,
    PALETTES,
    RATE_CLASSES,
)
from riskmap.webmap.tables import MapTables, bare_tables, covered_by
from riskmap.webmap.words import layer_title, map_words

__all__ = [
    "CHANGE_COLOURS",
    "COUNT_CLASSES",
    "DEFAULT_PALETTE",
    "LANDMARKS_SHOWN",
    "PALETTES",
    "RATE_CLASSES",
    "MapFiles",
    "MapTables",
    "OfflineMap",
    "bare_tables",
    "build_map",
    "bundle",
    "covered_by",
    "home",
    "kind_scores",
    "kinds_of",
    "layer_title",
    "map_script",
    "map_words",
    "page_html",
    "save_page",
]
