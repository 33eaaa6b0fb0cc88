"""The commands on profiles: how each agency's files are understood."""

from pathlib import Path
from typing import Annotated

import typer

from riskmap.cli._face import (
    JsonOption,
    LangOption,
    ProjectOption,
    existing,
    face_of,
)
from riskmap.cli._tables import draw


def list_(
    ctx: typer.Context,
    *,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the profiles that come with riskmap."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    facts = pipeline.list_profiles()
    if face.as_json:
        face.show_json({"profiles": facts})
        return
    names = ("name", "source", "publisher", "marking", "licence")
    draw(
        face,
        face.words.text("cli.profile.title"),
        {f"cli.column.{name}": "left" for name in names},
        [tuple(str(fact[name]) for name in names) for fact in facts],
    )


def show(
    ctx: typer.Context,
    *,
    profile_name: Annotated[str, typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one profile: its TOML, to be copied and changed."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    text = pipeline.profile_text(profile_name)
    if face.as_json:
        face.show_json({"name": profile_name, "toml": text})
    else:
        face.say(text.rstrip())


def infer(
    ctx: typer.Context,
    *,
    incident_file: Annotated[str, typer.Argument()],
    out_file: Annotated[str | None, typer.Option("--out")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a profile for a file, each line with what speaks for it."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    path = existing(incident_file)
    from riskmap import pipeline

    proposal = pipeline.infer_profile(path)
    text = proposal.text(face.words.text)
    if out_file:
        pipeline.write_text(Path(out_file), text)
    if face.as_json:
        face.show_json(
            {
                "decisions": proposal.decisions,
                "questions": proposal.questions,
                "toml": text,
            }
        )
    elif out_file:
        asked = len(proposal.questions)
        face.note(face.words.plural("cli.profile.questions", asked))
        face.say(out_file)
    else:
        face.say(text.rstrip())
