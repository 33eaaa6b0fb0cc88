"""Building the feature table: order, progress, and contracts that are kept."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap import cells
from riskmap.errors import CellIndexError, TableContractError, UnknownNameError
from riskmap.features.build import build_features, layers_named
from riskmap.features.catalogue import LAYERS
from riskmap.schema import check_table

SLOPE = layers_named(["slope_deg"])[0]


def test_the_table_has_a_column_for_each_layer_on_the_cells(inputs):
    table = build_features(inputs)
    assert table.index.equals(inputs.cells.index)
    assert table.index.dtype == np.uint64
    assert table.index.name == cells.NAME
    assert table.columns.tolist() == [layer.name for layer in LAYERS]
    check_table(table, [layer.column for layer in LAYERS], name="features")


def test_some_layers_alone_are_as_with_all(inputs):
    some = layers_named(["july_tmax_c", "distance_to_canal_km"])
    table = build_features(inputs, some)
    pd.testing.assert_frame_equal(table, build_features(inputs)[list(table.columns)])


def test_progress_is_told_from_none_to_all(inputs):
    told = []
    build_features(inputs, LAYERS[:3], progress=lambda *step: told.append(step))
    assert told == [("features", done, 3) for done in range(4)]


def test_no_layers_make_a_table_without_columns(inputs):
    assert build_features(inputs, ()).shape == (len(inputs.cells), 0)


def test_a_layer_that_is_not_there_is_refused_with_the_list():
    with pytest.raises(UnknownNameError) as caught:
        layers_named(["slope_deg", "nationality"])
    assert caught.value.fields["value"] == "nationality"
    assert "slope_deg" in caught.value.fields["known"]


def test_two_layers_of_one_name_are_refused(inputs):
    with pytest.raises(TableContractError):
        build_features(inputs, (SLOPE, SLOPE))


def test_cells_out_of_order_are_refused(inputs):
    turned = replace(inputs, cells=inputs.cells.iloc[::-1])
    with pytest.raises(TableContractError):
        build_features(turned, (SLOPE,))


def test_cells_that_became_floats_are_refused(inputs):
    table = inputs.cells.set_axis(inputs.cells.index.astype("float64"))
    with pytest.raises(CellIndexError):
        build_features(replace(inputs, cells=table), (SLOPE,))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda values: values.rename("steepness"), "must be named"),
        (lambda values: values.iloc[1:], "index"),
        (lambda values: values.astype("float32"), "float64"),
        (lambda values: values + 90, "at most 90"),
        (lambda values: -values - 1, "at least 0"),
        (lambda values: values * np.inf, "finite"),
    ],
)
def test_a_layer_that_breaks_its_contract_is_named(inputs, spoil, complaint):
    broken = replace(SLOPE, compute=lambda given: spoil(SLOPE.compute(given)))
    with pytest.raises(TableContractError, match=complaint) as caught:
        build_features(inputs, (broken,))
    assert caught.value.fields["table"] == "slope_deg"


def test_a_layer_that_promised_no_gaps_may_have_none(inputs):
    column = replace(SLOPE.column, missing=False)
    with pytest.raises(TableContractError, match="missing"):
        build_features(inputs, (replace(SLOPE, column=column),))
