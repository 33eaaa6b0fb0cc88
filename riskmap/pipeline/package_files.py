"""Package files: the same tables in every format, made in memory."""

import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import orjson
import pandas as pd
import pyarrow.parquet as pq

from riskmap.exports import ExportNotes, data_dictionary
from riskmap.exports.geojson import feature_collection
from riskmap.exports.geopackage import write_geopackage
from riskmap.exports.geoparquet import ROWS_PER_GROUP, arrow_table
from riskmap.exports.gpx import gpx_text
from riskmap.exports.hxl_csv import hxl_text
from riskmap.exports.kml import kml_text
from riskmap.exports.layers import shaped
from riskmap.exports.table import BYTE_ORDER_MARK, csv_text
from riskmap.pipeline.package_change import CHANGE, LISTS, change_columns
from riskmap.pipeline.package_tables import Door, Selection
from riskmap.scoring import PRESETS
from riskmap.sharing.manifest import FORMAT_VERSION
from riskmap.webmap import MapTables, page_html

# GeoJSON with a hundredth of a metre: what comes back is where it was
DECIMALS: Final = 7

# a globe shows places; a hundred thousand cells, and lists, it does not
NOT_IN_KML: Final = ("scores", CHANGE, *LISTS)

METHOD_PARTS: Final = (
    "what",
    "scores",
    "zones",
    "counts",
    "points",
    "change",
    "interval",
    "no_data",
    "wall",
    "check",
)

Label = Callable[..., str]


def write_files(
    door: Door, chosen: Selection, notes: ExportNotes, *, title: str
) -> dict[str, bytes]:
    """Write what leaves in every format.

    Parameters
    ----------
    door
        Under which profile, to whom.
    chosen
        What leaves.
    notes
        What the files say about themselves.
    title
        Name of the package.

    Returns
    -------
    dict
        File name to content; the same tables make the same bytes.
    """
    marked = {
        name: _with_marking(table, chosen.markings[name].text())
        for name, table in chosen.tables.items()
    }
    layers = shaped(marked)
    notes = replace(notes, layers=(*notes.layers, *change_columns()))
    dictionary = data_dictionary(layers, notes)
    files = {"data_dictionary.csv": BYTE_ORDER_MARK + csv_text(dictionary).encode()}
    for name, layer in layers.items():
        own = replace(notes, marking=chosen.markings[name].text())
        fields = dictionary[dictionary["table"] == name].drop(columns="table")
        files |= _layer_files(name, layer, own, fields)
    files |= {
        "riskmap.gpkg": _geopackage(marked, notes),
        "riskmap.kml": _kml(marked, notes, title),
    }
    # a map shows scores by cell: where they stay there is none
    if "scores" in chosen.tables and door.kept():
        files["riskmap.html"] = _map_page(door, chosen, notes).encode()
    if "landmarks" in marked or "zones" in marked:
        files["riskmap.gpx"] = _gpx(marked, notes)
    for language, label in sorted(notes.words.items()):
        files[f"method_{language}.md"] = _method(notes, language, label).encode()
    return files


def _with_marking(table: Any, marking: str) -> Any:
    """Mark each row; records that have a marking of their own keep it."""
    if "marking" not in table.columns:
        return table.assign(marking=pd.array([marking] * len(table), dtype="str"))
    said = table["marking"].astype("str")
    return table.assign(marking=said.mask(said == "", marking).astype("str"))


def _layer_files(
    name: str, layer: gpd.GeoDataFrame, notes: ExportNotes, fields: pd.DataFrame
) -> dict[str, bytes]:
    """Write a layer as GeoJSON, GeoParquet and CSV."""
    about = notes.as_dict() | {"format_version": FORMAT_VERSION}
    listed = about | {"fields": fields.to_dict("records")}
    held = io.BytesIO()
    pq.write_table(
        arrow_table(layer, about=orjson.dumps(about)),
        held,
        compression="zstd",
        row_group_size=ROWS_PER_GROUP,
    )
    chunks = feature_collection(layer, name=name, about=listed, decimals=DECIMALS)
    flat = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    shapes = layer.geometry
    if "x" not in flat and (shapes.geom_type == "Point").all():
        flat = flat.assign(x=shapes.x, y=shapes.y)
    return {
        f"{name}.geojson": b"".join(chunks),
        f"{name}.parquet": held.getvalue(),
        f"{name}.csv": BYTE_ORDER_MARK + hxl_text(flat).encode(),
    }


def _geopackage(tables: Mapping[str, Any], notes: ExportNotes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (file,) = write_geopackage(tables, Path(folder), notes)
        return file.read_bytes()


def _about(notes: ExportNotes) -> str:
    """Say in a few lines what a file is, in every language."""
    lines = [notes.marking, notes.as_of, *(s.cite() for s in notes.sources)]
    for sentences in notes.caveats().values():
        lines += sentences
    return "\n".join(lines)


def _kml(tables: Mapping[str, Any], notes: ExportNotes, title: str) -> bytes:
    shown = {name: t for name, t in tables.items() if name not in NOT_IN_KML}
    if "counts" in shown:
        counts = shown["counts"]
        shown["counts"] = counts[counts["state"] == "shown"]
    return "".join(kml_text(shown, title=title, about=_about(notes))).encode()


def _gpx(tables: Mapping[str, Any], notes: ExportNotes) -> bytes:
    nothing = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    pieces = gpx_text(
        tables.get("landmarks", nothing),
        tables.get("zones", nothing),
        creator=f"riskmap {notes.version}",
        about=_about(notes),
    )
    return "".join(pieces).encode()


def _map_page(door: Door, chosen: Selection, notes: ExportNotes) -> str:
    """Draw the map of what leaves, and of nothing else."""
    project, words = door.project, dict(notes.words)
    purposes = {preset.name: preset.purpose for preset in PRESETS}
    held = chosen.tables
    empty: Mapping[str, Any] = {
        name: project.read(name).iloc[:0] for name in ("zones", "landmarks")
    }
    landmarks = held.get("landmarks", empty["landmarks"])
    boundary: Any = project.read("boundary")
    basemap: Any = project.read("basemap")
    tables = MapTables(
        cells=held["scores"],
        zones=held.get("zones", empty["zones"]),
        landmarks=landmarks.drop(columns="marking", errors="ignore"),
        boundary=boundary,
        incidents=_no_incidents(),
        basemap=basemap,
        scores={name: purposes[name] for name in door.kept()},
    )
    caption = {
        language: [notes.marking, notes.as_of, *caveats]
        for language, caveats in notes.caveats().items()
    }
    return page_html(tables, words, caption)


def _no_incidents() -> pd.DataFrame:
    """Show counts nowhere on the map: those released are in files of their own."""
    nothing = {"cell": "uint64", "kind": "str", "purpose": "str", "events": "int64"}
    return pd.DataFrame({n: pd.array([], dtype=d) for n, d in nothing.items()})


def _method(notes: ExportNotes, language: str, label: Label) -> str:
    """Write the method note in one language."""
    lines = [f"# {label('package.method.title')}", "", f"{notes.marking}", ""]
    for part in METHOD_PARTS:
        lines += [label(f"package.method.{part}"), ""]
    for name in notes.scores:
        lines += [f"- {label(f'score.{name}')}: {label(f'score.{name}.help')}"]
    lines += ["", f"## {label('package.method.caveats')}", ""]
    lines += [f"- {text}" for text in notes.caveats()[language]]
    lines += ["", f"## {label('package.method.sources')}", ""]
    lines += [f"- {source.cite()}" for source in notes.sources]
    return "\n".join([*lines, ""])
