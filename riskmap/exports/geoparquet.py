"""GeoParquet 1.1: tables for analysts, every number exact."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from riskmap.crs import STORAGE_CRS
from riskmap.exports.dictionary import TABLE, data_dictionary
from riskmap.exports.files import write_whole
from riskmap.exports.layers import bounding_box, shaped
from riskmap.exports.notes import ExportNotes
from riskmap.exports.table import write_table

VERSION = "1.1.0"

GEOMETRY = "geometry"

ROWS_PER_GROUP = 65_536


def write_geoparquet(
    tables: Mapping[str, pd.DataFrame], out: Path, notes: ExportNotes
) -> tuple[Path, ...]:
    """Write each table as GeoParquet, with the data dictionary beside them.

    Parameters
    ----------
    tables
        Tables by name.
    out
        Folder.
    notes
        What the export says about itself: key ``riskmap`` of the file's metadata.

    Returns
    -------
    tuple of pathlib.Path
        The files written: ``{name}.parquet`` and ``data_dictionary.csv``.

    Raises
    ------
    FolderUnwritableError
        If the folder cannot be written to.
    DiskFullError
        If there is no space left.
    """
    layers = shaped(tables)
    about = orjson.dumps(notes.as_dict())
    files = []
    for name, layer in layers.items():
        table = arrow_table(layer, about=about)

        def write(beside: Path, table: pa.Table = table) -> None:
            pq.write_table(
                table, beside, compression="zstd", row_group_size=ROWS_PER_GROUP
            )

        files.append(write_whole(out / f"{name}.parquet", write))
    dictionary = data_dictionary(layers, notes)
    files.append(write_table(out / f"{TABLE}.csv", dictionary))
    return tuple(files)


def arrow_table(layer: gpd.GeoDataFrame, *, about: bytes) -> pa.Table:
    """Lay out a layer as GeoParquet wants it.

    Parameters
    ----------
    layer
        As :func:`riskmap.exports.layers.shaped` returns it.
    about
        JSON for the key ``riskmap`` of the metadata.

    Returns
    -------
    pyarrow.Table
        With the geometry as well-known binary in its last column, and the metadata
        ``geo`` of GeoParquet 1.1.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame(
    ...     {"id": ["a"]}, geometry=[shapely.Point(-110.94, 31.33)], crs=4326
    ... )
    >>> sorted(arrow_table(layer, about=b"{}").schema.metadata)
    [b'geo', b'pandas', b'riskmap']
    """
    shapes = np.asarray(layer.geometry)
    values = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    table = pa.Table.from_pandas(values, preserve_index=False)
    binary = pa.array(shapely.to_wkb(shapes), type=pa.binary())
    table = table.append_column(GEOMETRY, binary)
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": _kinds(shapes),
        "crs": STORAGE_CRS.to_json_dict(),
        "orientation": "counterclockwise",
        "edges": "planar",
    }
    if box := bounding_box(shapes):
        column["bbox"] = box
    geo = {
        "version": VERSION,
        "primary_column": GEOMETRY,
        "columns": {GEOMETRY: column},
    }
    metadata = {b"geo": orjson.dumps(geo), b"riskmap": about}
    return table.replace_schema_metadata((table.schema.metadata or {}) | metadata)


def _kinds(shapes: npt.NDArray[np.object_]) -> list[str]:
    """Name the kinds of geometry there are."""
    _, first = np.unique(shapely.get_type_id(shapes), return_index=True)
    return sorted(shapes[row].geom_type for row in first if shapes[row] is not None)
