"""Make a project about a border that is made up, so that its truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from riskmap.cli._face import (
    JsonOption,
    LangOption,
    ProjectOption,
    face_of,
    number_of,
)


def simulate(
    ctx: typer.Context,
    *,
    seed: Annotated[str | None, typer.Option("--seed")] = None,
    years: Annotated[str | None, typer.Option("--years")] = None,
    deaths: Annotated[str | None, typer.Option("--deaths-per-year")] = None,
    change: Annotated[str | None, typer.Option("--change-year")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a simulated project, or check a run of one against its truth."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    if check:
        found = pipeline.recovery(face.opened())
        if face.as_json:
            face.show_json(found)
            return
        face.say(
            face.words.text(
                "simulate.recovered",
                caught=round(found["caught_5pct"] * 100),
                oracle=round(found["oracle_5pct"] * 100),
                bits=round(found["bits_below_truth"], 2),
                covered=round(found["covered"] * 100),
            )
        )
        return
    given = {
        "seed": number_of(seed, "--seed", int),
        "years": number_of(years, "--years", int),
        "deaths_per_year": number_of(deaths, "--deaths-per-year", float),
        "change_year": number_of(change, "--change-year", int),
    }
    options = pipeline.BorderOptions(
        **{name: value for name, value in given.items() if value is not None}
    )
    made = pipeline.simulate(Path(face.project), options)
    state = pipeline.status(made)
    if face.as_json:
        face.show_json(state)
        return
    face.say(
        face.words.text(
            "simulate.made", path=str(state.path), incidents=state.incidents
        )
    )
