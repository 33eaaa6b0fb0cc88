"""Lattice: counts by place, kind and period, and the sums that tie them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ROOT = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Tree:
    """One dimension: nodes, each the sum of those below it.

    Parameters
    ----------
    names
        One a node, parents before their children.
    parent
        Place of each node's parent in ``names``; -1 for a root; of shape (n_nodes,).
    """

    names: tuple[Any, ...]
    parent: Integers

    @classmethod
    def of(cls, pairs: Sequence[tuple[Any, Any]]) -> Self:
        """Make a tree of pairs of a name and its parent's name, None for a root.

        Parameters
        ----------
        pairs
            Parents before their children.

        Returns
        -------
        Tree
            In the order given.

        Examples
        --------
        >>> Tree.of([("all", None), ("a", "all"), ("b", "all")]).parent.tolist()
        [-1, 0, 0]
        """
        place = {name: number for number, (name, _) in enumerate(pairs)}
        parent = [ROOT if up is None else place[up] for _, up in pairs]
        return cls(names=tuple(place), parent=np.array(parent, dtype=np.int64))

    def __len__(self) -> int:
        """Count the nodes."""
        return len(self.names)

    @cached_property
    def place(self) -> dict[Any, int]:
        """Place of each name."""
        return {name: number for number, name in enumerate(self.names)}

    def part(self, kept: Integers) -> "Tree":
        """Keep some nodes; a node whose parent goes becomes a root.

        Parameters
        ----------
        kept
            Places, sorted.

        Returns
        -------
        Tree
            In the same order.

        Examples
        --------
        >>> tree = Tree.of([("all", None), ("a", "all"), ("b", "all")])
        >>> tree.part(np.array([0, 2])).parent.tolist()
        [-1, 0]
        """
        fresh = np.full(len(self) + 1, ROOT, dtype=np.int64)
        fresh[kept] = np.arange(len(kept))
        return Tree(
            names=tuple(self.names[number] for number in kept),
            parent=fresh[self.parent[kept]],
        )

    def sums(self) -> Any:
        """Write the sums of the tree: each inner node minus its children is zero.

        Returns
        -------
        scipy.sparse.csr_array of shape (n_inner_nodes, n_nodes)
            Of 1, -1 and 0.

        Examples
        --------
        >>> Tree.of([("all", None), ("a", "all"), ("b", "all")]).sums().toarray()
        array([[ 1, -1, -1]])
        """
        child = np.flatnonzero(self.parent != ROOT)
        inner, row = np.unique(self.parent[child], return_inverse=True)
        rows = np.concatenate([np.arange(len(inner)), row])
        columns = np.concatenate([inner, child])
        signs = np.concatenate([np.ones(len(inner)), -np.ones(len(child))])
        shape = (len(inner), len(self))
        return sparse.csr_array((signs.astype(np.int64), (rows, columns)), shape=shape)


def add_up(counts: Integers, trees: Sequence[Tree]) -> Integers:
    """Fill the inner nodes of a lattice with the sums of what lies below.

    Parameters
    ----------
    counts
        Counts at the leaves, zero elsewhere, of shape (n_places, n_kinds,
        n_periods).
    trees
        One a dimension.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Examples
    --------
    >>> tree = Tree.of([("all", None), ("a", "all"), ("b", "all")])
    >>> add_up(np.array([[[0]], [[2]], [[3]]]), [tree, *[Tree.of([("x", None)])] * 2])[
    ...     0, 0, 0
    ... ]
    np.int64(5)
    """
    whole = counts.copy()
    for axis, tree in enumerate(trees):
        turned = np.moveaxis(whole, axis, 0)
        # children stand behind their parents, so from the last to the first
        for node in range(len(tree) - 1, -1, -1):
            if tree.parent[node] != ROOT:
                turned[tree.parent[node]] += turned[node]
    return whole


def equations(trees: Sequence[Tree]) -> Any:
    """Write every sum that ties the nodes of a lattice together.

    Parameters
    ----------
    trees
        Of places, kinds and periods.

    Returns
    -------
    scipy.sparse.csr_array of shape (n_sums, n_places * n_kinds * n_periods)
        Each row times the counts, flattened, is zero.

    Examples
    --------
    >>> tree = Tree.of([("all", None), ("a", "all"), ("b", "all")])
    >>> equations([tree, tree, Tree.of([("2019", None)])]).shape
    (6, 9)
    """
    ones = [sparse.identity(len(tree), dtype=np.int64, format="csr") for tree in trees]
    parts = []
    for axis, tree in enumerate(trees):
        factors = [*ones[:axis], tree.sums(), *ones[axis + 1 :]]
        product = factors[0]
        for factor in factors[1:]:
            product = sparse.kron(product, factor, format="csr")
        parts.append(product)
    return sparse.csr_array(sparse.vstack(parts, format="csr"))
