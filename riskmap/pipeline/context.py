"""Context: the tables that a new project starts with, read from its data folder."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from riskmap.boundary import read_boundary
from riskmap.features.climate import read_stations
from riskmap.features.terrain import read_terrain
from riskmap.ingest.context import (
    read_coverage,
    read_jurisdictions,
    read_regions,
    read_shapes,
    read_waterways,
)
from riskmap.schema import Column

BASEMAP_TABLE: tuple[Column, ...] = (
    Column(name="kind", dtype="str", meaning="Land, state, river, canal or town."),
    Column(name="name", dtype="str", meaning="Name, or empty."),
    Column(name="people", dtype="float64", lowest=0, missing=True),
    Column(name="geometry", dtype="geometry"),
)

# table of the project to the file it starts from and its reader
CONTEXT: Mapping[str, tuple[str, Callable[[Path], Any]]] = {
    "boundary": ("boundary/boundary.geojson", read_boundary),
    "jurisdictions": ("boundary/jurisdictions.geojson.gz", read_jurisdictions),
    "basemap": (
        "boundary/basemap.geojson.gz",
        partial(read_shapes, columns=BASEMAP_TABLE),
    ),
    "waterways": ("landmarks/waterways.geojson", read_waterways),
    "regions": ("landmarks/regions.geojson", read_regions),
    "climate": ("climate/stations.csv", read_stations),
    "terrain_given": ("terrain/terrain_r6.csv", read_terrain),
    "coverage_given": ("incidents/coverage.csv", read_coverage),
}

# deliveries of a new project: kind to file
DELIVERIES: Mapping[str, str] = {
    "landmarks": "landmarks/landmarks.csv",
    "incidents": "incidents/incidents.csv",
}
