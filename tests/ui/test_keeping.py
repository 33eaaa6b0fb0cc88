"""Answers kept for as long as what they were made from."""

import gc
import weakref

import numpy as np
import pytest

from riskmap.i18n import Words
from riskmap.ui import keeping
from riskmap.ui.keeping import once_for


class Source:
    """Anything that many people look at."""


@pytest.fixture
def asked():
    """What a kept function was asked, and the function."""
    calls = []

    @once_for
    def answer(_, *given, **named):
        calls.append((given, named))
        return object()

    return calls, answer


def test_the_same_question_is_answered_once_and_for_each_source_apart(asked):
    calls, answer = asked
    one, other = Source(), Source()
    assert answer(one, "a") is answer(one, "a")
    assert answer(one, "a") is not answer(other, "a")
    assert answer(one, "a") is not answer(one, "b")
    assert answer(one, only=np.array([1])) is answer(one, only=np.array([1]))
    assert answer(one, only=np.array([1])) is not answer(one, only=np.array([2]))
    assert len(calls) == 5


def test_each_language_has_answers_of_its_own(asked):
    _, answer = asked
    source = Source()
    spanish = answer(source, Words("es"))
    assert spanish is answer(source, Words("es"))
    assert spanish is not answer(source, Words("en"))


def test_answers_end_with_their_source(asked):
    _, answer = asked
    source = Source()
    answer(source)
    gone = weakref.ref(source)
    del source
    gc.collect()
    assert gone() is None


def test_no_more_than_so_many_are_kept(asked, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    calls, answer = asked
    source = Source()
    for number in range(4):
        answer(source, number)
    answer(source, 0)
    assert len(calls) == 5


def test_a_failure_is_not_kept():
    @once_for
    def fail(source):
        raise ValueError(source.reason)

    source = Source()
    for source.reason in ("first", "second"):
        with pytest.raises(ValueError, match=source.reason):
            fail(source)
