"""The commands on operations, and what became of records about them."""

from typing import Annotated, Any

import typer

from riskmap.cli._change import (
    FromOption,
    KindOption,
    TargetOption,
    ToOption,
    say_subject,
)
from riskmap.cli._face import Face, JsonOption, LangOption, ProjectOption, face_of
from riskmap.cli._tables import day_of, draw, rows_of

OperationArgument = Annotated[str, typer.Argument()]


def add(
    ctx: typer.Context,
    *,
    operation: OperationArgument,
    area_file: Annotated[str, typer.Argument()],
    operation_kind: Annotated[str, typer.Option("--kind")],
    from_on: Annotated[str, typer.Option("--from")],
    to_on: ToOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an operation: its area, its kind and its days."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    table = pipeline.add_operation(
        face.opened(),
        operation,
        area_file,
        kind=operation_kind,
        from_on=from_on,
        to_on=to_on or "",
    )
    _list(face, table)


def list_(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List operations."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    _list(face, pipeline.list_operations(face.opened()))


def _list(face: Face, table: Any) -> None:
    """Show operations; their areas stay in the project."""
    rows = rows_of(table.drop(columns="geometry"))
    if face.as_json:
        face.show_json(rows)
        return
    words = face.words
    columns = {
        "change.column.operation": "left",
        "change.column.operation_kind": "left",
        "change.column.since": "left",
        "change.column.until": "left",
    }
    said = [
        (
            row["operation_id"],
            face.named("operation_kind", row["kind"]),
            words.date(day_of(row["from_on"])),
            words.date(day_of(row["to_on"])) if row["to_on"] else "\N{EN DASH}",
        )
        for row in rows
    ]
    draw(face, words.text("change.operations.title"), columns, said)


def displacement(
    ctx: typer.Context,
    *,
    operation: OperationArgument,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what became of records in and about an operation's area."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    with face.progress() as progress:
        found = pipeline.displacement(opened, operation, asked, progress=progress)
    if face.as_json:
        face.show_json(_document(found))
        return
    _show(face, found)


def _document(found: Any) -> dict[str, Any]:
    """Lay a report out for a program."""
    told = dict(vars(found)) | {"areas": rows_of(found.areas)}
    told["danger"] = None if found.danger is None else rows_of(found.danger)
    for name in ("shift", "hazard"):
        moved = told[name]
        if moved is not None:
            told[name] = vars(moved) | {"change": moved.change.tolist()}
    return told


def _show(face: Face, found: Any) -> None:
    """Show area and rings, then how the records moved, then the limits."""
    words = face.words
    say_subject(face, found.facts)
    columns = {
        "change.column.where": "left",
        "change.column.before": "right",
        "change.column.after": "right",
        "change.column.beside_controls": "right",
        "change.column.interval95": "right",
        "change.column.found": "left",
    }
    outer = found.areas["outer_km"].tolist()
    rows = [
        (
            words.text(
                "change.ring" if row["outer_km"] else "change.inside",
                low=words.number(inner),
                high=words.number(row["outer_km"]),
            ),
            words.number(row["before"]),
            words.number(row["after"]),
            words.number(row["ratio"], digits=2),
            words.text(
                "number.span",
                low=words.number(row["low"], digits=2),
                high=words.number(row["high"], digits=2),
            ),
            words.text(f"change.told.{_TOLD[row['told']]}"),
        )
        for inner, row in zip([0, *outer], rows_of(found.areas), strict=False)
    ]
    start = words.date(day_of(found.facts["start_on"]))
    title = words.text("change.displacement.title", start=start)
    draw(face, title, columns, rows)
    controls = {name: words.number(n) for name, n in found.controls.items()}
    face.say(words.text("change.displacement.controls", **controls))
    verdict = "yes" if found.displaced else "no"
    face.say(words.text(f"change.displacement.{verdict}"))
    for sentence in moved_sentences(found, words):
        face.say(sentence)
    _show_danger(face, found.danger)
    face.say(words.text("change.displacement.limits"))


def _show_danger(face: Face, danger: Any) -> None:
    """Show the score as it would have been known before and at the end."""
    words = face.words
    if danger is None:
        face.say(words.text("change.danger.none"))
        return
    columns = {
        "change.column.where": "left",
        "change.danger.before": "right",
        "change.danger.after": "right",
        "change.danger.change": "right",
        "change.column.interval95": "right",
        "change.column.beside_controls": "right",
        "change.danger.interval": "right",
    }
    inner, rows = 0.0, []
    for row in rows_of(danger):
        place = words.text(
            _PLACE[row["part"]],
            low=words.number(inner),
            high=words.number(row["outer_km"]),
        )
        inner = row["outer_km"]
        values = [
            words.number(row[name], significant=2)
            for name in ("before", "after", "change")
        ]
        ends = [
            words.text(
                "number.span",
                low=words.number(row[low], **how),
                high=words.number(row[high], **how),
            )
            for low, high, how in _ENDS
        ]
        controls = row["part"] == "controls"
        ratio = "\N{EN DASH}" if controls else words.number(row["ratio"], digits=2)
        last = "\N{EN DASH}" if controls else ends[1]
        rows.append((place, *values, ends[0], ratio, last))
    draw(face, words.text("change.danger.title"), columns, rows)
    face.say(words.text("change.danger.limits"))


_PLACE = {
    "area": "change.inside",
    "ring": "change.ring",
    "controls": "change.danger.controls",
}
_ENDS: tuple[tuple[str, str, dict[str, int]], ...] = (
    ("change_low", "change_high", {"significant": 2}),
    ("low", "high", {"digits": 2}),
)
_TOLD = {-1: "fell", 0: "none", 1: "rose"}


def moved_sentences(found: Any, words: Any) -> list[str]:
    """Say how the middle of the records, and the hazard of their ground, changed."""
    shift, hazard = found.shift, found.hazard
    said = [
        words.text(
            "change.displacement.shift" if shift.p <= LEVEL else "change.shift.none",
            wind=words.text(f"places.wind.{found.wind}"),
            size=words.number(shift.size, digits=1),
            low=words.number(shift.low, digits=1),
            high=words.number(shift.high, digits=1),
            turn=words.number(shift.turn_deg, digits=0),
            p=words.number(shift.p, digits=3),
        )
    ]
    if hazard is None:
        return [*said, words.text("change.hazard.unknown")]
    rose = float(hazard.change[0]) > 0
    ends = (hazard.low, hazard.high) if rose else (-hazard.high, -hazard.low)
    way = "none" if hazard.p > LEVEL else "rose" if rose else "fell"
    said.append(
        words.text(
            f"change.hazard.{way}",
            change=words.number(float(hazard.change[0]), significant=2),
            low=words.number(ends[0], significant=2),
            high=words.number(ends[1], significant=2),
            p=words.number(hazard.p, digits=3),
        )
    )
    return said


# p-value up to which a change is told
LEVEL = 0.05
