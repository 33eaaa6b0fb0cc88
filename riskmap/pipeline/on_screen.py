"""On screen: the part of the map that somebody looks at, as one file to keep."""

import datetime
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as cells_
from riskmap.errors import UnknownNameError
from riskmap.exports import ExportNotes, format_named
from riskmap.exports.gpx import gpx_text
from riskmap.exports.kml import kml_text
from riskmap.exports.sheet import Sheet
from riskmap.pipeline.areas import area_region
from riskmap.pipeline.excerpts import excerpt, map_excerpt
from riskmap.pipeline.extracts import zipped
from riskmap.pipeline.policy import marking_of_table
from riskmap.project import Project
from riskmap.sharing.markings import UNMARKED, strictest
from riskmap.webmap import COUNT_CLASSES, PALETTES, RATE_CLASSES, MapTables, page_html
from riskmap.webmap.palettes import NO_DATA_COLOUR, NONE_RECORDED_COLOUR

SCREEN_FORMS: Mapping[str, str] = {
    "geojson": ".zip",
    "gpkg": ".gpkg",
    "csv": ".zip",
    "kml": ".kml",
    "gpx": ".gpx",
    "html": ".html",
    "pdf_letter": ".pdf",
    "pdf_a4": ".pdf",
}
"""What can be saved of the screen, and how the file ends."""

# a table of each is in the file; it is as strict as the strictest of them
HELD = ("scores", "zones", "landmarks", "incidents_by_cell")
TILE_PX, MOST_LAT = 256.0, 85.0
KIND = "kind-"
# more hexagons than this say no more on a sheet of paper
MOST_DRAWN = 8_000
MOST_IN_KML = 20_000
KNOWN_SHARE = 0.5
PER_KM2 = 100.0

Label = Callable[..., str]


@dataclass(frozen=True, kw_only=True, eq=False)
class Screen:
    """What somebody looks at.

    Parameters
    ----------
    shape
        The part of the map, EPSG:4326: the screen's box, or an area drawn on it.
    layer
        A score, or ``kind-`` and a kind of incident: what a sheet of paper shows. A
        saved page opens with it, be it ``value-`` and a further layer or scenario too.
    colours
        Five colours, from low to high.
    area
        An outline to draw; None for nothing.
    """

    shape: shapely.Geometry
    layer: str
    colours: Sequence[str] = PALETTES["YlOrRd"]
    area: shapely.Geometry | None = None


def screen_box(
    view: Sequence[float], size: Sequence[float]
) -> tuple[float, float, float, float]:
    """Find what a screen shows.

    Parameters
    ----------
    view
        Latitude and longitude of its middle, and the zoom (Web Mercator).
    size
        Width and height, pixels.

    Returns
    -------
    tuple of float
        West, south, east, north, degrees.

    Examples
    --------
    >>> [round(edge, 3) for edge in screen_box([0, -110, 8], [256, 256])]
    [-110.703, -0.703, -109.297, 0.703]
    """
    lat, lon, zoom = view
    world = TILE_PX * 2.0**zoom
    lat = min(max(lat, -MOST_LAT), MOST_LAT)
    y = math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    half_x, half_y = size[0] / 2 / world, size[1] / 2 / world

    def latitude(at: float) -> float:
        return math.degrees(math.atan(math.sinh(2 * math.pi * at)))

    wide = half_x * 360
    return lon - wide, latitude(y - half_y), lon + wide, latitude(y + half_y)


def screen_shape(view: Sequence[float], size: Sequence[float]) -> shapely.Polygon:
    """Find the box that a screen shows.

    Parameters
    ----------
    view, size
        As for :func:`screen_box`.

    Returns
    -------
    shapely.Polygon
        EPSG:4326.
    """
    return shapely.box(*screen_box(view, size))


def screen_marking(project: Project) -> str:
    """Tell how a file of the screen is marked.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    str
        The strictest marking of the tables in it.
    """
    return strictest(marking_of_table(project, name) for name in HELD).text()


