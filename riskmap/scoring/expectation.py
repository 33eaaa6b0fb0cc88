"""Expectation: a fitted mixture as events per year, part by part, with doubt."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmap.history.ground import Floats
from riskmap.scoring.mixture import KernelMixture
from riskmap.scoring.presets import Preset

# what the learners of a stack expect, where a score is made by one
LEARNED = "learned"

PARTS = (
    "near_recent",
    "near_old",
    "far_recent",
    "far_old",
    "place",
    "uniform",
    LEARNED,
)

# parts of the mixture itself, which may be weighed otherwise
WEIGHED = tuple(part for part in PARTS if part != LEARNED)

# number of a preset that weighs the parts otherwise than they were learned
PART_WEIGHTS = "part_weights"


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """Events expected in each cell, and what makes them.

    Parameters
    ----------
    parts
        For each of :data:`PARTS` its share of the events, (n_parts, n_cells); all add
        up to 1.
    """

    parts: Floats

    @property
    def shares(self) -> Floats:
        """Share of the events in each cell: the parts added up."""
        return np.asarray(self.parts.sum(axis=0))


def expect(
    model: KernelMixture,
    day: int,
    where: Floats,
    *,
    near_km: float,
    recent_days: float,
    weights: tuple[float, ...] = (),
) -> Expectation:
    """Share the events of a horizon out over open ground, and say why.

    Parameters
    ----------
    model
        A fitted mixture.
    day
        First day of the horizon, not after the day that the model was fitted on; what
        came later is not used, neither in the experts nor in their weights.
    where
        Share of each cell that is open, of shape (n_cells,).
    near_km
        Kernels up to this reach make the *near* parts, the others the *far*.
    recent_days
        Events up to this age make the *recent* parts, the others the *old*; infinite
        leaves them together, which is twice as fast.
    weights
        Factor of each of :data:`WEIGHED`; what one part gains the others lose. Empty
        for the parts as they were learned.

    Returns
    -------
    Expectation
        All zeros if no ground is open.
    """
    records, bench = model.records_, model.bench_
    learned = model.weights_before(day)
    parts = dict.fromkeys(PARTS, np.zeros(len(records.ground)))
    ground = records.ground.area_km2 * where
    if ground.sum() == 0:
        return Expectation(parts=np.array([parts[name] for name in PARTS]))
    parts["uniform"] = learned[0] * ground / ground.sum()
    parts["place"] = learned[1] * model.place_.shares(day, where)
    last = 2
    for clusters in model.clusters_:
        first, last = last, last + len(clusters.shapes)
        new, old = clusters.parts(day, where, learned[first:last], recent_days)
        reach = "near" if clusters.bandwidth_km <= near_km else "far"
        parts[f"{reach}_recent"] = parts[f"{reach}_recent"] + new
        parts[f"{reach}_old"] = parts[f"{reach}_old"] + old
    by_memory = bench.event_weights(day)
    recent = day - records.events.day <= recent_days
    n_memories = len(bench.memories)
    for rank, bandwidth in enumerate(bench.bandwidths_km):
        first = last + rank * n_memories
        mine = learned[first : first + n_memories]
        mass = bench.kernel(bandwidth).inside(where) @ bench.site_weights(by_memory)
        scale = np.divide(mine, mass, out=np.zeros_like(mass), where=mass > 0)
        each = np.einsum("m,me->e", scale, by_memory)
        reach = "near" if bandwidth <= near_km else "far"
        for age, which in (("recent", recent), ("old", ~recent)):
            if not which.any():
                continue
            sites = bench.site_weights((each * which)[None])[:, 0]
            if sites.any():
                found = bench.kernel(bandwidth).spread(sites) * where
                name = f"{reach}_{age}"
                parts[name] = parts[name] + found
    found = weigh_parts(np.array([parts[name] for name in PARTS]), weights)
    # experts that knew nothing leave their share to the others
    found = found / found.sum()
    weight, shares = model.learned_on(day, where)
    if weight:
        found = found * (1 - weight)
        found[PARTS.index(LEARNED)] = weight * shares
    return Expectation(parts=found)


def weigh_parts(parts: Floats, weights: tuple[float, ...]) -> Floats:
    """Multiply each part by its factor.

    Parameters
    ----------
    parts
        Share of the events by part and cell, (n_parts, n_cells).
    weights
        Factor of each part, 0 or more; parts beyond the last keep theirs; empty for all
        the same.

    Returns
    -------
    numpy.ndarray of shape (n_parts, n_cells)
        Not adding up to 1; the parts themselves where nothing would be left, as before
        the first record.

    Examples
    --------
    >>> weigh_parts(np.array([[0.5], [0.5]]), (2.0, 0.0)).ravel().tolist()
    [1.0, 0.0]
    """
    if len(set(weights)) <= 1:
        return parts
    factors = np.ones(len(parts))
    factors[: len(weights)] = weights
    found = parts * factors[:, None]
    return found if found.sum() > 0 else parts


def naming(preset: Preset, *, parts: bool) -> dict[str, Any]:
    """Say how :func:`expect` tells the parts of a preset apart.

    Parameters
    ----------
    preset
        The numbers.
    parts
        True if the parts are to be named; else they are told apart only where the
        preset weighs them.

    Returns
    -------
    dict
        ``near_km``, ``recent_days`` and ``weights``.

    Examples
    --------
    >>> from riskmap.scoring.presets import PRESETS
    >>> naming(PRESETS[0], parts=False)["near_km"]
    inf
    """
    weights = tuple(preset.numbers.get(PART_WEIGHTS, ()))
    if not parts and len(set(weights)) <= 1:
        return {"near_km": np.inf, "recent_days": np.inf, "weights": ()}
    own = {name: preset.numbers[name] for name in ("near_km", "recent_days")}
    return {**own, "weights": weights}


def shares_of(
    model: KernelMixture, day: int, where: Floats, preset: Preset | None = None
) -> Floats:
    """Share events out by a mixture as it stood on a day, without naming the parts.

    Parameters
    ----------
    model
        Fitted.
    day
        Not after the day it was fitted on.
    where
        Share of each cell that is open, of shape (n_cells,).
    preset
        Whose weights of the parts hold; None for the parts as they were learned.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Adding up to 1.
    """
    if preset is None:
        return expect(model, day, where, near_km=np.inf, recent_days=np.inf).shares
    return expect(model, day, where, **naming(preset, parts=False)).shares
