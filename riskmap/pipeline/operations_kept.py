"""Operations of a project: what was done, where and when; no score reads them."""

from pathlib import Path

import pandas as pd
import shapely

from riskmap.errors import DateOptionError, UnknownNameError
from riskmap.history.ground import day_number
from riskmap.hotspots.operations import KINDS, OPERATION_TABLE, operation_table
from riskmap.pipeline.areas import load_area
from riskmap.pipeline.road import check_day
from riskmap.project import Project
from riskmap.schema import empty_table

OPERATIONS = "operations"

OPERATION_KINDS = KINDS


def list_operations(project: Project) -> pd.DataFrame:
    """List the operations of a project.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        As :data:`riskmap.hotspots.operations.OPERATION_TABLE`.
    """
    if project.snapshot(OPERATIONS) is None:
        return empty_table(OPERATION_TABLE, index="row")
    return project.read(OPERATIONS)


def add_operation(
    project: Project,
    name: str,
    area: Path | str | shapely.MultiPolygon,
    *,
    kind: str,
    from_on: str,
    to_on: str = "",
) -> pd.DataFrame:
    """Add an operation, or put another in place of one of the same name.

    Parameters
    ----------
    project
        The project.
    name
        What it is called.
    area
        Its outline: a file of GeoJSON or KML, or one that was drawn.
    kind
        One of :data:`riskmap.hotspots.operations.KINDS`.
    from_on, to_on
        First and last day, ISO 8601; no last day if it goes on.

    Returns
    -------
    pandas.DataFrame
        All operations; earlier versions of the table stay in the store.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    DateOptionError
        If a day is none, or the last comes before the first.
    AreaFaultyError
        If the outline bounds no area.
    """
    if kind not in OPERATION_KINDS:
        msg = f"`kind` must be one of {OPERATION_KINDS}, got {kind!r}."
        raise UnknownNameError(msg, kind="operation", value=kind, known=OPERATION_KINDS)
    check_day(from_on)
    if to_on and day_number(check_day(to_on)) < day_number(from_on):
        msg = f"`to` must not come before {from_on}, got {to_on}."
        raise DateOptionError(msg, option="to", value=to_on)
    shape = load_area(area) if isinstance(area, (str, Path)) else area
    kept = list_operations(project)
    rows = kept.loc[kept["operation_id"] != name].to_dict("records")
    dates = {"from_on": from_on, "to_on": to_on}
    rows.append({"operation_id": name, "kind": kind, **dates, "geometry": shape})
    table = operation_table(rows)
    project.write(OPERATIONS, table, step=OPERATIONS, options={}, inputs={})
    return table
