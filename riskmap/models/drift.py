r"""Drift: whether the world still is the one that a model was made from.

- population stability index of a layer at the places of incidents, before and after:
  :math:`\sum_b (q_b - p_b) \ln (q_b / p_b)` over tenths of the earlier ones (Siddiqi
  2006; 0.1 is usually called small, 0.25 large);
- calibration: what was expected since over what came;
- agreement of the densest ground, then and now;
- distance between what two models learned: half the sum of absolute differences of
  their weights.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmap.history.ground import Floats
from riskmap.schema import Column

# Siddiqi 2006: above a quarter the population is another one
PSI_LIMIT = 0.25

# design/science.md 7: calibrated between 0.9 and 1.1; twice as far off is an alarm
CALIBRATION_LIMITS = (0.8, 1.25)

# science.md 6.4: consecutive yearly maps of border deaths agree by 0.55 to 0.60
AGREEMENT_LIMIT = 0.5

# a third of the weight has moved to other experts
WEIGHT_LIMIT = 1 / 3

TENTHS = 10

# keeps a logarithm finite where a tenth holds none
LEAST_SHARE = 1e-3

# fewer incidents since say nothing of where they are
LEAST_EVENTS = 20

DRIFT_TABLE: tuple[Column, ...] = (
    Column(name="measure", dtype="str"),
    Column(name="what", dtype="str", meaning="Layer, or empty."),
    Column(name="value", dtype="float64", missing=True),
    Column(name="low", dtype="float64", missing=True, meaning="Alarm below."),
    Column(name="high", dtype="float64", missing=True, meaning="Alarm above."),
    Column(name="alarm", dtype="bool"),
)


def stability_index(before: Floats, after: Floats) -> float:
    """Measure how far the values of a layer have moved.

    Parameters
    ----------
    before, after
        Values at incidents; NaN are left out.

    Returns
    -------
    float
        0 for the same; NaN if there are too few.

    Examples
    --------
    >>> same = np.arange(100.0)
    >>> stability_index(same, same), stability_index(same, same + 50) > PSI_LIMIT
    (0.0, True)
    """
    one, other = before[np.isfinite(before)], after[np.isfinite(after)]
    if min(len(one), len(other)) < LEAST_EVENTS:
        return float("nan")
    edges = np.unique(np.quantile(one, np.linspace(0, 1, TENTHS + 1)[1:-1]))
    p, q = (
        np.maximum(
            np.bincount(np.searchsorted(edges, v, "right"), minlength=len(edges) + 1)
            / len(v),
            LEAST_SHARE,
        )
        for v in (one, other)
    )
    return float(((q - p) * np.log(q / p)).sum())


def weight_distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Measure how much of the weight lies on other experts.

    Parameters
    ----------
    one, other
        Expert to weight, each adding up to 1.

    Returns
    -------
    float
        0 for the same, 1 for none in common.

    Examples
    --------
    >>> weight_distance({"a": 1.0}, {"a": 0.5, "b": 0.5})
    0.5
    """
    names = sorted({*one, *other})
    return sum(abs(one.get(n, 0.0) - other.get(n, 0.0)) for n in names) / 2


def drift_table(
    *,
    layers_before: pd.DataFrame,
    layers_after: pd.DataFrame,
    expected_since: float,
    came_since: float,
    agreement: float,
    weights: float,
) -> pd.DataFrame:
    """Gather what has moved, and raise alarms.

    Parameters
    ----------
    layers_before, layers_after
        Layers at the places of incidents before and since the model was made.
    expected_since, came_since
        Incidents since, by the model and by the records.
    agreement
        Share of the densest ground in common, then and now; NaN if unknown.
    weights
        As :func:`weight_distance`, from the model before; NaN if there is none.

    Returns
    -------
    pandas.DataFrame
        As :data:`DRIFT_TABLE`. No alarm where nothing can be said.
    """
    nan = float("nan")
    low, high = CALIBRATION_LIMITS
    enough = came_since >= LEAST_EVENTS
    rows: list[tuple[str, str, float, float, float]] = [
        ("incidents_since", "", came_since, nan, nan),
        (
            "calibration_since",
            "",
            expected_since / came_since if enough else nan,
            low,
            high,
        ),
        ("agreement", "", agreement, AGREEMENT_LIMIT, nan),
        ("weights_moved", "", weights, nan, WEIGHT_LIMIT),
    ]
    for name in layers_before.columns:
        index = stability_index(
            layers_before[name].to_numpy(dtype=np.float64),
            layers_after[name].to_numpy(dtype=np.float64),
        )
        rows.append(("stability_index", str(name), index, nan, PSI_LIMIT))
    table = pd.DataFrame(rows, columns=["measure", "what", "value", "low", "high"])
    # a comparison with nothing is never an alarm
    below, above = table["value"] < table["low"], table["value"] > table["high"]
    table["alarm"] = below | above
    return table.astype({column.name: column.dtype for column in DRIFT_TABLE})
