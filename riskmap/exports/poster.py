"""Poster: a danger map for everybody on one standing sheet, one language first."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from riskmap.errors import OptionError, UnknownNameError
from riskmap.exports.drawing import (
    INK,
    SEA,
    all_lines,
    draw_ground,
    draw_north,
    draw_scale,
    outer_rings,
)
from riskmap.exports.sheet import Box, fit_box, lines_of

# width and height of the sheet, standing, inches: ANSI A and ISO 216
POSTERS = {"letter": (8.5, 11.0), "a4": (8.27, 11.69)}

# left, bottom, width, height, shares of the sheet
TITLE_PLACE = (0.0, 0.915, 1.0, 0.085)
MAP_PLACE = (0.05, 0.575, 0.9, 0.325)
LEGEND_Y, LEGEND_STEP = 0.545, 0.018
TABLE_X, TABLE_Y, ROW_STEP = 0.05, 0.432, 0.0185
SIDE_X, SIDE_Y, SIDE_LETTERS, SIDE_STEP = 0.56, 0.472, 52, 0.0138
HEADING = 0.032
NUMBERS_Y, NUMBER_STEP, MOST_NUMBERS = 0.178, 0.0215, 6
FOOT_Y, FOOT_LETTERS = 0.075, 205
TITLE_RED = "#8b1a1a"
SOFT = "#5b6168"


@dataclass(frozen=True, kw_only=True, eq=False)
class Poster:
    """What a poster shows; of two texts the first is printed large, the second small.

    Parameters
    ----------
    titles
        Of the poster.
    box
        West, south, east, north, degrees: at least this is on the map.
    cells, colours
        Hexagons (EPSG:4326) and the colour of each.
    water, water_colours
        Lines or hexagons of dangerous water, and the colour of each.
    basemap
        ``kind`` and shapes of what lies under; may be empty.
    boundary
        The line.
    legend
        Rows of the legend, each of colour and text; an empty colour is a heading.
    heads
        Column heads of the table.
    rows
        Rows of the table: name, then colour and text of each field.
    advice
        What to do, sentence by sentence.
    numbers_title
        Above the numbers.
    numbers
        Numbers to call; a gap is said in words.
    foot
        Sources, method and doubt.
    marking
        How the sheet is marked.
    """

    titles: tuple[str, str]
    box: Box
    cells: gpd.GeoSeries
    colours: npt.NDArray[np.str_]
    water: gpd.GeoSeries
    water_colours: npt.NDArray[np.str_]
    basemap: gpd.GeoDataFrame
    boundary: gpd.GeoSeries
    legend: Sequence[Sequence[tuple[str, str]]]
    heads: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    advice_title: tuple[str, str]
    advice: Sequence[tuple[str, str]]
    numbers_title: tuple[str, str]
    numbers: Sequence[tuple[str, str]]
    foot: Sequence[str]
    marking: str


def poster_bytes(poster: Poster, paper: str) -> bytes:
    """Draw a poster.

    Parameters
    ----------
    poster
        What it shows.
    paper
        ``letter`` or ``a4``, standing.

    Returns
    -------
    bytes
        PDF 1.4 with its fonts inside; the same for the same poster.

    Raises
    ------
    UnknownNameError
        If there is no such paper.
    OptionError
        If there are more numbers than the sheet has room for.
    """
    if len(poster.numbers) > MOST_NUMBERS:
        msg = (
            f"A poster has room for {MOST_NUMBERS} numbers, got {len(poster.numbers)}."
        )
        raise OptionError(msg, option="--numbers", value=str(len(poster.numbers)))
    if paper not in POSTERS:
        msg = f"`paper` must be one of {tuple(POSTERS)}, got {paper!r}."
        known = ", ".join(POSTERS)
        raise UnknownNameError(msg, kind="format", value=paper, known=known)
    figure = Figure(figsize=POSTERS[paper])
    FigureCanvasPdf(figure)
    _title(figure, poster)
    _map(figure, poster, paper)
    _legend(figure, poster)
    _table(figure, poster)
    _advice(figure, poster)
    _numbers(figure, poster)
    _foot(figure, poster)
    held = io.BytesIO()
    # no clock: the same poster gives the same bytes
    about = {"Title": poster.titles[0], "CreationDate": None, "ModDate": None}
    figure.savefig(held, format="pdf", metadata=about)
    return held.getvalue()


def _text(
    figure: Any, x: float, y: float, text: str, size: float, **style: Any
) -> None:
    """Write text from outside as text: no formulas are read in it."""
    given = {"color": INK, "va": "top", "parse_math": False} | style
    figure.text(x, y, text, fontsize=size, **given)


def _title(figure: Any, poster: Poster) -> None:
    """Draw the band with both titles."""
    left, bottom, width, height = TITLE_PLACE
    band = Rectangle(
        (left, bottom), width, height, transform=figure.transFigure, fc=TITLE_RED
    )
    figure.add_artist(band)
    first, second = poster.titles
    _text(figure, 0.05, 0.985, first, 19, color="white", fontweight="bold")
    _text(figure, 0.05, 0.944, second, 10.5, color="white")


def _map(figure: Any, poster: Poster, paper: str) -> None:
    """Draw the map."""
    size = POSTERS[paper]
    box = fit_box(poster.box, MAP_PLACE[2] * size[0] / (MAP_PLACE[3] * size[1]))
    axes = figure.add_axes(MAP_PLACE)
    axes.set(xlim=(box[0], box[2]), ylim=(box[1], box[3]), facecolor=SEA)
    axes.set_aspect("auto")
    axes.set_xticks([])
    axes.set_yticks([])
    draw_ground(axes, poster.basemap, box)
    for shapes, colours, order in (
        (poster.cells, poster.colours, 2),
        (poster.water, poster.water_colours, 2.5),
    ):
        fill = PolyCollection(
            outer_rings(shapes), facecolors=colours, edgecolors=colours, linewidths=0.2
        )
        fill.set_zorder(order)
        axes.add_collection(fill, autolim=False)
    line = LineCollection(all_lines(poster.boundary), colors="#000000", linewidths=0.8)
    line.set_zorder(4)
    axes.add_collection(line, autolim=False)
    right = box[2] - LABEL_DEG
    for label, x, y in _towns(poster.basemap, box):
        axes.plot([x], [y], "o", ms=2.5, color=INK, zorder=5)
        axes.annotate(
            label,
            (x, y),
            # a name near the right edge stands to the left of its town
            xytext=(-3 if x > right else 3, 3),
            ha="right" if x > right else "left",
            textcoords="offset points",
            fontsize=6,
            color=INK,
            path_effects=[withStroke(linewidth=1.2, foreground="white")],
            parse_math=False,
            zorder=6,
        )
    draw_scale(axes, box)
    draw_north(axes, "N")


# towns of fewer people are not named on a sheet of the whole border
LEAST_PEOPLE = 250_000
# room for a name, degrees of longitude on a sheet of the whole border
LABEL_DEG = 2.2


def _towns(base: gpd.GeoDataFrame, box: Box) -> list[tuple[str, float, float]]:
    """List the largest towns on the map."""
    if not len(base) or "people" not in base:
        return []
    named = base[(base["kind"] == "town") & (base["people"] >= LEAST_PEOPLE)]
    named = named.sort_values(["people", "name"], ascending=[False, True])
    inner = shapely.box(*box).buffer(-LABEL_DEG / 2)
    found: list[tuple[str, float, float]] = []
    for name, place in zip(named["name"], named.geometry, strict=True):
        # the name of a smaller town would lie on that of a larger one
        free = all(
            abs(place.x - x) > LABEL_DEG or abs(place.y - y) > LABEL_DEG / 4
            for _, x, y in found
        )
        if free and inner.contains(place):
            found.append((str(name), place.x, place.y))
    return found


def _legend(figure: Any, poster: Poster) -> None:
    """Draw the legend, a row for each danger."""
    for row, fields in enumerate(poster.legend):
        x, y = 0.05, LEGEND_Y - LEGEND_STEP * row
        for colour, text in fields:
            if colour:
                _field(figure, x, y - 0.0085, colour)
                x += 0.03
            _text(figure, x, y, text, 7.5, fontweight="normal" if colour else "bold")
            x += 0.012 + 0.0082 * len(text)


def _field(figure: Any, x: float, y: float, colour: str, width: float = 0.024) -> None:
    """Draw the field of a class."""
    field = Rectangle(
        (x, y),
        width,
        0.0105,
        transform=figure.transFigure,
        fc=colour,
        ec="#555555",
        lw=0.4,
    )
    figure.add_artist(field)


def _table(figure: Any, poster: Poster) -> None:
    """Draw the table of zones."""
    columns = (TABLE_X, TABLE_X + 0.215, TABLE_X + 0.4)
    for x, (first, second) in zip(columns, poster.heads, strict=True):
        _text(figure, x, TABLE_Y + 0.038, first, 8.5, fontweight="bold")
        _text(figure, x, TABLE_Y + 0.0225, second, 6.5, color=SOFT)
    for row, (name, fields) in enumerate(poster.rows):
        y = TABLE_Y - ROW_STEP * row
        _text(figure, columns[0], y, name, 8)
        for x, (colour, text) in zip(columns[1:], fields, strict=True):
            _field(figure, x, y - 0.0105, colour, 0.014)
            _text(figure, x + 0.019, y, text, 7.5)


def _advice(figure: Any, poster: Poster) -> None:
    """Write what to do."""
    _heading(figure, SIDE_X, SIDE_Y, poster.advice_title)
    y = SIDE_Y - HEADING
    for first, second in poster.advice:
        for text, size, letters, colour in (
            (first, 8.2, SIDE_LETTERS, INK),
            (second, 6.2, round(SIDE_LETTERS * 1.35), SOFT),
        ):
            for line in lines_of(text, letters):
                _text(figure, SIDE_X, y, line, size, color=colour)
                y -= SIDE_STEP * size / 8.2
        y -= 0.004


def _numbers(figure: Any, poster: Poster) -> None:
    """Write whom to call, in two columns."""
    _heading(figure, TABLE_X, NUMBERS_Y, poster.numbers_title)
    half = MOST_NUMBERS // 2
    for place, (first, second) in enumerate(poster.numbers):
        x = TABLE_X if place < half else SIDE_X
        y = NUMBERS_Y - HEADING - NUMBER_STEP * (place % half)
        _text(figure, x, y, first, 8.2)
        _text(figure, x, y - 0.0145, second, 5.6, color=SOFT)


def _heading(figure: Any, x: float, y: float, title: tuple[str, str]) -> None:
    """Write a heading in both languages."""
    _text(figure, x, y, title[0], 11, fontweight="bold", color=TITLE_RED)
    _text(figure, x, y - 0.0165, title[1], 7, color=SOFT)


def _foot(figure: Any, poster: Poster) -> None:
    """Write sources, doubt and marking."""
    lines = [line for text in poster.foot for line in lines_of(text, FOOT_LETTERS)]
    _text(figure, 0.05, FOOT_Y, "\n".join(lines), 5.2, color=SOFT)
    _text(figure, 0.95, 0.018, poster.marking, 8, ha="right", fontweight="bold")
