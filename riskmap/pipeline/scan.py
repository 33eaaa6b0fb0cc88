"""Scan of a project: the likeliest clusters that still go on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import OptionError, TooFewError
from riskmap.history.ground import Floats
from riskmap.hotspots.scan import (
    POISSON,
    Circles,
    Even,
    Ints,
    ScanOptions,
    lay_circles,
    scan,
)
from riskmap.pipeline.changes import (
    Asked,
    Subject,
    choose,
    day_text,
    finely_dated,
    finely_placed,
    keep,
)
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.project import Project
from riskmap.schema import Column

LEAST_RECORDS = 30

# a cluster that chance makes more often is told, but not marked on the map
LEVEL = 0.05

CLUSTER, NONE, NO_DATA = "cluster", "none", "no_data"

# an unseen place still has half an event more than was seen (Jeffreys)
JEFFREYS_EVENTS = 0.5

# share of the baseline that ground must have been watched for to be compared
WHOLE = 0.999

SCAN_TABLE: tuple[Column, ...] = (
    Column(
        name="state",
        dtype="str",
        values=(CLUSTER, NONE, NO_DATA),
        meaning="Whether the cell lies in a cluster.",
    ),
    Column(name="cluster", dtype="int64", lowest=0, meaning="Its rank; 0 for none."),
    Column(
        name="p",
        dtype="float64",
        lowest=0,
        highest=1,
        missing=True,
        meaning="p-value of its cluster.",
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class ScanReport:
    """The likeliest clusters still going on.

    Parameters
    ----------
    facts
        Subject, purpose and the days scanned.
    clusters
        The likeliest first: ``rank``, ``cell`` (at its centre), ``side``, ``km``,
        ``radius_km``, ``from_on``, ``days``, ``events``, ``expected``, ``ratio``,
        ``log_ratio``, ``p``, ``p_gumbel`` and ``recurrence_days``: as high a ratio
        comes by chance on one day in so many.
    cells
        On the cell index: which lie in a cluster; with ``side``, ``km``, ``purpose``.
    records, coarse, undated, elsewhere
        Records used; left out as placed too coarsely, as dated more coarsely than a
        day, and on ground not watched all the time.
    """

    facts: Mapping[str, Any]
    clusters: pd.DataFrame
    cells: pd.DataFrame
    records: int
    coarse: int
    undated: int
    elsewhere: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """What is scanned: events at places, cells with events being the places.

    Parameters
    ----------
    subject
        The records that can be scanned.
    place
        Position of the place of each, among ``cells``.
    cells
        Position of each place's cell in the cell table.
    circles
        About the places.
    undated, elsewhere
        Records left out: dated too coarsely, and on ground not always watched.
    """

    subject: Subject
    place: Ints
    cells: "np.ndarray[Any, np.dtype[np.intp]]"
    circles: Circles
    undated: int
    elsewhere: int


def emerging_clusters(
    project: Project,
    asked: Asked,
    options: ScanOptions | None = None,
    *,
    baseline_days: int = 365,
    progress: Progress | None = None,
) -> ScanReport:
    """Find the likeliest clusters that still go on at the last day.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Of what; the last day is the last watched, or the one asked for.
    options
        Size of a cluster, model, deals and seed.
    baseline_days
        Days of records to compare with, the longest stretch included.
    progress
        Told how far it has come.

    Returns
    -------
    ScanReport
        Stored as ``scan_SUBJECT`` and ``scan_clusters_SUBJECT``.

    Raises
    ------
    NoEventsError, TooFewError
        If nothing, or too little, is recorded, placed or dated finely enough.
    OptionError
        If the baseline is not longer than the longest stretch.
    """
    told, options = progress or tell_nobody, options or ScanOptions()
    whole = choose(project, asked)
    check_baseline(baseline_days, options, whole.to_day - whole.from_day)
    start = max(whole.from_day, whole.to_day - baseline_days)
    scene = lay_scene(since(whole, start), options)
    subject = scene.subject
    age = (subject.to_day - 1 - subject.events.day).astype(np.int64)
    found = scan(
        scene.place,
        age,
        scene.circles,
        options,
        even=even_rates(scene, age, options, subject.to_day - subject.from_day),
        progress=lambda done, total: told("scan", done, total),
    )
    rows = [_row(rank, one, scene) for rank, one in enumerate(found, start=1)]
    clusters = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    cells = _cells(scene, clusters)
    facts = asdict(options) | {"baseline_days": baseline_days}
    stored = keep(project, "scan", subject, cells, SCAN_TABLE, facts)
    keep(project, "scan_clusters", subject, clusters, (), facts)
    return ScanReport(
        facts=subject.facts(),
        clusters=clusters,
        cells=subject.cells[["side", "km"]].join(stored),
        records=len(subject.events),
        coarse=subject.coarse,
        undated=scene.undated,
        elsewhere=scene.elsewhere,
    )


def check_baseline(baseline_days: int, options: ScanOptions, watched: int) -> None:
    """Refuse a baseline that holds no days but those scanned.

    Parameters
    ----------
    baseline_days
        Days to compare with.
    options
        The longest stretch.
    watched
        Days that were watched.

    Raises
    ------
    OptionError
        If the baseline is shorter than twice the longest stretch.
    TooFewError
        If that many days were not watched.
    """
    if baseline_days < 2 * options.most_days:
        least = 2 * options.most_days
        msg = f"`baseline_days` must be {least} or more, got {baseline_days}."
        raise OptionError(msg, option="--baseline-days", value=baseline_days)
    if watched < 2 * options.most_days:
        msg = f"{watched} days were watched, {2 * options.most_days} are needed."
        raise TooFewError(msg, what="days", found=watched, needed=2 * options.most_days)


def since(subject: Subject, day: int) -> Subject:
    """Keep the records from a day on.

    Parameters
    ----------
    subject
        The records.
    day
        Day number.

    Returns
    -------
    Subject
        That begins on that day.
    """
    events = subject.events
    records = replace(subject.records, events=events.keep(events.day >= day))
    return replace(subject, records=records, from_day=day)


def lay_scene(whole: Subject, options: ScanOptions) -> Scene:
    """Keep what can be scanned, and lay circles about the cells that hold it.

    Parameters
    ----------
    whole
        The records.
    options
        Size of the circles.

    Returns
    -------
    Scene
        Records dated to the day, placed finely, on ground watched all the time.

    Raises
    ------
    TooFewError
        If too few remain.
    """
    dated, undated = finely_dated(whole, needed=LEAST_RECORDS)
    placed = finely_placed(dated, needed=LEAST_RECORDS)
    coverage = placed.records.coverage
    watched = coverage.share_between(placed.from_day, placed.to_day)
    ever = coverage.ever_before(placed.to_day)
    steady = (watched >= WHOLE * ever) & (ever > 0)
    events = placed.events
    kept = events.keep(steady[events.cell])
    if len(kept) < LEAST_RECORDS:
        found, needed = len(kept), LEAST_RECORDS
        msg = f"{found} records lie on ground watched all the time, not {needed}."
        raise TooFewError(msg, what="records", found=found, needed=needed)
    cells, place = np.unique(kept.cell, return_inverse=True)
    xy_km = placed.records.ground.xy_km[cells]
    return Scene(
        subject=replace(placed, records=replace(placed.records, events=kept)),
        place=np.asarray(place, dtype=np.int64).reshape(-1),
        cells=cells,
        circles=lay_circles(xy_km, most_km=options.most_km, radii=options.radii),
        undated=undated,
        elsewhere=len(events) - len(kept),
    )


def even_rates(
    scene: Scene, age: Ints, options: ScanOptions, n_days: int
) -> Even | None:
    """Expect of each place what it had before the stretch that is scanned.

    Parameters
    ----------
    scene
        Places and records.
    age
        Days of each record before the last.
    options
        The model; ``permutation`` expects nothing beforehand.
    n_days
        Days in all.

    Returns
    -------
    Even or None
        For ``poisson`` only.
    """
    if options.model != POISSON:
        return None
    before = age >= options.most_days
    seen = np.bincount(scene.place[before], minlength=len(scene.cells))
    rates: Floats = seen.astype(np.float64) + JEFFREYS_EVENTS
    return Even(rates=rates / rates.sum(), n_days=n_days)


_COLUMNS = {
    "rank": "int64",
    "cell": "uint64",
    "side": "str",
    "km": "float64",
    "radius_km": "float64",
    "from_on": "str",
    "days": "int64",
    "events": "int64",
    "expected": "float64",
    "ratio": "float64",
    "log_ratio": "float64",
    "p": "float64",
    "p_gumbel": "float64",
    "recurrence_days": "float64",
}


def _row(rank: int, one: Any, scene: Scene) -> dict[str, Any]:
    """Say where and since when a cluster is."""
    subject, circles = scene.subject, scene.circles
    at = int(scene.cells[circles.centre[one.circle]])
    place = subject.cells.iloc[at]
    return {
        "rank": rank,
        "cell": subject.cells.index[at],
        "side": place["side"],
        "km": place["km"],
        "radius_km": circles.radius_km[one.circle],
        "from_on": day_text(subject.to_day - one.days),
        "days": one.days,
        "events": one.events,
        "expected": one.expected,
        "ratio": one.events / one.expected,
        "log_ratio": one.log_ratio,
        "p": one.p,
        "p_gumbel": one.p_gumbel,
        "recurrence_days": 1 / one.p,
    }


def _cells(scene: Scene, clusters: pd.DataFrame) -> pd.DataFrame:
    """Mark the cells that lie in a cluster that chance hardly makes."""
    subject = scene.subject
    xy_km = subject.records.ground.xy_km
    rank = np.zeros(len(xy_km), dtype=np.int64)
    p = np.full(len(xy_km), np.nan)
    places = subject.cells.index.get_indexer(clusters["cell"])
    rows = clusters.assign(at=places)[["rank", "at", "radius_km", "p"]]
    rows = rows[rows["p"] <= LEVEL]
    for row in rows.itertuples(index=False):
        apart = np.sqrt(((xy_km - xy_km[row.at]) ** 2).sum(axis=1))
        inside = (apart <= row.radius_km) & (rank == 0) & subject.known
        rank[inside], p[inside] = row.rank, row.p
    state = np.where(rank > 0, CLUSTER, np.where(subject.known, NONE, NO_DATA))
    return pd.DataFrame(
        {"state": pd.array(state, dtype="str"), "cluster": rank, "p": p},
        index=subject.cells.index,
    )
