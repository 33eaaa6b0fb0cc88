"""Stack: the mixture beside regressions, trees and a self-exciting process.

Each part foretells past horizons knowing only what was over before them, refitted for
each; the parts' weights are those under which they would have foretold these best.
So a learned part enters only through predictions for windows after its own training.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from riskmap.history.ground import Floats
from riskmap.history.learners import HistoryRegressor, lessons
from riskmap.history.reach import half_lives_for, reaches_for
from riskmap.history.records import Records
from riskmap.history.triggering import SelfExciting, knox_test
from riskmap.scoring.em import mixture_weights
from riskmap.scoring.expectation import shares_of
from riskmap.scoring.learning import Learning
from riskmap.scoring.mixture import KernelMixture
from riskmap.scoring.place import PlaceTerms

MIXTURE, CORRECTION, TREES = "mixture", "correction", "trees"
GLM, SELF_EXCITING = "glm", "self_exciting"

ALL_PARTS = (MIXTURE, CORRECTION, TREES, GLM, SELF_EXCITING)

# a part's share spread evenly, so that no cell is impossible to any
FLOOR = 0.01

# near repeats are looked for within two edges of a cell and half a horizon
NEAR_EDGES, NEAR_HORIZONS = 2.0, 0.5
MOST_P_VALUE = 0.05
PAIR_HORIZONS, LEAST_PAIR_DAYS = 4, 120


@dataclass(frozen=True, kw_only=True)
class StackTables:
    """What every part may use of the cells, beside the records.

    Parameters
    ----------
    place
        Terms of the neutral layers, for the mixture.
    layers
        The neutral layers themselves, for regressions and trees.
    known
        Maps made already, by records and day; days of one set of records share them.
    """

    place: PlaceTerms
    layers: pd.DataFrame
    known: dict[tuple[int, int, int], tuple[object, dict[str, Floats]]] = field(
        default_factory=dict, repr=False, compare=False
    )


class Stack(BaseEstimator):  # type: ignore[misc]
    """Where events are expected, from parts weighed by how they foretold the past.

    Parameters
    ----------
    mixture
        The mixture, not fitted; its horizon is the stack's.
    parts
        Names of the parts in use; ``self_exciting`` counts only where Knox's test
        finds near repeats.
    most_horizons
        Past horizons to weigh by.
    half_life_horizons
        Horizons after which one counts half.
    prior_events
        Events' worth of trust in the prior weights.
    random_state
        Seed of the draw of cells where nothing came.

    Attributes
    ----------
    weights_ : dict
        Weight of each part; they add up to 1.
    maps_ : dict
        Shares of the events expected in each cell, by part.
    """

    def __init__(
        self,
        mixture: KernelMixture,
        parts: tuple[str, ...] = ALL_PARTS,
        most_horizons: int = 8,
        half_life_horizons: float = 6.0,
        prior_events: float = 20.0,
        random_state: int = 0,
    ) -> None:
        self.mixture = mixture
        self.parts = parts
        self.most_horizons = most_horizons
        self.half_life_horizons = half_life_horizons
        self.prior_events = prior_events
        self.random_state = random_state

    @property
    def horizon_days(self) -> int:
        """Days ahead."""
        return int(self.mixture.learning.horizon_days)

    def fit(self, X: Records, y: None = None, *, tables: StackTables) -> "Stack":  # noqa: ARG002
        """Fit every part on today and on past days, and weigh them.

        Parameters
        ----------
        X
            What is known.
        y
            Not used.
        tables
            What there is beside it.

        Returns
        -------
        Stack
            Itself.
        """
        self.records_ = X
        self.maps_ = self.maps_on(X, tables)
        self.weights_ = self.weights_on(X, tables)
        return self

    def predict(self) -> Floats:
        """Share the next horizon's events out, of shape (n_cells,), adding up to 1."""
        check_is_fitted(self, "weights_")
        return np.asarray(
            sum(self.weights_[name] * self.maps_[name] for name in self.weights_)
        )

    def weights_on(self, records: Records, tables: StackTables) -> dict[str, float]:
        """Weigh the parts by horizons that are over.

        Parameters
        ----------
        records
            What is known by a day.
        tables
            What there is beside it.

        Returns
        -------
        dict
            Weight of each part that is asked on that day; they add up to 1.
        """
        names = list(self.maps_on(records, tables))
        first, horizon = records.coverage.first_day, self.horizon_days
        expected, counts = [np.zeros((len(names), 0))], [np.zeros(0)]
        least = self.mixture.learning.least_history_days + horizon
        events, n_cells = records.events.pinned, len(records.ground)
        for back in range(1, self.most_horizons + 1):
            day = records.as_of_day - back * horizon
            if first is None or day < first + least:
                break
            open_share = np.minimum(
                records.coverage.ever_before(day),
                records.coverage.share_between(day, day + horizon),
            )
            came = events.counts(n_cells, day, day + horizon)
            rows = np.flatnonzero((came > 0) & (open_share > 0))
            past = records.before(day)
            maps = self.maps_on(past, tables)
            even = _even(past)
            expected.append(np.array([maps.get(n, even)[rows] for n in names]))
            counts.append(came[rows] * 0.5 ** ((back - 1) / self.half_life_horizons))
        prior = np.full(len(names), self.prior_events / (2 * len(names)))
        prior[0] += self.prior_events / 2
        found = mixture_weights(
            np.concatenate(expected, axis=1), np.concatenate(counts), prior
        )
        return dict(zip(names, found.tolist(), strict=True))

    def maps_on(self, records: Records, tables: StackTables) -> dict[str, Floats]:
        """Ask every part on one day; days of one set of records share the answer.

        Parameters
        ----------
        records
            What is known by then.
        tables
            What there is beside it; keeps the answers.

        Returns
        -------
        dict
            Shares of the events in each cell, by part.
        """
        # earlier days of a set share its kernels: that names the set while it lives
        key = (id(records.kernels), records.as_of_day, self.horizon_days)
        if key not in tables.known:
            with threadpool_limits(1):
                tables.known[key] = (records.kernels, self._ask(records, tables))
        return tables.known[key][1]

    def _ask(self, records: Records, tables: StackTables) -> dict[str, Floats]:
        """Fit every part on what is known and share the next horizon out."""
        model = clone(self.mixture).fit(records, place=tables.place)
        day, where = records.as_of_day, records.watched
        mine = shares_of(model, day, where)
        found = {MIXTURE: mine, **self._learned(records, tables, model, mine)}
        if SELF_EXCITING in self.parts and self._repeats(records):
            found[SELF_EXCITING] = self._excited(records)
        even = _even(records)
        return {name: _floored(shares * where, even) for name, shares in found.items()}

    def _learned(
        self,
        records: Records,
        tables: StackTables,
        model: KernelMixture,
        mine: Floats,
    ) -> dict[str, Floats]:
        """Learn from one set of rows whatever learns, and ask it."""
        names = [name for name in (CORRECTION, TREES, GLM) if name in self.parts]
        if not names:
            return {}
        learners = {
            name: HistoryRegressor(
                how=name,
                horizon_days=self.horizon_days,
                random_state=self.random_state,
            )
            for name in names
        }
        traces = learners[names[0]].traces_of(records, tables.layers)

        def beforehand(day: int) -> Floats:
            """Share events out by the mixture with the weights known by then."""
            return shares_of(model, day, records.coverage.ever_before(day))

        rows = lessons(
            records,
            traces,
            random_state=self.random_state,
            offset=beforehand if CORRECTION in names else None,
        )
        today = traces.at(records, records.as_of_day)
        found = {}
        for name, learner in learners.items():
            learner.fit(records, layers=tables.layers, rows=rows)
            found[name] = learner.predict(records, columns=today)
        if CORRECTION in found:
            found[CORRECTION] = mine * found[CORRECTION]
        return found

    def _repeats(self, records: Records) -> bool:
        """Tell whether near repeats are more than chance."""
        edge = records.ground.edge_km
        found = knox_test(
            records.events,
            near_km=NEAR_EDGES * edge,
            near_days=NEAR_HORIZONS * self.horizon_days,
            random_state=self.random_state,
        )
        return found.p_value <= MOST_P_VALUE

    def _excited(self, records: Records) -> Floats:
        reaches = reaches_for(records)
        model = SelfExciting(
            reach_km=reaches[min(2, len(reaches) - 1)],
            pair_days=max(PAIR_HORIZONS * self.horizon_days, LEAST_PAIR_DAYS),
        )
        return model.fit(records).predict(self.horizon_days)


