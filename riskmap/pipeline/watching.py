"""Watching a project: the alarms that a scan of every day would have raised."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from riskmap.hotspots.scan import ScanOptions
from riskmap.hotspots.watch import Watched, WatchOptions, watch
from riskmap.pipeline.changes import Asked, choose, day_text, keep
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.scan import (
    Scene,
    check_baseline,
    even_rates,
    lay_scene,
    since,
)
from riskmap.project import Project


@dataclass(frozen=True, kw_only=True, eq=False)
class WatchReport:
    """What a daily watch would have said.

    Parameters
    ----------
    facts
        Subject, purpose and the days watched.
    days
        Every day: ``on``, ``log_ratio``, ``threshold``, ``alarm``, ``cell``,
        ``radius_km``, ``days``, ``events``, ``expected``.
    begun
        The alarms that began on these days, with ``side`` and ``km`` too: those that
        share no place with one that was beyond the threshold shortly before.
    going_on
        Alarms that go on after the last day, those that began on it too.
    alarm_every_days
        Where nothing happens, days between alarms on average.
    alarms
        Days with an alarm.
    """

    facts: Mapping[str, Any]
    days: pd.DataFrame
    begun: pd.DataFrame
    going_on: int
    alarm_every_days: float
    alarms: int


def daily_watch(
    project: Project,
    asked: Asked,
    options: ScanOptions | None = None,
    watching: WatchOptions | None = None,
    *,
    new_only: bool = False,
    progress: Progress | None = None,
) -> WatchReport:
    """Tell which alarms a daily scan would have raised, as at the time.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Of what, and on which days; records of the baseline before them are used too.
    options
        Size of a cluster, model, deals and seed.
    watching
        How often an alarm may be false.
    new_only
        True to look at the last day only, where no first day is asked for, and to watch
        the days before it too, so that what goes on already is not told as new.
    progress
        Told how far it has come.

    Returns
    -------
    WatchReport
        Stored as ``watch_SUBJECT`` and ``alarms_SUBJECT``.

    Raises
    ------
    NoEventsError, TooFewError
        If nothing, or too little, is recorded, placed or dated finely enough, or the
        days before are fewer than the baseline.
    """
    told, options = progress or tell_nobody, options or ScanOptions()
    watching = watching or WatchOptions()
    whole = choose(project, replace(asked, from_on=None))
    earliest = whole.from_day + watching.baseline_days - 1
    first = whole.to_day - 1 if new_only else earliest
    if asked.from_on is not None:
        first = choose(project, asked).from_day
    first = max(first, earliest)
    # what goes on must have begun within its longest stretch and the quiet after it
    back = options.most_days + watching.quiet_days if new_only else 0
    start = max(first - back, earliest)
    check_baseline(watching.baseline_days, options, whole.to_day - whole.from_day)
    scene = lay_scene(since(whole, start - watching.baseline_days + 1), options)
    subject = scene.subject
    age = (subject.to_day - 1 - subject.events.day).astype(np.int64)
    found = watch(
        Watched(
            place=scene.place,
            day=subject.events.day,
            circles=scene.circles,
            even=even_rates(scene, age, options, subject.to_day - subject.from_day),
        ),
        range(start, subject.to_day),
        options,
        watching,
        progress=lambda done, total: told("watch", done, total),
    )
    facts = asdict(options) | asdict(watching)
    days = _placed(found.days[found.days["day"] >= first], scene)
    stored = keep(project, "watch", subject, days, (), facts)
    begun = _placed(found.begun[found.begun["day"] >= first], scene)
    place = subject.cells[["side", "km"]].loc[begun["cell"]].reset_index(drop=True)
    alarms = keep(project, "alarms", subject, begun.join(place), (), facts)
    return WatchReport(
        facts=subject.facts() | {"from_on": day_text(first)},
        days=_dated(stored),
        begun=_dated(alarms),
        going_on=found.going_on,
        alarm_every_days=watching.alarm_every_days,
        alarms=int(days["alarm"].sum()),
    )


def _placed(rows: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Name the cell at the middle of each circle, and how far the circle reaches."""
    circle = rows["circle"].to_numpy()
    at = scene.cells[scene.circles.centre[circle]]
    found = rows.drop(columns="circle").assign(
        cell=scene.subject.cells.index.to_numpy()[at],
        radius_km=scene.circles.radius_km[circle],
    )
    return found.reset_index(drop=True)


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    """Write each day as ISO 8601 too."""
    on = pd.array([day_text(day) for day in table["day"].tolist()], dtype="str")
    return table.assign(on=on)
