"""Unseen ground: how danger lies within a region of which nothing was ever recorded.

Regressions learn how events lie *within* stretches of the line, whatever the total of
each stretch: what makes one region more recorded than another is no guide in a third.
Each is judged on stretches left out in turn, and their weights are those under which
the left-out stretches would have been foretold best.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from riskmap.history.ground import Floats, Places
from riskmap.history.records import Records
from riskmap.scoring.em import mixture_weights
from riskmap.scoring.terms import LAND, LINE, NEAR, WALK

# from least to most that a region may have in common with others
FAMILIES = (
    (LINE,),
    (LINE, WALK),
    (LINE, NEAR),
    (LINE, NEAR, WALK),
    (LINE, NEAR, LAND),
)
PENALTIES = (3e-3, 3e-2)

# a stretch stands for a region: about half a Border Patrol sector
STRETCH_KM = 200.0
FEWEST_STRETCHES = 3
FEWEST_EVENTS = 3

# cells without events that stand for the rest
MOST_ZEROS = 3_000
LEAST_WATCH_DAYS = 30

# a region is one witness, however much is recorded there: events of a stretch count in
# full if they are few, and no more than so many together. Of 30, 150 and no limit, 30
# foretells stretches left out best (17 of 19 training sets: docs/skill.md)
MOST_EVENTS = 30.0

# beyond the densest ground of stretches left out that held this share of their events
# nothing was ever put to the test: there the order of a map is kept, not its height.
# Judgement; on the sample, 25 cells of nine stretches
TESTED_SHARE = 0.1
KEPT_ORDER = 1e-6

# events' worth of trust in equal weights
PRIOR_EVENTS = 5.0

MOST_STEPS = 25
MOST_HALVINGS = 8
TOLERANCE = 1e-6
MOST_LINE = 50.0
LEAST_BEND = 1e-9


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Cells to learn from, in order of their stretch.

    Parameters
    ----------
    cell
        Their positions.
    events
        Times how many cells each stands for.
    exposure
        Area times days, times how many cells each stands for.
    stretch
        0, 1, 2, …, ascending.
    """

    cell: Places
    events: Floats
    exposure: Floats
    stretch: Places

    def without(self, stretch: int) -> "_Rows":
        """Leave a stretch out; the others close up."""
        kept = self.stretch != stretch
        number = self.stretch[kept]
        return _Rows(
            cell=self.cell[kept],
            events=self.events[kept],
            exposure=self.exposure[kept],
            stretch=number - (number > stretch),
        )


class WithinStretches(BaseEstimator):  # type: ignore[misc]
    """Poisson regression with a free total for every stretch, and a squared penalty.

    The totals are profiled out: what is left is a multinomial likelihood of where
    within its stretch each event lies (McCullagh & Nelder 1989, 6.4). Newton's method.

    Parameters
    ----------
    penalty
        Weight of the squared coefficients, for each event.

    Attributes
    ----------
    coef_ : numpy.ndarray of shape (n_terms,)
        Coefficients.
    """

    def __init__(self, penalty: float = 3e-3) -> None:
        self.penalty = penalty

    def fit(
        self,
        X: Floats,
        y: Floats,
        *,
        exposure: Floats,
        stretch: Places,
        start: "Floats | None" = None,
    ) -> "WithinStretches":
        """Fit.

        Parameters
        ----------
        X
            Terms, of shape (n_rows, n_terms).
        y
            Events.
        exposure
            What events are expected in proportion to.
        stretch
            0, 1, 2, …, ascending, each with an event.
        start
            Coefficients to start from.

        Returns
        -------
        WithinStretches
            Itself.
        """
        first = np.searchsorted(stretch, np.arange(stretch[-1] + 1))
        came = np.add.reduceat(y, first)
        ridge = self.penalty * came.sum()
        bend_ridge = np.eye(X.shape[1]) * (ridge + LEAST_BEND * came.sum())
        pull = y @ X

        def score(at: Floats) -> tuple[Floats, float]:
            line = np.clip(X @ at, -MOST_LINE, MOST_LINE)
            mean = exposure * np.exp(line)
            whole = np.add.reduceat(mean, first)
            worth = y @ line - came @ np.log(whole) - ridge * (at @ at) / 2
            return mean * (came / whole)[stretch], float(worth)

        here = np.zeros(X.shape[1]) if start is None else start
        mean, worth = score(here)
        for _ in range(MOST_STEPS):
            weighted = X * mean[:, None]
            sums = np.add.reduceat(weighted, first, axis=0)
            slope = pull - weighted.sum(axis=0) - ridge * here
            bend = X.T @ weighted - (sums.T / came) @ sums + bend_ridge
            step = np.linalg.solve(bend, slope)
            # half as far until it is no worse
            for halving in range(MOST_HALVINGS):
                nearer = here + step / 2**halving
                next_mean, next_worth = score(nearer)
                if next_worth >= worth:
                    break
            else:
                break
            gain, here = next_worth - worth, nearer
            mean, worth = next_mean, next_worth
            if gain < TOLERANCE * came.sum():
                break
        self.coef_ = here
        return self

    def predict(self, X: Floats) -> Floats:
        """Tell densities, up to a factor, of shape (n_rows,)."""
        check_is_fitted(self, "coef_")
        return np.asarray(np.exp(np.clip(X @ self.coef_, -MOST_LINE, MOST_LINE)))


