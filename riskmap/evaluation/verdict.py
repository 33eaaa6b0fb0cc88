"""Verdict: whether a score beat a map of raw counts, said wherever it is shown."""

from dataclasses import dataclass

import pandas as pd

# the map of all records so far, which a score must beat
RAW_COUNTS = "count_all"

BETTER, NOT_BETTER, UNTESTED = "better", "not_better", "untested"

# what decides: catch in the densest 5 % of the area, and bits per event
DECIDING = ("pai_5pct", "information_gain_bits")


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
    """

    score: str
    code: str
    gain_bits: float
    gain_low: float
    gain_high: float
    pai_5pct: float
    raw_pai_5pct: float
    events: int


def verdict_of(skill: pd.DataFrame, score: str, *, model: str = "mixture") -> Verdict:
    """Judge a score by its skill table.

    Better means: more bits per event than raw counts, with an interval above 0, and a
    predictive accuracy index at 5 % of the area that is no lower. A gain whose
    interval holds 0 is none.

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
    own, raw = look(model, "", "pai_5pct"), look(RAW_COUNTS, "", "pai_5pct")
    if mine.empty or pd.isna(gain["value"]):
        code = UNTESTED
    else:
        good = gain["low"] > 0 and own["value"] >= raw["value"]
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
    )
