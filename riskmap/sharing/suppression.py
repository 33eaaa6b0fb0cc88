"""Suppression: hide as few counts as will keep every small one from being narrowed."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from scipy import sparse

from riskmap.sharing.programme import Programme
from riskmap.sharing.worlds import (
    TOLERANCE,
    Flags,
    Floats,
    Found,
    Integers,
    Needs,
    System,
    exposed,
)

EXACT_BELOW: Final = 150
"""With fewer counts that may be hidden the fewest are sought exactly, by MILP."""

HALF: Final = 0.5

REWEIGHTINGS: Final = 3
"""Rounds of reweighted sums of changes, which come near the fewest changes (Candès,
Wakin and Boyd 2008, doi:10.1007/s00041-008-9045-x)."""

TARGETS_A_ROUND: Final = 24

RETURNED_BELOW: Final = 80
"""With fewer counts hidden beyond need each is tried to be shown again."""


RETURNED_OF: Final = 2_000
"""In larger systems, in nodes, none is tried to be shown again: it would take long."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Suppression:
    """Which counts may be shown.

    Parameters
    ----------
    known
        Counts that the reader will have, of shape (n_nodes,).
    exposed
        Protected nodes that nothing we may hide keeps from being narrowed; empty
        if the release is safe.
    """

    known: Flags
    exposed: Integers


def _hide_alone(system: System, needs: Needs, may_hide: Flags) -> Flags:
    """Give each sum by itself a second unknown, and enough to share between them."""
    known = system.known.copy()
    sums = sparse.csr_array(system.sums)
    changed = True
    while changed:
        changed = False
        for row in range(sums.shape[0]):
            at = slice(sums.indptr[row], sums.indptr[row + 1])
            nodes, signs = sums.indices[at], sums.data[at]
            now = replace(system, known=known)
            chosen = _choose(nodes, signs, now, needs, may_hide)
            if chosen is not None:
                known[chosen] = False
                changed = True
    return known


def _choose(
    nodes: Integers,
    signs: Integers,
    system: System,
    needs: Needs,
    may_hide: Flags,
) -> int | None:
    """Choose the count to hide in one sum; None if it needs none or has none."""
    known = system.known
    unknown = nodes[~known[nodes]]
    protected = unknown[needs.protected[unknown]]
    (total,) = nodes[signs > 0]
    if not protected.size or not known[total]:
        return None
    shared = system.counts[unknown].sum()
    wanted = needs.high[protected].max()
    if unknown.size > 1 and shared >= wanted:
        return None
    free = nodes[known[nodes] & may_hide[nodes]]
    if not free.size:
        return None
    counts = system.counts[free]
    # the smallest that is enough, a part before the total
    order = np.lexsort((free, counts, free == total, counts + shared < wanted))
    return int(free[order[0]])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Search:
    """The search for the fewest counts to hide, asked of one count after another.

    ``candidates`` may be hidden; ``exact`` tells whether each has a switch, or two
    changes, up and down, whose sum is made small.
    """

    system: System
    needs: Needs
    candidates: Integers
    exact: bool
    programme: Programme

    @classmethod
    def of(cls, system: System, needs: Needs, may_hide: Flags) -> Self:
        """Write down, once, what ties the counts and what hides them."""
        candidates = np.flatnonzero(system.known & may_hide)
        exact = candidates.size <= EXACT_BELOW
        write = _switched if exact else _moved
        return cls(
            system=system,
            needs=needs,
            candidates=candidates,
            exact=exact,
            programme=write(system, candidates),
        )

    def fewest(self, known: Flags, node: int, end: int) -> Integers | None:
        """Find the fewest counts still shown to hide so that one can change so far."""
        bounds = _room_for(self.system, self.needs, node, end)
        low, high = (bound.astype(np.float64) for bound in bounds)
        shown = known[self.candidates]
        fixed = known.copy()
        fixed[self.candidates] = False
        low[fixed] = high[fixed] = self.system.counts[fixed]
        look = self._by_switches if self.exact else self._by_moves
        return look(low, high, shown)

    def _by_switches(self, low: Floats, high: Floats, shown: Flags) -> Integers | None:
        counts = self.system.counts[self.candidates]
        # of as many, those with the smaller counts; what is hidden already is free
        cost = np.where(shown, 1 + counts / (1 + counts.sum()) / 2, 0.0)
        found = self.programme.least(
            np.concatenate([np.zeros(len(low)), cost]),
            np.concatenate([low, np.where(shown, 0.0, 1.0)]),
            np.concatenate([high, np.ones(len(cost))]),
        )
        if found is None:
            return None
        return self.candidates[(found[len(low) :] > HALF) & shown]

    def _by_moves(self, low: Floats, high: Floats, shown: Flags) -> Integers | None:
        """Look for the smallest changes, reweighted so that they become few."""
        switches = len(self.candidates)
        counts = self.system.counts[self.candidates].astype(np.float64)
        room = high.max()
        still = self.candidates[shown]
        low[still] = high[still] = self.system.counts[still]
        low = np.concatenate([low, np.zeros(2 * switches)])
        high = np.concatenate(
            [high, np.where(shown, room, 0.0), np.where(shown, counts, 0.0)]
        )
        weights: Floats = np.ones(switches)
        found: Integers | None = None
        for _ in range(REWEIGHTINGS):
            cost = np.concatenate([np.zeros(len(self.system.counts)), weights, weights])
            world = self.programme.least(cost, low, high)
            if world is None:
                return found
            change = world[-2 * switches : -switches] + world[-switches:]
            moved = self.candidates[change > TOLERANCE]
            if found is None or moved.size < found.size:
                found = moved
            weights = 1 / (change + 1.0)
        return found


