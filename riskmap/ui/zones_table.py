"""The ranked zones: which are chosen, as a table, as bars and as files."""

import functools
import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import access, blocks, plots, state, tables
from riskmap.ui.blocks import Block

# names in the address, besides those of the map
SCORE, SIDE, UNIT, MOST = "score", "side", "unit", "most"
ZONE_NAMES = (state.LANGUAGE, SCORE, SIDE, state.REGION, UNIT, MOST)

SIDES = ("", "US", "MX")
UNIT_KINDS = ("us_county", "mx_municipio")
BARS = 12

# how many zones the table shows
ALL = "all"
HOW_MANY = ("20", "50", ALL)

# a zone's view: a map 900 pixels wide shows this many degrees at zoom 0
DEGREES_AT_ZOOM_0 = 360 * 900 / 256
ZOOMS = (7, 12)
# a zone fills this share of the view
FILL = 0.4

COLUMNS = (
    *("rank", "joint_rank", "side", "from_km", "area_km2", "cells"),
    *("expected_per_year", "expected_low_per_year", "share_of_score"),
)


def options(view: tables.View, known: Any) -> dict[str, Sequence[str]]:
    """List what can be chosen on the page.

    Parameters
    ----------
    view
        What the pages show.
    known
        Where places are, as :func:`riskmap.ui.places.whereabouts` gives it; None if
        that cannot be read.

    Returns
    -------
    dict
        Name to codes.
    """
    return {
        SCORE: list(view.tables.scores),
        SIDE: SIDES,
        UNIT: ["", *units(known)],
        MOST: HOW_MANY,
    }


def units(known: Any) -> Mapping[str, str]:
    """List counties and municipios.

    Parameters
    ----------
    known
        As for :func:`options`.

    Returns
    -------
    Mapping
        Code of each, such as ``us_county:04019``, to its name; by name.
    """
    if known is None:
        return {}
    table = known.units
    table = table[table["kind"].isin(UNIT_KINDS)].sort_values(["kind", "name"])
    codes = table["kind"].astype("str") + ":" + table["code"].astype("str")
    return dict(zip(codes, table["name"].astype("str"), strict=True))


def filters(model: state.Model, view: tables.View, known: Any, words: Words) -> None:
    """Draw what can be chosen, but for the menu of regions.

    Parameters
    ----------
    model
        This person's choices.
    view
        What the pages show.
    known
        As for :func:`options`.
    words
        Words of the language.
    """
    st.segmented_control(
        words.text("pages.zones.score"),
        list(view.tables.scores),
        format_func=lambda score: words.text(f"score.{score}"),
        required=True,
        **state.widget(model, SCORE),
    )
    st.segmented_control(
        words.text("pages.zones.side"),
        SIDES,
        format_func=lambda side: words.text(
            f"side.{side}" if side else "pages.zones.both_sides"
        ),
        required=True,
        **state.widget(model, SIDE),
    )
    st.segmented_control(
        words.text("pages.zones.most"),
        HOW_MANY,
        format_func=lambda most: words.text("pages.zones.all") if most == ALL else most,
        required=True,
        **state.widget(model, MOST),
    )
    names = units(known)
    st.selectbox(
        words.text("pages.zones.unit"),
        ["", *names],
        format_func=lambda code: _unit(code, names, words),
        filter_mode=None,
        **state.widget(model, UNIT),
    )


def _unit(code: str, names: Mapping[str, str], words: Words) -> str:
    """Name a county or municipio with its kind."""
    if not code:
        return words.text("pages.zones.every_unit")
    kind = code.partition(":")[0]
    return words.text(f"pages.zones.{kind}", name=names[code])


def chosen(view: tables.View, model: state.Model) -> pd.DataFrame:
    """Find the zones that are asked for, best first on each side.

    Parameters
    ----------
    view
        What the pages show.
    model
        This person's choices.

    Returns
    -------
    geopandas.GeoDataFrame
        Zones; those with a cell in the region and in the county or municipio.
    """
    found = view.tables.zones
    found = found[found["score"] == model[SCORE]]
    if model[SIDE]:
        found = found[found["side"] == model[SIDE]]
    for code in (model[state.REGION], model[UNIT]):
        part = tables.region(view, code)
        if part is not None:
            found = found[found.index.isin(part.zones)]
    order = "joint_rank" if "joint_rank" in found else "rank"
    return found.sort_values(order, kind="stable")


