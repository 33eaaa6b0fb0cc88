"""PDF: a map on one sheet of paper, with all that a sheet needs to stand alone.

Legend, scale in kilometres and miles, north, grid, day, version, marking. A plain
projection: degrees, with the scale of both axes true at the middle of the sheet.
"""

import io
import math
from typing import Any

import numpy as np
import shapely
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from riskmap.errors import UnknownNameError
from riskmap.exports.drawing import (
    INK,
    SEA,
    all_lines,
    draw_ground,
    draw_north,
    draw_scale,
    outer_rings,
)
from riskmap.exports.sheet import Box, Sheet, fit_box, lines_of, nice_below

# width and height of the sheet, lying, inches: ANSI A and ISO 216
PAPERS = {"letter": (11.0, 8.5), "a4": (11.69, 8.27)}

MAP_PLACE = (0.055, 0.165, 0.655, 0.735)
SIDE_PLACE = (0.725, 0.165, 0.25, 0.735)
GRID_LINES = 6
LEGEND_STEP = 0.042
LETTERS_A_LINE = 44
FOOT_LETTERS_A_LINE, CREDIT_LETTERS = 112, 76
FOOT_X, FOOT_STEP, FOOT_SIZE = 0.055, 0.335, 4.6
SHAPES = {"square": "s", "circle": "o", "diamond": "D", "triangle": "^"}
BLIND_HATCH, DOUBT_HATCH = "....", "////"


def pdf_bytes(sheet: Sheet, paper: str) -> bytes:
    """Draw a sheet.

    Parameters
    ----------
    sheet
        What it shows.
    paper
        ``letter`` or ``a4``, lying.

    Returns
    -------
    bytes
        PDF 1.4 with its fonts inside; the same for the same sheet.

    Raises
    ------
    UnknownNameError
        If there is no such paper.
    """
    if paper not in PAPERS:
        msg = f"`paper` must be one of {tuple(PAPERS)}, got {paper!r}."
        known = ", ".join(PAPERS)
        raise UnknownNameError(msg, kind="format", value=paper, known=known)
    size = PAPERS[paper]
    figure = Figure(figsize=size)
    FigureCanvasPdf(figure)
    box = fit_box(sheet.box, MAP_PLACE[2] * size[0] / (MAP_PLACE[3] * size[1]))
    axes = figure.add_axes(MAP_PLACE)
    axes.set(xlim=(box[0], box[2]), ylim=(box[1], box[3]), facecolor=SEA)
    axes.set_aspect("auto")
    draw_ground(axes, sheet.basemap, box)
    _cells(axes, sheet)
    _over(axes, sheet, box)
    _grid(axes, box)
    draw_scale(axes, box)
    draw_north(axes, sheet.north)
    _side(figure.add_axes(SIDE_PLACE), sheet)
    _texts(figure, sheet)
    held = io.BytesIO()
    # no clock: the same sheet gives the same bytes
    about = {"Title": sheet.titles[0], "CreationDate": None, "ModDate": None}
    figure.savefig(held, format="pdf", metadata=about)
    return held.getvalue()


def _cells(axes: Any, sheet: Sheet) -> None:
    """Draw the hexagons, then the hatches over them."""
    rings = outer_rings(sheet.cells)
    fill = PolyCollection(
        rings,
        facecolors=sheet.colours.tolist(),
        edgecolors=sheet.colours.tolist(),
        linewidths=0.1,
    )
    fill.set_zorder(2)
    axes.add_collection(fill, autolim=False)
    for flagged, hatch in ((sheet.blind, BLIND_HATCH), (sheet.doubt, DOUBT_HATCH)):
        chosen = [rings[place] for place in np.flatnonzero(flagged).tolist()]
        if chosen:
            over = PolyCollection(
                chosen,
                facecolor="none",
                edgecolor="#55555588",
                hatch=hatch,
                linewidth=0,
            )
            over.set_zorder(2.5)
            axes.add_collection(over, autolim=False)


