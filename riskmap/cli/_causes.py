"""The command on causes: the danger to migrants by what people die of."""

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

DEFAULT_TOP = 10

# significant digits of a rate
DIGITS = 2

# columns of the table: a cause each, and how much of the split is physics
PREFIX, PHYSICS = "danger_", "danger_physics_share"

# causes named of a cell
MOST_CAUSES = 3


def causes(
    ctx: typer.Context,
    *,
    cause: Annotated[str | None, typer.Option("--by")] = None,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the danger to migrants by cause; the causes add up to the score."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top")
    from riskmap import pipeline

    by_cause, skill = pipeline.danger_by_cause(face.opened())
    named = {
        str(name).removeprefix(PREFIX): str(name)
        for name in by_cause
        if str(name).startswith(PREFIX) and name != PHYSICS
    }
    if cause is not None:
        check_name("cause", cause, list(named))
    danger = by_cause[list(named.values())].sum(axis=1, min_count=1)
    by_cause.insert(3, "danger", danger)
    rank = by_cause[named[cause]] if cause else danger
    density = (rank / by_cause["area_km2"]).sort_values(ascending=False, kind="stable")
    known = by_cause.loc[density[density.notna()].index]
    if face.as_json:
        show_records(face, known.head(most or len(known)))
        return
    _show(face, named, known.head(most or DEFAULT_TOP))
    _tell_skill(face, skill)


def _show(face: Face, named: dict[str, str], found: Any) -> None:
    """Print the cells with most danger, cause by cause."""
    words = face.words
    rows = [
        (
            f"{cell:x}",
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            words.number(row["danger"], significant=DIGITS),
            _largest(face, {code: row[name] for code, name in named.items()}),
            words.percent(row[PHYSICS]),
        )
        for cell, row in zip(found.index.tolist(), rows_of(found), strict=True)
    ]
    columns: dict[str, Any] = {
        "cli.column.cell": "left",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "cli.causes.all": "right",
        "cli.causes.largest": "left",
        "cli.causes.physics": "right",
    }
    draw(face, words.text("cli.causes.title"), columns, rows)


def _largest(face: Face, parts: dict[str, float]) -> str:
    """Name the causes that matter most, each with its share."""
    whole = sum(parts.values())
    ranked = sorted(parts.items(), key=lambda item: -item[1])[:MOST_CAUSES]
    return ", ".join(
        f"{face.named('cause', code)} {face.words.percent(value / whole)}"
        for code, value in ranked
        if whole > 0
    )


def _tell_skill(face: Face, skill: Any) -> None:
    """Say how well the causes of past years were foretold, beside simple ways."""
    words = face.words
    for row in rows_of(skill):
        if not row["events"]:
            face.say(words.text("cli.causes.untested"))
            return
        face.say(
            words.text(
                "cli.causes.skill",
                versus=face.named("cli.causes.versus", row["versus"]),
                events=row["events"],
                bits=words.number(row["bits"], digits=2),
                low=words.number(row["low"], digits=2),
                high=words.number(row["high"], digits=2),
            )
        )
    face.say(words.text("cli.causes.caveat"))
