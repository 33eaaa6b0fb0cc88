"""Drawing: what every map on paper has: the ground, a scale and the north."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Rectangle

from riskmap.crs import GEOD
from riskmap.exports.sheet import Box, nice_below

INK, LAND, SEA = "#1f2328", "#f4f1ea", "#d7e3ea"
LINES = {
    "river": ("#5b95b8", 0.5, "-"),
    "canal": ("#2f7fb5", 0.8, "-"),
    "us_state": ("#8a8577", 0.6, "--"),
    "mx_state": ("#8a8577", 0.6, "--"),
}
KM_PER_MILE = 1.609344
M_PER_KM = 1000.0
# a bar of the scale is no longer than this share of the map
BAR_SHARE = 0.3


def outer_rings(shapes: Any) -> list[npt.NDArray[np.float64]]:
    """List the outer rings of polygons.

    Parameters
    ----------
    shapes
        Shapes of any kind; those that are no polygons are left out.

    Returns
    -------
    list of numpy.ndarray of shape (n_points, 2)
        In the coordinates given.
    """
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    return [
        shapely.get_coordinates(part.exterior)
        for part in parts
        if part.geom_type == "Polygon"
    ]


def all_lines(shapes: Any) -> list[npt.NDArray[np.float64]]:
    """List the lines of lines and polygons.

    Parameters
    ----------
    shapes
        Shapes of any kind; points are left out.

    Returns
    -------
    list of numpy.ndarray of shape (n_points, 2)
        In the coordinates given; each ring of a polygon is a line.
    """
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    found = []
    for part in parts:
        if part.geom_type == "Polygon":
            found += [
                shapely.get_coordinates(ring)
                for ring in (part.exterior, *part.interiors)
            ]
        elif part.geom_type in ("LineString", "LinearRing"):
            found.append(shapely.get_coordinates(part))
    return found


def draw_ground(axes: Any, base: gpd.GeoDataFrame, box: Box) -> None:
    """Draw land, rivers and states.

    Parameters
    ----------
    axes
        Of matplotlib, in degrees.
    base
        ``kind`` and shapes (EPSG:4326); may be empty.
    box
        What of it is on the sheet.
    """
    frame = shapely.box(*box)
    for kind, style in {"land": None, **LINES}.items():
        rows = base[base["kind"] == kind] if len(base) else base
        if not len(rows):
            continue
        shapes = shapely.intersection(np.asarray(rows.geometry), frame)
        shapes = shapes[~shapely.is_empty(shapes)]
        if style is None:
            patch = PolyCollection(
                outer_rings(shapes), facecolor=LAND, edgecolor="none"
            )
            axes.add_collection(patch, autolim=False)
        else:
            colour, width, dash = style
            lines = LineCollection(
                all_lines(shapes), colors=colour, linewidths=width, linestyles=dash
            )
            lines.set_zorder(3)
            axes.add_collection(lines, autolim=False)


def draw_scale(axes: Any, box: Box) -> None:
    """Draw a bar of kilometres and one of miles, true at the middle of the sheet.

    Parameters
    ----------
    axes
        Of matplotlib, in degrees.
    box
        What is on the sheet.
    """
    middle = (box[1] + box[3]) / 2
    wide_m = float(GEOD.inv(box[0], middle, box[2], middle)[2])
    backing: Any = {"fc": "white", "ec": "none", "alpha": 0.85, "zorder": 7}
    axes.add_patch(
        Rectangle(
            (0.012, 0.012), BAR_SHARE + 0.09, 0.085, transform=axes.transAxes, **backing
        )
    )
    for row, (unit, metres) in enumerate(
        (("km", M_PER_KM), ("mi", M_PER_KM * KM_PER_MILE))
    ):
        length = nice_below(wide_m * BAR_SHARE / metres)
        share = length * metres / wide_m
        y = 0.068 - 0.038 * row
        axes.plot(
            [0.02, 0.02 + share],
            [y, y],
            color=INK,
            lw=2.4,
            transform=axes.transAxes,
            zorder=8,
        )
        said = f"{length:g} {unit}"
        axes.text(
            0.03 + share,
            y,
            said,
            fontsize=7,
            va="center",
            transform=axes.transAxes,
            zorder=8,
        )


def draw_north(axes: Any, letter: str) -> None:
    """Draw an arrow to the north.

    Parameters
    ----------
    axes
        Of matplotlib.
    letter
        What stands under it: north begins with N in both languages.
    """
    axes.annotate(
        letter,
        xy=(0.965, 0.975),
        xytext=(0.965, 0.885),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontsize=10,
        fontweight="bold",
        arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6},
        bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8},
        zorder=8,
    )
