"""An attacker who holds every release of a world and tries to narrow small counts.

Independent of the audit: bounds every count by linear programming over plain dense
matrices, and knows no truth but what was released. Uses sums over time, places and
kinds, percentages, corrections, and what both countries were given.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from riskmap.errors import DisclosureError, DisclosureOptionError
from riskmap.pipeline.release_ledger import pinned_months
from riskmap.schema import empty_table
from riskmap.sharing.counting import Counted
from riskmap.sharing.lattice import Tree, add_up
from riskmap.sharing.profiles import DisclosureProfile
from riskmap.sharing.readers import Readers
from riskmap.sharing.release import RELEASE_TABLE, build_release, check_held

# resolutions of the cells below: a whole, two of resolution 3, children of 4
CELLS = {
    0x8348E8FFFFFFFFF: [0x8448E81FFFFFFFF, 0x8448E83FFFFFFFF, 0x8448E85FFFFFFFF],
    0x8348ECFFFFFFFFF: [0x8448EC1FFFFFFFF, 0x8448EC3FFFFFFFF],
}
KINDS = ("death", "rescue")
SOURCES = 3

# the first month of each epoch, by which its version is pinned
FIRST_MONTH = {"2019-Q1": "2019-01", "2019-Q2": "2019-04"}

LABELS = {"TLP:CLEAR": 11, "TLP:GREEN": 11, "TLP:AMBER": 5}
COUNTRIES = ("US", "MX")

DOMINANCE = 0.8

# who CLEAR readers are learn less than GREEN ones, of whom as much is asked
READERS = ((("TLP:CLEAR", "TLP:GREEN"), 11), (tuple(LABELS), 5))

# no count of a world comes near it; an end of each is sought below it
BEYOND = 10_000.0

NEAR = 1e-6

NOTHING = empty_table(RELEASE_TABLE, index="row").reset_index(drop=True)


def trees():
    places = Tree.of(
        [(0, None)]
        + [(up, 0) for up in CELLS]
        + [(cell, up) for up, cells in CELLS.items() for cell in cells]
    )
    kinds = Tree.of([("", None), *((kind, "") for kind in KINDS)])
    periods = Tree.of([("2019", None), *((name, "2019") for name in FIRST_MONTH)])
    return places, kinds, periods


def block_of(by_source):
    """Count records that lie at the leaves, of shape (sources, places, kinds, …)."""
    three = trees()
    parts = np.array([add_up(part, three) for part in by_source])
    return Counted(
        stratum="restricted",
        purpose="life_saving",
        year="2019",
        places=three[0],
        kinds=three[1],
        periods=three[2],
        counts=parts.sum(axis=0),
        largest=parts.max(axis=0),
    )


@dataclass
class World:
    """Records of a year by source, place, kind and quarter, in every version."""

    versions: list[np.ndarray] = field(default_factory=list)

    def block(self, months):
        """Count each quarter of the version that it has first left of."""
        chosen = self.versions[-1].copy()
        for place, name in enumerate(trees()[2].names):
            if name in FIRST_MONTH:
                version = int(months.get(FIRST_MONTH[name], len(self.versions) - 1))
                chosen[..., place] = self.versions[version][..., place]
        return block_of(chosen)

    def correct(self, rng):
        """Move a few records, take some away, and add some."""
        changed = self.versions[-1].copy()
        for _ in range(int(rng.integers(1, 6))):
            source = rng.integers(SOURCES)
            here, there = (
                (source, *(int(rng.integers(low, high)) for low, high in LEAVES))
                for _ in range(2)
            )
            some = min(int(rng.integers(1, 9)), int(changed[here]))
            changed[here] -= some
            changed[there] += some + int(rng.integers(0, 3))
        self.versions.append(changed)


LEAVES = ((3, 8), (1, 3), (1, 3))


def world(rng):
    """A year of counts by places, kinds and quarters, skewed as real ones are."""
    shape = tuple(map(len, trees()))
    at = tuple(slice(low, high) for low, high in LEAVES)
    leaves = np.zeros((SOURCES, *shape), dtype=np.int64)
    inner = leaves[0][at].shape
    scale = rng.choice([1, 6, 20, 60], size=inner, p=[0.4, 0.3, 0.2, 0.1])
    mean = scale * rng.uniform(0.4, 1.6)
    # one source often has nearly all of a place, as in the register
    shares = rng.dirichlet([0.5] * SOURCES, size=inner)
    for source in range(SOURCES):
        leaves[(source, *at)] = rng.poisson(mean * shares[..., source])
    return World([leaves])


def profile(label, k, resolutions, epoch="year"):
    return DisclosureProfile(
        name="test",
        label=label,
        purposes=("life_saving",),
        free_text=False,
        smallest_count=k,
        dominance=DOMINANCE,
        resolutions=resolutions,
        epoch=epoch,
        delay_h=72,
    )


def _held(released, labels):
    tables = [table for label, table in released if label in labels] or [NOTHING]
    return pd.concat(tables, ignore_index=True)


def releases(told, rng, rounds=10):
    """Release again and again: other labels, levels, epochs, places, to two countries.

    Records are corrected between. Gives back what left, to either country, and the
    counts at the end; what was refused did not leave.
    """
    released, about, refused = [], [], 0
    for _ in range(rounds):
        if rng.random() < 0.4:
            told.correct(rng)
        label = str(rng.choice(list(LABELS)))
        levels = [(3,), (4,), (3, 4)][rng.integers(3)]
        epoch = str(rng.choice(["year", "quarter"]))
        block = told.block(pinned_months(about))
        names = block.periods.names if epoch == "quarter" else ("2019",)
        periods = [p for p in names if rng.random() < 0.7]
        cells = None
        if rng.random() < 0.4:
            cells = [c for c in block.places.names if rng.random() < 0.6]
        later = list(LABELS)[list(LABELS).index(label) :]
        readers = [
            Readers(
                smallest_count=LABELS[one],
                dominance=DOMINANCE,
                held=_held(released, list(LABELS)[: list(LABELS).index(one) + 1]),
            )
            for one in later
        ]
        try:
            for some in readers:
                check_held([block], some.held)
            table = build_release(
                [block],
                profile(label, LABELS[label], levels),
                readers,
                periods=periods,
                cells=cells,
            )
        except DisclosureError:
            refused += 1
            continue
        except DisclosureOptionError:
            continue
        # a percentage, or any other number made of counts, would be a new equation
        assert tuple(table.columns) == tuple(column.name for column in RELEASE_TABLE)
        released.append((label, table))
        about.append({"periods": periods, "incidents": str(len(told.versions) - 1)})
    return released, told.block(pinned_months(about)), refused


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


def _place(block, row):
    at = (
        block.places.place[row.cell],
        block.kinds.place[row.kind],
        block.periods.place[row.period],
    )
    return int(np.ravel_multi_index(at, block.counts.shape))


def _percentages(block, table):
    """Write what a share of the kinds' total, rounded to a percent, tells."""
    rows = []
    for row in table.itertuples() if "percent" in table else ():
        if np.isfinite(row.percent):
            part, whole = _place(block, row), _place(block, row._replace(kind=""))
            for sign, bound in ((1, row.percent + 0.5), (-1, row.percent - 0.5)):
                line = np.zeros(block.counts.size)
                line[part], line[whole] = sign * 100, -sign * bound
                rows.append(line)
    return rows


