"""Readers: what they hold, what is protected from them, and a smaller like problem."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from riskmap.sharing.counting import Counted
from riskmap.sharing.lattice import ROOT, Flags, Integers, Tree, equations
from riskmap.sharing.worlds import Needs, System

SHOWN, PROTECTED = "shown", "protected"

UNASKED: Final = np.iinfo(np.int64).max // 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Readers:
    """Readers who will hold a release, and what they hold already.

    Parameters
    ----------
    smallest_count
        What protects them from: counts below it.
    dominance
        Largest share of one source that is not open.
    held
        Rows of earlier releases, as :data:`RELEASE_TABLE` has them.
    """

    smallest_count: int
    dominance: float
    held: pd.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A block of counts as some readers see it, reduced to what matters."""

    kept: Integers
    system: System
    needs: Needs


def known_counts(block: Counted, held: pd.DataFrame) -> Flags:
    """Mark the counts of a block that readers hold."""
    flags = np.zeros(block.counts.shape, dtype=bool)
    own = (
        (held["stratum"] == block.stratum)
        & (held["purpose"] == block.purpose)
        & (held["state"] == SHOWN)
        & (held["period"].str[:4] == block.year)
    )
    rows = held[own]
    at = [
        rows[name].map(tree.place).to_numpy(dtype=float, na_value=ROOT)
        for name, tree in (
            ("cell", block.places),
            ("kind", block.kinds),
            ("period", block.periods),
        )
    ]
    inside = np.all([axis >= 0 for axis in at], axis=0) if len(rows) else []
    flags[tuple(axis[inside].astype(np.int64) for axis in at)] = True
    return flags


def _busy(tree: Tree, known: Flags) -> Flags:
    """Mark the places that have a known count, or have one below them."""
    busy: Flags = np.asarray(known.any(axis=(1, 2)))
    for node in range(len(tree) - 1, -1, -1):
        if busy[node] and tree.parent[node] != ROOT:
            busy[tree.parent[node]] = True
    return busy


def needs_of(block: Counted, readers: Readers) -> Needs:
    """Tell how low and how high each protected count must be able to be."""
    widest = readers.smallest_count - 1
    small = block.counts < readers.smallest_count
    owned = block.dominated(readers.dominance) & ~small & (widest > 0)
    low: Integers = np.where(small, 0, np.maximum(block.counts - widest, 0))
    high: Integers = np.where(small, widest, block.counts + widest)
    return Needs(low=low, high=high, protected=(small | owned) & (widest > 0))


def _lifted(tree: Tree, busy: Flags, needs: Needs) -> Needs:
    """Ask of a place of which nothing is known what is asked of those below it.

    Each of them can be all of it, or nothing: it must be able to be as high.
    """
    low, high = needs.low.copy(), needs.high.copy()
    protected = needs.protected.copy()
    for node in range(len(tree) - 1, -1, -1):
        parent = tree.parent[node]
        if parent == ROOT or busy[parent]:
            continue
        new = protected[node] & ~protected[parent]
        # nothing is asked of how low the place itself can be
        low[parent] = np.where(new, UNASKED, low[parent])
        above = np.where(protected[parent], high[parent], 0)
        asked = np.where(protected[node], high[node], 0)
        high[parent] = np.maximum(above, asked)
        protected[parent] |= protected[node]
    return Needs(low=low, high=high, protected=protected)


def reduced(block: Counted, known: Flags, readers: Readers) -> View:
    """Leave out what symmetry decides.

    Of the places under one parent of which nothing is known, in them or below them,
    each is as free as the next: two stand for all, one by itself and one for the
    rest. What lies below such a place can be all or nothing of it.
    """
    tree = block.places
    busy = _busy(tree, known)
    needs = _lifted(tree, busy, needs_of(block, readers))
    counts, protected = block.counts.copy(), needs.protected.copy()
    low, high = needs.low.copy(), needs.high.copy()
    kept = busy.copy()
    kept[0] = True
    quiet = np.flatnonzero(~busy & (tree.parent != ROOT))
    quiet = quiet[kept[tree.parent[quiet]]]
    for parent in np.unique(tree.parent[quiet]):
        twins = quiet[tree.parent[quiet] == parent]
        first, rest = twins[0], twins[1:]
        guarded = needs.protected[twins]
        kept[first] = True
        protected[first] = guarded.any(axis=0)
        low[first] = np.where(guarded, needs.low[twins], counts[first]).min(axis=0)
        high[first] = np.where(guarded, needs.high[twins], 0).max(axis=0)
        if rest.size:
            kept[rest[0]] = True
            counts[rest[0]] = block.counts[rest].sum(axis=0)
            protected[rest[0]] = False
    places = np.flatnonzero(kept)
    trees = [tree.part(places), block.kinds, block.periods]
    return View(
        kept=places,
        system=System(
            sums=equations(trees),
            counts=counts[places].ravel(),
            known=known[places].ravel(),
        ),
        needs=Needs(
            low=low[places].ravel(),
            high=high[places].ravel(),
            protected=protected[places].ravel(),
        ),
    )
