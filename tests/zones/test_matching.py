"""Matching zones: by the cells they share, each in one pair at most."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from riskmap.zones import match_zones


def members(zones):
    rows = [(cell, zone) for zone, cells in zones.items() for cell in cells]
    return pd.DataFrame(rows, columns=["cell", "zone_id"])


def test_a_zone_goes_with_the_one_that_shares_most_of_its_cells():
    before = members({"a": [1, 2, 3, 4], "b": [5, 6]})
    after = members({"x": [1, 2, 3, 5], "y": [4, 6]})
    found = match_zones(before, after)
    # a and x share 3 of 5; b and y 1 of 3; a and y 1 of 5; b and x 1 of 5
    assert found["zone_before"].tolist() == ["a", "b"]
    assert found["zone_after"].tolist() == ["x", "y"]
    assert found["shared"].tolist() == [3 / 5, 1 / 3]


def test_zones_that_share_less_than_a_tenth_are_different_zones():
    before = members({"a": range(10)})
    after = members({"x": range(9, 20)})
    assert match_zones(before, after)["zone_after"].tolist() == ["", "x"]


def test_maps_without_zones_have_no_pairs():
    assert match_zones(members({}), members({})).empty


ZONES = st.dictionaries(
    st.sampled_from("abcd"), st.sets(st.integers(0, 9), min_size=1), max_size=4
)


@given(ZONES, ZONES)
def test_every_zone_stands_in_one_row(before, after):
    found = match_zones(members(before), members(after))
    for name, zones in (("zone_before", before), ("zone_after", after)):
        told = [zone for zone in found[name] if zone]
        assert sorted(told) == sorted(zones)
