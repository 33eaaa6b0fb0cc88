"""Formats: every kind of file riskmap writes; adding one is a function and a line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from riskmap.errors import UnknownNameError
from riskmap.exports.geojson import write_geojson
from riskmap.exports.geopackage import write_geopackage
from riskmap.exports.geoparquet import write_geoparquet
from riskmap.exports.notes import ExportNotes
from riskmap.exports.table import write_csv

Writer = Callable[[Mapping[str, pd.DataFrame], Path, ExportNotes], tuple[Path, ...]]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A kind of file and its writer.

    Parameters
    ----------
    name
        As the command line has it.
    write
        From tables, a folder and notes to the files written.
    """

    name: str
    write: Writer


# the map as one HTML file is made by `webmap`
FORMATS: tuple[Format, ...] = (
    Format(name="geojson", write=write_geojson),
    Format(name="geoparquet", write=write_geoparquet),
    Format(name="gpkg", write=write_geopackage),
    Format(name="csv", write=write_csv),
)


def format_named(name: str) -> Format:
    """Find a format by its name.

    Parameters
    ----------
    name
        Name in :data:`FORMATS`.

    Returns
    -------
    Format
        The format.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> format_named("gpkg").name
    'gpkg'
    """
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    msg = f"`format` must be one of {names}, got {name!r}."
    raise UnknownNameError(msg, kind="format", value=name, known=names)
