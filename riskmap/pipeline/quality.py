"""Quality: what the register holds, what waits, what the sources cover, what came."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmap.history.extension import LATER, STRETCH
from riskmap.pipeline.completeness import read_completeness, summarise_completeness
from riskmap.pipeline.incident_areas import read_incident_areas
from riskmap.pipeline.register import REGISTERS, quarantined
from riskmap.pipeline.reports import OverdueTask
from riskmap.pipeline.standing import overdue_tasks
from riskmap.pipeline.timeliness import read_timeliness
from riskmap.pipeline.versions import current_records
from riskmap.project import Project

# examples told of each fault
EXAMPLES = 3

EXAMPLE = ["file", "row", "line", "unit", "column", "value"]

SIDES = ("US", "MX")

NO_DATA = "no_data"

# stretches shorter than this are the rounding of kilometres
LEAST_GAP_KM = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Quality:
    """How far records can be trusted, as eight tables, and what is overdue.

    Parameters
    ----------
    register
        ``source``, ``kind``, ``records``, ``from_on``, ``to_on``; the commonest first.
        Records are rows of the register, neither persons nor incidents that happened.
    faults
        ``code``, ``rows`` and ``examples`` (up to three mappings of ``file``,
        ``row``, ``line``, ``unit``, ``column``, ``value``), the commonest first. A row
        with two faults counts for both.
    coverage
        ``source``, ``side``, ``from_km``, ``to_km``, ``from_on``, ``to_on`` and
        ``state``: ``stated`` or ``assumed`` (from its records) where a source looks,
        ``no_data`` where it does not. Days are missing where they are open or where
        nobody looks.
    deliveries
        ``register``, ``file``, ``known_at``, ``rows_in``, ``accepted``,
        ``quarantined``, ``duplicates``, in the order they came; the last three add up
        to ``rows_in``.
    grades
        ``accuracy_basis``, ``confirmation``, ``marking``, ``records``: how well the
        records are known, and who may have them; the commonest first.
    timeliness
        As :func:`riskmap.pipeline.read_timeliness`, feed by feed.
    completeness
        As :func:`riskmap.pipeline.summarise_completeness`; empty before the first
        run.
    areas
        As :func:`riskmap.pipeline.read_incident_areas`: in no cell's count.
    overdue
        Follow-up tasks past their day, the longest overdue first.
    """

    register: pd.DataFrame
    faults: pd.DataFrame
    coverage: pd.DataFrame
    deliveries: pd.DataFrame
    grades: pd.DataFrame
    timeliness: pd.DataFrame
    completeness: pd.DataFrame
    areas: pd.DataFrame
    overdue: tuple[OverdueTask, ...]


def read_quality(project: Project) -> Quality:
    """Tell how far the records of a project can be trusted.

    Parameters
    ----------
    project
        The project; it need not have been run.

    Returns
    -------
    Quality
        Eight tables and the tasks.

    Raises
    ------
    TableMissingError
        If the project has no boundary or no table of coverage.
    """
    records = current_records(project.batches("incidents"))
    return Quality(
        register=sum_records(records),
        faults=sum_faults(quarantined(project)),
        coverage=_coverage(project),
        deliveries=_deliveries(project),
        grades=_grades(records),
        timeliness=read_timeliness(project),
        completeness=_completeness(project),
        areas=read_incident_areas(project),
        overdue=overdue_tasks(project),
    )


def sum_records(rows: pd.DataFrame) -> pd.DataFrame:
    """Count records by source and kind.

    Parameters
    ----------
    rows
        Event table.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``kind``, ``records``, ``from_on``, ``to_on``; the most first.
    """
    columns = ["source", "kind", "records", "from_on", "to_on"]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    found = rows.groupby(["source", "kind"])["occurred_on"].agg(["size", "min", "max"])
    found = found.reset_index().set_axis(columns, axis="columns")
    order = ["records", "source", "kind"]
    return found.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _grades(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the records by how well they are known and how they are marked."""
    names = ["accuracy_basis", "confirmation", "marking"]
    # deliveries from before these were kept say nothing of them
    told = rows[names].fillna("").astype("str")
    found = told.groupby(names).size().rename("records").reset_index()
    order = ["records", *names]
    ascending = [False, True, True, True]
    return found.sort_values(order, ascending=ascending, ignore_index=True)


def _completeness(project: Project) -> pd.DataFrame:
    """Sum up where sources report; nothing before the first run."""
    made = {snapshot.name for snapshot in project.snapshots()}
    if not {"cells", "coverage"} <= made:
        return summarise_completeness(pd.DataFrame())
    return summarise_completeness(read_completeness(project))


def sum_faults(faults: pd.DataFrame) -> pd.DataFrame:
    """Count rows by fault, with examples of each.

    Parameters
    ----------
    faults
        ``ref`` (which row), ``code``, ``file``, ``row``, ``line``, ``unit``,
        ``column``, ``value``.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``rows`` and ``examples`` (dicts), the most frequent first.
    """
    rows = [
        {
            "code": str(code),
            "rows": int(group["ref"].nunique()),
            "examples": group.drop_duplicates("ref")[EXAMPLE]
            .head(EXAMPLES)
            .to_dict("records"),
        }
        for code, group in faults.groupby("code", sort=True)
    ]
    table = pd.DataFrame(rows, columns=["code", "rows", "examples"])
    return table.sort_values("rows", ascending=False, kind="stable", ignore_index=True)


def _coverage(project: Project) -> pd.DataFrame:
    """List where each source looks, and on each side where it does not."""
    made = project.snapshot("coverage")
    given: Any = project.read("coverage" if made else "coverage_given")
    length_km = float(project.read("boundary")["to_km"].max())
    rows = []
    for source, group in given.groupby("source", sort=True):
        for side in SIDES:
            here = group[group["side"].isin([side, "both"])].sort_values("from_km")
            assumed = here["note"].isin([LATER, STRETCH])
            state = assumed.map({True: "assumed", False: "stated"})
            told = here.assign(state=state).to_dict("records")
            gaps = _gaps(here, length_km)
            rows += [
                {**row, "source": source, "side": side}
                for row in sorted(told + gaps, key=lambda row: float(row["from_km"]))
            ]
    columns = ["source", "side", "from_km", "to_km", "from_on", "to_on", "state"]
    return pd.DataFrame(rows, columns=columns)


def _gaps(covered: pd.DataFrame, length_km: float) -> list[dict[str, Any]]:
    """List the stretches that no row covers."""
    gaps, reached = [], 0.0
    ends = [*zip(covered["from_km"], covered["to_km"], strict=True)]
    for low, high in [*ends, (length_km, length_km)]:
        if low - reached > LEAST_GAP_KM:
            gaps.append({"from_km": reached, "to_km": low, "state": NO_DATA})
        reached = max(reached, high)
    return gaps


def _deliveries(project: Project) -> pd.DataFrame:
    """List the files that came, and what became of their rows."""
    names = ("known_at", "rows_in", "accepted", "quarantined", "duplicates")
    rows = [
        {"register": register, "file": batch.file_name, "seq": batch.seq}
        | {name: getattr(batch, name) for name in names}
        for register in REGISTERS
        for batch in project.batches(register)
    ]
    columns = ["register", "file", *names]
    table = pd.DataFrame(rows, columns=["seq", *columns])
    return table.sort_values("seq", kind="stable", ignore_index=True)[columns]
