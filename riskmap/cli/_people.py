"""The command on people at risk: three groups apart, one index only if asked for."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    count_of,
    face_of,
    number_of,
)
from riskmap.cli._tables import draw, rows_of, show_records

DEFAULT_TOP = 5

# significant digits of a rate
DIGITS = 2

# what is no rate
PLACE = ("side", "km", "area_km2")


def people(
    ctx: typer.Context,
    *,
    weights: Annotated[str | None, typer.Option("--weights")] = None,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where harm to three groups of people is recorded, each apart."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = count_of(top, "--top")
    asked = _weights(weights)
    from riskmap import pipeline

    found = pipeline.people_at_risk(face.opened(), asked)
    names = [str(name) for name in found if name not in PLACE]
    if face.as_json:
        known = found.dropna(how="all", subset=names)
        known = known.sort_values(names[-1 if asked else 0], ascending=False)
        show_records(face, known.head(most or len(known)))
        return
    for name in names:
        _show(face, name, found, most or DEFAULT_TOP)
    if asked:
        _tell_weights(face, asked, found)


def _weights(text: str | None) -> dict[str, float] | None:
    """Read ``migrants=2,officers=1``; None if there are no weights."""
    if text is None:
        return None
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): number_of(w, "--weights", float) for name, _, w in pairs}


def _show(face: Face, name: str, found: Any, most: int) -> None:
    """Print the cells with the highest rates of one group."""
    words = face.words
    known = found[found[name] > 0].sort_values(name, ascending=False, kind="stable")
    combined = name == "combined"
    title = words.text("cli.people.title") if combined else face.named("layer", name)
    if found[name].isna().all():
        face.say(f"{title}: {words.text('cli.people.none')}")
        return
    rows = [
        (
            f"{cell:x}",
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            words.number(row[name], significant=DIGITS),
        )
        for cell, row in zip(
            known.head(most).index.tolist(), rows_of(known.head(most)), strict=True
        )
    ]
    columns = {
        "cli.column.cell": "left",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "cli.people.title" if combined else "cli.column.rate": "right",
    }
    draw(face, title, columns, rows)


def _tell_weights(face: Face, asked: Mapping[str, float], found: Any) -> None:
    """Say which weights the index has, and on how much of the area it stands."""
    words = face.words
    said = [
        words.text(
            "cli.people.weight", group=face.named("audience", name), weight=weight
        )
        for name, weight in asked.items()
    ]
    area = found["area_km2"]
    share = float(area[found["combined"].notna()].sum() / area.sum())
    face.say(words.text("cli.people.weighed", weights=said, share=words.percent(share)))
