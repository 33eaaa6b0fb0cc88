"""Learners: regressions from a cell's past to the events that came after.

Each learns from whole horizons that were over before the day of forecast, cell by
cell; a draw of the cells where nothing came stands for all of them (case-control).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from riskmap.history.ground import Floats, Places
from riskmap.history.reach import reaches_for
from riskmap.history.records import Records
from riskmap.history.traces import Traces

# horizons learned from, and how far apart they start
MOST_HORIZONS = 16
STEP_DAYS = 91

# cells without events that stand for all of them, to each cell with some
ZEROS_PER_EVENT = 5
FEWEST_ZEROS = 500

# days before the first horizon
LEAST_HISTORY_DAYS = 365

# penalty of the regression, as in design/science.md 6
PENALTY = 1e-3

# missing layers of the regression count as the middle
FILL = 0.0

# standardised terms are held within so many deviations
MOST_DEVIATIONS = 6.0

# a correction may raise or lower what it corrects so many times at most
MOST_FACTOR = 8.0

# smallest share expected of a cell, so that a ratio to it stays finite
LEAST_SHARE = 1e-9

# trees: small steps, few leaves, so that sparse events are not learned by heart
TREES = {
    "loss": "poisson",
    "learning_rate": 0.05,
    "max_iter": 120,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    "max_bins": 32,
    "early_stopping": False,
    "random_state": 0,
}
CORRECTION_TREES = {
    **TREES,
    "learning_rate": 0.03,
    "max_iter": 80,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 100,
    "l2_regularization": 20.0,
}

# from a day to the shares expected of each cell then
Offset = Callable[[int], Floats]


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """Rows to learn from.

    Parameters
    ----------
    columns
        Traces of each row, of shape (n_rows, n_columns).
    counts
        Events that came, of shape (n_rows,).
    weight
        Cells that each row stands for.
    offset
        Events expected of it beforehand.
    """

    columns: npt.NDArray[np.float32]
    counts: Floats
    weight: Floats
    offset: Floats

    def __len__(self) -> int:
        return len(self.counts)


def lesson_days(records: Records, horizon_days: int) -> tuple[int, ...]:
    """List the first days of the horizons to learn from, newest first.

    Parameters
    ----------
    records
        What is known.
    horizon_days
        Length of each; all are over by the as-of day.

    Returns
    -------
    tuple of int
        Day numbers; they overlap where a horizon is longer than a season.
    """
    first = records.coverage.first_day
    if first is None:
        return ()
    step = min(horizon_days, STEP_DAYS)
    days = [
        records.as_of_day - horizon_days - step * back for back in range(MOST_HORIZONS)
    ]
    least = first + min(LEAST_HISTORY_DAYS, 4 * horizon_days)
    return tuple(day for day in days if day >= least)


def lessons(
    records: Records,
    traces: Traces,
    *,
    random_state: int = 0,
    offset: Offset | None = None,
) -> Lessons:
    """Gather rows from past horizons.

    Parameters
    ----------
    records
        What is known.
    traces
        Columns.
    random_state
        Seed of the draw of cells where nothing came.
    offset
        Shares expected beforehand; by area if not given.

    Returns
    -------
    Lessons
        Maybe without rows.
    """
    draw = np.random.default_rng(random_state)
    columns, counts, weights, offsets = [], [], [], []
    events, area = records.events.pinned, records.ground.area_km2
    for day in lesson_days(records, traces.horizon_days):
        end = day + traces.horizon_days
        watched = np.minimum(
            records.coverage.ever_before(day), records.coverage.share_between(day, end)
        )
        came = np.where(watched > 0, events.counts(len(area), day, end), 0.0)
        rows, weight = _drawn(came, watched, draw)
        if not len(rows):
            continue
        if offset is None:
            share = area * watched / (area * watched).sum()
        else:
            share = offset(day)
        total = max(float(came.sum()), 1.0)
        columns.append(traces.at(records, day)[rows])
        counts.append(came[rows])
        weights.append(weight)
        offsets.append(np.maximum(share[rows], LEAST_SHARE) * total)
    if not columns:
        none = np.zeros(0)
        width = len(traces.names)
        return Lessons(
            columns=np.zeros((0, width), "f4"), counts=none, weight=none, offset=none
        )
    return Lessons(
        columns=np.concatenate(columns),
        counts=np.concatenate(counts),
        weight=np.concatenate(weights),
        offset=np.concatenate(offsets),
    )


def _drawn(
    came: Floats, watched: Floats, draw: np.random.Generator
) -> tuple[Places, Floats]:
    """Take every cell with events, and some without, weighed to stand for the rest."""
    some = np.flatnonzero(came > 0)
    none = np.flatnonzero((came == 0) & (watched > 0))
    size = min(len(none), max(ZEROS_PER_EVENT * len(some), FEWEST_ZEROS))
    taken = np.sort(draw.choice(none, size=size, replace=False)) if size else none
    weight = np.ones(len(some) + size)
    weight[len(some) :] = len(none) / max(size, 1)
    return np.concatenate([some, taken]), weight


def _within(terms: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Hold standardised terms in range, so that no line runs off; fill what misses."""
    known = np.nan_to_num(terms, nan=FILL).astype(np.float64)
    return np.clip(known, -MOST_DEVIATIONS, MOST_DEVIATIONS)


