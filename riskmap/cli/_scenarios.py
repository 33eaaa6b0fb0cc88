"""The commands on scenarios: other weights, month or day, and what they change."""

import math
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
    face_of,
    number_of,
)
from riskmap.cli._models import settings_in
from riskmap.errors import OptionError

DEFAULT_TARGET = "migrant_danger"
DEFAULT_TOP = 10
# of a checksum, as many as tell two tables apart
SUM_DIGITS = 16
NONE = "\N{EN DASH}"

ScenarioArgument = Annotated[str, typer.Argument()]
NameArgument = Annotated[str, typer.Argument()]


def create(
    ctx: typer.Context,
    *,
    scenario_name: NameArgument,
    target: Annotated[str | None, typer.Option("--target")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of")] = None,
    weight: Annotated[list[str] | None, typer.Option("--weight")] = None,
    month: Annotated[str | None, typer.Option("--month")] = None,
    settings: Annotated[str | None, typer.Option("--settings")] = None,
    scenario_note: Annotated[str | None, typer.Option("--note")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work a scenario out and save it under a name."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    weights = dict(_weight(text) for text in weight or ())
    given = settings_in(settings)
    asked_month = count_of(month, "--month") or 0
    from riskmap import pipeline

    check_name("score", target or DEFAULT_TARGET, pipeline.SCORES)
    opened = face.opened()
    changes = pipeline.Changes(
        target=target or DEFAULT_TARGET,
        as_of=as_of or "",
        weights=weights,
        settings=given,
        month=asked_month,
    )
    with face.progress() as progress:
        made = pipeline.create_scenario(
            opened,
            scenario_name,
            changes,
            note=scenario_note or "",
            progress=progress,
        )
    _tell(face, opened, made, "scenario.made")


def list_(
    ctx: typer.Context,
    *,
    removed: Annotated[bool, typer.Option("--removed")] = False,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the scenarios, what each changes, and whether it is of now."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    found = pipeline.list_scenarios(opened, removed=removed)
    states = [pipeline.scenario_state(opened, one.changes) for one in found]
    if face.as_json:
        pairs = zip(found, states, strict=True)
        rows = [vars(one) | {"state": state} for one, state in pairs]
        face.show_json({"scenarios": rows})
        return
    words = face.words
    columns: dict[str, Any] = {
        "scenario.column.scenario": "left",
        "scenario.column.name": "left",
        "scenario.column.score": "left",
        "scenario.column.changes": "left",
        "scenario.column.state": "left",
    }
    lines = [
        (
            one.scenario_id,
            one.name,
            face.named("score", one.changes.target),
            "; ".join(pipeline.say_changes(one.changes, words.text)),
            face.named("scenario.state", "removed" if one.removed else state),
        )
        for one, state in zip(found, states, strict=True)
    ]
    if not lines:
        face.say(words.text("scenario.none"))
        return
    tables.draw(face, words.text("scenario.title"), columns, lines)


def show(
    ctx: typer.Context,
    *,
    scenario: ScenarioArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show all that is recorded of a scenario."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    facts = pipeline.scenario_facts(opened, scenario)
    if face.as_json:
        face.show_json(facts)
        return
    words, one = face.words, facts["scenario"]
    face.say(f"{one.scenario_id}: {one.name}")
    day = words.date(tables.day_of(facts["as_of"]))
    score = face.named("score", one.changes.target)
    face.say(words.text("scenario.of", score=score, day=day))
    for said in pipeline.say_changes(one.changes, words.text):
        face.say(f"  {said}")
    purpose = face.named("purpose", facts["purpose"])
    face.say(words.text("scenario.purpose", purpose=purpose))
    if one.note:
        face.say(words.text("scenario.note", note=one.note))
    face.say(face.named("scenario.state", facts["state"]))
    _show_history(face, facts)


def _show_history(face: Face, facts: dict[str, Any]) -> None:
    """Show what was done to a scenario, and its tables with their checksums."""
    words = face.words
    columns: dict[str, Any] = {
        "scenario.column.at": "left",
        "scenario.column.event": "left",
        "scenario.column.name": "left",
        "scenario.column.who": "left",
    }
    rows = [
        (row["at"], face.named("scenario.event", row["event"]), row["name"], row["who"])
        for row in facts["events"]
    ]
    tables.draw(face, words.text("scenario.history"), columns, rows)
    sums: dict[str, Any] = {
        "scenario.column.table": "left",
        "scenario.column.sum": "left",
    }
    lines = [(name, sha256[:SUM_DIGITS]) for name, sha256 in facts["tables"].items()]
    tables.draw(face, words.text("scenario.tables"), sums, lines)


def compare(
    ctx: typer.Context,
    *,
    scenario: ScenarioArgument,
    other_scenario: Annotated[str | None, typer.Argument()] = None,
    what: Annotated[str | None, typer.Option("--what")] = None,
    order: Annotated[str | None, typer.Option("--by")] = None,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the rank changes of a scenario."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top") or DEFAULT_TOP
    from riskmap import pipeline

    by = order or pipeline.ORDERS[0]
    check_name("order", by, pipeline.ORDERS)
    opened = face.opened()
    found = pipeline.compare_scenarios(
        opened, scenario, other_scenario or "", what=what or ""
    )
    if face.as_json:
        _show_json(face, found, found.listed(most, order=by))
        return
    words = face.words
    named = {"what": _named(face, found.what), "after": found.after.name}
    if found.before:
        named["before"] = found.before.name
    key = "scenario.compare.title" if found.before else "scenario.compare.title_base"
    face.say(words.text(key, **named))
    days = [words.date(tables.day_of(day)) for day in found.as_of]
    face.say(words.text("scenario.compare.days", before=days[0], after=days[1]))
    for said in pipeline.say_comparison(found, words.text):
        face.say(said)
    _show_cells(face, found.listed(most, order=by), by)
    if len(found.zones):
        _show_zones(face, found.zones.groupby("side", sort=False).head(most))


def _show_cells(face: Face, cells: Any, order: str) -> None:
    """Show the cells that changed most."""
    words = face.words
    columns: dict[str, Any] = {
        "scenario.column.cell": "left",
        "scenario.column.side": "left",
        "scenario.column.km": "right",
        "scenario.column.rank": "right",
        "scenario.column.before": "right",
        "scenario.column.after": "right",
        "scenario.column.why": "left",
        "scenario.column.doubt": "left",
    }
    rows = [
        (
            f"{cell:x}",
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            _ranks(face, row),
            _figure(face, row, "before"),
            _figure(face, row, "after"),
            _why(face, row),
            face.named("scenario.doubt", row["doubt"]),
        )
        for cell, row in zip(cells.index.tolist(), tables.rows_of(cells), strict=True)
    ]
    title = "scenario.cells.title" if order == "change" else "scenario.cells.rank_title"
    tables.draw(face, words.text(title), columns, rows)


def _show_zones(face: Face, zones: Any) -> None:
    """Show the zones of both maps."""
    words = face.words
    columns: dict[str, Any] = {
        "scenario.column.side": "left",
        "scenario.column.rank": "right",
        "scenario.column.place": "left",
        "scenario.column.before": "right",
        "scenario.column.after": "right",
        "scenario.column.doubt": "left",
    }
    rows = [
        (
            face.named("side", row["side"]),
            _ranks(face, row),
            row[f"landmark_{words.lang}"],
            _figure(face, row, "expected_before"),
            _figure(face, row, "expected_after"),
            face.named("scenario.doubt", row["doubt"]),
        )
        for row in tables.rows_of(zones)
    ]
    tables.draw(face, words.text("scenario.zones.title"), columns, rows)
    face.say(words.text("scenario.zones.note"))


def _ranks(face: Face, row: dict[str, Any]) -> str:
    """Write rank before and after; a dash for none."""
    before, after = (
        NONE if row[f"rank_{side}"] is None else face.words.number(row[f"rank_{side}"])
        for side in ("before", "after")
    )
    return face.words.text("scenario.ranks", before=before, after=after)


def _figure(face: Face, row: dict[str, Any], name: str) -> str:
    """Write a figure with its interval; a dash for none."""
    words = face.words
    if row[name] is None or math.isnan(row[name]):
        return NONE
    ends = (row[f"{name}_low"], row[f"{name}_high"])
    low, high = (words.number(end, significant=2) for end in ends)
    said = words.number(row[name], significant=2)
    if any(end is None or math.isnan(end) for end in ends):
        return said
    return f"{said} ({words.text('number.span', low=low, high=high)})"


def _why(face: Face, row: dict[str, Any]) -> str:
    """Say which part changed most, and by how much."""
    if not row["part"]:
        return NONE
    sign = "+" if row["part_change"] > 0 else ""
    size = face.words.number(row["part_change"], significant=2)
    return f"{face.named('scenario.part', row['part'])}: {sign}{size}"


def _named(face: Face, what: str) -> str:
    """Name a score or a layer."""
    return face.named("score" if face.words.has(f"score.{what}") else "layer", what)


def refresh(
    ctx: typer.Context,
    *,
    scenario: ScenarioArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work a scenario out anew from what is now in the project."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    with face.progress() as progress:
        made = pipeline.refresh_scenario(opened, scenario, progress=progress)
    _tell(face, opened, made, "scenario.refreshed")


def rename(
    ctx: typer.Context,
    *,
    scenario: ScenarioArgument,
    scenario_name: NameArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a scenario another name."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    made = pipeline.rename_scenario(opened, scenario, scenario_name)
    _tell(face, opened, made, "scenario.renamed")


def remove(
    ctx: typer.Context,
    *,
    scenario: ScenarioArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a scenario off the list; nothing of it is erased."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    gone = pipeline.remove_scenario(opened, scenario)
    _tell(face, opened, gone, "scenario.removed")


def _tell(face: Face, opened: Any, one: Any, key: str) -> None:
    """Say what was done to a scenario."""
    if not face.as_json:
        named = {"scenario_id": one.scenario_id, "name": one.name}
        face.say(face.words.text(key, **named))
        return
    from riskmap import pipeline

    state = pipeline.scenario_state(opened, one.changes)
    face.show_json(vars(one) | {"state": state})


def _show_json(face: Face, found: Any, cells: Any) -> None:
    """Print a comparison for a program."""
    listed = [
        {"cell": f"{cell:x}"} | row
        for cell, row in zip(cells.index.tolist(), tables.rows_of(cells), strict=True)
    ]
    plain = {
        name: getattr(found, name)
        for name in ("what", "before", "after", "as_of", "stale", "facts")
    }
    zones = tables.rows_of(found.zones) if len(found.zones) else []
    skill = tables.rows_of(found.skill) if len(found.skill) else []
    face.show_json(plain | {"cells": listed, "zones": zones, "skill": skill})


def _weight(text: str) -> tuple[str, float]:
    """Read one factor, ``near_recent=2``."""
    part, sign, factor = text.partition("=")
    if not sign:
        msg = f"`--weight` is written near_recent=2, got {text!r}."
        raise OptionError(msg, option="--weight", value=text)
    return part.strip(), float(number_of(factor, "--weight", float))
