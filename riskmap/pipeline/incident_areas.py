"""Incidents by area: records known to a county or municipio and to nothing finer."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.crs import STORAGE_CRS
from riskmap.history.accuracy import accuracy_class, only_area
from riskmap.history.periods import COARSE, NO_MONTH, PERIOD_TABLE
from riskmap.pipeline.deliveries import read_if_made
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.project import Project
from riskmap.schema import Column, empty_table

AREA_COUNTS: tuple[Column, ...] = (
    Column(name="area", dtype="str", meaning="code of the county or municipio"),
    Column(name="area_label", dtype="str", meaning="its name; empty if not on file"),
    Column(name="kind", dtype="str", meaning="kind of incident"),
    Column(name="year", dtype="int64", meaning="year in which it occurred"),
    Column(name="events", dtype="int64", lowest=1, meaning="incidents"),
)


AREA_TABLE: tuple[Column, ...] = (
    *AREA_COUNTS[:2],
    Column(name="side", dtype="str", meaning="US or MX; empty if not on file"),
    *(
        column
        for column in PERIOD_TABLE
        if column.name not in ("cell", "side", "events", "dead")
    ),
    AREA_COUNTS[-1],
)

SIDES = {"us_county": "US", "mx_municipio": "MX"}


def count_areas(
    incidents: pd.DataFrame, jurisdictions: pd.DataFrame | None
) -> pd.DataFrame:
    """Count the incidents that are known only to a county or municipio.

    They are in no cell's count: nobody knows which cell. An area without a row has
    no such record, which is not to say that nothing happened there.

    Parameters
    ----------
    incidents
        Event table: ``area``, ``kind``, ``purpose``, ``source``, ``occurred_on``,
        ``time_precision``, ``accuracy_m``.
    jurisdictions
        ``code``, ``name`` and ``kind`` of areas; None if there are none.

    Returns
    -------
    pandas.DataFrame
        :data:`AREA_TABLE`, sorted; events add up to the records that are areas.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "area": ["26043", "26043", ""], "kind": ["rescue"] * 3,
    ...     "purpose": ["life_saving"] * 3, "source": ["local"] * 3,
    ...     "time_precision": ["day", "year", "day"], "accuracy_m": [2e4] * 3,
    ...     "occurred_on": pd.to_datetime(["2020-03-02"] * 3, utc=True)})
    >>> names = pd.DataFrame(
    ...     {"code": ["26043"], "name": ["Nogales"], "kind": ["mx_municipio"]})
    >>> found = count_areas(rows, names)
    >>> found[["area_label", "side", "month", "events"]].values.tolist()
    [['Nogales', 'MX', 0, 1], ['Nogales', 'MX', 3, 1]]
    """
    mine = incidents[only_area(incidents)]
    if mine.empty:
        return empty_table(AREA_TABLE, index="number").reset_index(drop=True)
    day = mine["occurred_on"].dt
    keys = pd.DataFrame(
        {
            **{name: mine[name] for name in ("area", "kind", "purpose", "source")},
            "year": day.year,
            "month": day.month.mask(mine["time_precision"].isin(COARSE), NO_MONTH),
            "accuracy": accuracy_class(mine["accuracy_m"]),
        }
    )
    named, side = pd.Series(dtype="str"), pd.Series(dtype="str")
    if jurisdictions is not None:
        rows = jurisdictions.drop_duplicates("code").set_index("code")
        named, side = rows["name"], rows["kind"].map(SIDES)
    by = ["area", *(c.name for c in AREA_TABLE[3:-1])]
    counted = keys.groupby(by, as_index=False).size()
    told = counted.rename(columns={"size": "events"}).assign(
        area_label=named.reindex(counted["area"]).fillna("").to_numpy(),
        side=side.reindex(counted["area"]).fillna("").to_numpy(),
    )
    dtypes = {column.name: column.dtype for column in AREA_TABLE}
    return told[list(dtypes)].astype(dtypes)


def read_incident_areas(project: Project) -> pd.DataFrame:
    """Read how many incidents are known only to a county or municipio.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        :data:`AREA_COUNTS`, by area, kind and year; empty before the first run.
    """
    made = read_if_made(project, "incidents_by_area")
    if made is None or made.empty:
        return empty_table(AREA_COUNTS, index="number").reset_index(drop=True)
    by = [column.name for column in AREA_COUNTS[:-1]]
    return made.groupby(by, as_index=False)["events"].sum()


def area_outlines(project: Project) -> gpd.GeoDataFrame | None:
    """Read the same for the map, finely enough to be filtered, with the outlines.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    geopandas.GeoDataFrame or None
        :data:`AREA_TABLE` and the polygon of the county or municipio, EPSG:4326;
        areas whose outline is not on file are left out. None where there are none,
        or the table is of an older version, before the next run.
    """
    made = read_if_made(project, "incidents_by_area")
    known = read_if_made(project, "jurisdictions")
    names = [column.name for column in AREA_TABLE]
    if made is None or known is None or made.empty or not {*names} <= {*made}:
        return None
    mine = known[known["code"].isin(made["area"])]
    shapes = mine.dissolve("code").geometry
    drawn = made[made["area"].isin(shapes.index)].reset_index(drop=True)
    if drawn.empty:
        return None
    outlines = shapes.loc[drawn["area"]].to_numpy()
    return gpd.GeoDataFrame(drawn, geometry=outlines, crs=STORAGE_CRS)


def _areas(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Count what is known to have happened before the day, area by area."""
    incidents = tables["incidents"]
    known = incidents[incidents["occurred_on"] < pd.Timestamp(settings.as_of, tz="UTC")]
    return (count_areas(known, tables["jurisdictions"]),)


def _options(settings: Settings) -> dict[str, Any]:
    """Name the columns too, so that a table of fewer is made anew."""
    return {"as_of": settings.as_of, "columns": [c.name for c in AREA_TABLE]}


AREAS_STEP = Step(
    name="by_area",
    makes=("incidents_by_area",),
    make=_areas,
    needs=("incidents", "jurisdictions"),
    options=_options,
)
