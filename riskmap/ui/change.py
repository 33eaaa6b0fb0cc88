"""What is happening: what was found of each question, in words, tables and plots."""

import datetime
import importlib
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from riskmap.i18n import Words
from riskmap.ui import access, blocks, jobs, plots, state
from riskmap.ui.blocks import Block

QUESTION, SUBJECT, KIND, OPERATION = "question", "subject", "kind", "operation"
NAMES = (state.LANGUAGE, QUESTION, SUBJECT, KIND, OPERATION, state.AREA)

JOB = "change"

# before the name of a layer of values, as the map writes it in its address
VALUE = "value-"

ROWS = 12
REPEATS, MOVED = "nearrepeat", "displacement"

# the list of a question: its columns, and how many digits; words where none
COLUMNS: dict[str, dict[str, int | str]] = {
    "scan": {
        "side": "side",
        "km": 0,
        "radius_km": 0,
        "from_on": "day",
        "events": 0,
        "expected": 1,
        "p": 3,
    },
    "routes": {
        "side": "side",
        "from_km": 0,
        "to_km": 0,
        "length_km": 0,
        "events": 0,
        "expected": 1,
        "p": 3,
        "confidence": "change.confidence",
    },
    "undercount": {"model": "change.model", "estimate": 0, "low": 0, "high": 0},
}
CLASSES = {"hotspots": "change.state", "trends": "change.trend"}
LEVEL = 0.05


def _pipeline() -> Any:
    """Import the pipeline when it is first asked."""
    return importlib.import_module("riskmap.pipeline")


def options() -> dict[str, tuple[str, ...]]:
    """List what can be chosen on the page.

    Returns
    -------
    dict
        Name to codes; no operation where there is none.
    """
    pipeline = _pipeline()
    known = tuple(pipeline.list_operations(access.opened())["operation_id"])
    return {
        QUESTION: pipeline.QUESTIONS,
        SUBJECT: pipeline.change_subjects("hotspots"),
        KIND: pipeline.change_subjects(REPEATS),
        OPERATION: known or ("",),
    }


def subject_of(model: state.Model) -> str:
    """Give what the question is asked of: a kind, for near repeats.

    Parameters
    ----------
    model
        This person's choices.

    Returns
    -------
    str
        A score or a kind.
    """
    return str(model[KIND if model[QUESTION] == REPEATS else SUBJECT])


def begin(model: state.Model) -> None:
    """Begin to ask the question anew, with the options of its command.

    Parameters
    ----------
    model
        This person's choices.
    """
    open_it, question = access.opener("run"), str(model[QUESTION])
    subject, operation = subject_of(model), str(model[OPERATION])

    def work(told: jobs.Progress) -> None:
        told(question, 0, 1)
        _pipeline().ask_change(
            open_it(), question, subject, operation=operation, progress=told
        )

    jobs.start(JOB, jobs.Job(work, last_chance="", about=(question, subject)))


