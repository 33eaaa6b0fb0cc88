"""How good a score is, in one sentence: beside raw counts and the best simple map."""

import datetime
from typing import Any

from riskmap.cli._face import Face
from riskmap.cli._tables import day_of, rows_of

# what a person can picture: the share of later incidents in the highest 5 % of the area
METRIC = "hit_rate_5pct"
MODEL = "mixture"
RAW_COUNTS = "count_all"


def show_skill(face: Face, score: str, skill: Any) -> None:
    """Say how a score did on days held out, and whether it beat raw counts."""
    from riskmap.evaluation.verdict import verdict_of

    words = face.words
    measured = {
        row["model"]: row
        for row in rows_of(skill)
        if (row["score"], row["metric"], row["versus"]) == (score, METRIC, "")
    }
    own, raw = measured.pop(MODEL, None), measured.pop(RAW_COUNTS, None)
    if own is None or raw is None or not measured:
        face.say(words.text("cli.scores.no_skill"))
        face.say("")
        return
    best = max(measured.values(), key=lambda row: float(row["value"]))
    said = words.text(
        "cli.scores.best",
        model=face.named("model", best["model"]),
        value=words.percent(best["value"]),
    )
    face.say(
        words.plural(
            "cli.scores.skill",
            int(own["events"]),
            from_on=words.date(day_of(own["from_on"])),
            to_on=words.date(_last_day(own["to_on"])),
            value=words.percent(own["value"]),
            interval=_shares(face, own["low"], own["high"]),
            raw=words.percent(raw["value"]),
            best=said,
        )
    )
    better = verdict_of(skill, score).code == "better"
    face.say(words.text("cli.scores.better" if better else "cli.scores.not_better"))
    face.say("")


def _last_day(end: Any) -> datetime.date | None:
    """Name the last day of a period that ends before ``end``."""
    day = day_of(end)
    return day - datetime.timedelta(days=1) if day else None


def _shares(face: Face, low: float, high: float) -> str:
    """Write how far a share may be off."""
    ends = {"low": face.words.percent(low), "high": face.words.percent(high)}
    return face.words.text("number.span", **ends)