def _telling(columns: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Tell which columns are neither constant nor missing throughout."""
    known = np.isfinite(columns)
    least = np.where(known, columns, np.inf).min(axis=0)
    most = np.where(known, columns, -np.inf).max(axis=0)
    return np.asarray(least < most, dtype=np.bool_)


class HistoryRegressor(BaseEstimator):  # type: ignore[misc]
    """Expected events from traces: by regression, by trees, or correcting a map.

    Parameters
    ----------
    how
        ``glm``: Poisson regression with a squared penalty; ``trees``: gradient
        boosting with Poisson loss, monotone in history; ``correction``: small trees
        for the ratio to an offset.
    horizon_days
        Days ahead.
    most_reaches
        Kernels among the columns, at most.
    random_state
        Seed of the draw of cells where nothing came.

    Attributes
    ----------
    model_ : object or None
        The fitted model; None if there was nothing to learn from.
    """

    def __init__(
        self,
        how: str = "trees",
        horizon_days: int = 365,
        most_reaches: int = 5,
        random_state: int = 0,
    ) -> None:
        self.how = how
        self.horizon_days = horizon_days
        self.most_reaches = most_reaches
        self.random_state = random_state

    def traces_of(self, records: Records, layers: pd.DataFrame) -> Traces:
        """Lay the columns out: every second reach, up to the most.

        Parameters
        ----------
        records
            What is known.
        layers
            Neutral layers of the cells.

        Returns
        -------
        Traces
            Of this regression.
        """
        reaches = reaches_for(records)[: 2 * self.most_reaches]
        return Traces(
            reaches_km=reaches[:: 1 if len(reaches) <= self.most_reaches else 2],
            horizon_days=self.horizon_days,
            layers=layers,
        )

    def fit(
        self,
        X: Records,
        y: None = None,  # noqa: ARG002 - scikit-learn passes y
        *,
        layers: pd.DataFrame,
        offset: Offset | None = None,
        rows: Lessons | None = None,
    ) -> "HistoryRegressor":
        """Learn from horizons that are over.

        Parameters
        ----------
        X
            What is known.
        y
            Not used.
        layers
            Neutral layers of the cells, maybe none.
        offset
            For ``correction``: the shares that were expected on a past day.
        rows
            Rows gathered already by :func:`lessons` with the same columns.

        Returns
        -------
        HistoryRegressor
            Itself.
        """
        self.traces_ = self.traces_of(X, layers)
        if rows is None:
            rows = lessons(
                X, self.traces_, random_state=self.random_state, offset=offset
            )
        self.model_: Any = None
        self.scale_: StandardScaler | None = None
        if rows.counts.sum() == 0:
            return self
        with threadpool_limits(1):
            self._learn(rows)
        return self

    def _learn(self, rows: Lessons) -> None:
        self.used_ = _telling(rows.columns)
        columns = rows.columns[:, self.used_]
        if self.how == "glm":
            self.scale_ = StandardScaler().fit(columns)
            terms = _within(self.scale_.transform(columns))
            self.model_ = PoissonRegressor(
                alpha=PENALTY, max_iter=100, solver="newton-cholesky"
            ).fit(terms, rows.counts, sample_weight=rows.weight)
            return
        settings = TREES if self.how == "trees" else CORRECTION_TREES
        rises = np.array(self.traces_.rises)[self.used_]
        signs = rises.tolist() if self.how == "trees" else None
        target, weight = rows.counts, rows.weight
        if self.how == "correction":
            target, weight = target / rows.offset, weight * rows.offset
        self.model_ = HistGradientBoostingRegressor(
            **settings, monotonic_cst=signs
        ).fit(columns, target, sample_weight=weight)

    def predict(
        self, records: Records, *, columns: npt.NDArray[np.float32] | None = None
    ) -> Floats:
        """Expect events on the as-of day of some records.

        Parameters
        ----------
        records
            What is known then.
        columns
            Traces of all cells on that day, if worked out already.

        Returns
        -------
        numpy.ndarray of shape (n_cells,)
            Expected events, or for ``correction`` the factor on the offset; of
            unwatched cells 0. All 1 if nothing was learned.
        """
        check_is_fitted(self, "traces_")
        watched = records.watched > 0
        if self.model_ is None:
            return np.where(watched, 1.0, 0.0)
        if columns is None:
            columns = self.traces_.at(records, records.as_of_day)
        rows = columns[watched][:, self.used_]
        with threadpool_limits(1):
            terms = (
                rows if self.scale_ is None else _within(self.scale_.transform(rows))
            )
            mine = np.asarray(self.model_.predict(terms), dtype=np.float64)
        if self.how == "correction":
            mine = np.clip(mine, 1 / MOST_FACTOR, MOST_FACTOR)
        found = np.zeros(len(records.ground))
        found[watched] = np.minimum(mine, np.finfo(np.float32).max)
        return found
