"""Verdict: whether a score beat the simple maps, said wherever it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

# the map of all records so far, which a score must beat
RAW_COUNTS = "count_all"

# simple maps, which an office could draw without riskmap
SIMPLE = (
    "uniform",
    "distance_to_line",
    RAW_COUNTS,
    "count_last_year",
    "same_season",
    "count_decay",
    "count_neighbours",
    "kde",
    "kde_recency",
    "empirical_bayes",
    "promap",
    "open_cp_retrospective_365d",
    "open_cp_prospective",
    "open_cp_kde_scott",
    "open_cp_kde_neighbours",
)

BETTER, NOT_BETTER, UNTESTED = "better", "not_better", "untested"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a backtest says of one score.

    Parameters
    ----------
    score
        Name of the score.
    code
        ``better``, ``not_better`` or ``untested``.
    gain_bits
        Information gained over raw counts, bits per event; NaN if untested.
    gain_low, gain_high
        Its 95 % interval.
    pai_5pct, raw_pai_5pct
        Predictive accuracy index of score and raw counts at 5 % of the area.
    events
        Events that it was tested on.
    best
        The best simple map, told by hindsight; empty if untested.
    best_gain_bits, best_gain_low, best_gain_high
        Information gained over it.
    """

    score: str
    code: str
    gain_bits: float
    gain_low: float
    gain_high: float
    pai_5pct: float
    raw_pai_5pct: float
    events: int
    best: str = ""
    best_gain_bits: float = float("nan")
    best_gain_low: float = float("nan")
    best_gain_high: float = float("nan")


def best_simple(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Name the simple map that gained most bits per event.

    Parameters
    ----------
    measured
        Metrics by model.

    Returns
    -------
    str
        One of :data:`SIMPLE`; the first of equals in that order.

    Examples
    --------
    >>> gain = "information_gain_bits"
    >>> best_simple({"count_all": {gain: 1.0}, "kde": {gain: 1.5}, "x": {gain: 9.0}})
    'kde'
    """
    known = [name for name in SIMPLE if name in measured]
    return max(known, key=lambda name: measured[name]["information_gain_bits"])


def verdict_of(skill: pd.DataFrame, score: str, *, model: str = "mixture") -> Verdict:
    """Judge a score by its skill table.

    Better means: more bits per event than raw counts and than the best simple map in
    the table, with intervals above 0, and a predictive accuracy index at 5 % of the
    area no lower than that of raw counts. A gain whose interval holds 0 is none.

    Parameters
    ----------
    skill
        Skill table, of any scores.
    score
        Which score.
    model
        Name of its model in the table.

    Returns
    -------
    Verdict
        ``untested`` if the table says nothing of it.

    Examples
    --------
    >>> columns = ["score", "model", "versus", "metric", "value", "low", "events"]
    >>> verdict_of(pd.DataFrame(columns=columns), "patrol_risk").code
    'untested'
    """
    mine = skill.loc[skill["score"] == score]
    nan = float("nan")

    def look(name: str, versus: str, metric: str) -> pd.Series:
        rows = mine.loc[
            (mine["model"] == name)
            & (mine["versus"] == versus)
            & (mine["metric"] == metric)
        ]
        if rows.empty:
            return pd.Series({"value": nan, "low": nan, "high": nan, "events": 0})
        return rows.iloc[0]

    gain = look(model, RAW_COUNTS, "information_gain_bits")
    best, most = _best_in(mine, model), gain
    if best != RAW_COUNTS:
        most = look(model, best, "information_gain_bits")
    own, raw = look(model, "", "pai_5pct"), look(RAW_COUNTS, "", "pai_5pct")
    if mine.empty or pd.isna(gain["value"]):
        code = UNTESTED
    else:
        good = min(gain["low"], most["low"]) > 0 and own["value"] >= raw["value"]
        code = BETTER if good else NOT_BETTER
    return Verdict(
        score=score,
        code=code,
        gain_bits=float(gain["value"]),
        gain_low=float(gain["low"]),
        gain_high=float(gain["high"]),
        pai_5pct=float(own["value"]),
        raw_pai_5pct=float(raw["value"]),
        events=int(own["events"]),
        best="" if code == UNTESTED else best,
        best_gain_bits=float(most["value"]),
        best_gain_low=float(most["low"]),
        best_gain_high=float(most["high"]),
    )


def _best_in(rows: pd.DataFrame, model: str) -> str:
    """Name the simple map that a model is compared with beside raw counts."""
    others = set(rows.loc[rows["model"] == model, "versus"]) - {"", RAW_COUNTS}
    return min(others, default=RAW_COUNTS)