class UnseenGround(BaseEstimator):  # type: ignore[misc]
    """What the place of a cell says where no record does.

    Parameters
    ----------
    penalties
        Of the regressions that are tried.
    stretch_km
        Length of line that makes one stretch, both sides alike.
    most_events
        How many events a stretch may weigh; infinite for all it holds.
    random_state
        Seed of the draw of cells without events.

    Attributes
    ----------
    ceiling_ : float
        Density that the densest ground of stretches left out was found to have, the
        densest that held a tenth of their events: no cell is told a higher one.
    gain_bits_ : float
        Bits per event over even ground on stretches left out, each counting alike.
    relative_ : numpy.ndarray of shape (n_cells,) or None
        Density as a multiple of the mean over ground that was watched; None where
        fewer than three stretches hold events.
    weights_ : dict
        Weight of each regression, and of even ground.
    """

    def __init__(
        self,
        penalties: tuple[float, ...] = PENALTIES,
        stretch_km: float = STRETCH_KM,
        most_events: float = MOST_EVENTS,
        random_state: int = 0,
    ) -> None:
        self.penalties = penalties
        self.stretch_km = stretch_km
        self.most_events = most_events
        self.random_state = random_state

    def fit(
        self,
        X: Records,
        y: None = None,  # noqa: ARG002
        *,
        terms: Mapping[str, Floats],
    ) -> "UnseenGround":
        """Learn from stretches, each left out in turn.

        Parameters
        ----------
        X
            What is known.
        y
            Not used.
        terms
            As :func:`riskmap.scoring.terms.ground_terms` gives.

        Returns
        -------
        UnseenGround
            Itself.
        """
        self.relative_: Floats | None = None
        self.weights_: dict[tuple[tuple[str, ...], float], float] = {}
        self.gain_bits_, self.ceiling_ = 0.0, float("inf")
        rows = self._rows(X)
        if len(rows.cell) == 0 or rows.stretch[-1] + 1 < FEWEST_STRETCHES:
            return self
        names: list[tuple[tuple[str, ...], float]] = [(("even",), 0.0)]
        some = rows.events > 0
        left_out = [_within(rows, np.ones(len(rows.cell)))]
        maps = [np.ones(len(X.ground))]
        held = {name: _held(terms[name], rows.cell) for name in terms}
        for family in FAMILIES:
            if not set(family) <= set(terms):
                continue
            ends = np.cumsum([held[name].shape[1] for name in family])[:-1]
            seen = np.column_stack([held[name][rows.cell] for name in family])
            for penalty in self.penalties:
                model, shares = _leave_out(rows, seen, penalty)
                names.append((family, penalty))
                left_out.append(shares)
                each = zip(family, np.split(model.coef_, ends), strict=True)
                line = np.sum([held[name] @ slope for name, slope in each], axis=0)
                maps.append(np.exp(np.clip(line, -MOST_LINE, MOST_LINE)))
        prior = np.full(len(maps), PRIOR_EVENTS / len(maps))
        each_map = np.array(left_out)
        weights = mixture_weights(each_map[:, some], rows.events[some], prior)
        self.weights_ = dict(zip(names, weights.tolist(), strict=True))
        foretold = weights @ each_map
        bits = np.log2(foretold / each_map[0])[some]
        stretch, events = rows.stretch[some], rows.events[some]
        each_bits = np.bincount(stretch, events * bits) / np.bincount(stretch, events)
        self.gain_bits_ = float(each_bits.mean())
        whole = rows.exposure.sum()
        scaled = [map_ * whole / (map_[rows.cell] @ rows.exposure) for map_ in maps]
        self.ceiling_ = _ceiling(rows, foretold, each_map[0])
        self.relative_ = _under(np.asarray(weights @ np.array(scaled)), self.ceiling_)
        return self

    def _rows(self, records: Records) -> _Rows:
        """Take the cells with events and some others, of stretches that hold some."""
        n_cells = len(records.ground)
        counts = np.bincount(records.events.pinned.cell, minlength=n_cells)
        days = records.coverage.discounted_days(records.as_of_day, np.inf)
        km = records.ground.cells["km"].to_numpy(dtype=np.float64)
        stretch = (km // self.stretch_km).astype(np.intp)
        open_ground = days >= LEAST_WATCH_DAYS
        came = np.bincount(stretch[open_ground], counts[open_ground], stretch.max() + 1)
        usable = open_ground & (came[stretch] >= FEWEST_EVENTS)
        draw = np.random.default_rng(self.random_state).permutation(n_cells)
        none = draw[(usable & (counts == 0))[draw]]
        cell = np.concatenate(
            [np.flatnonzero(usable & (counts > 0)), none[:MOST_ZEROS]]
        )
        cell = cell[np.lexsort((cell, stretch[cell]))].astype(np.intp)
        stand_in = len(none) / max(len(none[:MOST_ZEROS]), 1)
        weight = np.where(counts[cell] > 0, 1.0, stand_in)
        told = counts / (1 + came[stretch] / self.most_events)
        return _Rows(
            cell=cell,
            events=told[cell],
            exposure=(records.ground.area_km2 * days)[cell] * weight,
            stretch=np.unique(stretch[cell], return_inverse=True)[1].astype(np.intp),
        )


def _held(terms: Floats, cell: Places) -> Floats:
    """Hold terms in the range seen in some cells, about their mean there."""
    seen = terms[cell]
    # a line must not run on where it knows nothing
    found = np.clip(terms, seen.min(axis=0), seen.max(axis=0))
    found -= seen.mean(axis=0)
    return np.asarray(found)


def _within(rows: _Rows, density: Floats) -> Floats:
    """Share each stretch's events out by density."""
    mean = rows.exposure * density
    whole = np.bincount(rows.stretch, mean)
    return np.asarray(mean / whole[rows.stretch])


def _ceiling(rows: _Rows, foretold: Floats, even: Floats) -> float:
    """Measure what the ground foretold densest really held, in stretches left out."""
    told = np.bincount(rows.stretch, rows.events)[rows.stretch]
    order = np.argsort(-foretold / even, kind="stable")
    held = np.cumsum(rows.events[order])
    last = int(np.searchsorted(held, TESTED_SHARE * held[-1]))
    return float(held[last] / np.cumsum((even * told)[order])[last])


def _under(relative: Floats, ceiling: float) -> Floats:
    """Hold densities under a ceiling, in the order that they had."""
    above = np.log(np.maximum(relative / ceiling, 1.0))
    return np.asarray(np.minimum(relative, ceiling) * (1 + KEPT_ORDER * above))


def _leave_out(
    rows: _Rows, terms: Floats, penalty: float
) -> tuple[WithinStretches, Floats]:
    """Fit on all, and foretell each stretch by a fit on the others."""
    model = WithinStretches(penalty).fit(
        terms, rows.events, exposure=rows.exposure, stretch=rows.stretch
    )
    density = np.zeros(len(rows.cell))
    for stretch in range(int(rows.stretch[-1]) + 1):
        mine, others = rows.stretch == stretch, rows.without(stretch)
        fold = WithinStretches(penalty).fit(
            terms[~mine],
            others.events,
            exposure=others.exposure,
            stretch=others.stretch,
            start=model.coef_,
        )
        density[mine] = fold.predict(terms[mine])
    return model, _within(rows, density)
