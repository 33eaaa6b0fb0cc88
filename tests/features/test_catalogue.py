"""The contract of every layer in the catalogue, walked over the list."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.messages.pofile import read_po

import riskmap
from riskmap.errors import UnknownNameError
from riskmap.features.catalogue import LAYERS
from riskmap.features.layer import PURPOSES, RECORDS, TABLES, UNITS, check_values

LOCALES = Path(riskmap.__file__).parent / "i18n" / "locales"
UNIT_ENDINGS = {
    "m": "_m",
    "km": "_km",
    "°": "_deg",
    "°C": "_c",
    "°C·d": "_degree_days",
    "mm/d": "_mm_per_day",
    "1/(100 km²·yr)": "_per_100km2_year",
    "yr": "_years",
}


def each(layers):
    return pytest.mark.parametrize("layer", list(layers), ids=lambda layer: layer.name)


EACH_LAYER = each(LAYERS)
EACH_RECORD_LAYER = each(layer for layer in LAYERS if layer.from_incidents)


def words(language):
    with (LOCALES / language / "layers.po").open("rb") as file:
        return {m.id: m.string for m in read_po(file) if m.id}


@EACH_LAYER
def test_layer_keeps_the_contract(layer, inputs):
    values = layer.compute(inputs)
    assert values.index.equals(inputs.cells.index)
    assert values.name == layer.column.name
    assert values.dtype == layer.column.dtype
    known = values.dropna()
    assert known.between(layer.column.lowest, layer.column.highest).all()
    assert layer.column.missing or len(known) == len(values)
    assert layer.compute(inputs).equals(values), (
        "the same inputs must give the same numbers"
    )
    check_values(layer, values, inputs.cells.index)


@EACH_LAYER
def test_layer_says_something_here(layer, inputs):
    assert layer.compute(inputs).notna().any()


@EACH_LAYER
def test_order_of_rows_is_of_no_matter(layer, inputs):
    backwards = {
        name: getattr(inputs, name).iloc[::-1] for name in TABLES if name != "cells"
    }
    turned = layer.compute(replace(inputs, **backwards))
    assert turned.equals(layer.compute(inputs))


@EACH_LAYER
def test_layer_reads_only_the_tables_it_names(layer, inputs):
    others = {name: None for name in TABLES if name not in layer.reads}
    assert layer.compute(replace(inputs, **others)).equals(layer.compute(inputs))


@each(layer for layer in LAYERS if layer.reads != ("cells",))
def test_without_its_tables_a_layer_is_missing_not_zero(layer, inputs):
    empty = {name: getattr(inputs, name).iloc[:0] for name in layer.reads[1:]}
    values = layer.compute(replace(inputs, **empty))
    assert values.isna().all()
    check_values(layer, values, inputs.cells.index)


@EACH_LAYER
def test_layer_answers_for_no_cells(layer, inputs):
    nowhere = replace(inputs, cells=inputs.cells.iloc[:0])
    assert len(layer.compute(nowhere)) == 0


# but a rate: an incident is shared out among the cells there are
@each(layer for layer in LAYERS if "events" not in layer.name)
def test_a_cell_has_the_same_value_whatever_other_cells_there_are(layer, inputs):
    few = replace(inputs, cells=inputs.cells.iloc[::3])
    pd.testing.assert_series_equal(
        layer.compute(few), layer.compute(inputs).iloc[::3], rtol=1e-12
    )


@EACH_LAYER
def test_layer_is_named_in_its_unit(layer):
    ending = UNIT_ENDINGS.get(layer.column.unit, "")
    assert layer.name.endswith(ending)
    assert layer.name == layer.name.lower()


@EACH_LAYER
def test_layer_states_what_it_is_and_where_it_comes_from(layer):
    assert layer.purpose in PURPOSES
    assert layer.column.meaning.endswith(".")
    assert layer.missing_rule.endswith(".")
    assert layer.source.name
    assert layer.reads[0] == "cells"


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_layer_and_unit_has_its_words(language):
    wanted = {f"layer.{layer.name}" for layer in LAYERS}
    wanted |= {f"layer.{layer.name}.help" for layer in LAYERS}
    wanted |= {f"unit.{word}" for word in UNITS.values()}
    wanted |= {layer.unit_key for layer in LAYERS}
    found = words(language)
    assert set(found) == wanted
    assert all(found.values())
    helps = [text for key, text in found.items() if key.endswith(".help")]
    assert all(text.endswith(".") and text.count(". ") == 0 for text in helps)


def test_names_are_unique():
    names = [layer.name for layer in LAYERS]
    assert len(set(names)) == len(names) >= 12


def test_a_layer_made_from_records_is_on_a_side_of_the_wall():
    for layer in LAYERS:
        assert layer.from_incidents == bool(set(layer.reads) & set(RECORDS))
        assert (layer.purpose == "neutral") == (not layer.from_incidents)


@EACH_RECORD_LAYER
def test_no_layer_sees_over_the_purpose_wall(layer, inputs):
    other = {"life_saving": "public_safety", "public_safety": "life_saving"}
    blind = replace(
        inputs,
        incidents=inputs.incidents[inputs.incidents["purpose"] == layer.purpose],
        coverage=inputs.coverage[inputs.coverage["purpose"] == layer.purpose],
    )
    assert layer.compute(blind).equals(layer.compute(inputs))
    deaf = replace(
        inputs,
        incidents=inputs.incidents.assign(purpose=other[layer.purpose]),
        coverage=inputs.coverage.assign(purpose=other[layer.purpose]),
    )
    assert layer.compute(deaf).isna().all()


@EACH_RECORD_LAYER
def test_no_layer_sees_the_future(layer, inputs):
    early = replace(inputs, as_of=pd.Timestamp("2020-03-01", tz="UTC"))
    known = inputs.incidents["occurred_on"] < early.as_of
    # dated the first of January, but it may have happened in December
    known &= inputs.incidents["time_precision"] != "year"
    past = replace(early, incidents=inputs.incidents[known])
    assert layer.compute(early).equals(layer.compute(past))


@EACH_RECORD_LAYER
def test_where_nobody_records_is_no_data_not_no_incidents(layer, inputs):
    values = layer.compute(inputs)
    watched = inputs.coverage[inputs.coverage["purpose"] == layer.purpose].iloc[0]
    inside = inputs.cells["km"].between(watched["from_km"], watched["to_km"])
    if watched["side"] != "both":
        inside &= inputs.cells["side"] != "US"
    assert inside.any()
    assert not inside.all()
    assert values.notna().equals(inside.rename(layer.name))


@EACH_RECORD_LAYER
def test_a_record_without_incidents_is_zero(layer, inputs):
    quiet = replace(inputs, incidents=inputs.incidents.iloc[:0])
    values = layer.compute(quiet)
    if "years" in layer.name:
        assert values.equals(layer.compute(inputs))
    else:
        assert np.unique(values.dropna()).tolist() == [0.0]


@pytest.mark.parametrize(
    "change", [{"purpose": "surveillance"}, {"reads": ("persons",)}]
)
def test_a_layer_of_unknown_purpose_or_table_is_refused(change):
    with pytest.raises(UnknownNameError) as caught:
        replace(LAYERS[0], **change)
    assert caught.value.fields["value"] in {"surveillance", "persons"}


def test_a_layer_in_a_unit_without_a_word_is_refused():
    column = replace(LAYERS[0].column, unit="furlong")
    with pytest.raises(UnknownNameError):
        replace(LAYERS[0], column=column)
