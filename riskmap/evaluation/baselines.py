"""Baselines: simple maps that a score must beat, tuned as fairly as it is."""

from collections.abc import Callable, Mapping

import numpy as np

from riskmap.history.bench import FOREVER, KernelBench, Memory
from riskmap.history.ground import Floats
from riskmap.history.reach import half_lives_for, reaches_for
from riskmap.history.records import Records

# what it knows, and the days ahead: expected events in each cell
Forecaster = Callable[[Records, int], Floats]

# share of each map spread over the watched area, so that no cell is impossible
FLOOR = 0.02

# past horizons they are tuned on
MOST_HORIZONS = 8

# weight of each touching cell in counts with neighbours
NEIGHBOUR_WEIGHT = 0.3

YEAR_DAYS = 365

# Jeffreys' prior of a Poisson count
LEAST_EVENTS = 0.5

# share of the longest watch below which records are scaled up no further
LEAST_WATCHED = 0.1


def floored(shares: Floats, records: Records, horizon_days: int) -> Floats:
    """Mix a map with the watched area, so that no cell is impossible.

    Parameters
    ----------
    shares
        Any map, of shape (n_cells,), 0 or more.
    records
        Which ground is watched.
    horizon_days
        Days ahead.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Adding up to the events of the last 365 days, taken to the horizon: 2 % by
        area; all of it if the map is empty.
    """
    events = last_year_events(records) * horizon_days / YEAR_DAYS
    ground = records.ground.area_km2 * records.watched
    even = ground / max(ground.sum(), 1e-12)
    total = float(shares.sum())
    if total <= 0:
        return np.asarray(events * even)
    return np.asarray(events * ((1 - FLOOR) * shares / total + FLOOR * even))


def last_year_events(records: Records) -> float:
    """Count the events of the last 365 days, the simplest forecast of the total.

    Parameters
    ----------
    records
        What is known.

    Returns
    -------
    float
        At least one half.
    """
    day = records.events.day
    recent = (day >= records.as_of_day - YEAR_DAYS) & (day < records.as_of_day)
    return max(float(recent.sum()), LEAST_EVENTS)


def uniform(records: Records, horizon_days: int) -> Floats:
    """Expect events by watched area alone."""
    return floored(np.zeros(len(records.ground)), records, horizon_days)


def count_all(records: Records, horizon_days: int) -> Floats:
    """Expect what was ever recorded in the cell: raw counts.

    A record counts at its point, however rough that is, as such maps are made; one
    known only to a municipality has none and counts nowhere.
    """
    n_cells, day = len(records.ground), records.as_of_day
    counts = records.events.pointed.counts(n_cells, -np.inf, day)
    return floored(counts, records, horizon_days)


def count_last_year(records: Records, horizon_days: int) -> Floats:
    """Expect what was recorded in the cell in the last 365 days; as in `count_all`."""
    n_cells, day = len(records.ground), records.as_of_day
    counts = records.events.pointed.counts(n_cells, day - YEAR_DAYS, day)
    return floored(counts, records, horizon_days)


def count_neighbours(records: Records, horizon_days: int) -> Floats:
    """Expect all counts of `count_all`, each cell given 0.3 of what touches it."""
    n_cells, day = len(records.ground), records.as_of_day
    counts = records.events.pointed.counts(n_cells, -np.inf, day)
    around = records.ground.neighbours @ counts - counts
    return floored(
        (counts + NEIGHBOUR_WEIGHT * around) * records.watched, records, horizon_days
    )


def distance_to_line(records: Records, horizon_days: int) -> Floats:
    """Expect events to thin out from the line as they did: exp(-d / mean d).

    The mean is of the records that have a point.
    """
    away = records.ground.cells["distance_km"].to_numpy(dtype=np.float64)
    pointed = records.events.pointed
    mean = away[pointed.cell].mean() if len(pointed) else away.mean()
    ground = records.ground.area_km2 * records.watched
    return floored(np.exp(-away / max(mean, 1e-6)) * ground, records, horizon_days)


def count_decay(records: Records, horizon_days: int) -> Floats:
    """Expect counts that fade, by the half-life that foretold past horizons best."""
    return _tuned(records, horizon_days, (0.0,), half_lives_for(horizon_days))


def kde(records: Records, horizon_days: int) -> Floats:
    """Expect a Gaussian kernel density of all records, its reach tuned likewise."""
    return _tuned(records, horizon_days, reaches_for(records), (FOREVER,))


def kde_recency(records: Records, horizon_days: int) -> Floats:
    """Expect a kernel density of fading records, reach and half-life both tuned."""
    reaches, lives = reaches_for(records), half_lives_for(horizon_days)
    return _tuned(records, horizon_days, reaches, lives)


BASELINES: Mapping[str, Forecaster] = {
    "uniform": uniform,
    "distance_to_line": distance_to_line,
    "count_all": count_all,
    "count_last_year": count_last_year,
    "count_decay": count_decay,
    "count_neighbours": count_neighbours,
    "kde": kde,
    "kde_recency": kde_recency,
}


def _tuned(
    records: Records,
    horizon_days: int,
    reaches_km: tuple[float, ...],
    half_lives_days: tuple[float, ...],
) -> Floats:
    """Choose reach and half-life by log score on past horizons, then map."""
    bench = KernelBench(
        records=records,
        bandwidths_km=reaches_km,
        memories=tuple(Memory(half_life_days=days) for days in half_lives_days),
        least_watched=LEAST_WATCHED,
    )
    day, first = records.as_of_day, records.coverage.first_day
    if first is None or not len(records.events):
        return uniform(records, horizon_days)
    score = np.zeros(len(bench.names))
    ground = records.ground.area_km2
    for back in range(1, MOST_HORIZONS + 1):
        start = day - back * horizon_days
        if start <= first:
            break
        open_share = np.minimum(
            records.coverage.ever_before(start),
            records.coverage.share_between(start, start + horizon_days),
        )
        counts = records.events.pinned.counts(len(ground), start, start + horizon_days)
        rows = np.flatnonzero((counts > 0) & (open_share > 0))
        if len(rows):
            even = (ground * open_share)[rows] / (ground * open_share).sum()
            shares = bench.shares_at(rows, start, open_share)
            mixed = np.log((1 - FLOOR) * shares + FLOOR * even)
            score += (mixed * counts[rows]).sum(axis=1)
    # nothing to compare: the middle reach and the longest memory
    usual = (len(reaches_km) // 2 + 1) * len(half_lives_days) - 1
    best = int(np.argmax(score)) if score.any() else usual
    reach, memory = divmod(best, len(half_lives_days))
    weights = bench.site_weights(bench.event_weights(day)[memory : memory + 1])[:, 0]
    spread = bench.kernel(reaches_km[reach]).spread(weights)
    return floored(spread * records.watched, records, horizon_days)
