"""Watch: the scan taken every day, with an alarm that is rare where nothing happens.

On each day the events of the year before are scanned. An alarm is raised where the
highest log ratio goes beyond what chance reaches on one day in so many: with one day in
30.4 there is one false alarm a month, or fewer, for each region that is watched. What
chance reaches is asked anew every so many days, from the events then known, so that the
threshold follows seasons and growth.

A cluster goes on for days, and its alarm with it. An alarm *begins* where no circle
that shares a place with it has been beyond the threshold for some time; a second
cluster begins its own, even while a stronger one goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import OptionError
from riskmap.history.ground import Floats
from riskmap.hotspots.scan import Circles, Even, Ints, Scanner, ScanOptions
from riskmap.schema import Column

DAYS_PER_MONTH = 365.25 / 12

WATCH_TABLE: tuple[Column, ...] = (
    Column(name="day", dtype="int64", meaning="Day number."),
    Column(name="log_ratio", dtype="float64", lowest=0, meaning="The highest."),
    Column(name="threshold", dtype="float64", lowest=0, meaning="What chance reaches."),
    Column(name="alarm", dtype="bool", meaning="Beyond it."),
    Column(name="circle", dtype="int64", lowest=0, meaning="The likeliest."),
    Column(name="days", dtype="int64", lowest=1, meaning="Its length."),
    Column(name="events", dtype="int64", lowest=0, meaning="Events in it."),
    Column(name="expected", dtype="float64", lowest=0, meaning="Expected in it."),
)

BEGUN_TABLE = tuple(column for column in WATCH_TABLE if column.name != "alarm")


@dataclass(frozen=True, kw_only=True)
class WatchOptions:
    """How often an alarm may be false.

    Parameters
    ----------
    baseline_days
        Days of events that each scan looks at, the longest stretch included.
    alarm_every_days
        Where nothing happens, days between alarms on average.
    renew_days
        Days after which chance is asked anew.
    quiet_days
        Days after which an alarm at the same place is a new one; as long as the longest
        stretch that is scanned.
    """

    baseline_days: int = 365
    alarm_every_days: float = DAYS_PER_MONTH
    renew_days: int = 28
    quiet_days: int = 30

    def __post_init__(self) -> None:
        for name in ("baseline_days", "alarm_every_days", "renew_days", "quiet_days"):
            if getattr(self, name) < 1:
                got = getattr(self, name)
                msg = f"`{name}` must be 1 or more, got {got}."
                raise OptionError(msg, option=name, value=got)


@dataclass(frozen=True, kw_only=True, eq=False)
class Watched:
    """What is watched: events by place and day.

    Parameters
    ----------
    place
        Position of the place of each event, of shape (n_events,).
    day
        Its day number, ascending.
    circles
        Of places.
    even
        For ``poisson``: what is to be expected.
    """

    place: Ints
    day: Ints
    circles: Circles
    even: Even | None = None

    def until(self, day: int, baseline_days: int) -> tuple[Ints, Ints]:
        """Take the places and ages of the events of the days up to one."""
        first = np.searchsorted(self.day, day - baseline_days + 1, side="left")
        last = np.searchsorted(self.day, day, side="right")
        return self.place[first:last], day - self.day[first:last]


@dataclass(frozen=True, kw_only=True, eq=False)
class Alarms:
    """What a daily watch found.

    Parameters
    ----------
    days
        One row a day, as :data:`WATCH_TABLE`.
    begun
        One row for each alarm that began, as :data:`BEGUN_TABLE`, in order of day.
    going_on
        How many alarms go on at the end of the last day, those that began on it too.
    """

    days: pd.DataFrame
    begun: pd.DataFrame
    going_on: int


class _Running:
    """The alarms that go on: their places, and when they were last beyond."""

    def __init__(self, circles: Circles, quiet_days: int) -> None:
        self.members, self.quiet_days = circles.members, quiet_days
        self.alarms: list[tuple[int, int]] = []

    def begin(self, best: Floats, limit: float, day: int) -> list[int]:
        """Take one day's highest ratio of each circle; tell which alarms begin."""
        beyond = np.flatnonzero(best > limit)
        kept = []
        for circle, last in self.alarms:
            near = self._share(beyond, circle)
            seen = day if near.any() else last
            if day - seen <= self.quiet_days:
                kept.append((circle, seen))
        self.alarms, begun = kept, []
        for circle, _ in kept:
            beyond = beyond[~self._share(beyond, circle)]
        while len(beyond):
            first = int(beyond[best[beyond].argmax()])
            begun.append(first)
            self.alarms.append((first, day))
            beyond = beyond[~self._share(beyond, first)]
        return begun

    def _share(
        self, circles: Ints, other: int
    ) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Tell which circles share a place with another."""
        own = self.members[[other]].indices
        return np.asarray(self.members[circles][:, own].sum(axis=1)).reshape(-1) > 0


def watch(
    watched: Watched,
    days: range,
    scan: ScanOptions,
    options: WatchOptions,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Alarms:
    """Scan every day as at the time: nothing later is known.

    Parameters
    ----------
    watched
        The events.
    days
        Day numbers to scan.
    scan
        Clusters, model, deals and seed.
    options
        How often an alarm may be false.
    progress
        Told days done and all.

    Returns
    -------
    Alarms
        Every day, and the alarms that began. Nothing is known to go on before the
        first day.

    References
    ----------
    Kleinman K, Abrams A, Kulldorff M, Platt R (2005) A model-adjusted space-time scan
    statistic with an application to syndromic surveillance. Epidemiol Infect
    133:409-419, doi:10.1017/S0950268804003528 (recurrence interval).
    """
    scanner = Scanner(circles=watched.circles, options=scan, even=watched.even)
    running = _Running(watched.circles, options.quiet_days)
    rows, begun, limit = [], [], 0.0
    for done, day in enumerate(days):
        known = watched.until(day, options.baseline_days)
        if done % options.renew_days == 0:
            rng = np.random.default_rng([scan.random_state, day])
            limit = threshold(scanner, *known, options.alarm_every_days, rng)
        measured = scanner.measure(*known)
        best = measured[0].max(axis=1)
        row = _row(measured, int(best.argmax()), day, limit)
        rows.append({**row, "alarm": row["log_ratio"] > limit})
        begun += [
            _row(measured, circle, day, limit)
            for circle in running.begin(best, limit, day)
        ]
        if progress:
            progress(done + 1, len(days))
    return Alarms(
        days=_typed(rows, WATCH_TABLE),
        begun=_typed(begun, BEGUN_TABLE),
        going_on=len(running.alarms),
    )


def _row(
    measured: tuple[Floats, Floats, Floats], circle: int, day: int, limit: float
) -> dict[str, Any]:
    """Tell of a circle's highest ratio on a day."""
    ratios, counts, expected = measured
    column = int(ratios[circle].argmax())
    return {
        "day": day,
        "log_ratio": float(ratios[circle, column]),
        "threshold": limit,
        "circle": circle,
        "days": column + 1,
        "events": round(float(counts[circle, column])),
        "expected": float(expected[circle, column]),
    }


def _typed(rows: list[dict[str, Any]], columns: tuple[Column, ...]) -> pd.DataFrame:
    """Make a table of the dtypes that its contract says."""
    types = {column.name: column.dtype for column in columns}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def threshold(
    scanner: Scanner,
    place: Ints,
    age: Ints,
    alarm_every_days: float,
    rng: np.random.Generator,
) -> float:
    """Find the log ratio that chance goes beyond on one day in so many.

    Parameters
    ----------
    scanner
        Circles and model.
    place, age
        The events known.
    alarm_every_days
        How many.
    rng
        Where chance comes from.

    Returns
    -------
    float
        A quantile of the deals, the next one up.
    """
    deals = scanner.options.deals
    highest: Floats = np.empty(deals)
    for deal in range(deals):
        highest[deal] = scanner.measure(*scanner.deal(place, age, rng))[0].max()
    level = 1 - 1 / alarm_every_days
    return float(np.quantile(highest, level, method="higher"))
