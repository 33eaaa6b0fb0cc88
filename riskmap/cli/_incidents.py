"""The commands on single incidents: versions, follow-up, who reports and how late."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from riskmap.cli import _failures as failures
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    day_asked,
    face_of,
    number_of,
)
from riskmap.cli._tables import draw, fault_sentence, rows_of, show_batch
from riskmap.errors import UsageError

EventArgument = Annotated[str, typer.Argument()]
ReasonOption = Annotated[str, typer.Option("--reason")]
OnOption = Annotated[str | None, typer.Option("--on")]


def correct(
    ctx: typer.Context,
    *,
    event_id: EventArgument,
    changes: Annotated[list[str], typer.Option("--set")],
    reason: ReasonOption,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Correct an incident: a new version, the earlier ones stay."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    return _amend(face, event_id, _changes(changes), reason, withdraw=False)


def withdraw(
    ctx: typer.Context,
    *,
    event_id: EventArgument,
    reason: ReasonOption,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take an incident back: from now on it is in no layer and no score."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    return _amend(face, event_id, {}, reason, withdraw=True)


def _changes(said: list[str]) -> dict[str, str]:
    """Read what is to be set, column=value."""
    changes = {}
    for text in said:
        name, equals, value = text.partition("=")
        if not equals:
            msg = f"A change is written column=value, got {text!r}."
            raise UsageError(
                msg, problem="change", got=text, command="riskmap incidents correct"
            )
        changes[name.strip()] = value.strip()
    return changes


def _amend(
    face: Face,
    event_id: str,
    changes: Mapping[str, str],
    reason: str,
    *,
    withdraw: bool,
) -> int:
    """Record a new version, or say what is wrong with it."""
    from riskmap import pipeline

    opened = face.opened()
    done = pipeline.amend_incident(
        opened, event_id, changes, reason=reason, withdraw=withdraw
    )
    faults = rows_of(done.faults)
    if face.as_json:
        face.show_json({"batch": done.report, "faults": faults})
    elif done.report is None:
        face.note(face.words.text("cli.incidents.refused"))
        for fault in faults:
            face.note(f"  - {fault_sentence(face, fault)}")
    elif done.report.accepted:
        key = "cli.incidents.withdrawn" if withdraw else "cli.incidents.corrected"
        face.say(face.words.text(key, id=event_id))
    else:
        face.say(face.words.text("cli.incidents.unchanged", id=event_id))
    return failures.EXIT_OK if done.report else failures.EXIT_BAD_INPUT


def history(
    ctx: typer.Context,
    *,
    event_id: EventArgument,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every version of an incident and what each changed."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    told = pipeline.incident_history(face.opened(), event_id)
    if face.as_json:
        face.show_json({"id": event_id, "versions": told})
        return
    show_versions(face, event_id, told)


def show_versions(face: Face, event_id: str, versions: list[dict[str, Any]]) -> None:
    """Show every version of an incident, a line each.

    Parameters
    ----------
    face
        Where to.
    event_id
        The incident.
    versions
        As :func:`riskmap.pipeline.incident_history`.
    """
    rows = [
        (
            str(one["known_at"])[:10],
            face.named("status", one["status"]),
            "; ".join(f"{k}: {a} → {b}" for k, (a, b) in one["changed"].items()),
            one["reason"],
            one["file"],
        )
        for one in versions
    ]
    names = ("known_on", "status", "changed", "reason", "file")
    columns = {f"cli.column.{name}": "left" for name in names}
    draw(face, face.words.text("cli.incidents.history", id=event_id), columns, rows)


def accept(
    ctx: typer.Context,
    *,
    rows: Annotated[list[str], typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept what is proposed for rows that wait, and changed rows as corrections."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    reports, taken = pipeline.accept_rows(opened, tuple(rows))
    if face.as_json:
        face.show_json({"batches": reports, "taken": taken})
        return
    for report in reports:
        show_batch(face, report)
    face.note(face.words.plural("cli.quarantine.taken", taken))


def timeliness(
    ctx: typer.Context,
    *,
    limit_days: Annotated[str | None, typer.Option("--limit-days")] = None,
    stale_days: Annotated[str | None, typer.Option("--stale-days")] = None,
    on: OnOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how late each feed is, and which has gone silent."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    table = pipeline.read_timeliness(
        face.opened(),
        limit_days=number_of(limit_days, "--limit-days", float),
        stale_days=number_of(stale_days, "--stale-days", float),
        on=day_asked(on),
    )
    if face.as_json:
        face.show_json({"feeds": rows_of(table)})
        return
    words = face.words
    rows = [
        (
            face.named("ui.source", row["source"]),
            words.number(row["records"]),
            words.text(f"delay_basis.{row['basis']}"),
            words.number(row["median_days"], digits=0),
            words.number(row["p90_days"], digits=0),
            str(row["newest_on"])[:10],
            "; ".join(feed_states(face.words.text, row)),
        )
        for row in rows_of(table)
    ]
    columns = {
        "cli.column.source": "left",
        "cli.column.records": "right",
        "cli.column.delay_basis": "left",
        "cli.column.median_days": "right",
        "cli.column.p90_days": "right",
        "cli.column.newest_on": "left",
        "cli.column.state": "left",
    }
    draw(face, words.text("cli.incidents.timeliness"), columns, rows)


def feed_states(say: Any, row: Mapping[str, Any]) -> list[str]:
    """Say whether a feed is late or stale; without a limit it is not called timely."""
    agreed = row["limit_days"] == row["limit_days"]
    delay = "late" if row["late"] else "timely" if agreed else "no_limit"
    codes = [delay, "stale"] if row["stale"] else [delay]
    return [say(f"feed_state.{code}") for code in codes]


def completeness(
    ctx: typer.Context,
    *,
    month: Annotated[str | None, typer.Option("--month")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show by county and municipio where sources report, and where nobody looks."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    table = pipeline.read_completeness(face.opened(), month=month)
    if face.as_json:
        face.show_json({"districts": rows_of(table)})
        return
    short = pipeline.summarise_completeness(table)
    words = face.words
    numbers = ("reporting", "not_reporting", "unknown", "records")
    rows = [
        (
            words.text(f"purpose.{row['purpose']}"),
            words.text(f"side.{row['side']}"),
            str(row["name"]),
            *(words.number(int(row[name])) for name in numbers),
            str(row["last_month"]),
        )
        for row in rows_of(short)
    ]
    columns = {f"cli.column.{name}": "left" for name in ("purpose", "side", "name")}
    columns |= {f"cli.column.{name}": "right" for name in numbers}
    columns |= {"cli.column.last_month": "left"}
    draw(face, words.text("cli.incidents.completeness"), columns, rows)
    face.note(words.text("cli.incidents.completeness_note"))


def follow_up(
    ctx: typer.Context,
    *,
    event_id: EventArgument,
    investigation: Annotated[str | None, typer.Option("--investigation")] = None,
    outcome: Annotated[str | None, typer.Option("--outcome")] = None,
    evidence: Annotated[str | None, typer.Option("--evidence")] = None,
    task: Annotated[str | None, typer.Option("--task")] = None,
    owner: Annotated[str | None, typer.Option("--owner")] = None,
    due_on: Annotated[str | None, typer.Option("--due")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Enter how an investigation stands, and show the history of it."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    if (evidence or task) and not owner:
        msg = "`--evidence` and `--task` need `--owner`: which side."
        raise UsageError(
            msg, problem="owner", got="owner", command="riskmap incidents follow-up"
        )
    from riskmap import pipeline

    opened = face.opened()
    side = owner or ""
    if investigation is not None:
        pipeline.set_investigation(
            opened, event_id, investigation, outcome=outcome or ""
        )
    if evidence is not None:
        pipeline.note_evidence(opened, event_id, evidence, held_by=side)
    if task is not None:
        pipeline.add_task(opened, event_id, task, owner=side, due_on=due_on or "")
    table = pipeline.follow_up_of(opened, event_id)
    if face.as_json:
        face.show_json({"id": event_id, "entries": rows_of(table)})
        return
    title = face.words.text("cli.incidents.follow_up", id=event_id)
    show_entries(face, title, table)


def tasks(
    ctx: typer.Context,
    *,
    overdue: Annotated[bool, typer.Option("--overdue")] = False,
    owner: Annotated[str | None, typer.Option("--owner")] = None,
    done: Annotated[str | None, typer.Option("--done")] = None,
    on: OnOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the tasks that are open; close one."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    if owner is not None:
        check_name("landmark_side", owner, pipeline.OWNERS)
    opened = face.opened()
    if done is not None:
        pipeline.close_task(opened, done)
    table = pipeline.list_tasks(
        opened, overdue=overdue, owner=owner or "", on=day_asked(on)
    )
    if face.as_json:
        face.show_json({"tasks": rows_of(table)})
        return
    show_entries(face, face.words.text("cli.incidents.tasks"), table)


def show_entries(face: Face, title: str, table: Any) -> None:
    """Show entries of follow-up, a line each.

    Parameters
    ----------
    face
        Where to.
    title
        Above them.
    table
        :data:`riskmap.pipeline.follow_up.FOLLOW_UP_TABLE`.
    """
    words = face.words
    rows = []
    for row in rows_of(table):
        late = int(row.get("overdue_days", 0))
        state = [words.text(f"follow_up_state.{row['state']}")] if row["state"] else []
        state += [words.text(f"outcome.{row['outcome']}")] if row["outcome"] else []
        state += [words.plural("cli.incidents.overdue", late)] if late > 0 else []
        rows.append(
            (
                str(row["known_at"])[:10],
                words.text(f"follow_up.{row['topic']}"),
                str(row["item"]),
                ", ".join(state),
                words.text(f"side.{row['side']}") if row["side"] else "",
                str(row["due_on"]),
                str(row["note"]),
            )
        )
    names = ("known_on", "topic", "task", "state", "owner", "due_on", "note")
    draw(face, title, {f"cli.column.{name}": "left" for name in names}, rows)
