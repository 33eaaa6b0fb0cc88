"""Markings combine to the strictest and are never lowered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import MarkingError
from riskmap.sharing.markings import (
    LABELS,
    OPEN,
    PURPOSES,
    Marking,
    never_lowered,
    rank_of,
    strictest,
)

NAMES = ("US", "MX", "Cruz Roja")

markings = st.builds(
    Marking,
    label=st.sampled_from(LABELS),
    releasable_to=st.none() | st.frozensets(st.sampled_from(NAMES)),
    purpose=st.sampled_from(PURPOSES),
)


def who_may(marking):
    named = marking.releasable_to
    return set(NAMES) if named is None else set(named)


def test_unmarked_is_amber_strict_for_its_originator_only():
    for text in ("", "  "):
        unmarked = Marking.read(text, originator="MX")
        assert unmarked.label == "TLP:AMBER+STRICT"
        assert unmarked.releasable_to == {"MX"}


@pytest.mark.parametrize("text", ["TLP:WHITE", "tlp:red", "TLP: RED", "AMBER", "TLP"])
def test_a_label_that_is_not_of_tlp_2_is_refused(text):
    with pytest.raises(MarkingError) as caught:
        Marking.read(text, originator="US")
    assert caught.value.fields["value"] == text


@given(markings)
def test_a_marking_survives_its_text(marking):
    back = Marking.read(marking.text(), originator="XX", purpose=marking.purpose)
    without_owner = (back.releasable_to or frozenset()) - {"XX"}
    assert back.label == marking.label
    assert (back.releasable_to is None) == (marking.releasable_to is None)
    assert without_owner == (marking.releasable_to or frozenset())


@given(markings, markings, markings)
def test_combining_is_of_no_order_and_never_opens(one, two, three):
    whole = strictest([one, two, three])
    assert whole == strictest([three, one, two]) == strictest([one, two, three, whole])
    assert rank_of(whole.label) == max(rank_of(m.label) for m in (one, two, three))
    assert who_may(whole) == who_may(one) & who_may(two) & who_may(three)


@given(markings)
def test_clear_changes_nothing(marking):
    assert strictest([OPEN, marking]) == marking


@given(markings, markings)
def test_what_comes_back_is_never_marked_lower(theirs, ours):
    kept = never_lowered(theirs, ours)
    assert rank_of(kept.label) >= rank_of(ours.label)
    assert who_may(kept) <= who_may(ours)
    assert kept.purpose == ours.purpose
