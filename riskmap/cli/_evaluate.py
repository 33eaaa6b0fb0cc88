"""Judge a score on past days and on unseen ground, beside every simple map."""

from pathlib import Path
from typing import Annotated, Any

import typer

from riskmap.cli import _tables as tables
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    count_of,
    day_asked,
    face_of,
    labels,
    number_of,
)

PLOT_FORMATS = ("svg", "png")

MARKS = ("noise_ceiling", "hindsight")

SHOWN = (
    "hit_rate_1pct",
    "hit_rate_5pct",
    "pei_5pct",
    "information_gain_bits",
    "calibration",
)


def evaluate(
    ctx: typer.Context,
    *,
    target: Annotated[str | None, typer.Option("--target")] = None,
    from_on: Annotated[str | None, typer.Option("--from")] = None,
    to_on: Annotated[str | None, typer.Option("--to")] = None,
    horizon: Annotated[str | None, typer.Option("--horizon")] = None,
    resolution: Annotated[str | None, typer.Option("--resolution")] = None,
    gap: Annotated[str | None, typer.Option("--gap")] = None,
    refit: Annotated[str | None, typer.Option("--refit")] = None,
    quick: Annotated[bool, typer.Option("--quick")] = False,
    out: Annotated[str | None, typer.Option("--out")] = None,
    plots: Annotated[str | None, typer.Option("--plots")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge scores on past days and on unseen ground."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    form = plots or PLOT_FORMATS[0]
    check_name("format", form, PLOT_FORMATS)
    for day in (from_on, to_on):
        day_asked(day)
    from riskmap import pipeline

    asked = pipeline.EvaluationOptions(
        from_on=from_on or "",
        to_on=to_on or "",
        horizon_days=count_of(horizon, "--horizon") or 365,
        resolution=count_of(resolution, "--resolution") or 0,
        gap_days=number_of(gap, "--gap", int) or 0,
        refit_every=count_of(refit, "--refit") or 1,
        unseen=not quick,
        every=not quick,
    )
    if target is not None:
        check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    found = {}
    for score in (target,) if target else pipeline.SCORES:
        with face.progress() as progress:
            found[score] = pipeline.evaluate(opened, score, asked, progress=progress)
        if not face.as_json:
            show_evaluation(face, score, found[score])
    files: list[Path] = []
    if out is not None:
        for score in found:
            files += pipeline.save_evaluation(
                opened, score, Path(out), labels(), form=form
            )
    if face.as_json:
        face.show_json(
            {
                "evaluations": [_facts(score, one) for score, one in found.items()],
                "files": [str(file) for file in files],
            }
        )
        return
    for file in files:
        face.say(face.words.text("evaluation.wrote", path=str(file)))


def _facts(score: str, found: Any) -> dict[str, Any]:
    """Gather what a program reads."""
    return {
        "score": score,
        "verdict": found.verdict(score),
        "skill": tables.rows_of(found.skill),
        "intervals": tables.rows_of(found.intervals),
        "stability": tables.rows_of(found.stability),
        "fairness": tables.rows_of(found.fairness),
        "calibration": tables.rows_of(found.calibration),
        "origins": tables.rows_of(found.origins),
    }


def show_evaluation(face: Face, score: str, found: Any) -> None:
    """Print what an evaluation found: in time, on unseen ground, between groups."""
    from riskmap import pipeline

    words = face.words
    skill = found.skill
    first = skill.iloc[0]
    face.say(words.text("evaluation.title", score=face.named("score", score)))
    face.say(
        words.text(
            "evaluation.frame",
            events=int(first["events"]),
            horizon=int(first["horizon_days"]),
            from_on=first["from_on"],
            to_on=first["to_on"],
        )
    )
    for folds in pipeline.FOLDS:
        wide = pipeline.ranking(found, folds)
        if len(wide):
            _show_ranking(face, folds, wide)
    for line in pipeline.verdict_lines(found, score, words.text):
        face.say(line)
    face.say("")
    _show_fairness(face, found)


def _show_ranking(face: Face, folds: str, wide: Any) -> None:
    """Print models, the most informative first; marks are said to be none."""
    words = face.words
    rows = []
    for model, row in zip(wide.index.tolist(), tables.rows_of(wide), strict=True):
        values = [
            words.percent(row[name])
            if name.startswith("hit_rate")
            else words.number(row[name], digits=2)
            for name in SHOWN
        ]
        rows.append((face.named("model", model), *values))
    columns = {"evaluation.column.model": "left"} | {
        f"evaluation.short.{name}": "right" for name in SHOWN
    }
    tables.draw(face, words.text(f"evaluation.heading.{folds}"), columns, rows)


def _show_fairness(face: Face, found: Any) -> None:
    """Print errors and false alarms of the score by side and remoteness."""
    from riskmap import pipeline

    words = face.words
    mine = found.fairness[found.fairness["model"] == "mixture"]
    rows = [
        (
            pipeline.group_name(row["by"], row["group"], words.text),
            words.number(row["events"]),
            words.number(row["expected_per_event"], digits=2),
            words.percent(row["missed"]),
            words.percent(row["alarm_share"]),
            words.percent(row["false_alarm"]),
        )
        for row in tables.rows_of(mine)
    ]
    columns = {
        "evaluation.column.group": "left",
        "evaluation.column.events": "right",
        "evaluation.column.expected_per_event": "right",
        "evaluation.column.missed": "right",
        "evaluation.column.alarm_share": "right",
        "evaluation.column.false_alarm": "right",
    }
    tables.draw(face, words.text("evaluation.heading.fairness"), columns, rows)
