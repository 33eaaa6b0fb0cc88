"""Baselines that learn: risk terrain modelling, Poisson regression, boosted trees."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmap.evaluation.baselines import Forecaster, floored
from riskmap.history.ground import Floats
from riskmap.history.learners import HistoryRegressor
from riskmap.history.records import Records

# RTMDx: how near is near, as quantiles of each layer; at most so many factors
CUTS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
MOST_FACTORS = 8

# a factor present nearly everywhere or nowhere says nothing
LEAST_PRESENCE = 0.02

# a further factor must lower the BIC by this
LEAST_GAIN = 2.0

# Newton's method on a few binary columns settles in few steps
MOST_STEPS = 25
MOST_LINE = 20.0
TOLERANCE = 1e-6


@dataclass(frozen=True, kw_only=True)
class RiskFactor:
    """One binary factor: a layer at or below a cut.

    Parameters
    ----------
    layer
        Name of the layer.
    cut
        Its value.
    relative_risk
        How many times as many events where it is present.
    """

    layer: str
    cut: float
    relative_risk: float


@dataclass(frozen=True, kw_only=True)
class RiskTerrain:
    """A risk terrain model: factors and a base rate.

    Parameters
    ----------
    factors
        In the order in which they were chosen.
    shares
        Share of the events expected in each cell.
    """

    factors: tuple[RiskFactor, ...]
    shares: Floats


def poisson_fit(
    columns: Floats, counts: Floats, exposure: Floats
) -> tuple[Floats, float]:
    """Fit a Poisson regression with a logarithmic link, by Newton's method.

    Parameters
    ----------
    columns
        Terms, the first all 1, of shape (n_cells, n_terms).
    counts
        Events, not all 0.
    exposure
        Area.

    Returns
    -------
    tuple
        Coefficients, and the log likelihood but for a constant.

    Examples
    --------
    >>> terms = np.column_stack([np.ones(4), [0.0, 0.0, 1.0, 1.0]])
    >>> found, _ = poisson_fit(terms, np.array([1.0, 1.0, 3.0, 3.0]), np.ones(4))
    >>> np.exp(found).round(3).tolist()
    [1.0, 3.0]
    """
    line = np.zeros(columns.shape[1])
    line[0] = np.log(float(counts.sum()) / float(exposure.sum()))
    for _ in range(MOST_STEPS):
        mean = exposure * np.exp(np.clip(columns @ line, -MOST_LINE, MOST_LINE))
        bend = (columns.T * mean) @ columns + 1e-6 * np.eye(len(line))
        step = np.linalg.solve(bend, columns.T @ (counts - mean))
        line = line + np.clip(step, -2, 2)
        if np.abs(step).max() < TOLERANCE:
            break
    along = np.clip(columns @ line, -MOST_LINE, MOST_LINE)
    return line, float(counts @ along - (exposure * np.exp(along)).sum())


def risk_terrain(records: Records, layers: pd.DataFrame) -> RiskTerrain:
    """Choose risk factors step by step by BIC, as RTMDx's second stage.

    Caplan & Kennedy 2010; Heffner 2013: binary factors of each layer at several
    reaches, one of them per layer, kept while they lower the BIC of a Poisson
    regression on all counts.

    Parameters
    ----------
    records
        What is known.
    layers
        Neutral layers on the cells.

    Returns
    -------
    RiskTerrain
        Without factors, and by area alone, if there are no events or layers.
    """
    ground = records.ground.area_km2 * records.watched
    counts = records.events.pinned.counts(len(ground), -np.inf, records.as_of_day)
    seen = np.flatnonzero(ground > 0)
    y, exposure = counts[seen], ground[seen]
    chosen = np.ones((len(seen), 1))
    if y.sum() == 0:
        return RiskTerrain(factors=(), shares=ground)
    offered = _offered(layers.iloc[seen])
    line, likely = poisson_fit(chosen, y, exposure)
    penalty = np.log(len(seen))
    best = -2 * likely + penalty
    picked: list[tuple[str, float]] = []
    while len(picked) < MOST_FACTORS:
        used = {name for name, _ in picked}
        tried = [
            (-2 * poisson_fit(*alike(chosen, z, y, exposure))[1], key)
            for key, z in offered.items()
            if key[0] not in used
        ]
        if not tried:
            break
        deviance, key = min(tried, key=lambda entry: entry[0])
        bic = deviance + penalty * (len(picked) + 2)
        if bic > best - LEAST_GAIN:
            break
        best = bic
        picked.append(key)
        chosen = np.column_stack([chosen, offered[key]])
    line, _ = poisson_fit(chosen, y, exposure)
    shares = np.zeros(len(ground))
    shares[seen] = exposure * np.exp(np.clip(chosen @ line, -MOST_LINE, MOST_LINE))
    factors = tuple(
        RiskFactor(layer=name, cut=cut, relative_risk=float(np.exp(weight)))
        for (name, cut), weight in zip(picked, line[1:].tolist(), strict=True)
    )
    return RiskTerrain(factors=factors, shares=shares)


def alike(
    chosen: Floats, factor: Floats, counts: Floats, exposure: Floats
) -> tuple[Floats, Floats, Floats]:
    """Add up cells that have the same factors: a regression cannot tell them apart.

    Parameters
    ----------
    chosen
        Terms, the first all 1, the others 0 or 1, of shape (n_cells, n_terms).
    factor
        One more, of shape (n_cells,).
    counts, exposure
        Of each cell.

    Returns
    -------
    columns, counts, exposure : numpy.ndarray
        A row for each pattern that occurs; regressions on them and on the cells agree.

    Examples
    --------
    >>> terms, came, area = alike(np.ones((3, 1)), np.array([1.0, 0.0, 1.0]),
    ...                           np.array([1.0, 2.0, 4.0]), np.ones(3))
    >>> terms.tolist(), came.tolist(), area.tolist()
    ([[1.0, 0.0], [1.0, 1.0]], [2.0, 5.0], [1.0, 2.0])
    """
    bits = 2.0 ** np.arange(chosen.shape[1] + 1)
    code = (chosen @ bits[:-1] + factor * bits[-1]).astype(np.intp)
    came: Floats = np.bincount(code, counts).astype(np.float64)
    area: Floats = np.bincount(code, exposure).astype(np.float64)
    held = np.flatnonzero(area > 0)
    columns = (held[:, None] >> np.arange(len(bits))) & 1
    return columns.astype(np.float64), came[held], area[held]


def _offered(layers: pd.DataFrame) -> dict[tuple[str, float], Floats]:
    """Make every binary factor of every layer."""
    found: dict[tuple[str, float], Floats] = {}
    for name in map(str, layers.columns):
        values = layers[name].to_numpy(dtype=np.float64)
        known = values[np.isfinite(values)]
        for cut in np.unique(np.quantile(known, CUTS)).tolist() if len(known) else []:
            present = (values <= cut).astype(np.float64)
            if LEAST_PRESENCE < present.mean() < 1 - LEAST_PRESENCE:
                found[name, cut] = present
    return found


def learned_baselines(layers: pd.DataFrame) -> Mapping[str, Forecaster]:
    """Make the baselines that need layers.

    Parameters
    ----------
    layers
        Neutral layers on the cells of the records, maybe none.

    Returns
    -------
    dict
        ``risk_terrain``, ``poisson_glm`` and ``gradient_boosting``; each is fitted on
        each day anew, on what was over by then.
    """

    def terrain(records: Records, horizon_days: int) -> Floats:
        shares = risk_terrain(records, layers).shares
        return floored(shares, records, horizon_days)

    def learned(how: str) -> Forecaster:
        def forecast(records: Records, horizon_days: int) -> Floats:
            model = HistoryRegressor(how=how, horizon_days=horizon_days)
            mine = model.fit(records, layers=layers).predict(records)
            return floored(mine * records.watched, records, horizon_days)

        return forecast

    return {
        "risk_terrain": terrain,
        "poisson_glm": learned("glm"),
        "gradient_boosting": learned("trees"),
    }
