"""Merging: what persons decide holds, nothing is lost, one record is shown."""

import pandas as pd
import pytest

from riskmap.linkage import (
    DECISION_TABLE,
    MEMBER_TABLE,
    decide,
    decision_row,
    link_id,
    merge_records,
    propose_links,
)
from riskmap.schema import check_table, empty_table
from tests.linkage.test_linking import copy_of, crowd, together

AT = "2026-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def three():
    """Three sources that hold the same thirty of a hundred events."""
    one = crowd(100, "a", 20)
    records = together(one, copy_of(one, range(30), "b"), copy_of(one, range(30), "c"))
    return records, propose_links(records)


def decided(*rows):
    if not rows:
        return empty_table(DECISION_TABLE, index="row").reset_index(drop=True)
    return pd.concat(
        [decision_row(*pair, decision, "", AT) for *pair, decision in rows],
        ignore_index=True,
    )


def test_three_records_of_an_event_are_one_incident(three):
    records, links = three
    incidents, members = merge_records(records, links)
    assert len(incidents) == 100
    assert members["records"].value_counts().to_dict() == {3: 90, 1: 70}
    check_table(members, MEMBER_TABLE, name="members")


def test_every_record_is_found_again(three):
    records, links = three
    incidents, members = merge_records(records, links)
    assert list(members.index) == list(records.index)
    assert set(members["incident_id"]) == set(incidents.index)
    shown = members[members["shown"]]
    assert list(shown.index) == list(incidents.index)
    assert (shown["incident_id"] == shown.index).all()


def test_the_record_whose_place_is_known_best_is_shown(three):
    records, links = three
    finer = records.assign(
        accuracy_m=records["accuracy_m"].where(records["source"] != "c", 10.0)
    )
    incidents, _ = merge_records(finer, links)
    assert (incidents["source"] == "c").sum() == 30


def test_counts_that_disagree_stay_side_by_side(three):
    records, links = three
    more = records.assign(dead=records["dead"].where(records["source"] != "b", 2))
    incidents, members = merge_records(more, links)
    incident = members[members["records"] == 3]["incident_id"].iloc[0]
    mine = more.loc[members.index[members["incident_id"] == incident]]
    assert sorted(mine["dead"]) == [1, 1, 2]
    assert incidents.loc[incident, "dead"] in (1, 2)


def test_a_rejected_link_keeps_its_records_apart_until_that_is_undone(three):
    records, links = three
    pair = tuple(links[["one", "other"]].iloc[0])
    rejected = decide(links, decided((*pair, "reject")), records["source"])
    assert rejected.loc[link_id(*pair), "state"] == "rejected"
    again = decided((*pair, "reject"), (*pair, "undo"))
    pd.testing.assert_frame_equal(decide(links, again, records["source"]), links)


def test_a_person_may_link_what_no_weight_would(three):
    records, links = three
    pair = ("a:00050", "a:00051")
    made = decide(links, decided((*pair, "accept")), records["source"])
    assert made.loc[link_id(*pair), "state"] == "accepted"
    assert pd.isna(made.loc[link_id(*pair), "probability"])
    incidents, members = merge_records(records, made)
    assert len(incidents) == 99
    assert members.loc["a:00051", "incident_id"] == "a:00050"


def test_a_sure_link_gives_way_to_what_a_person_decided(three):
    records, links = three
    # b:c0 is a:00000 by weight; a person says it is a:00001
    pair = ("a:00001", "b:c0")
    made = decide(links, decided((*pair, "accept")), records["source"])
    assert "displaced" in set(made["state"])
    _, members = merge_records(records, made)
    for _, group in members.groupby("incident_id"):
        assert not group["source"].duplicated().any()
    assert members.loc["a:00001", "incident_id"] == members.loc["b:c0", "incident_id"]


def test_decisions_on_records_that_are_gone_wait(three):
    records, links = three
    made = decide(links, decided(("x:1", "y:1", "accept")), records["source"])
    pd.testing.assert_frame_equal(made, links)
