"""The commands on mechanisms and consulates: a table that users complete."""

import math
from typing import Annotated

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


def list_(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List mechanisms and consulates, those without a stretch of the line loudly."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    rows = rows_of(pipeline.offices_of(face.opened()))
    if face.as_json:
        face.show_json({"offices": rows})
        return
    _draw(face, rows)


def _draw(face: Face, rows: list[dict[str, object]]) -> None:
    """Show offices, a line each, and how many have no stretch."""
    words = face.words
    shown, open_ = [], 0
    for row in rows:
        low, high = (float(str(row[end])) for end in ("from_km", "to_km"))
        if not math.isnan(low + high):
            span = words.text(
                "number.span",
                low=words.number(low, digits=0),
                high=words.number(high, digits=0),
            )
        else:
            span, open_ = words.text("cli.offices.gap"), open_ + 1
        verified = row["verified_on"] or words.text("verification.never")
        shown.append(
            (
                face.named("office", str(row["office"])),
                str(row[f"name_{words.lang}"]),
                span,
                face.named("basis", str(row["basis"])),
                str(verified),
            )
        )
    columns = {
        "cli.column.office": "left",
        "cli.column.name": "left",
        "cli.column.km": "right",
        "cli.column.basis": "left",
        "cli.column.verified": "left",
    }
    draw(face, words.text("cli.offices.title"), columns, shown)
    if open_:
        face.say(words.plural("cli.offices.gaps", open_))


def import_(
    ctx: typer.Context,
    *,
    offices_file: Annotated[str, typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a file of mechanisms and consulates: it holds from now on."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    path = existing(offices_file)
    from riskmap import pipeline

    report = pipeline.take_offices(face.opened(), path)
    if face.as_json:
        face.show_json({"batches": [report]})
    else:
        show_batch(face, report)
