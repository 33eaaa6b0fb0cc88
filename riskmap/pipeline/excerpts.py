"""Excerpts: the tables of an export or a map, cut down to one region."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import shapely

from riskmap.pipeline.regions import RegionView
from riskmap.webmap import MapTables


def excerpt(tables: Mapping[str, Any], region: RegionView) -> dict[str, Any]:
    """Cut the tables of an export down to a region.

    Zones stay whole, with the ranks of the whole border: a part of a border is no
    border of its own.

    Parameters
    ----------
    tables
        ``zones`` on ``zone_id``, ``landmarks`` on ``landmark_id``, all others on the
        cell index.
    region
        From :func:`riskmap.pipeline.open_region`.

    Returns
    -------
    dict
        The same names, fewer rows, in the same order.
    """
    ids: Mapping[str, Any] = {"zones": region.zones, "landmarks": region.landmarks}
    return {
        name: table[table.index.isin(ids.get(name, region.cells))]
        for name, table in tables.items()
    }


def map_excerpt(tables: MapTables, region: RegionView) -> MapTables:
    """Cut what the map draws down to a region; the line and the land stay whole.

    Parameters
    ----------
    tables
        From :func:`riskmap.pipeline.map_tables`.
    region
        From :func:`riskmap.pipeline.open_region`.

    Returns
    -------
    MapTables
        The same, of the region.
    """
    values = tables.values
    kept = excerpt(
        {"cells": tables.cells, "zones": tables.zones, "landmarks": tables.landmarks},
        region,
    )
    return replace(
        tables,
        **kept,
        incidents=_of_cells(tables.incidents, region),
        covered=_of_cells(tables.covered, region),
        periods=_of_cells(tables.periods, region),
        watch=_of_cells(tables.watch, region),
        areas=_areas_of(tables, region),
        values=None if values is None else lambda: _of_cells(values(), region),
        # another part of the border is another map
        stamp=f"{tables.stamp}|{region.region_id}",
    )


def _areas_of(tables: MapTables, region: RegionView) -> Any:
    """Keep the areas in which the centre of a cell of the region lies."""
    if tables.areas is None:
        return None
    cells = _of_cells(tables.cells, region)
    x, y = cells["x"].to_numpy(), cells["y"].to_numpy()
    one_each = tables.areas.drop_duplicates("area")
    held = [
        code
        for code, shape in zip(one_each["area"], one_each.geometry, strict=True)
        if shapely.contains_xy(shape, x, y).any()
    ]
    return tables.areas[tables.areas["area"].isin(held)].reset_index(drop=True)


def _of_cells(table: Any, region: RegionView) -> Any:
    """Keep the rows of a region's cells, whether in a column or on the index."""
    if table is None:
        return None
    if isinstance(table, pd.DataFrame) and "cell" in table.columns:
        return table[table["cell"].isin(region.cells)].reset_index(drop=True)
    return table[table.index.isin(region.cells)]