def _over(axes: Any, sheet: Sheet, box: Box) -> None:
    """Draw the line, zones, points and the outlined area."""
    parts = (
        (sheet.boundary, "#000000", 1.4, "-"),
        (sheet.zones.geometry, "#0b2f4a", 1.0, "-"),
        ([sheet.area] if sheet.area is not None else [], "#6a1b9a", 2.0, "-"),
    )
    for shapes, colour, width, dash in parts:
        lines = LineCollection(
            all_lines(shapes), colors=colour, linewidths=width, linestyles=dash
        )
        lines.set_zorder(4)
        axes.add_collection(lines, autolim=False)
    frame = shapely.box(*box)
    for label, shape in zip(sheet.zones["label"], sheet.zones.geometry, strict=True):
        place = shape.representative_point()
        if frame.contains(place):
            axes.text(
                *(place.x, place.y, label),
                fontsize=6,
                color="white",
                ha="center",
                va="center",
                bbox={"boxstyle": "round,pad=0.2", "fc": "#0b2f4a", "ec": "white"},
                zorder=6,
                parse_math=False,
            )
    for (shape, letter, colour), rows in sheet.marks.groupby(
        ["shape", "letter", "colour"]
    ):
        style = {"marker": SHAPES.get(str(shape), "o"), "linestyle": "none"}
        x, y = rows.geometry.x.to_numpy(), rows.geometry.y.to_numpy()
        axes.plot(x, y, ms=8, mfc="white", mec=colour, zorder=5, **style)
        axes.plot(
            *(x, y),
            ms=4,
            mec="none",
            mfc=colour,
            zorder=5.1,
            marker=f"${letter}$" if str(letter).isalpha() else "x",
            linestyle="none",
        )


def _grid(axes: Any, box: Box) -> None:
    """Draw meridians and parallels at round degrees."""
    step = nice_below(max((box[2] - box[0]) / GRID_LINES, 1e-4))
    for axis, low, high in ((axes.xaxis, box[0], box[2]), (axes.yaxis, box[1], box[3])):
        ticks = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
        digits = max(0, -math.floor(math.log10(step)))
        letters = ("E", "W") if axis is axes.xaxis else ("N", "S")
        names = [
            f"{abs(tick):.{digits}f}° {letters[int(tick < 0)]}"
            for tick in ticks.tolist()
        ]
        axis.set_ticks(ticks, names, fontsize=6)
    axes.tick_params(length=2, pad=2)
    axes.grid(color="#33333355", linewidth=0.4)
    axes.set_axisbelow(False)


def _side(axes: Any, sheet: Sheet) -> None:
    """Draw the legend, a class a line, then the symbols."""
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    y = 0.98
    for colour, text in sheet.legend:
        y = _wrapped(axes, text, 0.13, y, lambda top, c=colour: _swatch(axes, c, top))
    y -= LEGEND_STEP / 2
    for shape, letter, colour, text in sheet.symbols:

        def draw(
            top: float, mark: tuple[str, str, str] = (shape, letter, colour)
        ) -> None:
            style = {"marker": SHAPES.get(mark[0], "o"), "mfc": "white", "mec": mark[2]}
            axes.plot([0.05], [top - 0.012], ms=9, **style)
            axes.text(
                0.05,
                top - 0.0125,
                mark[1],
                fontsize=6,
                ha="center",
                va="center",
                color=mark[2],
            )

        y = _wrapped(axes, text, 0.13, y, draw)


def _swatch(axes: Any, colour: str, top: float) -> None:
    """Draw the field of a class; of a hatch, where a word stands for its colour."""
    hatch = {"blind": BLIND_HATCH, "doubt": DOUBT_HATCH}.get(colour)
    if not colour:
        return
    face = "#e3e3e3" if hatch == BLIND_HATCH else "white"
    field = Rectangle(
        (0.0, top - 0.026),
        0.1,
        0.026,
        facecolor=face if hatch else colour,
        edgecolor="#555555",
        linewidth=0.5,
        hatch=hatch,
    )
    axes.add_patch(field)


def _wrapped(axes: Any, text: str, x: float, y: float, draw: Any) -> float:
    """Write a text in lines of the side's width; gives where the next one begins."""
    lines = lines_of(text, LETTERS_A_LINE)
    draw(y)
    axes.text(
        *(x, y, "\n".join(lines)), fontsize=6.5, va="top", color=INK, parse_math=False
    )
    return y - LEGEND_STEP * (0.35 + 0.65 * len(lines))


def _texts(figure: Any, sheet: Sheet) -> None:
    """Write titles, marking and foot."""
    style = {"color": INK, "parse_math": False}
    for row, title in enumerate(sheet.titles):
        size = 13 if row == 0 else 10
        figure.text(0.055, 0.965 - 0.028 * row, title, fontsize=size, va="top", **style)
    for y, side in ((0.985, "top"), (0.012, "bottom")):
        figure.text(
            *(0.975, y, sheet.marking),
            fontsize=9,
            ha="right",
            va=side,
            fontweight="bold",
            **style,
        )
    for place, column in enumerate(sheet.foot):
        lines = [
            line for text in column for line in lines_of(text, FOOT_LETTERS_A_LINE)
        ]
        x = FOOT_X + FOOT_STEP * place
        said = "\n".join(lines)
        figure.text(x, 0.128, said, fontsize=FOOT_SIZE, va="top", **style)
    lines = [line for text in sheet.credit for line in lines_of(text, CREDIT_LETTERS)]
    said = "\n".join(lines)
    figure.text(SIDE_PLACE[0], 0.04, said, fontsize=FOOT_SIZE, va="bottom", **style)