def _switched(system: System, candidates: Integers) -> Programme:
    """Let each candidate be its count unless its switch is on."""
    number, switches = len(system.counts), len(candidates)
    pick = _pick(candidates, number)
    counts = system.counts[candidates].astype(np.float64)
    none = sparse.csr_array((system.sums.shape[0], switches))
    nothing = np.zeros(system.sums.shape[0])
    endless = np.full(switches, np.inf)
    return Programme(
        sparse.vstack(
            [
                sparse.hstack([system.sums, none]),
                sparse.hstack([pick, -_room(system) * sparse.identity(switches)]),
                sparse.hstack([pick, sparse.diags_array(counts)]),
            ],
            format="csr",
        ),
        np.concatenate([nothing, -endless, counts]),
        np.concatenate([nothing, counts, endless]),
        number + np.arange(switches),
    )


def _moved(system: System, candidates: Integers) -> Programme:
    """Let each candidate be its count, and what is added, less what is taken."""
    moves = system.sums @ _pick(candidates, len(system.counts)).T
    nothing = np.zeros(system.sums.shape[0])
    sums = sparse.hstack([system.sums, moves, -moves], format="csr")
    return Programme(sums, nothing, nothing)


def _pick(nodes: Integers, number: int) -> Any:
    """Write rows that pick some counts of all."""
    at = (np.arange(len(nodes)), nodes)
    return sparse.csr_array((np.ones(len(nodes)), at), shape=(len(nodes), number))


def _room(system: System) -> int:
    """Tell how high any count may be thought to be."""
    return int(system.counts.max(initial=0)) * 2 + 1000


def _room_for(
    system: System, needs: Needs, node: int, end: int
) -> tuple[Integers, Integers]:
    """Bound every count of the worlds in which one count has changed far enough."""
    low = np.zeros(len(system.counts), dtype=np.int64)
    high = np.full(len(system.counts), _room(system), dtype=np.int64)
    if end == 0:
        high[node] = needs.low[node]
    else:
        low[node] = needs.high[node]
    return low, high


def _hide_together(
    search: _Search, known: Flags, bad: tuple[Integers, Integers]
) -> Flags:
    """Hide what keeps some exposed counts from being changed far enough."""
    known = known.copy()
    targets = [(int(node), end) for end in (1, 0) for node in bad[end]]
    for node, end in targets[:TARGETS_A_ROUND]:
        moved = search.fewest(known, node, end)
        if moved is not None:
            known[moved] = False
    return known


def _show_again(system: System, needs: Needs, was_known: Flags, found: Found) -> Flags:
    """Show again, the largest first, what need not be hidden after all."""
    known = system.known.copy()
    hidden = np.flatnonzero(was_known & ~known)
    if hidden.size > RETURNED_BELOW or len(known) > RETURNED_OF:
        return known
    for node in hidden[np.argsort(-system.counts[hidden], kind="stable")]:
        known[node] = True
        now = replace(system, known=known)
        if any(b.size for b in exposed(now, needs, found=found, only_whether=True)):
            known[node] = False
    return known


def suppress(system: System, needs: Needs, may_hide: Flags) -> Suppression:
    """Hide counts until no protected one can be narrowed.

    Whoever reads a count that is hidden learns nothing of why: a small count and one
    that is hidden to protect it look the same.

    Parameters
    ----------
    system
        Counts, sums, and what the reader would know if nothing more were hidden.
    needs
        What must stay possible of each protected count.
    may_hide
        Which known counts may still be hidden; what a reader holds already cannot.

    Returns
    -------
    Suppression
        What may be shown, and what stays exposed whatever is hidden.

    Examples
    --------
    >>> sums = sparse.csr_array(np.array([[1, -1, -1, -1]]))
    >>> counts = np.array([45, 12, 30, 3])
    >>> needs = Needs(
    ...     low=np.zeros(4, int), high=np.full(4, 10), protected=counts < 11
    ... )
    >>> system = System(sums=sums, counts=counts, known=counts >= 11)
    >>> suppress(system, needs, np.ones(4, bool)).known
    array([ True, False,  True, False])
    """
    known = _hide_alone(system, needs, may_hide)
    search = _Search.of(replace(system, known=known), needs, may_hide)
    worlds = Found()
    bad = exposed(replace(system, known=known), needs, found=worlds)
    while any(found.size for found in bad):
        fewer = _hide_together(search, known, bad)
        if np.array_equal(fewer, known):
            return Suppression(known=known, exposed=np.union1d(*bad))
        known = fewer
        bad = exposed(replace(system, known=known), needs, found=worlds)
    known = _show_again(replace(system, known=known), needs, system.known, worlds)
    return Suppression(known=known, exposed=np.zeros(0, dtype=np.int64))
