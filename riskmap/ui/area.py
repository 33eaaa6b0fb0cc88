"""An area that somebody drew or loaded: what it holds, in words and tables."""

import base64
import binascii
import functools
import importlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pandas as pd
import streamlit as st

from riskmap.errors import AreaFaultyError, RiskmapError
from riskmap.i18n import Words
from riskmap.ui import blocks, state
from riskmap.ui.tables import View

# what of the model is not in the address: whence it came, what is wrong with it, and a
# number that tells the page to take it
NAME, FAULT, STAMP, FLY_TO = "area_name", "area_fault", "area_stamp", "area_fly"
LONGEST_NAME = 120
MOST_BYTES = 2_000_000
DIGITS_KM2 = 1
VALUE_DIGITS = 3


def _pipeline() -> Any:
    """Give the pipeline, imported when first needed."""
    return importlib.import_module("riskmap.pipeline")


def part(model: state.Model) -> dict[str, Any]:
    """Give what the map needs of the area.

    Parameters
    ----------
    model
        This person's choices.

    Returns
    -------
    dict
        ``area`` and ``tools``.
    """
    return {
        "area": {
            "polygons": model[state.AREA],
            "stamp": model.setdefault(STAMP, 0),
            "fly": bool(model.get(FLY_TO)),
        },
        "tools": {"draw": True},
    }


def take(model: state.Model, key: str) -> Mapping[str, Callable[[], None]]:
    """Make the callbacks that put a drawn or loaded area into the model.

    Parameters
    ----------
    model
        This person's choices.
    key
        Key of the map's component.

    Returns
    -------
    Mapping
        ``on_area_change`` and ``on_file_change``.
    """

    def drawn() -> None:
        told = st.session_state[key].get("area")
        polygons = told.get("polygons") if isinstance(told, dict) else None
        model.update({NAME: "", FAULT: None, FLY_TO: False})
        if not polygons:
            model[state.AREA] = []
            return
        _settle(model, lambda: _pipeline().drawn_area(polygons))

    def loaded() -> None:
        told = st.session_state[key].get("file")
        if not isinstance(told, dict):
            return
        name = str(told.get("name", ""))[:LONGEST_NAME]
        model.update({FAULT: None})
        if _settle(model, lambda: _pipeline().parse_area(_bytes(told, name), name)):
            model.update({NAME: name, FLY_TO: True, STAMP: model.get(STAMP, 0) + 1})

    return {"on_area_change": drawn, "on_file_change": loaded}


def _bytes(told: Mapping[str, Any], name: str) -> bytes:
    """Open what the page sent of a file."""
    text = told.get("data")
    try:
        data = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (binascii.Error, ValueError) as error:
        msg = f"{name!r} did not arrive whole."
        raise AreaFaultyError(msg, path=name, reason="corners") from error
    return data[: MOST_BYTES + 1]


def _settle(model: state.Model, make: Callable[[], Any]) -> bool:
    """Put an area into the model, or what is wrong with it; an old one stays."""
    try:
        shape = make()
    except RiskmapError as error:
        model[FAULT] = error
        return False
    model[state.AREA] = [
        [
            [list(corner) for corner in ring.coords][:-1]
            for ring in (one.exterior, *one.interiors)
        ]
        for one in shape.geoms
    ]
    return True


def facts_of(view: View, polygons: Any) -> Any:
    """Work out what an area holds, once for each state of the project.

    Parameters
    ----------
    view
        What the page shows.
    polygons
        Coordinates as of a GeoJSON MultiPolygon.

    Returns
    -------
    riskmap.pipeline.AreaFacts
        Shared: nobody changes it.

    Raises
    ------
    AreaFaultyError
        If they bound no area.
    """
    known = _Known(view)
    return _facts(known, orjson.dumps(polygons))


class _Known:
    """A view that is the same to a cache if its state is."""

    def __init__(self, view: View) -> None:
        self.view = view

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.view.digest == self.view.digest

    def __hash__(self) -> int:
        return hash(self.view.digest)


@functools.lru_cache(maxsize=32)
def _facts(known: _Known, polygons: bytes) -> Any:
    """Ask the pipeline."""
    shape = _pipeline().drawn_area(orjson.loads(polygons))
    return _pipeline().describe_area(known.view.tables, shape)


def show(view: View, model: state.Model, words: Words) -> None:
    """Draw what is known of the area, under the map.

    Parameters
    ----------
    view
        What the page shows.
    model
        This person's choices.
    words
        Words of the language.
    """
    fault = model.get(FAULT)
    said = []
    if model[state.AREA] and fault is None:
        try:
            said = described(view, model, words)
        except RiskmapError as error:
            fault = error
    if fault is not None:
        said = [blocks.text(words.error(fault), role="alert")]
    if said:
        blocks.mount(said, key="area", lang=words.lang)


