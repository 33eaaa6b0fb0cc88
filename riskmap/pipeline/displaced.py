"""Displacement of a project: operations, and what became of records about them.

What was done is public-safety data: no score reads it. Records are told by area and
time together, never one by one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy import spatial

from riskmap.errors import (
    AreaFaultyError,
    TooFewError,
    UnknownNameError,
)
from riskmap.history.ground import day_number
from riskmap.hotspots.displacement import (
    AreaChange,
    Blocks,
    DisplacementOptions,
    Ints,
    Moved,
    compare_areas,
    match_controls,
    mean_change,
)
from riskmap.pipeline.changes import (
    Asked,
    Subject,
    checksums,
    choose,
    day_text,
    finely_dated,
    finely_placed,
    keep,
)
from riskmap.pipeline.nearrepeat import plain
from riskmap.pipeline.operations_kept import list_operations
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.places.geodesy import wind_of
from riskmap.project import Project

# ground danger at a site: what heat does to a walker, which no record enters
HAZARD = "heat_loss_l_per_km"

# a smaller area would tell where single records lie
LEAST_CELLS = 3

# share of the days compared that ground must have been watched
WHOLE = 0.999


@dataclass(frozen=True, kw_only=True, eq=False)
class DisplacementReport:
    """What became of records in and about an operation's area.

    Parameters
    ----------
    facts
        Operation, subject, purpose, and first and last day before and after.
    areas
        The area and its rings: ``outer_km`` (0 the area itself), ``before``,
        ``after``, ``ratio``, ``low``, ``high``, ``told``.
    controls
        How many control areas were found; ``control_before``, ``control_after``
        records in them together.
    displaced
        Whether the area fell and a ring rose, both beyond doubt.
    shift
        How the middle of the records in area and rings moved, kilometres.
    wind
        Which way.
    hazard
        How the mean hazard at the places of records changed; None where there are no
        hazards.
    """

    facts: Mapping[str, Any]
    areas: pd.DataFrame
    controls: Mapping[str, int]
    displaced: bool
    shift: Moved
    wind: str
    hazard: Moved | None


def displacement(
    project: Project,
    name: str,
    asked: Asked,
    options: DisplacementOptions | None = None,
    *,
    progress: Progress | None = None,
) -> DisplacementReport:
    """Tell what became of records in and about an operation's area.

    Parameters
    ----------
    project
        A project that has been run.
    name
        The operation.
    asked
        Of whose records.
    options
        Rings, controls and draws.
    progress
        Told how far it has come.

    Returns
    -------
    DisplacementReport
        Stored as ``displacement_SUBJECT``: counts by area, no places.

    Raises
    ------
    UnknownNameError
        If there is no such operation.
    AreaFaultyError
        If its area lies outside the cells or holds too few of them.
    TooFewError
        If too little was watched or recorded before or after, or in the controls.
    """
    told, options = progress or tell_nobody, options or DisplacementOptions()
    told("displacement", 0, 3)
    operation = _operation(project, name)
    whole, _ = finely_dated(choose(project, asked))
    subject = finely_placed(whole)
    start, n_blocks = _window(subject, operation, options)
    ring = _rings(subject, operation, options)
    hazard = _hazard(project, subject)
    controls = _controls(subject, ring, hazard, (start, n_blocks), options)
    told("displacement", 1, 3)
    blocks, where = _blocks(subject, ring, controls, (start, n_blocks), options)
    found = compare_areas(blocks, len(options.rings_km), options)
    told("displacement", 2, 3)
    about = blocks.area >= 0
    near = Blocks(
        block=blocks.block[about],
        area=blocks.area[about],
        n_before=n_blocks,
        n_after=n_blocks,
    )
    ground = subject.records.ground
    shift = mean_change(ground.xy_km[where[about]], near, options)
    areas = _area_rows(found, options)
    asked_for = _plain(name, options) | {"start_on": day_text(start)}
    keep(project, "displacement", subject, areas, (), asked_for)
    ground_change = _hazard_change(hazard, where[about], near, options)
    rows = moved_rows(shift, ground_change)
    keep(project, "displacement_moved", subject, rows, (), asked_for)
    span = n_blocks * options.block_days
    later = blocks.block[blocks.area < 0] >= n_blocks
    return DisplacementReport(
        facts=subject.facts()
        | {
            "operation": name,
            "from_on": day_text(start - span),
            "start_on": day_text(start),
            "to_on": day_text(start + span - 1),
        },
        areas=areas,
        controls={
            "controls": int(controls.max()),
            "control_before": int((~later).sum()),
            "control_after": int(later.sum()),
        },
        displaced=found[0].told < 0 and any(one.told > 0 for one in found[1:]),
        shift=shift,
        wind=str(rows["wind"].iloc[0]),
        hazard=ground_change,
    )


def moved_rows(shift: Moved, hazard: Moved | None) -> pd.DataFrame:
    """Lay out how the records moved, and whether to ground of higher hazard.

    Parameters
    ----------
    shift
        Of the middle of the records, kilometres east and north.
    hazard
        Of the mean hazard; None where it is not known.

    Returns
    -------
    pandas.DataFrame
        ``what`` (``shift``, ``hazard``), ``change``, ``low``, ``high``, ``turn_deg``,
        ``p`` and ``wind``; the shift along its direction, the hazard with its sign.
    """
    wind = wind_of(float(np.degrees(np.arctan2(*shift.change))))
    rows = [("shift", shift.size, shift.low, shift.high, shift.turn_deg, shift.p, wind)]
    if hazard is not None:
        change = float(hazard.change[0])
        ends = sorted(
            np.copysign(1.0, change) * end for end in (hazard.low, hazard.high)
        )
        rows.append(("hazard", change, *ends, hazard.turn_deg, hazard.p, ""))
    columns = ["what", "change", "low", "high", "turn_deg", "p", "wind"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"what": "str", "wind": "str"})


def _plain(name: str, options: DisplacementOptions) -> dict[str, Any]:
    """Tell the options as the ledger can hold them."""
    own = {key: plain(value) for key, value in asdict(options).items()}
    return {"operation": name, **own}


def _operation(project: Project, name: str) -> "pd.Series[Any]":
    """Find an operation by its name."""
    known = list_operations(project)
    mine = known.loc[known["operation_id"] == name]
    if mine.empty:
        names = tuple(known["operation_id"])
        msg = f"`operation` must be one of {names}, got {name!r}."
        raise UnknownNameError(msg, kind="operation", value=name, known=names)
    return mine.iloc[0]


def _window(
    subject: Subject, operation: "pd.Series[Any]", options: DisplacementOptions
) -> tuple[int, int]:
    """Choose the first day and the blocks compared, as many before as after."""
    start = day_number(operation["from_on"])
    end = subject.to_day
    if operation["to_on"]:
        end = min(end, day_number(operation["to_on"]) + 1)
    if start >= subject.to_day:
        msg = f"The operation begins on {operation['from_on']}, after what is known."
        raise TooFewError(msg, what="future", found=0, needed=options.block_days)
    days = min(end - start, start - subject.from_day)
    return start, max(days, 0) // options.block_days


def _rings(
    subject: Subject, operation: "pd.Series[Any]", options: DisplacementOptions
) -> Ints:
    """Give each cell a number: 0 in the area, 1 and up in the rings, -1 beyond."""
    cells, ground = subject.cells, subject.records.ground
    points = shapely.points(cells["x"].to_numpy(), cells["y"].to_numpy())
    inside = shapely.contains(operation["geometry"], points) & subject.known
    if inside.sum() < LEAST_CELLS:
        name = operation["operation_id"]
        msg = f"{name} holds {inside.sum()} cells with data, not {LEAST_CELLS}."
        raise AreaFaultyError(msg, path=name, reason="outside")
    apart, _ = spatial.KDTree(ground.xy_km[inside]).query(ground.xy_km)
    ring = np.searchsorted(options.rings_km, apart) + 1
    ring[ring > len(options.rings_km)] = -1
    return np.asarray(np.where(inside, 0, ring), dtype=np.int64)


def _hazard(project: Project, subject: Subject) -> "np.ndarray[Any, Any]":
    """Read the hazard of each cell; NaN where it is not known."""
    if not checksums(project, ("hazards",)):
        return np.full(len(subject.cells), np.nan)
    table = project.read("hazards").reindex(subject.cells.index)
    return np.asarray(table[HAZARD], dtype=np.float64)


def _controls(
    subject: Subject,
    ring: Ints,
    hazard: "np.ndarray[Any, Any]",
    window: tuple[int, int],
    options: DisplacementOptions,
) -> Ints:
    """Match control areas on earlier records, their trend, and the hazard."""
    start, n_blocks = window
    span = n_blocks * options.block_days
    coverage = subject.records.coverage
    share = coverage.share_between(start - span, start + span) if span else 0.0
    watched = subject.known & (share >= WHOLE * coverage.ever_before(subject.to_day))
    n = len(subject.cells)
    halves = [
        subject.events.counts(n, start - span, start - span // 2),
        subject.events.counts(n, start - span // 2, start),
    ]
    middle = np.nanmedian(hazard) if np.isfinite(hazard).any() else 0.0
    traits = np.column_stack([*halves, np.nan_to_num(hazard, nan=middle)])
    allowed = (ring < 0) & watched
    xy_km = subject.records.ground.xy_km
    return match_controls(xy_km, traits, allowed, ring == 0, options.controls)


def _blocks(
    subject: Subject,
    ring: Ints,
    controls: Ints,
    window: tuple[int, int],
    options: DisplacementOptions,
) -> tuple[Blocks, Ints]:
    """Put records into blocks and areas; also give the cell of each."""
    start, n = window
    events = subject.events
    block = (events.day - start) // options.block_days + n
    area = ring[events.cell]
    used = (block >= 0) & (block < 2 * n)
    used &= (area >= 0) | (controls[events.cell] > 0)
    where = events.cell[used].astype(np.int64)
    blocks = Blocks(block=block[used], area=area[used], n_before=n, n_after=n)
    return blocks, where


def _hazard_change(
    hazard: "np.ndarray[Any, Any]",
    where: Ints,
    near: Blocks,
    options: DisplacementOptions,
) -> Moved | None:
    """Tell whether records moved to ground of higher hazard, where it is known."""
    own = hazard[where]
    known = np.isfinite(own)
    if not known.any():
        return None
    held = Blocks(
        block=near.block[known],
        area=near.area[known],
        n_before=near.n_before,
        n_after=near.n_after,
    )
    return mean_change(own[known][:, None], held, options)


def _area_rows(
    found: tuple[AreaChange, ...], options: DisplacementOptions
) -> pd.DataFrame:
    """Lay the area and its rings out as a table."""
    rows = pd.DataFrame([asdict(one) for one in found])
    rows.insert(0, "outer_km", [0.0, *map(float, options.rings_km)])
    return rows
