"""Linkage: the same event twice is found, with reasons that add up."""

import itertools
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage import _as_records, pairs_of, planted, score
from riskmap.errors import OptionError
from riskmap.linkage import (
    LINK_TABLE,
    PARTS,
    LinkageOptions,
    candidates,
    link_id,
    propose_links,
)
from riskmap.linkage.assignment import assign
from riskmap.linkage.levels import EXPECTED, GROUP_NUMBERS, NUMBER
from riskmap.schema import check_table, empty_table

DAY_0 = pd.Timestamp("2019-06-01", tz="UTC")


@pytest.fixture(scope="module")
def sample():
    records, truth = planted(1)
    return records, truth, propose_links(records)


def crowd(size, source, seed):
    """Records of one source, at random over Arizona and ten years."""
    rng = np.random.default_rng(seed)
    events = {
        "occurred_on": DAY_0 + pd.to_timedelta(rng.integers(0, 3_650, size), unit="D"),
        "kind": ["migrant_death"] * size,
        "cause": ["exposure"] * size,
        "dead": [1] * size,
    }
    x, y = rng.uniform(-114, -109, size), rng.uniform(31.3, 33, size)
    table = _as_records(events, x, y, source)
    table["accuracy_m"] = 100.0
    table.index = source + ":" + table.index
    return table


def together(*tables):
    whole = gpd.GeoDataFrame(pd.concat(tables), crs="EPSG:4326")
    return whole.sort_index().rename_axis("event_id")


def copy_of(table, rows, source):
    """The same events as another source would hold them."""
    copied = table.iloc[rows].copy()
    copied["source"] = pd.array([source] * len(rows), dtype="str")
    copied.index = [f"{source}:c{n}" for n in range(len(rows))]
    return copied


def test_planted_pairs_are_found_and_near_ones_left_apart(sample):
    _, truth, links = sample
    found = score("", pairs_of(links), truth)
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.96


def test_the_weights_add_up_to_the_odds(sample):
    *_, links = sample
    parts = links[[f"{part}_bits" for part in PARTS]].sum(axis=1)
    assert np.allclose(parts, links["total_bits"])
    odds = np.exp2(np.minimum(links["total_bits"], 100))
    assert np.allclose(links["probability"], odds / (1 + odds))


def test_a_probability_is_about_how_often_a_pair_is_true():
    told, true = [], []
    for seed in (2, 3, 4):
        records, truth = planted(seed)
        links = propose_links(records)
        told += links["probability"].tolist()
        true += [
            tuple(sorted(pair)) in truth
            for pair in zip(links["one"], links["other"], strict=True)
        ]
    assert np.mean(told) == pytest.approx(np.mean(true), abs=0.02)


def test_the_links_keep_their_contract(sample):
    *_, links = sample
    check_table(links, LINK_TABLE, name="links")
    assert links.index.is_unique
    assert links.index.is_monotonic_increasing
    assert not links["one"].duplicated().any()
    assert not links["other"].duplicated().any()


def test_the_order_of_rows_does_not_matter(sample):
    records, _, links = sample
    pd.testing.assert_frame_equal(propose_links(records.iloc[::-1]), links)


def test_identifiers_are_not_compared(sample):
    records, _, links = sample
    # in the same order, so that ties fall the same way
    fresh = {old: f"{old.split(':')[0]}:{n:06d}" for n, old in enumerate(records.index)}
    again = propose_links(records.rename(index=fresh))
    renamed = {
        link_id(fresh[a], fresh[b])
        for a, b in zip(links["one"], links["other"], strict=True)
    }
    assert renamed == set(again.index)
    assert sorted(again["total_bits"]) == pytest.approx(sorted(links["total_bits"]))


def test_fifty_duplicates_among_two_hundred_distinct_pairs():
    one = crowd(250, "a", 5)
    twins = copy_of(one, range(50), "b")
    near = copy_of(one, range(50, 250), "b").assign(
        occurred_on=lambda table: table["occurred_on"] + pd.Timedelta(days=10)
    )
    near.index = [f"b:n{n}" for n in range(200)]
    links = propose_links(together(one, twins, near))
    truth = {(f"a:{n:05d}", f"b:c{n}") for n in range(50)}
    found = score("", pairs_of(links), truth)
    assert found["precision"] >= 0.95
    assert found["recall"] >= 0.95


def test_sources_without_a_common_event_are_hardly_linked():
    links = propose_links(together(crowd(2_000, "a", 6), crowd(2_000, "b", 7)))
    assert len(links) <= 4


def test_records_of_one_source_are_not_linked():
    one = crowd(200, "a", 8)
    assert propose_links(together(one, copy_of(one, range(50), "a"))).empty


