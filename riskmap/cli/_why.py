"""Why a place is high or low, and which layers matter to a score."""

from typing import Annotated, Any

import typer

from riskmap.cli import _tables as tables
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    face_of,
)


def why(
    ctx: typer.Context,
    *,
    text: Annotated[list[str] | None, typer.Argument()] = None,
    target: Annotated[str | None, typer.Option("--target")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a cell or a place scores as it does."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline
    from riskmap.i18n import LANGUAGES, Words

    if target is not None:
        check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    if not text:
        for score in (target,) if target else pipeline.SCORES:
            _show_influence(face, score, pipeline.influence(opened, score))
        return
    words = {code: Words(code, strict=False) for code in LANGUAGES}
    found = pipeline.why(opened, " ".join(text), words, target)
    if face.as_json:
        face.show_json({"reasons": found})
        return
    for one in found:
        name = face.named("score", one["score"])
        face.say(face.words.text("why.said", score=name, cell=one["cell"]))
        face.say("  " + one[f"text_{face.words.lang}"])


def _show_influence(face: Face, score: str, found: Any) -> None:
    """Show which layers matter to the place part of a score."""
    importance, dependence = found
    if face.as_json:
        face.show_json(
            {
                "score": score,
                "importance": tables.rows_of(importance),
                "dependence": tables.rows_of(dependence),
            }
        )
        return
    words = face.words
    ends = {
        name: (rows["times_average"].iloc[0], rows["times_average"].iloc[-1])
        for name, rows in dependence.groupby("layer")
    }
    rows = [
        (
            face.named("layer", row["layer"]),
            words.number(row["bits_lost"], digits=2),
            words.number(ends[row["layer"]][0], significant=2),
            words.number(ends[row["layer"]][1], significant=2),
            face.named("why.sign", row["agreement"]),
        )
        for row in tables.rows_of(importance)
    ]
    columns: dict[str, Any] = {
        "why.column.layer": "left",
        "why.column.bits": "right",
        "why.column.at_low": "right",
        "why.column.at_high": "right",
        "why.column.sign": "left",
    }
    title = words.text("why.title", score=face.named("score", score))
    tables.draw(face, title, columns, rows)
    face.say(words.text("why.caveat"))
