"""Results on a terminal: tables for people, rows for programs."""

import datetime
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from riskmap.cli._face import Face, shown

SIGNIFICANT = 2

# a yearly rate under this says no more than that it is small
SMALL_PER_YEAR = 0.001

# a value that stands in a sentence; a row's original text is shown whole
MOST_LETTERS = 60


def show_csv(face: Face, frame: Any) -> None:
    """Print a cell table as CSV, cells in hexadecimal, all digits kept."""
    del face
    cells = [f"{cell:x}" for cell in frame.index.tolist()]
    named = frame.set_axis(cells, axis="index").rename_axis("cell")
    named.to_csv(sys.stdout, lineterminator="\n")


def show_records(face: Face, frame: Any) -> None:
    """Print a table as a list of JSON objects, without its geometry."""
    face.say(json.dumps(_records(frame), ensure_ascii=False, default=str))


def _records(frame: Any) -> list[dict[str, object]]:
    """Turn a table into rows of plain values; what is missing is null."""
    key = frame.index.name
    index = frame.index.tolist()
    columns = {} if key is None else {key: index}
    if key == "cell":
        columns[key] = [f"{cell:x}" for cell in index]
    for name in frame.columns:
        if name != "geometry":
            values = frame[name].astype(object)
            columns[name] = values.where(values.notna(), None).tolist()
    names = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def show_holdings(face: Face, state: Any) -> None:
    """Say how much the project holds, and how much waits in quarantine."""
    words = face.words
    face.say(words.plural("cli.status.incidents", state.incidents))
    face.say(words.plural("cli.status.landmarks", state.landmarks))
    face.say(words.plural("cli.status.quarantined", state.quarantined))


def show_overdue(face: Face, tasks: Any) -> None:
    """Say which follow-up tasks are past their day, if any is."""
    if not tasks:
        return
    words = face.words
    rows = [
        (
            task.event_id,
            face.named("side", task.side),
            words.date(day_of(task.due_on)),
            words.plural("cli.incidents.overdue", task.overdue_days),
            shortened(task.note),
        )
        for task in tasks
    ]
    names = ("incident", "owner", "due", "late", "task")
    columns = {f"overdue.column.{name}": "left" for name in names}
    draw(face, words.plural("overdue.title", len(tasks)), columns, rows)


def show_batch(face: Face, report: Any, faults: Any = None) -> None:
    """Say what became of every row of a file, each fault by its first row."""
    words = face.words
    face.say(words.text("cli.ingest.file", file=str(report.file)))
    if report.repeated:
        face.say("  " + words.text("cli.ingest.repeated"))
        return
    face.say("  " + words.text("cli.ingest.profile", profile=report.profile))
    counts = {
        "accepted": words.plural("cli.ingest.accepted", report.accepted),
        "quarantined": words.plural("cli.ingest.quarantined", report.quarantined),
        "duplicates": words.plural("cli.ingest.duplicates", report.duplicates),
        "rows": words.plural("cli.ingest.rows_in", report.rows_in),
    }
    face.say("  " + words.text("cli.ingest.sum", **counts))
    if report.faults and faults is not None:
        first = {row["code"]: row for row in reversed(rows_of(faults))}
        draw(
            face,
            words.text("cli.ingest.faults"),
            {"cli.column.rows": "right", "cli.column.fault": "left"},
            [
                (words.number(n), fault_sentence(face, first[code], tell_row=True))
                for code, n in sorted(report.faults.items())
                if code in first
            ],
        )
    if report.stripped:
        columns = ", ".join(sorted(report.stripped))
        face.say("  " + words.text("cli.ingest.stripped", columns=columns))


def fault_sentence(
    face: Face, record: Mapping[str, Any], *, tell_row: bool = False
) -> str:
    """Say what is wrong with a row."""
    value = shortened(record["value"])
    code, column = record["code"], record["column"]
    said = face.named("fault", code, column=column, value=value)
    if not tell_row:
        return said
    return face.words.text("cli.ingest.first", fault=said, row=str(record["row"]))