def screen_bytes(
    tables: MapTables, screen: Screen, form: str, notes: ExportNotes
) -> bytes:
    """Write what is on screen as one file.

    Parameters
    ----------
    tables
        From :func:`riskmap.pipeline.map_tables`.
    screen
        What somebody looks at.
    form
        One of :data:`SCREEN_FORMS`.
    notes
        What the file says about itself; the reader's language first in its words.

    Returns
    -------
    bytes
        The file, the same for the same inputs. Incidents are counts of cells.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    """
    if form not in SCREEN_FORMS:
        known = ", ".join(SCREEN_FORMS)
        msg = f"`form` must be one of {known}, got {form!r}."
        raise UnknownNameError(msg, kind="format", value=form, known=known)
    if not notes.marking:
        notes = replace(notes, marking=UNMARKED)
    part = area_region(tables, screen.shape, "screen")
    shown = map_excerpt(tables, part)
    if form == "html":
        said = {lang: _foot(notes, lang) for lang in notes.words}
        return page_html(shown, notes.words, said, layer=screen.layer).encode()
    if form.startswith("pdf_"):
        # drawing takes a good part of a second to import
        from riskmap.exports.pdf import pdf_bytes  # noqa: PLC0415

        sheet = _sheet(shown, screen, notes)
        return pdf_bytes(sheet, form.removeprefix("pdf_"))
    held = _tables(tables)
    kept = excerpt(held, part)
    about = "\n".join(line for lang in notes.words for line in _foot(notes, lang))
    if form == "kml":
        if len(kept["scores"]) > MOST_IN_KML:
            # programs that show the globe stand still with more
            left = [notes.words[lang]("tool.screen.left_out") for lang in notes.words]
            about = "\n".join((*left, about))
            kept = {name: kept[name] for name in ("zones", "landmarks")}
        return "".join(kml_text(kept, title="riskmap", about=about)).encode()
    if form == "gpx":
        text = gpx_text(
            kept["landmarks"], kept["zones"], creator="riskmap", about=about
        )
        return "".join(text).encode()
    with tempfile.TemporaryDirectory() as place:
        files = format_named(form).write(kept, Path(place), notes)
        if form == "gpkg":
            return next(f for f in files if f.suffix == ".gpkg").read_bytes()
        return zipped(files, Path(place))


def _tables(tables: MapTables) -> dict[str, Any]:
    """Lay the map's tables out as an export has them."""
    counts = pd.DataFrame(index=tables.cells.index)
    covered = tables.covered
    kinds = sorted(set(tables.incidents["kind"].astype(str)))
    for kind in kinds:
        rows = tables.incidents[tables.incidents["kind"] == kind]
        events = rows.groupby("cell")["events"].sum().reindex(counts.index)
        looked = covered[kind] if covered is not None and kind in covered else None
        whole = events.astype("Int64")
        counts[f"events_{kind}"] = (
            whole
            if looked is None
            else whole.mask(looked.to_numpy(dtype=bool) & events.isna().to_numpy(), 0)
        )
    return {
        "scores": tables.cells,
        "zones": tables.zones,
        "landmarks": tables.landmarks,
        "incidents_by_cell": counts,
    }


def _foot(notes: ExportNotes, lang: str) -> list[str]:
    """Say in one language what a file is, what it is not, and whom to credit."""
    credits_ = [source.cite() for source in notes.sources]
    said = _made(notes, lang)
    return [notes.marking, said, *notes.caveats()[lang], *credits_]


def _made(notes: ExportNotes, lang: str) -> str:
    """Say in one language of what day a file is, and by which version."""
    label: Label = notes.words[lang]
    day = datetime.date.fromisoformat(notes.as_of) if notes.as_of else None
    return label("export.made", day=day, version=notes.version)


