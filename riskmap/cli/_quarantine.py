"""The commands on rows that wait: what is wrong with each, and what may mend it."""

from collections.abc import Mapping
from pathlib import Path
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
    existing,
    face_of,
)
from riskmap.cli._tables import draw, fault_sentence, rows_of, shortened, show_batch
from riskmap.i18n import LANGUAGES, Words

DEFAULT_TOP = 20

CodeOption = Annotated[str | None, typer.Option("--code")]
FileOption = Annotated[str | None, typer.Option("--file")]


def list_(
    ctx: typer.Context,
    *,
    code: CodeOption = None,
    file: FileOption = None,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the faults of the rows that wait."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top")
    faults = _faults(face, code, file)
    if face.as_json:
        facts = [_facts(record) for record in rows_of(faults.head(most or len(faults)))]
        face.show_json({"faults": facts})
        return
    from riskmap import pipeline

    words = face.words
    rows = [
        (
            record["ref"],
            f"{record['file']}, {pipeline.say_where(record, words.text)}",
            fault_sentence(face, record),
        )
        for record in rows_of(faults.head(most or DEFAULT_TOP))
    ]
    columns = {
        "cli.column.row": "left",
        "cli.column.file": "left",
        "cli.column.fault": "left",
    }
    draw(face, words.text("cli.quarantine.title"), columns, rows)
    face.say(words.plural("cli.status.quarantined", int(faults["ref"].nunique())))
    if len(faults) > len(rows):
        face.say(words.text("cli.quarantine.more", shown=len(rows), of=len(faults)))


def show(
    ctx: typer.Context,
    *,
    rows: Annotated[list[str], typer.Argument()],
    file: FileOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show rows that wait: each fault, where it stands, its bytes, what may mend it."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    faults = _faults(face, None, file)
    if not len(faults):
        return _nothing(face, {"faults": []})
    from riskmap import pipeline

    chosen = pipeline.quarantined_rows(faults, tuple(rows))
    if face.as_json:
        face.show_json({"faults": [_facts(record) for record in rows_of(chosen)]})
        return failures.EXIT_OK
    for _, group in chosen.groupby("ref", sort=False):
        _show_row(face, rows_of(group))
    return failures.EXIT_OK


def _nothing(face: Face, document: Mapping[str, Any]) -> int:
    """Say that no such row waits: nothing was found, which is no bad input."""
    if face.as_json:
        face.show_json(document)
    face.note(face.words.plural("cli.status.quarantined", 0))
    return failures.EXIT_FINDING


def _show_row(face: Face, records: list[dict[str, Any]]) -> None:
    """Show one row with all its faults."""
    from riskmap import pipeline

    words, first = face.words, records[0]
    where = {"ref": first["ref"], "file": first["file"], "row": str(first["row"])}
    face.say(words.text("cli.quarantine.row", **where))
    at = pipeline.say_where(first, words.text)
    told = {"at": at, "sha256": first["file_sha256"]}
    face.say("  " + words.text("cli.quarantine.stands", **told))
    for record in records:
        face.say(f"  - {fault_sentence(face, record)}")
        if record["proposed"]:
            mend = {"column": record["column"], "proposed": record["proposed"]}
            face.say("    " + words.text("cli.quarantine.proposed", **mend))
    original = pipeline.original_of(first["original"])
    if not original:
        face.say("  " + words.text("cli.quarantine.no_original"))
    for heading, value in original.items():
        face.say(f"    {heading}: {value}")
    if first["encoding"]:
        # as a program writes bytes, so that none of them reaches the terminal
        said = {"bytes": repr(pipeline.bytes_of(first))[2:-1]}
        told = said | {"encoding": first["encoding"]}
        face.say("  " + words.text("cli.quarantine.bytes", **told))
    face.say("")


def export(
    ctx: typer.Context,
    *,
    out_file: Annotated[str, typer.Option("--out")],
    code: CodeOption = None,
    file: FileOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the rows that wait as a CSV file to be corrected."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    faults = _faults(face, code, file)
    if not len(faults):
        return _nothing(face, {"files": []})
    from riskmap import pipeline

    def say(record: dict[str, Any]) -> str:
        return fault_sentence(face, record)

    path = pipeline.export_quarantine(faults, Path(out_file), say)
    if face.as_json:
        face.show_json({"files": [path]})
        return failures.EXIT_OK
    face.note(face.words.plural("cli.quarantine.exported", faults["ref"].nunique()))
    if faults["file_sha256"].nunique() > 1:
        face.note(face.words.text("cli.quarantine.several_files"))
    face.say(str(path))
    return failures.EXIT_OK


def resubmit(
    ctx: typer.Context,
    *,
    corrected_file: Annotated[str, typer.Argument()],
    profile: Annotated[str | None, typer.Option("--profile")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take corrected rows: those they answer leave the quarantine."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    path = existing(corrected_file)
    from riskmap import pipeline

    opened = face.opened()
    report, taken = pipeline.resubmit_incidents(opened, path, profile)
    if face.as_json:
        face.show_json({"batches": [report], "taken": taken})
        return
    faults = pipeline.latest_faults(opened, "incidents") if report.faults else None
    show_batch(face, report, faults)
    face.note(face.words.plural("cli.quarantine.taken", taken))


def _faults(face: Face, code: str | None, file: str | None) -> Any:
    """Read what waits, after the code that it is filtered by is known to be one."""
    from riskmap import pipeline

    if code is not None:
        check_name("fault", code, pipeline.FAULT_CODES)
    opened = face.opened()
    return pipeline.quarantined(opened, code=code or "", file=file or "")


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Write a fault for a program, its sentence in every language."""
    from riskmap import pipeline

    told = {
        f"text_{lang}": Words(lang, strict=False).text(
            f"fault.{record['code']}",
            column=record["column"],
            value=shortened(record["value"]),
        )
        for lang in LANGUAGES
    }
    line = None if record["line"] != record["line"] else int(record["line"])
    facts = {"original": pipeline.original_of(record["original"]), "line": line}
    return dict(record) | facts | told
