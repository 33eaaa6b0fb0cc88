"""The command on hazards: physics of heat and water, cell by cell."""

from typing import Annotated, Any

import typer

from riskmap.cli._face import (
    Face,
    JsonOption,
    LangOption,
    ProjectOption,
    check_name,
    count_of,
    face_of,
    number_of,
)
from riskmap.cli._tables import draw, rows_of, show_records

DEFAULT_TOP = 10

# riskmap.hazards.intensity.HALF_WAY_HOURS, said without loading it
EXPOSURE_HALVED_HOURS = 8.0

# significant digits of a chance
DIGITS = 2


def hazards(
    ctx: typer.Context,
    *,
    hazard: Annotated[str, typer.Option("--by")] = "heat_chance",
    walk_month: Annotated[str | None, typer.Option("--month")] = None,
    start_hour: Annotated[str | None, typer.Option("--start-hour")] = None,
    hours: Annotated[str | None, typer.Option("--hours")] = None,
    water_l: Annotated[str | None, typer.Option("--water-l")] = None,
    limit_pct: Annotated[str | None, typer.Option("--limit-pct")] = None,
    ground: Annotated[str | None, typer.Option("--ground")] = None,
    temperature: Annotated[str | None, typer.Option("--temperature")] = None,
    exposure: Annotated[bool, typer.Option("--exposure")] = False,
    top: Annotated[str | None, typer.Option("--top")] = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where heat and water endanger people on foot, by physics alone."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    limit = number_of(limit_pct, "--limit-pct", float)
    asked = {
        "month": number_of(walk_month, "--month", int),
        "start_hour": number_of(start_hour, "--start-hour", int),
        "hours": number_of(hours, "--hours", int),
        "water_l": number_of(water_l, "--water-l", float),
        "limit_share": None if limit is None else limit / 100,
        "ground": number_of(ground, "--ground", float),
        "temperature": temperature,
    }
    most = count_of(top, "--top")
    from riskmap import pipeline

    opened = face.opened()
    found = pipeline.read_hazards(opened, **asked)
    names = [str(name) for name in found.select_dtypes("float64") if name not in PLACE]
    check_name("hazard", hazard, names)
    rank = hazard
    if exposure:
        found, rank = pipeline.add_exposure(found, hazard), "exposed"
    known = found[found[rank].notna()].sort_values(rank, ascending=False, kind="stable")
    if face.as_json:
        show_records(face, known.head(most or len(known)))
        return
    _show(face, hazard, known.head(most or DEFAULT_TOP))
    _tell_doubt(face, hazard, found)


PLACE = ("km", "area_km2")


def _flag_of(by: str) -> str:
    """Name the column that says what to beware of in a hazard."""
    return f"{by.partition('_')[0]}_flag"


def _show(face: Face, by: str, found: Any) -> None:
    """Print the cells with most of one hazard."""
    words = face.words
    flag = _flag_of(by)
    rows = [
        (
            f"{cell:x}",
            face.named("side", row["side"]),
            words.number(row["km"], digits=0),
            words.number(row[by], significant=DIGITS),
            *(
                (words.number(row["exposed"], significant=DIGITS),)
                if "exposed" in row
                else ()
            ),
            _caution(face, row.get(flag, "")),
        )
        for cell, row in zip(found.index.tolist(), rows_of(found), strict=True)
    ]
    columns = {
        "cli.column.cell": "left",
        "cli.column.side": "left",
        "cli.column.km": "right",
        "cli.column.hazard": "right",
    }
    if "exposed" in found:
        columns["cli.column.exposed"] = "right"
    columns["cli.column.caution"] = "left"
    draw(face, face.named("layer", by), columns, rows)
    face.say(words.text(f"layer.{by}.help"))


def _caution(face: Face, codes: str) -> str:
    """Say what to beware of."""
    return ", ".join(face.named("caution", code) for code in codes.split("+") if code)


def _tell_doubt(face: Face, by: str, found: Any) -> None:
    """Say how much of the corridor is no data or beyond what the physics knows."""
    words = face.words
    area = found["area_km2"]
    unknown = float(area[found[by].isna()].sum() / area.sum())
    face.say(words.text("cli.hazards.no_data", share=words.percent(unknown)))
    flag = _flag_of(by)
    if flag in found:
        beyond = found[by].notna() & (found[flag] != "")
        share = float(area[beyond].sum() / area.sum())
        face.say(words.text("cli.hazards.beyond", share=words.percent(share)))
    if "exposed" in found:
        hours = EXPOSURE_HALVED_HOURS
        face.say(words.text("cli.hazards.exposed", hours=hours))
    else:
        face.say(words.text("cli.hazards.no_exposure"))
