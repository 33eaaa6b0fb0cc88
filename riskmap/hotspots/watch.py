"""Watch: the scan taken every day, with an alarm that is rare where nothing happens.

On each day the events of the year before are scanned. An alarm is raised where the
highest log ratio goes beyond what chance reaches on one day in so many: with one day in
30.4 there is one false alarm a month, or fewer, for each region that is watched. What
chance reaches is asked anew every so many days, from the events then known, so that the
threshold follows seasons and growth.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
    """

    baseline_days: int = 365
    alarm_every_days: float = DAYS_PER_MONTH
    renew_days: int = 28

    def __post_init__(self) -> None:
        for name in ("baseline_days", "alarm_every_days", "renew_days"):
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


def watch(
    watched: Watched,
    days: range,
    scan: ScanOptions,
    options: WatchOptions,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
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
    pandas.DataFrame
        One row a day, as :data:`WATCH_TABLE`.

    References
    ----------
    Kleinman K, Abrams A, Kulldorff M, Platt R (2005) A model-adjusted space-time scan
    statistic with an application to syndromic surveillance. Epidemiol Infect
    133:409-419, doi:10.1017/S0950268804003528 (recurrence interval).
    """
    scanner = Scanner(circles=watched.circles, options=scan, even=watched.even)
    rows, limit = [], 0.0
    for done, day in enumerate(days):
        known = watched.until(day, options.baseline_days)
        if done % options.renew_days == 0:
            rng = np.random.default_rng([scan.random_state, day])
            limit = threshold(scanner, *known, options.alarm_every_days, rng)
        ratios, counts, expected = scanner.measure(*known)
        circle, column = divmod(int(ratios.argmax()), ratios.shape[1])
        rows.append(
            {
                "day": day,
                "log_ratio": float(ratios[circle, column]),
                "threshold": limit,
                "alarm": bool(ratios[circle, column] > limit),
                "circle": circle,
                "days": column + 1,
                "events": round(float(counts[circle, column])),
                "expected": float(expected[circle, column]),
            }
        )
        if progress:
            progress(done + 1, len(days))
    types = {column.name: column.dtype for column in WATCH_TABLE}
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
