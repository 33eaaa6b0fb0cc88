"""Values: a byte never leaves its class, coarser cells are means, no data stays so."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.features.catalogue import LAYERS
from riskmap.i18n import Words
from riskmap.pipeline.map_layers import OFFERS
from riskmap.webmap import MapFiles
from riskmap.webmap.layer_of_values import ValueLayer
from riskmap.webmap.values import (
    FIXED,
    STEPS_A_CLASS,
    class_ends,
    describe,
    plane_of,
    value_bytes,
    value_plane,
)
from riskmap.webmap.words import layer_keys
from tests.webmap.tiny import tiny_tables

ENDS = [0.0, 1.0, 2.0, 4.0, 8.0, 20.0]
NUMBERS = st.floats(0, 20)


@given(NUMBERS)
def test_a_byte_lies_in_the_class_of_its_number(number):
    byte = int(value_bytes(np.array([number]), ENDS)[0])
    place = int(np.searchsorted(ENDS[1:-1], number, side="right"))
    assert (byte - 1) // STEPS_A_CLASS == place


@given(st.lists(NUMBERS, min_size=2, max_size=2))
def test_a_higher_number_never_has_a_lower_byte(pair):
    low, high = value_bytes(np.array(sorted(pair)), ENDS).tolist()
    assert low <= high


@given(NUMBERS)
def test_a_byte_tells_the_number_to_a_fiftieth_of_its_class(number):
    byte = int(value_bytes(np.array([number]), ENDS)[0]) - 1
    place, step = divmod(byte, STEPS_A_CLASS)
    width = ENDS[place + 1] - ENDS[place]
    told = ENDS[place] + (step + 0.5) / STEPS_A_CLASS * width
    assert abs(told - number) <= width / STEPS_A_CLASS


def test_a_number_beyond_the_ends_is_in_the_outer_class():
    assert value_bytes(np.array([-9.0, 99.0]), ENDS).tolist() == [1, 250]


def test_a_coarser_cell_is_no_data_where_less_than_half_is_known():
    area = np.array([1.0, 1.1])
    assert value_plane(np.array([1.0, np.nan]), area, ENDS).reduce(
        np.array([0])
    ).tolist() == [0]
    assert value_plane(np.array([np.nan, 1.0]), area, ENDS).reduce(
        np.array([0])
    ).tolist() == [51]


def test_classes_of_an_unlisted_layer_are_its_fifths():
    layer = ValueLayer(name="no_such_layer")
    ends = class_ends(np.arange(101.0), layer)
    assert ends == [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]


def test_a_layer_that_is_all_missing_still_has_classes():
    layer = ValueLayer(name="no_such_layer")
    ends = class_ends(np.full(3, np.nan), layer)
    assert len(ends) == 6
    assert value_bytes(np.full(3, np.nan), ends).tolist() == [0, 0, 0]


def test_a_word_that_is_no_class_is_no_data():
    layer = ValueLayer(name="trend", classes=("new", "gone"), colours=("#000", "#fff"))
    column = pd.Series(["new", "gone", "odd", None])
    plane = plane_of(column, np.ones(4), layer)
    assert plane.reduce(np.arange(4)).tolist() == [1, 2, 0, 0]
    assert describe(column, layer)["classes"] == ("new", "gone")


@pytest.mark.parametrize("name", FIXED)
def test_fixed_breaks_rise_and_belong_to_a_layer(name):
    assert len(FIXED[name]) == 4
    assert list(FIXED[name]) == sorted(set(FIXED[name]))
    assert name in {layer.name for layers in OFFERS.values() for layer in layers}


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    "layer", [one for layers in OFFERS.values() for one in layers], ids=lambda x: x.name
)
def test_every_layer_offered_has_words_in_both_languages(layer, lang):
    keys = (*layer_keys(layer), f"layer.{layer.name}.help")
    assert [key for key in keys if not Words(lang).has(key)] == []


def test_every_layer_of_the_catalogue_is_offered():
    offered = {layer.name for layers in OFFERS.values() for layer in layers}
    assert {layer.column.name for layer in LAYERS} <= offered


def test_a_saved_page_holds_only_what_is_meant_for_it():
    whole = MapFiles(tiny_tables(), whole=True).names()
    assert "overview.value-elevation_m" in whole
    assert "overview.value-evidence" not in whole
    assert "overview.value-evidence" in MapFiles(tiny_tables()).names()
