"""Suppression hides about as few as possible, and nobody narrows a small count."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap.sharing.lattice import equations
from riskmap.sharing.readers import Readers
from riskmap.sharing.release import build_release
from riskmap.sharing.suppression import suppress
from riskmap.sharing.worlds import Needs, System, exposed, intervals
from tests.sharing import torture
from tests.sharing.attacker import (
    CELLS,
    NOTHING,
    SOURCES,
    attack,
    block_of,
    narrowed,
    profile,
    trees,
    world,
)
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
    told = attack(2, seed=41)
    assert told["narrowed"] == 0
    assert told["shown"] > 0
    assert told["corrections"] > 0


# three deaths and forty rescues in the first quarter, thirty deaths in the second
FEW, MANY = (0, 3, 1, 1), (0, 3, 2, 1)
HERE, UP = CELLS[0x8348E8FFFFFFFFF], 0x8348E8FFFFFFFFF


def small_world(also=()):
    leaves = np.zeros((SOURCES, *map(len, trees())), dtype=np.int64)
    for at, number in [(FEW, 3), (MANY, 40), ((0, 3, 1, 2), 30), *also]:
        # of many sources alike, so that none owns a count
        leaves[(slice(None), *at[1:])] = number // SOURCES
        leaves[at] += number % SOURCES
    return leaves


def told_of(block, *rows):
    """Write what a careless publisher shows: cell, kind, period."""
    table = pd.DataFrame(rows, columns=["cell", "kind", "period"])
    places = [
        (block.places.place[c], block.kinds.place[k], block.periods.place[p])
        for c, k, p in rows
    ]
    return table.assign(state="shown", events=[int(block.counts[at]) for at in places])


def finds(block, *tables, label="TLP:CLEAR"):
    released = [(label, table) for table in tables]
    return narrowed(block, released, ("TLP:CLEAR", "TLP:AMBER"), 11)


def test_nobody_narrows_what_nothing_was_told_of():
    assert not finds(block_of(small_world()))


def test_the_attacker_differences_time():
    block = block_of(small_world())
    year, quarter = (HERE[0], "death", "2019"), (HERE[0], "death", "2019-Q2")
    assert not finds(block, told_of(block, year))
    assert finds(block, told_of(block, year), told_of(block, quarter))


def test_the_attacker_differences_categories():
    block = block_of(small_world())
    rows = [(HERE[0], "", "2019-Q1"), (HERE[0], "rescue", "2019-Q1")]
    assert finds(block, told_of(block, *rows))


def test_the_attacker_differences_the_hierarchy():
    block = block_of(small_world(also=[((0, 4, 1, 1), 50), ((0, 5, 1, 1), 20)]))
    rows = [(cell, "death", "2019-Q1") for cell in (UP, *HERE[1:])]
    assert not finds(block, told_of(block, *rows[:-1]))
    assert finds(block, told_of(block, *rows))


def test_the_attacker_differences_what_two_countries_were_given():
    block = block_of(small_world())
    rows = [(HERE[0], "", "2019-Q1"), (HERE[0], "rescue", "2019-Q1")]
    to_us, to_mx = (told_of(block, row) for row in rows)
    assert not finds(block, to_us, label="TLP:AMBER")
    assert not finds(block, to_mx, label="TLP:AMBER")
    assert finds(block, to_us, to_mx, label="TLP:AMBER")


def test_the_attacker_works_percentages_back():
    block = block_of(small_world())
    total = told_of(block, (HERE[0], "", "2019-Q1"))
    # a share of 7 % of the 43 that are shown: between 2.8 and 3.2 deaths
    share = total.assign(kind="death", state="protected", percent=7.0)
    assert not finds(block, total)
    assert finds(block, total, share)


def test_the_attacker_sees_corrections():
    before, after = small_world(), small_world()
    after[FEW] += 4
    row = (HERE[0], "death", "2019")
    rows = [told_of(block_of(of), row) for of in (before, after)]
    assert finds(block_of(after), *rows)


def test_the_attacker_finds_what_a_careless_release_gives_away():
    block = world(np.random.default_rng(3)).block({})
    careless = Readers(smallest_count=1, dominance=1.0, held=NOTHING)
    some = profile("TLP:AMBER+STRICT", 1, (3, 4), "quarter")
    table = build_release([block], some, [careless], periods=block.periods.names)
    large = table.assign(
        state=table["state"].where(table["events"] >= 11, "protected").astype("str")
    )
    assert narrowed(block, [("TLP:CLEAR", large)], ("TLP:CLEAR",), 11)


def test_a_run_of_worlds_that_was_cut_goes_on(tmp_path, monkeypatch, capsys):
    kept = tmp_path / "kept.jsonl"
    order = ["torture", "--releases", "2", "--kept", str(kept), "--worlds"]
    monkeypatch.setattr("sys.argv", [*order, "2"])
    assert torture.main() == 0
    first = kept.read_text()
    kept.write_text(first[: first.index("\n") + 20])
    monkeypatch.setattr("sys.argv", [*order, "3"])
    assert torture.main() == 0
    assert "3 worlds" in capsys.readouterr().out