# reaches of the gamma-Poisson experts: from about a cell, as far as a kernel is drawn
# cell by cell, so many at most
CLUSTER_EDGES = (0.5, 4.0)
MOST_CLUSTERS = 4

# horizons shorter than this are learned from end to end, longer ones by halves
OVERLAP_DAYS = 60


def mixture_for(records: Records, horizon_days: int) -> KernelMixture:
    """Lay a mixture out for any records and horizon, by the data alone.

    Parameters
    ----------
    records
        What is known.
    horizon_days
        Days ahead.

    Returns
    -------
    KernelMixture
        Not fitted.
    """
    edge, reaches = records.ground.edge_km, reaches_for(records)
    near, far = CLUSTER_EDGES[0] * edge, CLUSTER_EDGES[1] * edge
    clusters = [reach for reach in reaches if near <= reach <= far]
    lives = half_lives_for(horizon_days)
    short = horizon_days <= OVERLAP_DAYS
    return KernelMixture(
        bandwidths_km=(0.0, *reaches),
        half_lives_days=lives,
        windows_days=(float(horizon_days), 5.0 * horizon_days),
        cluster_km=tuple(clusters[-MOST_CLUSTERS:] or [edge]),
        cluster_half_lives_days=lives[-2:],
        learning=Learning(
            horizon_days=horizon_days,
            step_days=horizon_days if short else horizon_days // 2,
            half_life_steps=6.0 if short else 4.0,
            most_windows=16,
        ),
    )


def _even(records: Records) -> Floats:
    """Share events out by watched area."""
    ground = records.ground.area_km2 * records.watched
    return np.asarray(ground / max(float(ground.sum()), 1e-12))


def _floored(shares: Floats, even: Floats) -> Floats:
    """Mix with an even spread; all of it if the map is empty."""
    total = float(shares.sum())
    if not np.isfinite(total) or total <= 0:
        return even
    return np.asarray((1 - FLOOR) * shares / total + FLOOR * even)