def shortened(text: str) -> str:
    """Cut a value that would drown its sentence."""
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


def show_run(face: Face, report: Any) -> None:
    """Say what was made, what was kept, and what the assessment stands on."""
    words = face.words
    rows = [
        (
            face.named("step", step.name),
            face.named("cli.run.state", step.state),
            words.number(step.rows),
            words.number(step.seconds, digits=1),
        )
        for step in report.steps
    ]
    columns = {
        "cli.column.step": "left",
        "cli.column.state": "left",
        "cli.column.rows": "right",
        "cli.column.seconds": "right",
    }
    draw(face, words.text("cli.run.title"), columns, rows)
    face.say(
        words.text(
            "cli.run.frame",
            as_of=words.date(day_of(report.as_of), width="long"),
            resolution=str(report.resolution),
            half_width_km=report.half_width_km,
        )
    )
    if not report.changed:
        face.say(words.text("cli.run.unchanged"))


def show_scores(face: Face, score: str, frame: Any) -> None:
    """Print a score's first cells with their doubt and what they rest on."""
    words = face.words
    rows = [
        (
            words.number(_missing(row[f"{score}_rank"])),
            f"{cell:x}",
            _rate(face, row[score]),
            _interval(face, row[f"{score}_low"], row[f"{score}_high"]),
            face.named("evidence", row[f"{score}_evidence"]),
        )
        for cell, row in zip(frame.index.tolist(), rows_of(frame), strict=True)
    ]
    columns = {
        "cli.column.rank": "right",
        "cli.column.cell": "left",
        "cli.column.expected": "right",
        "cli.column.interval": "right",
        "cli.column.evidence": "left",
    }
    title = words.text("cli.scores.title", score=face.named("score", score))
    draw(face, title, columns, rows)


def show_zones(face: Face, score: str, frame: Any) -> None:
    """Print ranked zones with real areas and the landmark that names each."""
    words = face.words
    # each side has an order of its own
    frame = frame.sort_values(["side", "rank"])
    rows = [
        (
            str(zone).removeprefix(f"{score}-"),
            words.text(
                "number.span",
                low=words.number(row["from_km"], digits=0),
                high=words.number(row["to_km"], digits=0),
            ),
            words.number(row["area_km2"], digits=0),
            _rate(face, row["expected_per_year"]),
            words.percent(row["share_of_score"]),
            _place(face, row),
        )
        for zone, row in zip(frame.index.tolist(), rows_of(frame), strict=True)
    ]
    columns = {
        "cli.column.zone": "left",
        "cli.column.km": "right",
        "cli.column.area": "right",
        "cli.column.expected": "right",
        "cli.column.share": "right",
        "cli.column.near": "left",
    }
    title = words.text("cli.zones.title", score=face.named("score", score))
    draw(face, title, columns, rows)


def show_layers(face: Face, layers: Sequence[Any]) -> None:
    """List the layers: name, unit, purpose and source."""
    from riskmap.features.layer import UNITS

    if face.as_json:
        facts = [
            {
                "name": layer.column.name,
                "unit": layer.column.unit,
                "purpose": layer.purpose,
                "from_incidents": layer.from_incidents,
                "source": layer.source.cite(),
            }
            | {"label": face.named("layer", layer.column.name)}
            for layer in layers
        ]
        face.show_json({"layers": facts})
        return
    rows = [
        (
            face.named("layer", layer.column.name),
            face.named("unit", UNITS.get(layer.column.unit, layer.column.unit)),
            face.named("purpose", layer.purpose),
        )
        for layer in layers
    ]
    columns = {
        "cli.column.layer": "left",
        "cli.column.unit": "left",
        "cli.column.purpose": "left",
    }
    draw(face, face.words.text("cli.layers.title"), columns, rows)


