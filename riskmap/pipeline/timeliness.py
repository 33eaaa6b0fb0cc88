"""Timeliness: how long records take to become known, feed by feed."""

import datetime
from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmap.errors import OptionError
from riskmap.ingest import load_profile, profile_names
from riskmap.ingest.record_columns import DAY_DTYPE
from riskmap.pipeline.audit import now
from riskmap.pipeline.versions import current_records
from riskmap.project import Batches, Project

DAY = pd.Timedelta(days=1)

HIGH_QUANTILE = 0.9

TIMELINESS_COLUMNS = (
    "source",
    "records",
    "basis",
    "median_days",
    "p90_days",
    "limit_days",
    "late",
    "newest_on",
    "last_known_on",
    "silent_days",
    "stale",
)


@dataclass(frozen=True, kw_only=True)
class TimelinessOptions:
    """When a feed is late, and when it is stale.

    Parameters
    ----------
    limit_days
        A median delay above this is late; for feeds whose profile says nothing of
        what was agreed. None: then no feed is late.
    stale_days
        A feed of which nothing new has come for longer is stale: three months, a
        quarter's report and the month it takes to write it.
    """

    limit_days: float | None = None
    stale_days: float = 120.0

    def __post_init__(self) -> None:
        """Refuse what is no span of days."""
        for option in ("limit_days", "stale_days"):
            value = getattr(self, option)
            if value is not None and not value > 0:
                msg = f"`{option}` must be more than 0, got {value}."
                raise OptionError(msg, option=option, value=value)


def agreed_limits() -> dict[str, float]:
    """List the delays that publishers have agreed to, by source.

    Returns
    -------
    dict of str to float
        Days, from the profiles; sources without are left out.
    """
    profiles = map(load_profile, profile_names())
    return {p.source: p.delay_limit_days for p in profiles if p.delay_limit_days}


def known_days(batches: Batches) -> pd.Series:
    """Tell since when each record has been known.

    Parameters
    ----------
    batches
        Deliveries of incidents.

    Returns
    -------
    pandas.Series of datetime64[us, UTC]
        The day of its first delivery, on ``event_id``.
    """
    parts = [pd.Series([], index=pd.Index([], dtype="str"), dtype=DAY_DTYPE)]
    for batch, rows in batches.accepted_parts("event_id"):
        day = pd.Timestamp(batch.known_at).tz_convert("UTC").normalize()
        ids = rows["event_id"].to_pandas()
        parts.append(pd.Series(day, index=ids, dtype=DAY_DTYPE))
    found = pd.concat(parts)
    return found[~found.index.duplicated()]


def measure_timeliness(
    records: Any,
    known_on: pd.Series,
    options: TimelinessOptions,
    *,
    today: datetime.date,
) -> pd.DataFrame:
    """Measure the delays of each feed.

    The delay of a record is from the day it happened to the day its publisher
    reported it, or, where the file does not say, to the day it became known here. A
    file of past years has the delay of its delivery, which is no fault of the
    publisher's: ``basis`` tells which of the two was measured. Records known to no
    day (a week, a month, a year) are left out.

    Parameters
    ----------
    records
        Event table.
    known_on
        Since when each is known, on ``event_id``.
    options
        What is late and what is stale.
    today
        The day on which it is judged.

    Returns
    -------
    pandas.DataFrame
        :data:`TIMELINESS_COLUMNS` by ``source``: number of records measured;
        ``basis`` (``"reported"`` or ``"known"``); median and 90th percentile of the
        delay, days; the limit agreed (NaN for none) and whether the median is above
        it; the newest record's day, the last delivery's, days since then, and
        whether that is too long.
    """
    day = records["time_precision"] == "day"
    reported = records["reported_on"]
    told = reported.notna().groupby(records["source"]).transform("any")
    until = reported.where(told, known_on.reindex(records.index))
    delay = ((until - records["occurred_on"]) / DAY).where(day)
    limits = agreed_limits()
    judged_on = pd.Timestamp(today, tz="UTC")
    rows = []
    for source, group in records.groupby("source", sort=True):
        here = delay[group.index].dropna()
        limit = limits.get(str(source), options.limit_days)
        last = known_on.reindex(group.index).max()
        silent = (judged_on - last) / DAY
        median = float(here.median())
        rows.append(
            {
                "source": str(source),
                "records": len(here),
                "basis": "reported" if told[group.index].any() else "known",
                "median_days": median,
                "p90_days": float(here.quantile(HIGH_QUANTILE)),
                "limit_days": float("nan") if limit is None else float(limit),
                "late": limit is not None and median > limit,
                "newest_on": group["occurred_on"].max(),
                "last_known_on": last,
                "silent_days": float(silent),
                "stale": bool(silent > options.stale_days),
            }
        )
    return pd.DataFrame(rows, columns=list(TIMELINESS_COLUMNS))


def read_timeliness(
    project: Project,
    *,
    limit_days: float | None = None,
    stale_days: float | None = None,
    on: datetime.date | None = None,
) -> pd.DataFrame:
    """Measure how late the feeds of a project are.

    Parameters
    ----------
    project
        The project.
    limit_days, stale_days
        As in :class:`TimelinessOptions`.
    on
        The day on which it is judged; today if not given.

    Returns
    -------
    pandas.DataFrame
        As :func:`measure_timeliness`.

    Raises
    ------
    OptionError
        If a span is not positive.
    """
    given = {"limit_days": limit_days, "stale_days": stale_days}
    options = TimelinessOptions(**{k: v for k, v in given.items() if v is not None})
    today = on or now().date()
    batches = project.batches("incidents")
    return measure_timeliness(
        current_records(batches), known_days(batches), options, today=today
    )
