r"""Shapley: what each column adds to what boosted trees expect of one row, exactly.

Trees are asked about a set of known columns as Lundberg et al. (2020) do
(path-dependent TreeSHAP): at a split on a column outside the set both ways are taken,
each by its share of the training rows. So a leaf of value *v* adds the product game

.. math:: v \prod_j (o_j \text{ if } j \in S \text{ else } z_j)

*o* being whether the row passes all splits on *j* and *z* the share of rows that do.
Of such a product the Shapley value is a short polynomial, worked out leaf by leaf: no
draw, no approximation. Values are on the scale on which trees add up (for Poisson loss
the logarithm of the rate), and with the base they add up to what the model says there.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingRegressor

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Split:
    """One split on the way to a leaf.

    Parameters
    ----------
    column
        Position of the column.
    threshold
        Values up to it go left.
    left
        Whether the way to the leaf goes left.
    missing_left
        Whether a missing value goes left.
    share
        Share of the node's training rows that go this way.
    """

    column: int
    threshold: float
    left: bool
    missing_left: bool
    share: float

    def passes(self, value: float) -> bool:
        """Tell whether a value goes the way to the leaf."""
        goes_left = self.missing_left if np.isnan(value) else value <= self.threshold
        return bool(goes_left == self.left)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A leaf and the splits before it.

    Parameters
    ----------
    value
        What it adds.
    splits
        From the root on.
    """

    value: float
    splits: tuple[Split, ...]


def leaves_of(model: HistGradientBoostingRegressor) -> tuple[Leaf, ...]:
    """List all leaves of fitted trees, without categorical columns.

    Parameters
    ----------
    model
        Fitted.

    Returns
    -------
    tuple of Leaf
        Tree by tree.

    Raises
    ------
    ValueError
        If a tree splits on a categorical column.
    """
    found: list[Leaf] = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        if nodes["is_categorical"].any():
            msg = "Categorical columns are not taken apart."
            raise ValueError(msg)
        waiting: list[tuple[int, tuple[Split, ...]]] = [(0, ())]
        while waiting:
            place, splits = waiting.pop()
            node = nodes[place]
            if node["is_leaf"]:
                found.append(Leaf(value=float(node["value"]), splits=splits))
                continue
            for side in ("left", "right"):
                child = int(node[side])
                split = Split(
                    column=int(node["feature_idx"]),
                    threshold=float(node["num_threshold"]),
                    left=side == "left",
                    missing_left=bool(node["missing_go_to_left"]),
                    share=float(nodes[child]["count"]) / float(node["count"]),
                )
                waiting.append((child, (*splits, split)))
    return tuple(found)


def shapley_values(
    model: HistGradientBoostingRegressor, row: Floats
) -> tuple[float, Floats]:
    """Take what trees say of one row apart, column by column.

    Parameters
    ----------
    model
        Fitted, with one output and no categorical column.
    row
        One row, of shape (n_columns,); NaN is missing.

    Returns
    -------
    base : float
        What the trees say of the rows they learned from, on average.
    values : numpy.ndarray of shape (n_columns,)
        With the base they add up to what the trees say of the row, before the link is
        undone: for Poisson loss the logarithm of the rate.

    Examples
    --------
    >>> X = np.repeat([[0.0, 5.0], [1.0, 5.0]], 40, axis=0)
    >>> y = np.repeat([1.0, 3.0], 40)
    >>> model = HistGradientBoostingRegressor(max_iter=1, learning_rate=1.0)
    >>> base, values = shapley_values(model.fit(X, y), np.array([1.0, 5.0]))
    >>> round(base, 6), values.round(6).tolist()
    (2.0, [1.0, 0.0])
    """
    base = float(np.ravel(model._baseline_prediction)[0])
    values = np.zeros(len(row))
    for leaf in leaves_of(model):
        known: dict[int, float] = {}
        unknown: dict[int, float] = {}
        for split in leaf.splits:
            here = float(split.passes(float(row[split.column])))
            known[split.column] = known.get(split.column, 1.0) * here
            unknown[split.column] = unknown.get(split.column, 1.0) * split.share
        base += leaf.value * float(np.prod(list(unknown.values())))
        for column, passed in known.items():
            others = [(unknown[j], o) for j, o in known.items() if j != column]
            gained = passed - unknown[column]
            values[column] += leaf.value * gained * _orderings(others)
    return base, values


def _orderings(others: list[tuple[float, float]]) -> float:
    r"""Average a product over how many of the others are known when a column joins.

    The coefficient of :math:`t^k` in :math:`\prod (z_j + o_j t)` is the sum over the
    sets of *k* known ones; each set is met in k! (m - k - 1)! of m! orders.
    """
    sums = [1.0]
    for unknown, known in others:
        sums = [
            (sums[k] * unknown if k < len(sums) else 0.0)
            + (sums[k - 1] * known if k > 0 else 0.0)
            for k in range(len(sums) + 1)
        ]
    m = len(others) + 1
    return sum(
        total * factorial(k) * factorial(m - k - 1) / factorial(m)
        for k, total in enumerate(sums)
    )
