"""Suppression: hide as few counts as will keep every small one from being narrowed."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

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

SECONDS: Final = 5.0

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


def _fewest(
    system: System, may_hide: Flags, bounds: tuple[Integers, Integers]
) -> Integers | None:
    """Find the fewest known counts to hide so that one count can change so far."""
    low, high = bounds
    candidates = np.flatnonzero(system.known & may_hide)
    if candidates.size <= EXACT_BELOW:
        return _fewest_exactly(system, candidates, low, high)
    return _fewest_nearly(system, candidates, low, high)


def _fewest_exactly(
    system: System, candidates: Integers, low: Integers, high: Integers
) -> Integers | None:
    """Solve for the fewest by whole numbers: one switch for each count."""
    number, switches = len(system.counts), len(candidates)
    pick = sparse.csr_array(
        (np.ones(switches), (np.arange(switches), candidates)),
        shape=(switches, number),
    )
    counts = system.counts[candidates].astype(np.float64)
    room = float(high.max())
    up = sparse.hstack([pick, -room * sparse.identity(switches)], format="csr")
    down = sparse.hstack([pick, sparse.diags_array(counts)], format="csr")
    ties = sparse.hstack(
        [system.sums, sparse.csr_array((system.sums.shape[0], switches))], format="csr"
    )
    solved = milp(
        # of as many, those with the smaller counts
        np.concatenate([np.zeros(number), 1 + counts / (1 + counts.sum()) / 2]),
        integrality=np.concatenate([np.zeros(number), np.ones(switches)]),
        bounds=Bounds(
            np.concatenate([low, np.zeros(switches)]),
            np.concatenate([high, np.ones(switches)]),
        ),
        constraints=[
            LinearConstraint(ties, 0, 0),
            LinearConstraint(up, -np.inf, counts),
            LinearConstraint(down, counts, np.inf),
        ],
        options={"time_limit": SECONDS},
    )
    if solved.x is None:
        return None
    chosen: Integers = candidates[solved.x[number:] > HALF]
    return chosen


def _fewest_nearly(
    system: System, candidates: Integers, low: Integers, high: Integers
) -> Integers | None:
    """Solve for the smallest changes, reweighted so that they become few."""
    number, switches = len(system.counts), len(candidates)
    back = sparse.csr_array(
        (-np.ones(switches), (candidates, np.arange(switches))),
        shape=(number, switches),
    )
    # world = truth at candidates + up - down; elsewhere it is free within bounds
    moves = system.sums @ back
    left = sparse.hstack([system.sums, -moves, moves], format="csr")
    fixed = low.copy(), high.copy()
    for bound in fixed:
        bound[candidates] = system.counts[candidates]
    counts = system.counts[candidates]
    limits = np.concatenate(
        [
            np.column_stack(fixed),
            np.column_stack([np.zeros(switches), np.full(switches, high.max())]),
            np.column_stack([np.zeros(switches), counts]),
        ]
    )
    weights: Floats = np.ones(switches)
    found: Integers | None = None
    for _ in range(REWEIGHTINGS):
        cost = np.concatenate([np.zeros(number), weights, weights])
        solved = linprog(cost, A_eq=left, b_eq=np.zeros(left.shape[0]), bounds=limits)
        if solved.status != 0:
            return found
        change = solved.x[number : number + switches] + solved.x[number + switches :]
        moved = candidates[change > TOLERANCE]
        if found is None or moved.size < found.size:
            found = moved
        weights = 1 / (change + 1.0)
    return found


def _room_for(system: System, needs: Needs, node: int, end: int) -> tuple[Any, Any]:
    """Bound every count of the worlds in which one count has changed far enough."""
    largest = int(system.counts.max(initial=0)) * 2 + 1000
    low = np.zeros(len(system.counts), dtype=np.int64)
    high = np.full(len(system.counts), largest, dtype=np.int64)
    low[system.known] = high[system.known] = system.counts[system.known]
    if end == 0:
        high[node] = needs.low[node]
    else:
        low[node] = needs.high[node]
    return low, high


def _hide_together(
    system: System, needs: Needs, may_hide: Flags, bad: tuple[Integers, Integers]
) -> Flags:
    """Hide what keeps some exposed counts from being changed far enough."""
    known = system.known.copy()
    targets = [(int(node), end) for end in (1, 0) for node in bad[end]]
    for node, end in targets[:TARGETS_A_ROUND]:
        now = replace(system, known=known)
        low, high = _room_for(now, needs, node, end)
        open_ = known & may_hide
        low[open_], high[open_] = 0, high.max(initial=1000)
        moved = _fewest(now, may_hide, (low, high))
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
    worlds = Found()
    bad = exposed(replace(system, known=known), needs, found=worlds)
    while any(found.size for found in bad):
        fewer = _hide_together(replace(system, known=known), needs, may_hide, bad)
        if np.array_equal(fewer, known):
            return Suppression(known=known, exposed=np.union1d(*bad))
        known = fewer
        bad = exposed(replace(system, known=known), needs, found=worlds)
    known = _show_again(replace(system, known=known), needs, system.known, worlds)
    return Suppression(known=known, exposed=np.zeros(0, dtype=np.int64))