def described(view: View, model: state.Model, words: Words) -> list[blocks.Block]:
    """Put what is known of the area into blocks.

    Parameters
    ----------
    view
        What the page shows.
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
    AreaFaultyError
        If the address outlined no area.
    """
    facts = facts_of(view, model[state.AREA])
    name = model.get(NAME) or ""
    title = words.text("tool.area.title")
    said = [blocks.heading(f"{title}: {name}" if name else title)]
    said.append(blocks.text("\n".join(_sentences(facts, words))))
    if not len(facts.cells):
        return said
    said.append(_scores(facts, words))
    said.append(_records(facts, words))
    if len(facts.means):
        said.append(_means(facts, words))
    if len(facts.landmarks):
        said += _landmarks(facts.landmarks, words)
    return said


def _sentences(facts: Any, words: Words) -> list[str]:
    """Say how large an area is, and what its figures are of."""

    def km2(value: float) -> str:
        return words.number(value, digits=DIGITS_KM2)

    said = [
        words.text(
            "tool.area.size",
            area=km2(facts.area_km2),
            us=km2(facts.us_km2),
            mx=km2(facts.mx_km2),
        )
    ]
    if not len(facts.cells):
        return [*said, words.text("tool.area.outside")]
    key = "tool.area.one" if facts.within_one else "tool.area.cells"
    cells = words.number(len(facts.cells))
    said.append(words.text(key, cells=cells, area=km2(facts.cells_km2)))
    return said


def _scores(facts: Any, words: Words) -> blocks.Block:
    """List the events expected of each score, with the interval of their sum."""
    rows = []
    for score, row in facts.scores.iterrows():
        low, high = (words.number(row[end], significant=2) for end in ("low", "high"))
        none = pd.isna(row["expected"])
        rows.append(
            (
                words.text(f"score.{score}"),
                words.number(row["expected"], significant=2),
                low if none else words.text("tool.area.interval", low=low, high=high),
                words.percent(row["no_data_share"]),
            )
        )
    heads = ("score", "expected", "interval", "no_data")
    return blocks.table(
        words.text("tool.area.scores"),
        [words.text(f"tool.area.head.{head}") for head in heads],
        rows,
        numbers=(1, 2, 3),
    )


def _records(facts: Any, words: Words) -> blocks.Block:
    """List the records of each kind: in all, by year, and how much nobody watched."""
    rows = []
    for kind, row in facts.watched.iterrows():
        own = facts.records[facts.records["kind"] == kind]
        years = ", ".join(
            f"{year}: {words.number(events)}"
            for year, events in zip(own["year"], own["events"], strict=True)
        )
        total = int(own["events"].sum())
        blind = row["no_data_share"]
        # where nobody looked, nothing recorded is no zero
        unknown = not total and blind >= 1
        rows.append(
            (
                words.text(f"kind.{kind}"),
                words.number(None if unknown else total),
                words.percent(blind),
                years or "-",
            )
        )
    heads = ("kind", "records", "no_data_years", "years")
    span = facts.watched[["from_year", "to_year"]].iloc[0] if rows else (0, 0)
    first, last = (str(int(year)) for year in span)
    return blocks.table(
        words.text("tool.area.records", first=first, last=last),
        [words.text(f"tool.area.head.{head}") for head in heads],
        rows,
        numbers=(1, 2),
    )


def _means(facts: Any, words: Words) -> blocks.Block:
    """List the means of the hazards over the area that has them."""
    rows = []
    for hazard, row in facts.means.iterrows():
        mean = words.number(row["mean"], significant=VALUE_DIGITS)
        unit = "" if row["unit"] == "1" else f" {row['unit']}"
        missing = words.percent(row["no_data_share"])
        rows.append((words.text(f"layer.{hazard}"), mean + unit, missing))
    heads = ("hazard", "mean", "no_data")
    return blocks.table(
        words.text("tool.area.means"),
        [words.text(f"tool.area.head.{head}") for head in heads],
        rows,
        numbers=(1, 2),
    )


def _landmarks(landmarks: Any, words: Words) -> list[blocks.Block]:
    """Count the landmarks in the area by kind, and name them below."""
    named = landmarks.assign(
        name=landmarks[f"name_{words.lang}"].astype("str"),
        said=[words.text(f"landmark_kind.{kind}") for kind in landmarks["kind"]],
    ).sort_values(["said", "name"], kind="stable")
    counts = named.groupby("said", sort=True)["name"].count()
    rows = [(str(kind), words.number(count)) for kind, count in counts.items()]
    table = blocks.table(
        words.text("tool.area.landmarks"),
        [words.text(f"tool.area.head.{head}") for head in ("landmark", "number")],
        rows,
        numbers=(1,),
    )
    lines = [
        f"{kind}: {name}"
        for kind, name in zip(named["said"], named["name"], strict=True)
    ]
    return [table, blocks.folded(words.text("tool.area.names"), "\n".join(lines))]
