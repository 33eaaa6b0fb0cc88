"""The folium map: authored the same in every run, with nothing from elsewhere."""

import re

import folium
import pytest

from riskmap.webmap import build_map, home, map_script
from riskmap.webmap.layers import LANDMARK_SYMBOLS
from riskmap.webmap.map import PANES
from tests.webmap.tiny import hostile, tiny_tables


def test_the_script_is_the_same_in_every_run(tables):
    assert map_script(build_map(tables)) == map_script(build_map(tables))


def test_the_script_links_to_nothing(tables):
    made = build_map(tables)
    script = map_script(made)
    assert "http" not in script
    figure = made.get_root()
    assert not [
        child
        for child in figure.header._children.values()
        if getattr(child, "url", None)
    ]


def test_no_text_of_the_tables_is_in_the_script(tables):
    loud = tiny_tables(names=(hostile(0), hostile(1)))
    assert map_script(build_map(loud)) == map_script(build_map(tables))


@pytest.mark.parametrize(
    "layer", ["basemap", "cells", "boundary", "zones", "landmarks"]
)
def test_each_layer_is_made_by_our_script_and_shown(tables, layer):
    script = map_script(build_map(tables))
    assert f"var {layer}_riskmap = riskmap.{layer}(" in script
    assert f"{layer}_riskmap.addTo(map_riskmap)" in script


def test_panes_stack_from_land_to_names(tables):
    script = map_script(build_map(tables))
    order = [int(z) for z in re.findall(r"style\.zIndex = (\d+)", script)]
    assert order[: len(PANES)] == [z for _, z in PANES] == sorted(z for _, z in PANES)


def test_folium_s_own_layers_can_be_added(tables):
    made = build_map(tables)
    folium.Circle([31.3, -110.9], radius=500).add_to(made)
    assert "L.circle(" in map_script(made)


def test_symbols_differ_by_shape_or_letter():
    looks = [(s["shape"], s["letter"]) for s in LANDMARK_SYMBOLS.values()]
    assert len(set(looks)) == len(looks)


def test_home_holds_the_corridor(tables):
    west, south, east, north = home(tables.cells["x"], tables.cells["y"])
    assert west < -111 < -110.7 < east
    assert south < 31.25
    assert north > 31.45


def test_home_of_nothing_is_the_middle_of_the_border():
    west, south, east, north = home([], [])
    assert west < east
    assert south < north
