"""KML 2.2: places for programs that show the globe, each field under its name."""

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd

from riskmap.exports.layers import shaped
from riskmap.exports.markup import degrees, escaped, parts_of, rings_of
from riskmap.exports.table import plain

NAMESPACE = "http://www.opengis.net/kml/2.2"

NAMES = ("name_en", "landmark_en", "zone_id", "landmark_id", "cell")


def kml_text(tables: Mapping[str, Any], *, title: str, about: str) -> Iterator[str]:
    """Write tables as one KML document, a folder for each.

    Parameters
    ----------
    tables
        Tables by name, as :func:`riskmap.exports.layers.shaped` takes them.
    title
        Name of the document.
    about
        What it says about itself: marking, day, caveats.

    Yields
    ------
    str
        The text, piece by piece: WGS 84, seven decimals, outer rings
        counter-clockwise, every field as ``ExtendedData``.

    Examples
    --------
    >>> import shapely
    >>> towns = gpd.GeoDataFrame(
    ...     {"name_en": ["Ajo"]}, geometry=[shapely.Point(-112.86, 32.37)], crs=4326
    ... )
    >>> text = "".join(kml_text({"towns": towns}, title="t", about=""))
    >>> "<coordinates>-112.86,32.37</coordinates>" in text
    True
    """
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{NAMESPACE}">\n'
    yield f"<Document>\n<name>{escaped(title)}</name>\n"
    yield f"<description>{escaped(about)}</description>\n"
    for name, layer in shaped(tables).items():
        yield f"<Folder>\n<name>{escaped(name)}</name>\n"
        yield from _placemarks(layer)
        yield "</Folder>\n"
    yield "</Document>\n</kml>\n"


def _placemarks(layer: gpd.GeoDataFrame) -> Iterator[str]:
    """Write each row of a layer."""
    values = layer.drop(columns=layer.geometry.name)
    names = [str(column) for column in values.columns]
    columns = [plain(values[column]).tolist() for column in values.columns]
    called = next((name for name in NAMES if name in names), names[0])
    rows = zip(*columns, strict=True)
    for row, shape in zip(rows, layer.geometry, strict=True):
        fields = dict(zip(names, row, strict=True))
        data = "".join(
            f'<Data name="{escaped(name)}"><value>{escaped(value)}</value></Data>'
            for name, value in fields.items()
            if value is not None
        )
        yield (
            f"<Placemark><name>{escaped(fields[called])}</name>"
            f"<ExtendedData>{data}</ExtendedData>{_geometry(shape)}</Placemark>\n"
        )


def _geometry(shape: Any) -> str:
    """Write a geometry."""
    parts = [_single(part) for part in parts_of(shape)]
    if len(parts) == 1:
        return parts[0]
    return f"<MultiGeometry>{''.join(parts)}</MultiGeometry>" if parts else ""


def _single(shape: Any) -> str:
    """Write a point, a line or a polygon."""
    if shape.geom_type == "Polygon":
        outer, *holes = (_ring(ring) for ring in rings_of(shape))
        inner = "".join(f"<innerBoundaryIs>{h}</innerBoundaryIs>" for h in holes)
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"
    kind = "Point" if shape.geom_type == "Point" else "LineString"
    return f"<{kind}>{_coordinates(list(shape.coords))}</{kind}>"


def _ring(points: list[tuple[float, float]]) -> str:
    return f"<LinearRing>{_coordinates(points)}</LinearRing>"


def _coordinates(points: list[Any]) -> str:
    texts = (f"{degrees(point[0])},{degrees(point[1])}" for point in points)
    return f"<coordinates>{' '.join(texts)}</coordinates>"
