"""The commands on what repeats, what emerges and what nobody recorded."""

import functools
from pathlib import Path
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
from riskmap.errors import NoEventsError, OptionError, RiskmapError, TooFewError

ALARMS_SHOWN = 20

ModelOption = Annotated[str | None, typer.Option("--model")]
MostKmOption = Annotated[str | None, typer.Option("--most-km")]
MostDaysOption = Annotated[str | None, typer.Option("--most-days")]
DealsOption = Annotated[str | None, typer.Option("--deals")]


def nearrepeat(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    distances: Annotated[str | None, typer.Option("--distances")] = None,
    days: Annotated[str | None, typer.Option("--days")] = None,
    deals: DealsOption = None,
    plot: Annotated[str | None, typer.Option("--plot")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say for how far and how long one incident foretells others of its kind."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    chosen = {
        "distances_km": _numbers(distances, "--distances", float),
        "days": _numbers(days, "--days", int),
        "deals": count_of(deals, "--deals"),
    }
    chosen = {name: value for name, value in chosen.items() if value is not None}
    from riskmap import pipeline

    opened = face.opened()
    options = pipeline.NearRepeatOptions(**chosen)
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    kinds = pipeline.repeat_kinds(asked)
    reports, last = [], None
    for kind in kinds:
        one = pipeline.Asked(kind=kind, from_on=from_on, to_on=to_on)
        try:
            with face.progress() as progress:
                found = pipeline.near_repeats(opened, one, options, progress=progress)
        except (NoEventsError, TooFewError) as error:
            last = error
            if len(kinds) > 1:
                _say_refused(face, kind, error)
        else:
            reports.append(found)
    if last is not None and not reports:
        raise last
    for found in reports:
        if plot is not None:
            _save_plot(face, found, plot, alone=len(reports) == 1)
        _show_repeats(face, found)


def _say_refused(face: Face, kind: str, error: RiskmapError) -> None:
    """Say why nothing can be said of one kind; the others go on."""
    name, reason = face.named("kind", kind), face.words.error(error)
    face.note(face.words.text("change.refused", kind=name, reason=reason))


def _show_repeats(face: Face, found: Any) -> None:
    """Show one kind's bands and how far its risk is raised."""
    if face.as_json:
        repeats = found.cells[found.cells["state"] == "repeat"]
        show_facts(face, found, bands=found.bands, cells=repeats)
        return
    words = face.words
    say_subject(face, found.facts)
    columns = {
        "change.column.distance": "right",
        "change.column.days": "right",
        "change.column.pairs": "right",
        "change.column.expected": "right",
        "change.column.ratio": "right",
        "change.column.p": "right",
    }
    rows = [
        (
            _span(face, row["from_km"], row["to_km"]),
            _span(face, row["from_days"], row["to_days"]),
            words.number(row["pairs"]),
            words.number(row["expected"], digits=1),
            words.number(row["ratio"], digits=2),
            words.number(row["p"], digits=3),
        )
        for row in rows_of(found.bands)
    ]
    draw(face, words.text("change.nearrepeat.title"), columns, rows)
    if found.reach_days:
        face.say(
            words.text(
                "change.nearrepeat.raised",
                km=words.number(found.reach_km),
                days=words.number(found.reach_days),
            )
        )
    else:
        face.say(words.text("change.nearrepeat.none"))
    face.say(words.text("change.nearrepeat.limits"))
    say_left_out(face, found.records, coarse=found.coarse, undated=found.undated)


def _save_plot(face: Face, found: Any, plot: str, *, alone: bool) -> None:
    """Save one kind's bands as a picture."""
    from riskmap import pipeline

    path, name = Path(plot), found.facts["subject"]
    if not alone:
        path = path.with_name(f"{path.stem}-{name}{path.suffix}")
    title = face.words.text("change.plot.title", kind=face.named("kind", name))
    text = pipeline.draw_bands(found.bands, title=title, label=face.words.text)
    pipeline.write_text(path, text)
    face.note(face.words.text("change.plot.saved", path=str(path)))


def scan(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    model: ModelOption = None,
    most_km: MostKmOption = None,
    most_days: MostDaysOption = None,
    deals: DealsOption = None,
    daily: Annotated[bool, typer.Option("--daily")] = False,
    new: Annotated[bool, typer.Option("--new")] = False,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the likeliest cluster now, or the alarms that a daily watch would raise."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    chosen = {
        "model": model,
        "most_km": number_of(most_km, "--most-km", float),
        "most_days": count_of(most_days, "--most-days"),
        "deals": count_of(deals, "--deals"),
    }
    chosen = {name: value for name, value in chosen.items() if value is not None}
    from riskmap import pipeline

    opened = face.opened()
    options = pipeline.ScanOptions(**chosen)
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    look: Any = pipeline.emerging_clusters
    if daily or new:
        look = functools.partial(pipeline.daily_watch, new_only=new)
    with face.progress() as progress:
        found = look(opened, asked, options, progress=progress)
    if face.as_json:
        if new:
            show_facts(face, found, begun=found.begun)
        elif daily:
            show_facts(face, found, days=found.days)
        else:
            inside = found.cells[found.cells["state"] == "cluster"]
            show_facts(face, found, clusters=found.clusters, cells=inside)
    elif new:
        _show_begun(face, found)
    elif daily:
        _show_alarms(face, found)
    else:
        _show_clusters(face, found)


def _show_clusters(face: Face, found: Any) -> None:
    """Show the likeliest clusters and how often chance makes one like them."""
    words = face.words
    say_subject(face, found.facts)
    columns = {
        "cli.column.rank": "right",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "change.column.radius": "right",
        "change.column.since": "left",
        "change.column.records": "right",
        "change.column.expected": "right",
        "change.column.p": "right",
        "change.column.recurrence": "right",
    }
    rows = [
        (
            words.number(row["rank"]),
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            words.number(row["radius_km"], digits=0),
            words.date(day_of(row["from_on"])),
            words.number(row["events"]),
            words.number(row["expected"], significant=2),
            words.number(row["p"], digits=3),
            words.plural("change.days", round(row["recurrence_days"])),
        )
        for row in rows_of(found.clusters)
    ]
    draw(face, words.text("change.scan.title"), columns, rows)
    face.say(words.text("change.scan.meaning"))
    say_left_out(face, found.records, coarse=found.coarse, undated=found.undated)
    if found.elsewhere:
        face.say(words.plural("change.elsewhere", found.elsewhere))


def _show_alarms(face: Face, found: Any) -> None:
    """Show the days with an alarm, each with what raised it."""
    words = face.words
    say_subject(face, found.facts)
    columns = {
        "change.column.day": "left",
        "cli.column.cell": "left",
        "change.column.radius": "right",
        "change.column.days": "right",
        "change.column.records": "right",
        "change.column.expected": "right",
    }
    alarms = found.days[found.days["alarm"]]
    rows = [
        (
            words.date(day_of(row["on"])),
            f"{row['cell']:x}",
            words.number(row["radius_km"], digits=0),
            words.number(row["days"]),
            words.number(row["events"]),
            words.number(row["expected"], significant=2),
        )
        for row in rows_of(alarms.tail(ALARMS_SHOWN))
    ]
    draw(face, words.text("change.watch.title"), columns, rows)
    total = words.plural("change.days", len(found.days))
    face.say(words.plural("change.watch.alarms", found.alarms, total=total))
    every = words.number(found.alarm_every_days, digits=0)
    face.say(words.text("change.watch.rate", days=every))


def _show_begun(face: Face, found: Any) -> None:
    """Show the alarms that began, so that what was told before is not told again."""
    words = face.words
    say_subject(face, found.facts)
    since = words.date(day_of(found.facts["from_on"]))
    if found.begun.empty:
        face.say(words.text("change.watch.nothing_new", day=since))
    else:
        columns = {
            "change.column.day": "left",
            "cli.column.cell": "left",
            "cli.column.side": "left",
            "cli.column.km": "right",
            "change.column.radius": "right",
            "change.column.days": "right",
            "change.column.records": "right",
            "change.column.expected": "right",
        }
        rows = [
            (
                words.date(day_of(row["on"])),
                f"{row['cell']:x}",
                face.named("side", row["side"]),
                words.number(row["km"], digits=0),
                words.number(row["radius_km"], digits=0),
                words.number(row["days"]),
                words.number(row["events"]),
                words.number(row["expected"], significant=2),
            )
            for row in rows_of(found.begun)
        ]
        draw(face, words.text("change.watch.new", day=since), columns, rows)
    before = found.going_on - sum(found.begun["on"] == found.facts["to_on"])
    if before:
        face.say(words.plural("change.watch.going_on", before))


def undercount(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    inc_kind: KindOption = None,
    from_on: FromOption = None,
    to_on: ToOption = None,
    sources: Annotated[list[str] | None, typer.Option("--source")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Estimate how many events none of two or three sources recorded."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    asked = pipeline.Asked(target=target, kind=inc_kind, from_on=from_on, to_on=to_on)
    with face.progress() as progress:
        found = pipeline.missed_events(
            opened, asked, sources=tuple(sources or ()), progress=progress
        )
    if face.as_json:
        show_facts(face, found, models=found.models)
        return
    words = face.words
    say_subject(face, found.facts)
    rows = [
        (_seen_by(code, found.sources), words.number(n))
        for code, n in found.patterns.items()
    ]
    columns = {"change.column.seen_by": "left", "change.column.records": "right"}
    draw(face, words.text("change.undercount.patterns"), columns, rows)
    columns = {
        "change.column.model": "left",
        "change.column.estimate": "right",
        "cli.column.interval": "right",
        "change.column.weight": "right",
    }
    models = [
        (
            face.named("change.model", row["model"]),
            words.number(row["estimate"], digits=0),
            _span(face, round(row["low"]), round(row["high"])),
            words.percent(row["weight"]),
        )
        for row in rows_of(found.models)
    ]
    draw(face, words.text("change.undercount.models"), columns, models)
    face.say(
        words.text(
            "change.undercount.estimate",
            recorded=words.number(found.recorded),
            estimate=words.number(found.estimate, digits=0),
            low=words.number(found.low, digits=0),
            high=words.number(found.high, digits=0),
        )
    )
    if found.copied:
        face.say(words.text("change.undercount.copied"))
    face.say(words.text(f"change.undercount.assumes.{len(found.sources)}"))


def _seen_by(code: str, sources: tuple[str, ...]) -> str:
    """Name the sources of a pattern."""
    return " + ".join(s for s, bit in zip(sources, code, strict=True) if bit == "1")


def _numbers(text: str | None, option: str, kind: Any) -> Any:
    """Read numbers with commas between them."""
    if text is None:
        return None
    try:
        return tuple(kind(part) for part in text.split(","))
    except ValueError:
        msg = f"`{option}` must be numbers with commas between, got {text!r}."
        raise OptionError(msg, option=option, value=text) from None


def _span(face: Face, low: float, high: float) -> str:
    """Write a stretch of numbers."""
    ends = (face.words.number(end) for end in (low, high))
    return face.words.text("number.span", low=next(ends), high=next(ends))
