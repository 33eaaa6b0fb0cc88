"""Reach: bandwidths and memories laid out by the data, not by taste.

A map of a city's blocks and one of a border's valleys need other kernels. Which of
them count is learned; these ladders only say what there is to choose from.
"""

import numpy as np

from riskmap.history.bench import FOREVER
from riskmap.history.records import Records

# each reach is so many times the last: a finer ladder changed no score
REACH_STEP = 1.75

# the least reach is half a cell's edge, the greatest half the spread of the events
LEAST_EDGES = 0.5
MOST_EDGES = 25.0
MOST_SPREAD = 0.5

# half-lives in horizons, for horizons up to a season and for longer ones
SHORT_DAYS = 60
SHORT_LIVES = (0.25, 0.5, 1.0, 3.0, 12.0, FOREVER)
MEDIUM_DAYS = 180
MEDIUM_LIVES = (0.67, 2.0, 4.0, 12.0, 24.0, FOREVER)
LONG_LIVES = (0.164, 0.5, 1.0, 3.0, 6.0, FOREVER)


def reaches_for(records: Records) -> tuple[float, ...]:
    """Lay bandwidths out from half a cell to half the spread of the events.

    Parameters
    ----------
    records
        What is known.

    Returns
    -------
    tuple of float
        Kilometres, ascending, each 1.75 times the last; at least one.

    Examples
    --------
    >>> 0.5 * REACH_STEP**3
    2.6796875
    """
    edge = records.ground.edge_km
    xy = records.events.site_xy_km[records.events.site]
    away = xy - (np.median(xy, axis=0) if len(xy) else 0.0)
    spread = float(np.sqrt((away**2).sum(axis=1).mean())) if len(xy) else edge
    most = min(MOST_EDGES * edge, max(MOST_SPREAD * spread, edge))
    reaches, reach = [], LEAST_EDGES * edge
    while reach <= most:
        reaches.append(float(f"{reach:.3g}"))
        reach *= REACH_STEP
    return tuple(reaches)


def half_lives_for(horizon_days: int) -> tuple[float, ...]:
    """Lay memories out about a horizon: from a fraction of it to for ever.

    Parameters
    ----------
    horizon_days
        Days ahead.

    Returns
    -------
    tuple of float
        Days, ascending, the last infinite.

    Examples
    --------
    >>> half_lives_for(30)
    (8.0, 15.0, 30.0, 90.0, 360.0, inf)
    >>> half_lives_for(365)
    (60.0, 182.0, 365.0, 1095.0, 2190.0, inf)
    """
    lives = LONG_LIVES
    if horizon_days <= MEDIUM_DAYS:
        lives = SHORT_LIVES if horizon_days <= SHORT_DAYS else MEDIUM_LIVES
    return tuple(
        float(np.rint(life * horizon_days)) if np.isfinite(life) else FOREVER
        for life in lives
    )
