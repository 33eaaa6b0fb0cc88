"""Topology: shapes and shared borders out of TopoJSON files."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

SHARED_BY = 2


def arcs_of(topology: dict[str, Any]) -> list[npt.NDArray[np.float64]]:
    """Undo the quantisation: each arc as longitudes and latitudes."""
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    return [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]


def _flat(nested: Sequence[Any] | int) -> Iterator[int]:
    """Walk the numbers of arcs, however deep they are nested."""
    if isinstance(nested, int):
        yield nested
        return
    for part in nested:
        yield from _flat(part)


def shape_of(
    geometry: dict[str, Any], arcs: list[npt.NDArray[np.float64]]
) -> shapely.Geometry:
    """Put a polygon or multipolygon together from its arcs."""
    polygons = geometry["arcs"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings = [[_ring(numbers, arcs) for numbers in polygon] for polygon in polygons]
    whole = [shapely.Polygon(outer, inner) for outer, *inner in rings]
    return shapely.union_all(shapely.make_valid(whole))


def _ring(
    numbers: list[int], arcs: list[npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """Join arcs end to end; a negative number is an arc walked backwards."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    joined = accumulate(parts, lambda a, b: np.vstack([a, b[1:]]))
    return list(joined)[-1]


def shared_borders(
    geometries: list[dict[str, Any]], arcs: list[npt.NDArray[np.float64]]
) -> shapely.Geometry:
    """Take the lines that two shapes share: inner borders, no coast."""
    uses: dict[int, set[int]] = {}
    for at, geometry in enumerate(geometries):
        for number in _flat(geometry.get("arcs", ())):
            uses.setdefault(max(number, ~number), set()).add(at)
    inner = [n for n, by in sorted(uses.items()) if len(by) >= SHARED_BY]
    return shapely.line_merge(shapely.MultiLineString([arcs[n] for n in inner]))
