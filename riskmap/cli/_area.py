"""The command on an area: what lies in an outline of a file."""

from typing import Annotated, Any

import typer

from riskmap.cli._face import Face, JsonOption, LangOption, ProjectOption, face_of
from riskmap.cli._tables import draw, rows_of

SIGNIFICANT = 2
VALUE_DIGITS = 3


def area(
    ctx: typer.Context,
    *,
    files: Annotated[str, typer.Argument()],
    project: ProjectOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what lies in an area outlined by a GeoJSON or KML file."""
    face = face_of(ctx, project=project, lang=lang, as_json=as_json)
    from riskmap import pipeline

    shape = pipeline.load_area(files)
    opened = face.opened()
    facts = pipeline.describe_area(pipeline.map_tables(opened), shape)
    if face.as_json:
        face.show_json(_document(facts))
        return
    _say(face, facts)


def _document(facts: Any) -> dict[str, Any]:
    """Lay the facts out for a program."""
    names = ("area_km2", "us_km2", "mx_km2", "cells_km2", "within_one")
    tables = ("scores", "records", "watched", "means")
    told = {name: getattr(facts, name) for name in names}
    told["cells"] = [f"{cell:x}" for cell in facts.cells.tolist()]
    for name in tables:
        table = getattr(facts, name)
        told[name] = rows_of(table.reset_index() if table.index.name else table)
    told["landmarks"] = [str(mark) for mark in facts.landmarks.index]
    return told


def _say(face: Face, facts: Any) -> None:
    """Say the facts, a table a matter."""
    words = face.words
    sizes = {
        name: words.number(getattr(facts, f"{part}_km2"), digits=1)
        for name, part in (("area", "area"), ("us", "us"), ("mx", "mx"))
    }
    face.say(words.text("tool.area.size", **sizes))
    if not len(facts.cells):
        face.say(words.text("tool.area.outside"))
        return
    key = "tool.area.one" if facts.within_one else "tool.area.cells"
    held = words.number(facts.cells_km2, digits=1)
    face.say(words.text(key, cells=words.number(len(facts.cells)), area=held))
    _draw_scores(face, facts.scores)
    rows = []
    for kind, row in facts.watched.iterrows():
        own = facts.records[facts.records["kind"] == kind]
        count = int(own["events"].sum())
        blind = row["no_data_share"]
        known = None if not count and blind >= 1 else count
        rows.append(
            (face.named("kind", kind), words.number(known), words.percent(blind))
        )
    heads = ("kind", "records", "no_data_years")
    years = facts.watched[["from_year", "to_year"]].iloc[0] if rows else (0, 0)
    first, last = (str(int(year)) for year in years)
    title = words.text("tool.area.records", first=first, last=last)
    draw(face, title, _columns(heads), rows)
    means = [
        (
            face.named("layer", str(name)),
            words.number(row["mean"], significant=VALUE_DIGITS),
            row["unit"],
            words.percent(row["no_data_share"]),
        )
        for name, row in facts.means.iterrows()
    ]
    named = ("hazard", "mean", "unit", "no_data")
    draw(face, words.text("tool.area.means"), _columns(named), means)
    counts = facts.landmarks["kind"].value_counts().sort_index()
    marks = [
        (face.named("landmark_kind", str(kind)), words.number(int(count)))
        for kind, count in counts.items()
    ]
    draw(
        face, words.text("tool.area.landmarks"), _columns(("landmark", "number")), marks
    )


def _draw_scores(face: Face, scores: Any) -> None:
    """Draw the events expected of each score."""
    words = face.words
    rows = []
    for score, row in scores.iterrows():
        numbers = (row["expected"], row["low"], row["high"])
        rows.append(
            (
                face.named("score", str(score)),
                *(words.number(number, significant=SIGNIFICANT) for number in numbers),
                words.percent(row["no_data_share"]),
            )
        )
    heads = ("score", "expected", "low", "high", "no_data")
    draw(face, words.text("tool.area.scores"), _columns(heads), rows)


def _columns(heads: tuple[str, ...]) -> dict[str, str]:
    """Name columns: the first to the left, the others as numbers."""
    return {
        f"tool.area.head.{head}": "left" if place == 0 else "right"
        for place, head in enumerate(heads)
    }
