"""Scenario words: what a scenario changes and what came of it, as sentences."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from riskmap.pipeline.scenario_changes import BY_MONTH, SCORE_PARTS
from riskmap.pipeline.scenario_register import Changes
from riskmap.pipeline.scenario_views import SKILL_METRICS, Comparison
from riskmap.scoring.rank_changes import BEYOND, NO_DATA, SAME, UNTOLD, WITHIN

# key and fields to a text in the reader's language
Say = Callable[..., str]

# digits of a number that is read, not computed with
DIGITS = 3


def say_changes(changes: Changes, say: Say) -> list[str]:
    """Say what a scenario changes, one text each.

    Parameters
    ----------
    changes
        What is changed of the options.
    say
        From a key and fields to a text.

    Returns
    -------
    list of str
        At least one.

    Examples
    --------
    >>> asked = Changes(target="migrant_danger", month=1)
    >>> say_changes(asked, lambda key, **fields: key)
    ['scenario.changed.month']
    """
    said = []
    if changes.as_of:
        day = datetime.date.fromisoformat(changes.as_of)
        said.append(say("scenario.changed.as_of", day=day))
    for part in (part for part in SCORE_PARTS if part in changes.weights):
        named, factor = say(f"part.{part}"), changes.weights[part]
        said.append(say("scenario.changed.weight", part=named, factor=factor))
    if "layers" in changes.settings:
        names = [say(f"layer.{name}") for name in changes.settings["layers"]]
        said.append(say("scenario.changed.layers", layers=", ".join(names)))
    for name, value in changes.settings.get("numbers", {}).items():
        many = isinstance(value, list | tuple)
        text = ", ".join(map(str, value)) if many else str(value)
        said.append(say("scenario.changed.number", number=name, value=text))
    if changes.month:
        month = say(f"change.month.{changes.month}")
        said.append(say("scenario.changed.month", month=month))
    return said


def say_comparison(found: Comparison, say: Say) -> list[str]:
    """Say what came of a scenario: how much moved, how sure it is, what it is worth.

    Parameters
    ----------
    found
        Two maps side by side.
    say
        From a key and fields to a text.

    Returns
    -------
    list of str
        The most important first.
    """
    facts = found.facts
    moved = facts["cells"] - facts[SAME] - facts[NO_DATA]
    said = [say("scenario.stale")] if any(found.stale) else []
    if not moved:
        return [*said, say("scenario.said.nothing")]
    said.append(say("scenario.said.moved", moved=moved, cells=facts["cells"]))
    kept = facts["kept_5pct"]
    if np.isfinite(kept):
        said.append(say("scenario.said.kept", kept=round(100 * kept)))
    if facts[UNTOLD]:
        said.append(say("scenario.said.untold"))
    elif not facts[BEYOND]:
        said.append(say("scenario.said.within"))
    else:
        given = {"within": facts[WITHIN], "beyond": facts[BEYOND]}
        said.append(say("scenario.said.some_beyond", **given))
    if facts[NO_DATA]:
        said.append(say("scenario.said.no_data", cells=facts[NO_DATA]))
    if found.what in BY_MONTH:
        said.append(say("scenario.said.month"))
    hazard = found.what in BY_MONTH
    unit = f"layer.{found.what}.help" if hazard else "scenario.unit.score"
    return [*said, *_say_skill(found.skill, say), say(unit)]


def _say_skill(skill: pd.DataFrame, say: Say) -> list[str]:
    """Say what the two maps are worth on the last watched years."""
    if skill.empty:
        return []
    rows = skill.set_index(["map", "metric"])
    said = []
    for metric in SKILL_METRICS:
        pair = [
            rows.loc[(side, metric)]
            for side in ("before", "after")
            if (side, metric) in rows.index
        ]
        if len(pair) == 1 + 1:
            said.append(_say_metric(metric, pair[0], pair[1], say))
    return said


def _say_metric(
    metric: str, before: "pd.Series[Any]", after: "pd.Series[Any]", say: Say
) -> str:
    """Say one measure of both maps; of two periods they are not alike."""
    numbers: Mapping[str, float] = {
        f"{side}{end}": round(float(row[name]), DIGITS)
        for side, row in (("before", before), ("after", after))
        for end, name in (("", "value"), ("_low", "low"), ("_high", "high"))
    }
    inside = numbers["before_low"] <= numbers["after"] <= numbers["before_high"]
    inside |= numbers["after_low"] <= numbers["before"] <= numbers["after_high"]
    verdict = "within" if inside else "beyond"
    if before["from_on"] != after["from_on"]:
        verdict = "other_years"
    told = say(f"scenario.skill.{verdict}")
    return say(
        "scenario.skill", metric=say(f"metric.{metric}"), verdict=told, **numbers
    )
