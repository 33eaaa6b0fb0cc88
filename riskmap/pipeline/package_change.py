"""Package change: which results on change leave a project, and how much of each.

By cell only the class leaves. Statistics, p-values and counts of cells stay under every
profile: the statistics of overlapping neighbourhoods are equations from which the
records of single cells could be worked out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap import cells as cells_
from riskmap.crs import STORAGE_CRS
from riskmap.pipeline.change_layers import CHANGE_LAYERS, is_made_of_now
from riskmap.pipeline.change_view import (
    MISSED,
    MOVED,
    QUESTIONS,
    REPEATS,
    ROUTES,
    SCAN,
    change_subjects,
)
from riskmap.pipeline.policy import marking_of_table
from riskmap.pipeline.scan import LEVEL
from riskmap.schema import Column
from riskmap.sharing.markings import AMBER, CLEAR, Marking, rank_of, strictest

if TYPE_CHECKING:
    from riskmap.pipeline.package_tables import Door, Selection

CHANGE: Final = "change"

SMALL_COUNTS, OUT_OF_DATE = "small_counts", "out_of_date"
"""Why a result stays that its marking would let out."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list of what a question found, as a package holds it.

    Parameters
    ----------
    question
        One of :data:`riskmap.pipeline.change_view.QUESTIONS`.
    columns
        What leaves of it.
    counts
        Numbers of records; they leave only where records leave one by one.
    table
        The table that it stands in, without the subject.
    renamed
        What a column is called in the package, where that differs.
    drawn
        Column of the cells that names the row they belong to; nothing without cells.
    """

    question: str
    table: str
    columns: tuple[str, ...]
    counts: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    drawn: str = ""

    def place(self, subject: str) -> str:
        """Name the table of a subject."""
        return f"{self.table}_{subject}"


LISTS: Final[Mapping[str, Listed]] = {
    "change_routes": Listed(
        question=ROUTES,
        table="routes_found",
        columns=("rank", "side", "from_km", "to_km", "wind", "length_km", "p"),
        counts=("events", "expected"),
        drawn="route",
    ),
    "change_clusters": Listed(
        question=SCAN,
        table="scan_clusters",
        columns=("rank", "side", "km", "radius_km", "from_on", "days", "p"),
        counts=("events", "expected", "ratio"),
        drawn="cluster",
    ),
    "change_repeats": Listed(
        question=REPEATS,
        table="nearrepeat_bands",
        columns=("from_km", "to_km", "from_days", "to_days", "p"),
        counts=("pairs", "expected", "ratio"),
        renamed={
            "from_km": "apart_from_km",
            "to_km": "apart_to_km",
            "from_days": "apart_from_days",
            "to_days": "apart_to_days",
        },
    ),
    "change_areas": Listed(
        question=MOVED,
        table="displacement",
        columns=("operation", "outer_km", "ratio", "low", "high", "told"),
        counts=("before", "after"),
    ),
    "change_moved": Listed(
        question=MOVED,
        table="displacement_moved",
        columns=("operation", "what", "change", "low", "high", "p", "wind"),
    ),
    "change_danger": Listed(
        question=MOVED,
        table="displacement_danger",
        columns=(
            "operation",
            "part",
            "outer_km",
            "before",
            "after",
            "change",
            "change_low",
            "change_high",
            "ratio",
            "low",
            "high",
        ),
        renamed={
            "before": "score_before",
            "after": "score_after",
            "change": "score_change",
            "change_low": "score_change_low",
            "change_high": "score_change_high",
        },
    ),
    "change_missed": Listed(
        question=MISSED,
        table="undercount",
        columns=("model", "estimate", "low", "high"),
    ),
}
"""What chance hardly makes: routes and clusters that are told and not marked stay."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was found of a question and a subject, and may leave.

    Parameters
    ----------
    subject, purpose
        Of whose records, and their side of the purpose wall.
    table
        Where it stands.
    marking
        Of the records that went into it.
    facts
        What was asked.
    """

    subject: str
    purpose: str
    table: str
    marking: Marking
    facts: Mapping[str, Any]


def change_columns() -> tuple[Column, ...]:
    """List the columns of classes by cell that a package may hold.

    Returns
    -------
    tuple of Column
        Each is called like the table that it comes from, and like its layer.

    Examples
    --------
    >>> "hotspots_migrant_danger" in {column.name for column in change_columns()}
    True
    """
    return tuple(Column(name=name, dtype="str") for name in CHANGE_LAYERS)


def change_tables() -> frozenset[str]:
    """Name the tables of results on change, whose options a package tells.

    Returns
    -------
    frozenset of str
        One for each question and subject.

    Examples
    --------
    >>> "displacement_migrant_danger" in change_tables()
    True
    """
    return frozenset(
        f"{question}_{subject}"
        for question in QUESTIONS
        for subject in change_subjects(question)
    )


def add_change(door: "Door", found: "Selection") -> None:
    """Add the results on change that may leave.

    Parameters
    ----------
    door
        What decides: as for other tables made of records, the strictest record that
        went in must be no stricter than the profile. A profile that protects small
        counts lets out only what was made of open records alone, which everybody
        knows one by one: a class of a cell may tell that something was recorded there.
    found
        Where to; what stays is named with the reason.
    """
    results = {
        question: [
            result
            for subject in change_subjects(question)
            if (result := _result(door, found, question, subject))
        ]
        for question in QUESTIONS
    }
    classes = [
        one for rows in results.values() for one in rows if one.table in CHANGE_LAYERS
    ]
    if classes:
        tables = {one.table: door.project.read(one.table) for one in classes}
        by_cell = pd.DataFrame({name: t[name] for name, t in tables.items()})
        found.add(CHANGE, by_cell, _strictest(classes), *tables)
    for name, listed in LISTS.items():
        held = [
            one
            for one in results[listed.question]
            if door.project.snapshot(listed.place(one.subject))
        ]
        rows = [_rows(door, listed, one) for one in held]
        if rows:
            table = pd.concat(rows, ignore_index=True)
            names = [listed.place(one.subject) for one in held]
            found.add(name, table, _strictest(held), *names)


def _result(
    door: "Door", found: "Selection", question: str, subject: str
) -> Result | None:
    """Find a result that may leave; name one that stays."""
    project, name = door.project, f"{question}_{subject}"
    made = project.snapshot(name)
    if made is None or made.options["purpose"] not in door.profile.purposes:
        return None
    marking = marking_of_table(project, name, originator=door.origin)
    protects = door.profile.smallest_count > 1
    if not door.lets(marking):
        found.withheld[name] = marking.text()
    elif not is_made_of_now(project, made):
        found.withheld[name] = OUT_OF_DATE
    elif protects and marking.label != CLEAR:
        found.withheld[name] = SMALL_COUNTS
    else:
        return Result(
            subject=subject,
            purpose=str(made.options["purpose"]),
            table=name,
            marking=marking,
            facts=made.options,
        )
    return None


def _strictest(results: list[Result]) -> Marking:
    return strictest([one.marking for one in results])


def _rows(door: "Door", listed: Listed, one: Result) -> gpd.GeoDataFrame:
    """Lay out the rows of one subject, drawn where they have cells."""
    project = door.project
    table = pd.DataFrame(project.read(listed.place(one.subject)))
    if listed.drawn:
        table = table[table["new"] if "new" in table else table["p"] <= LEVEL]
    if "operation" in listed.columns:
        table = table.assign(operation=str(one.facts["operation"]))
    # in a profile that hands out no records, no number of them either
    shown = rank_of(door.profile.label) >= rank_of(AMBER)
    columns = [*listed.columns, *(listed.counts if shown else ())]
    shapes: Any = np.full(len(table), None, dtype=object)
    if listed.drawn and len(table):
        numbers = project.read(one.table)[listed.drawn]
        for place, rank in enumerate(table["rank"]):
            own = cells_.cell_index(numbers.index[numbers == rank])
            shapes[place] = shapely.union_all(cells_.cell_polygons(own).to_numpy())
    rows = table[columns].rename(columns=listed.renamed).reset_index(drop=True)
    rows.insert(0, "subject", pd.array([one.subject] * len(rows), dtype="str"))
    rows["purpose"] = pd.array([one.purpose] * len(rows), dtype="str")
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=STORAGE_CRS)
