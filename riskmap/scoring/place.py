"""Place: a Poisson regression of events on the layers of a place, no history in it."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from riskmap.history.ground import Floats, Places
from riskmap.history.records import Records

# knots of the hinges, as quantiles of the layer over the cells given
KNOTS = (0.1, 0.3, 0.6, 0.9)

# rows worked on at once, so that a fine grid needs no great table
ROWS_AT_ONCE = 50_000

# Newton's method settles in about ten steps, to a ten-millionth of a nat per event
MOST_STEPS = 40
MOST_HALVINGS = 12
TOLERANCE = 1e-7
LEAST_RATE = 1e-300
LEAST_BEND = 1e-9

# logarithm of the most events that a term may expect, far above any
MOST_LINE = 50.0


class Hinges(BaseEstimator):  # type: ignore[misc]
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


class PoissonRidge(BaseEstimator):  # type: ignore[misc]
    """Poisson regression with a logarithmic link and a squared penalty.

    Minimises the mean weighted deviance plus ``penalty`` times the squared
    coefficients, as scikit-learn's ``PoissonRegressor`` does, by Newton's method; in
    one thread, so that the same input gives the same bytes.

    Parameters
    ----------
    penalty
        Weight of the squared coefficients.

    Attributes
    ----------
    coef_ : numpy.ndarray of shape (n_terms,)
        Coefficients.
    intercept_ : float
        Logarithm of events per unit of exposure where all terms are 0.
    """

    coef_: Floats
    intercept_: float

    def __init__(self, penalty: float = 1e-3) -> None:
        self.penalty = penalty

    def fit(
        self,
        X: Floats,
        y: Floats,
        *,
        exposure: Floats,
        weight: Floats,
        start: "PoissonRidge | None" = None,
    ) -> "PoissonRidge":
        """Fit.

        Parameters
        ----------
        X
            Terms, of shape (n_cells, n_terms).
        y
            Events, of shape (n_cells,).
        exposure
            Watched area times time, more than 0.
        weight
            How many cells each stands for.
        start
            A fit to start from: like data settle in fewer steps.

        Returns
        -------
        PoissonRidge
            Itself.
        """
        terms = np.column_stack([np.ones(len(X)), X])
        usual = weight * exposure
        total = float((y * weight).sum())
        rate = total / max(float(usual.sum()), LEAST_RATE)
        line = np.zeros(terms.shape[1])
        if start is not None:
            line[1:] = start.coef_
        line[0] = np.log(max(total, LEAST_RATE)) - np.log(
            float((usual * np.exp(terms[:, 1:] @ line[1:])).sum())
        )
        # scikit-learn's alpha: per unit of sample weight, here of expected events
        ridge = np.full(terms.shape[1], self.penalty * total)
        ridge[0] = 0.0

        def score(at: Floats) -> tuple[Floats, float]:
            along = np.minimum(terms @ at, MOST_LINE)
            mean = usual * np.exp(along)
            worth = (weight * y) @ along - mean.sum() - ridge @ at**2 / 2
            return mean, float(worth)

        mean, worth = score(line)
        for _ in range(MOST_STEPS if rate > 0 else 0):
            slope = terms.T @ (weight * y - mean) - ridge * line
            bend = (terms.T * mean) @ terms + np.diag(ridge + LEAST_BEND * total)
            step = np.linalg.solve(bend, slope)
            # half as far until it is no worse
            for halving in range(MOST_HALVINGS):
                nearer = line + step / 2**halving
                next_mean, next_worth = score(nearer)
                if next_worth >= worth:
                    break
            gain, line = next_worth - worth, nearer
            mean, worth = next_mean, next_worth
            if gain < TOLERANCE * total:
                break
        self.intercept_, self.coef_ = float(line[0]), line[1:]
        return self

    def predict(self, X: Floats) -> Floats:
        """Expect events per unit of exposure, of shape (n_cells,)."""
        check_is_fitted(self, "coef_")
        return np.asarray(np.exp(self.intercept_ + X @ self.coef_), dtype=np.float64)


@dataclass(kw_only=True)
class PlaceTerms:
    """Layers of all cells as terms, and the order in which cells are drawn.

    Neither depends on any record, so one serves every day and every score.

    Parameters
    ----------
    layers
        Neutral layers, of shape (n_cells, n_layers), NaN where missing.
    random_state
        Seed of the order.
    """

    layers: Floats
    random_state: int = 0

    @cached_property
    def order(self) -> Places:
        """All cells in an order of chance."""
        draw = np.random.default_rng(self.random_state)
        return draw.permutation(len(self.layers)).astype(np.intp)

    @cached_property
    def terms(self) -> npt.NDArray[np.float32]:
        """Terms of all cells, (n_cells, n_terms): half the usual size will do."""
        hinges = Hinges().fit(self.layers[np.sort(self.order[:ROWS_AT_ONCE])])
        found = [
            hinges.transform(self.layers[first : first + ROWS_AT_ONCE]).astype("f4")
            for first in range(0, len(self.layers), ROWS_AT_ONCE)
        ]
        return np.concatenate(found)


@dataclass(kw_only=True)
class PlaceBench:
    """Regressions of one set of records as of different days, each worked out once.

    Parameters
    ----------
    records
        The records.
    place
        Terms of the cells.
    penalty
        See :class:`PoissonRidge`.
    most_zeros
        Cells drawn to stand for those without events.
    """

    records: Records
    place: PlaceTerms
    penalty: float
    most_zeros: int
    _rates: dict[int, Floats] = field(default_factory=dict)
    _last: PoissonRidge | None = None

    @cached_property
    def drawn(self) -> npt.NDArray[np.bool_]:
        """Cells drawn from all that were ever watched, whatever was recorded there."""
        order = self.place.order
        watched = order[self.records.watched[order] > 0]
        found = np.zeros(len(self.records.ground), dtype=bool)
        found[watched[: self.most_zeros]] = True
        return found

    def rate(self, day: int) -> Floats:
        """Expect events per km² and watched day, from what was over before a day."""
        if day not in self._rates:
            with threadpool_limits(1):
                model = self._last = self._fit(day)
                line = self.place.terms @ model.coef_.astype(np.float32)
            self._rates[day] = np.exp(model.intercept_ + line.astype(np.float64))
        return self._rates[day]

    def shares(self, day: int, where: Floats) -> Floats:
        """Share the events of a horizon out over open ground, of shape (n_cells,)."""
        found = self.rate(day) * self.records.ground.area_km2 * where
        total = found.sum()
        return found / total if total > 0 else found

    def _fit(self, day: int) -> PoissonRidge:
        """Fit on the cells that hold an event by then, and on those drawn."""
        records = self.records.before(day)
        counts = np.bincount(records.events.pinned.cell, minlength=len(records.ground))
        watched = records.coverage.discounted_days(day, np.inf)
        some, none = counts > 0, (counts == 0) & (watched > 0)
        rows = np.flatnonzero((some | (none & self.drawn)) & (watched > 0))
        stand_in = none.sum() / max((none & self.drawn).sum(), 1)
        return PoissonRidge(self.penalty).fit(
            self.place.terms[rows].astype(np.float64),
            counts[rows].astype(np.float64),
            exposure=(records.ground.area_km2 * watched)[rows],
            weight=np.where(some[rows], 1.0, stand_in),
            start=self._last,
        )
