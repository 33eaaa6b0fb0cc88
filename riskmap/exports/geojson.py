"""GeoJSON as RFC 7946 has it, with what it is and what it is not inside the file."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import shapely

from riskmap.exports.dictionary import TABLE, data_dictionary
from riskmap.exports.files import write_bytes
from riskmap.exports.layers import bounding_box, shaped
from riskmap.exports.notes import ExportNotes
from riskmap.exports.table import plain, write_table

# a tenth of a metre; RFC 7946 calls six decimals enough
DECIMALS = 6

# features made at once, so that memory does not grow with their number
CHUNK = 10_000


def write_geojson(
    tables: Mapping[str, pd.DataFrame], out: Path, notes: ExportNotes
) -> tuple[Path, ...]:
    """Write each table as GeoJSON, with the data dictionary beside them.

    Parameters
    ----------
    tables
        Tables by name.
    out
        Folder.
    notes
        What the export says about itself: the foreign member ``riskmap``.

    Returns
    -------
    tuple of pathlib.Path
        The files written: ``{name}.geojson`` and ``data_dictionary.csv``.

    Raises
    ------
    FolderUnwritableError
        If the folder cannot be written to.
    DiskFullError
        If there is no space left.
    """
    layers = shaped(tables)
    dictionary = data_dictionary(layers, notes)
    files = []
    for name, layer in layers.items():
        fields = dictionary[dictionary["table"] == name].drop(columns="table")
        about = notes.as_dict() | {"fields": fields.to_dict("records")}
        chunks = feature_collection(layer, name=name, about=about)
        files.append(write_bytes(out / f"{name}.geojson", chunks))
    files.append(write_table(out / f"{TABLE}.csv", dictionary))
    return tuple(files)


def feature_collection(
    layer: gpd.GeoDataFrame,
    *,
    name: str,
    about: Mapping[str, object],
    decimals: int = DECIMALS,
) -> Iterator[bytes]:
    """Write a layer as a GeoJSON FeatureCollection, one feature a line.

    Parameters
    ----------
    layer
        As :func:`riskmap.exports.layers.shaped` returns it; the first column is the
        identifier of the features.
    name
        Name of the layer.
    about
        Foreign member ``riskmap``.
    decimals
        Of the coordinates, in degrees.

    Yields
    ------
    bytes
        The text in UTF-8, piece by piece: WGS 84 without ``crs``, six decimals,
        right-hand rule, ``bbox``, no NaN, days as ISO 8601, numbers to nine digits.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame(
    ...     {"id": ["a"]}, geometry=[shapely.Point(-110.94, 31.33)], crs=4326
    ... )
    >>> text = b"".join(feature_collection(layer, name="towns", about={}))
    >>> orjson.loads(text)["features"][0]["geometry"]["coordinates"]
    [-110.94, 31.33]
    """
    head: dict[str, object] = {"type": "FeatureCollection", "name": name}
    shapes = _rounded(np.asarray(layer.geometry), decimals)
    if box := bounding_box(shapes):
        head["bbox"] = box
    head["riskmap"] = dict(about)
    yield orjson.dumps(head)[:-1] + b',"features":['
    values = layer.drop(columns=layer.geometry.name)
    names = [str(column) for column in values.columns]
    columns = [plain(values[column]) for column in values.columns]
    for first in range(0, len(layer), CHUNK):
        rows = slice(first, first + CHUNK)
        parts = zip(*(column[rows].tolist() for column in columns), strict=True)
        texts = shapely.to_geojson(shapes[rows])
        lines = [
            orjson.dumps(
                {
                    "type": "Feature",
                    "id": part[0],
                    "geometry": orjson.Fragment(text) if text else None,
                    "properties": dict(zip(names, part, strict=True)),
                }
            )
            for part, text in zip(parts, texts.tolist(), strict=True)
        ]
        yield (b",\n" if first else b"\n") + b",\n".join(lines)
    yield b"\n]}\n"


def _rounded(shapes: npt.NDArray[np.object_], decimals: int) -> npt.NDArray[np.object_]:
    """Round coordinates, the input untouched; outlines keep their vertices."""
    return np.asarray(
        shapely.transform(shapes, lambda points: np.round(points, decimals))
    )
