"""The folium map: panes, base layers, cells, zones, landmarks, without a network."""

from typing import Any

import folium
import folium.map
import numpy as np
import numpy.typing as npt
from branca.element import Element

from riskmap.webmap import layers, palettes
from riskmap.webmap.tables import MapTables

MIN_ZOOM, MAX_ZOOM = 4, 14
# the middle of the border, until the face fits the corridor
MIDDLE = (29.4, -107.4)
START_ZOOM = 5
MAX_BOUNDS = ((8.0, -136.0), (50.0, -76.0))

# from the bottom to the top; Leaflet's own are 400 for lines and 600 for markers
PANES = (
    ("land", 150),
    ("cells", 250),
    ("areas", 280),
    ("lines", 300),
    ("zones", 420),
    ("chosen", 450),
    ("names", 500),
)
# markers take the pointer; the rest leaves it to the cells
MARKER_PANE = ("landmarks", 610)

NAME = "riskmap"


class OfflineMap(folium.Map):
    """A folium map without tiles and without links to scripts elsewhere."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 folium's own contract
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 likewise


def build_map(
    tables: MapTables, *, source: str = "embedded", place: str = "rm-files"
) -> OfflineMap:
    """Compose the map with folium.

    Parameters
    ----------
    tables
        What the map is of; decides the layer shown first.
    source
        ``embedded`` for files inside the page, ``remote`` for files at an address.
    place
        Id of the element that holds the files, or the address of their folder.

    Returns
    -------
    OfflineMap
        The map's script makes the variables ``map_riskmap``, ``cells_riskmap``,
        ``zones_riskmap``, ``landmarks_riskmap``; it holds no text from the tables.

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> from riskmap.webmap.tables import bare_tables
    >>> tables = bare_tables(cell_index([0x8748EC7B4FFFFFF]))
    >>> "riskmap.cells(" in map_script(build_map(tables))
    True
    """
    made = OfflineMap(
        location=MIDDLE,
        zoom_start=START_ZOOM,
        tiles=None,
        prefer_canvas=True,
        control_scale=True,
        minZoom=MIN_ZOOM,
        maxZoom=MAX_ZOOM,
        zoomSnap=0.5,
        zoomDelta=0.5,
        maxBoundsViscosity=0.8,
        attributionControl=False,
    )
    made.options["maxBounds"] = [list(corner) for corner in MAX_BOUNDS]
    for name, z_index in PANES:
        folium.map.CustomPane(name, z_index=z_index, pointer_events=False).add_to(made)
    folium.map.CustomPane(
        MARKER_PANE[0], z_index=MARKER_PANE[1], pointer_events=True
    ).add_to(made)
    layers.Source(source, place).add_to(made)
    for layer in _layers(tables):
        layer.add_to(made)
    _fix_ids(made)
    return made


def _layers(tables: MapTables) -> tuple[folium.map.Layer, ...]:
    """List our layers from the bottom to the top."""
    return (
        layers.Basemap(landPane="land", linePane="lines", labelPane="names"),
        layers.Cells(
            pane="cells",
            layer=next(iter(tables.scores)),
            colours=palettes.palette(palettes.DEFAULT_PALETTE),
            noDataColour=palettes.NO_DATA_COLOUR,
            noneColour=palettes.NONE_RECORDED_COLOUR,
        ),
        layers.Boundary(pane="lines"),
        layers.Zones(pane="zones", labelPane="names"),
        layers.Landmarks(pane=MARKER_PANE[0], symbols=layers.LANDMARK_SYMBOLS),
    )


def _fix_ids(root: Element) -> None:
    """Give every element the same id in every run: same inputs, same bytes."""
    waiting = [root]
    place = 0
    while waiting:
        element = waiting.pop(0)
        if isinstance(element, OfflineMap | layers.OurLayer):
            element._id = NAME
        else:
            element._id = f"{NAME}_{place}"
            place += 1
        waiting.extend(element._children.values())


def map_script(made: OfflineMap) -> str:
    """Take the script out of a folium map.

    Parameters
    ----------
    made
        From :func:`build_map`.

    Returns
    -------
    str
        Statements only, the same for the same tables.
    """
    figure: Any = made.get_root()
    figure.render()
    _fix_ids(made)
    return str(figure.script.render())


def home(x: npt.ArrayLike, y: npt.ArrayLike) -> list[float]:
    """Find the view that holds the whole corridor.

    Parameters
    ----------
    x, y
        Degrees, of shape (n_cells,).

    Returns
    -------
    list of float
        West, south, east, north; the middle of the border for no cells.

    Examples
    --------
    >>> home([-110.9, -110.8], [31.3, 31.4])
    [-110.9, 31.3, -110.8, 31.4]
    """
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if xs.size == 0:
        return [MIDDLE[1] - 1, MIDDLE[0] - 1, MIDDLE[1] + 1, MIDDLE[0] + 1]
    edges: list[Any] = [xs.min(), ys.min(), xs.max(), ys.max()]
    return [round(float(edge), 3) for edge in edges]
