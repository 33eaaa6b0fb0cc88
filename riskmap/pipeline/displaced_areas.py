"""Displaced areas: what is compared about an operation, where and when."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy import spatial

from riskmap.errors import AreaFaultyError, TooFewError, UnknownNameError
from riskmap.history.ground import day_number
from riskmap.hotspots.displacement import DisplacementOptions, Ints, match_controls
from riskmap.pipeline.changes import (
    Asked,
    Subject,
    checksums,
    choose,
    finely_dated,
    finely_placed,
)
from riskmap.pipeline.operations_kept import OPERATIONS, list_operations
from riskmap.project import Project

# ground danger at a site: what heat does to a walker, which no record enters
HAZARD = "heat_loss_l_per_km"

# a smaller area would tell where single records lie
LEAST_CELLS = 3

# share of the days compared that ground must have been watched
WHOLE = 0.999


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """What is compared about an operation.

    Parameters
    ----------
    subject
        The records, with what went into the comparison.
    ring
        0 in the area, 1 and up in the rings, -1 beyond, of shape (n_cells,).
    controls
        1 and up in the control areas, 0 elsewhere, of shape (n_cells,).
    hazard
        Of each cell; NaN where it is not known.
    start, n_blocks
        First day of the operation, and blocks of time on each side.
    """

    subject: Subject
    ring: Ints
    controls: Ints
    hazard: "np.ndarray[Any, Any]"
    start: int
    n_blocks: int

    def area(self, options: DisplacementOptions) -> Ints:
        """Give the controls the number after that of the last ring."""
        last = len(options.rings_km) + 1
        return np.asarray(np.where(self.controls > 0, last, self.ring), dtype=np.int64)


def lay_areas(
    project: Project, name: str, asked: Asked, options: DisplacementOptions
) -> Compared:
    """Choose records, blocks of time, rings and control areas of an operation.

    Parameters
    ----------
    project, name, asked, options
        As of :func:`displacement`.

    Returns
    -------
    Compared
        What is compared.

    Raises
    ------
    UnknownNameError, AreaFaultyError, TooFewError
        As of :func:`displacement`.
    """
    operation = _operation(project, name)
    whole, _ = finely_dated(choose(project, asked))
    subject = finely_placed(whole)
    # what went in decides who may see it: operations too
    went_in = dict(subject.inputs) | checksums(project, (OPERATIONS, "hazards"))
    subject = replace(subject, inputs=went_in)
    start, n_blocks = _window(subject, operation, options)
    ring = _rings(subject, operation, options)
    hazard = _hazard(project, subject)
    controls = _controls(subject, ring, hazard, (start, n_blocks), options)
    return Compared(
        subject=subject,
        ring=ring,
        controls=controls,
        hazard=hazard,
        start=start,
        n_blocks=n_blocks,
    )


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
