"""GeoPackage: all layers, the data dictionary and the notes in one file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import orjson
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from riskmap.errors import DiskFullError, FolderUnwritableError
from riskmap.exports.dictionary import TABLE, data_dictionary
from riskmap.exports.files import write_whole
from riskmap.exports.layers import shaped
from riskmap.exports.notes import ExportNotes

FILE = "riskmap.gpkg"

FAILURES = (DataSourceError, DataLayerError, FeatureError, sqlite3.OperationalError)


def write_geopackage(
    tables: Mapping[str, pd.DataFrame], out: Path, notes: ExportNotes
) -> tuple[Path, ...]:
    """Write all tables into one GeoPackage.

    Parameters
    ----------
    tables
        Tables by name, which are the layers' names.
    out
        Folder.
    notes
        What the export says about itself: the table ``notes``, key and value.

    Returns
    -------
    tuple of pathlib.Path
        The file written, ``riskmap.gpkg``.

    Raises
    ------
    FolderUnwritableError
        If the folder cannot be written to.
    DiskFullError
        If there is no space left.
    """
    layers = shaped(tables)
    plain = {
        TABLE: data_dictionary(layers, notes),
        "notes": pd.DataFrame(
            [
                (key, orjson.dumps(value).decode())
                for key, value in notes.as_dict().items()
            ],
            columns=["key", "value"],
        ),
    }

    def write(beside: Path) -> None:
        try:
            for name, layer in {**layers, **plain}.items():
                _add(beside, name, layer)
            _freeze(beside, day=notes.as_of)
        except FAILURES as error:
            raise _plainly(error, beside) from error

    return (write_whole(out / FILE, write),)


def _add(path: Path, name: str, table: gpd.GeoDataFrame | pd.DataFrame) -> None:
    """Add one layer."""
    pyogrio.write_dataframe(
        table,
        path,
        layer=name,
        driver="GPKG",
        append=path.exists(),
        use_arrow=len(table) > 0,
        geometry_type=None if len(table) else "Unknown",
    )


def _plainly(error: Exception, beside: Path) -> Exception:
    """Say in riskmap's errors why a file could not be written.

    The database driver does not always say that the disk is full. But a file that
    could be begun and not ended is one that found no room.
    """
    folder = beside.parent
    if beside.exists():
        msg = f"The disk of {folder} is full: make room, then export again. ({error})"
        return DiskFullError(msg, path=str(folder))
    msg = f"Cannot write in {folder}: {error}."
    return FolderUnwritableError(msg, path=str(folder))


def _freeze(path: Path, *, day: str) -> None:
    """Take the clock out of the file: the same tables give the same bytes."""
    fresh = path.with_name(f"{path.name}.fresh")
    try:
        with closing(sqlite3.connect(path)) as database:
            with database:
                database.execute(
                    "UPDATE gpkg_contents SET last_change = ?",
                    (f"{day}T00:00:00.000Z",),
                )
            # a file counts its changes, and the driver makes one more when a second
            # passes while it writes: a fresh copy starts to count anew
            database.execute("VACUUM INTO ?", (str(fresh),))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
