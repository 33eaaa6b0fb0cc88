"""Suppression hides about as few as possible, and nobody narrows a small count."""

from dataclasses import replace

import numpy as np
import pytest

from riskmap.sharing.lattice import equations
from riskmap.sharing.readers import Readers
from riskmap.sharing.release import build_release
from riskmap.sharing.suppression import suppress
from riskmap.sharing.worlds import Needs, System, exposed, intervals
from tests.sharing.attacker import NOTHING, attack, narrowed, profile, world
from tests.sharing.small_tables import fewest_hidden, flat_tree, small_system

# of the issue: hidden counts, as a multiple of the fewest possible
MOST_TIMES_THE_FEWEST = 1.5


def hand_made(counts, k=11):
    counts = np.array(counts)
    needs = Needs(
        low=np.zeros(counts.size, dtype=np.int64),
        high=np.full(counts.size, k - 1),
        protected=counts < k,
    )
    trees = [flat_tree(counts.size - 1), flat_tree(0), flat_tree(0)]
    sums = equations(trees)
    return System(sums=sums, counts=counts, known=counts >= k), needs


def test_one_small_count_takes_another_with_it():
    system, needs = hand_made([45, 12, 30, 3])
    known = suppress(system, needs, np.ones(4, bool)).known
    assert known.tolist() == [True, False, True, False]


def test_zero_is_protected_as_a_small_count_is():
    # all of the total lies in one part: showing it would show that the others are 0
    system, needs = hand_made([12, 12, 0, 0])
    known = suppress(system, needs, np.ones(4, bool)).known
    assert known.sum() == 1


def test_six_and_five_hide_their_eleven():
    # whoever sees 11 and two parts of 0 to 10 knows that neither part is 0: the
    # total and the parts are hidden alike, and may all be anything
    system, needs = hand_made([11, 6, 5])
    found = suppress(system, needs, np.ones(3, bool))
    low, high = intervals(replace(system, known=found.known), np.array([1, 2]))
    assert low.tolist() == [0, 0]
    assert (high >= 10).all()


def test_what_readers_hold_already_cannot_be_hidden_and_is_told():
    system, needs = hand_made([45, 12, 30, 3])
    found = suppress(system, needs, np.zeros(4, bool))
    assert found.exposed.tolist() == [3]


@pytest.mark.parametrize("seed", range(8))
def test_hides_little_more_than_the_fewest_possible(seed):
    system, needs = small_system(np.random.default_rng([17, seed]))
    found = suppress(system, needs, np.ones(system.counts.size, bool))
    assert found.exposed.size == 0
    bad = exposed(replace(system, known=found.known), needs)
    assert not bad[0].size
    assert not bad[1].size
    hidden = int((~found.known).sum())
    assert hidden <= MOST_TIMES_THE_FEWEST * max(fewest_hidden(system, needs), 1)


def test_a_world_of_releases_gives_the_attacker_nothing():
    told = attack(1, seed=41, rounds=5)
    assert told["narrowed"] == 0
    assert told["shown"] > 0


def test_the_attacker_finds_what_a_careless_release_gives_away():
    block = world(np.random.default_rng(3))
    careless = Readers(smallest_count=1, dominance=1.0, held=NOTHING)
    some = profile("TLP:AMBER+STRICT", 1, (3, 4), "quarter")
    table = build_release([block], some, [careless], periods=block.periods.names)
    large = table.assign(
        state=table["state"].where(table["events"] >= 11, "protected").astype("str")
    )
    assert narrowed(block, [("TLP:CLEAR", large)], ("TLP:CLEAR",), 11)
