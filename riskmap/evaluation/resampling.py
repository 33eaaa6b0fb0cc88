"""Resampling: how sure a difference between two maps is, given few horizons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskmap.evaluation.metrics import RESAMPLED, Tally, resampled
from riskmap.history.ground import Floats, Places

# horizons, and for each of these the events of its places
Draw = tuple[Places, list[Floats]]


@dataclass(frozen=True, kw_only=True)
class Resampling:
    """How to draw.

    Parameters
    ----------
    draws
        How many.
    block
        Horizons that stay together.
    level
        Chance that the interval holds.
    random_state
        Seed.
    """

    draws: int = 1_000
    block: int = 2
    level: float = 0.95
    random_state: int = 0


def draw_weights(tallies: Sequence[Tally], how: Resampling) -> list[Draw]:
    """Draw horizons in circular blocks and, within each, places.

    Horizons next to one another are alike, so blocks of them are drawn (Politis &
    Romano 1992); with few horizons that alone says little, so the places where events
    occurred are drawn too, each with all its events, by Poisson(1) weights: events in
    one town are not independent.

    Parameters
    ----------
    tallies
        One for each horizon, in order of time.
    how
        How to draw.

    Returns
    -------
    list of tuple
        For each draw the horizons and for each of these the events of its places.
    """
    draw = np.random.default_rng(how.random_state)
    n_horizons = len(tallies)
    block = min(how.block, n_horizons)
    found = []
    for _ in range(how.draws):
        starts = draw.integers(0, n_horizons, -(-n_horizons // block))
        ranks = (starts[:, None] + np.arange(block)).reshape(-1)[:n_horizons]
        horizons = (ranks % n_horizons).astype(np.intp)
        weights = [
            tallies[k].counts * draw.poisson(1.0, len(tallies[k].counts))
            for k in horizons.tolist()
        ]
        if sum(float(w.sum()) for w in weights) > 0:
            found.append((horizons, weights))
    return found


def bounds(
    tallies: Sequence[Tally],
    draws: Sequence[Draw],
    level: float,
    *,
    against: Sequence[Tally] | None = None,
) -> Mapping[str, tuple[float, float]]:
    """Bound each metric, or its difference from another map's in the same draws.

    Parameters
    ----------
    tallies
        Of the map.
    draws
        As :func:`draw_weights` made them from any map's tallies of these horizons.
    level
        Chance that the interval holds.
    against
        Tallies of the other map.

    Returns
    -------
    dict
        Low and high for every metric of :data:`RESAMPLED`; none if nothing was drawn.
    """
    values = []
    for horizons, weights in draws:
        chosen = [tallies[k] for k in horizons]
        mine = resampled(chosen, weights)
        if against is not None:
            theirs = resampled([against[k] for k in horizons], weights)
            mine = {name: mine[name] - theirs[name] for name in mine}
        values.append([mine[name] for name in RESAMPLED])
    if not values:
        return {}
    tail = (1 - level) / 2
    low, high = np.quantile(np.array(values), (tail, 1 - tail), axis=0)
    return {
        name: (float(low[place]), float(high[place]))
        for place, name in enumerate(RESAMPLED)
    }
