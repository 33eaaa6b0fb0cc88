"""What the map is made of: one value with every table it draws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.cells import cell_areas_km2, cell_centres
from riskmap.crs import STORAGE_CRS
from riskmap.webmap.layer_of_values import ValueLayer

# score -> its purpose; a kind of incident is no data where the score of its own
# purpose is no data
SCORE_PURPOSES: Mapping[str, str] = MappingProxyType(
    {"migrant_danger": "life_saving", "patrol_risk": "public_safety"}
)


# columns of a landmark that the map shows
LANDMARK_COLUMNS = (
    "kind",
    "name_en",
    "name_es",
    "accuracy_m",
    "basis",
    "verified_on",
)


@dataclass(frozen=True, kw_only=True)
class MapTables:
    """Every table the map draws.

    Parameters
    ----------
    cells
        Cell table on the cell index: ``area_km2``, and for each score ``S`` the columns
        ``S`` (events a year; NaN where no source looks), ``S_low``, ``S_high``,
        ``S_percentile``, ``S_evidence``.
    zones
        Ranked zones, polygons in EPSG:4326, index ``zone_id``.
    landmarks
        Points in EPSG:4326, index ``landmark_id``.
    boundary
        The line as reaches, EPSG:4326.
    incidents
        Long table of counts: ``cell``, ``kind``, ``purpose``, ``events``.
    covered
        On the cell index, one column a kind of incidents: True where a source of its
        purpose looks. None to take the cells that the score of its purpose knows.
    basemap
        What is under and about the cells, EPSG:4326, by ``kind``: ``land`` (polygons),
        ``us_state``, ``mx_state``, ``river``, ``canal`` (lines or polygons), ``town``
        (points with ``name`` and ``people``); None for only the coarse world.
    scores
        Score to purpose, in the order of the menu.
    periods
        Counts by cell and month, as :mod:`riskmap.history.periods` makes them; None if
        the map cannot be filtered.
    watch
        On the cell index: code for who watches the cell.
    spans
        The years of each source behind each code.
    layers
        Further numbers and classes of a cell that the map can show, in order.
    values
        Gives their columns on the cell index, read when first asked for.
    areas
        Counts of the incidents that are known only to a county or municipio and so in
        no cell: ``area``, ``area_label``, ``side``, ``year``, ``month``, ``kind``,
        ``purpose``, ``source``, ``accuracy``, ``events``, and the area's polygon,
        EPSG:4326; None for none.
    stamp
        Sum of what ``values`` gives, so that another table gives another map.
    """

    cells: pd.DataFrame
    zones: gpd.GeoDataFrame
    landmarks: gpd.GeoDataFrame
    boundary: gpd.GeoDataFrame
    incidents: pd.DataFrame
    covered: pd.DataFrame | None = None
    basemap: gpd.GeoDataFrame | None = None
    scores: Mapping[str, str] = field(default_factory=lambda: dict(SCORE_PURPOSES))
    periods: pd.DataFrame | None = None
    watch: pd.Series | None = None
    spans: pd.DataFrame | None = None
    layers: tuple[ValueLayer, ...] = ()
    values: Callable[[], pd.DataFrame] | None = None
    areas: gpd.GeoDataFrame | None = None
    stamp: str = ""


def covered_by(tables: MapTables, kind: str) -> npt.NDArray[np.bool_]:
    """Tell where a source looks for a kind of incidents: elsewhere is no data.

    Parameters
    ----------
    tables
        What to draw.
    kind
        Code of the kind.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        True where none recorded means something.

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> covered_by(bare_tables(cell_index([0x8748EC7B4FFFFFF])), "migrant_death")
    array([False])
    """
    if tables.covered is not None and kind in tables.covered:
        looked = tables.covered[kind].reindex(tables.cells.index)
        return np.asarray(looked.fillna(value=False).to_numpy(dtype=bool))
    rows = tables.incidents[tables.incidents["kind"] == kind]
    purposes = set(rows["purpose"].astype(str))
    scores = [score for score, own in tables.scores.items() if own in purposes]
    known = tables.cells[scores or list(tables.scores)].notna()
    return np.asarray(known.any(axis=1).to_numpy(dtype=bool))


def bare_tables(index: pd.Index) -> MapTables:
    """Make tables of cells of which nothing is known.

    Parameters
    ----------
    index
        A cell index, of shape (n_cells,).

    Returns
    -------
    MapTables
        Every score is no data; no zone, landmark, line or incident.

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> tables = bare_tables(cell_index([0x8748EC7B4FFFFFF]))
    >>> tables.cells["migrant_danger_evidence"].tolist()
    ['no_data']
    """
    cells = cell_centres(index).assign(area_km2=cell_areas_km2(index))
    for score in SCORE_PURPOSES:
        for column in ("", "_low", "_high", "_percentile"):
            cells[f"{score}{column}"] = float("nan")
        cells[f"{score}_evidence"] = "no_data"
    nowhere = gpd.GeoSeries([], crs=STORAGE_CRS)
    return MapTables(
        cells=cells,
        zones=gpd.GeoDataFrame({"score": [], "rank": []}, geometry=nowhere),
        landmarks=gpd.GeoDataFrame(
            {name: pd.Series(dtype="str") for name in LANDMARK_COLUMNS},
            geometry=nowhere,
        ),
        boundary=gpd.GeoDataFrame(geometry=nowhere),
        incidents=pd.DataFrame(
            {
                "cell": pd.Series(dtype="uint64"),
                "kind": pd.Series(dtype="str"),
                "purpose": pd.Series(dtype="str"),
                "events": pd.Series(dtype="int64"),
            }
        ),
    )
