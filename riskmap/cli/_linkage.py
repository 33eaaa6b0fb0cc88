"""The commands on linkage: which records are one event, why, and who decided so."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from riskmap.cli import _failures as failures
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    count_of,
    face_of,
)
from riskmap.cli._tables import day_of, draw, rows_of

DEFAULT_TOP = 20

ID_DIGITS = 8

RefsArgument = Annotated[list[str], typer.Argument()]
ReasonOption = Annotated[str | None, typer.Option("--reason")]

HARM = ("dead", "missing")

FIELDS = ("place", "time", "kind", "cause", "counts")


def propose(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Link the records that there are, without the rest of a run."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    _tell(face, pipeline.link_incidents(face.opened()))


def list_(
    ctx: typer.Context,
    *,
    link_state: Annotated[str | None, typer.Option("--state")] = None,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the links, those that wait for a person first."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top")
    from riskmap import pipeline

    if link_state is not None:
        check_name("link_state", link_state, pipeline.LINK_STATES)
    opened = face.opened()
    links = pipeline.list_links(opened, state=link_state or "")
    if face.as_json:
        shown = links.head(most or len(links))
        face.show_json({"links": rows_of(shown.reset_index())})
        return
    words = face.words
    rows = [
        (
            row["link_id"][:ID_DIGITS],
            face.named("link_state", row["state"]),
            _percent(face, row["probability"]),
            row["one"],
            row["other"],
            _apart(face, row),
        )
        for row in rows_of(links.head(most or DEFAULT_TOP).reset_index())
    ]
    columns = {
        "cli.column.link": "left",
        "cli.column.state": "left",
        "cli.column.probability": "right",
        "cli.column.one_record": "left",
        "cli.column.other_record": "left",
        "cli.column.separation": "left",
    }
    draw(face, words.text("cli.linkage.title"), columns, rows)
    if len(links) > len(rows):
        face.say(words.text("cli.linkage.more", shown=len(rows), of=len(links)))


def show(
    ctx: typer.Context,
    *,
    link_refs: RefsArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a link's reasons, or the records of an incident side by side."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    for ref in link_refs:
        if pipeline.is_record(opened, ref):
            _show_incident(face, pipeline.incident_records(opened, ref))
        else:
            _show_link(face, opened, ref)


def accept(
    ctx: typer.Context,
    *,
    link_refs: RefsArgument,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Link two records: they become one incident."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    return _decide(face, link_refs, "accept", reason)


def reject(
    ctx: typer.Context,
    *,
    link_refs: RefsArgument,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Keep two records apart, whatever their weight."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    return _decide(face, link_refs, "reject", reason)


def undo(
    ctx: typer.Context,
    *,
    link_refs: RefsArgument,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take back a decision: the weight says again what the two are."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    return _decide(face, link_refs, "undo", reason)


def _decide(face: Face, refs: Sequence[str], decision: str, reason: str | None) -> int:
    """Note a decision on two records, named by their link or each by itself."""
    from riskmap import pipeline

    opened = face.opened()
    pair = pipeline.pair_of(opened, tuple(refs))
    noted = pipeline.decide_link(opened, pair, decision, reason=reason or "")
    if not face.as_json:
        key = decision if noted else "held_already"
        face.say(face.words.text(f"cli.linkage.{key}", one=pair[0], other=pair[1]))
    _tell(face, pipeline.link_incidents(opened))
    return failures.EXIT_OK


def _tell(face: Face, report: Any) -> None:
    """Say how many incidents the records come to, and how many links wait."""
    words = face.words
    if face.as_json:
        face.show_json(report)
        return
    numbers = {"records": report.records, "incidents": report.incidents}
    face.say(words.text("cli.linkage.sum", **numbers))
    for state, count in report.states.items():
        if count:
            face.say(f"  {face.named('link_state', state)}: {words.number(count)}")


def _show_link(face: Face, project: Any, ref: str) -> None:
    """Show what two records say, and what each field of it weighs."""
    from riskmap import pipeline

    link = pipeline.find_link(project, ref)
    records = rows_of(pipeline.linked_records(project, link).reset_index())
    history = rows_of(pipeline.link_history(project, link.name))
    if face.as_json:
        document = {"link_id": link.name, **link.to_dict()}
        told = [_facts(record) for record in records]
        face.show_json({"link": document, "records": told, "decisions": history})
        return
    words = face.words
    state = face.named("link_state", link["state"])
    title = {"link": link.name, "state": state}
    face.say(words.text("cli.linkage.link", **title))
    columns = {
        "cli.column.field": "left",
        "cli.column.one_record": "left",
        "cli.column.other_record": "left",
        "cli.column.agreement": "left",
        "cli.column.bits": "right",
    }
    said = [_said(face, record) for record in records]
    rows = [("record", *(text["record"] for text in said), "", "")]
    if not math.isnan(link["total_bits"]):
        rows = [*rows, *_weights(face, link, said, pipeline.LINK_PARTS)]
    named = [(face.named("link_part", row[0]), *row[1:]) for row in rows]
    draw(face, words.text("cli.linkage.reasons"), columns, named)
    share = _percent(face, link["probability"])
    face.say(words.text("cli.linkage.probability", percent=share))
    for entry in history:
        decision = face.named("link_decision", entry["decision"])
        decided = {"at": entry["known_at"], "reason": entry["reason"]}
        face.say(words.text("cli.linkage.decided", decision=decision, **decided))


def _weights(
    face: Face, link: Any, said: Sequence[Mapping[str, str]], parts: Sequence[str]
) -> list[tuple[str, ...]]:
    """Write a line for each part of a weight."""
    rows = []
    for part in (*parts, "total"):
        level = link.get(f"{part}_level", "")
        rows.append(
            (
                part,
                *(text.get(part, "") for text in said),
                face.named("level", level) if level else "",
                _bits(face, link[f"{part}_bits"]),
            )
        )
    return rows


def _bits(face: Face, bits: float) -> str:
    """Write a weight; what rounds to nothing has no sign."""
    return face.words.number(round(bits, 1) + 0.0, digits=1)


def _show_incident(face: Face, records: Any) -> None:
    """Show each record of an incident as its source gave it."""
    rows = rows_of(records.reset_index())
    if face.as_json:
        face.show_json({"records": [_facts(row) for row in rows]})
        return
    title = {"incident": rows[0]["incident_id"]}
    face.say(face.words.text("cli.linkage.incident", **title))
    for row in rows:
        key = "cli.linkage.shown" if row["shown"] else "cli.linkage.record"
        named = {"record": row["event_id"], "source": row["source"]}
        face.say("  " + face.words.text(key, **named))
        said = _said(face, row)
        for part in FIELDS:
            if said[part]:
                face.say(f"    {face.named('link_part', part)}: {said[part]}")


def _said(face: Face, record: Mapping[str, Any]) -> dict[str, str]:
    """Write what a record says in each field that is compared."""
    words, point = face.words, record["geometry"]
    lat, lon = (words.number(n, digits=4) for n in (point.y, point.x))
    place = {"lat": lat, "lon": lon, "accuracy": words.number(record["accuracy_m"])}
    day = words.date(day_of(record["occurred_on"]), precision=record["time_precision"])
    cause = record["cause"]
    counts = {name: words.number(record[name]) for name in HARM}
    return {
        "record": record["event_id"],
        "source": record["source"],
        "place": words.text("cli.linkage.place", **place),
        "time": day,
        "kind": _with_own(face.named("kind", record["kind"]), record.get("said_kind")),
        "cause": _with_own(
            face.named("cause", cause) if cause else "", record.get("said_cause")
        ),
        "counts": words.text("cli.linkage.counts", **counts),
    }


def _with_own(text: str, own: Any) -> str:
    """Add the source's own word to the one of the common list."""
    return f"{text} («{own}»)" if own and own != text else text


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Write a record for a program."""
    point = record["geometry"]
    kept = {name: value for name, value in record.items() if name != "geometry"}
    return kept | {"lon": point.x, "lat": point.y}


def _percent(face: Face, share: float) -> str:
    """Write a probability so that what is not certain is not shown as 100 %."""
    if share is None or math.isnan(share):
        return face.words.text("cli.linkage.by_hand")
    return face.words.percent(math.floor(share * 1000) / 1000, digits=1)


def _apart(face: Face, row: Mapping[str, Any]) -> str:
    """Say how far apart two records are."""
    if row["apart_m"] is None or math.isnan(row["apart_m"]):
        return ""
    words = face.words
    apart = {"metres": words.number(row["apart_m"]), "days": int(row["apart_days"])}
    return words.text("cli.linkage.apart", **apart)
