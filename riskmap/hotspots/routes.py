r"""Routes: chains of cells that are newly active, a walk apart from one another.

A cell is newly active if it holds more recent records than the earlier ones of its
neighbourhood lead one to expect. Newly active cells are joined where the least-cost
walk between them is short; the walk through a joined group that passes the most that
is new is its chain. A chain of *c* recent records where :math:`\mu` were expected
counts as much as

.. math:: \Lambda = c \ln (c / \mu) - (c - \mu) .

Chance is asked by deals: what is recent is dealt anew among the records of ground that
was watched on the same days, so that places and days keep their totals, and the whole
search is made again. The share of the deals with a chain anywhere that counts as much
is the p-value: it holds for all chains looked at together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats
from scipy.sparse import csgraph

from riskmap.errors import OptionError, TooFewError
from riskmap.history.ground import Floats
from riskmap.hotspots.walks import gaps_between, least_cost_walk

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

# this share of what is expected is spread evenly, so that no cell is ruled out
EVEN_SHARE = 0.1

# fewest events, one a cell and day, before and in the recent days
LEAST_BEFORE, LEAST_RECENT = 20, 5

# ratios this close are equal
NEARLY = 1e-9


@dataclass(frozen=True, kw_only=True)
class RouteOptions:
    """What counts as recent, as new and as a chain.

    Parameters
    ----------
    recent_days
        Last days that are compared with all before.
    newly
        A cell is newly active if chance gives it as many records this rarely.
    most_gap_hours
        Longest walk between two newly active cells of one chain.
    least_km
        Least distance between the ends of a chain, as the crow flies.
    least_cells
        Fewest newly active cells in it.
    level
        A chain is a new route if chance makes one as marked, anywhere, this rarely.
    deals
        How often chance is asked.
    random_state
        Seed.
    """

    recent_days: int = 90
    newly: float = 0.1
    most_gap_hours: float = 3.0
    least_km: float = 15.0
    least_cells: int = 4
    level: float = 0.02
    deals: int = 499
    random_state: int = 0

    def __post_init__(self) -> None:
        for name, least in (("recent_days", 1), ("least_cells", 2), ("deals", 49)):
            got = getattr(self, name)
            if got < least:
                msg = f"`{name}` must be {least} or more, got {got}."
                raise OptionError(msg, option=name, value=got)
        for name, most in (("newly", 1), ("level", 1), ("most_gap_hours", 24)):
            got = getattr(self, name)
            if not 0 < got < most:
                msg = f"`{name}` must be above 0 and below {most}, got {got}."
                raise OptionError(msg, option=name, value=got)
        if not self.least_km >= 0:
            msg = f"`least_km` must be 0 or more, got {self.least_km}."
            raise OptionError(msg, option="least_km", value=self.least_km)


@dataclass(frozen=True, kw_only=True, eq=False)
class Country:
    """Where people may walk, and where nobody looks.

    Parameters
    ----------
    xy_km
        Centres of the cells, of shape (n_cells, 2).
    hours
        As :func:`riskmap.hotspots.walks.walking_hours`: (n_cells, n_cells).
    near
        1 where cells are of one neighbourhood, each with itself.
    watched_alike
        Cells of one number were watched on the same days, of shape (n_cells,).
    """

    xy_km: Floats
    hours: sparse.csr_matrix
    near: sparse.csr_matrix
    watched_alike: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class Route:
    """A chain of newly active cells.

    Parameters
    ----------
    cells
        Positions of its cells from end to end, those walked through too.
    active
        Positions of the newly active ones among them, in the same order.
    length_km
        Along its cells.
    span_km
        From end to end as the crow flies.
    events
        Recent events in its newly active cells, one a cell and day.
    expected
        Events expected of them.
    log_ratio
        How much it counts.
    p
        Share of the deals with a chain anywhere that counts as much, itself counted in.
    """

    cells: Places
    active: Places
    length_km: float
    span_km: float
    events: int
    expected: float
    log_ratio: float
    p: float


def find_routes(
    cell: Places,
    day: Ints,
    country: Country,
    options: RouteOptions,
    *,
    to_day: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Route, ...]:
    """Find the chains of newly active cells, those that chance makes too.

    Several records of one cell and day count as one event.

    Parameters
    ----------
    cell
        Position of the cell of each record, of shape (n_records,).
    day
        Its day number.
    country
        The cells.
    options
        What counts as recent, as new and as a chain.
    to_day
        The day after the last.
    progress
        Told deals done and in all.

    Returns
    -------
    tuple of Route
        Those that count most first; ``p`` tells which of them chance hardly makes.

    Raises
    ------
    TooFewError
        If there are too few events before the recent days or in them.
    """
    events = np.unique(np.column_stack([cell, day]), axis=0)
    recent = events[:, 1] >= to_day - options.recent_days
    n_recent = int(recent.sum())
    for what, got, needed in (
        ("before", len(recent) - n_recent, LEAST_BEFORE),
        ("recent", n_recent, LEAST_RECENT),
    ):
        if got < needed:
            msg = f"{got} events are {what}, {needed} are needed."
            raise TooFewError(msg, what=what, found=got, needed=needed)
    search = _Search.prepare(events[:, 0].astype(np.intp), country, options)
    found = sorted(search.chains(recent), key=lambda one: -one.log_ratio)
    if not found:
        return ()
    rng = np.random.default_rng(options.random_state)
    best = np.zeros(options.deals)
    for deal in range(options.deals):
        if progress:
            progress(deal, options.deals)
        marked = [one.log_ratio for one in search.chains(search.deal(recent, rng))]
        best[deal] = max(marked, default=0.0)
    return tuple(search.lay(one, best) for one in found)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Chain:
    """Newly active sites in order, and how much they count."""

    sites: Places
    events: int
    expected: float
    log_ratio: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Search:
    """All that does not change from deal to deal; sites are cells with events."""

    country: Country
    options: RouteOptions
    sites: Places
    site: Places
    gaps: sparse.csr_matrix
    near: sparse.csr_matrix
    near_size: Floats
    group: Ints
    group_cells: Floats

    @classmethod
    def prepare(
        cls, cell: Places, country: Country, options: RouteOptions
    ) -> "_Search":
        """Work out walks and neighbourhoods of the cells with events."""
        sites, site = np.unique(cell, return_inverse=True)
        _, group = np.unique(country.watched_alike, return_inverse=True)
        near = country.near[sites]
        return cls(
            country=country,
            options=options,
            sites=sites,
            site=site.reshape(-1).astype(np.intp),
            gaps=gaps_between(country.hours, sites, options.most_gap_hours),
            near=near[:, sites],
            near_size=np.asarray(near.sum(axis=1), dtype=np.float64).reshape(-1),
            group=group.reshape(-1)[sites].astype(np.int64),
            group_cells=np.bincount(group.reshape(-1)).astype(np.float64),
        )

    def deal(self, recent: Flags, rng: np.random.Generator) -> Flags:
        """Deal what is recent anew among events of ground watched alike."""
        group = self.group[self.site]
        # sorted by group, and within it by chance: the n-th of a group takes the flag
        # of its n-th
        shuffled = np.lexsort((rng.random(len(recent)), group))
        ordered = np.argsort(group, kind="stable")
        dealt = np.empty_like(recent)
        dealt[shuffled] = recent[ordered]
        return dealt

    def expected(self, recent: Flags) -> Floats:
        """Expect of each site its share of the recent events of its group."""
        group, n_groups = self.group[self.site], len(self.group_cells)
        now = np.bincount(group[recent], minlength=n_groups).astype(np.float64)
        before = np.bincount(self.site[~recent], minlength=len(self.sites))
        even = 1 / self.group_cells[self.group]
        total = np.bincount(self.group, weights=before, minlength=n_groups)
        total = np.maximum(total, 1)[self.group]
        smooth = (self.near @ before.astype(np.float64)) / self.near_size / total
        share = (1 - EVEN_SHARE) * smooth + EVEN_SHARE * even
        return np.asarray(now[self.group] * share)

    def chains(self, recent: Flags) -> Iterator[_Chain]:
        """Join what is newly active, and walk each group from end to end."""
        options = self.options
        events = np.bincount(self.site[recent], minlength=len(self.sites))
        expected = self.expected(recent)
        rare = stats.poisson.sf(events - 1, expected) <= options.newly
        active = np.flatnonzero((events > 0) & rare)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = events * np.log(events / expected) - (events - expected)
        tree = csgraph.minimum_spanning_tree(self.gaps[active][:, active])
        tree = (tree + tree.T).tocsr()
        count, label = csgraph.connected_components(tree, directed=False)
        sizes = np.bincount(label, minlength=count)
        for group in np.flatnonzero(sizes >= options.least_cells).tolist():
            members = np.flatnonzero(label == group)
            walk = _heaviest_walk(tree[members][:, members], weight[active[members]])
            ends = active[members[walk]]
            xy_km = self.country.xy_km[self.sites[ends[[0, -1]]]]
            span_km = float(np.sqrt(((xy_km[0] - xy_km[1]) ** 2).sum()))
            if span_km < options.least_km or len(ends) < options.least_cells:
                continue
            c, mu = int(events[ends].sum()), float(expected[ends].sum())
            ratio = float(c * np.log(c / mu) - (c - mu))
            yield _Chain(sites=ends, events=c, expected=mu, log_ratio=ratio)

    def lay(self, chain: _Chain, best: Floats) -> Route:
        """Lay a chain on the ground, with how often chance makes one like it."""
        active = self.sites[chain.sites]
        cells = least_cost_walk(self.country.hours, active)
        xy_km = self.country.xy_km
        steps = np.sqrt((np.diff(xy_km[cells], axis=0) ** 2).sum(axis=1))
        span = np.sqrt(((xy_km[active[0]] - xy_km[active[-1]]) ** 2).sum())
        above = int((best >= chain.log_ratio - NEARLY).sum())
        return Route(
            cells=cells,
            active=active,
            length_km=float(steps.sum()),
            span_km=float(span),
            events=chain.events,
            expected=chain.expected,
            log_ratio=chain.log_ratio,
            p=(above + 1) / (len(best) + 1),
        )


def _heaviest_walk(tree: sparse.csr_matrix, weight: Floats) -> Places:
    """Find the walk through a tree that passes the most weight, by two sweeps."""
    links = tree.tocoo()
    # half of each end: a walk passes each of its inner places by two links
    half = (weight[links.row] + weight[links.col]) / 2
    tree = sparse.csr_matrix((half, (links.row, links.col)), shape=tree.shape)
    first = int(np.argmax(csgraph.dijkstra(tree, indices=0)))
    far, before = csgraph.dijkstra(tree, indices=first, return_predecessors=True)
    at, walk = int(np.argmax(far)), []
    while at >= 0:
        walk.append(at)
        at = int(before[at])
    return np.array(walk, dtype=np.intp)
