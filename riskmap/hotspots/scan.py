r"""Scan: the cylinder of place and time that holds more events than it should.

Over every circle of places and every stretch of the last days, with *c* events in the
cylinder, *C* in all and :math:`\mu` expected of it (all expectations add up to *C*),

.. math:: \Lambda = \left(\frac{c}{\mu}\right)^c
          \left(\frac{C - c}{C - \mu}\right)^{C - c} \text{ if } c > \mu,
          \text{ else } 1 .

The likeliest cluster is where this is highest. Chance is asked by deals: how high would
it be if the days were dealt anew among the events (``permutation``: places and days
keep their totals), or if *C* events fell by what was expected (``poisson``). The share
of the deals as high is the p-value; a Gumbel distribution fitted to the deals gives
smaller ones than the number of deals allows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from riskmap.errors import OptionError, UnknownNameError
from riskmap.history.ground import Floats
from riskmap.hotspots.gumbel import gumbel_tail

Ints = npt.NDArray[np.int64]

PERMUTATION, POISSON = "permutation", "poisson"
MODELS = (PERMUTATION, POISSON)

# log ratios this close are equal
NEARLY = 1e-9


@dataclass(frozen=True, kw_only=True)
class ScanOptions:
    """How large a cluster may be, and what chance does.

    Parameters
    ----------
    most_km
        Largest radius of a circle.
    radii
        How many radii, evenly spaced up to the largest, are tried at each place.
    most_days
        Longest stretch of last days.
    model
        ``permutation`` or ``poisson``.
    deals
        How often chance is asked.
    clusters
        Most clusters told, the likeliest first.
    random_state
        Seed.
    """

    most_km: float = 40.0
    radii: int = 5
    most_days: int = 30
    model: str = PERMUTATION
    deals: int = 999
    clusters: int = 3
    random_state: int = 0

    def __post_init__(self) -> None:
        if self.model not in MODELS:
            msg = f"`model` must be one of {MODELS}, got {self.model!r}."
            raise UnknownNameError(msg, kind="model", value=self.model, known=MODELS)
        for name, least in (("radii", 1), ("most_days", 1), ("deals", 9)):
            if getattr(self, name) < least:
                got = getattr(self, name)
                msg = f"`{name}` must be {least} or more, got {got}."
                raise OptionError(msg, option=name, value=got)


@dataclass(frozen=True, kw_only=True, eq=False)
class Circles:
    """Circles of places, each set of places once.

    Parameters
    ----------
    members
        1 where a place is in a circle: (n_circles, n_places).
    centre
        Position of the place at each centre.
    radius_km
        Radius of each.
    """

    members: sparse.csr_matrix
    centre: npt.NDArray[np.intp]
    radius_km: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Cluster:
    """The likeliest cluster and how likely chance makes one like it.

    Parameters
    ----------
    circle
        Its circle, by position.
    days
        Length in days; it ends with the last.
    events
        Events in it.
    expected
        Expected in it.
    log_ratio
        Logarithm of the likelihood ratio.
    p
        Share of the deals with a ratio as high, itself counted in.
    p_gumbel
        By the Gumbel distribution fitted to the deals.
    """

    circle: int
    days: int
    events: int
    expected: float
    log_ratio: float
    p: float
    p_gumbel: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Even:
    """What to expect if every day were alike.

    Parameters
    ----------
    rates
        Share of the events that each place is expected to have; adds up to 1.
    n_days
        Days in all.
    """

    rates: Floats
    n_days: int


def lay_circles(xy_km: Floats, *, most_km: float, radii: int) -> Circles:
    """Draw circles about every place.

    Parameters
    ----------
    xy_km
        Places on a plane, of shape (n_places, 2).
    most_km
        Largest radius.
    radii
        How many radii are tried.

    Returns
    -------
    Circles
        The same set of places only once, the smallest circle first.

    Examples
    --------
    >>> circles = lay_circles(np.array([[0.0, 0], [1, 0]]), most_km=2, radii=2)
    >>> circles.members.toarray().tolist(), circles.radius_km.tolist()
    ([[1.0, 1.0]], [1.0])
    """
    apart = np.sqrt(((xy_km[:, None] - xy_km[None]) ** 2).sum(axis=2))
    seen: dict[bytes, None] = {}
    rows, centre, radius = [], [], []
    for step in range(1, radii + 1):
        reach = most_km * step / radii
        for place, inside in enumerate(apart <= reach):
            key = np.packbits(inside).tobytes()
            if key not in seen:
                seen[key] = None
                rows.append(np.flatnonzero(inside))
                centre.append(place)
                radius.append(reach)
    sizes = [len(row) for row in rows]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    members = sparse.csr_matrix(
        (np.ones(starts[-1]), np.concatenate(rows), starts),
        shape=(len(rows), len(xy_km)),
    )
    return Circles(
        members=members,
        centre=np.array(centre, dtype=np.intp),
        radius_km=np.array(radius),
    )


def log_ratios(counts: Floats, expected: Floats, total: float) -> Floats:
    """Measure how much likelier counts are if more was to be expected inside.

    Parameters
    ----------
    counts, expected
        Events in each cylinder, and how many were to be expected, of the same shape.
    total
        Events in all.

    Returns
    -------
    numpy.ndarray
        Logarithm of Kulldorff's likelihood ratio; 0 where there are no more than
        expected.

    References
    ----------
    Kulldorff M (1997) A spatial scan statistic. Commun Stat Theory Methods
    26:1481-1496, doi:10.1080/03610929708831995.

    Examples
    --------
    >>> log_ratios(np.array([5.0, 1.0]), np.array([1.0, 1.0]), 10.0).round(3).tolist()
    [5.108, 0.0]
    """
    inside = special.xlogy(counts, counts) - special.xlogy(counts, expected)
    rest, due = total - counts, np.maximum(total - expected, 0.0)
    outside = special.xlogy(rest, rest) - special.xlogy(rest, due)
    return np.where(counts > expected, inside + outside, 0.0)


def scan(
    place: Ints,
    age: Ints,
    circles: Circles,
    options: ScanOptions,
    *,
    even: Even | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Cluster, ...]:
    """Find the likeliest cluster that is still going on.

    Parameters
    ----------
    place
        Position of the place of each event, of shape (n_events,).
    age
        Days between each event and the last day, 0 for the last day itself.
    circles
        Of places.
    options
        Longest stretch, model, deals and seed.
    even
        For ``poisson``: what is to be expected; needed there.
    progress
        Told deals done and all.

    Returns
    -------
    tuple of Cluster
        The likeliest first, none sharing a place with a likelier one; empty where no
        cylinder holds more than expected.

    References
    ----------
    Kulldorff M (2001) Prospective time periodic geographical disease surveillance using
    a scan statistic. J R Stat Soc A 164:61-72, doi:10.1111/1467-985X.00186. Kulldorff
    M, Heffernan R, Hartman J, Assunção R, Mostashari F (2005) A space-time permutation
    scan statistic. PLoS Med 2:e59, doi:10.1371/journal.pmed.0020059. Abrams AM,
    Kleinman K, Kulldorff M (2010) Gumbel based p-value approximations for spatial scan
    statistics. Int J Health Geogr 9:61, doi:10.1186/1476-072X-9-61.

    Examples
    --------
    >>> circles = lay_circles(np.array([[0.0, 0], [100, 0]]), most_km=10, radii=1)
    >>> place, age = np.array([0] * 6 + [1] * 12), np.array([0] * 6 + [20] * 12)
    >>> found, *_ = scan(place, age, circles, ScanOptions(most_days=3, deals=99))
    >>> found.events, found.expected, found.days, found.p
    (6, 2.0, 1, 0.01)
    """
    scanner = Scanner(circles=circles, options=options, even=even)
    ratios, counts, expected = scanner.measure(place, age)
    rng = np.random.default_rng(options.random_state)
    highest = np.empty(options.deals)
    for deal in range(options.deals):
        highest[deal] = scanner.measure(*scanner.deal(place, age, rng))[0].max()
        if progress:
            progress(deal + 1, options.deals)
    highest.sort()
    found = []
    for circle, column in _apart(ratios, circles, options.clusters):
        top = float(ratios[circle, column])
        as_high = options.deals - int(np.searchsorted(highest, top - NEARLY))
        found.append(
            Cluster(
                circle=circle,
                days=column + 1,
                events=round(float(counts[circle, column])),
                expected=float(expected[circle, column]),
                log_ratio=top,
                p=(as_high + 1) / (options.deals + 1),
                p_gumbel=gumbel_tail(highest, top),
            )
        )
    return tuple(found)


def _apart(ratios: Floats, circles: Circles, most: int) -> list[tuple[int, int]]:
    """Pick the highest cylinders whose circles share no place."""
    found: list[tuple[int, int]] = []
    best_of_circle = ratios.max(axis=1)
    while len(found) < most and best_of_circle.max(initial=0.0) > 0:
        circle = int(best_of_circle.argmax())
        found.append((circle, int(ratios[circle].argmax())))
        shared = circles.members @ circles.members[circle].T
        best_of_circle[shared.toarray().reshape(-1) > 0] = 0.0
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Scanner:
    """Counts events by circle and stretch, and says how many there should be.

    Parameters
    ----------
    circles
        Of places.
    options
        Longest stretch and model.
    even
        What is to be expected, for ``poisson``.
    """

    circles: Circles
    options: ScanOptions
    even: Even | None = None

    def __post_init__(self) -> None:
        if self.options.model == POISSON and self.even is None:
            msg = "`even` must be given for the model poisson."
            raise OptionError(msg, option="even", value=None)

    @property
    def _n_places(self) -> int:
        return int(self.circles.members.shape[1])

    @property
    def _even(self) -> Even | None:
        return self.even if self.options.model == POISSON else None

    def measure(self, place: Ints, age: Ints) -> tuple[Floats, Floats, Floats]:
        """Measure every cylinder: log ratio, events, expected.

        Each is of shape (n_circles, most_days); ``place`` and ``age`` as for
        :func:`scan`.
        """
        most_days, even = self.options.most_days, self._even
        young = age < most_days
        codes = place[young] * most_days + age[young]
        size = self._n_places * most_days
        by_day = np.bincount(codes, minlength=size).reshape(-1, most_days)
        counts = np.asarray(self.circles.members @ by_day.astype(np.float64))
        counts = counts.cumsum(axis=1)
        total = len(place)
        if even is None:
            whole = np.bincount(place, minlength=self._n_places).astype(np.float64)
            share = self.circles.members @ whole / max(total, 1)
            expected = np.outer(share, by_day.sum(axis=0).cumsum())
        else:
            share = self.circles.members @ even.rates * total / even.n_days
            expected = np.outer(share, np.arange(1, most_days + 1))
        return log_ratios(counts, expected, total), counts, expected

    def deal(
        self, place: Ints, age: Ints, rng: np.random.Generator
    ) -> tuple[Ints, Ints]:
        """Let chance lay the events out anew, as places and ages."""
        even = self._even
        if even is None:
            return place, rng.permutation(age)
        where = rng.choice(self._n_places, size=len(place), p=even.rates)
        return where, rng.integers(even.n_days, size=len(place))
