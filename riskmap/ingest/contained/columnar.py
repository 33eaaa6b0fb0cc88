"""Columnar: Parquet and GeoParquet, a batch of rows at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from riskmap.ingest.contained.written import DAMAGED, Refusal, read_point, write_value

BATCH_ROWS = 20_000

LONGITUDE_LATITUDE = "OGC:CRS84"
"""What GeoParquet means where it states no CRS; its specification, 1.1."""


def _geometry(metadata: dict[bytes, bytes]) -> tuple[str, str]:
    """Find the column of shapes and its CRS; ``""`` if there is none."""
    if b"geo" not in metadata:
        return "", ""
    geo = json.loads(metadata[b"geo"])
    column = str(geo["primary_column"])
    known = geo["columns"][column]
    if known.get("encoding") not in ("WKB", "point"):
        raise Refusal(DAMAGED)
    crs = known.get("crs", LONGITUDE_LATITUDE)
    if crs is None:
        return column, ""
    if isinstance(crs, dict):
        identity = crs.get("id")
        if identity:
            return column, f"{identity['authority']}:{identity['code']}"
        return column, json.dumps(crs)
    return column, str(crs)


def _point(value: Any) -> tuple[str, str, str]:
    """Read a shape that is well-known binary, or a pair of numbers."""
    if isinstance(value, dict):
        return write_value(value.get("x")), write_value(value.get("y")), ""
    if value is None or isinstance(value, bytes):
        return read_point(value)
    return "", "", "?"


def read_batches(path: Path, most_rows: int) -> Iterator[dict[str, Any]]:
    """Read a Parquet file as text, a batch of rows at a time.

    Parameters
    ----------
    path
        The file.
    most_rows
        Rows after which to stop: one more than is allowed.

    Yields
    ------
    dict
        First ``names`` and ``crs``, then ``columns`` and ``points``.

    Raises
    ------
    Refusal
        If it is damaged or encrypted.
    """
    try:
        file = pq.ParquetFile(path, pre_buffer=False, memory_map=False)
        column, crs = _geometry(file.schema_arrow.metadata or {})
        names = [name for name in file.schema_arrow.names if name != column]
        yield {"names": names, "crs": crs}
        left = most_rows
        for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
            part = batch.slice(0, left)
            values = dict(zip(part.schema.names, part.columns, strict=True))
            shapes = values.pop(column, None)
            points = (
                [("", "", "")] * part.num_rows
                if shapes is None
                else [_point(value) for value in shapes.to_pylist()]
            )
            columns = [
                [write_value(value) for value in values[name].to_pylist()]
                for name in names
            ]
            yield {"columns": columns, "points": points}
            left -= part.num_rows
            if left <= 0:
                return
    except pa.ArrowMemoryError as error:
        raise MemoryError from error
    except (pa.ArrowException, OSError, LookupError, ValueError, TypeError) as error:
        raise Refusal(DAMAGED) from error
