"""Differences: none in what is equal, each named once, the same from both sides."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.sharing.difference import ABSENT, PRESENT, RECORD, differences
from riskmap.sharing.markings import LABELS, Marking, never_lowered, rank_of

FIELDS = ["n", "word"]

names = st.sampled_from([f"c{n}" for n in range(6)])
values = st.none() | st.floats(-5, 5, allow_nan=False).map(lambda v: round(v, 2))


@st.composite
def tables(draw):
    held = draw(st.dictionaries(names, st.tuples(values, st.text(max_size=3))))
    index = pd.Index(sorted(held), dtype="str")
    return pd.DataFrame(
        {
            "n": pd.array([held[name][0] for name in index], dtype="float64"),
            "word": pd.array([held[name][1] for name in index], dtype="str"),
        },
        index=index,
    )


def compared(ours, theirs):
    return differences(ours, theirs, family="cell", fields=FIELDS)


@settings(deadline=None)
@given(tables())
def test_equal_tables_have_no_difference(table):
    assert compared(table, table.copy()).empty


@settings(deadline=None)
@given(tables(), tables())
def test_the_other_side_sees_the_same_with_sides_changed(ours, theirs):
    here, there = compared(ours, theirs), compared(theirs, ours)
    turned = there.rename(columns={"ours": "theirs", "theirs": "ours"})
    assert here.equals(turned[here.columns])


@settings(deadline=None)
@given(tables(), tables())
def test_each_difference_is_found_as_a_plain_loop_finds_it(ours, theirs):
    wanted = set()
    for name in {*ours.index, *theirs.index}:
        if name not in ours.index or name not in theirs.index:
            wanted.add((f"cell/{name}", RECORD))
            continue
        for field in FIELDS:
            one, two = ours.loc[name, field], theirs.loc[name, field]
            missing = pd.isna(one) and pd.isna(two)
            if not missing and one != two:
                wanted.add((f"cell/{name}", field))
    found = compared(ours, theirs)
    assert set(zip(found["item"], found["field"], strict=True)) == wanted
    assert len(found) == len(wanted)


def test_a_record_that_only_one_side_has_is_one_difference():
    ours = pd.DataFrame({"n": [1]}, index=["a"])
    found = compared(ours, ours.iloc[:0])
    assert found.to_numpy().tolist() == [["cell/a", RECORD, PRESENT, ABSENT]]


labels = st.sampled_from(LABELS)


@settings(deadline=None)
@given(st.lists(labels, min_size=1, max_size=6))
def test_no_number_of_round_trips_lowers_a_marking(trips):
    ours = Marking.read(trips[0], originator="US")
    back = ours
    for label in trips[1:]:
        back = never_lowered(Marking.read(label, originator="MX"), back)
        assert rank_of(back.label) >= rank_of(ours.label)