def _sheet(shown: MapTables, screen: Screen, notes: ExportNotes) -> Sheet:
    """Put what is on screen on a sheet of paper, the reader's language first."""
    drawn = _drawn(shown, screen)
    langs = list(notes.words)
    named = f"kind.{screen.layer.removeprefix(KIND)}"
    key = named if screen.layer.startswith(KIND) else f"score.{screen.layer}"

    def both(word: str) -> str:
        said = dict.fromkeys(str(notes.words[lang](word)) for lang in langs)
        return " · ".join(said)

    classes = COUNT_CLASSES if screen.layer.startswith(KIND) else RATE_CLASSES
    legend = [("", both(key)), ("", both(classes.unit))]
    for place in reversed(range(len(classes.words))):
        # names of counts are their ranges
        ends = "" if screen.layer.startswith(KIND) else _range(classes.breaks, place)
        legend.append((screen.colours[place], both(classes.words[place]) + ends))
    if screen.layer.startswith(KIND):
        legend.append((NONE_RECORDED_COLOUR, both("map.none_recorded")))
    else:
        legend.append(("doubt", both("map.doubt")))
    legend.append(("blind", both("map.no_data")))
    zones = shown.zones
    if not screen.layer.startswith(KIND):
        zones = zones[zones["score"] == screen.layer]
    base = shown.basemap
    nothing = gpd.GeoDataFrame({"kind": []}, geometry=[], crs=4326)
    marks = gpd.GeoDataFrame(
        {name: pd.Series(dtype="str") for name in ("letter", "shape", "colour")},
        geometry=gpd.GeoSeries([], crs=4326),
    )
    return Sheet(
        box=screen.shape.bounds,
        titles=[str(notes.words[lang]("map.title")) for lang in langs],
        cells=cells_.cell_polygons(cells_.cell_index(drawn.index)),
        colours=drawn["colour"].to_numpy(dtype=np.str_),
        blind=drawn["blind"].to_numpy(dtype=bool),
        doubt=drawn["doubt"].to_numpy(dtype=bool),
        basemap=nothing if base is None else base,
        boundary=shown.boundary.geometry,
        zones=zones.assign(
            label=zones["side"].astype(str) + " " + zones["rank"].astype(str)
        ),
        marks=marks,
        legend=legend,
        symbols=(),
        foot=[[_made(notes, lang), *notes.caveats()[lang]] for lang in langs],
        credit=[source.cite() for source in notes.sources],
        marking=notes.marking,
        area=screen.area,
    )


def _range(breaks: Sequence[float], place: int) -> str:
    """Write from where to where a class goes."""
    if place == 0:
        return f" (< {breaks[0]:g})"
    if place == len(breaks):
        return f" (\u2265 {breaks[-1]:g})"
    return f" ({breaks[place - 1]:g}\u2013{breaks[place]:g})"


def _drawn(shown: MapTables, screen: Screen) -> pd.DataFrame:
    """Choose the hexagons of a sheet and their colours, coarser where they are many."""
    table = shown.cells
    layer = screen.layer.removeprefix(KIND)
    counted = screen.layer.startswith(KIND)
    rows = pd.DataFrame({"km2": table["area_km2"]})
    if counted:
        counts = _tables(shown)["incidents_by_cell"]
        column = f"events_{layer}"
        values = counts[column] if column in counts else pd.Series(np.nan, table.index)
        rows["value"] = values.astype("float64")
        rows["doubt"] = 0.0
    else:
        rows["value"] = table[layer]
        prior = table[f"{layer}_evidence"].astype(str) == "prior"
        rows["doubt"] = table["area_km2"].where(prior, 0.0)
    rows["known"] = rows["km2"].where(rows["value"].notna(), 0.0)
    resolution = cells_.resolution_of(rows.index) if len(rows) else 0
    keys = rows.index.to_numpy(dtype=np.uint64)
    while len(set(keys.tolist())) > MOST_DRAWN and resolution > 0:
        resolution -= 1
        keys = cells_.parents(rows.index, resolution)
    sums = rows.groupby(keys).sum()
    sums.index = cells_.cell_index(sums.index)
    blind = sums["known"] < KNOWN_SHARE * sums["km2"]
    number = sums["value"] if counted else PER_KM2 * sums["value"] / sums["known"]
    breaks = (COUNT_CLASSES if counted else RATE_CLASSES).breaks
    place = np.searchsorted(breaks, number.fillna(0).to_numpy(), side="right")
    colour = pd.Series(np.asarray(screen.colours)[place], sums.index)
    if counted:
        colour = colour.mask(number == 0, NONE_RECORDED_COLOUR)
        # what was recorded is shown, whoever looked
        blind &= ~(number > 0)
    doubt = (sums["doubt"] > KNOWN_SHARE * sums["km2"]) & ~blind
    colour = colour.mask(blind, NO_DATA_COLOUR)
    return pd.DataFrame({"colour": colour, "blind": blind, "doubt": doubt})