def test_no_link_crosses_the_purpose_wall():
    one = crowd(200, "a", 8)
    other = copy_of(one, range(50), "b")
    other["purpose"] = pd.array(["public_safety"] * 50, dtype="str")
    assert propose_links(together(one, other)).empty


def test_one_record_that_could_be_either_of_two_waits_for_a_person():
    one = crowd(200, "a", 9)
    other = copy_of(one, [*range(50), 0], "b")
    links = propose_links(together(one, other))
    mine = links[links["one"].eq("a:00000") | links["other"].eq("a:00000")]
    assert mine["state"].tolist() == ["possible"]
    assert mine["probability"].tolist() == pytest.approx([0.5], abs=0.01)
    assert mine["rivals_bits"].iloc[0] < -5
    assert (links["state"] == "sure").sum() == 49


def test_bodies_found_together_in_both_sources_are_sure():
    one = crowd(200, "a", 10)
    four = copy_of(one, [0, 0, 0], "a")
    four.index = ["a:d0", "a:d1", "a:d2"]
    other = copy_of(one, [*range(50), 0, 0, 0], "b")
    links = propose_links(together(one, four, other))
    assert (links["state"] == "sure").sum() == 53


def test_the_same_point_says_less_where_many_records_lie():
    one = crowd(400, "a", 11)
    # a hundred records of other days, all put at the town's middle
    town = one.geometry.iloc[0]
    one.loc[one.index[:100], "geometry"] = town
    other = copy_of(one, range(400), "b")
    links = propose_links(together(one, other)).set_index("one")
    in_town = links.index.isin(one.index[:100])
    bits = links["place_bits"]
    assert in_town.sum() > 50
    assert bits[in_town].max() + 5 < bits[~in_town].min()


def test_a_vague_place_says_less_than_a_fine_one():
    one = crowd(300, "a", 12)
    other = copy_of(one, range(300), "b")
    other["geometry"] = other.geometry.translate(0.0005)
    fine = propose_links(together(one, other))
    other["accuracy_m"] = 10_000.0
    vague = propose_links(together(one, other))
    assert vague["place_bits"].median() + 5 < fine["place_bits"].median()


def test_nothing_is_linked_where_nothing_is():
    links = propose_links(empty_table(LINK_TABLE, index="event_id"))
    check_table(links, LINK_TABLE, name="links")


def test_the_shares_of_a_group_add_up():
    for group in GROUP_NUMBERS:
        assert EXPECTED[group].sum() == pytest.approx(1)


def test_the_shares_of_places_are_those_of_a_normal_error():
    first = NUMBER["place_within_1"]
    edges = np.exp(-(np.arange(5) ** 2) / 2)
    normal = 0.7 * -np.diff(edges)
    assert EXPECTED[first : first + 4] == pytest.approx(normal, abs=0.002)


@pytest.mark.parametrize(("possible", "sure"), [(0.0, 0.9), (0.9, 0.5), (0.5, 1.0)])
def test_options_out_of_range_are_refused(possible, sure):
    with pytest.raises(OptionError):
        LinkageOptions(possible_from=possible, sure_from=sure)


@given(st.lists(st.integers(1, 20), min_size=9, max_size=9))
def test_the_assignment_is_the_best_there_is(values):
    gains = np.array(values, dtype=float).reshape(3, 3)
    rows, others = (index.ravel() for index in np.indices((3, 3)))
    chosen = assign(rows, others, gains.ravel())
    best = max(
        sum(gains[row, column] for row, column in enumerate(columns))
        for columns in itertools.permutations(range(3))
    )
    assert gains.ravel()[chosen].sum() == best
    assert len(set(rows[chosen])) == len(set(others[chosen])) == chosen.sum()


def many_sources(records, number):
    """The same records, each said by one of many sources."""
    drawn = np.random.default_rng(0).integers(0, number, len(records))
    named = pd.array([f"s{n:03d}" for n in drawn], dtype="str")
    return records.assign(source=named)


def test_small_sources_are_measured_whole_to_the_same_links(sample, monkeypatch):
    records = many_sources(sample[0], 12)
    measured = propose_links(records)
    monkeypatch.setattr(candidates, "MOST_MEASURED", 0)
    monkeypatch.setattr(candidates, "LEAST_PART", 1)
    pd.testing.assert_frame_equal(propose_links(records), measured, check_exact=True)


def test_many_sources_cost_little_each(sample):
    # 2,016 pairs of sources took 26 s of processor time when each was searched anew
    records = many_sources(sample[0], 64)
    start = time.process_time()
    propose_links(records)
    assert time.process_time() - start < 10
