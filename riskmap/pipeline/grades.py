"""Grades: how well the records are placed that each score was made from."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.history.accuracy import ACCURACY_CLASSES, accuracy_class
from riskmap.history.ground import EPOCH, day_number, lay_ground, place_events
from riskmap.pipeline.reports import GradeCount, Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.project import Project
from riskmap.schema import Column, check_table
from riskmap.scoring import Preset, target_records

NOT_SAID = "unknown"

GRADE_TABLE: tuple[Column, ...] = (
    Column(name="score", dtype="str"),
    Column(name="accuracy_basis", dtype="str", meaning="or ``unknown``: not said"),
    Column(name="accuracy", dtype="str", values=ACCURACY_CLASSES),
    Column(name="records", dtype="int64", lowest=0, meaning="known before the day"),
    Column(name="used", dtype="int64", lowest=0, meaning="on watched ground and days"),
    Column(name="in_cell", dtype="int64", lowest=0, meaning="of these, tell a cell"),
    Column(name="left_out", dtype="int64", lowest=0, meaning="records less used"),
)


def count_grades(
    tables: Mapping[str, Any], presets: Sequence[Preset], as_of: str
) -> pd.DataFrame:
    """Count, grade by grade, the records that each score used and left out.

    Parameters
    ----------
    tables
        ``cells``, ``incidents`` and ``coverage``.
    presets
        What each score is made from.
    as_of
        Nothing on this day or later is known, ISO 8601.

    Returns
    -------
    pandas.DataFrame
        :data:`GRADE_TABLE`. What is used but in no cell is spread over the ground
        that its accuracy allows. Left out is what lies outside the corridor, where or
        when no source looks, or what may have happened on the day or later.
    """
    ground = lay_ground(tables["cells"])
    incidents: gpd.GeoDataFrame = tables["incidents"]
    day = day_number(as_of)
    rows = []
    for preset in presets:
        watch = target_records(
            ground, incidents, tables["coverage"], preset, as_of=as_of
        ).coverage
        wanted = incidents[incidents["kind"].isin(preset.kinds)]
        known = wanted[wanted["occurred_on"] < EPOCH + pd.Timedelta(days=day)]
        grades = [_basis(known), accuracy_class(known["accuracy_m"])]
        for (basis, accuracy), records in known.groupby(grades, sort=True):
            placed = place_events(ground, records, before_day=day)
            used = placed.keep(watch.holds(placed.cell, placed.day))
            rows.append(
                {
                    "score": preset.name,
                    "accuracy_basis": str(basis),
                    "accuracy": str(accuracy),
                    "records": len(records),
                    "used": len(used),
                    "in_cell": len(used.pinned),
                    "left_out": len(records) - len(used),
                }
            )
    names = [column.name for column in GRADE_TABLE]
    dtypes = {column.name: column.dtype for column in GRADE_TABLE}
    table = pd.DataFrame(rows, columns=names).astype(dtypes)
    check_table(table, GRADE_TABLE, name="grades")
    return table


def _basis(records: pd.DataFrame) -> pd.Series:
    """Take how a place is known; deliveries of an older riskmap do not say."""
    said = records.get("accuracy_basis", pd.Series("", index=records.index))
    return said.fillna("").astype("str").replace("", NOT_SAID)


def grades_of(project: Project) -> tuple[GradeCount, ...]:
    """Read the grades of the last run.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    tuple of GradeCount
        By score, then grade.

    Raises
    ------
    TableMissingError
        If no run has counted them.
    """
    rows = project.read("grades").to_dict("records")
    return tuple(GradeCount(**row) for row in rows)


def _make(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    return (count_grades(tables, settings.presets, settings.as_of),)


def _options(settings: Settings) -> Mapping[str, Any]:
    kinds = {preset.name: list(preset.kinds) for preset in settings.presets}
    return {"as_of": settings.as_of, "kinds": kinds}


GRADES_STEP = Step(
    name="grades",
    makes=("grades",),
    make=_make,
    needs=("cells", "incidents", "coverage"),
    options=_options,
)
