"""Finding zones: ranked, contiguous, compact, of one side and sized to a shift."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as cells_
from riskmap.crs import STORAGE_CRS
from riskmap.history.spread import dispersion_of, sum_interval
from riskmap.neighbours import connected_groups, neighbour_matrix
from riskmap.schema import Column, check_table
from riskmap.zones.options import ZoneOptions
from riskmap.zones.partition import split_group
from riskmap.zones.selection import Graph, Positions, select_cells

US, MX, BOTH = "US", "MX", "both"

# a cell of exactly half and half is mostly on neither side, and goes north
HALF = 0.5

ZONE_COLUMNS: tuple[Column, ...] = (
    Column(name="score", dtype="str", meaning="The score that the zone was made of."),
    Column(name="rank", dtype="int64", lowest=1, meaning="Rank on its side."),
    Column(
        name="joint_rank",
        dtype="int64",
        lowest=1,
        meaning="Rank on both sides together.",
    ),
    Column(
        name="side",
        dtype="str",
        values=(US, MX, BOTH),
        meaning="Side of all its cells; both only if zones may cross the line.",
    ),
    Column(
        name="area_km2",
        dtype="float64",
        unit="km²",
        lowest=0,
        meaning="Real area of its cells.",
    ),
    Column(name="cells", dtype="int64", lowest=1, meaning="Number of its cells."),
    Column(
        name="expected_per_year",
        dtype="float64",
        unit="1/a",
        lowest=0,
        meaning="Recorded events expected in it a year.",
    ),
    Column(
        name="expected_low_per_year",
        dtype="float64",
        unit="1/a",
        lowest=0,
        missing=True,
        meaning="Lower end of the interval; its cells err in part together.",
    ),
    Column(
        name="expected_high_per_year",
        dtype="float64",
        unit="1/a",
        lowest=0,
        missing=True,
        meaning="Upper end of the interval; its cells err in part together.",
    ),
    Column(
        name="share_of_score",
        dtype="float64",
        lowest=0,
        highest=1,
        meaning="Its part of the events expected in the whole corridor.",
    ),
    Column(
        name="from_km",
        dtype="float64",
        unit="km",
        lowest=0,
        meaning="Lowest kilometre along the line of its cells.",
    ),
    Column(
        name="to_km",
        dtype="float64",
        unit="km",
        lowest=0,
        meaning="Highest kilometre along the line of its cells.",
    ),
)

MEMBER_COLUMNS: tuple[Column, ...] = (
    Column(name="zone_id", dtype="str", meaning="The zone that the cell belongs to."),
)


def find_zones(
    cells: pd.DataFrame, scores: pd.DataFrame, options: ZoneOptions, *, score: str
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Make ranked zones of the cells with the highest score per square kilometre.

    A zone says where recorded events are expected, not where people may be stopped.
    Cells without data are in no zone; that a place has no zone does not mean that
    nothing happens there.

    Parameters
    ----------
    cells
        Cell table with ``side``, ``share_us``, ``km`` and ``area_km2``.
    scores
        On the same cell index: the score, expected recorded events per year, NaN
        where there is no data; with ``{score}_low`` and ``{score}_high`` if known.
    options
        Sizes and shares.
    score
        Name of the score's column.

    Returns
    -------
    tuple of geopandas.GeoDataFrame and pandas.DataFrame
        The zones, on ``zone_id`` in order of ``joint_rank``, with
        :data:`ZONE_COLUMNS` and ``geometry`` (polygons, EPSG:4326): ranked by the
        events expected a year, since a zone is what one shift covers. And the zone
        of each cell that has one, on the cell index. Both may be empty.

    Raises
    ------
    TableContractError
        If a column is missing or not what it must be.

    Examples
    --------
    >>> index = cells_.cells_touching(shapely.box(-111, 31.4, -110.9, 31.5), 7)
    >>> table = pd.DataFrame({"share_us": 1.0, "km": 2600.0}, index=index)
    >>> table["area_km2"] = cells_.cell_areas_km2(index)
    >>> scores = pd.DataFrame({"danger": np.arange(len(index)) / 100}, index=index)
    >>> options = ZoneOptions(share_of_area=0.3)
    >>> zones, members = find_zones(table, scores, options, score="danger")
    >>> zones[["rank", "cells", "expected_per_year"]].round(2).to_dict("index")
    {'danger-US-001': {'rank': 1, 'cells': 9, 'expected_per_year': 2.24}}
    """
    check_table(cells, _NEEDED, name="cells")
    check_table(scores, [_score_column(score)], name="scores")
    wanted = [score, f"{score}_low", f"{score}_high"]
    table = cells.join(scores[[name for name in wanted if name in scores]])
    table = table[table[score].notna()]
    groups = []
    for side, rows in _by_side(table, options.by_side):
        groups.extend(_zones_of(table.iloc[rows], rows, options, score, side))
    return _as_tables(table, groups, score)


