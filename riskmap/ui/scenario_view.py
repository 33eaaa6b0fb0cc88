"""Scenario view: a scenario beside another map, in sentences and tables."""

import datetime
import functools
import importlib
from typing import Any
from urllib.parse import urlencode

from riskmap.i18n import Words
from riskmap.ui import access, blocks, state
from riskmap.ui.blocks import Block

# what the address of the page holds
SHOWN, BESIDE, WHAT, ORDER = "scenario", "beside", "what", "order"
CHOSEN = (SHOWN, BESIDE, WHAT, ORDER)
NAMES = (state.LANGUAGE, *CHOSEN)

# for several people and choices at once
KEPT = 16

ROWS = 15
SIGNIFICANT = 2
NONE = "\N{EN DASH}"

# before the name of a layer of values, as the map writes it in its address
VALUE = "value-"


def _pipeline() -> Any:
    """Import the pipeline when it is first asked."""
    return importlib.import_module("riskmap.pipeline")


def known() -> tuple[Any, ...]:
    """List the scenarios of the project.

    Returns
    -------
    tuple of riskmap.pipeline.Scenario
        In the order they were made.

    Raises
    ------
    RiskmapError
        If there is no project, or it may not be seen.
    """
    return tuple(one for one, _ in _listed(_key()))


def _key() -> tuple[object, ...]:
    """Name the state of the ledger, and what whoever asks sees of it.

    What a scenario is made of can change while all tables stay as they are.
    """
    return access.view_key(), access.state_of(access.project_folder())


@functools.lru_cache(maxsize=KEPT)
def _listed(_: tuple[object, ...]) -> tuple[tuple[Any, str], ...]:
    """Read scenarios and how each stands, once for each state and whoever sees it."""
    project, pipeline = access.opened(), _pipeline()
    return tuple(
        (one, pipeline.scenario_state(project, one.changes))
        for one in pipeline.list_scenarios(project)
    )


@functools.lru_cache(maxsize=KEPT)
def _found(_: tuple[object, ...], after: str, before: str, what: str) -> Any:
    """Compare two maps, once for each state of the project and whoever sees it."""
    return _pipeline().compare_scenarios(access.opened(), after, before, what=what)


def choices(model: state.Model, listed: tuple[Any, ...]) -> dict[str, tuple[str, ...]]:
    """List what can be chosen of the scenarios there are.

    Parameters
    ----------
    model
        This person's choices.
    listed
        From :func:`known`.

    Returns
    -------
    dict
        Name to codes; ``""`` stands for the map of the last run.
    """
    ids = tuple(one.scenario_id for one in listed) or ("",)
    asked = model.get(SHOWN)
    shown = next((one for one in listed if one.scenario_id == asked), None)
    shown = shown or (listed[0] if listed else None)
    if shown is None:
        return {SHOWN: ids, BESIDE: ("",), WHAT: ("",), ORDER: _pipeline().ORDERS}
    alike = [
        one
        for one in listed
        if one.changes.target == shown.changes.target and one is not shown
    ]
    other = next((o for o in alike if o.scenario_id == model.get(BESIDE)), None)
    layers = [
        layer
        for one in (shown, other)
        if one
        for layer in _pipeline().layers_of_scenario(one.changes)
    ]
    return {
        SHOWN: ids,
        BESIDE: ("", *(one.scenario_id for one in alike)),
        WHAT: tuple(dict.fromkeys(layers)),
        ORDER: _pipeline().ORDERS,
    }


