"""How good the scores are: what the pipeline measured, as texts, tables and plots."""

import datetime
import functools
import importlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from riskmap.errors import RiskmapError
from riskmap.evaluation.verdict import BETTER, NOT_BETTER, verdict_of
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, blocks, plots
from riskmap.ui.blocks import Block

SCORE = "score"

# what the light check of every run shows, from what is easiest to picture
LIGHT = ("hit_rate_5pct", "pai_5pct", "information_gain_bits")
GAIN = "information_gain_bits"
SHARE = "hit_rate"
SHOWN_AREA = 0.25
PERCENT = 100


def measured(score: str) -> Any:
    """Give what the last evaluation of a score found, read once for each of them.

    Parameters
    ----------
    score
        Name of the score.

    Returns
    -------
    riskmap.pipeline.Evaluation or None
        None if it was never judged, or cannot be read.
    """
    try:
        project = access.opened()
        made = project.snapshot("evaluation_skill")
    except RiskmapError:
        return None
    if made is None:
        return None
    return _measured(access.view_key(), made.sha256, score, project)


@st.cache_resource(max_entries=4, show_spinner=False)
def _measured(seen: str, stamp: str, score: str, _project: Any) -> Any:  # noqa: ARG001
    """Ask the pipeline, once for each state."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    return pipeline.read_evaluation(_project, score)


def verdict(skill: pd.DataFrame, score: str, words: Words) -> list[Block]:
    """Say whether a score beats the simple maps, on the years every run holds out.

    Parameters
    ----------
    skill
        The skill table.
    score
        The score.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    told = verdict_of(skill, score)
    if told.code not in (BETTER, NOT_BETTER):
        return [blocks.text(words.text("pages.model.untested"), role="alert")]
    gain, low, high = (
        words.number(bits, digits=2)
        for bits in (told.best_gain_bits, told.best_gain_low, told.best_gain_high)
    )
    said = words.text(
        "pages.model.verdict",
        events=told.events,
        best=words.text(f"model.{told.best}"),
        gain=gain,
        low=low,
        high=high,
    )
    return [blocks.text(f"{said} {words.text(f'pages.model.{told.code}')}")]


def light(skill: pd.DataFrame, score: str, words: Words) -> list[Block]:
    """Lay the score out beside the simple maps of every run.

    Parameters
    ----------
    skill
        The skill table.
    score
        The score.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks; none if it was not measured.
    """
    mine = skill[skill["score"] == score]
    own = mine[mine["versus"] == ""]
    if own.empty:
        return []
    wide = {metric: _by_model(own, metric) for metric in LIGHT}
    rows = []
    for model in dict.fromkeys(own["model"].astype("str")):
        said = [_ends(wide[metric].get(model), metric, words) for metric in LIGHT]
        rows.append([words.text(f"model.{model}"), *said])
    heads = [words.text(f"metric.{metric}") for metric in LIGHT]
    return [
        _gains(mine, words),
        blocks.table(
            words.text("pages.model.light"),
            [words.text("evaluation.column.model"), *heads],
            rows,
            numbers=range(1, len(LIGHT) + 1),
        ),
        blocks.text(_frame(own, words)),
        blocks.text(words.text("pages.model.light_note")),
    ]


def _by_model(rows: pd.DataFrame, metric: str) -> dict[str, Any]:
    """Find each model's row of a metric."""
    found = rows[rows["metric"] == metric].drop_duplicates("model")
    return {str(row["model"]): row for row in found.to_dict("records")}


def _ends(row: Any, metric: str, words: Words) -> str:
    """Write a value with its interval."""
    if row is None:
        return words.text("number.none")
    write: Callable[[float], str] = functools.partial(words.number, digits=2)
    if metric.startswith(SHARE):
        write = functools.partial(words.percent, digits=0)
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if math.isnan(low) or math.isnan(high):
        return write(value)
    span = words.text("number.span", low=write(low), high=write(high))
    return f"{write(value)} ({span})"


def _gains(mine: pd.DataFrame, words: Words) -> Block:
    """Draw what the score gains over each simple map."""
    rows = mine[(mine["versus"] != "") & (mine["metric"] == GAIN)]
    rows = rows[rows["model"] == "mixture"]
    bars = [
        (words.text(f"model.{row.versus}"), row.value, row.low, row.high)
        for row in rows.itertuples()
    ]
    return plots.whiskers(words.text("pages.model.gains"), bars, words)


def _frame(own: pd.DataFrame, words: Words) -> str:
    """Say on what was judged."""
    first = own.iloc[0]
    until = _day(own["to_on"].max()) - datetime.timedelta(days=1)
    return words.text(
        "pages.model.frame",
        events=int(first["events"]),
        from_on=words.date(_day(own["from_on"].min())),
        to_on=words.date(until),
    )


def full(found: Any, score: str, words: Words) -> list[Block]:
    """Show a whole evaluation: tables, verdict, unseen ground, intervals, plots.

    Parameters
    ----------
    found
        From :func:`measured`.
    score
        The score.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks; how to make one if there is none.
    """
    if found is None:
        return [blocks.text(words.text("pages.model.not_evaluated"))]
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    document = pipeline.evaluation_document(found, score, words.text, {})
    shown = [blocks.heading(document.title)]
    for place, part in enumerate(document.parts):
        if part.lines:
            shown.append(blocks.text("\n".join(part.lines)))
        if part.rows:
            numbers = range(1, len(part.columns))
            shown.append(
                blocks.table(part.heading, part.columns, part.rows, numbers=numbers)
            )
        if place == 0:
            shown += [*_marks(words), *drawings(found, words)]
    return shown


