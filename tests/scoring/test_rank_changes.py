"""Rank changes: hand-worked ranks, parts and doubt; nothing is invented."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import TableContractError
from riskmap.scoring.rank_changes import compare_scores, compare_values


def scores(values, width=0.5):
    """Scores of cells 1, 2, …, each with an interval of half and one and a half."""
    values = np.asarray(values, dtype=np.float64)
    table = pd.DataFrame(
        {"s": values, "s_low": values * (1 - width), "s_high": values * (1 + width)},
        index=pd.Index(np.arange(1, len(values) + 1, dtype=np.uint64), name="cell"),
    )
    ranks = table["s"].rank(method="first", ascending=False)
    table["s_rank"] = ranks.astype("Int64")
    return table


def reasons(rows):
    columns = ["cell", "part", "value"]
    return pd.DataFrame(rows, columns=columns).astype({"cell": "uint64"})


NONE = reasons([])


def test_places_gained_and_lost_are_counted_from_the_highest():
    found = compare_scores(
        scores([3, 2, 1]), scores([1, 2, 3]), (NONE, NONE), score="s"
    )
    assert found["rank_before"].tolist() == [1, 2, 3]
    assert found["rank_after"].tolist() == [3, 2, 1]
    assert found["rank_change"].tolist() == [-2, 0, 2]
    assert found["change"].tolist() == [-2.0, 0.0, 2.0]


def test_the_part_that_changed_most_is_named_with_its_sign():
    before = reasons([(1, "near_recent", 2.0), (1, "place", 1.0)])
    after = reasons([(1, "near_recent", 0.5), (1, "place", 2.0)])
    found = compare_scores(scores([3]), scores([2.5]), (before, after), score="s")
    assert found["part"].tolist() == ["near_recent"]
    assert found["part_change"].tolist() == [-1.5]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (1.0, 1.0, "same"),
        # 1.4 lies in 0.5 to 1.5
        (1.0, 1.4, "within"),
        # 1.8 does not lie in 0.5 to 1.5, but 1.0 lies in 0.9 to 2.7
        (1.0, 1.8, "within"),
        # 3 does not lie in 0.5 to 1.5, nor 1 in 1.5 to 4.5
        (1.0, 3.0, "beyond"),
        (np.nan, 1.0, "no_data"),
        (1.0, np.nan, "no_data"),
        (np.nan, np.nan, "no_data"),
    ],
)
def test_a_change_is_beyond_the_doubt_only_if_neither_figure_is_in_the_other(
    before, after, told
):
    found = compare_scores(scores([before]), scores([after]), (NONE, NONE), score="s")
    assert found["doubt"].tolist() == [told]


def test_no_data_in_one_of_two_maps_is_no_change():
    found = compare_scores(scores([np.nan, 1]), scores([4, 1]), (NONE, NONE), score="s")
    assert np.isnan(found["change"].iloc[0])
    assert found["rank_change"].isna().tolist() == [True, False]
    assert found["part"].tolist() == ["", ""]


def test_maps_of_other_cells_are_refused():
    with pytest.raises(TableContractError):
        compare_scores(scores([1, 2]), scores([1]), (NONE, NONE), score="s")


def test_a_number_without_interval_is_never_called_beyond_or_within():
    index = pd.Index([1, 2, 3], dtype="uint64", name="cell")
    one = pd.Series([0.3, 0.2, np.nan], index=index, name="heat_chance")
    other = pd.Series([0.1, 0.2, 0.5], index=index, name="heat_chance")
    found = compare_values(one, other)
    assert found["doubt"].tolist() == ["untold", "same", "no_data"]
    assert found["rank_change"].iloc[0] == 1 - 3


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=9))
def test_a_comparison_turned_round_is_the_same_with_its_signs_turned(pairs):
    one, other = (scores(column) for column in zip(*pairs, strict=True))
    there = compare_scores(one, other, (NONE, NONE), score="s")
    back = compare_scores(other, one, (NONE, NONE), score="s")
    assert (there["rank_change"] == -back["rank_change"]).all()
    assert there["change"].to_numpy() == pytest.approx(-back["change"].to_numpy())
    assert there["doubt"].tolist() == back["doubt"].tolist()
