"""Incidents by area: records known to a county or municipio and to nothing finer."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from riskmap.history.accuracy import only_area
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


def count_areas(
    incidents: pd.DataFrame, jurisdictions: pd.DataFrame | None
) -> pd.DataFrame:
    """Count the incidents that are known only to a county or municipio.

    They are in no cell's count: nobody knows which cell. An area without a row has
    no such record, which is not to say that nothing happened there.

    Parameters
    ----------
    incidents
        Event table: ``area``, ``kind``, ``occurred_on``.
    jurisdictions
        ``code`` and ``name`` of areas; None if there are none.

    Returns
    -------
    pandas.DataFrame
        :data:`AREA_COUNTS`, sorted by area, kind and year; events add up to the
        records that are areas.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "area": ["26043", "26043", ""], "kind": ["rescue"] * 3,
    ...     "occurred_on": pd.to_datetime(["2020-01-02"] * 3, utc=True)})
    >>> names = pd.DataFrame({"code": ["26043"], "name": ["Nogales"]})
    >>> count_areas(rows, names).values.tolist()
    [['26043', 'Nogales', 'rescue', 2020, 2]]
    """
    mine = incidents[only_area(incidents)]
    if mine.empty:
        return empty_table(AREA_COUNTS, index="number").reset_index(drop=True)
    keys = pd.DataFrame(
        {
            "area": mine["area"].to_numpy(),
            "kind": mine["kind"].to_numpy(),
            "year": mine["occurred_on"].dt.year.to_numpy(),
        }
    )
    counted = keys.groupby(["area", "kind", "year"], as_index=False).size()
    named = pd.Series(dtype="str")
    if jurisdictions is not None:
        rows = jurisdictions.drop_duplicates("code")
        named = pd.Series(rows["name"].to_numpy(), index=rows["code"].to_numpy())
    names = counted["area"].map(named).fillna("")
    told = counted.rename(columns={"size": "events"}).assign(area_label=names)
    dtypes = {column.name: column.dtype for column in AREA_COUNTS}
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
        :data:`AREA_COUNTS`; empty before the first run.
    """
    made = read_if_made(project, "incidents_by_area")
    if made is None:
        return empty_table(AREA_COUNTS, index="number").reset_index(drop=True)
    found: pd.DataFrame = made
    return found


def _areas(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Count what is known to have happened before the day, area by area."""
    incidents = tables["incidents"]
    known = incidents[incidents["occurred_on"] < pd.Timestamp(settings.as_of, tz="UTC")]
    return (count_areas(known, tables["jurisdictions"]),)


def _as_of(settings: Settings) -> dict[str, Any]:
    return {"as_of": settings.as_of}


AREAS_STEP = Step(
    name="by_area",
    makes=("incidents_by_area",),
    make=_areas,
    needs=("incidents", "jurisdictions"),
    options=_as_of,
)
