"""GPX 1.1: landmarks as waypoints and zones as tracks, for receivers in the field."""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.crs import to_storage
from riskmap.exports.markup import degrees, escaped, parts_of, rings_of

NAMESPACE = "http://www.topografix.com/GPX/1/1"


def gpx_text(
    landmarks: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    *,
    creator: str,
    about: str,
) -> Iterator[str]:
    """Write landmarks and zones for a receiver.

    Parameters
    ----------
    landmarks
        Points on ``landmark_id``, with ``name_es``, ``name_en`` and ``kind``.
    zones
        Polygons on ``zone_id``, with ``score`` and ``rank``.
    creator
        The program that wrote it.
    about
        What the file says about itself: marking, day, caveats.

    Yields
    ------
    str
        The text, piece by piece: degrees in WGS 84 with seven decimals. A zone's
        rings, holes too, are the parts of one track.

    Examples
    --------
    >>> import shapely
    >>> towns = gpd.GeoDataFrame(
    ...     {"name_en": ["Ajo"], "name_es": ["Ajo"], "kind": ["town"]},
    ...     geometry=[shapely.Point(-112.86, 32.37)], index=["t1"], crs=4326,
    ... )
    >>> text = "".join(gpx_text(towns, towns.iloc[:0], creator="r", about=""))
    >>> '<wpt lat="32.37" lon="-112.86"><name>Ajo</name>' in text
    True
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<gpx xmlns="{NAMESPACE}" version="1.1" creator="{escaped(creator)}">\n'
    yield f"<metadata><desc>{escaped(about)}</desc></metadata>\n"
    for place in _rows(landmarks):
        shape = place["geometry"]
        name = place["name_es"] or place["name_en"] or place["id"]
        told = " · ".join(
            str(place[key]) for key in ("name_en", "id", "marking") if place.get(key)
        )
        yield (
            f'<wpt lat="{degrees(shape.y)}" lon="{degrees(shape.x)}">'
            f"<name>{escaped(name)}</name><desc>{escaped(told)}</desc>"
            f"<type>{escaped(place['kind'])}</type></wpt>\n"
        )
    for zone in _rows(zones):
        told = " · ".join(
            str(zone[key]) for key in ("score", "rank", "marking") if key in zone
        )
        rings = "".join(
            _segment(ring)
            for part in parts_of(zone["geometry"])
            for ring in rings_of(part)
        )
        yield (
            f"<trk><name>{escaped(zone['id'])}</name><desc>{escaped(told)}</desc>"
            f"{rings}</trk>\n"
        )
    yield "</gpx>\n"


def _rows(table: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Give each row with its name as ``id``, in degrees."""
    if len(table) == 0:
        return
    stored = to_storage(table)
    values = pd.DataFrame(stored.drop(columns=stored.geometry.name)).astype("str")
    rows = values.fillna("").to_dict("records")
    for name, row, shape in zip(stored.index, rows, stored.geometry, strict=True):
        yield {**row, "id": str(name), "geometry": shape}


def _segment(ring: list[tuple[float, float]]) -> str:
    points = "".join(f'<trkpt lat="{degrees(y)}" lon="{degrees(x)}"/>' for x, y in ring)
    return f"<trkseg>{points}</trkseg>"
