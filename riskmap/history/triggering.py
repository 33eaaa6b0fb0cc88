r"""Triggering: events that raise the chance of others near them, for a while.

The self-exciting point process of Mohler et al. 2011 (*J. Am. Stat. Assoc.* 106), with
the parametric trigger of Mohler 2014 (*Int. J. Forecasting* 30):

.. math:: \lambda(t, s) = \mu\, b(s) + \sum_{t_i < t}
          \theta \omega e^{-\omega (t - t_i)} g_\sigma(s - s_i)

*b* the kernel density of all events, *g* a Gaussian. Whether there is anything to
trigger is asked first by Knox's test (Knox 1964).
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from riskmap.history.deals import Ints, against_deals
from riskmap.history.ground import Floats, Placed, Places
from riskmap.history.kernels import Kernel
from riskmap.history.records import Records

# where EM starts, and how long it goes on
FIRST_THETA, FIRST_BACKGROUND = 0.3, 0.7
MOST_STEPS = 40

# the trigger's range: half a cell's edge to four, a day to two months
LEAST_EDGES, MOST_EDGES = 0.25, 4.0
LEAST_DECAY_PER_DAY, MOST_DECAY_PER_DAY = 1 / 60, 2.0

# each event triggers fewer than one other, or the process would run away
MOST_THETA = 0.8

# after so many mean lives nothing of a trigger is left
MOST_LIVES = 6.0

# only so many of the last events are paired: an older pair tells less of today
MOST_EVENTS = 6_000

# with fewer there is no pair
FEWEST_EVENTS = 2
MOST_PAIRS = 4_000_000

LEAST = 1e-12

Pairs = tuple[Places, Places, Floats, Floats]


@dataclass(frozen=True, kw_only=True)
class Knox:
    """Result of Knox's test of near repeats.

    Parameters
    ----------
    close_pairs
        Pairs of events near each other in space and in time.
    expected
        Mean of the same when the days are shuffled.
    p_value
        Share of shuffles with as many, the data counted among them.
    """

    close_pairs: int
    expected: float
    p_value: float

    @property
    def ratio(self) -> float:
        """How many times more close pairs than chance alone gives; 1 if none."""
        return self.close_pairs / self.expected if self.expected > 0 else 1.0


def knox_test(
    events: Placed,
    *,
    near_km: float,
    near_days: float,
    draws: int = 99,
    random_state: int = 0,
) -> Knox:
    """Test whether events near in space are nearer in time than chance has it.

    Parameters
    ----------
    events
        The events; those placed coarser than ``near_km`` are left out.
    near_km, near_days
        What is close.
    draws
        Shuffles of the days.
    random_state
        Seed of these.

    Returns
    -------
    Knox
        Its p-value is 1 if no two events are near.

    Examples
    --------
    >>> from riskmap.history.ground import Placed
    >>> sites = np.arange(4) * 9.0
    >>> events = Placed(
    ...     day=np.array([0, 1, 50, 51, 100, 101, 150, 151]),
    ...     known_day=np.array([1, 2, 51, 52, 101, 102, 151, 152]),
    ...     site=np.array([0, 0, 1, 1, 2, 2, 3, 3]), site_cell=np.arange(4),
    ...     site_xy_km=np.column_stack([sites, sites]),
    ...     site_lonlat=np.zeros((4, 2)), site_spread_km=np.zeros(4))
    >>> knox_test(events, near_km=1, near_days=7).close_pairs
    4
    """
    fine = events.site_spread_km[events.site] <= near_km
    kept = events.keep(fine)
    kept = kept.keep(np.arange(len(kept)) >= len(kept) - MOST_EVENTS)
    xy, day = kept.site_xy_km[kept.site], kept.day
    if len(day) < FEWEST_EVENTS:
        return Knox(close_pairs=0, expected=0.0, p_value=1.0)
    pairs = cKDTree(xy).query_pairs(near_km, output_type="ndarray")

    def close(days: Ints) -> Ints:
        gap = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]])
        return np.asarray((gap <= near_days).sum())

    seen, expected, p = against_deals(
        close,
        day,
        lambda rng: rng.permutation(day),
        deals=draws,
        random_state=random_state,
    )
    return Knox(close_pairs=int(seen), expected=float(expected), p_value=float(p))


class SelfExciting(BaseEstimator):  # type: ignore[misc]
    """Where events are expected if each may trigger others near it.

    Parameters
    ----------
    reach_km
        Bandwidth of the background.
    pair_days
        Pairs further apart in time are not looked at.

    Attributes
    ----------
    background_ : float
        Events per day that nothing triggers, μ.
    theta_ : float
        Events that one event triggers.
    decay_per_day_ : float
        ω.
    sigma_km_ : float
        Standard deviation of the trigger along each axis.
    """

    def __init__(self, reach_km: float = 4.0, pair_days: float = 180.0) -> None:
        self.reach_km = reach_km
        self.pair_days = pair_days

    def fit(self, X: Records, y: None = None) -> "SelfExciting":  # noqa: ARG002
        """Fit by expectation-maximisation on the last events.

        Parameters
        ----------
        X
            What is known.
        y
            Not used.

        Returns
        -------
        SelfExciting
            Itself; with fewer than two events it triggers nothing.
        """
        self.records_ = X
        events = X.events.pinned
        events = events.keep(np.arange(len(events)) >= len(events) - MOST_EVENTS)
        edge = X.ground.edge_km
        self.theta_, self.sigma_km_ = 0.0, edge
        self.decay_per_day_ = 1 / 30
        first = int(events.day[0]) if len(events) else X.as_of_day - 1
        span = max(X.as_of_day - first, 1)
        self.background_ = len(events) / span
        if len(events) < FEWEST_EVENTS:
            return self
        pairs = self._pairs(events, MOST_EDGES * edge)
        self._climb(events, pairs, self._alone(events), float(span))
        return self

    def _pairs(self, events: Placed, reach_km: float) -> Pairs:
        """List pairs near in space and time, the earlier event first."""
        xy = events.site_xy_km[events.site]
        found = cKDTree(xy).query_pairs(reach_km, output_type="ndarray")
        first, then = found.min(axis=1), found.max(axis=1)
        apart = (events.day[then] - events.day[first]).astype(np.float64)
        near = np.flatnonzero((apart > 0) & (apart <= self.pair_days))[-MOST_PAIRS:]
        first, then, apart = first[near], then[near], apart[near]
        return first, then, apart, ((xy[first] - xy[then]) ** 2).sum(axis=1)

    def _kernel(self, reach_km: float) -> Kernel:
        known = self.records_.kernels
        if reach_km not in known:
            known[reach_km] = Kernel(
                ground=self.records_.ground,
                events=self.records_.events,
                bandwidth_km=reach_km,
            )
        return known[reach_km]

    def _alone(self, events: Placed) -> Floats:
        """Background density per km² at each event, its own kernel left out."""
        kernel = self._kernel(self.reach_km)
        weights = np.bincount(events.site, minlength=len(events.site_cell))
        cell = events.cell
        area = self.records_.ground.area_km2[cell]
        own = area / (2 * np.pi * kernel.width_km[events.site] ** 2)
        spread = kernel.spread(weights.astype(np.float64))[cell]
        rest = np.maximum(spread - np.minimum(own, 1.0), 0.0)
        return np.asarray(np.maximum(rest, 1e-6) / (len(events) - 1) / area)

    def _climb(self, events: Placed, pairs: Pairs, alone: Floats, span: float) -> None:
        """Alternate who triggered whom with the likeliest numbers."""
        _, then, apart, square = pairs
        n, edge = len(events), self.records_.ground.edge_km
        mu, theta = FIRST_BACKGROUND * n / span, FIRST_THETA
        decay, sigma = self.decay_per_day_, self.sigma_km_
        left = np.minimum(self.records_.as_of_day - events.day, self.pair_days)
        for _ in range(MOST_STEPS):
            near = np.exp(-square / (2 * sigma**2)) / (2 * np.pi * sigma**2)
            pull = theta * decay * np.exp(-decay * apart) * near
            whole = mu * alone + np.bincount(then, pull, minlength=n)
            share = pull / whole[then]
            triggered = float(share.sum())
            room = float((1 - np.exp(-decay * left)).sum())
            mu = float((mu * alone / whole).sum()) / span
            theta = min(triggered / max(room, LEAST), MOST_THETA)
            decay = triggered / max(float(share @ apart), LEAST)
            decay = float(np.clip(decay, LEAST_DECAY_PER_DAY, MOST_DECAY_PER_DAY))
            sigma = np.sqrt(float(share @ square) / max(2 * triggered, LEAST))
            sigma = float(np.clip(sigma, LEAST_EDGES * edge, MOST_EDGES * edge))
        self.background_, self.theta_ = mu, theta
        self.decay_per_day_, self.sigma_km_ = decay, sigma

    def predict(self, horizon_days: int) -> Floats:
        """Expect events in each cell over the days after the last known.

        Later generations of triggered events are added by 1 / (1 - θ).

        Parameters
        ----------
        horizon_days
            Days ahead.

        Returns
        -------
        numpy.ndarray of shape (n_cells,)
            Expected events.
        """
        check_is_fitted(self, "theta_")
        events, day = self.records_.events, self.records_.as_of_day
        n_sites = len(events.site_cell)
        if not len(events):
            return np.zeros(len(self.records_.ground))
        every = np.bincount(events.site, minlength=n_sites).astype(np.float64)
        every /= len(events)
        on = self._kernel(self.reach_km).spread(every)
        later = 1 / (1 - self.theta_)
        age = (day - events.day).astype(np.float64)
        alive = age <= MOST_LIVES / self.decay_per_day_
        pull = self.theta_ * np.exp(-self.decay_per_day_ * age)
        pull *= 1 - np.exp(-self.decay_per_day_ * horizon_days)
        pull = np.asarray(pull * alive * later, dtype=np.float64)
        sites = np.bincount(events.site, pull, minlength=n_sites).astype(np.float64)
        sigma = float(f"{self.sigma_km_:.2g}")
        triggered = self._kernel(sigma).spread(sites)
        return np.asarray(self.background_ * horizon_days * later * on + triggered)
