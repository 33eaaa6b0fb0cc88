"""Baselines of recent events: same season, ProMap, self-exciting, gamma-Poisson."""

from collections.abc import Mapping

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from riskmap.evaluation.baselines import (
    LEAST_WATCHED,
    YEAR_DAYS,
    Forecaster,
    floored,
    uniform,
)
from riskmap.history.bench import KernelBench, Memory
from riskmap.history.ground import Floats
from riskmap.history.reach import half_lives_for, reaches_for
from riskmap.history.records import Records
from riskmap.history.triggering import SelfExciting

# ProMap: distances in half cells, ages in weeks, both cut at eight
PROMAP_BANDS = 8
WEEK_DAYS = 7

# pairs of a self-exciting process further apart in time are not looked at
PAIR_HORIZONS, LEAST_PAIR_DAYS = 4, 120

# past horizons that a baseline is tuned on, and the least share it expects anywhere
MOST_HORIZONS = 8
LEAST_SHARE = 1e-12

# shapes and exponents of the gamma prior tried, in events
SHAPES = (0.3, 1.0, 3.0, 10.0)


def same_season(records: Records, horizon_days: int) -> Floats:
    """Expect what was recorded in the same days of every year before.

    Over a horizon of a year that is all counts. A record known only to a
    municipality counts nowhere.
    """
    events, day = records.events.pointed, records.as_of_day
    counts = np.zeros(len(records.ground))
    first = int(events.day[0]) if len(events) else day
    back = YEAR_DAYS
    while day - back + horizon_days > first:
        start = day - back
        counts += events.counts(len(counts), start, min(start + horizon_days, day))
        back += YEAR_DAYS
    return floored(counts, records, horizon_days)


def promap(records: Records, horizon_days: int) -> Floats:
    r"""Expect repeats near recent events: :math:`\sum \frac{1}{1+d}\frac{1}{1+w}`.

    *d* half cells and *w* weeks between, both whole and below eight: prospective
    hot-spotting of Bowers, Johnson & Pease 2004, *Br. J. Criminol.* 44. Only near
    records that have a point: half cells from the middle of a county mean nothing.
    """
    events = records.events.pointed
    age = records.as_of_day - 1 - events.day
    recent = (age >= 0) & (age < PROMAP_BANDS * WEEK_DAYS)
    weight = np.where(recent, 1 / (1 + np.floor(age / WEEK_DAYS)), 0.0)
    n_sites = len(events.site_cell)
    counts = np.bincount(events.site, weight, minlength=n_sites)
    sites: Floats = counts.astype(np.float64)
    return floored(_by_bands(records, sites), records, horizon_days)


def _by_bands(records: Records, sites: Floats) -> Floats:
    """Spread weighted sites by one over one plus half cells of distance."""
    some, ground = np.flatnonzero(sites), records.ground
    if not len(some):
        return np.zeros(len(ground))
    band_km = ground.edge_km
    apart = cKDTree(ground.xy_km).sparse_distance_matrix(
        cKDTree(records.events.site_xy_km[some]),
        PROMAP_BANDS * band_km,
        output_type="coo_matrix",
    )
    near = 1 / (1 + np.floor(apart.data / band_km))
    shape = (len(ground), len(some))
    spread = sparse.csr_matrix((near, (apart.row, apart.col)), shape=shape)
    return np.asarray(spread @ sites[some] * ground.area_km2 * records.watched)


def self_exciting(records: Records, horizon_days: int) -> Floats:
    """Expect a background and what events trigger near them for a while.

    Mohler et al. 2011, with the trigger of Mohler 2014; the background's reach is
    the one of the tuned kernel density.
    """
    if not len(records.events):
        return uniform(records, horizon_days)
    reach = _likeliest_reach(records, horizon_days)
    model = SelfExciting(
        reach_km=reach, pair_days=max(PAIR_HORIZONS * horizon_days, LEAST_PAIR_DAYS)
    ).fit(records)
    expected = model.predict(horizon_days) * records.watched
    return floored(expected, records, horizon_days)


