"""Mixture: many simple maps, weighed by how well each foretold later events."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from riskmap.history.bench import FOREVER, KernelBench, Memory
from riskmap.history.ground import Floats, Places
from riskmap.history.records import Records
from riskmap.scoring.clusters import ClusterBench
from riskmap.scoring.em import mixture_weights
from riskmap.scoring.learning import Learning
from riskmap.scoring.place import PlaceBench, PlaceTerms
from riskmap.scoring.presets import Preset

UNIFORM, PLACE = "uniform", "place"

# share of the days of a horizon: a source may end a day early
WATCHED_THROUGHOUT = 0.98


USUAL = Learning()


@dataclass(frozen=True, kw_only=True)
class Window:
    """A past horizon to learn weights from.

    Parameters
    ----------
    day
        Its first day; experts see only what was over before.
    place_day
        Day up to which the regression on layers sees, the same or up to a year before.
    open_share
        Share of each cell watched before and all through it, of shape (n_cells,).
    rows
        Cells with events in it, ascending.
    counts
        Events in each of these.
    """

    day: int
    place_day: int
    open_share: Floats
    rows: Places
    counts: Floats


def past_windows(records: Records, learning: Learning) -> tuple[Window, ...]:
    """List past horizons, newest first, the first ending on the day of forecast.

    Parameters
    ----------
    records
        What is known.
    learning
        Which horizons.

    Returns
    -------
    tuple of Window
        Those with events only.

    """
    first = records.coverage.first_day
    if first is None:
        return ()
    found: list[Window] = []
    masks = [records.watched]
    last = records.as_of_day - learning.horizon_days
    steps = np.arange(learning.most_windows) * learning.step_days
    for day in (last - steps).tolist():
        if day < first + learning.least_history_days:
            break
        end = day + learning.horizon_days
        # a cell watched for a part of the horizon would seem quiet: it is left out
        throughout = records.coverage.share_between(day, end)
        before = records.coverage.ever_before(day)
        open_share = np.where(throughout >= WATCHED_THROUGHOUT * before, before, 0.0)
        counts = records.events.pinned.counts(len(records.ground), day, end)
        rows = np.flatnonzero((counts > 0) & (open_share > 0))
        # one regression a year is enough: it changes slowly
        years = -(-(last - day) // learning.horizon_days)
        place_day = max(
            last - years * learning.horizon_days, first + learning.least_history_days
        )
        if len(rows):
            found.append(
                Window(
                    day=day,
                    place_day=min(place_day, day),
                    open_share=_same(open_share, masks),
                    rows=rows,
                    counts=counts[rows],
                )
            )
    return tuple(found)


def _same(mask: Floats, masks: list[Floats]) -> Floats:
    """Hand out one array for masks that are equal, so that work on one serves all."""
    for known in masks:
        if np.array_equal(known, mask):
            return known
    masks.append(mask)
    return mask


class KernelMixture(BaseEstimator):  # type: ignore[misc]
    """Where events are expected, from a weighted mixture of simple maps.

    Each expert spreads the events of a horizon over the cells: kernels of one reach
    and one memory, gamma-Poisson posteriors of cells and their surroundings, a
    regression on the place's layers, and the watched area alone.
    Their weights are those under which the mixture would have foretold past horizons
    best, each expert knowing only what was over before the horizon began.

    Parameters
    ----------
    bandwidths_km
        Reaches of the kernels; 0 is the cell's own record.
    half_lives_days
        Memories that fade; infinite for one that does not.
    windows_days
        Memories that end.
    cluster_km
        Reaches of the gamma-Poisson experts; the first tells a cell's own records.
    cluster_half_lives_days
        Their memories.
    cluster_shapes
        Their shapes: trust in the neighbourhood, in events.
    learning
        Which past horizons to learn from.
    least_watched
        Least share of the longest watch that a cell's records are scaled up from.
    least_uniform
        Least weight of the watched area alone, so that no cell is impossible.
    prior_events
        Events' worth of trust in equal weights.
    place_penalty
        Penalty of the regression on layers.
    most_zeros
        Cells without events to fit that regression on.

    Attributes
    ----------
    names_ : list of str
        Experts.
    weights_ : numpy.ndarray of shape (n_experts,)
        Their weights, adding up to 1.
    windows_ : tuple of Window
        Past horizons learned from, newest first.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - scikit-learn names every setting
        self,
        bandwidths_km: tuple[float, ...] = (0, 1, 2, 4, 7, 12, 20, 35),
        half_lives_days: tuple[float, ...] = (60, 365, 1095, 2190, FOREVER),
        windows_days: tuple[float, ...] = (365, 1826),
        cluster_km: tuple[float, ...] = (4.0,),
        cluster_half_lives_days: tuple[float, ...] = (FOREVER,),
        cluster_shapes: tuple[float, ...] = (0.3, 1.0, 3.0, 10.0),
        learning: Learning = USUAL,
        least_watched: float = 0.1,
        least_uniform: float = 0.01,
        prior_events: float = 5.0,
        place_penalty: float = 1e-3,
        most_zeros: int = 6_000,
    ) -> None:
        self.bandwidths_km = bandwidths_km
        self.half_lives_days = half_lives_days
        self.windows_days = windows_days
        self.cluster_km = cluster_km
        self.cluster_half_lives_days = cluster_half_lives_days
        self.cluster_shapes = cluster_shapes
        self.learning = learning
        self.least_watched = least_watched
        self.least_uniform = least_uniform
        self.prior_events = prior_events
        self.place_penalty = place_penalty
        self.most_zeros = most_zeros

    def fit(  # scikit-learn passes y
        self,
        X: Records,
        y: None = None,  # noqa: ARG002
        *,
        place: PlaceTerms,
    ) -> "KernelMixture":
        """Weigh the experts on past horizons.

        Parameters
        ----------
        X
            What is known.
        y
            Not used.
        place
            Terms of the neutral layers.

        Returns
        -------
        KernelMixture
            Itself.
        """
        self.records_ = X
        self.place_ = PlaceBench(
            records=X,
            place=place,
            penalty=self.place_penalty,
            most_zeros=self.most_zeros,
        )
        self.bench_ = KernelBench(
            records=X,
            bandwidths_km=tuple(self.bandwidths_km),
            memories=(
                *(Memory(half_life_days=days) for days in self.half_lives_days),
                *(Memory(window_days=days) for days in self.windows_days),
                Memory(by_place=True),
            ),
            least_watched=self.least_watched,
        )
        self.clusters_ = tuple(
            ClusterBench(
                bench=self.bench_,
                bandwidth_km=reach,
                shapes=tuple(self.cluster_shapes),
                memory=Memory(half_life_days=days),
            )
            for reach in self.cluster_km
            for days in self.cluster_half_lives_days
        )
        clusters = [name for bench in self.clusters_ for name in bench.names]
        self.names_ = [UNIFORM, PLACE, *clusters, *self.bench_.names]
        self.windows_ = past_windows(X, self.learning)
        # oldest first: a regression starts from the one before it
        oldest_first = [self._shares_in(window) for window in self.windows_[::-1]]
        self.expected_ = tuple(oldest_first[::-1])
        self.weights_ = self.weights_before(X.as_of_day)
        return self

    def weights_before(self, day: int) -> Floats:
        """Weigh the experts by the horizons that were over before a day.

        Parameters
        ----------
        day
            Day number.

        Returns
        -------
        numpy.ndarray of shape (n_experts,)
            Adding up to 1.
        """
        check_is_fitted(self, "expected_")
        pairs = [
            (window, shares)
            for window, shares in zip(self.windows_, self.expected_, strict=True)
            if window.day + self.learning.horizon_days <= day
        ]
        newest = max((window.day for window, _ in pairs), default=0)
        expected, counts = [np.zeros((len(self.names_), 0))], [np.zeros(0)]
        for window, shares in pairs:
            age = (newest - window.day) / self.learning.step_days
            expected.append(shares)
            counts.append(window.counts * 0.5 ** (age / self.learning.half_life_steps))
        prior = np.full(len(self.names_), self.prior_events / len(self.names_))
        weights = mixture_weights(
            np.concatenate(expected, axis=1), np.concatenate(counts), prior
        )
        weights = weights * (1 - self.least_uniform)
        weights[0] += self.least_uniform
        return weights

    def learned_on(self, day: int, where: Floats) -> tuple[float, Floats]:  # noqa: ARG002 - a stack asks its learners
        """Tell the weight of learners beside the mixture, and their shares: none.

        Parameters
        ----------
        day
            Day number.
        where
            Share of each cell that is open, of shape (n_cells,).

        Returns
        -------
        weight : float
            0.
        shares : numpy.ndarray of shape (n_cells,)
            Zeros.
        """
        return 0.0, np.zeros(len(where))

    def _shares_in(self, window: Window) -> Floats:
        """Ask every expert about the cells that had events, (n_experts, n_rows)."""
        ground = self.records_.ground.area_km2 * window.open_share
        place = self.place_.shares(window.place_day, window.open_share)
        return np.concatenate(
            [
                (ground / ground.sum())[None, window.rows],
                place[None, window.rows],
                *(
                    bench.shares_at(window.rows, window.day, window.open_share)
                    for bench in self.clusters_
                ),
                self.bench_.shares_at(window.rows, window.day, window.open_share),
            ]
        )


