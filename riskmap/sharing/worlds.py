"""Worlds: what a holder of some counts can work out of the others, by LP."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from riskmap.sharing.programme import Programme

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TOLERANCE: Final = 1e-6
"""How far from a whole number a solver's answer may lie; HiGHS's own is 1e-7."""

FEW: Final = 2
"""Up to so many counts are looked at one by one."""

MANY: Final = 2**31

FAMILIES_FROM: Final = 500
"""In smaller systems, in nodes, families cost more than they save."""

LOW, HIGH = 0, 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Needs:
    """What must stay possible of each count, for whoever works it out.

    Parameters
    ----------
    low, high
        A protected count must be able to be as low and as high as these, of shape
        (n_nodes,).
    protected
        Which counts are protected.
    """

    low: Integers
    high: Integers
    protected: Flags


@dataclass(frozen=True, kw_only=True, eq=False)
class System:
    """Counts, the sums between them, and which of them are known.

    Parameters
    ----------
    sums
        Each row times the counts is zero, of shape (n_sums, n_nodes).
    counts
        The true counts, of shape (n_nodes,).
    known
        Which counts the holder has.
    family
        Number of the group of nodes that each can change with while all others stay;
        -1 for none. Only for speed: worlds are sought within families first.
    """

    sums: Any
    counts: Integers
    known: Flags
    family: Integers | None = None


@dataclass(kw_only=True, eq=False)
class _Part:
    """The unknown counts that hang together, as a system of their own."""

    nodes: Integers
    sums: Any
    right: Integers
    counts: Integers
    largest: int
    reached: dict[int, Flags] = field(init=False)

    def __post_init__(self) -> None:
        nothing = np.zeros(len(self.nodes), dtype=bool)
        self.reached = {LOW: nothing.copy(), HIGH: nothing.copy()}

    @cached_property
    def programme(self) -> Programme:
        """The sums, to be asked for one world after another."""
        return Programme(self.sums, self.right, self.right)

    @cached_property
    def whole_programme(self) -> Programme:
        """The same for whole numbers only."""
        every = np.arange(len(self.nodes))
        return Programme(self.sums, self.right, self.right, every)


def _parts(system: System) -> list[_Part]:
    """Take what is known out of the sums and part the rest where nothing ties it."""
    unknown = np.flatnonzero(~system.known)
    if not unknown.size:
        return []
    right = -(system.sums @ np.where(system.known, system.counts, 0))
    left = sparse.csr_array(system.sums[:, unknown])
    used = np.flatnonzero(np.diff(left.indptr) > 0)
    left, right = sparse.csr_array(left[used]), right[used]
    if not used.size:
        return []
    ties = abs(left).T @ abs(left)
    number, member = connected_components(ties, directed=False)
    row_part = member[left.indices[left.indptr[:-1]]]
    by_part = np.argsort(member, kind="stable")
    bounds = np.searchsorted(member[by_part], np.arange(number + 1))
    by_row = np.argsort(row_part, kind="stable")
    row_bounds = np.searchsorted(row_part[by_row], np.arange(number + 1))
    # no count needs to rise above all that there is, and as much again
    largest = int(system.counts.max(initial=0)) * 2 + 1000
    ordered = left[by_row][:, by_part]
    parts = []
    for one in np.flatnonzero(np.diff(row_bounds)):
        rows = slice(row_bounds[one], row_bounds[one + 1])
        inside = slice(bounds[one], bounds[one + 1])
        nodes = unknown[by_part[inside]]
        parts.append(
            _Part(
                nodes=nodes,
                sums=_block(ordered, rows, inside),
                right=right[by_row[rows]],
                counts=system.counts[nodes],
                largest=largest,
            )
        )
    return parts


def _block(sums: Any, rows: slice, inside: slice) -> Any:
    """Cut out rows that hold nothing outside some columns."""
    start = sums.indptr[rows.start : rows.stop + 1]
    within = slice(start[0], start[-1])
    return sparse.csr_array(
        (sums.data[within], sums.indices[within] - inside.start, start - start[0]),
        shape=(rows.stop - rows.start, inside.stop - inside.start),
    )


def _world(part: _Part, aim: Floats, low: Integers, high: Integers) -> Integers | None:
    """Find the whole-number world that makes ``aim`` times the counts least."""
    counts = part.programme.least(aim, low, high)
    if counts is None:
        return None
    world: Integers = np.rint(counts).astype(np.int64)
    whole = bool(np.all(np.abs(counts - world) < TOLERANCE))
    if not whole or np.any(part.sums @ world != part.right):
        counts = part.whole_programme.least(aim, low, high)
        if counts is None:
            return None
        world = np.rint(counts).astype(np.int64)
        if np.any(part.sums @ world != part.right):
            return None
    return world


@dataclass(kw_only=True, eq=False)
class Found:
    """Worlds found so far: each fits the sums, and some fit what is known later.

    Parameters
    ----------
    worlds
        Whole-number counts of every node, one row a world.
    """

    worlds: list[Integers] = field(default_factory=list)

    def fitting(self, system: System) -> Integers:
        """Stack the worlds that agree with all that is known."""
        known = np.flatnonzero(system.known)
        truth = system.counts[known]
        kept = [w for w in self.worlds if np.array_equal(w[known], truth)]
        return np.array([system.counts, *kept])


@dataclass(kw_only=True, eq=False)
class _Search:
    """The search for worlds within one part."""

    part: _Part
    low: Integers
    high: Integers
    protected: Flags
    found: Found
    truth: Integers
    tried_in_vain: bool = False

    def left(self, end: int) -> Flags:
        """Mark the protected counts that no world has been found for."""
        return self.protected & ~self.part.reached[end]

    def note(self, world: Integers | None) -> bool:
        """Note how low and how high counts are in a world; False if nothing is new."""
        if world is None:
            return False
        before = self.left(LOW).sum() + self.left(HIGH).sum()
        self.part.reached[LOW] |= world <= self.low
        self.part.reached[HIGH] |= world >= self.high
        whole = self.truth.copy()
        whole[self.part.nodes] = world
        self.found.worlds.append(whole)
        return bool(self.left(LOW).sum() + self.left(HIGH).sum() < before)

    def together(self) -> None:
        """Look for worlds in which many protected counts are low, or high, at once."""
        size = len(self.part.nodes)
        nothing = np.zeros(size, dtype=np.int64)
        most = np.full(size, self.part.largest, dtype=np.int64)
        capped = np.where(self.protected, np.maximum(self.high, self.part.counts), most)
        for end, sign, bound in ((LOW, 1.0, most), (HIGH, -1.0, capped)):
            while self.left(end).sum() > FEW:
                aim = sign * self.left(end).astype(np.float64)
                if not self.note(_world(self.part, aim, nothing, bound)):
                    break

    def alone(self, end: int, *, only_whether: bool, most_nodes: int = MANY) -> None:
        """Look for a world for each protected count that none has been found for."""
        size = len(self.part.nodes)
        nothing = np.zeros(size, dtype=np.int64)
        most = np.full(size, self.part.largest, dtype=np.int64)
        for node in np.flatnonzero(self.left(end))[:most_nodes]:
            if self.part.reached[end][node]:
                continue
            aim = np.zeros(size)
            aim[node] = 1.0 if end == LOW else -1.0
            self.note(_world(self.part, aim, nothing, most))
            if only_whether and not self.part.reached[end][node]:
                self.tried_in_vain = True
                return


def _search_families(system: System, needs: Needs, store: Found) -> None:
    """Look for worlds in which one family alone is otherwise than it is."""
    family = np.asarray(system.family)
    for number in np.unique(family[family >= 0]):
        inside = family == number
        alone = System(
            sums=system.sums, counts=system.counts, known=system.known | ~inside
        )
        own = Needs(low=needs.low, high=needs.high, protected=needs.protected & inside)
        exposed(alone, own, found=store)


def exposed(
    system: System,
    needs: Needs,
    *,
    found: Found | None = None,
    only_whether: bool = False,
) -> tuple[Integers, Integers]:
    """Find the protected counts that can be narrowed.

    A count is safe if there is a world of whole numbers, equal in all that is known,
    in which it is as low as it must be able to be, and another in which it is as
    high. The worlds are found by linear programming and checked in whole numbers.

    Parameters
    ----------
    system
        Counts, sums, and what the holder knows.
    needs
        What must stay possible.
    found
        Worlds found for the same sums and counts before; new ones are added.
    only_whether
        True to stop at the first count that can be narrowed: others are then named
        without having been looked at.

    Returns
    -------
    tuple of two numpy.ndarray of int64
        Nodes that cannot be low enough, nodes that cannot be high enough; sorted.

    Examples
    --------
    >>> sums = sparse.csr_array(np.array([[1, -1, -1]]))
    >>> counts, known = np.array([15, 12, 3]), np.array([True, True, False])
    >>> needs = Needs(
    ...     low=np.zeros(3, int), high=np.full(3, 10), protected=counts < 11
    ... )
    >>> exposed(System(sums=sums, counts=counts, known=known), needs)
    (array([2]), array([2]))
    """
    store = found or Found()
    large = len(system.counts) > FAMILIES_FROM
    if large and system.family is not None and not only_whether:
        _search_families(system, needs, store)
    bad: dict[int, list[Integers]] = {LOW: [], HIGH: []}
    seen = store.fitting(system)
    shut = np.flatnonzero(needs.protected & system.known)
    for part in _parts(system):
        search = _Search(
            part=part,
            low=needs.low[part.nodes],
            high=needs.high[part.nodes],
            protected=needs.protected[part.nodes],
            found=store,
            truth=system.counts,
        )
        if not search.protected.any():
            continue
        here = seen[:, part.nodes]
        part.reached[LOW] |= (here <= search.low).any(axis=0)
        part.reached[HIGH] |= (here >= search.high).any(axis=0)
        if only_whether:
            # most that cannot be shown again are told by the first count looked at
            search.alone(HIGH, only_whether=True, most_nodes=1)
            if search.tried_in_vain:
                left = part.nodes[search.left(HIGH)]
                return left, left
        search.together()
        for end in (HIGH, LOW):
            search.alone(end, only_whether=only_whether)
            bad[end].append(part.nodes[search.left(end)])
            if only_whether and bad[end][-1].size:
                return bad[end][-1], bad[end][-1]
    low, high = (np.unique(np.concatenate([*bad[end], shut])) for end in (LOW, HIGH))
    return low.astype(np.int64), high.astype(np.int64)


def intervals(system: System, nodes: Integers) -> tuple[Floats, Floats]:
    """Bound some counts as the holder can, by linear programming.

    Parameters
    ----------
    system
        Counts, sums, and what the holder knows.
    nodes
        Which counts.

    Returns
    -------
    tuple of two numpy.ndarray of float64
        The least and the greatest value of each that fits; ``inf`` where nothing
        bounds it.

    Examples
    --------
    >>> sums = sparse.csr_array(np.array([[1, -1, -1, -1]]))
    >>> counts = np.array([15, 12, 3, 0])
    >>> known = np.array([True, False, False, False])
    >>> intervals(System(sums=sums, counts=counts, known=known), np.array([2]))
    (array([0.]), array([15.]))
    """
    at = {int(node): number for number, node in enumerate(nodes)}
    low = np.where(system.known[nodes], system.counts[nodes], 0).astype(np.float64)
    high = np.where(system.known[nodes], system.counts[nodes], np.inf)
    for part in _parts(system):
        nothing = np.zeros(len(part.nodes))
        for place in np.flatnonzero(np.isin(part.nodes, nodes)):
            for sign, target in ((1.0, low), (-1.0, high)):
                aim = nothing.copy()
                aim[place] = sign
                world = part.programme.least(aim, nothing, nothing + np.inf)
                if world is not None:
                    target[at[int(part.nodes[place])]] = world[place]
    return low, high