def show_status(face: Face, state: Any) -> None:
    """Say what the project holds, what is out of date, and what nobody watched."""
    words = face.words
    face.say(words.text("cli.status.project", path=str(state.path)))
    face.say(words.text("cli.status.version", version=str(state.version)))
    if state.as_of is None:
        face.say(words.text("cli.status.never_run"))
    else:
        day = words.date(day_of(state.as_of), width="long")
        face.say(words.text("cli.status.as_of", as_of=day))
    show_holdings(face, state)
    show_overdue(face, state.overdue)
    rows = [
        (
            table.name,
            words.number(table.rows),
            face.named("cli.status.state", "current" if table.current else "stale"),
        )
        for table in state.tables
    ]
    columns = {
        "cli.column.table": "left",
        "cli.column.rows": "right",
        "cli.column.state": "left",
    }
    draw(face, words.text("cli.status.tables"), columns, rows)
    if any(not table.current for table in state.tables):
        face.say(words.text("cli.status.remake"))
    spans = [
        (
            row.source,
            face.named("side", row.side),
            words.text("number.span", low=row.from_km, high=row.to_km),
            _span(face, row.from_on, row.to_on),
        )
        for row in state.coverage
    ]
    columns = {
        "cli.column.source": "left",
        "cli.column.side": "left",
        "cli.column.km": "left",
        "cli.column.days": "left",
    }
    draw(face, words.text("cli.status.coverage"), columns, spans)
    face.say(words.text("cli.status.caveat"))


def show_findings(face: Face, findings: Sequence[Any]) -> None:
    """Name what is not as it was stored, or say that all is."""
    words = face.words
    if not findings:
        face.say(words.text("cli.verify.whole"))
        return
    rows = [(f.table, face.named("finding", f.code), str(f.detail)) for f in findings]
    columns = {
        "cli.column.table": "left",
        "cli.column.finding": "left",
        "cli.column.detail": "left",
    }
    title = words.plural("cli.verify.findings", len(findings))
    draw(face, title, columns, rows)


def draw(
    face: Face,
    title: str,
    columns: Mapping[str, Any],
    rows: Iterable[Sequence[str]],
) -> None:
    """Draw a table that folds rather than cuts what does not fit."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    held = [tuple(map(shown, row)) for row in rows]
    for place, (key, justify) in enumerate(columns.items()):
        heading = face.words.text(key)
        texts = (heading, *(row[place] for row in held))
        # a number broken over two lines is another number
        whole = justify == "right" and not any(" " in text for text in texts)
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=whole)
    for row in held:
        table.add_row(*row)
    console = Console(markup=False, highlight=False, emoji=False)
    if table.row_count:
        console.print(table)
    else:
        face.say(f"{title}: {face.words.text('cli.table.empty')}")


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """Read a table's rows by name."""
    found: list[dict[str, Any]] = frame.to_dict("records")
    return found


def _rate(face: Face, value: float) -> str:
    """Write how many a year; a trace is said to be one."""
    if 0 < value < SMALL_PER_YEAR:
        least = face.words.number(SMALL_PER_YEAR)
        return face.words.text("number.below", value=least)
    return face.words.number(value, significant=SIGNIFICANT)


def _interval(face: Face, low: float, high: float) -> str:
    """Write how far a rate may be off."""
    if low != low or high != high:  # noqa: PLR0124
        return face.words.text("number.none")
    return face.words.text("number.span", low=_rate(face, low), high=_rate(face, high))


def _span(face: Face, first: str, last: str) -> str:
    """Write first and last day; an open end is said to be open."""
    words = face.words
    ends = [
        words.date(day_of(d)) if d else words.text("number.open") for d in (first, last)
    ]
    return words.text("number.span", low=ends[0], high=ends[1])


def _place(face: Face, row: Mapping[str, Any]) -> str:
    """Name a zone by the landmark nearest to it."""
    name = row[f"landmark_{face.words.lang}"]
    if not isinstance(name, str) or not name:
        return face.words.text("number.none")
    distance = face.words.number(row["landmark_distance_km"], digits=0)
    return face.words.text("cli.zones.near", landmark=name, distance=distance)


def _missing(value: Any) -> Any:
    """Take pandas' missing integer for none."""
    return None if type(value).__name__ == "NAType" else value


def day_of(value: Any) -> datetime.date | None:
    """Read a day that a report may hold as text."""
    return datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else value
