"""Files: write tables and geometries so that the same rows give the same bytes."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

DECIMALS = 5  # of a degree: 1.1 m


def read_json(path: Path) -> Any:
    """Read JSON, compressed or not."""
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


def read_text(path: Path) -> pd.DataFrame:
    """Read a CSV, compressed or not, every value kept as the text it is."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read_ragged(path: Path, free: str) -> pd.DataFrame:
    """Read a CSV in which one column holds commas that nobody quoted."""
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    start = header.index(free)
    for row in rows:
        end = start + 1 + len(row) - len(header)
        row[start:end] = [",".join(row[start:end])]
    return pd.DataFrame(rows, columns=header)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a CSV of texts and numbers, UTF-8, one line feed a row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def rounded(geometry: Any, decimals: int = DECIMALS) -> Any:
    """Round the coordinates and drop vertices that become their neighbours."""
    return shapely.remove_repeated_points(
        shapely.transform(geometry, lambda xy: np.round(xy, decimals))
    )


def write_geojson(
    rows: Iterable[tuple[Mapping[str, Any], Any]],
    path: Path,
    *,
    decimals: int = DECIMALS,
) -> None:
    """Write features one a line; RFC 7946, exterior rings counter-clockwise.

    A path that ends in ``.gz`` is compressed without name or time, so that its
    bytes depend on the rows only.
    """
    lines = []
    for properties, geometry in rows:
        turned = shapely.orient_polygons(rounded(geometry, decimals))
        feature = {
            "type": "Feature",
            "properties": dict(properties),
            "geometry": {"type": turned.geom_type, "coordinates": _numbers(turned)},
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    text = (
        '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    ).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = gzip.compress(text, 9, mtime=0) if path.suffix == ".gz" else text
    path.write_bytes(packed)


def _numbers(geometry: Any) -> Any:
    """Take the coordinates of a geometry, as GeoJSON nests them."""
    return json.loads(shapely.to_geojson(geometry))["coordinates"]
