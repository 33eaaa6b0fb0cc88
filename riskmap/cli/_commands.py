"""The commands: parse, open the project, call one pipeline function, print."""

import functools
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from riskmap.cli import _failures as failures
from riskmap.cli import _serving as serving
from riskmap.cli import _tables as tables
from riskmap.cli._effort import say_effort
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    count_of,
    existing,
    face_of,
    labels,
    number_of,
    said_before,
)
from riskmap.cli._grades import say_grades
from riskmap.cli._skill import show_skill

DEFAULT_TOP = 10
SCORE_FORMATS = ("table", "csv", "json")
INGESTIBLE = ("incidents", "landmarks")

TargetOption = Annotated[str | None, typer.Option("--target")]
TopOption = Annotated[str | None, typer.Option("--top")]
RegionOption = Annotated[str | None, typer.Option("--region")]


def init(
    ctx: typer.Context,
    *,
    empty: Annotated[bool, typer.Option("--empty")] = False,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a project folder."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    made = pipeline.create_project(face.project, empty=empty)
    state = pipeline.status(made)
    if face.as_json:
        face.show_json(state)
        return
    face.say(face.words.text("cli.init.made", path=str(state.path)))
    tables.show_holdings(face, state)
    face.say(face.words.text("cli.init.next"))


def ingest(
    ctx: typer.Context,
    *,
    kind: Annotated[str, typer.Argument()],
    files: Annotated[list[str], typer.Argument()],
    profile: Annotated[str | None, typer.Option("--profile")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files of incidents or landmarks into the project."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    check_name("ingestible", kind, INGESTIBLE)
    from riskmap import pipeline

    take = {
        "incidents": pipeline.ingest_incidents,
        "landmarks": pipeline.ingest_landmarks,
    }[kind]
    opened = face.opened()
    paths = [existing(file) for file in files]
    reports = []
    for path in paths:
        # file by file: what was taken is told before the next one may be refused
        (report,) = take(opened, [path], profile=profile)
        reports.append(report)
        if not face.as_json:
            faults = None
            if report.faults:
                faults = pipeline.latest_faults(opened, kind)
            tables.show_batch(face, report, faults)
    if face.as_json:
        face.show_json({"batches": reports})


def run(
    ctx: typer.Context,
    *,
    as_of: Annotated[str | None, typer.Option("--as-of")] = None,
    known_by: Annotated[str | None, typer.Option("--known-by")] = None,
    resolution: Annotated[str | None, typer.Option("--resolution")] = None,
    half_width_km: Annotated[str | None, typer.Option("--half-width-km")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make every table that is missing or out of date."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    options = {
        "as_of": as_of,
        "known_by": known_by,
        "resolution": number_of(resolution, "--resolution", int),
        "half_width_km": number_of(half_width_km, "--half-width-km", float),
    }
    opened = face.opened()
    with face.progress() as progress:
        report = pipeline.run(opened, **options, progress=progress)
    effort = pipeline.describe_effort(opened)
    if face.as_json:
        thin = pipeline.thin_layers(opened)
        face.show_json({**asdict(report), "effort": effort, "thin_layers": thin})
    else:
        tables.show_run(face, report)
        say_grades(face, report.grades)
        say_effort(face, [row for row in effort if row["cells"]])
        for row in pipeline.thin_layers(opened):
            face.say(
                face.words.text(
                    f"cli.run.layer.{row['state']}",
                    layer=face.named("layer", row["layer"]),
                    share=face.words.percent(row["known"]),
                )
            )


def scores(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    top: TopOption = None,
    format_: Annotated[str | None, typer.Option("--format")] = None,
    region: RegionOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the scores of the cells."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    form = format_ or ("json" if face.as_json else "table")
    check_name("format", form, SCORE_FORMATS)
    most = count_of(top, "--top")
    from riskmap import pipeline

    if target is not None:
        check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    read = pipeline.scores
    if region is not None:
        part = pipeline.open_region(opened, region)
        read = functools.partial(_scores_in, part)
        face.note(face.words.text("cli.regions.only", region=_named(part, face)))
    if form != "table":
        show = tables.show_csv if form == "csv" else tables.show_records
        show(face, read(opened, target=target, top=most))
        return
    skill = pipeline.skill(opened)
    for score in [target] if target else pipeline.SCORES:
        frame = read(opened, target=score, top=most or DEFAULT_TOP)
        tables.show_scores(face, score, frame)
        if len(frame):
            show_skill(face, score, skill)
        else:
            face.say(face.words.text("cli.scores.no_data"))


def _scores_in(part: Any, opened: Any, **options: Any) -> Any:
    """Read the scores of a region."""
    from riskmap import pipeline

    return pipeline.scores_in(opened, part, **options)


def _named(part: Any, face: Face) -> str:
    """Name a region in the person's language."""
    return str(part.name_es if face.words.lang == "es" else part.name_en)


def zones(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    top: TopOption = None,
    region: RegionOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the ranked zones."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top")
    from riskmap import pipeline

    if target is not None:
        check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    found = pipeline.zones(opened, target=target)
    if region is not None:
        part = pipeline.open_region(opened, region)
        found = pipeline.zones_in(opened, part, target=target)
        face.note(face.words.text("cli.regions.only", region=_named(part, face)))
        # the best of a region may rank low on the whole border
        found = found.groupby("score", sort=False).head(most or DEFAULT_TOP)
    elif most is not None:
        found = found[found["rank"] <= most]
    if face.as_json:
        tables.show_records(face, found)
        return
    for score in [target] if target else pipeline.SCORES:
        part = found[found["score"] == score]
        part = part if most or region else part[part["rank"] <= DEFAULT_TOP]
        tables.show_zones(face, score, part)


def layers(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the layers that the scores are learned from."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    tables.show_layers(face, pipeline.layers())


def export(
    ctx: typer.Context,
    *,
    formats: Annotated[list[str], typer.Option("--format")],
    out: Annotated[str, typer.Option("--out")],
    region: RegionOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the results as files for others."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    # all are checked before the first is written: no half an export
    for form in formats:
        check_name("format", form, pipeline.FORMATS)
    opened = face.opened()
    if region is not None:
        pipeline.open_region(opened, region)
    words = labels()
    chosen = tuple(dict.fromkeys(formats))
    # formats share files, such as the dictionary of fields: each is named once
    paths: dict[Path, None] = {}
    with face.progress() as progress:
        for done, form in enumerate(chosen):
            if progress:
                progress(form, done, len(chosen))
            files = pipeline.export(opened, form, Path(out), words, region=region)
            paths |= dict.fromkeys(files)
    told = pipeline.what_leaves(opened)
    if face.as_json:
        facts = {"marking": told.marking, "withheld": told.withheld}
        face.show_json({"files": list(paths), **facts})
        return
    face.note(face.words.plural("cli.export.written", len(paths)))
    face.note(face.words.text("export.marking", marking=told.marking))
    if told.withheld:
        names = ", ".join(f"{name} ({why})" for name, why in told.withheld.items())
        face.note(face.words.text("export.withheld", names=names))
    for path in paths:
        face.say(str(path))


def status(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what the project holds and what is out of date."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    state = pipeline.status(face.opened())
    if face.as_json:
        face.show_json(state)
    else:
        tables.show_status(face, state)


def verify(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check every stored byte; a leftover that harms nothing is no failure."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    # a project with a damaged ledger cannot be opened, but it can be checked
    findings = pipeline.verify(face.project)
    if face.as_json:
        face.show_json({"findings": findings})
    else:
        tables.show_findings(face, findings)
    harmful = any(not finding.harmless for finding in findings)
    return failures.EXIT_FINDING if harmful else failures.EXIT_OK


def app(
    ctx: typer.Context,
    *,
    port: Annotated[str | None, typer.Option("--port")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Open the map in the browser, served from this computer alone."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    chosen = count_of(port, "--port") or serving.DEFAULT_PORT
    serving.check_port(chosen)

    def check() -> None:
        from riskmap import pipeline

        pipeline.open_project(face.project)

    # a folder without a project is refused before a browser opens
    if not any(face.project.glob("*.sqlite")):
        check()
    address = f"http://localhost:{chosen}"
    if face.as_json:
        face.show_json({"address": address})
    else:
        face.note(face.words.text("cli.app.opening", address=address))
    # unless it was asked for here, the browser says which language it wants
    asked = lang or said_before(ctx).get("lang")
    code = serving.serve(chosen, face.project, asked, check)
    if code:
        face.note(face.words.text("cli.app.ended", code=str(code)))
    return failures.EXIT_FAILED if code else failures.EXIT_OK