def register(listed: tuple[Any, ...], words: Words) -> list[Block]:
    """List the scenarios: what each changes, how it stands, and its map.

    Parameters
    ----------
    listed
        From :func:`known`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if not listed:
        return [blocks.text(words.text("scenario.none"))]
    states = {one.scenario_id: state for one, state in _listed(_key())}
    pipeline = _pipeline()
    rows: list[list[blocks.Said]] = []
    for one in listed:
        current = states[one.scenario_id]
        rows.append(
            [
                one.name,
                one.scenario_id,
                words.text(f"score.{one.changes.target}"),
                "; ".join(pipeline.say_changes(one.changes, words.text)),
                words.text(f"scenario.state.{current}"),
                words.date(datetime.date.fromisoformat(one.at[:10])),
                _map_link(one, words) if current == "current" else NONE,
            ]
        )
    heads = ("name", "scenario", "score", "changes", "state", "made", "map")
    columns = [words.text(f"scenario.column.{head}") for head in heads]
    return [blocks.table(words.text("scenario.title"), columns, rows)]


def layer_of(one: Any, what: str) -> str:
    """Name the map's layer of a scenario.

    Parameters
    ----------
    one
        The scenario.
    what
        The score or a hazard.

    Returns
    -------
    str
        As the map's address has it.
    """
    return f"{VALUE}{_pipeline().scenario_layer_name(one, what)}"


def _map_link(one: Any, words: Words) -> dict[str, str]:
    """Link to the map with the scenario beside the last run, and their difference."""
    what = _pipeline().layers_of_scenario(one.changes)[0]
    scored = what == one.changes.target
    asked = {
        state.LANGUAGE: words.lang,
        state.LAYER: what if scored else f"{VALUE}{what}",
        state.SECOND: layer_of(one, what),
        state.DIFFERENCE: state.YES,
    }
    return blocks.link(words.text("scenario.map"), f"./?{urlencode(asked)}")


def compared(model: state.Model, words: Words) -> list[Block]:
    """Say what the chosen scenario changes, in sentences and tables.

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

    Raises
    ------
    RiskmapError
        If the two cannot be compared.
    """
    pipeline = _pipeline()
    asked = (str(model[name]) for name in (SHOWN, BESIDE, WHAT))
    found = _found(_key(), *asked)
    family = "score" if words.has(f"score.{found.what}") else "layer"
    named = {"what": words.text(f"{family}.{found.what}"), "after": found.after.name}
    key = "scenario.compare.title_base"
    if found.before:
        key, named["before"] = "scenario.compare.title", found.before.name
    days = [words.date(datetime.date.fromisoformat(day)) for day in found.as_of]
    told = words.text("scenario.compare.days", before=days[0], after=days[1])
    said = [
        blocks.heading(words.text(key, **named)),
        blocks.text("\n".join(pipeline.say_changes(found.after.changes, words.text))),
        blocks.text(told),
        blocks.listed(pipeline.say_comparison(found, words.text)),
        _cells(found, str(model[ORDER]), words),
    ]
    if len(found.zones):
        said += [_zones(found.zones, words)]
        said += [blocks.text(words.text("scenario.zones.note"))]
    return said


def _cells(found: Any, order: str, words: Words) -> Block:
    """List the cells that changed most, each with a link to the map."""
    cells = found.listed(ROWS, order=order)
    scored = found.what == found.after.changes.target
    first = found.what if scored else f"{VALUE}{found.what}"
    if found.before:
        first = layer_of(found.before, found.what)
    rows: list[list[blocks.Said]] = []
    for cell, row in zip(cells.index.tolist(), cells.to_dict("records"), strict=True):
        asked = {
            state.LANGUAGE: words.lang,
            state.LAYER: first,
            state.CELL: f"{cell:x}",
            state.SECOND: layer_of(found.after, found.what),
            state.DIFFERENCE: state.YES,
        }
        part = str(row["part"])
        size = _number(row["part_change"], words, sign=True)
        rows.append(
            [
                blocks.link(f"{cell:x}", f"./?{urlencode(asked)}"),
                words.text(f"side.{row['side']}"),
                words.number(float(row["km"]), digits=0),
                _ranks(row, words),
                _figure(row, "before", words),
                _figure(row, "after", words),
                f"{words.text(f'scenario.part.{part}')}: {size}" if part else NONE,
                words.text(f"scenario.doubt.{row['doubt']}"),
            ]
        )
    heads = ("cell", "side", "km", "rank", "before", "after", "why", "doubt")
    columns = [words.text(f"scenario.column.{head}") for head in heads]
    title = "scenario.cells.title" if order == "change" else "scenario.cells.rank_title"
    return blocks.table(words.text(title), columns, rows, numbers=(2, 3, 4, 5))


def _zones(zones: Any, words: Words) -> Block:
    """List the zones of both maps, those of each side together."""
    first = zones.groupby("side", sort=False).head(ROWS)
    rows: list[list[blocks.Said]] = [
        [
            row[f"landmark_{words.lang}"],
            words.text(f"side.{row['side']}"),
            _ranks(row, words),
            _figure(row, "expected_before", words),
            _figure(row, "expected_after", words),
            words.text(f"scenario.doubt.{row['doubt']}"),
        ]
        for row in first.to_dict("records")
    ]
    heads = ("place", "side", "rank", "before", "after", "doubt")
    columns = [words.text(f"scenario.column.{head}") for head in heads]
    title = words.text("scenario.zones.title")
    return blocks.table(title, columns, rows, numbers=(2, 3, 4), folded=True)


def _number(value: float, words: Words, *, sign: bool = False) -> str:
    """Write a number with two digits that count; a dash for none."""
    # a missing number is the one that differs from itself
    if value != value:  # noqa: PLR0124
        return NONE
    said = words.number(float(value), significant=SIGNIFICANT)
    return f"+{said}" if sign and value > 0 else said


def _figure(row: dict[str, Any], name: str, words: Words) -> str:
    """Write a figure with its interval."""
    said = _number(row[name], words)
    low, high = (_number(row[f"{name}_{end}"], words) for end in ("low", "high"))
    if NONE in {said, low, high}:
        return said
    return f"{said} ({words.text('number.span', low=low, high=high)})"


def _ranks(row: dict[str, Any], words: Words) -> str:
    """Write rank before and after; a dash for none."""
    before, after = (
        words.number(int(row[f"rank_{side}"]))
        if str(row[f"rank_{side}"]).isdigit()
        else NONE
        for side in ("before", "after")
    )
    return words.text("scenario.ranks", before=before, after=after)