def _marks(words: Words) -> list[Block]:
    """Say what the two marks are that no map can reach."""
    return [blocks.text(words.text("pages.model.marks"))]


def drawings(found: Any, words: Words) -> list[Block]:
    """Draw what is caught, what was expected and came, and how it went in time.

    Parameters
    ----------
    found
        From :func:`measured`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    return [
        _capture(found.curves, words),
        _calibration(found.calibration, words),
        _origins(found.origins, words),
    ]


def _capture(table: pd.DataFrame, words: Words) -> Block:
    """Draw what is caught as more of the area is searched."""
    near = table[table["share_of_area"] <= SHOWN_AREA]
    lines = [
        plots.line(
            words.text(f"model.{model}"),
            zip(
                mine["share_of_area"] * PERCENT, mine["hit_rate"] * PERCENT, strict=True
            ),
        )
        for model, mine in near.groupby("model", sort=False)
    ]
    area = words.text("evaluation.plot.share_of_area")
    caught = words.text("evaluation.plot.hit_rate")
    axes = [
        plots.axis(area, near["share_of_area"] * PERCENT, words, nought=True),
        plots.axis(caught, [0.0, PERCENT], words, nought=True),
    ]
    return plots.series(words.text("evaluation.plot.capture"), axes, lines)


def _calibration(table: pd.DataFrame, words: Words) -> Block:
    """Draw what came against what was expected, tenth by tenth."""
    mine = table[table["model"] == table["model"].iloc[0]].sort_values("tenth")
    lines = [
        plots.line(
            words.text(f"evaluation.plot.{name}"),
            zip(mine["tenth"], mine[name], strict=True),
        )
        for name in ("observed", "expected")
    ]
    both = [*mine["expected"], *mine["observed"]]
    axes = [
        plots.axis(words.text("pages.model.tenth"), mine["tenth"], words),
        plots.axis(words.text("pages.model.incidents"), both, words, nought=True),
    ]
    return plots.series(words.text("evaluation.plot.calibration"), axes, lines)


def _origins(table: pd.DataFrame, words: Words) -> Block:
    """Draw the information gained at each origin."""
    stamps = sorted(set(table["from_on"]))
    places = {day: float(pd.Timestamp(day).toordinal()) for day in stamps}
    lines = [
        plots.line(
            words.text(f"model.{model}"),
            [(places[r.from_on], r.information_gain_bits) for r in mine.itertuples()],
        )
        for model, mine in table.groupby("model", sort=False)
    ]
    days = [(places[day], words.date(_day(day))) for day in stamps]
    bits = words.text("evaluation.plot.bits")
    axes = [
        plots.days(words.text("evaluation.plot.from_on"), days),
        plots.axis(bits, table["information_gain_bits"], words, nought=True),
    ]
    return plots.series(words.text("evaluation.plot.origins"), axes, lines)


def register(score: str, words: Words) -> tuple[list[Block], Sequence[str]]:
    """List the models of a score, and which stands behind the map.

    Parameters
    ----------
    score
        The score.
    words
        Words of the language.

    Returns
    -------
    list of dict and Sequence of str
        Blocks, and the ids of the models.
    """
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    project = access.opened()
    table = pipeline.list_models(project, score)
    if table.empty:
        return [blocks.text(words.text("models.none"))], ()
    rows = [
        [
            str(row.model_id),
            words.text(f"models.state.{row.state}"),
            words.text(f"models.verdict.{row.verdict}"),
            words.number(row.gain_bits, digits=2),
            _known(row.as_of, words),
            str(row.author),
            str(row.note),
        ]
        for row in table.itertuples()
    ]
    names = ("model", "state", "verdict", "gain", "as_of", "author", "reason")
    heads = [words.text(f"models.column.{name}") for name in names]
    said = blocks.table(words.text("models.title"), heads, rows, numbers=(3,))
    return [said, *_decisions(pipeline, project, table, words)], list(table["model_id"])


def _decisions(
    pipeline: Any, project: Any, table: pd.DataFrame, words: Words
) -> list[Block]:
    """List who decided what, why and when."""
    rows = [
        [
            str(one["model_id"]),
            words.text(f"models.event.{one['event']}"),
            _known(one["at"], words),
            str(one["who"]),
            str(one["reason"]),
        ]
        for model in table["model_id"]
        for one in pipeline.model_facts(project, model)["decisions"]
    ]
    names = ("model", "event", "at", "who", "reason")
    heads = [words.text(f"models.column.{name}") for name in names]
    return [blocks.table(words.text("pages.model.decisions"), heads, rows)]


def card_maker(model_id: str) -> Callable[[], bytes]:
    """Make the function that writes a model's card, when somebody asks for it.

    Parameters
    ----------
    model_id
        The model.

    Returns
    -------
    callable
        Gives a zip.
    """

    def make(project: Any) -> bytes:
        pipeline: Any = importlib.import_module("riskmap.pipeline")
        words = {lang: Words(lang).text for lang in LANGUAGES}
        made: bytes = pipeline.card_bytes(project, model_id, words)
        return made

    return access.file_maker(make)


def _day(value: Any) -> datetime.date:
    """Read a day, however a table holds it."""
    return datetime.date.fromisoformat(str(value)[:10])


def _known(value: Any, words: Words) -> str:
    """Write a day; said to be unknown if there is none."""
    return words.date(_day(value)) if str(value) else words.text("number.unsaid")
