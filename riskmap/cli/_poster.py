"""The command on the poster: the danger map for everybody."""

from pathlib import Path
from typing import Annotated

import typer

from riskmap.cli._face import (
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    face_of,
    labels,
)


def poster(
    ctx: typer.Context,
    *,
    out: Annotated[str, typer.Option("--out")],
    paper: Annotated[str | None, typer.Option("--paper")] = None,
    numbers: Annotated[str | None, typer.Option("--numbers")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the danger map for everybody, on letter and A4."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    if paper:
        check_name("format", paper, pipeline.PAPERS)
    opened = face.opened()
    with face.progress() as told:
        files = pipeline.write_posters(
            opened,
            # Spanish first, in whatever language the command is run
            {name: labels()[name] for name in ("es", "en")},
            Path(out),
            papers=(paper,) if paper else pipeline.PAPERS,
            numbers=Path(numbers) if numbers else None,
            progress=told,
        )
    asked = Path(numbers) if numbers else opened.path / pipeline.NUMBERS_FILE
    if not asked.is_file():
        columns = ", ".join(pipeline.NUMBER_COLUMNS)
        face.note(
            face.words.text("cli.poster.no_numbers", path=str(asked), columns=columns)
        )
    if face.as_json:
        face.show_json({"files": [str(file) for file in files]})
        return
    for file in files:
        face.say(str(file))
