"""Place: a Poisson regression of events on the layers of a place, no history in it."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import PoissonRegressor
from sklearn.utils.validation import check_is_fitted

from riskmap.history.ground import Floats

# knots of the hinges, as quantiles of the layer over the cells given
KNOTS = (0.1, 0.3, 0.6, 0.9)

# rows worked on at once, so that a fine grid needs no great table
ROWS_AT_ONCE = 50_000


class Hinges(BaseEstimator):
    """Each layer as a straight line and hinges at four quantiles, standardised.

    Values are held within the range that was seen, so that a line does not run off
    where it knows nothing. A layer that is constant or missing throughout is left
    out; a missing value counts as the layer's median.

    Attributes
    ----------
    layers_ : list of int
        Positions of the layers in use.
    knots_ : list of numpy.ndarray
        Ends and knots of each.
    """

    def fit(self, X: Floats, y: None = None) -> "Hinges":  # noqa: ARG002
        """Learn range, knots and scale of each layer.

        Parameters
        ----------
        X
            Layers, of shape (n_cells, n_layers); NaN where missing.
        y
            Not used.

        Returns
        -------
        Hinges
            Itself.
        """
        self.layers_: list[int] = []
        self.knots_: list[Floats] = []
        self.fill_: list[float] = []
        for layer in range(X.shape[1]):
            known = X[np.isfinite(X[:, layer]), layer]
            if len(known) and known.min() < known.max():
                ends = (0.0, *KNOTS, 1.0)
                self.layers_.append(layer)
                self.knots_.append(np.unique(np.quantile(known, ends)))
                self.fill_.append(float(np.median(known)))
        terms = self._raw(X)
        spread = terms.std(axis=0)
        self.mean_ = terms.mean(axis=0)
        self.scale_ = np.where(spread > 0, spread, 1.0)
        return self

    def transform(self, X: Floats) -> Floats:
        """Make the terms, of shape (n_cells, n_terms)."""
        check_is_fitted(self, "scale_")
        return np.asarray((self._raw(X) - self.mean_) / self.scale_)

    def _raw(self, X: Floats) -> Floats:
        columns = [np.zeros((len(X), 0))]
        for layer, knots, fill in zip(
            self.layers_, self.knots_, self.fill_, strict=True
        ):
            values = np.where(np.isfinite(X[:, layer]), X[:, layer], fill)
            values = np.clip(values, knots[0], knots[-1])
            columns.append(np.maximum(values[:, None] - knots[:-1], 0))
        return np.concatenate(columns, axis=1)


class PlaceRegression(BaseEstimator):
    """Expected events from neutral layers alone, by a Poisson log-linear model.

    Parameters
    ----------
    penalty
        Weight of the squared coefficients (``alpha`` in scikit-learn).

    Attributes
    ----------
    hinges_ : Hinges
        Terms of the layers.
    rate_ : float
        Events per unit of exposure, all cells together.
    """

    def __init__(self, penalty: float = 1e-3) -> None:
        self.penalty = penalty

    def fit(
        self,
        X: Floats,
        y: Floats,
        exposure: Floats,
        weight: Floats,
        *,
        hinges: Hinges | None = None,
    ) -> "PlaceRegression":
        """Fit on a sample of cells that were watched.

        Parameters
        ----------
        X
            Layers, of shape (n_cells, n_layers); NaN where missing.
        y
            Events, of shape (n_cells,).
        exposure
            Watched area times time, of shape (n_cells,); cells of 0 are not used.
        weight
            How many cells each stands for.
        hinges
            Terms learned before; learned from ``X`` if not given.

        Returns
        -------
        PlaceRegression
            Itself.
        """
        seen = exposure > 0
        X, y, exposure, weight = X[seen], y[seen], exposure[seen], weight[seen]
        self.hinges_ = Hinges().fit(X) if hinges is None else hinges
        total = float((exposure * weight).sum())
        self.rate_ = float((y * weight).sum()) / total if total > 0 else 0.0
        self.regression_: PoissonRegressor | None = None
        if self.rate_ > 0 and self.hinges_.layers_:
            usual = exposure * self.rate_
            self.regression_ = PoissonRegressor(
                alpha=self.penalty, solver="newton-cholesky", max_iter=50
            ).fit(self.hinges_.transform(X), y / usual, sample_weight=weight * usual)
        return self

    def predict(self, X: Floats) -> Floats:
        """Expect events per unit of exposure, of shape (n_cells,)."""
        check_is_fitted(self, "rate_")
        if self.regression_ is None:
            return np.full(len(X), self.rate_)
        found = [np.zeros(0)]
        for first in range(0, len(X), ROWS_AT_ONCE):
            terms = self.hinges_.transform(X[first : first + ROWS_AT_ONCE])
            found.append(self.regression_.predict(terms))
        return np.asarray(self.rate_ * np.concatenate(found))


def sample_cells(
    held: Floats, watched: Floats, *, most: int, random_state: int
) -> tuple[Floats, Floats]:
    """Draw cells to fit on: all that hold events, some of the others.

    Parameters
    ----------
    held
        Events in each cell, of shape (n_cells,).
    watched
        Share of each cell that was watched; cells of 0 are left out.
    most
        How many cells without events to draw at most.
    random_state
        Seed of the draw.

    Returns
    -------
    tuple of numpy.ndarray
        Positions, ascending, and how many cells each stands for.

    Examples
    --------
    >>> rows, weight = sample_cells(
    ...     np.array([0, 1, 0, 0]), np.ones(4), most=1, random_state=0)
    >>> len(rows), float(weight.sum())
    (2, 4.0)
    """
    some = np.flatnonzero((held > 0) & (watched > 0))
    others = np.flatnonzero((held == 0) & (watched > 0))
    each = 1.0
    if len(others) > most:
        each = len(others) / most
        draw = np.random.default_rng(random_state)
        others = np.sort(draw.choice(others, most, replace=False))
    rows = np.concatenate([some, others])
    weight = np.concatenate([np.ones(len(some)), np.full(len(others), each)])
    order = np.argsort(rows, kind="stable")
    return rows[order], weight[order]
