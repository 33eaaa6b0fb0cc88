"""Near repeats of a project: for how far and how long one incident foretells others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import TooFewError
from riskmap.history.ground import DISC_SPREAD
from riskmap.hotspots.nearrepeat import (
    BAND_TABLE,
    LEAST_EVENTS,
    LEVEL,
    NearRepeatOptions,
    NearRepeats,
    knox,
    local_knox,
)
from riskmap.hotspots.plot import draw_bands
from riskmap.pipeline.changes import (
    TARGETS,
    Asked,
    Subject,
    choose,
    finely_dated,
    keep,
)
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project
from riskmap.schema import Column
from riskmap.scoring import PRESETS

__all__ = ["NearRepeatReport", "draw_bands", "near_repeats", "repeat_kinds"]

REPEAT, NONE, NO_DATA = "repeat", "none", "no_data"

REPEAT_TABLE: tuple[Column, ...] = (
    Column(name="near_pairs", dtype="int64", lowest=0, meaning="Near pairs it is in."),
    Column(name="repeats", dtype="int64", lowest=0, meaning="Events with near ones."),
    Column(
        name="state",
        dtype="str",
        values=(REPEAT, NONE, NO_DATA),
        meaning="Whether an event in it has more near ones than chance would give.",
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class NearRepeatReport:
    """For how far and how long one incident foretells others of its kind.

    Parameters
    ----------
    facts
        Kind, purpose and days.
    bands
        Pairs by band, with what chance would give.
    reach_km, reach_days
        How far and how long the risk is raised; 0 where it is not.
    cells
        On the cell index: where events repeat; with ``side``, ``km``, ``purpose``.
    records, coarse, undated
        Records used; left out as placed more coarsely than the first band, and as
        dated more coarsely than a day.
    """

    facts: Mapping[str, Any]
    bands: pd.DataFrame
    reach_km: float
    reach_days: int
    cells: pd.DataFrame
    records: int
    coarse: int
    undated: int


def repeat_kinds(asked: Asked) -> tuple[str, ...]:
    """List the kinds that a question is asked of, each on its own.

    Parameters
    ----------
    asked
        A kind, a target, or neither.

    Returns
    -------
    tuple of str
        Codes.

    Examples
    --------
    >>> repeat_kinds(Asked(kind="rescue"))
    ('rescue',)
    """
    if asked.kind is not None:
        return (asked.kind,)
    target = asked.target or PRESETS[0].name
    return TARGETS[target].kinds if target in TARGETS else ()


def near_repeats(
    project: Project,
    asked: Asked,
    options: NearRepeatOptions | None = None,
    *,
    progress: Progress | None = None,
) -> NearRepeatReport:
    """Find for how far and how long one incident of a kind foretells others.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        One kind, and between which days.
    options
        Bands, deals and seed.
    progress
        Told how far it has come.

    Returns
    -------
    NearRepeatReport
        Stored as ``nearrepeat_KIND`` (cells) and ``nearrepeat_bands_KIND``.

    Raises
    ------
    NoEventsError, TooFewError
        If nothing, or too little, is recorded, placed or dated finely enough.
    """
    told, options = progress or tell_nobody, options or NearRepeatOptions()
    whole = choose(project, asked)
    dated, undated = finely_dated(whole, needed=LEAST_EVENTS)
    subject = _placed_within(dated, options.distances_km[0])
    events = subject.events
    found = knox(
        events.site_xy_km[events.site],
        events.day,
        watched_alike(subject)[events.cell],
        options,
        progress=lambda done, total: told("nearrepeat", done, total),
    )
    cells = repeat_cells(subject, found, options)
    asked_for = {name: plain(value) for name, value in asdict(options).items()}
    stored = keep(project, "nearrepeat", subject, cells, REPEAT_TABLE, asked_for)
    keep(project, "nearrepeat_bands", subject, found.bands, BAND_TABLE, asked_for)
    return NearRepeatReport(
        facts=subject.facts(),
        bands=found.bands,
        reach_km=found.reach_km,
        reach_days=found.reach_days,
        cells=subject.cells[["side", "km"]].join(stored),
        records=len(events),
        coarse=subject.coarse,
        undated=undated,
    )


def _placed_within(subject: Subject, reach_km: float) -> Subject:
    """Keep records placed at least as finely as the first band is wide."""
    events = subject.events
    fine = events.site_spread_km[events.site] <= reach_km * DISC_SPREAD
    found = int(fine.sum())
    if found < LEAST_EVENTS:
        msg = f"{found} records are placed finely enough, {LEAST_EVENTS} are needed."
        raise TooFewError(msg, what="placed", found=found, needed=LEAST_EVENTS)
    kept = events.keep(fine)
    if len(np.unique(kept.cell)) == 1:
        msg = "All records lie in one cell."
        raise TooFewError(msg, what="cells", found=1, needed=2)
    records = replace(subject.records, events=kept)
    return replace(subject, records=records, coarse=len(events) - found)


def watched_alike(subject: Subject) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Give cells that were watched on the same days the same number.

    Parameters
    ----------
    subject
        Whose sources.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        int64; days may be dealt anew only among events of one number.
    """
    known: dict[tuple[Any, ...], int] = {}
    sides = []
    for watch in subject.records.coverage.watches:
        own = [known.setdefault(spans, len(known) + 1) for spans in watch.spans]
        mine = np.array(own, dtype=np.int64)[watch.group]
        sides.append(np.where(watch.share > 0, mine, 0))
    _, numbers = np.unique(np.column_stack(sides), axis=0, return_inverse=True)
    return np.asarray(numbers, dtype=np.int64).reshape(-1)


def plain(value: Any) -> Any:
    """Turn an option into what the ledger can hold: a tuple into a list.

    Parameters
    ----------
    value
        Any option.

    Returns
    -------
    object
        A plain value.

    Examples
    --------
    >>> plain((1, 2))
    [1, 2]
    """
    return list(value) if isinstance(value, tuple) else value


def repeat_cells(
    subject: Subject, found: NearRepeats, options: NearRepeatOptions
) -> pd.DataFrame:
    """Say of each cell whether events in it have more near ones than by chance.

    Parameters
    ----------
    subject
        The records.
    found
        What Knox finds; where nothing is raised the first bands are what is near.
    options
        Bands.

    Returns
    -------
    pandas.DataFrame
        On the cell index, as :data:`REPEAT_TABLE`.
    """
    events = subject.events
    local = local_knox(
        events.site_xy_km[events.site],
        events.day,
        within_km=found.reach_km or options.distances_km[0],
        within_days=found.reach_days or options.days[0],
    )
    n = len(subject.cells)
    flagged = (local["q"] <= LEVEL) & (local["near_both"] > 0)
    repeats = np.bincount(events.cell[flagged.to_numpy()], minlength=n)
    near = np.bincount(events.cell, weights=local["near_both"], minlength=n)
    state = np.where(repeats > 0, REPEAT, np.where(subject.known, NONE, NO_DATA))
    return pd.DataFrame(
        {
            "near_pairs": near.astype(np.int64),
            "repeats": repeats.astype(np.int64),
            "state": pd.array(state, dtype="str"),
        },
        index=subject.cells.index,
    )
