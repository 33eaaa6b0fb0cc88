"""The command on what moved since the last assessment, and why."""

from typing import Annotated, Any

import typer

from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    count_of,
    face_of,
)
from riskmap.cli._tables import draw, rows_of, show_records


def changes(
    ctx: typer.Context,
    *,
    target: Annotated[str | None, typer.Option("--target")] = None,
    since: Annotated[str | None, typer.Option("--since")] = None,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which cells entered or left the top of the list, and why."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top")
    from riskmap import pipeline

    score = target or pipeline.SCORES[0]
    check_name("score", score, pipeline.SCORES)
    opened = face.opened()
    with face.progress() as progress:
        found = pipeline.rank_changes(
            opened,
            score,
            since=since or "",
            top=most or pipeline.RANKS_LISTED,
            progress=progress,
        )
    if face.as_json:
        show_records(face, found.cells)
        return
    words = face.words
    for said in pipeline.say_rank_changes(found, words):
        face.say(said)
    _draw(face, found.listed())


def _draw(face: Face, listed: Any) -> None:
    """Draw the cells that entered the list or left it."""
    if len(listed) == 0:
        face.say(face.words.text("ranks.none"))
        return
    words = face.words
    columns = {
        "cli.column.cell": "left",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "ranks.column.list": "left",
        "ranks.column.before": "right",
        "ranks.column.after": "right",
        "ranks.column.by_data": "right",
        "ranks.column.by_model": "right",
        "ranks.column.cause": "left",
    }
    rows = [
        (
            f"{cell:x}",
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            words.text(f"ranks.list.{row['list']}"),
            words.number(row["before"], digits=0),
            words.number(row["after"], digits=0),
            words.number(row["by_data"], digits=1),
            words.number(row["by_model"], digits=1),
            words.text(f"ranks.cause.{row['cause']}"),
        )
        for cell, row in zip(listed.index.tolist(), rows_of(listed), strict=True)
    ]
    draw(face, words.text("ranks.title"), columns, rows)