def mixture_of(preset: Preset) -> KernelMixture:
    """Make the unfitted estimator of a preset.

    Parameters
    ----------
    preset
        The numbers.

    Returns
    -------
    KernelMixture
        Not fitted.

    Examples
    --------
    >>> from riskmap.scoring.presets import PRESETS
    >>> mixture_of(PRESETS[0]).least_uniform
    0.01
    """
    numbers = preset.numbers
    learning = ("horizon_days", "step_days", "half_life_steps", "most_windows")
    mixture = ("least_watched", "least_uniform", "prior_events", "most_zeros")
    return KernelMixture(
        bandwidths_km=numbers["bandwidths_km"],
        half_lives_days=numbers["half_lives_days"],
        windows_days=numbers["windows_days"],
        cluster_km=_several(numbers["cluster_km"]),
        cluster_half_lives_days=_several(numbers["cluster_half_lives_days"]),
        cluster_shapes=numbers["cluster_shapes"],
        learning=Learning(
            least_history_days=numbers["least_history_days"],
            **{name: numbers[name] for name in learning},
        ),
        place_penalty=numbers["place_penalty"],
        **{name: numbers[name] for name in mixture},
    )


def _several(value: "float | tuple[float, ...]") -> tuple[float, ...]:
    """Take one number for a list of one."""
    return value if isinstance(value, tuple) else (value,)
