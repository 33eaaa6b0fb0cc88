"""The command on new routes."""

from typing import Annotated, Any

import typer

from riskmap.cli._change import (
    FromOption,
    KindOption,
    TargetOption,
    ToOption,
    say_left_out,
    say_subject,
    show_facts,
)
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    count_of,
    face_of,
    number_of,
)
from riskmap.cli._tables import day_of, draw, rows_of

MOST_SHOWN = 5


def routes(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    recent_days: Annotated[str | None, typer.Option("--recent-days")] = None,
    gap_hours: Annotated[str | None, typer.Option("--gap-hours")] = None,
    level: Annotated[str | None, typer.Option("--level")] = None,
    deals: Annotated[str | None, typer.Option("--deals")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find chains of newly active cells, a walk apart from one another."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    chosen = {
        "recent_days": count_of(recent_days, "--recent-days"),
        "most_gap_hours": number_of(gap_hours, "--gap-hours", float),
        "level": number_of(level, "--level", float),
        "deals": count_of(deals, "--deals"),
    }
    chosen = {name: value for name, value in chosen.items() if value is not None}
    from riskmap import pipeline

    opened = face.opened()
    options = pipeline.RouteOptions(**chosen)
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    with face.progress() as progress:
        found = pipeline.new_routes(opened, asked, options, progress=progress)
    if face.as_json:
        on_routes = found.cells[found.cells["state"] == "route"]
        show_facts(face, found, routes=found.routes, cells=on_routes)
        return
    _show(face, found, options)


def _show(face: Face, found: Any, options: Any) -> None:
    """Show the chains, and say which of them are new routes."""
    words = face.words
    say_subject(face, found.facts)
    recent = words.date(day_of(found.facts["recent_from_on"]))
    columns = {
        "cli.column.rank": "right",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "change.column.length": "right",
        "change.column.cells": "right",
        "change.column.events": "right",
        "change.column.expected": "right",
        "change.column.p": "right",
        "change.column.confidence": "left",
    }
    rows = [
        (
            words.number(row["rank"]),
            face.named("side", row["side"]),
            words.text(
                "number.span",
                low=words.number(row["from_km"], digits=0),
                high=words.number(row["to_km"], digits=0),
            ),
            words.number(row["length_km"], digits=0),
            words.number(row["cells"]),
            words.number(row["events"]),
            words.number(row["expected"], significant=2),
            words.number(row["p"], digits=3),
            face.named("change.confidence", row["confidence"] or "none"),
        )
        for row in rows_of(found.routes.head(MOST_SHOWN))
    ]
    draw(face, words.text("change.routes.title", recent=recent), columns, rows)
    new = int(found.routes["new"].sum())
    face.say(words.plural("change.routes.found", new))
    level = words.percent(options.level, digits=1)
    face.say(words.text("change.routes.meaning", level=level))
    face.say(words.text("change.routes.limits"))
    say_left_out(face, found.records, coarse=found.coarse, undated=found.undated)