def _known(block, tables, k):
    """Gather what is shown; tell counts that are small, or told twice otherwise."""
    known, found = {}, []
    for table in tables:
        for row in table[table["state"] == "shown"].itertuples():
            at = _place(block, row)
            # one count told twice, corrected between, tells what was corrected
            if known.setdefault(at, row.events) != row.events or row.events < k:
                found.append((at, "told"))
    return known, found


def _ends(block, k, dominance):
    """Tell how low and how high each protected count must be able to be."""
    counts = block.counts.ravel()
    owned = (block.largest > dominance * block.counts).ravel() & (counts >= k)
    low = np.where(owned, np.maximum(counts - (k - 1), 0), 0)
    high = np.where(owned, counts + k - 1, k - 1)
    return low, high, owned | (counts < k)


def narrowed(block, released, labels, k, dominance=DOMINANCE):
    """Bound every small count with all that readers of some labels hold together."""
    tables = [table for label, table in released if label in labels]
    known, found = _known(block, tables, k)
    bounds = np.array([[0.0, BEYOND]] * block.counts.size)
    for at, value in known.items():
        bounds[at] = value
    low, high, guarded = _ends(block, k, dominance)
    sums = dense_equations(block)
    about = {"A_eq": sums, "b_eq": np.zeros(len(sums)), "bounds": bounds}
    shares = [line for table in tables for line in _percentages(block, table)]
    if shares:
        about |= {"A_ub": np.array(shares), "b_ub": np.zeros(len(shares))}
    left = {1: guarded.copy(), -1: guarded.copy()}
    for sign, node in [(s, n) for s in (1, -1) for n in np.flatnonzero(guarded)]:
        if not left[sign][node]:
            continue
        aim = np.zeros(len(low))
        aim[node] = sign
        solved = linprog(aim, **about)
        if solved.status != 0:
            # what was told does not hang together: corrections show
            return [*found, (int(node), solved.message)]
        # a world found for one count is one for all
        left[1] &= solved.x > low + NEAR
        left[-1] &= solved.x < high - NEAR
        if left[sign][node]:
            found.append((int(node), sign, float(solved.x[node])))
    return found


def attack_world(number, *, seed, rounds=10):
    """Attack one world; tell how many counts were narrowed, shown, refused."""
    rng = np.random.default_rng([seed, number])
    told = world(rng)
    released, block, refused = releases(told, rng, rounds)
    return {
        "narrowed": sum(len(narrowed(block, released, *some)) for some in READERS),
        "shown": sum(int((t["state"] == "shown").sum()) for _, t in released),
        "released": len(released),
        "refused": refused,
        "corrections": len(told.versions) - 1,
    }


def attack(worlds, *, seed, rounds=10):
    """Attack so many worlds; add up what came of it."""
    told = [attack_world(number, seed=seed, rounds=rounds) for number in range(worlds)]
    return {name: sum(one[name] for one in told) for name in told[0]}