def _likeliest_reach(records: Records, horizon_days: int) -> float:
    """Choose the reach of a kernel density by log score on past horizons."""
    reaches = reaches_for(records)
    bench = KernelBench(
        records=records,
        bandwidths_km=reaches,
        memories=(Memory(),),
        least_watched=LEAST_WATCHED,
    )
    score = np.zeros(len(reaches))
    for day, open_share, rows, counts in past_horizons(records, horizon_days):
        shares = bench.shares_at(rows, day, open_share)
        score += np.log(np.maximum(shares, LEAST_SHARE)) @ counts
    return reaches[int(np.argmax(score))] if score.any() else reaches[len(reaches) // 2]


Horizon = tuple[int, Floats, "np.ndarray[tuple[int], np.dtype[np.intp]]", Floats]


def past_horizons(records: Records, horizon_days: int) -> list[Horizon]:
    """List the last horizons that are over, with the events that came.

    Parameters
    ----------
    records
        What is known.
    horizon_days
        Their length.

    Returns
    -------
    list of tuple
        First day, open share of each cell, cells with events, and the events there;
        at most eight.
    """
    first, found = records.coverage.first_day, []
    n_cells, pinned = len(records.ground), records.events.pinned
    for back in range(1, MOST_HORIZONS + 1):
        day = records.as_of_day - back * horizon_days
        if first is None or day <= first:
            break
        open_share = np.minimum(
            records.coverage.ever_before(day),
            records.coverage.share_between(day, day + horizon_days),
        )
        counts = pinned.counts(n_cells, day, day + horizon_days)
        rows = np.flatnonzero((counts > 0) & (open_share > 0))
        if len(rows):
            found.append((day, open_share, rows, counts[rows]))
    return found


def empirical_bayes(records: Records, horizon_days: int) -> Floats:
    r"""Expect a gamma-Poisson posterior of each cell's fading count.

    :math:`(a + n) / (a + m) \cdot m`, *n* the cell's fading records and *m* the mean
    of it and the cells that touch (Clayton & Kaldor 1987, *Biometrics* 43; Marshall
    1991 for the local mean); *a* and the half-life by log score on past horizons.
    """
    lives = half_lives_for(horizon_days)
    choices = [(life, shape) for life in lives for shape in SHAPES]
    score = np.zeros(len(choices))
    for day, open_share, rows, counts in past_horizons(records, horizon_days):
        past = records.before(day)
        for rank, (life, shape) in enumerate(choices):
            share = _posterior(past, life, shape) * open_share
            share = share / max(float(share.sum()), LEAST_SHARE)
            score[rank] += np.log(np.maximum(share[rows], LEAST_SHARE)) @ counts
    life, shape = choices[int(np.argmax(score))] if score.any() else choices[-1]
    return floored(
        _posterior(records, life, shape) * records.watched, records, horizon_days
    )


def _posterior(records: Records, half_life_days: float, shape: float) -> Floats:
    """Shrink each cell's fading count to the mean of its neighbourhood."""
    weights = Memory(half_life_days=half_life_days).weights(
        records, records.as_of_day, least_watched=LEAST_WATCHED
    )
    events, ground = records.events, records.ground
    fine = ~events.coarse_site[events.site]
    own = np.bincount(events.cell[fine], weights[fine], minlength=len(ground))
    size = np.asarray(ground.neighbours.sum(axis=1)).reshape(-1)
    overall = float(own.sum()) / len(ground)
    mean = (ground.neighbours @ own + overall) / (size + 1)
    safe = np.maximum(mean, LEAST_SHARE)
    return np.asarray(safe * (shape + own) / (shape + safe))


NEAR_BASELINES: Mapping[str, Forecaster] = {
    "same_season": same_season,
    "promap": promap,
    "self_exciting": self_exciting,
    "empirical_bayes": empirical_bayes,
}
