"""The commands on stretches of the line: where no landmark is, where to mark it."""

import math
from collections.abc import Mapping
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
from riskmap.errors import OptionError

DEFAULT_TOP = 10
DEFAULT_REACH_KM = 5.0

REASONS = ("incursions", "spacing", "remoteness")

GEO_FORMATS = ("table", "geojson")

TopOption = Annotated[str | None, typer.Option("--top")]
GeoFormatOption = Annotated[str | None, typer.Option("--format")]


def gaps(
    ctx: typer.Context,
    *,
    reach_km: Annotated[str | None, typer.Option("--reach-km")] = None,
    geo_form: GeoFormatOption = None,
    top: TopOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the stretches of the line far from every landmark both sides know."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    reach = number_of(reach_km, "--reach-km", float)
    if reach is not None and not 0 < reach < float("inf"):
        msg = f"`--reach-km` must be above zero, got {reach_km}."
        raise OptionError(msg, option="--reach-km", value=reach_km)
    most = _asked(geo_form, top)
    from riskmap import pipeline

    reach = DEFAULT_REACH_KM if reach is None else reach
    opened = face.opened()
    known = pipeline.read_whereabouts(opened)
    found = pipeline.landmark_gaps(known, reach_km=reach)
    if _shown_for_programs(face, found, geo_form, most, name="gaps"):
        return
    words = face.words
    name = f"name_{words.lang}"
    called = dict(pipeline.list_landmarks(opened)[name])
    rows = [
        (
            words.number(row["rank"]),
            _span(face, row),
            words.number(row["length_km"], digits=1),
            words.number(row["farthest_km"], digits=1),
            " · ".join(called.get(row[end], "") for end in ("before_id", "after_id")),
        )
        for row in rows_of(found.head(most or DEFAULT_TOP))
    ]
    columns = {
        "cli.column.rank": "right",
        "cli.column.km": "right",
        "cli.column.length": "right",
        "cli.column.farthest": "right",
        "cli.column.ends": "left",
    }
    draw(face, words.text("cli.landmarks.gaps", reach=reach), columns, rows)
    total = words.number(float(found["length_km"].sum()), digits=0)
    face.say(words.plural("cli.landmarks.gaps_sum", len(found), total=total))


def demarcation(
    ctx: typer.Context,
    *,
    geo_form: GeoFormatOption = None,
    top: TopOption = None,
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank stretches of the line by how much a new marker would be worth there."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    most = _asked(geo_form, top)
    from riskmap import pipeline

    opened = face.opened()
    found = pipeline.stretches_to_mark(opened, pipeline.read_whereabouts(opened))
    if _shown_for_programs(face, found, geo_form, most, name="demarcation"):
        return
    words = face.words
    rows = [
        (
            words.number(row["rank"]),
            _span(face, row),
            words.number(row["score"], digits=2),
            words.number(row["incursions"]),
            *(
                words.number(row[name], digits=1)
                for name in ("spacing_km", "town_km", "road_km")
            ),
        )
        for row in rows_of(found.head(most or DEFAULT_TOP))
    ]
    columns = {
        "cli.column.rank": "right",
        "cli.column.km": "right",
        "cli.column.priority": "right",
        "cli.column.incursions": "right",
        "cli.column.spacing": "right",
        "cli.column.town": "right",
        "cli.column.road": "right",
    }
    draw(face, words.text("cli.landmarks.demarcation"), columns, rows)
    for row in rows_of(found.head(most or DEFAULT_TOP)):
        face.say(
            words.text(
                "cli.landmarks.why",
                rank=words.number(row["rank"]),
                span=_span(face, row),
                reasons=_reasons(face, row),
            )
        )
    face.say(words.text("cli.landmarks.demarcation_basis"))


def _reasons(face: Face, row: Mapping[str, Any]) -> str:
    """Say what makes up a priority, the most first, and what there is no data of."""
    words = face.words
    parts = {name: row[f"reason_{name}"] for name in REASONS}
    told = {
        name: part
        for name, part in parts.items()
        if part is not None and not math.isnan(part)
    }
    whole = sum(told.values()) or 1.0
    order = sorted(told, key=lambda name: -told[name])
    said = [
        f"{words.text(f'cli.reason.{name}')} {words.percent(told[name] / whole)}"
        for name in order
    ]
    said += [
        words.text("cli.reason.no_data", part=words.text(f"cli.reason.{name}"))
        for name in REASONS
        if name not in told
    ]
    return "; ".join(said)


def _asked(form: str | None, top: str | None) -> int | None:
    """Check the form and read how many rows are wanted."""
    if form is not None:
        check_name("format", form, GEO_FORMATS)
    return count_of(top, "--top")


def _shown_for_programs(
    face: Face, found: Any, form: str | None, most: int | None, *, name: str
) -> bool:
    """Show a table as GeoJSON or JSON if that was asked for."""
    from riskmap import pipeline

    kept = found.head(most or len(found))
    if form == "geojson":
        face.say(pipeline.geojson_text(kept, name=name).rstrip("\n"))
    elif face.as_json:
        show_records(face, kept)
    else:
        return False
    return True


def _span(face: Face, row: Mapping[str, Any]) -> str:
    """Write the first and last kilometre of a stretch."""
    low, high = (face.words.number(row[end], digits=0) for end in ("from_km", "to_km"))
    return face.words.text("number.span", low=low, high=high)
