"""The export ledger: what has left, and of which records it is counted ever after."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from riskmap import cells as cells_
from riskmap.history.coverage import cover
from riskmap.ingest import KINDS
from riskmap.pipeline.record_marks import mark_incidents
from riskmap.project import Project
from riskmap.sharing.counting import (
    BASE_RESOLUTION,
    UNDATED,
    Counted,
    Grid,
    count_records,
    lay_grid,
    period_of,
    strata_of,
)
from riskmap.sharing.profiles import EPOCHS

RELEASES: Final = "releases"
"""Kind of the deliveries that are the export ledger."""

# a day that no record is known after
FOREVER: Final = 1e9

Cells = npt.NDArray[np.uint64]

GRID_TABLES: Final = ("cells", "coverage")


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldRelease:
    """One entry of the export ledger.

    Parameters
    ----------
    seq, sha256, at
        Its place in the project's ledger, checksum of its table, and when it left.
    about
        ``profile``, ``label``, ``audience``, ``periods``, ``resolutions``, ``epoch``
        and the checksums of the tables that it was made of.
    table
        What left.
    """

    seq: int
    sha256: str
    at: str
    about: Mapping[str, Any]
    table: pd.DataFrame


def read_ledger(project: Project) -> tuple[HeldRelease, ...]:
    """Read the export ledger: everything that has been released, oldest first.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    tuple of HeldRelease
        Nothing is ever taken out of it.

    Raises
    ------
    TableCorruptError
        If a release is not what was stored.
    """
    batches = project.batches(RELEASES)
    return tuple(
        HeldRelease(
            seq=batch.seq,
            sha256=batch.file_sha256,
            at=batch.known_at,
            about=orjson.loads(batch.profile),
            table=batches[place : place + 1].accepted(),
        )
        for place, batch in enumerate(batches)
    )


def _bases(periods: Iterable[str]) -> set[str]:
    """Name the months, and the undated parts of years, that epochs are made of."""
    found: set[str] = set()
    for period in periods:
        year, _, part = period.partition("-")
        months = [f"{year}-{n:02d}" for n in range(1, 13)]
        if not part:
            found |= {*months, f"{year}-{UNDATED}"}
        elif part.startswith("Q"):
            last = 3 * int(part[1:])
            found |= set(months[last - 3 : last])
        else:
            found.add(period)
    return found


def pinned_months(released: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Tell of which version of the records each month that has left is counted.

    Parameters
    ----------
    released
        What is written of each release, oldest first: ``periods``, ``incidents``.

    Returns
    -------
    dict
        Month, or the undated part of a year, to the version it first left of.

    Examples
    --------
    >>> found = pinned_months(
    ...     [
    ...         {"periods": ["2019-Q1"], "incidents": "old"},
    ...         {"periods": ["2019"], "incidents": "new"},
    ...     ]
    ... )
    >>> found["2019-03"], found["2019-04"]
    ('old', 'new')
    """
    months: dict[str, str] = {}
    for about in released:
        for base in _bases(about["periods"]):
            months.setdefault(base, about["incidents"])
    return months


def sources_of(project: Project, held: Sequence[HeldRelease]) -> dict[str, Any]:
    """Tell of which versions of the tables each month and year is counted.

    What has been released once is counted of the same records ever after: a release
    of corrected numbers would give the corrections away.
    """
    months = pinned_months(release.about for release in held)
    grids: dict[str, tuple[str, str]] = {}
    for release in held:
        for base in _bases(release.about["periods"]):
            grids.setdefault(
                base[:4], (release.about["cells"], release.about["coverage"])
            )
    newest = {name: project.snapshot(name) for name in ("incidents", *GRID_TABLES)}
    if any(made is None for made in newest.values()):
        # raises for the table that has not been made
        for name in newest:
            project.read(name)
    current = {name: made.sha256 for name, made in newest.items() if made}
    return {"months": months, "grids": grids, "current": current}


def _records(
    project: Project, sources: Mapping[str, Any], *, originator: str
) -> pd.DataFrame:
    """Gather the records, each month of the version that it was released of."""
    current = sources["current"]["incidents"]
    parts = []
    for sha256 in dict.fromkeys([*sources["months"].values(), current]):
        table: Any = project.read("incidents", at=sha256)
        rows = mark_incidents(pd.DataFrame(table).drop(columns="geometry"))
        rows = rows.assign(
            x=table.geometry.x,
            y=table.geometry.y,
            stratum=strata_of(rows, originator=originator),
        )
        base = period_of(rows["occurred_on"], rows["time_precision"], "month")
        of = base.map(lambda one: sources["months"].get(one, current))
        parts.append(rows[of == sha256])
    return pd.concat(parts)


def _grid(
    project: Project,
    tables: tuple[str, ...],
    resolutions: Sequence[int],
    told: Cells | None,
) -> dict[str, Grid]:
    """Lay the fixed grid over what the sources of each purpose watch."""
    cells = project.read("cells", at=tables[0])
    coverage = project.read("coverage", at=tables[1])
    grid = {}
    for purpose, part in coverage.groupby("purpose"):
        watched = cover(cells, part).ever_before(FOREVER) > 0
        if told is not None:
            watched &= np.isin(cells_.parents(cells.index, BASE_RESOLUTION), told)
        if watched.any():
            grid[str(purpose)] = lay_grid(cells.index[watched], resolutions)
    return grid


def count_blocks(  # noqa: PLR0913
    project: Project,
    held: Sequence[HeldRelease],
    *,
    resolutions: Collection[int],
    epochs: Collection[str],
    years: tuple[str, str] = ("", "9999"),
    with_zeros: bool = True,
    originator: str,
) -> list[Counted]:
    """Count as finely as anybody holds or is to hold; zeros too, unless not asked."""
    sources = sources_of(project, held)
    records = _records(project, sources, originator=originator)
    finest = max(epochs, key=EPOCHS.index)
    kinds = {code: kind.purpose for code, kind in KINDS.items()}
    all_years = {*records["occurred_on"].dt.year.astype("str"), *sources["grids"]}
    current = tuple(sources["current"][name] for name in GRID_TABLES)
    told = None
    if not with_zeros:
        told = cells_.points_to_cells(records["x"], records["y"], BASE_RESOLUTION)
    grids: dict[tuple[str, ...], dict[str, Grid]] = {}
    blocks: list[Counted] = []
    first, last = years
    for year in sorted(year for year in all_years if first <= year <= last):
        tables = sources["grids"].get(year, current)
        if tables not in grids:
            grids[tables] = _grid(project, tables, sorted(resolutions), told)
        blocks += count_records(
            records, grids[tables], kinds, years=[year], epoch=finest
        )
    return blocks
