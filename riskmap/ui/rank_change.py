"""What moved since the last assessment, and whether data or the model moved it."""

import importlib
from typing import Any

import streamlit as st

from riskmap.i18n import Words
from riskmap.ui import access, blocks, jobs, state
from riskmap.ui.blocks import Block

JOB = "ranks"
LONGEST = 40


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def show(score: str, model: state.Model, words: Words) -> None:
    """Draw the heading, the button and what was found of a score.

    Parameters
    ----------
    score
        Name of the score.
    model
        This person's choices; what was found for another score is not shown.
    words
        Words of the language.
    """
    st.header(words.text("ranks.heading"), anchor=False)
    if jobs.watch(JOB, words):
        return
    st.button(words.text("ranks.compare"), key="ranks", on_click=begin, args=(score,))
    said = jobs.outcome(JOB, words)
    job = jobs.current(JOB)
    if job and job.result is not None and job.about == score:
        said += told(job.result, words)
    if said:
        blocks.mount(said, key="ranks-told", lang=model[state.LANGUAGE])


def begin(score: str) -> None:
    """Begin to compare the newest assessment with the last that was another.

    Parameters
    ----------
    score
        Name of the score.
    """
    open_it = access.opener("run")

    def work(progress: jobs.Progress) -> Any:
        return _pipeline().rank_changes(open_it(), score, progress=progress)

    # nothing is stored: it can stop, or be let go
    jobs.start(JOB, jobs.Job(work, loose=True, about=score))


def told(found: Any, words: Words) -> list[Block]:
    """Say what moved, and list the cells that entered the list or left it.

    Parameters
    ----------
    found
        As :func:`riskmap.pipeline.rank_changes` returns it.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    said = [*_pipeline().say_rank_changes(found, words), words.text("ranks.help")]
    listed = found.listed().head(LONGEST)
    if listed.empty:
        return [blocks.text("\n".join([*said, words.text("ranks.none")]))]
    rows = [
        [
            f"{cell:x}",
            words.text(f"side.{row['side']}"),
            words.number(float(row["km"]), digits=0),
            words.text(f"ranks.list.{row['list']}"),
            words.number(row["before"], digits=0),
            words.number(row["after"], digits=0),
            words.number(row["by_data"], digits=1),
            words.number(row["by_model"], digits=1),
            words.text(f"ranks.cause.{row['cause']}"),
        ]
        for cell, row in zip(
            listed.index.tolist(), listed.to_dict("records"), strict=True
        )
    ]
    names = ("list", "before", "after", "by_data", "by_model", "cause")
    heads = [words.text(f"cli.column.{name}") for name in ("cell", "side", "km")]
    heads += [words.text(f"ranks.column.{name}") for name in names]
    numbers = (2, 4, 5, 6, 7)
    table = blocks.table(words.text("ranks.title"), heads, rows, numbers=numbers)
    return [blocks.text("\n".join(said)), table]
