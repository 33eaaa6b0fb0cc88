"""The register of models: what scores are made with, who approved it, and why."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from riskmap.cli import _tables as tables
from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    existing,
    face_of,
    labels,
)

TargetOption = Annotated[str | None, typer.Option("--target")]
ByOption = Annotated[str | None, typer.Option("--by")]
ReasonOption = Annotated[str | None, typer.Option("--reason")]
ModelArgument = Annotated[str, typer.Argument()]

UNSAID = "?"


def list_(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the models and where each stands."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    if target is not None:
        check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    found = tables.rows_of(pipeline.list_models(opened, target))
    if face.as_json:
        face.show_json({"models": found})
        return
    words = face.words
    rows = [
        (
            row["model_id"],
            face.named("models.state", row["state"]),
            face.named("models.verdict", row["verdict"]),
            words.number(row["gain_bits"], digits=2),
            row["as_of"],
            row["author"],
        )
        for row in found
    ]
    columns: dict[str, Any] = {
        "models.column.model": "left",
        "models.column.state": "left",
        "models.column.verdict": "left",
        "models.column.gain": "right",
        "models.column.as_of": "left",
        "models.column.author": "left",
    }
    tables.draw(face, words.text("models.title"), columns, rows)
    if not rows:
        face.say(words.text("models.none"))


def show(
    ctx: typer.Context,
    *,
    model: ModelArgument,
    out: Annotated[str | None, typer.Option("--out")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a model's card, or write it in both languages."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    if face.as_json:
        drift = tables.rows_of(pipeline.model_drift(opened, model))
        face.show_json(pipeline.model_facts(opened, model) | {"drift": drift})
        return
    if out is None:
        face.say(pipeline.card_text(opened, model, face.words.text))
        return
    for file in pipeline.save_card(opened, model, Path(out), labels()):
        face.say(face.words.text("evaluation.wrote", path=str(file)))


def train(
    ctx: typer.Context,
    *,
    target: Annotated[str, typer.Argument()],
    settings: Annotated[str | None, typer.Option("--settings")] = None,
    by: ByOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a model from the project's records and register it."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    given = settings_in(settings)
    from riskmap import pipeline

    check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    with face.progress() as progress:
        made = pipeline.train(
            opened, target, _by(by, reason), settings=given, progress=progress
        )
    _tell(face, opened, made, "models.made")


def approve(
    ctx: typer.Context,
    *,
    model: ModelArgument,
    by: ByOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve a model."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    pipeline.approve(opened, model, _by(by, reason))
    _tell(face, opened, model, "models.approved")


def activate(
    ctx: typer.Context,
    *,
    model: ModelArgument,
    by: ByOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put an approved model to use."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    with face.progress() as progress:
        done = pipeline.activate(opened, model, _by(by, reason), progress=progress)
    _tell(face, opened, model, f"models.{done}")


def rollback(
    ctx: typer.Context,
    *,
    target: Annotated[str, typer.Argument()],
    by: ByOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go back to the model before."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    check_name("score", target, pipeline.SCORES)
    opened = face.opened()
    with face.progress() as progress:
        model, done = pipeline.roll_back(
            opened, target, _by(by, reason), progress=progress
        )
    _tell(face, opened, model, f"models.{done}")


def export(
    ctx: typer.Context,
    *,
    model: ModelArgument,
    out: Annotated[str, typer.Option("--out")] = ".",
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a model as plain files."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    folder = pipeline.export_model(opened, model, Path(out))
    if face.as_json:
        face.show_json({"folder": str(folder)})
        return
    face.say(face.words.text("evaluation.wrote", path=str(folder)))


def import_(
    ctx: typer.Context,
    *,
    folder: Annotated[str, typer.Argument()],
    by: ByOption = None,
    reason: ReasonOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a model's settings from elsewhere and train it on own records."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    opened = face.opened()
    with face.progress() as progress:
        made = pipeline.import_model(
            opened, existing(folder), _by(by, reason), progress=progress
        )
    _tell(face, opened, made, "models.made")


def settings_in(text: str | None) -> dict[str, Any]:
    """Read a file of settings; none for what riskmap brings."""
    if text is None:
        return {}
    from riskmap.errors import FileUnreadableError

    path = existing(text)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        msg = f"{path} is no JSON: {error}."
        raise FileUnreadableError(msg, path=text, reason="json") from error
    if not isinstance(found, dict):
        msg = f"{path} must hold an object."
        raise FileUnreadableError(msg, path=text, reason="json")
    return found


def _by(who: str | None, reason: str | None) -> Any:
    """Record who decides, and when: the clock is read here."""
    from riskmap import pipeline

    at = pipeline.now().isoformat(timespec="seconds")
    return pipeline.Decision(who=who or UNSAID, reason=reason or "", at=at)


def _tell(face: Face, opened: Any, model: str, key: str) -> None:
    """Say what was done with a model, and whether it beats the best simple map."""
    from riskmap import pipeline

    facts = pipeline.model_facts(opened, model)
    if face.as_json:
        face.show_json(facts)
        return
    face.say(face.words.text(key, model=model))
    face.say(face.words.text(f"models.verdict.{facts['verdict']}"))
