"""Values: any number or class of a cell as a layer, beside scores and counts.

A number travels as one byte: five classes of fifty steps. The classes of a legend are
fixed (``classes.toml``); the ends are those of the whole table, never of the view.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.webmap.layer_of_values import ValueLayer
from riskmap.webmap.planes import (
    KNOWN_SHARE,
    NO_DATA_BYTE,
    Bytes,
    Floats,
    Plane,
    rate_plane,
)
from riskmap.webmap.records import commonest_plane

STEPS_A_CLASS = 50
CLASSES = 5
FIFTHS = (0.2, 0.4, 0.6, 0.8)
BREAK_DIGITS = 2

FIXED: Mapping[str, Sequence[float]] = tomllib.loads(
    files("riskmap.webmap").joinpath("classes.toml").read_text(encoding="utf-8")
)


def class_ends(values: Floats, layer: ValueLayer) -> list[float]:
    """Find where the five classes of a layer begin and end.

    Parameters
    ----------
    values
        Every number of the layer, NaN for no data, of shape (n,).
    layer
        The layer.

    Returns
    -------
    list of float
        Six numbers, ascending: the least, four breaks, the greatest.

    Examples
    --------
    >>> class_ends(np.array([0.0, 100.0]), ValueLayer(name="elevation_m"))
    [0.0, 250.0, 500.0, 1000.0, 1500.0, 1500.0]
    """
    known = values[np.isfinite(values)]
    breaks = [float(edge) for edge in layer.breaks or FIXED.get(layer.name, ())]
    if not breaks and known.size:
        fifths = np.quantile(known, FIFTHS).tolist()
        breaks = [float(f"{edge:.{BREAK_DIGITS}g}") for edge in fifths]
    breaks = breaks or [0.0] * len(FIFTHS)
    least = float(known.min(initial=breaks[0]))
    greatest = float(known.max(initial=breaks[-1]))
    return [min(least, breaks[0]), *breaks, max(greatest, breaks[-1])]


def value_bytes(values: Floats, ends: Sequence[float]) -> Bytes:
    """Write numbers as bytes: 0 for no data, then fifty steps in each of five classes.

    Parameters
    ----------
    values
        Numbers, NaN for no data, of any shape.
    ends
        From :func:`class_ends`.

    Returns
    -------
    numpy.ndarray
        uint8 of the same shape.

    Examples
    --------
    >>> value_bytes(np.array([np.nan, 0.0, 1.0, 4.5]), [0, 1, 2, 3, 4, 5]).tolist()
    [0, 1, 51, 226]
    """
    edges = np.asarray(ends, dtype=np.float64)
    place = np.searchsorted(edges[1:-1], values, side="right")
    low, high = edges[place], edges[place + 1]
    width = np.where(high > low, high - low, 1.0)
    within = np.floor((np.nan_to_num(values) - low) / width * STEPS_A_CLASS)
    steps = place * STEPS_A_CLASS + within.clip(0, STEPS_A_CLASS - 1) + 1
    return np.where(np.isnan(values), NO_DATA_BYTE, steps).astype(np.uint8)


def value_plane(values: Floats, area_km2: Floats, ends: Sequence[float]) -> Plane:
    """Plane of a number: a coarser cell has the mean of its known cells by area.

    It is no data where less than half of its area is known.

    Parameters
    ----------
    values
        Numbers, NaN for no data, of shape (n_cells,).
    area_km2
        Square kilometres, of shape (n_cells,).
    ends
        From :func:`class_ends`.

    Returns
    -------
    Plane
        Bytes as :func:`value_bytes` writes them.

    Examples
    --------
    >>> ends = [0, 1, 2, 3, 4, 5]
    >>> plane = value_plane(np.array([1.0, 3.0]), np.array([3.0, 1.0]), ends)
    >>> plane.reduce(np.array([0])).tolist() == value_bytes(np.array([1.5]), ends)
    array([ True])
    """
    known = ~np.isnan(values)

    def reduce(starts: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        weighed = np.where(known, values * area_km2, 0.0)
        total = np.add.reduceat(weighed, starts)
        area = np.add.reduceat(np.where(known, area_km2, 0.0), starts)
        whole = np.add.reduceat(area_km2, starts)
        means = np.full(len(starts), np.nan)
        enough = (area > 0) & (area >= KNOWN_SHARE * whole)
        np.divide(total, area, out=means, where=enough)
        return value_bytes(means, ends).astype(np.uint64)

    return Plane(encoding="byte", reduce=reduce)


def plane_of(column: pd.Series, area_km2: Floats, layer: ValueLayer) -> Plane:
    """Make the plane of a column, of numbers or of words.

    Parameters
    ----------
    column
        On the cell index; missing for no data.
    area_km2
        Square kilometres, of shape (n_cells,).
    layer
        What the column is.

    Returns
    -------
    Plane
        Of words: varints, 0 for no data and for a word that is no class.
    """
    if layer.classes:
        codes = {word: place for place, word in enumerate(layer.classes, start=1)}
        return commonest_plane(column.map(codes).fillna(0).to_numpy(dtype=np.int64))
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if layer.rate:
        return rate_plane(values, area_km2)
    return value_plane(values, area_km2, class_ends(values, layer))


def describe(column: pd.Series, layer: ValueLayer) -> dict[str, Any]:
    """Say how the face draws and reads a layer.

    Parameters
    ----------
    column
        On the cell index; missing for no data.
    layer
        What the column is.

    Returns
    -------
    dict
        ``unit``, ``group``, and ``classes`` with ``colours`` or ``ends``, or ``rate``.
    """
    told: dict[str, Any] = {"unit": layer.unit, "group": layer.group}
    if layer.of:
        told |= {"of": layer.of, "change_breaks": layer.change_breaks}
    if layer.rate:
        return {**told, "rate": True}
    if layer.classes:
        return {**told, "classes": layer.classes, "colours": layer.colours}
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    ends = [float(f"{end:.6g}") for end in class_ends(values, layer)]
    return {**told, "ends": ends}
