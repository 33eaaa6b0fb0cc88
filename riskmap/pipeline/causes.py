"""Causes: the danger to migrants, split into what people die of."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from riskmap import cells as h3_cells
from riskmap.hazards.intensity import intensities_by_cause
from riskmap.history.ground import Floats
from riskmap.ingest.taxonomy import CAUSES
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.project import Project
from riskmap.schema import Column
from riskmap.scoring import PRESETS, target_records
from riskmap.scoring.causes import CauseSplit, events_by_cause, split_by_cause

BY_CAUSE: Final = "danger_by_cause"
SKILL: Final = "cause_skill"

DANGER: Final = PRESETS[0].name

# of these nobody knows the cause; most are remains in the desert: physics of exposure
LIKE_EXPOSURE: Final = "undetermined"

# places with all their deaths are drawn together: cells of about 250 km²
PLACE_RESOLUTION, DRAWS, LEVEL = 5, 500, 0.95

SKILL_TABLE: tuple[Column, ...] = (
    Column(name="versus", dtype="str", values=("everywhere", "physics", "nearby")),
    Column(name="events", dtype="int64", lowest=0),
    Column(name="bits", dtype="float64", meaning="gained per death about its cause"),
    Column(name="low", dtype="float64", missing=True),
    Column(name="high", dtype="float64", missing=True),
    Column(name="physics", dtype="float64", lowest=0, highest=1),
    Column(name="strength_events", dtype="float64", lowest=0),
    Column(name="reach_km", dtype="float64", unit="km", lowest=0),
)


def column_of(cause: str) -> str:
    """Name the column of one cause's part of the danger.

    Parameters
    ----------
    cause
        Code of the cause.

    Returns
    -------
    str
        Name of a column of the table ``danger_by_cause``.

    Examples
    --------
    >>> column_of("drowning")
    'danger_drowning'
    """
    return f"danger_{cause}"


PHYSICS_SHARE: Final = column_of("physics_share")


def physics_by_cause(hazards: pd.DataFrame) -> pd.DataFrame:
    """Lay out flow times hazard of each cause; detectability is 1, since none is known.

    Parameters
    ----------
    hazards
        The hazard table.

    Returns
    -------
    pandas.DataFrame
        On its index, a column a cause; deaths of unknown cause have the physics of
        exposure.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"heat_loss_l_per_km": [0.2], "drowning_drift": [0.1], "walk_hours": [8.0]}
    ... )
    >>> physics_by_cause(table)[["exposure", "undetermined"]].iloc[0].tolist()
    [0.1, 0.1]
    """
    found = intensities_by_cause(hazards, CAUSES)
    found[LIKE_EXPOSURE] = found["exposure"]
    return found


def _make(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Take the step."""
    preset = settings.presets[0]
    deaths = tables["incidents"]
    deaths = deaths[deaths["kind"].isin(preset.kinds)]
    records = target_records(
        tables["cells"], deaths, tables["coverage"], preset, as_of=settings.as_of
    )
    split = split_by_cause(
        records,
        events_by_cause(records, deaths, CAUSES),
        physics_by_cause(tables["hazards"]),
    )
    danger = tables["scores"][preset.name]
    table = split.shares.mul(danger, axis="index").rename(columns=column_of)
    table[PHYSICS_SHARE] = split.physics.where(danger.notna())
    return table, cause_skill(split, tables["cells"].index)


CAUSE_STEP = Step(
    name="causes",
    makes=(BY_CAUSE, SKILL),
    make=_make,
    needs=("cells", "incidents", "coverage", "hazards", "scores"),
    options=lambda settings: {"as_of": settings.as_of},
)


def cause_skill(split: CauseSplit, index: pd.Index) -> pd.DataFrame:
    """Judge the split by cause on past years, each foretold from what was before it.

    Parameters
    ----------
    split
        As :func:`riskmap.scoring.causes.split_by_cause` gives.
    index
        The cell index.

    Returns
    -------
    pandas.DataFrame
        As :data:`SKILL_TABLE`: bits gained per death about its cause over the same
        shares everywhere, physics alone, and records nearby without physics; intervals
        (95 %) draw places with all their deaths.
    """
    told = split.foretold
    place = h3_cells.parents(
        index[told["cell"].to_numpy(dtype=np.intp)],
        min(PLACE_RESOLUTION, h3_cells.resolution_of(index)),
    )
    _, place_of = np.unique(np.asarray(place), return_inverse=True)
    trust = vars(split.trust)
    rows = []
    for versus in ("everywhere", "physics", "nearby"):
        gain = np.log2(told["split"].to_numpy() / told[versus].to_numpy())
        low, high = _bounds(gain, place_of)
        bits = float(gain.mean()) if len(gain) else 0.0
        rows.append((versus, len(gain), bits, low, high, *trust.values()))
    names = [column.name for column in SKILL_TABLE]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({column.name: column.dtype for column in SKILL_TABLE})


def _bounds(gain: Floats, place: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Floats:
    """Draw places with all their deaths; NaN where there is but one."""
    count = np.bincount(place).astype(np.float64)
    total = np.bincount(place, gain)
    if len(count) <= 1:
        return np.full(2, np.nan)
    draw = np.random.default_rng(0)
    drawn = draw.multinomial(len(count), np.full(len(count), 1 / len(count)), DRAWS)
    means = (drawn @ total) / np.maximum(drawn @ count, 1)
    return np.asarray(np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))


def danger_by_cause(project: Project) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the danger to migrants by cause, and how well it is known.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    by_cause : pandas.DataFrame
        On ``cell``: ``side``, ``km``, ``area_km2``, ``danger_CAUSE``, events a year
        whose sum is the score, and ``danger_physics_share``, how much of the split is
        physics and not records.
    skill : pandas.DataFrame
        As :func:`cause_skill` gives.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    place = project.read("cells")[["side", "km", "area_km2"]]
    return place.join(project.read(BY_CAUSE)), project.read(SKILL)


def causes_at(project: Project, cell: int, target: str) -> Mapping[str, float]:
    """Read the causes of one cell's danger, the largest first.

    Parameters
    ----------
    project
        A project that has been run.
    cell
        The cell's number.
    target
        The score; only the danger to migrants is split.

    Returns
    -------
    dict of str to float
        Cause to events a year; empty for other scores, and in a project that was run
        before there was a split.
    """
    if target != DANGER or project.snapshot(BY_CAUSE) is None:
        return {}
    row = project.read(BY_CAUSE).loc[np.uint64(cell)].drop(PHYSICS_SHARE)
    known = row[row.notna() & (row > 0)].sort_values(ascending=False, kind="stable")
    return {
        name.removeprefix(column_of("")): float(value)
        for name, value in zip(map(str, known.index), known.tolist(), strict=True)
    }
