"""The commands that show incidents whole, and those that have no point."""

from typing import Any

import typer

from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    face_of,
)
from riskmap.cli._incidents import EventArgument, show_entries, show_versions
from riskmap.cli._tables import day_of, draw, rows_of

INDENT = "  "


def areas(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the incidents that are known only to a county or municipio."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    table = pipeline.read_incident_areas(face.opened())
    if face.as_json:
        face.show_json({"areas": rows_of(table)})
        return
    if table.empty:
        face.say(face.words.text("cli.incidents.no_areas"))
        return
    rows = [
        (
            row["area_label"] or row["area"],
            row["area"],
            face.named("kind", row["kind"]),
            str(row["year"]),
            face.words.number(row["events"]),
        )
        for row in rows_of(table)
    ]
    columns = {f"ui.quality.{name}": "left" for name in ("area", "code", "kind")}
    columns |= {f"ui.quality.{name}": "right" for name in ("year", "events")}
    draw(face, face.words.text("cli.incidents.areas"), columns, rows)
    face.note(face.words.text("ui.quality.areas_note"))


def show(
    ctx: typer.Context,
    *,
    event_id: EventArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show all that is known of an incident."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    view = pipeline.view_incident(face.opened(), event_id)
    records = [_facts(row) for row in rows_of(view.records.reset_index())]
    if face.as_json:
        told = {"id": event_id, "record": _facts(view.record), "records": records}
        told |= {"area_name": view.area_name, "versions": view.versions}
        face.show_json(told | {"follow_up": rows_of(view.follow_up)})
        return
    _show_record(face, view)
    _show_sources(face, records)
    show_versions(face, event_id, view.versions)
    title = face.words.text("cli.incidents.follow_up", id=event_id)
    show_entries(face, title, view.follow_up)


def _facts(record: dict[str, Any]) -> dict[str, Any]:
    """Write a record for a program: degrees in place of its geometry.

    A record known only to its area has no point: null in place of degrees.
    """
    point = record["geometry"]
    kept = {
        name: None if _missing(value) else value
        for name, value in record.items()
        if name != "geometry"
    }
    placed = not kept["area"]
    x, y = (point.x, point.y) if placed else (None, None)
    return kept | {"lon": x, "lat": y}


def _missing(value: Any) -> bool:
    """Tell whether a value of a table is none."""
    none = ("nan", "NaT", "<NA>")
    return value is None or (not isinstance(value, str) and str(value) in none)


def _code(face: Face, family: str, code: Any) -> str:
    """Say a code in words, and that there is none."""
    if _missing(code) or code == "":
        return face.words.text("cli.incidents.unsaid")
    return face.named(family, str(code))


def _own(common: str, own: Any) -> str:
    """Put the source's own word beside the common one."""
    return f"{common} («{own}»)" if isinstance(own, str) and own else common


def _show_record(face: Face, view: Any) -> None:
    """Say what the newest version of a record says."""
    row, words = _facts(view.record), face.words
    say = words.text
    unsaid = say("cli.incidents.unsaid")
    face.say(say("cli.incidents.show", id=row["event_id"]))
    state = {"status": _code(face, "status", row["status"])}
    confirmed = _code(face, "confirmation", row["confirmation"])
    face.say(INDENT + say("cli.incidents.show_state", confirmation=confirmed, **state))
    day = words.date(day_of(row["occurred_on"]), precision=row["time_precision"])
    face.say(INDENT + say("cli.incidents.show_when", day=day))
    if view.area_name:
        face.say(INDENT + say("cli.incidents.show_area", area=view.area_name))
    else:
        place = {name: words.number(row[name], digits=4) for name in ("lat", "lon")}
        place["accuracy"] = words.number(row["accuracy_m"])
        place["basis"] = _code(face, "place_basis", row["accuracy_basis"])
        face.say(INDENT + say("cli.incidents.show_where", **place))
    if row["us_probability"] is not None:
        share = words.percent(row["us_probability"])
        face.say(INDENT + say("cli.incidents.show_side", share=share))
    kind = _own(face.named("kind", row["kind"]), row["said_kind"])
    face.say(INDENT + say("cli.incidents.show_kind", kind=kind))
    if row["cause"]:
        cause = _own(face.named("cause", row["cause"]), row["said_cause"])
        face.say(INDENT + say("cli.incidents.show_cause", cause=cause))
    counts = {name: words.number(row[name]) for name in ("dead", "missing")}
    face.say(INDENT + say("cli.incidents.show_counts", **counts))
    terms = {name: row[name] or unsaid for name in ("marking", "licence")}
    face.say(INDENT + say("cli.incidents.show_terms", **terms))


def _show_sources(face: Face, records: list[dict[str, Any]]) -> None:
    """Lay the source records of an incident side by side."""
    words = face.words
    rows = [
        (
            row["event_id"],
            face.named("ui.source", row["source"]),
            words.date(day_of(row["occurred_on"]), precision=row["time_precision"]),
            _own(face.named("kind", row["kind"]), row["said_kind"]),
            words.number(row["dead"]),
            words.number(row["missing"]),
            str(row["marking"] or ""),
        )
        for row in records
    ]
    names = ("record", "source", "day", "kind")
    columns = {f"cli.incidents.column.{name}": "left" for name in names}
    columns |= {f"cli.incidents.column.{n}": "right" for n in ("dead", "missing")}
    columns |= {"cli.incidents.column.marking": "left"}
    draw(face, words.text("cli.incidents.show_records"), columns, rows)
