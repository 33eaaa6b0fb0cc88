"""The commands on effort: who looked where, and which score that corrects."""

from typing import Annotated, Any

import typer

from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    existing,
    face_of,
)
from riskmap.cli._tables import draw, rows_of, show_batch


def import_(
    ctx: typer.Context,
    *,
    effort_file: Annotated[str, typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a log of effort: it holds from now on."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    path = existing(effort_file)
    from riskmap import pipeline

    report = pipeline.take_effort(face.opened(), path)
    if face.as_json:
        face.show_json({"batches": [report]})
    else:
        show_batch(face, report)


def list_(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the log up, and say which score it corrects."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    rows = rows_of(pipeline.sum_effort(opened))
    said = pipeline.describe_effort(opened)
    if face.as_json:
        face.show_json({"effort": rows, "scores": said})
        return
    if rows:
        _draw(face, rows)
    else:
        columns = ", ".join(pipeline.EFFORT_COLUMNS)
        face.say(face.words.text("cli.effort.none", columns=columns))
    say_effort(face, said)


def say_effort(face: Face, said: list[dict[str, Any]]) -> None:
    """Say of each score whether it is corrected, and from what."""
    words = face.words
    for row in said:
        face.say(
            words.text(
                f"effort.{row['state']}",
                score=face.named("score", row["score"]),
                hours=words.number(row["hours"], digits=0),
                cells=words.number(row["cells"]),
                share=words.percent(row["reported_share"]),
            )
        )


def _draw(face: Face, rows: list[dict[str, Any]]) -> None:
    """Show the sums, a line for each side, agency, kind and state."""
    words = face.words
    shown = [
        (
            face.named("side", row["side"]),
            row["agency"],
            face.named("effort.kind", row["kind"]),
            face.named("effort.state", row["state"]),
            words.number(row["hours"], digits=0),
            words.number(row["cells"]),
            words.text("number.span", low=row["from_on"], high=row["to_on"]),
        )
        for row in rows
    ]
    columns = {
        "cli.column.side": "left",
        "cli.column.agency": "left",
        "cli.column.effort_kind": "left",
        "cli.column.effort_state": "left",
        "cli.column.effort_hours": "right",
        "cli.column.effort_cells": "right",
        "cli.column.effort_span": "left",
    }
    draw(face, words.text("cli.effort.title"), columns, shown)
