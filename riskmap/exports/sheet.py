"""Sheet: what a map on paper shows, and how it is fitted to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

NICE = (1, 2, 5)

# a box of a point is still some hundred metres wide
LEAST_DEG = 1e-3

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """What a sheet shows, in the words of its reader.

    Parameters
    ----------
    box
        West, south, east, north, degrees: at least this is on the sheet.
    titles
        Lines at the top, the reader's language first.
    cells
        Hexagons, EPSG:4326.
    colours
        Colour of each hexagon.
    blind, doubt
        Whether each hexagon is no data, or of low confidence.
    basemap
        ``kind`` and shapes of what lies under the cells; may be empty.
    boundary
        The line.
    zones
        Outlines, with ``label``.
    marks
        Points with ``letter``, ``shape``, ``colour``.
    area
        What somebody outlined; None for nothing.
    legend
        Colour and text of each class; ``blind`` and ``doubt`` stand for the hatches.
    symbols
        Shape, letter, colour and text of each kind of point.
    foot
        Sentences at the foot, a column for each language.
    credit
        Whom to credit, below the legend.
    marking
        How the sheet is marked.
    north
        Letters under the arrow.
    """

    box: Box
    titles: Sequence[str]
    cells: gpd.GeoSeries
    colours: npt.NDArray[np.str_]
    blind: npt.NDArray[np.bool_]
    doubt: npt.NDArray[np.bool_]
    basemap: gpd.GeoDataFrame
    boundary: gpd.GeoSeries
    zones: gpd.GeoDataFrame
    marks: gpd.GeoDataFrame
    legend: Sequence[tuple[str, str]]
    symbols: Sequence[tuple[str, str, str, str]]
    foot: Sequence[Sequence[str]]
    marking: str
    credit: Sequence[str] = ()
    area: shapely.Geometry | None = None
    north: str = "N"


def fit_box(box: Box, aspect: float) -> Box:
    """Widen a box until it fills a sheet of a shape, its middle kept.

    Parameters
    ----------
    box
        West, south, east, north, degrees.
    aspect
        Width over height of the map on paper.

    Returns
    -------
    tuple of float
        A box that holds the given one; a degree of latitude is as long on paper as
        it is on the ground at the middle, beside a degree of longitude.

    Examples
    --------
    >>> [round(edge, 3) for edge in fit_box((-1.0, -0.5, 1.0, 0.5), 1.0)]
    [-1.0, -1.0, 1.0, 1.0]
    """
    west, south, east, north = box
    x, y = (west + east) / 2, (south + north) / 2
    stretch = math.cos(math.radians(y))
    width = max((east - west) * stretch, LEAST_DEG)
    height = max(north - south, LEAST_DEG)
    if width / height > aspect:
        height = width / aspect
    else:
        width = height * aspect
    half_x, half_y = width / stretch / 2, height / 2
    return x - half_x, y - half_y, x + half_x, y + half_y


def nice_below(limit: float) -> float:
    """Find the greatest of 1, 2, 5, 10, 20, … that is not above a limit.

    Parameters
    ----------
    limit
        Above zero.

    Returns
    -------
    float
        The number.

    Examples
    --------
    >>> nice_below(38.0), nice_below(0.6)
    (20.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(limit))
    return max(step * power for step in NICE if step * power <= limit)


def lines_of(text: str, letters: int) -> list[str]:
    """Break a text into lines at its spaces.

    Parameters
    ----------
    text
        The text.
    letters
        Of a line; a longer word has a line of its own.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> lines_of("no source looks here", 10)
    ['no source', 'looks here']
    """
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
