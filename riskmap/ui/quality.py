"""How far the records can be trusted, in words."""

import datetime
import importlib
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from riskmap.i18n import Words
from riskmap.ui import access, blocks
from riskmap.ui.blocks import Block

# a value from outside is quoted to this length
LONGEST_VALUE = 60
NO_DAY = "\N{EN DASH}"


def load(folder: Path | None = None) -> Any:
    """Give the tables of quality, made once for each state of the project.

    Parameters
    ----------
    folder
        The project folder; None for the one this process shows.

    Returns
    -------
    riskmap.pipeline.Quality
        Shared between all who look at the same state.

    Raises
    ------
    ProjectError
        If there is no project, or it cannot be read.
    """
    project = access.opened("table", folder)
    return _read(access.view_key("table", folder), project)


# Streamlit's key is every argument but those that begin with a line
@st.cache_resource(max_entries=2, show_spinner=False)
def _read(seen: str, _project: Any) -> Any:  # noqa: ARG001
    """Ask the pipeline, once for each state and what is seen of it."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    return pipeline.read_quality(_project)


def _named(words: Words, key: str, code: str) -> str:
    """Name a code in words, or leave it as it is."""
    return words.text(key) if words.has(key) else code


def day(value: Any, words: Words) -> str:
    """Write a day; a dash for none.

    Parameters
    ----------
    value
        A day, however a table holds it.
    words
        Words of the language.

    Returns
    -------
    str
        As the language writes it.
    """
    if pd.isna(value):
        return NO_DAY
    return words.date(datetime.date.fromisoformat(str(value)[:10]))


def _source(code: str, words: Words) -> str:
    """Name a source."""
    return _named(words, f"ui.source.{code}", code)


def register(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say how many records there are by source and kind.

    Parameters
    ----------
    table
        ``register`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if table.empty:
        return [blocks.text(words.text("ui.quality.no_records"))]
    rows = [
        [
            _named(words, f"kind.{row['kind']}", str(row["kind"])),
            _source(str(row["source"]), words),
            words.number(int(row["records"])),
            day(row["from_on"], words),
            day(row["to_on"], words),
        ]
        for row in table.to_dict("records")
    ]
    columns = ("kind", "source", "records", "first", "last")
    total = words.number(int(table["records"].sum()))
    return [
        blocks.table(
            words.text("ui.quality.register", records=total),
            [words.text(f"ui.quality.{name}") for name in columns],
            rows,
            numbers=(2,),
        )
    ]


def coverage(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say where each source looks, and that elsewhere is no data.

    Parameters
    ----------
    table
        ``coverage`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    rows = []
    for row in table.to_dict("records"):
        ends = [words.number(float(row[end]), digits=0) for end in ("from_km", "to_km")]
        rows.append(
            [
                _source(str(row["source"]), words),
                words.text(f"side.{row['side']}"),
                words.text("number.span", low=ends[0], high=ends[1]),
                words.text(f"ui.quality.{row['state']}"),
                day(row["from_on"], words),
                day(row["to_on"], words),
            ]
        )
    columns = ("source", "side", "km", "covered", "first", "last")
    return [
        blocks.table(
            words.text("ui.quality.coverage"),
            [words.text(f"ui.quality.{name}") for name in columns],
            rows,
            numbers=(2,),
        ),
        blocks.text(words.text("ui.quality.coverage_note")),
    ]


def faults(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say what is wrong with the rows that wait, with examples.

    Parameters
    ----------
    table
        ``faults`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if table.empty:
        return [blocks.text(words.text("ui.quality.no_faults"))]
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    rows = []
    for row in table.to_dict("records"):
        first = row["examples"][0]
        said = words.text(
            f"fault.{row['code']}",
            column=str(first["column"]),
            value=_short(str(first["value"])),
        )
        places = [
            words.text(
                "ui.quality.example",
                file=str(one["file"]),
                at=pipeline.say_where(one, words.text),
            )
            for one in row["examples"]
        ]
        rows.append([said, words.number(int(row["rows"])), "; ".join(places)])
    columns = ("fault", "rows", "examples")
    return [
        blocks.table(
            words.text("ui.quality.faults"),
            [words.text(f"ui.quality.{name}") for name in columns],
            rows,
            numbers=(1,),
        ),
        blocks.text(words.text("ui.quality.faults_note")),
    ]


def _short(value: str) -> str:
    """Cut a long value."""
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"


def deliveries(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say which files came, and what became of their rows.

    Parameters
    ----------
    table
        ``deliveries`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    numbers = ("rows_in", "accepted", "quarantined", "duplicates")
    rows = [
        [
            str(row["file"]),
            words.text(f"step.{row['register']}"),
            day(row["known_at"], words),
            *(words.number(int(row[name])) for name in numbers),
        ]
        for row in table.to_dict("records")
    ]
    columns = ("file", "what", "known_at", *numbers)
    return [
        blocks.table(
            words.text("ui.quality.deliveries"),
            [words.text(f"ui.quality.{name}") for name in columns],
            rows,
            numbers=(3, 4, 5, 6),
        ),
        blocks.text(words.text("ui.quality.deliveries_note")),
    ]


def grades(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say how well the records are known, and how they are marked.

    Parameters
    ----------
    table
        ``grades`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if table.empty:
        return []
    rows = [
        [
            _named(words, f"place_basis.{row['accuracy_basis']}", NO_DAY),
            _named(words, f"confirmation.{row['confirmation']}", NO_DAY),
            str(row["marking"]) or NO_DAY,
            words.number(int(row["records"])),
        ]
        for row in table.to_dict("records")
    ]
    columns = ("place_basis", "confirmation", "marking", "records")
    return [
        blocks.table(
            words.text("ui.quality.grades"),
            [words.text(f"ui.quality.{name}") for name in columns],
            rows,
            numbers=(3,),
        ),
    ]


def timeliness(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say how late each feed is, and which has gone silent.

    Parameters
    ----------
    table
        ``timeliness`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if table.empty:
        return []
    rows = []
    for row in table.to_dict("records"):
        agreed = not pd.isna(row["limit_days"])
        delay = "late" if row["late"] else "timely" if agreed else "no_limit"
        states = [delay, "stale"] if row["stale"] else [delay]
        rows.append(
            [
                _source(str(row["source"]), words),
                words.text(f"delay_basis.{row['basis']}"),
                words.number(float(row["median_days"]), digits=0),
                words.number(float(row["p90_days"]), digits=0),
                day(row["newest_on"], words),
                day(row["last_known_on"], words),
                "; ".join(words.text(f"feed_state.{code}") for code in states),
            ]
        )
    columns = ("source", "until", "median_days", "p90_days", "newest", "last_known")
    return [
        blocks.table(
            words.text("ui.quality.timeliness"),
            [words.text(f"ui.quality.{name}") for name in (*columns, "feed")],
            rows,
            numbers=(2, 3),
        ),
        blocks.text(words.text("ui.quality.timeliness_note")),
    ]


def completeness(table: pd.DataFrame, words: Words) -> list[Block]:
    """Say in which counties and municipios sources report, and where nobody looks.

    Parameters
    ----------
    table
        ``completeness`` of :class:`riskmap.pipeline.Quality`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if table.empty:
        return [blocks.text(words.text("ui.quality.no_completeness"))]
    states = ("reporting", "not_reporting", "unknown")
    rows = [
        [
            words.text(f"purpose.{row['purpose']}"),
            words.text(f"side.{row['side']}"),
            str(row["name"]),
            *(words.number(int(row[state])) for state in states),
            # what nobody looked at has no number, least of all zero
            words.number(int(row["records"]) if row["reporting"] else None),
            str(row["last_month"]) or NO_DAY,
        ]
        for row in table.to_dict("records")
    ]
    columns = [words.text(f"ui.quality.{n}") for n in ("purpose", "side", "district")]
    columns += [words.text(f"completeness.{state}") for state in states]
    columns += [words.text(f"ui.quality.{n}") for n in ("records", "last_month")]
    return [
        blocks.table(
            words.text("ui.quality.completeness"), columns, rows, numbers=(3, 4, 5, 6)
        ),
        blocks.text(words.text("ui.quality.completeness_note")),
    ]
