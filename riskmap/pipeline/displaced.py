"""Displacement of a project: operations, and what became of records about them.

What was done is public-safety data: no score reads it. Records are told by area and
time together, never one by one.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmap.hotspots.danger import DANGER_TABLE
from riskmap.hotspots.displacement import (
    AreaChange,
    Blocks,
    DisplacementOptions,
    Ints,
    Moved,
    compare_areas,
    mean_change,
)
from riskmap.pipeline.changes import (
    Asked,
    Subject,
    day_text,
    keep,
)
from riskmap.pipeline.displaced_areas import lay_areas
from riskmap.pipeline.displaced_danger import danger_about
from riskmap.pipeline.nearrepeat import plain
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.places.geodesy import wind_of
from riskmap.project import Project


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
    danger
        How the score changed in area, rings and controls, as
        :data:`riskmap.hotspots.danger.DANGER_TABLE`; None for one kind, which has none.
    """

    facts: Mapping[str, Any]
    areas: pd.DataFrame
    controls: Mapping[str, int]
    displaced: bool
    shift: Moved
    wind: str
    hazard: Moved | None
    danger: pd.DataFrame | None


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
        Stored as ``displacement_SUBJECT``, ``displacement_moved_SUBJECT`` and
        ``displacement_danger_SUBJECT``: numbers of areas, no places.

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
    total = 3 + options.score_draws
    told("displacement", 0, total)
    laid = lay_areas(project, name, asked, options)
    subject, start, n_blocks = laid.subject, laid.start, laid.n_blocks
    hazard, ring, controls = laid.hazard, laid.ring, laid.controls
    told("displacement", 1, total)
    blocks, where = _blocks(subject, ring, controls, (start, n_blocks), options)
    found = compare_areas(blocks, len(options.rings_km), options)
    told("displacement", 2, total)
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
    danger = danger_about(
        project,
        subject,
        laid.area(options),
        (start, n_blocks),
        options,
        lambda done: told("displacement", 3 + done, total),
    )
    if danger is not None:
        columns = DANGER_TABLE
        keep(project, "displacement_danger", subject, danger, columns, asked_for)
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
        danger=danger,
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
