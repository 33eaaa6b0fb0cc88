"""An attacker who holds every release of a world and tries to narrow small counts.

Independent of the audit: bounds every count by linear programming over plain dense
matrices, and knows no truth but what was released.
"""

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from riskmap.errors import DisclosureError, DisclosureOptionError
from riskmap.schema import empty_table
from riskmap.sharing.counting import Counted
from riskmap.sharing.lattice import Tree, add_up
from riskmap.sharing.profiles import DisclosureProfile
from riskmap.sharing.readers import Readers
from riskmap.sharing.release import RELEASE_TABLE, build_release

# resolutions of the cells below: a whole, two of resolution 3, children of 4
CELLS = {
    0x8348E8FFFFFFFFF: [0x8448E81FFFFFFFF, 0x8448E83FFFFFFFF, 0x8448E85FFFFFFFF],
    0x8348ECFFFFFFFFF: [0x8448EC1FFFFFFFF, 0x8448EC3FFFFFFFF],
}
KINDS = ("death", "rescue")


def profile(label, k, resolutions, epoch="year"):
    return DisclosureProfile(
        name="test",
        label=label,
        purposes=("life_saving",),
        free_text=False,
        smallest_count=k,
        dominance=1.0,
        resolutions=resolutions,
        epoch=epoch,
        delay_h=72,
    )


def world(rng):
    """A year of counts by places, kinds and quarters, skewed as real ones are."""
    places = Tree.of(
        [(0, None)]
        + [(up, 0) for up in CELLS]
        + [(cell, up) for up, cells in CELLS.items() for cell in cells]
    )
    kinds = Tree.of([("", None), *((kind, "") for kind in KINDS)])
    periods = Tree.of([("2019", None), *((f"2019-Q{n}", "2019") for n in (1, 2))])
    trees = (places, kinds, periods)
    leaves = np.zeros(tuple(map(len, trees)), dtype=np.int64)
    shape = leaves[3:, 1:, 1:].shape
    scale = rng.choice([1, 6, 20, 60], size=shape, p=[0.4, 0.3, 0.2, 0.1])
    leaves[3:, 1:, 1:] = rng.poisson(scale * rng.uniform(0.4, 1.6))
    return Counted(
        stratum="restricted",
        purpose="life_saving",
        year="2019",
        places=places,
        kinds=kinds,
        periods=periods,
        counts=add_up(leaves, trees),
        largest=np.zeros(leaves.shape, dtype=np.int64),
    )


NOTHING = empty_table(RELEASE_TABLE, index="row").reset_index(drop=True)


def _held(released, labels):
    tables = [table for label, table in released if label in labels] or [NOTHING]
    return pd.concat(tables, ignore_index=True)


def releases(block, rng, rounds=10):
    """Release again and again: other labels, levels, epochs, places, to two countries.

    Gives back what left; what was refused did not.
    """
    released, refused = [], 0
    for _ in range(rounds):
        label = str(rng.choice(["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"]))
        levels = [(3,), (4,), (3, 4)][rng.integers(3)]
        epoch = str(rng.choice(["year", "quarter"]))
        names = block.periods.names if epoch == "quarter" else ("2019",)
        periods = [p for p in names if rng.random() < 0.7]
        cells = None
        if rng.random() < 0.4:
            cells = [c for c in block.places.names if rng.random() < 0.6]
        k = 5 if label == "TLP:AMBER" else 11
        groups = {
            "TLP:CLEAR": (["TLP:CLEAR"], 11),
            "TLP:GREEN": (["TLP:CLEAR", "TLP:GREEN"], 11),
            "TLP:AMBER": (["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"], 5),
        }
        later = list(groups)[list(groups).index(label) :]
        readers = [
            Readers(
                smallest_count=groups[one][1],
                dominance=1.0,
                held=_held(released, groups[one][0]),
            )
            for one in later
        ]
        try:
            table = build_release(
                [block],
                profile(label, k, levels),
                readers,
                periods=periods,
                cells=cells,
            )
        except DisclosureError:
            refused += 1
            continue
        except DisclosureOptionError:
            continue
        released.append((label, table))
    return released, refused


def _sums(tree):
    return [
        (up, [n for n in range(len(tree)) if tree.parent[n] == up])
        for up in sorted(set(tree.parent.tolist()) - {-1})
    ]


def dense_equations(block):
    """Write the sums anew, row by row, without the code under test."""
    shape = block.counts.shape
    rows = []
    for axis, tree in enumerate((block.places, block.kinds, block.periods)):
        others = [range(n) for place, n in enumerate(shape) if place != axis]
        for up, below in _sums(tree):
            for one in others[0]:
                for two in others[1]:
                    row = np.zeros(shape)
                    for node, sign in [(up, 1), *((n, -1) for n in below)]:
                        at = [one, two]
                        at.insert(axis, node)
                        row[tuple(at)] = sign
                    rows.append(row.ravel())
    return np.array(rows)


def narrowed(block, released, labels, k):
    """Bound every small count with all that readers of some labels hold together."""
    known = {}
    for label, table in released:
        if label not in labels:
            continue
        shown = table[table["state"] == "shown"]
        for row in shown.itertuples():
            at = (
                block.places.place[row.cell],
                block.kinds.place[row.kind],
                block.periods.place[row.period],
            )
            # correction, or the same count released twice, must not tell two numbers
            assert known.setdefault(at, row.events) == row.events
            assert row.events >= k
    shape = block.counts.shape
    bounds = np.array([[0.0, np.inf]] * block.counts.size)
    for at, value in known.items():
        bounds[np.ravel_multi_index(at, shape)] = value
    sums = dense_equations(block)
    found = []
    for node in np.flatnonzero(block.counts.ravel() < k):
        aim = np.zeros(block.counts.size)
        aim[node] = 1
        right = np.zeros(len(sums))
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * aim, A_eq=sums, b_eq=right, bounds=bounds)
            assert solved.status in {0, 3}
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        if ends[0] > 1e-6 or ends[1] < k - 1 - 1e-6:
            at = tuple(int(n) for n in np.unravel_index(node, shape))
            found.append((at, ends))
    return found


READERS = (
    (("TLP:CLEAR",), 11),
    (("TLP:CLEAR", "TLP:GREEN"), 11),
    (("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"), 5),
)


def attack(worlds, *, seed, rounds=10):
    """Attack so many worlds; tell how many counts were narrowed, shown, refused."""
    narrow, shown, refused, left = 0, 0, 0, 0
    for number in range(worlds):
        rng = np.random.default_rng([seed, number])
        block = world(rng)
        released, no = releases(block, rng, rounds)
        refused += no
        left += len(released)
        shown += sum(int((t["state"] == "shown").sum()) for _, t in released)
        for labels, k in READERS:
            narrow += len(narrowed(block, released, labels, k))
    return {"narrowed": narrow, "shown": shown, "released": left, "refused": refused}