def found(model: state.Model, words: Words) -> list[Block]:
    """Say what was last found.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    question, subject = str(model[QUESTION]), subject_of(model)
    view = _pipeline().view_change(access.opened(), question, subject)
    if view is None:
        return [blocks.text(words.text("change.page.never"))]
    first, last = (_day(view.facts[end], words) for end in ("from_on", "to_on"))
    family = "kind" if question == REPEATS else "score"
    named = words.text(f"{family}.{subject}")
    purpose = words.text(f"purpose.{view.facts['purpose']}")
    given = {"subject": named, "purpose": purpose, "from_on": first, "to_on": last}
    said = [blocks.text(words.text("change.subject", **given))]
    if not view.of_now:
        said.append(blocks.text(words.text("change.page.old"), role="alert"))
    said += _answer(question, view, words)
    if view.layer:
        said.append(_on_the_map(view.layer, words))
    return said


def _answer(question: str, view: Any, words: Words) -> list[Block]:
    """Lay out what was found as the question asks."""
    if question in CLASSES:
        return _classes(CLASSES[question], view.main, words)
    if question == REPEATS:
        return _bands(view.further, words)
    if question == MOVED:
        return _areas(view, words)
    rows = view.main if question == "undercount" else view.further
    return _listed(question, rows, words)


def _day(value: str, words: Words) -> str:
    """Write a day."""
    return words.date(datetime.date.fromisoformat(value))


def _on_the_map(layer: str, words: Words) -> Block:
    """Link to the layer of the map."""
    asked = urlencode({state.LANGUAGE: words.lang, state.LAYER: f"{VALUE}{layer}"})
    link = blocks.link(words.text("change.page.open"), f"./?{asked}")
    heads = [words.text("change.page.layer"), words.text("change.page.map")]
    rows: list[list[blocks.Said]] = [[words.text(f"layer.{layer}"), link]]
    return blocks.table(words.text("change.page.on_the_map"), heads, rows)


def _classes(family: str, cells: pd.DataFrame, words: Words) -> list[Block]:
    """Count the cells of each class."""
    column = family.rpartition(".")[2]
    held = column if column in cells else "state"
    counts = cells[held].value_counts()
    rows = [
        [words.text(f"{family}.{code}"), words.number(int(n))]
        for code, n in counts.items()
    ]
    heads = [words.text("change.page.class"), words.text("change.column.cells")]
    return [blocks.table(words.text("change.page.classes"), heads, rows, numbers=(1,))]


def _listed(question: str, rows: pd.DataFrame, words: Words) -> list[Block]:
    """List what was found, what counts most first."""
    columns = COLUMNS[question]
    if rows.empty:
        return [blocks.text(words.text("change.page.nothing"))]
    said = [
        [_said(row[name], how, words) for name, how in columns.items()]
        for row in rows.head(ROWS).to_dict("records")
    ]
    numbers = [at for at, how in enumerate(columns.values()) if isinstance(how, int)]
    heads = [words.text(f"change.field.{name}") for name in columns]
    title = words.text(f"change.page.list.{question}")
    return [blocks.table(title, heads, said, numbers=numbers)]


def _said(value: Any, how: int | str, words: Words) -> str:
    """Write one value."""
    if how == "day":
        return _day(str(value), words)
    if isinstance(how, str):
        key = f"{how}.{value or 'none'}"
        return words.text(key) if words.has(key) else str(value)
    return words.number(float(value), digits=how)


def _bands(bands: pd.DataFrame, words: Words) -> list[Block]:
    """Draw how many times as many pairs as by chance, by distance and days."""
    lines = []
    for (low, high), own in bands.groupby(["from_km", "to_km"], sort=True):
        ends = [words.number(float(end)) for end in (low, high)]
        name = words.text("change.page.km", low=ends[0], high=ends[1])
        known = own.dropna(subset="ratio")
        points = zip(known["to_days"], known["ratio"], strict=True)
        lines.append(plots.line(name, points))
    days, ratios = bands["to_days"].tolist(), bands["ratio"].dropna().tolist()
    axes = (
        plots.axis(words.text("change.plot.days"), days, words, nought=True),
        plots.axis(words.text("change.column.ratio"), ratios, words, nought=True),
    )
    return [plots.series(words.text("change.nearrepeat.title"), axes, lines)]


def _areas(view: Any, words: Words) -> list[Block]:
    """Draw how area and rings changed beside the controls, and what moved."""
    rows, inner = [], 0.0
    for row in view.main.to_dict("records"):
        outer = float(row["outer_km"])
        name = _ring(inner, outer, words)
        counts = f"{row['before']:d} \N{RIGHTWARDS ARROW} {row['after']:d}"
        numbers = (float(row["ratio"]), float(row["low"]), float(row["high"]))
        rows.append((f"{name}: {counts}", *numbers))
        inner = outer
    start = _day(view.facts["start_on"], words)
    title = words.text("change.displacement.title", start=start)
    beside = words.text("change.column.beside_controls")
    fell = int(view.main["told"].iloc[0]) < 0
    verdict = "yes" if fell and (view.main["told"] > 0).any() else "no"
    name = str(view.facts["operation"])
    return [
        blocks.text(words.text("change.page.operation", operation=name)),
        plots.whiskers(f"{title}. {beside}", rows, words),
        blocks.text(words.text(f"change.displacement.{verdict}")),
        *(blocks.text(said) for said in _moved(view.further, words)),
        *_danger(view.danger, words),
    ]


def _danger(rows: pd.DataFrame | None, words: Words) -> list[Block]:
    """Draw how the score changed in area and rings beside the controls."""
    if rows is None:
        return []
    drawn, inner = [], 0.0
    for row in rows[rows["part"] != "controls"].to_dict("records"):
        outer = float(row["outer_km"])
        name = _ring(inner, outer, words)
        was, now = (words.number(row[k], significant=2) for k in ("before", "after"))
        numbers = (float(row["ratio"]), float(row["low"]), float(row["high"]))
        drawn.append((f"{name}: {was} \N{RIGHTWARDS ARROW} {now}", *numbers))
        inner = outer
    controls = rows[rows["part"] == "controls"].iloc[0]
    ends = {k: words.number(controls[k], significant=2) for k in ("before", "after")}
    title = words.text("change.danger.title")
    beside = words.text("change.column.beside_controls")
    return [
        plots.whiskers(f"{title}. {beside}", drawn, words),
        blocks.text(words.text("change.danger.in_controls", **ends)),
        blocks.text(words.text("change.danger.limits")),
    ]


def _ring(inner: float, outer: float, words: Words) -> str:
    """Name the area, or a ring about it."""
    ends = {"low": words.number(inner), "high": words.number(outer)}
    return words.text("change.ring" if outer else "change.inside", **ends)


def _moved(rows: pd.DataFrame | None, words: Words) -> list[str]:
    """Say how the middle of the records, and the hazard of their ground, changed."""
    said = []
    for row in rows.to_dict("records") if rows is not None else ():
        sure = row["p"] <= LEVEL
        given = {"p": words.number(row["p"], digits=3)}
        if row["what"] == "shift":
            given |= {k: words.number(row[k], digits=1) for k in ("low", "high")}
            given["size"] = words.number(row["change"], digits=1)
            given["turn"] = words.number(row["turn_deg"], digits=0)
            given["wind"] = words.text(f"places.wind.{row['wind']}")
            key = "change.displacement.shift" if sure else "change.shift.none"
        else:
            ends = ("change", "low", "high")
            given |= {k: words.number(row[k], significant=2) for k in ends}
            way = "rose" if row["change"] > 0 else "fell"
            key = f"change.hazard.{way if sure else 'none'}"
        said.append(words.text(key, **given))
    return said
