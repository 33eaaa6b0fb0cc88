r"""Effects: which layers matter to the part of a score that is made of places.

The place part is log-linear: the logarithm of the rate of a cell is a sum of one term a
layer, so a layer's effect is known exactly, and its partial dependence is its own curve
(Friedman 2001). Importance is what is lost, in bits per incident, when a layer is dealt
out anew among the cells (permutation importance; Breiman 2001).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from riskmap.history.ground import Floats
from riskmap.schema import Column

# quantiles of a layer at which its curve is told
QUANTILES = tuple(np.round(np.linspace(0.05, 0.95, 10), 2).tolist())

# a fifth more or less between the 10th and the 90th percentile is no direction
FLAT = float(np.log(1.2))

IMPORTANCE_TABLE: tuple[Column, ...] = (
    Column(name="layer", dtype="str"),
    Column(name="bits_lost", dtype="float64"),
    Column(name="spread", dtype="float64", lowest=0),
    Column(name="found_sign", dtype="int64", lowest=-1, highest=1),
    Column(name="expected_sign", dtype="int64", lowest=-1, highest=1),
    Column(
        name="agreement",
        dtype="str",
        values=("agrees", "against", "flat", "disputed", "unstudied"),
    ),
    Column(name="source", dtype="str"),
)

DEPENDENCE_TABLE: tuple[Column, ...] = (
    Column(name="layer", dtype="str"),
    Column(name="quantile", dtype="float64", lowest=0, highest=1),
    Column(name="value", dtype="float64"),
    Column(name="times_average", dtype="float64", lowest=0),
)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the literature says of one layer.

    Parameters
    ----------
    sign
        1, -1, or 0 where it is disputed.
    source
        Who says so.
    """

    sign: int
    source: str


@cache
def expected_signs() -> Mapping[str, Expected]:
    """Read what the literature says.

    Returns
    -------
    dict
        Layer to its sign and source.

    Examples
    --------
    >>> expected_signs()["july_water_demand_mm_per_day"].sign
    1
    """
    text = (files("riskmap.models") / "signs.toml").read_text(encoding="utf-8")
    return {
        name: Expected(sign=int(entry["sign"]), source=str(entry["source"]))
        for name, entry in tomllib.loads(text).items()
    }


def importance_table(
    effects: pd.DataFrame,
    layers: pd.DataFrame,
    area_km2: Floats,
    counts: Floats,
    *,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how much each layer matters, and whether it goes the known way.

    Parameters
    ----------
    effects
        For each cell and layer its term of the logarithm of the rate.
    layers
        The layers themselves, of the same shape.
    area_km2
        Watched area of each cell.
    counts
        Incidents in each cell.
    seed
        Of the dealing.

    Returns
    -------
    pandas.DataFrame
        As :data:`IMPORTANCE_TABLE`, the most important first: ``bits_lost`` per
        incident when the layer is dealt out anew; ``spread``, standard deviation of
        the term by area; ``found_sign`` between the 10th and 90th percentile.
    """
    seen = np.flatnonzero(area_km2 > 0)
    area, came = area_km2[seen], counts[seen]
    held = effects.iloc[seen]
    whole = held.sum(axis=1).to_numpy()
    base = _bits(whole, area, came)
    draw = np.random.default_rng(seed)
    rows = []
    for name in effects.columns:
        term = held[name].to_numpy()
        dealt = whole - term + draw.permutation(term)
        mean = np.average(term, weights=area)
        spread = float(np.sqrt(np.average((term - mean) ** 2, weights=area)))
        found = _direction(layers[name].to_numpy()[seen], term)
        known = expected_signs().get(str(name))
        rows.append(
            (
                str(name),
                base - _bits(dealt, area, came),
                spread,
                found,
                known.sign if known else 0,
                _agreement(found, known),
                known.source if known else "",
            )
        )
    table = pd.DataFrame(rows, columns=[column.name for column in IMPORTANCE_TABLE])
    table = table.sort_values("bits_lost", ascending=False, ignore_index=True)
    return table.astype({column.name: column.dtype for column in IMPORTANCE_TABLE})


def _bits(line: Floats, area: Floats, counts: Floats) -> float:
    """Measure the information of a log-linear map, bits per incident."""
    mass = area * np.exp(line - line.max())
    share = mass / mass.sum() / (area / area.sum())
    events = counts.sum()
    return float(counts @ np.log2(share) / events) if events > 0 else 0.0


def _direction(values: Floats, term: Floats) -> int:
    """Tell which way a term goes between a layer's 10th and 90th percentile."""
    known = np.isfinite(values)
    if not known.any():
        return 0
    low, high = np.quantile(values[known], [0.1, 0.9])
    rise = term[known & (values >= high)].mean() - term[known & (values <= low)].mean()
    return 0 if abs(rise) < FLAT else int(np.sign(rise))


def _agreement(found: int, known: Expected | None) -> str:
    """Compare a direction with what is said of it."""
    if known is None:
        return "unstudied"
    if known.sign == 0:
        return "disputed"
    if found == 0:
        return "flat"
    return "agrees" if found == known.sign else "against"


def dependence_table(effects: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """Tell each layer's curve: how many times the average rate at a value.

    Parameters
    ----------
    effects
        For each cell and layer its term of the logarithm of the rate.
    layers
        The layers themselves.

    Returns
    -------
    pandas.DataFrame
        As :data:`DEPENDENCE_TABLE`, ten rows a layer with different values.
    """
    rows = []
    for name in effects.columns:
        values, term = layers[name].to_numpy(), effects[name].to_numpy()
        known = np.flatnonzero(np.isfinite(values))
        if not len(known):
            continue
        order = known[np.argsort(values[known], kind="stable")]
        times = np.exp(term) / np.exp(term[known]).mean()
        for quantile in QUANTILES:
            place = order[round(quantile * (len(order) - 1))]
            rows.append((str(name), quantile, float(values[place]), times[place]))
    table = pd.DataFrame(rows, columns=[column.name for column in DEPENDENCE_TABLE])
    return table.astype({column.name: column.dtype for column in DEPENDENCE_TABLE})
