"""Trends of a project: what became of each cell's heat, and when records fall."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import TooFewError, UnknownNameError
from riskmap.history.ground import EPOCH
from riskmap.hotspots.classes import HOT
from riskmap.hotspots.local import HotspotOptions, find_hotspots
from riskmap.hotspots.profiles import (
    DAYS,
    HOURS,
    LEAST_EVENTS,
    MONTHS,
    calendar_slots,
    even_shares,
    slot_table,
)
from riskmap.hotspots.trends import TREND_TABLE, check_periods, classify_trends
from riskmap.neighbours import neighbour_matrix
from riskmap.pipeline.changes import (
    Asked,
    Subject,
    choose,
    day_text,
    finely_placed,
    keep,
)
from riskmap.pipeline.hotspots import LEAST_RECORDS, counted
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project

PERIODS: Mapping[str, str] = {"month": "MS", "quarter": "QS", "year": "YS"}
DEFAULT_PERIOD = "year"


@dataclass(frozen=True, kw_only=True, eq=False)
class TrendReport:
    """What became of each cell's heat.

    Parameters
    ----------
    facts
        Subject, purpose and days.
    cells
        On the cell index: class, numbers of periods, trend of Gi*; with ``side``,
        ``km`` and ``purpose``.
    periods
        First day of each period, ISO 8601, and at the end the day after the last.
    records, coarse, undated
        Records used; left out as placed too coarsely, and as dated more coarsely than
        a period.
    counts
        Class to number of cells.
    profiles
        Shares by hour, weekday and month where the dates tell them.
    """

    facts: Mapping[str, Any]
    cells: pd.DataFrame
    periods: tuple[str, ...]
    records: int
    coarse: int
    undated: int
    counts: Mapping[str, int]
    profiles: pd.DataFrame


def cell_trends(
    project: Project,
    asked: Asked,
    options: HotspotOptions | None = None,
    *,
    period: str = DEFAULT_PERIOD,
    progress: Progress | None = None,
) -> TrendReport:
    """Classify what became of each cell's heat and store it.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Of what, and between which days; only whole periods are used.
    options
        Of the hot spots in each period.
    period
        ``month``, ``quarter`` or ``year``.
    progress
        Told how far it has come.

    Returns
    -------
    TrendReport
        Stored as ``trends_SUBJECT``.

    Raises
    ------
    NoEventsError, TooFewError
        If nothing, or too little, is recorded, or there are under eight periods.
    UnknownNameError
        If there is no such period.
    """
    told, options = progress or tell_nobody, options or HotspotOptions()
    whole = choose(project, asked)
    edges = period_edges(whole.from_day, whole.to_day, period)
    check_periods(len(edges) - 1)
    subject = finely_placed(whole, needed=LEAST_RECORDS)
    subject, undated = within_periods(subject, edges)
    index = subject.cells.index
    links = neighbour_matrix(index, options.rings)
    heat = np.full((len(index), len(edges) - 1), np.nan)
    hot = np.zeros(heat.shape, dtype=bool)
    for place in range(len(edges) - 1):
        told("trends", place, len(edges) - 1)
        first, end = edges[place], edges[place + 1]
        exposure = subject.exposure(first, end)
        found = find_hotspots(counted(subject, first, end), exposure, links, options)
        heat[:, place] = found["gi_star"]
        hot[:, place] = found["state"] == HOT
    table = classify_trends(heat, hot).set_axis(index, axis="index")
    asked_for = {"period": period, **asdict(options)}
    stored = keep(project, "trends", subject, table, TREND_TABLE, asked_for)
    return TrendReport(
        facts=subject.facts(),
        cells=subject.cells[["side", "km"]].join(stored),
        periods=tuple(map(day_text, edges)),
        records=len(subject.events),
        coarse=subject.coarse,
        undated=undated,
        counts={str(k): int(n) for k, n in table["trend"].value_counts().items()},
        profiles=time_profiles(project, whole),
    )


def period_edges(from_day: int, to_day: int, period: str) -> tuple[int, ...]:
    """Cut a stretch of days into whole periods of the calendar.

    Parameters
    ----------
    from_day, to_day
        First day, and the day after the last.
    period
        ``month``, ``quarter`` or ``year``.

    Returns
    -------
    tuple of int
        First day of each whole period, then the day after the last one.

    Raises
    ------
    UnknownNameError
        If there is no such period.

    Examples
    --------
    >>> period_edges(5, 800, "year")
    (365, 730)
    """
    if period not in PERIODS:
        known = tuple(PERIODS)
        msg = f"`period` must be one of {known}, got {period!r}."
        raise UnknownNameError(msg, kind="period", value=period, known=known)
    first, last = (EPOCH + pd.Timedelta(days=day) for day in (from_day, to_day))
    starts = pd.date_range(first, last, freq=PERIODS[period])
    return tuple(int((start - EPOCH).days) for start in starts)


def within_periods(subject: Subject, edges: tuple[int, ...]) -> tuple[Subject, int]:
    """Keep the records that surely fell into one period.

    Parameters
    ----------
    subject
        The records.
    edges
        First day of each period, then the day after the last.

    Returns
    -------
    Subject
        Without records dated more coarsely than a period, or outside all of them.
    int
        How many of those within the periods were dated too coarsely.

    Raises
    ------
    TooFewError
        If too few remain.
    """
    events = subject.events
    first = np.searchsorted(edges, events.day, side="right")
    last = np.searchsorted(edges, events.known_day - 1, side="right")
    inside = (first > 0) & (first < len(edges))
    sure = inside & (first == last)
    if sure.sum() < LEAST_RECORDS:
        found, needed = int(sure.sum()), LEAST_RECORDS
        msg = f"{found} records are dated finely enough, {needed} are needed."
        raise TooFewError(msg, what="dated", found=found, needed=needed)
    kept = replace(subject.records, events=events.keep(sure))
    cut = replace(subject, records=kept, from_day=edges[0], to_day=edges[-1])
    return cut, int((inside & ~sure).sum())


def time_profiles(project: Project, subject: Subject) -> pd.DataFrame:
    """Profile records by hour, weekday and month where their dates tell them.

    Parameters
    ----------
    project
        The project, for the hours.
    subject
        The records.

    Returns
    -------
    pandas.DataFrame
        Of what can be told; empty if nothing can.
    """
    found = []
    events = subject.events
    span = np.arange(subject.from_day, subject.to_day)
    weights = watched_by_day(subject, span)
    lengths = events.known_day - events.day
    months = calendar_slots(events.day, MONTHS)
    same_month = months == calendar_slots(events.known_day - 1, MONTHS)
    for name, told in ((DAYS, lengths == 1), (MONTHS, same_month)):
        if told.sum() >= LEAST_EVENTS:
            slots = calendar_slots(events.day[told], name)
            even = even_shares(span, weights, name)
            found.append(slot_table(name, slots, even))
    hours = _hours(project, subject)
    if len(hours) >= LEAST_EVENTS:
        found.insert(0, slot_table(HOURS, hours, np.full(24, 1 / 24)))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def watched_by_day(
    subject: Subject, span: "np.ndarray[Any, np.dtype[np.int64]]"
) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Measure how many km² were watched on each day.

    Parameters
    ----------
    subject
        Whose sources.
    span
        Day numbers, ascending.

    Returns
    -------
    numpy.ndarray of shape (n_days,)
        Square kilometres.
    """
    area = subject.cells["area_km2"].to_numpy(dtype=np.float64)
    found = np.zeros(len(span))
    for watch in subject.records.coverage.watches:
        by_group = np.bincount(
            watch.group, weights=watch.share * area, minlength=len(watch.spans)
        )
        for size, spans in zip(by_group.tolist(), watch.spans, strict=True):
            for first, end in spans:
                found[(span >= first) & (span < end)] += size
    return found


def _hours(project: Project, subject: Subject) -> "np.ndarray[Any, np.dtype[Any]]":
    """Read the local hours of a subject's records, where they were written down."""
    incidents = project.read("incidents")
    day = (incidents["occurred_on"] - EPOCH).dt.days
    mine = incidents["kind"].isin(subject.kinds)
    mine &= (day >= subject.from_day) & (day < subject.to_day)
    clock = incidents.loc[mine, "local_time"] if "local_time" in incidents else []
    texts = pd.Series(clock, dtype="str")
    hours = texts[texts.str.match(r"\d\d:\d\d", na=False)].str[:2]
    return np.asarray(hours, dtype=np.int64)
