"""Scenarios: what a new one is to change, and what is done with those there are."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from riskmap.i18n import Words
from riskmap.ui import access, blocks, jobs, state
from riskmap.ui.blocks import Block
from riskmap.ui.scenario_view import BESIDE, SHOWN, WHAT

# a new scenario, while somebody thinks of it: theirs alone, in no address
NAME, TARGET, DAY, MONTH, NOTE = (
    "new_name",
    "new_of",
    "new_day",
    "new_month",
    "new_note",
)
CALLED = "new_called"
WEIGHT = "new_weight_"

JOB = "scenario"

# what a part may count for, in place of once
FACTORS = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
ONCE = 1.0

COLUMNS = 4

# no month stands for the configured one
MONTHS = tuple(range(13))


def _pipeline() -> Any:
    """Import the pipeline when it is first asked."""
    return importlib.import_module("riskmap.pipeline")


def start(model: state.Model) -> None:
    """Give a new scenario what holds until something is chosen.

    Parameters
    ----------
    model
        This person's choices.
    """
    usual = {NAME: "", TARGET: _pipeline().SCORES[0], DAY: "", MONTH: 0, NOTE: ""}
    weights = {f"{WEIGHT}{part}": ONCE for part in _pipeline().SCORE_PARTS}
    for name, value in {**usual, **weights, CALLED: ""}.items():
        model.setdefault(name, value)


def begin(model: state.Model) -> None:
    """Begin to work the new scenario out, beside the page.

    Parameters
    ----------
    model
        This person's choices.
    """
    pipeline, open_it = _pipeline(), access.opener("run")
    target = str(model[TARGET])
    factors = {part: model[f"{WEIGHT}{part}"] for part in pipeline.SCORE_PARTS}
    changes = pipeline.Changes(
        target=target,
        as_of=str(model[DAY]).strip(),
        weights={part: factor for part, factor in factors.items() if factor != ONCE},
        month=int(model[MONTH]) if target == pipeline.SCORES[0] else 0,
    )
    name, note = str(model[NAME]), str(model[NOTE])

    def work(told: jobs.Progress) -> Any:
        told(JOB, 0, 1)
        return pipeline.create_scenario(
            open_it(), name, changes, note=note, progress=told
        )

    jobs.start(JOB, jobs.Job(work, last_chance="store", about="made"))


def begin_refresh(scenario_id: str) -> None:
    """Begin to work a scenario out anew.

    Parameters
    ----------
    scenario_id
        Which.
    """
    open_it = access.opener("run")

    def work(told: jobs.Progress) -> Any:
        told(JOB, 0, 1)
        return _pipeline().refresh_scenario(open_it(), scenario_id, progress=told)

    jobs.start(JOB, jobs.Job(work, last_chance="store", about="refreshed"))


def begin_remove(scenario_id: str) -> None:
    """Take a scenario off the list.

    Parameters
    ----------
    scenario_id
        Which.
    """
    open_it = access.opener("edit")

    def work(_: jobs.Progress) -> Any:
        return _pipeline().remove_scenario(open_it(), scenario_id)

    job = jobs.Job(work, about="removed")
    job.wait()
    jobs.start(JOB, job)


def begin_rename(scenario_id: str, model: state.Model) -> None:
    """Give a scenario the name that somebody typed.

    Parameters
    ----------
    scenario_id
        Which.
    model
        This person's choices.
    """
    open_it, name = access.opener("edit"), str(model[CALLED])

    def work(_: jobs.Progress) -> Any:
        return _pipeline().rename_scenario(open_it(), scenario_id, name)

    job = jobs.Job(work, about="renamed")
    job.wait()
    jobs.start(JOB, job)


def take_made(model: state.Model) -> None:
    """Show a scenario that has just been made, once.

    Parameters
    ----------
    model
        This person's choices.
    """
    job = jobs.current(JOB)
    if job and not job.running and job.about == "made" and job.result:
        job.about = "made and shown"
        model.update({SHOWN: job.result.scenario_id, BESIDE: "", WHAT: "", NAME: ""})


def done(words: Words) -> list[Block]:
    """Say what the last work came to.

    Parameters
    ----------
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks; none where nothing was done.
    """
    job = jobs.current(JOB)
    if job is None or job.running or job.result is None:
        return jobs.outcome(JOB, words)
    key = f"scenario.{str(job.about).split()[0]}"
    named = {"scenario_id": job.result.scenario_id, "name": job.result.name}
    return [blocks.text(words.text(key, **named), role="alert")]


@dataclass(frozen=True, kw_only=True)
class Menu:
    """A choice of one out of several.

    Parameters
    ----------
    name
        Of the choice in the model.
    label
        What is chosen.
    codes
        What there is to choose from.
    written
        Says a code in words.
    """

    name: str
    label: str
    codes: tuple[Any, ...]
    written: Callable[[Any], str]


def menus(target: str, words: Words) -> list[Menu]:
    """List what can be chosen of a new scenario.

    Parameters
    ----------
    target
        The score chosen.
    words
        Words of the language.

    Returns
    -------
    list of Menu
        No month for a score that may not read what saves lives.
    """
    pipeline = _pipeline()
    said = [
        Menu(
            name=TARGET,
            label=words.text("scenario.column.score"),
            codes=pipeline.SCORES,
            written=lambda code: words.text(f"score.{code}"),
        )
    ]
    said += [
        Menu(
            name=f"{WEIGHT}{part}",
            label=words.text("scenario.weigh", part=words.text(f"part.{part}")),
            codes=FACTORS,
            written=lambda factor: words.text("scenario.factor", factor=factor),
        )
        for part in pipeline.SCORE_PARTS
    ]
    if target == pipeline.SCORES[0]:
        said.append(
            Menu(
                name=MONTH,
                label=words.text("scenario.month"),
                codes=MONTHS,
                written=lambda month: words.text(
                    f"change.month.{month}" if month else "scenario.month.usual"
                ),
            )
        )
    return said


def form(model: state.Model, words: Words, *, busy: bool) -> None:
    """Draw what a new scenario is to change, and the button that works it out.

    Parameters
    ----------
    model
        This person's choices.
    words
        Words of the language.
    busy
        True while other work of this person runs.
    """
    texts = (NAME, DAY, NOTE)
    for place, name in zip(st.columns(len(texts)), texts, strict=True):
        place.text_input(
            words.text(f"scenario.{name}"),
            autocomplete="off",
            **state.widget(model, name),
        )
    columns = st.columns(COLUMNS)
    for at, menu in enumerate(menus(str(model[TARGET]), words)):
        columns[at % COLUMNS].selectbox(
            menu.label,
            menu.codes,
            format_func=menu.written,
            filter_mode=None,
            **state.widget(model, menu.name),
        )
    said = [blocks.text(words.text("scenario.new.help"))]
    blocks.mount(said, key="new-help", lang=words.lang)
    st.button(
        words.text("scenario.do.make"),
        key="make",
        type="primary",
        on_click=begin,
        args=(model,),
        disabled=busy,
    )
