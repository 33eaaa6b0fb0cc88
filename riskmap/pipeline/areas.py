"""Areas: what lies in an outline that somebody drew or loaded, in exact numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from riskmap.boundary import boundary_line
from riskmap.boundary.sides import shares_north, sides_of
from riskmap.cells import points_to_cells, resolution_of
from riskmap.crs import GEOD, STORAGE_CRS
from riskmap.history.periods import OPEN_YEAR
from riskmap.history.spread import dispersion_of, sum_interval
from riskmap.ingest.outlines import area_of, parse_outline, read_outline
from riskmap.pipeline.regions import RegionView
from riskmap.webmap import MapTables

M2_PER_KM2 = 1e6
# an edge is straight in degrees (RFC 7946), so that long ones are measured in parts
LONGEST_EDGE_DEG = 0.1
HAZARD_GROUP = "hazard"


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaFacts:
    """What is known of an area.

    Cells count whole if their centres lie in it; an area smaller than a cell takes
    the one cell it lies in.

    Parameters
    ----------
    area_km2, us_km2, mx_km2
        Of the outline itself, on the ellipsoid; parted by the line.
    cells
        Numbers of the cells that count for it, sorted.
    cells_km2
        Their area: of ground assessed. The figures below are of these cells.
    within_one
        True if the area is smaller than the one cell taken for it.
    scores
        On ``score``: ``expected``, ``low``, ``high`` (events a year in all its cells,
        90 % interval; NaN if no cell has data) and ``no_data_share`` of their area.
    records
        ``kind``, ``year``, ``events``: records in these cells.
    watched
        On ``kind``: ``from_year``, ``to_year`` of the records' years looked at, and
        ``no_data_share``, of area times years that no source of the kind watched.
    means
        On the hazard: ``mean`` by area, ``no_data_share``, ``unit``.
    landmarks
        Those within the outline, as the project has them.
    """

    area_km2: float
    us_km2: float
    mx_km2: float
    cells: npt.NDArray[np.uint64]
    cells_km2: float
    within_one: bool
    scores: pd.DataFrame
    records: pd.DataFrame
    watched: pd.DataFrame
    means: pd.DataFrame
    landmarks: gpd.GeoDataFrame


def load_area(path: Path | str) -> shapely.MultiPolygon:
    """Read an area from a GeoJSON or KML file.

    Parameters
    ----------
    path
        The file, in degrees.

    Returns
    -------
    shapely.MultiPolygon
        EPSG:4326.

    Raises
    ------
    InputError
        If the file outlines no area, or cannot be read.
    """
    return read_outline(Path(path))


def parse_area(data: bytes, name: str) -> shapely.MultiPolygon:
    """Read an area from the bytes of a GeoJSON or KML file.

    Parameters
    ----------
    data
        The bytes.
    name
        Name of the file, for what is said if it is refused.

    Returns
    -------
    shapely.MultiPolygon
        EPSG:4326.

    Raises
    ------
    InputError
        If the file outlines no area, or cannot be read.
    """
    return parse_outline(data, Path(name))


def drawn_area(polygons: Sequence[Any]) -> shapely.MultiPolygon:
    """Make an area of rings of corners.

    Parameters
    ----------
    polygons
        Coordinates as of a GeoJSON MultiPolygon; rings may be open.

    Returns
    -------
    shapely.MultiPolygon
        EPSG:4326.

    Raises
    ------
    AreaFaultyError
        If they bound no area.

    Examples
    --------
    >>> drawn_area([[[[-111, 31], [-110, 31], [-110, 32]]]]).area
    0.5
    """
    return area_of(polygons)


def describe_area(tables: MapTables, area: shapely.MultiPolygon) -> AreaFacts:
    """Work out what is known of an area.

    Parameters
    ----------
    tables
        From :func:`riskmap.pipeline.map_tables`.
    area
        EPSG:4326.

    Returns
    -------
    AreaFacts
        Exact figures; nothing is scored anew.
    """
    table = tables.cells
    chosen, within_one = _cells_in(table, area)
    held = table[chosen]
    km2 = held["area_km2"]
    whole = _area_km2(area)
    north = _share_north(tables.boundary, area)
    points = tables.landmarks.geometry
    inside = shapely.contains_xy(area, points.x.to_numpy(), points.y.to_numpy())
    return AreaFacts(
        area_km2=whole,
        us_km2=whole * north,
        mx_km2=whole * (1 - north),
        cells=held.index.to_numpy(dtype=np.uint64),
        cells_km2=float(km2.sum()),
        within_one=within_one,
        scores=_scores(tables, held),
        records=_records(tables, held.index),
        watched=_watched(tables, held),
        means=_means(tables, held),
        landmarks=tables.landmarks[inside],
    )


def area_region(
    tables: MapTables, area: shapely.Geometry, name: str = "area"
) -> RegionView:
    """Treat an area as a region, so that an export can be cut down to it.

    Parameters
    ----------
    tables
        From :func:`riskmap.pipeline.map_tables`.
    area
        EPSG:4326.
    name
        Code for it.

    Returns
    -------
    RegionView
        Its cells, its landmarks, and the zones that it touches.
    """
    chosen, _ = _cells_in(tables.cells, area)
    held = tables.cells[chosen]
    points = tables.landmarks.geometry
    marked = shapely.contains_xy(area, points.x.to_numpy(), points.y.to_numpy())
    touched = shapely.intersects(area, np.asarray(tables.zones.geometry))
    return RegionView(
        region_id=name,
        name_en=name,
        name_es=name,
        basis="derived",
        cells=held.index.to_numpy(dtype=np.uint64),
        zones=tuple(str(zone) for zone in tables.zones.index[touched]),
        box=area.bounds,
        landmarks=tuple(str(mark) for mark in tables.landmarks.index[marked]),
        area_km2=float(held["area_km2"].sum()),
    )


def _cells_in(
    table: pd.DataFrame, area: shapely.Geometry
) -> tuple[npt.NDArray[np.bool_], bool]:
    """Tell which cells count for an area, and if it is smaller than the one taken."""
    x, y = table["x"].to_numpy(), table["y"].to_numpy()
    west, south, east, north = area.bounds
    chosen = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    chosen[chosen] = shapely.contains_xy(area, x[chosen], y[chosen])
    if chosen.any() or table.empty:
        return chosen, False
    place = area.representative_point()
    resolution = resolution_of(table.index)
    cell = points_to_cells(np.array([place.x]), np.array([place.y]), resolution)
    chosen = np.asarray(table.index == cell[0])
    return chosen, bool(chosen.any())


def _area_km2(area: shapely.MultiPolygon) -> float:
    """Measure an area on the ellipsoid, whichever way its rings turn."""
    turned = shapely.orient_polygons(shapely.segmentize(area, LONGEST_EDGE_DEG))
    return abs(float(GEOD.geometry_area_perimeter(turned)[0])) / M2_PER_KM2


def _share_north(boundary: gpd.GeoDataFrame, area: shapely.MultiPolygon) -> float:
    """Measure the share of an area north of the line, in an equal-area CRS."""
    cut = gpd.GeoSeries([shapely.segmentize(area, LONGEST_EDGE_DEG)], crs=STORAGE_CRS)
    return float(shares_north(sides_of(boundary_line(boundary)), cut)[0])


def _scores(tables: MapTables, held: pd.DataFrame) -> pd.DataFrame:
    """Add up each score, with the interval of a sum of cells that err in part apart."""
    rows = {}
    km2 = held["area_km2"]
    for score in tables.scores:
        expected = held[score].to_numpy(dtype=np.float64)
        high = held[f"{score}_high"].to_numpy(dtype=np.float64)
        known = np.isfinite(expected)
        low, top = sum_interval(expected, dispersion_of(expected, high))
        rows[score] = {
            "expected": float(expected[known].sum()) if known.any() else np.nan,
            "low": low,
            "high": top,
            "no_data_share": _share(km2, ~known),
        }
    found = pd.DataFrame.from_dict(rows, orient="index").rename_axis("score")
    return found.astype("float64")


def _share(km2: pd.Series, flagged: npt.NDArray[np.bool_]) -> float:
    """Give the share of area that is flagged; NaN of nothing."""
    return float(km2[flagged].sum() / km2.sum()) if len(km2) else float("nan")


def _records(tables: MapTables, index: pd.Index) -> pd.DataFrame:
    """Count records in cells by kind and year."""
    periods = tables.periods
    if periods is None:
        empty = {"kind": "str", "year": "int64", "events": "int64"}
        return pd.DataFrame({n: pd.Series(dtype=t) for n, t in empty.items()})
    rows = periods[periods["cell"].isin(index)]
    return rows.groupby(["kind", "year"], as_index=False)["events"].sum()


def _watched(tables: MapTables, held: pd.DataFrame) -> pd.DataFrame:
    """Measure how much of area and years nobody watched, for each kind."""
    columns = ["from_year", "to_year", "no_data_share"]
    if tables.periods is None or tables.watch is None or tables.spans is None:
        return pd.DataFrame(columns=columns).rename_axis("kind")
    years = tables.periods["year"]
    if years.empty:
        return pd.DataFrame(columns=columns).rename_axis("kind")
    span = np.arange(int(years.min()), int(years.max()) + 1)
    purposes = tables.periods.groupby("kind")["purpose"].first()
    by_code = held["area_km2"].groupby(tables.watch.loc[held.index]).sum()
    rows = {}
    for kind, purpose in purposes.items():
        spans = tables.spans[tables.spans["purpose"] == purpose]
        blind = 0.0
        for code, km2 in by_code.items():
            own = spans[spans["watch"] == code]
            seen = np.zeros(len(span), dtype=bool)
            for first, last in zip(own["from_year"], own["to_year"], strict=True):
                seen |= (span >= first) & (span <= min(last, OPEN_YEAR))
            blind += float(km2) * float((~seen).mean())
        whole = float(held["area_km2"].sum())
        rows[kind] = {
            "from_year": int(span[0]),
            "to_year": int(span[-1]),
            "no_data_share": blind / whole if whole else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("kind")


def _means(tables: MapTables, held: pd.DataFrame) -> pd.DataFrame:
    """Average the hazards by area over the cells that have data."""
    layers = [layer for layer in tables.layers if layer.group == HAZARD_GROUP]
    rows = {}
    if tables.values is not None and layers and len(held):
        values = tables.values().loc[held.index]
        km2 = held["area_km2"]
        for layer in layers:
            if layer.classes:
                continue
            known = values[layer.name].notna().to_numpy()
            weights = km2[known]
            total = float(weights.sum())
            mean = float((values.loc[known, layer.name] * weights).sum())
            rows[layer.name] = {
                "mean": mean / total if total else np.nan,
                "no_data_share": _share(km2, ~known),
                "unit": layer.unit,
            }
    columns = ["mean", "no_data_share", "unit"]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return found.rename_axis("hazard")
