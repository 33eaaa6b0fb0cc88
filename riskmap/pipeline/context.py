"""Context: the tables that a new project starts with, read from its data folder."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.boundary import read_boundary
from riskmap.errors import ColumnMissingError
from riskmap.features.climate import read_stations
from riskmap.features.terrain import read_terrain
from riskmap.ingest.context import (
    read_coverage,
    read_jurisdictions,
    read_regions,
    read_shapes,
    read_waterways,
)
from riskmap.ingest.reading import read_table
from riskmap.places.jurisdictions import OFFICE_TABLE
from riskmap.places.regions import REGION_TABLE
from riskmap.schema import Column, check_table

BASEMAP_TABLE: tuple[Column, ...] = (
    Column(name="kind", dtype="str", meaning="Land, state, river, canal or town."),
    Column(name="name", dtype="str", meaning="Name, or empty."),
    Column(name="people", dtype="float64", lowest=0, missing=True),
    Column(name="geometry", dtype="geometry"),
)

ROAD_TABLE: tuple[Column, ...] = (
    Column(name="road_id", dtype="str", meaning="Shield and number, AZ-286."),
    Column(name="name_en", dtype="str"),
    Column(name="name_es", dtype="str"),
    Column(name="kind", dtype="str"),
    Column(name="accuracy_m", dtype="float64", unit="m", lowest=0),
    Column(name="covers", dtype="str", meaning="Unit of which all roads are on file."),
    Column(
        name="marks",
        dtype="str",
        meaning="Unit of its posts, counted from its end at the line; or empty.",
    ),
    Column(name="source", dtype="str"),
    Column(name="basis", dtype="str"),
    Column(name="geometry", dtype="geometry"),
)


def read_priority_regions(path: Path) -> pd.DataFrame:
    """Read the parts of the border that people open by name.

    Parameters
    ----------
    path
        CSV with the columns of :data:`riskmap.places.regions.REGION_TABLE`.

    Returns
    -------
    pandas.DataFrame
        One row a region.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column or holds what it must not.
    """
    raw = read_table(path)
    lacking = [c.name for c in REGION_TABLE if c.name not in raw.frame.columns]
    if lacking:
        msg = f"{path} must have the columns {lacking}."
        found = ", ".join(raw.frame.columns)
        raise ColumnMissingError(
            msg, path=str(path), columns=", ".join(lacking), found=found
        )
    table = raw.frame[[column.name for column in REGION_TABLE]].reset_index(drop=True)
    table = table.fillna("").astype("str")
    check_table(table, REGION_TABLE, name=path.name)
    return table


def read_offices(path: Path) -> pd.DataFrame:
    """Read a table of offices and the stretch of the line that each answers for.

    Parameters
    ----------
    path
        CSV with the columns of :data:`riskmap.places.jurisdictions.OFFICE_TABLE`.

    Returns
    -------
    pandas.DataFrame
        One row an office; kilometres missing where nobody has said them.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a column.
    """
    raw = read_table(path)
    lacking = [c.name for c in OFFICE_TABLE if c.name not in raw.frame.columns]
    if lacking:
        msg = f"{path} must have the columns {lacking}."
        found = ", ".join(raw.frame.columns)
        raise ColumnMissingError(
            msg, path=str(path), columns=", ".join(lacking), found=found
        )
    table = raw.frame[[column.name for column in OFFICE_TABLE]].reset_index(drop=True)
    for column in OFFICE_TABLE:
        if column.dtype == "float64":
            table[column.name] = pd.to_numeric(table[column.name], errors="coerce")
    table = table.astype({column.name: column.dtype for column in OFFICE_TABLE})
    check_table(table, OFFICE_TABLE, name=path.name)
    return table


# table of the project to the file it starts from and its reader
CONTEXT: Mapping[str, tuple[str, Callable[[Path], Any]]] = {
    "boundary": ("boundary/boundary.geojson", read_boundary),
    "jurisdictions": ("boundary/jurisdictions.geojson.gz", read_jurisdictions),
    "basemap": (
        "boundary/basemap.geojson.gz",
        partial(read_shapes, columns=BASEMAP_TABLE),
    ),
    "waterways": ("landmarks/waterways.geojson", read_waterways),
    "roads": (
        "landmarks/roads.geojson",
        partial(read_shapes, columns=ROAD_TABLE),
    ),
    "regions": ("landmarks/regions.geojson", read_regions),
    "priority_regions": ("landmarks/priority_regions.csv", read_priority_regions),
    "liaison_mechanisms": ("landmarks/liaison_mechanisms.csv", read_offices),
    "consulates": ("landmarks/consulates.csv", read_offices),
    "climate": ("climate/stations.csv", read_stations),
    "terrain_given": ("terrain/terrain_r6.csv", read_terrain),
    "coverage_given": ("incidents/coverage.csv", read_coverage),
}

# deliveries of a new project: kind to file
DELIVERIES: Mapping[str, str] = {
    "landmarks": "landmarks/landmarks.csv",
    "incidents": "incidents/incidents.csv",
}
