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
    """A block of counts as some readers see it, reduced to what matters.

    Parameters
    ----------
    places, kinds
        Which of the block's are kept, sorted.
    system, needs
        Of the kept ones, flattened.
    """

    places: Integers
    kinds: Integers
    system: System
    needs: Needs

    def shape(self, block: Counted) -> tuple[int, int, int]:
        """Tell how the counts lay before they were flattened."""
        return len(self.places), len(self.kinds), len(block.periods)


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


@dataclass(kw_only=True, eq=False)
class _Draft:
    """Counts and needs of a block while it is reduced."""

    counts: Integers
    low: Integers
    high: Integers
    protected: Flags

    def join(self, twins: Integers, axis: int) -> Integers:
        """Let two of some slices, as free as each other, stand for all of them."""
        counts, low, high, protected = (
            np.moveaxis(array, axis, 0)
            for array in (self.counts, self.low, self.high, self.protected)
        )
        first, rest = twins[0], twins[1:]
        guarded = protected[twins]
        asked_low = np.where(guarded, low[twins], UNASKED).min(axis=0)
        asked_high = np.where(guarded, high[twins], 0).max(axis=0)
        low[first] = np.where(guarded.any(axis=0), asked_low, low[first])
        high[first] = np.where(guarded.any(axis=0), asked_high, high[first])
        protected[first] = guarded.any(axis=0)
        if rest.size:
            counts[rest[0]] = counts[rest].sum(axis=0)
            protected[rest[0]] = False
        return twins[:2]


def reduced(block: Counted, known: Flags, readers: Readers) -> View:
    """Leave out what symmetry decides.

    Of the places under one parent of which nothing is known, in them or below them,
    each is as free as the next: two stand for all, one by itself and one for the
    rest. What lies below such a place can be all or nothing of it. The same holds of
    kinds of which nothing is known anywhere.

    Parameters
    ----------
    block
        Counts.
    known
        What the readers hold, of the counts' shape.
    readers
        What is protected from them.

    Returns
    -------
    View
        The smaller, like problem.
    """
    tree = block.places
    busy = _busy(tree, known)
    needs = _lifted(tree, busy, needs_of(block, readers))
    draft = _Draft(
        counts=block.counts.copy(),
        low=needs.low.copy(),
        high=needs.high.copy(),
        protected=needs.protected.copy(),
    )
    kept = busy.copy()
    kept[0] = True
    quiet = np.flatnonzero(~kept)
    quiet = quiet[kept[tree.parent[quiet]]]
    for parent in np.unique(tree.parent[quiet]):
        kept[draft.join(quiet[tree.parent[quiet] == parent], 0)] = True
    places = np.flatnonzero(kept)
    said: Flags = np.asarray(known.any(axis=(0, 2)))
    said[0] = True
    if not said.all():
        said[draft.join(np.flatnonzero(~said), 1)] = True
    kinds = np.flatnonzero(said)
    own = np.ix_(places, kinds)
    part = tree.part(places)
    return View(
        places=places,
        kinds=kinds,
        system=System(
            sums=equations([part, block.kinds.part(kinds), block.periods]),
            counts=draft.counts[own].ravel(),
            known=known[own].ravel(),
            family=np.broadcast_to(
                _families(part)[:, None, None],
                (len(places), len(kinds), len(block.periods)),
            ).ravel(),
        ),
        needs=Needs(
            low=draft.low[own].ravel(),
            high=draft.high[own].ravel(),
            protected=draft.protected[own].ravel(),
        ),
    )


def _families(tree: Tree) -> Integers:
    """Give each leaf the number of the parent within whose sum it can change."""
    inner = np.zeros(len(tree), dtype=bool)
    inner[tree.parent[tree.parent != ROOT]] = True
    # a leaf can change with its siblings alone; others only with the whole
    return np.where(inner, ROOT, tree.parent)
