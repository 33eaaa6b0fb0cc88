"""Curves: what a map catches as more is searched, and whether its counts come true."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from riskmap.evaluation.backtest import Trial
from riskmap.evaluation.metrics import inclusion, tally
from riskmap.history.ground import EPOCH
from riskmap.schema import Column

# shares of the area that the curve is drawn at: fine where it is steep
STEPS = tuple(np.round(np.linspace(0, 1, 41) ** 2, 6).tolist())

# tenths of the events expected, from the least dense ground to the densest
TENTHS = 10

CURVE_TABLE: tuple[Column, ...] = (
    Column(name="model", dtype="str"),
    Column(name="share_of_area", dtype="float64", lowest=0, highest=1),
    Column(name="hit_rate", dtype="float64", lowest=0, highest=1),
)

CALIBRATION_TABLE: tuple[Column, ...] = (
    Column(name="model", dtype="str"),
    Column(name="tenth", dtype="int64", lowest=1, highest=TENTHS),
    Column(name="expected", dtype="float64", lowest=0),
    Column(name="observed", dtype="float64", lowest=0),
)

ORIGIN_TABLE: tuple[Column, ...] = (
    Column(name="model", dtype="str"),
    Column(name="from_on", dtype="datetime64[us, UTC]"),
    Column(name="events", dtype="int64", lowest=0),
    Column(name="expected", dtype="float64", lowest=0),
    Column(name="information_gain_bits", dtype="float64", missing=True),
)


def capture_curve(trials: Sequence[Trial], model: str) -> pd.DataFrame:
    """Measure what a map catches in its densest ground, at many shares of the area.

    Parameters
    ----------
    trials
        One an origin.
    model
        Which map.

    Returns
    -------
    pandas.DataFrame
        As :data:`CURVE_TABLE`: hits of all origins over their events.
    """
    hits, events = np.zeros(len(STEPS)), 0.0
    for trial in trials:
        rows = np.flatnonzero(trial.counts > 0)
        events += float(trial.counts.sum())
        for place, share in enumerate(STEPS):
            caught = inclusion(trial.maps[model], trial.area_km2, share)[rows]
            hits[place] += float(caught @ trial.counts[rows])
    rate = np.clip(hits / max(events, 1.0), 0, 1)
    return _typed(
        {"model": model, "share_of_area": np.array(STEPS), "hit_rate": rate},
        CURVE_TABLE,
    )


def calibration_by_tenth(trials: Sequence[Trial], model: str) -> pd.DataFrame:
    """Compare what was expected with what came, from the least dense ground up.

    Each tenth holds a tenth of the events that the map expected in its horizon.

    Parameters
    ----------
    trials
        One an origin.
    model
        Which map.

    Returns
    -------
    pandas.DataFrame
        As :data:`CALIBRATION_TABLE`, ten rows.
    """
    expected, observed = np.zeros(TENTHS), np.zeros(TENTHS)
    for trial in trials:
        seen = np.flatnonzero(trial.area_km2 > 0)
        mean = trial.maps[model][seen]
        order = np.argsort(mean / trial.area_km2[seen], kind="stable")
        total = mean.sum()
        if total <= 0:
            continue
        middle = np.cumsum(mean[order]) - mean[order] / 2
        tenth = np.minimum((middle / total * TENTHS).astype(np.intp), TENTHS - 1)
        expected += np.bincount(tenth, mean[order], minlength=TENTHS)
        came = trial.counts[seen][order]
        observed += np.bincount(tenth, came, minlength=TENTHS)
    return _typed(
        {
            "model": model,
            "tenth": np.arange(1, TENTHS + 1),
            "expected": expected,
            "observed": observed,
        },
        CALIBRATION_TABLE,
    )


def gain_by_origin(
    trials: Sequence[Trial], model: str, origins: Sequence[int]
) -> pd.DataFrame:
    """Tell how a map did at each origin.

    Parameters
    ----------
    trials
        One an origin.
    model
        Which map.
    origins
        Day numbers.

    Returns
    -------
    pandas.DataFrame
        As :data:`ORIGIN_TABLE`; no gain where no event came.
    """
    rows = []
    for trial in trials:
        part = tally(trial.maps[model], trial.counts, trial.area_km2)
        events = float(part.counts.sum())
        gain = float(part.gain_bits @ part.counts) / events if events else np.nan
        rows.append((round(events), part.expected, gain))
    events_, expected, gains = zip(*rows, strict=True)
    return _typed(
        {
            "model": model,
            "from_on": EPOCH + pd.to_timedelta(list(origins), unit="D"),
            "events": np.array(events_),
            "expected": np.array(expected),
            "information_gain_bits": np.array(gains),
        },
        ORIGIN_TABLE,
    )


def _typed(columns: dict[str, object], contract: Sequence[Column]) -> pd.DataFrame:
    """Make a table of the dtypes that its contract says."""
    table = pd.DataFrame(columns)
    return table.astype({column.name: column.dtype for column in contract})
