"""The commands on regions: parts of the border that are opened by name."""

from typing import Annotated, Any

import typer

from riskmap.cli._face import Face, JsonOption, LangOption, ProjectOption, face_of
from riskmap.cli._tables import draw, rows_of, show_scores

TOP = 5


def list_(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the regions that can be opened by name."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    found = pipeline.list_regions(face.opened())
    if face.as_json:
        face.show_json({"regions": rows_of(found)})
        return
    words = face.words
    rows = [
        (
            row["region_id"],
            row[f"name_{words.lang}"],
            words.text(f"cli.regions.by.{row['by']}", value=row["value"]),
            face.named("basis", row["basis"]),
        )
        for row in rows_of(found)
    ]
    columns = {
        "cli.column.region": "left",
        "cli.column.name": "left",
        "cli.column.extent": "left",
        "cli.column.basis": "left",
    }
    draw(face, words.text("cli.regions.title"), columns, rows)
    face.say(words.text("cli.regions.more"))


def show(
    ctx: typer.Context,
    *,
    region: Annotated[list[str], typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what of the project lies in a region."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    part = pipeline.open_region(opened, " ".join(region))
    found = pipeline.scores_in(opened, part)
    sums = {score: _sum(found[score]) for score in pipeline.SCORES}
    if face.as_json:
        told = {
            name: getattr(part, name)
            for name in ("region_id", "name_en", "name_es", "basis", "area_km2")
        }
        face.show_json(
            told
            | {
                "cells": len(part.cells),
                "box": list(part.box) if part.box else None,
                "zones": list(part.zones),
                "landmarks": len(part.landmarks),
                "expected_per_year": sums,
                "cells_without_data": {
                    score: int(found[score].isna().sum()) for score in sums
                },
            }
        )
        return
    _say_region(face, part, found, sums)
    for score in pipeline.SCORES:
        top = pipeline.scores_in(opened, part, target=score, top=TOP)
        show_scores(face, score, top)


def _sum(values: Any) -> float | None:
    """Add up a score; None where no cell has data, which is not zero."""
    return float(values.sum()) if values.notna().any() else None


def _say_region(face: Face, part: Any, found: Any, sums: dict[str, Any]) -> None:
    """Say what lies in a region, a fact a line."""
    words = face.words
    face.say(
        words.text(
            "cli.regions.facts",
            name=part.name_es if words.lang == "es" else part.name_en,
            region_id=part.region_id,
            basis=face.named("basis", part.basis),
            cells=words.number(len(part.cells)),
            area=words.number(part.area_km2, digits=0),
            zones=words.number(len(part.zones)),
            landmarks=words.number(len(part.landmarks)),
        )
    )
    for score, total in sums.items():
        blind = words.number(int(found[score].isna().sum()))
        if total is None:
            face.say(
                words.text("cli.regions.no_data", score=face.named("score", score))
            )
            continue
        number = words.number(total, digits=1)
        told = {"score": face.named("score", score), "total": number, "blind": blind}
        face.say(words.text("cli.regions.expected", **told))