def name(row: Any, words: Words) -> str:
    """Name a zone by its nearest landmark and kilometre.

    Parameters
    ----------
    row
        One zone.
    words
        Words of the language.

    Returns
    -------
    str
        Such as "Sasabe, 4 km, km 2,110".
    """
    place = row.landmark_en if words.lang == "en" else row.landmark_es
    far = words.number(row.landmark_distance_km, digits=0)
    return words.text("pages.zones.name", place=str(place), far=far)


def address(row: Any, words: Words) -> str:
    """Write the address of the map with a zone chosen.

    Parameters
    ----------
    row
        One zone, its id as ``Index``.
    words
        Words of the language.

    Returns
    -------
    str
        Below the app's own address.
    """
    west, south, east, north = row.geometry.bounds
    wide = max(east - west, (north - south) * 2, 1e-6)
    zoom = math.floor(math.log2(DEGREES_AT_ZOOM_0 * FILL / wide))
    zoom = min(max(zoom, ZOOMS[0]), ZOOMS[1])
    asked = {
        state.LANGUAGE: words.lang,
        state.LAYER: row.score,
        state.ZONE: row.Index,
        state.VIEW: f"{(south + north) / 2:.4f},{(west + east) / 2:.4f},{zoom}",
    }
    return f"./?{urlencode(asked)}"


def table(found: pd.DataFrame, most: str, words: Words) -> list[Block]:
    """Lay the zones out with intervals, and say what each column is.

    Parameters
    ----------
    found
        From :func:`chosen`.
    most
        One of :data:`HOW_MANY`: how many of them.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks.
    """
    if found.empty:
        return [blocks.text(words.text("pages.zones.none"))]
    shown = found if most == ALL else found.head(int(most))
    rows = [_row(row, words) for row in shown.itertuples()]
    heads = [words.text("pages.zones.zone")]
    heads += [words.text(f"pages.zones.{column}") for column in COLUMNS]
    helps = [
        f"{words.text(f'pages.zones.{column}')}: {words.text(f'field.{column}.help')}"
        for column in COLUMNS
        if column not in ("expected_low_per_year", "side")
    ]
    helps.append(words.text("pages.zones.interval_help"))
    caption = words.plural("pages.zones.caption", len(found), shown=len(shown))
    return [
        blocks.text(words.text(f"score.{found['score'].iloc[0]}.help")),
        blocks.table(caption, heads, rows, numbers=(1, 2, 4, 5, 6, 7, 8, 9)),
        blocks.folded(words.text("pages.columns"), "\n".join(helps)),
    ]


def _row(row: Any, words: Words) -> list[blocks.Said]:
    """Write one zone."""
    span = [words.number(end, digits=0) for end in (row.from_km, row.to_km)]
    low, high = row.expected_low_per_year, row.expected_high_per_year
    ends = [words.number(end, significant=2) for end in (low, high)]
    return [
        blocks.link(name(row, words), address(row, words)),
        words.number(row.rank, digits=0),
        words.number(getattr(row, "joint_rank", None), digits=0),
        words.text(f"side.{row.side}"),
        words.text("number.span", low=span[0], high=span[1]),
        words.number(row.area_km2, digits=0),
        words.number(row.cells, digits=0),
        words.number(row.expected_per_year, significant=2),
        words.text("number.span", low=ends[0], high=ends[1]),
        words.percent(row.share_of_score, digits=1),
    ]


def bars(found: pd.DataFrame, words: Words) -> list[Block]:
    """Draw the first zones with their intervals.

    Parameters
    ----------
    found
        From :func:`chosen`.
    words
        Words of the language.

    Returns
    -------
    list of dict
        Blocks; none for no zones.
    """
    if found.empty:
        return []
    rows = [
        (
            f"{row.rank} {row.side} · {name(row, words)}",
            row.expected_per_year,
            row.expected_low_per_year,
            row.expected_high_per_year,
        )
        for row in found.head(BARS).itertuples()
    ]
    return [plots.whiskers(words.text("pages.zones.bars"), rows, words)]


def file_maker(found: pd.DataFrame, form: str) -> Callable[[], bytes]:
    """Make the function that writes the zones chosen, when somebody asks for them.

    Parameters
    ----------
    found
        From :func:`chosen`.
    form
        ``csv`` or ``geojson``.

    Returns
    -------
    callable
        Gives the file's bytes.
    """
    zones = tuple(map(str, found.index))
    return access.file_maker(functools.partial(_file, zones, form))


def _file(zones: tuple[str, ...], form: str, project: Any) -> bytes:
    """Write zones as a file with words of both languages."""
    pipeline: Any = importlib.import_module("riskmap.pipeline")
    words = {lang: Words(lang).text for lang in LANGUAGES}
    made: bytes = pipeline.zone_bytes(project, zones, form, words)
    return made