_NEEDED = (
    Column(name="share_us", dtype="float64", lowest=0, highest=1),
    Column(name="km", dtype="float64"),
    Column(name="area_km2", dtype="float64", lowest=0),
)


def _score_column(score: str) -> Column:
    """Describe the score's column."""
    return Column(name=score, dtype="float64", lowest=0, missing=True)


def _by_side(table: pd.DataFrame, by_side: bool) -> list[tuple[str, Positions]]:
    """List the sides with the rows of each."""
    if not by_side:
        return [(BOTH, np.arange(len(table)))]
    north = (table["share_us"] >= HALF).to_numpy()
    return [(US, np.flatnonzero(north)), (MX, np.flatnonzero(~north))]


def _zones_of(
    table: pd.DataFrame,
    rows: Positions,
    options: ZoneOptions,
    score: str,
    side: str,
) -> list[tuple[str, Positions]]:
    """Find the zones of one side, as rows of the whole table."""
    if len(table) == 0:
        return []
    graph = Graph(
        values=table[score].to_numpy(),
        areas_km2=table["area_km2"].to_numpy(),
        links=neighbour_matrix(table.index),
    )
    chosen = np.flatnonzero(
        select_cells(
            graph,
            budget_km2=options.share_of_area * float(graph.areas_km2.sum()),
            smallest_km2=options.smallest_km2,
        )
    )
    labels = connected_groups(table.index[chosen])
    found = []
    for label in range(int(labels.max(initial=-1)) + 1):
        found.extend(
            split_group(
                graph,
                chosen[labels == label],
                largest_km2=options.largest_km2,
                smallest_km2=options.smallest_km2,
            )
        )
    return [(side, rows[zone]) for zone in found]


def _as_tables(
    table: pd.DataFrame, groups: list[tuple[str, Positions]], score: str
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Rank the zones and write both tables."""
    total = float(table[score].sum())
    records = [_record(table.iloc[rows], score, side, total) for side, rows in groups]
    expected = np.array([record["expected_per_year"] for record in records])
    first = np.array([rows[0] for _, rows in groups])
    order = np.lexsort([first, -expected]).tolist()
    counts = {US: 0, MX: 0, BOTH: 0}
    shapes, names = [], np.full(len(table), "", dtype=object)
    ranked = []
    for joint_rank, place in enumerate(order, start=1):
        side, rows = groups[place]
        counts[side] += 1
        zone_id = f"{score}-{side}-{counts[side]:03d}"
        names[rows] = zone_id
        shapes.append(_polygon(table.index[rows]))
        ranks = {"zone_id": zone_id, "rank": counts[side], "joint_rank": joint_rank}
        ranked.append(records[place] | ranks)
    columns = [column.name for column in ZONE_COLUMNS]
    zones = pd.DataFrame(ranked, columns=["zone_id", *columns])
    zones = zones.astype({column.name: column.dtype for column in ZONE_COLUMNS})
    zones["zone_id"] = zones["zone_id"].astype("str")
    geo = gpd.GeoDataFrame(zones, geometry=gpd.GeoSeries(shapes, crs=STORAGE_CRS))
    members = pd.DataFrame({"zone_id": pd.array(names, dtype="str")}, index=table.index)
    return geo.set_index("zone_id"), members[members["zone_id"] != ""]


def _record(zone: pd.DataFrame, score: str, side: str, total: float) -> dict[str, Any]:
    """Measure one zone."""
    expected = float(zone[score].sum())
    low, high = _together(zone, score)
    return {
        "score": score,
        "side": side,
        "area_km2": float(zone["area_km2"].sum()),
        "cells": len(zone),
        "expected_per_year": expected,
        "expected_low_per_year": low,
        "expected_high_per_year": high,
        "share_of_score": min(expected / total, 1.0) if total > 0 else 0.0,
        "from_km": float(zone["km"].min()),
        "to_km": float(zone["km"].max()),
    }


def _together(zone: pd.DataFrame, score: str) -> tuple[float, float]:
    """Bound a zone's rate: its cells do not all lie at the same end at once."""
    if f"{score}_high" not in zone:
        return float("nan"), float("nan")
    expected = zone[score].to_numpy(dtype=np.float64)
    high = zone[f"{score}_high"].to_numpy(dtype=np.float64)
    return sum_interval(expected, dispersion_of(expected, high))


def _polygon(index: pd.Index) -> shapely.Geometry:
    """Outline a zone: one polygon, since its cells touch along edges."""
    parts = shapely.get_parts(cells_.outline(index))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(list(parts))
