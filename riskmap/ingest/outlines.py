"""Outlines: a polygon somebody drew or saved, GeoJSON or KML → one area in degrees.

Only rings of numbers are taken; names and whatever else a file holds are passed over.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import orjson
import shapely

from riskmap.errors import AreaFaultyError
from riskmap.ingest.geojson import check_depth, parse_features
from riskmap.ingest.markup import read_markup, root_name
from riskmap.ingest.raw import Limits, refuse_more
from riskmap.ingest.reading import read_bytes

# an outline of one area, not a data set
OUTLINE_LIMITS: Final = Limits(bytes=2_000_000, depth=32)
MOST_CORNERS: Final = 20_000
LEAST_CORNERS: Final = 3
LARGEST_LON, LARGEST_LAT = 180.0, 90.0

Corner = tuple[float, float]
Ring = list[Corner]
# outer ring first, then holes
Rings = list[Ring]


def read_outline(path: Path, limits: Limits = OUTLINE_LIMITS) -> shapely.MultiPolygon:
    """Read the area that a file outlines.

    Parameters
    ----------
    path
        GeoJSON (a FeatureCollection, a Feature or a bare polygon) or KML, in degrees.
    limits
        How large and how deep it may be.

    Returns
    -------
    shapely.MultiPolygon
        All its polygons as one area, EPSG:4326; points and lines in it are left out.

    Raises
    ------
    AreaFaultyError
        If it holds no polygon, or one that is none.
    FileUnreadableError
        If it is neither GeoJSON nor KML.
    FileTooLargeError
        If it goes beyond a limit.
    """
    return parse_outline(read_bytes(path, limits).data, path, limits)


def parse_outline(
    data: bytes, path: Path, limits: Limits = OUTLINE_LIMITS
) -> shapely.MultiPolygon:
    """Read the area that a file's bytes outline.

    Parameters
    ----------
    data
        The bytes.
    path
        The file, for errors.
    limits
        How large and how deep it may be.

    Returns
    -------
    shapely.MultiPolygon
        As :func:`read_outline`.

    Raises
    ------
    AreaFaultyError
        If it holds no polygon, or one that is none.
    FileUnreadableError
        If it is neither GeoJSON nor KML.
    FileTooLargeError
        If it goes beyond a limit.

    Examples
    --------
    >>> ring = b"[[-111, 31], [-110, 31], [-110, 32], [-111, 31]]"
    >>> data = b'{"type": "Polygon", "coordinates": [%s]}' % ring
    >>> parse_outline(data, Path("a.geojson")).bounds
    (-111.0, 31.0, -110.0, 32.0)
    """
    refuse_more(len(data), limits.bytes, "bytes", path)
    if root_name(data) == "kml":
        found = _Polygons(path.name)
        read_markup(data, path, limits, found)
        return area_of(found.polygons, path.name)
    check_depth(data, path, limits)
    features = parse_features(_collected(data), path)
    return area_of(
        (rings for feature in features for rings in _rings_of(feature)), path.name
    )


def area_of(polygons: Iterable[Sequence[Any]], name: str = "") -> shapely.MultiPolygon:
    """Make one area of rings of corners.

    Parameters
    ----------
    polygons
        Each its outer ring, then holes; a ring is corners of longitude and latitude
        in degrees, closed or not.
    name
        Of the file, for errors.

    Returns
    -------
    shapely.MultiPolygon
        EPSG:4326; polygons that overlap count once.

    Raises
    ------
    AreaFaultyError
        If there is no polygon, a corner is no place on Earth, an outline crosses
        itself or has no extent.

    Examples
    --------
    >>> area_of([[[(-111, 31), (-110, 31), (-110, 32)]]]).area
    0.5
    """
    shapes = []
    left = MOST_CORNERS
    for rings in polygons:
        checked = [_ring(ring, name) for ring in rings]
        left -= sum(map(len, checked))
        if left < 0:
            _refuse("too_many", name)
        if not checked:
            continue
        shape = shapely.Polygon(checked[0], checked[1:])
        if not shape.is_valid or shape.area == 0:
            _refuse("crosses", name)
        shapes.append(shape)
    if not shapes:
        _refuse("none", name)
    joined = shapely.union_all(shapes)
    parts = [part for part in shapely.get_parts(joined) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _ring(ring: Any, name: str) -> Ring:
    """Check the corners of a ring, whatever was sent as one."""
    if not isinstance(ring, list | tuple):
        _refuse("corners", name)
    corners = [_corner(corner, name) for corner in ring]
    if len(set(corners)) < LEAST_CORNERS:
        _refuse("corners", name)
    return corners


def _corner(corner: Any, name: str) -> Corner:
    """Check one corner; a height is left out."""
    if not isinstance(corner, list | tuple) or len(corner) < 2:  # noqa: PLR2004
        _refuse("corners", name)
    x, y = corner[:2]
    numbers = all(type(part) in (int, float) for part in (x, y))
    # an integer of a thousand digits is no float
    if not numbers or not -LARGEST_LON <= x <= LARGEST_LON:
        _refuse("corners", name)
    if not math.isfinite(x) or not -LARGEST_LAT <= y <= LARGEST_LAT:
        _refuse("corners", name)
    return float(x), float(y)


def _collected(data: bytes) -> bytes:
    """Wrap a lone feature or geometry as the collection that the reader takes."""
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        # the reader says what is wrong
        return data
    kind = document.get("type") if isinstance(document, dict) else None
    if kind in ("Polygon", "MultiPolygon", "GeometryCollection"):
        document = {"type": "Feature", "properties": {}, "geometry": document}
        kind = "Feature"
    if kind != "Feature":
        return data
    crs = {"crs": document["crs"]} if "crs" in document else {}
    return orjson.dumps({"type": "FeatureCollection", "features": [document], **crs})


def _rings_of(feature: Any) -> Iterable[Sequence[Any]]:
    """Yield the polygons of a feature, whatever shape it has."""
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    queue = [geometry]
    while queue:
        shape = queue.pop()
        if not isinstance(shape, Mapping):
            continue
        kind, place = shape.get("type"), shape.get("coordinates")
        if kind == "GeometryCollection" and isinstance(shape.get("geometries"), list):
            queue.extend(shape["geometries"])
        elif kind == "Polygon" and isinstance(place, list):
            yield place
        elif kind == "MultiPolygon" and isinstance(place, list):
            yield from (rings for rings in place if isinstance(rings, list))


class _Polygons:
    """Gathers the polygons of a KML document."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.polygons: list[list[list[list[float]]]] = []
        self._in_polygon = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        if tag == "Polygon":
            self.polygons.append([])
            self._in_polygon = True

    def end(self, tag: str, text: str) -> None:
        if tag == "Polygon":
            self._in_polygon = False
        elif tag == "coordinates" and self._in_polygon:
            try:
                ring = [list(map(float, place.split(","))) for place in text.split()]
            except ValueError:
                _refuse("corners", self._name)
            self.polygons[-1].append(ring)


REASONS: Final = {
    "none": "holds no polygon",
    "crosses": "has an outline that crosses itself or bounds nothing",
    "corners": "has a ring that is not three corners or more in degrees",
    "too_many": f"has more than {MOST_CORNERS} corners",
}


def _refuse(reason: str, name: str) -> NoReturn:
    """Say what is wrong with an outline."""
    msg = f"The area {name!r} {REASONS[reason]}."
    raise AreaFaultyError(msg, path=name, reason=reason)
