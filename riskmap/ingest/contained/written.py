"""Written: values as a CSV would hold them, and points out of well-known binary."""

import math
import struct
from typing import Any

DAMAGED, LAYERS = "damaged", "layers"
MORE_THAN_TABLES, DRIVERS_UNKNOWN = "gpkg_schema", "drivers"
"""Reasons to refuse a file, as the catalogue has them."""

POINT = 1
"""Type of a point in well-known binary; OGC 06-103r4, 8.2."""

SHAPE_NAMES = {
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}

WITH_Z = 1000
"""ISO adds so much to a type for each further ordinate; others set high bits."""

HEAD_BYTES, POINT_BYTES = 5, 21


class Refusal(Exception):  # noqa: N818
    """The file is refused; ``reason`` is a word of the catalogue."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def write_value(value: Any) -> str:
    """Write one value as text.

    Parameters
    ----------
    value
        Any value of a column; None and NaN are missing.

    Returns
    -------
    str
        ``""`` if it is missing; a whole number without its point.

    Examples
    --------
    >>> [write_value(v) for v in (None, 3.0, 31.4501, True, float("nan"), "x")]
    ['', '3', '31.4501', 'true', '', 'x']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def read_point(shape: bytes | None) -> tuple[str, str, str]:
    """Read a point from well-known binary.

    Parameters
    ----------
    shape
        Its bytes, or None.

    Returns
    -------
    tuple of str
        x and y as text, empty if there is none; and what the shape is, if it is no
        point.

    Examples
    --------
    >>> read_point(struct.pack("<BIdd", 1, 1, -110.5, 31.25))
    ('-110.5', '31.25', '')
    >>> read_point(struct.pack("<BII", 1, 2, 0))
    ('', '', 'LineString')
    """
    if shape is None:
        return "", "", ""
    if len(shape) < HEAD_BYTES:
        return "", "", "?"
    order = "<" if shape[0] == 1 else ">"
    (kind,) = struct.unpack_from(f"{order}I", shape, 1)
    flat = (kind & 0x0FFF_FFFF) % WITH_Z
    if flat != POINT or len(shape) < POINT_BYTES:
        return "", "", SHAPE_NAMES.get(flat, "?")
    # a number of SRS stands before the ordinates where a high bit says so
    start = HEAD_BYTES + (4 if kind & 0x2000_0000 else 0)
    if len(shape) < start + POINT_BYTES - HEAD_BYTES:
        return "", "", "?"
    x, y = struct.unpack_from(f"{order}dd", shape, start)
    return write_value(x), write_value(y), ""
