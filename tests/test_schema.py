"""Columns: what a table must hold, and every fault in one report."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import TableContractError
from riskmap.schema import Column, check_table, column_faults

SHARE = Column(name="share", dtype="float64", lowest=0, highest=1)
SIDE = Column(name="side", dtype="str", values=("US", "MX"))
COUNT = Column(name="count", dtype="int64", lowest=1)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (SHARE, pd.Series([0.0, 1.0])),
        (SIDE, pd.Series(["US", "MX"], dtype="str")),
        (COUNT, pd.Series([1, 2])),
        (
            Column(name="a", dtype="float64", missing=True, lowest=0),
            pd.Series([np.nan, 1.0]),
        ),
        (
            Column(name="a", dtype="Int64", missing=True),
            pd.Series([1, None], dtype="Int64"),
        ),
        (Column(name="a", dtype="str", missing=True), pd.Series([None], dtype="str")),
        (Column(name="a", dtype="float64"), pd.Series([], dtype="float64")),
    ],
)
def test_columns_that_keep_their_contract_have_no_faults(column, values):
    assert column_faults(values, column) == ()


@pytest.mark.parametrize(
    ("column", "values", "fault"),
    [
        (SHARE, pd.Series([1, 0]), "share must be float64, got int64"),
        (SHARE, pd.Series([np.nan, 0.5]), "share must not be missing, got 1"),
        (SHARE, pd.Series([-0.5]), "share must be at least 0, got -0.5"),
        (SHARE, pd.Series([1.5]), "share must be at most 1, got 1.5"),
        (
            SIDE,
            pd.Series(["both", "US"], dtype="str"),
            "side must be one of ('US', 'MX'), got ['both']",
        ),
        (COUNT, pd.Series([0]), "count must be at least 1, got 0"),
        (
            Column(name="a", dtype="float64"),
            pd.Series([np.inf]),
            "a must be finite",
        ),
    ],
)
def test_a_fault_says_what_must_be_and_what_was_got(column, values, fault):
    assert column_faults(values, column) == (fault,)


def test_all_faults_are_reported_at_once():
    table = pd.DataFrame({"share": [2.0], "count": [0]})
    with pytest.raises(TableContractError) as caught:
        check_table(table, [SHARE, SIDE, COUNT], name="cells")
    faults = str(caught.value.fields["faults"])
    assert caught.value.fields["table"] == "cells"
    assert "share must be at most 1" in faults
    assert "side is missing" in faults
    assert "count must be at least 1" in faults


def test_columns_that_the_list_does_not_name_are_allowed():
    check_table(pd.DataFrame({"share": [0.5], "more": ["x"]}), [SHARE], name="cells")
