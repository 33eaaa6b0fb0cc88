"""Vector: GeoPackage and shapefile through GDAL, with every other driver left out."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyogrio.raw

from riskmap.ingest.contained.written import (
    DAMAGED,
    DRIVERS_UNKNOWN,
    LAYERS,
    MORE_THAN_TABLES,
    Refusal,
    read_point,
    write_value,
)

DRIVERS: Final = frozenset({"GPKG", "ESRI Shapefile"})

BATCH_ROWS: Final = 20_000

NOWHERE: Final = ("", "", "")
"""A row without a shape: no x, no y, and nothing strange."""

TRIGGERS: Final = re.compile(
    r"(?i)(?:rtree_|gpkg_|trigger_(?:insert|delete)_feature_count_)\w+"
)
"""Triggers of the standard and of GDAL; they act on writing, which is forbidden."""

RTREE: Final = re.compile(r'(?is)\s*CREATE\s+VIRTUAL\s+TABLE\s+(?:"[^"]+"|\w+)\s+'
                          r"USING\s+rtree\s*\(")  # fmt: skip


def check_schema(path: Path) -> None:
    """Refuse a GeoPackage that would do more than hold tables.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    Refusal
        If it has a view, a virtual table other than an index of places, a trigger
        of its own, or is no database.
    """
    try:
        base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        base.execute("PRAGMA trusted_schema = OFF")
        entries = base.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        base.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise Refusal(DAMAGED) from error
    for kind, name, sql in entries:
        view = kind == "view"
        trigger = kind == "trigger" and not TRIGGERS.fullmatch(str(name))
        virtual = kind == "table" and re.match(r"(?is)\s*CREATE\s+VIRTUAL", sql or "")
        if view or trigger or (virtual and not RTREE.match(sql)):
            raise Refusal(MORE_THAN_TABLES)


def _one_layer(path: Path, layer: str) -> str:
    """Take the layer asked for, or the only one."""
    found = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer and layer in found:
        return layer
    if layer or len(found) != 1:
        raise Refusal(LAYERS)
    return found[0]


def read_layer(path: Path, layer: str, most_rows: int) -> Iterator[dict[str, Any]]:
    """Read one layer as text, a batch of rows at a time.

    Parameters
    ----------
    path
        A ``.gpkg`` or ``.shp`` file.
    layer
        Its name; if not given, there must be one alone.
    most_rows
        Rows after which to stop: one more than is allowed.

    Yields
    ------
    dict
        First ``names`` and ``crs``, then ``columns``, ``x``, ``y`` and ``strange``.

    Raises
    ------
    Refusal
        If it cannot be read, or has several layers.
    """
    if path.suffix == ".gpkg":
        check_schema(path)
    if not DRIVERS.issuperset(pyogrio.list_drivers()):
        raise Refusal(DRIVERS_UNKNOWN)
    try:
        options = {"IMMUTABLE": "YES"} if path.suffix == ".gpkg" else {}
        name = _one_layer(path, layer)
        for start in range(0, most_rows, BATCH_ROWS):
            meta, _, shapes, values = pyogrio.raw.read(
                path,
                layer=name,
                force_2d=True,
                datetime_as_string=True,
                skip_features=start,
                max_features=min(BATCH_ROWS, most_rows - start),
                **options,
            )
            if start == 0:
                names = [str(field) for field in meta["fields"]]
                yield {"names": names, "crs": meta["crs"] or ""}
            rows = len(values[0]) if len(values) else len(shapes)
            if shapes is None:
                points = [NOWHERE] * rows
            else:
                points = [read_point(shape) for shape in shapes]
            yield {
                "columns": [[write_value(v) for v in c.tolist()] for c in values],
                "points": points,
            }
            if rows < BATCH_ROWS:
                return
    except (RuntimeError, ValueError) as error:
        raise Refusal(DAMAGED) from error
