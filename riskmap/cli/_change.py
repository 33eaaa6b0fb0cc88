"""The commands on change: hot spots, trends, near repeats, scan, under-counting."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

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

DEFAULT_TOP = 10

TargetOption = Annotated[str | None, typer.Option("--target")]
KindOption = Annotated[str | None, typer.Option("--kind")]
FromOption = Annotated[str | None, typer.Option("--from")]
ToOption = Annotated[str | None, typer.Option("--to")]
TopOption = Annotated[str | None, typer.Option("--top")]
RingsOption = Annotated[str | None, typer.Option("--rings")]
RateOption = Annotated[str | None, typer.Option("--rate")]
NullOption = Annotated[str | None, typer.Option("--null")]


def hotspots(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    rings: RingsOption = None,
    rate: RateOption = None,
    null: NullOption = None,
    top: TopOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where records crowd more than chance would have them."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    chosen = _hotspot_options(rings, rate, null)
    most = count_of(top, "--top") or DEFAULT_TOP
    from riskmap import pipeline

    opened = face.opened()
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    with face.progress() as progress:
        options = pipeline.HotspotOptions(**chosen)
        report = pipeline.hot_cells(opened, asked, options, progress=progress)
    if face.as_json:
        flagged = report.cells[report.cells["state"].isin(["hot", "cold"])]
        show_facts(face, report, areas=report.areas, cells=flagged)
        return
    words = face.words
    say_subject(face, report.facts)
    columns = {
        "cli.column.side": "left",
        "cli.column.km": "right",
        "change.column.cells": "right",
        "cli.column.area": "right",
        "change.column.records": "right",
        "change.column.gi_star": "right",
        "cli.column.cell": "left",
    }
    rows = [
        (
            face.named("side", row["side"]),
            _km(face, row),
            words.number(row["cells"]),
            words.number(row["area_km2"], digits=0),
            words.number(row["events"]),
            words.number(row["gi_star"], digits=1),
            f"{row['cell']:x}",
        )
        for row in rows_of(report.areas.head(most))
    ]
    draw(face, words.text("change.hotspots.title"), columns, rows)
    _say_counts(face, "change.state", report.counts)
    face.say(words.text(f"change.null.{options.null}"))
    face.say(words.text("change.hotspots.rate", rate=words.percent(report.rate)))
    say_left_out(face, report.records, coarse=report.coarse)


def trends(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    period: Annotated[str | None, typer.Option("--period")] = None,
    rings: RingsOption = None,
    rate: RateOption = None,
    null: NullOption = None,
    top: TopOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what became of each cell's heat, and when records fall."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    chosen = _hotspot_options(rings, rate, null)
    most = count_of(top, "--top") or DEFAULT_TOP
    from riskmap import pipeline

    opened = face.opened()
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    with face.progress() as progress:
        report = pipeline.cell_trends(
            opened,
            asked,
            pipeline.HotspotOptions(**chosen),
            period=period or "year",
            progress=progress,
        )
    moved = report.cells[~report.cells["trend"].isin(["none", "no_data"])]
    moved = moved.sort_values(["slope_z", "km"], ascending=[False, True])
    if face.as_json:
        show_facts(face, report, cells=moved, profiles=report.profiles)
        return
    words = face.words
    say_subject(face, report.facts)
    columns = {
        "cli.column.cell": "left",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "change.column.trend": "left",
        "change.column.periods_hot": "right",
        "change.column.slope_z": "right",
    }
    rows = [
        (
            f"{cell:x}",
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            face.named("change.trend", row["trend"]),
            words.text("change.of", n=row["periods_hot"], total=row["periods_watched"]),
            words.number(row["slope_z"], digits=1),
        )
        for cell, row in zip(moved.index.tolist(), rows_of(moved), strict=True)
    ]
    draw(face, words.text("change.trends.title"), columns, rows[:most])
    _say_counts(face, "change.trend", report.counts)
    face.say(words.plural("change.trends.periods", len(report.periods) - 1))
    _show_profiles(face, report.profiles)
    say_left_out(face, report.records, coarse=report.coarse, undated=report.undated)
    _say_found_dates(face, report.facts)


def _show_profiles(face: Face, profiles: Any) -> None:
    """Show how records fall over hours, weekdays and months."""
    words = face.words
    columns = {
        "change.column.slot": "left",
        "change.column.records": "right",
        "cli.column.share": "right",
        "cli.column.interval": "right",
        "change.column.even": "right",
    }
    for name in dict.fromkeys(profiles["profile"]) if len(profiles) else ():
        rows = [
            (
                face.named(f"change.{name}", str(row["slot"])),
                words.number(row["events"]),
                words.percent(row["share"], digits=1),
                words.text(
                    "number.span",
                    low=words.percent(row["low"], digits=1),
                    high=words.percent(row["high"], digits=1),
                ),
                words.percent(row["even"], digits=1),
            )
            for row in rows_of(profiles[profiles["profile"] == name])
        ]
        draw(face, words.text(f"change.profile.{name}"), columns, rows)


def _hotspot_options(
    rings: str | None, rate: str | None, null: str | None
) -> dict[str, Any]:
    """Read the options of hot spots, those given."""
    found = {
        "rings": count_of(rings, "--rings"),
        "rate": number_of(rate, "--rate", float),
        "null": null,
    }
    return {name: value for name, value in found.items() if value is not None}


def show_facts(face: Face, report: Any, **tables: Any) -> None:
    """Print a report for a program: its plain values, then its tables as rows."""
    plain = {
        name: value
        for name, value in vars(report).items()
        if not hasattr(value, "columns")
    }
    for name, table in tables.items():
        rows = table.reset_index() if table.index.name else table
        plain[name] = [
            {key: f"{v:x}" if key == "cell" else v for key, v in row.items()}
            for row in rows_of(rows)
        ]
    face.show_json(plain)


def say_subject(face: Face, facts: Mapping[str, Any]) -> None:
    """Say of what and of which days a result is, and its side of the purpose wall."""
    words, name = face.words, facts["subject"]
    known = f"score.{name}" if words.has(f"score.{name}") else f"kind.{name}"
    face.say(
        words.text(
            "change.subject",
            subject=words.text(known) if words.has(known) else name,
            purpose=face.named("purpose", facts["purpose"]),
            from_on=words.date(day_of(facts["from_on"])),
            to_on=words.date(day_of(facts["to_on"])),
        )
    )


def say_left_out(
    face: Face, records: int, *, coarse: int = 0, undated: int = 0
) -> None:
    """Say how many records were used and how many could not be."""
    words = face.words
    face.say(words.plural("change.records", records))
    if coarse:
        face.say(words.plural("change.coarse", coarse))
    if undated:
        face.say(words.plural("change.undated", undated))


def _say_found_dates(face: Face, facts: Mapping[str, Any]) -> None:
    """Warn that the dead are dated by the day they were found."""
    if facts["purpose"] == "life_saving":
        face.say(face.words.text("change.found_dates"))


def _say_counts(face: Face, family: str, counts: Mapping[str, int]) -> None:
    """Say how many cells are in each class."""
    said: Sequence[str] = [
        f"{face.named(family, code)}: {face.words.number(n)}"
        for code, n in counts.items()
    ]
    face.say(face.words.text("change.cells", counts=" · ".join(said)))


def _km(face: Face, row: Mapping[str, Any]) -> str:
    """Write the first and last kilometre of a stretch."""
    low, high = (face.words.number(row[end], digits=0) for end in ("from_km", "to_km"))
    return face.words.text("number.span", low=low, high=high)
