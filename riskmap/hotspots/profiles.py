"""Profiles: hours of the day, days of the week and months, each with its interval."""

import numpy as np
import pandas as pd
from scipy import stats

from riskmap.errors import TooFewError, UnknownNameError
from riskmap.history.ground import EPOCH, Floats
from riskmap.schema import Column

HOURS, DAYS, MONTHS = "hour", "weekday", "month"
PROFILES = (HOURS, DAYS, MONTHS)
SLOTS = {HOURS: 24, DAYS: 7, MONTHS: 12}

LEAST_EVENTS = 20

# Jeffreys' prior of a binomial share
JEFFREYS = 0.5

CONFIDENCE = 0.90

PROFILE_TABLE: tuple[Column, ...] = (
    Column(name="profile", dtype="str", values=PROFILES, meaning="Which cycle."),
    Column(name="slot", dtype="int64", lowest=0, meaning="Hour, weekday or month."),
    Column(name="events", dtype="int64", lowest=0, meaning="Records in the slot."),
    Column(
        name="even", dtype="float64", lowest=0, highest=1, meaning="Share of the time."
    ),
    Column(
        name="share", dtype="float64", lowest=0, highest=1, meaning="Share of records."
    ),
    Column(name="low", dtype="float64", lowest=0, highest=1, meaning="Lower end."),
    Column(name="high", dtype="float64", lowest=0, highest=1, meaning="Upper end."),
)


def slot_table(name: str, slots: np.ndarray, even: Floats) -> pd.DataFrame:
    """Count records by slot, each share with its interval.

    Parameters
    ----------
    name
        One of :data:`PROFILES`.
    slots
        Slot of each record, from 0, of shape (n_records,).
    even
        Share of the watched time that each slot makes up, of shape (n_slots,).

    Returns
    -------
    pandas.DataFrame
        As :data:`PROFILE_TABLE`; the interval is Jeffreys' of a binomial share, 90 %,
        one slot at a time.

    Raises
    ------
    TooFewError
        Under twenty records.
    UnknownNameError
        If there is no such profile.

    References
    ----------
    Brown LD, Cai TT, DasGupta A (2001) Interval estimation for a binomial proportion.
    Stat Sci 16:101-133, doi:10.1214/ss/1009213286.

    Examples
    --------
    >>> days = np.repeat(np.arange(7), [10, 2, 2, 2, 2, 2, 20])
    >>> found = slot_table("weekday", days, np.full(7, 1 / 7))
    >>> found.loc[[0, 6], ["slot", "share"]].to_numpy().tolist()
    [[1.0, 0.25], [7.0, 0.5]]
    """
    if name not in SLOTS:
        msg = f"`profile` must be one of {PROFILES}, got {name!r}."
        raise UnknownNameError(msg, kind="profile", value=name, known=PROFILES)
    total = len(slots)
    if total < LEAST_EVENTS:
        msg = f"A profile needs {LEAST_EVENTS} records, got {total}."
        raise TooFewError(msg, what="records", found=total, needed=LEAST_EVENTS)
    counts = np.bincount(slots, minlength=SLOTS[name])
    tail = (1 - CONFIDENCE) / 2
    seen, rest = counts + JEFFREYS, total - counts + JEFFREYS
    first = 0 if name == HOURS else 1
    low = np.where(counts == 0, 0.0, stats.beta.ppf(tail, seen, rest))
    high = np.where(counts == total, 1.0, stats.beta.ppf(1 - tail, seen, rest))
    return pd.DataFrame(
        {
            "profile": pd.array([name] * len(counts), dtype="str"),
            "slot": np.arange(len(counts), dtype=np.int64) + first,
            "events": counts.astype(np.int64),
            "even": even,
            "share": counts / total,
            "low": low,
            "high": high,
        }
    )


def calendar_slots(days: np.ndarray, name: str) -> np.ndarray:
    """Find the weekday or month of days.

    Parameters
    ----------
    days
        Day numbers, of shape (n,).
    name
        ``weekday`` or ``month``.

    Returns
    -------
    numpy.ndarray of shape (n,)
        0 for Monday or January.

    Examples
    --------
    >>> calendar_slots(np.array([0, 31]), "weekday").tolist()
    [3, 6]
    """
    stamps = pd.DatetimeIndex(EPOCH + pd.to_timedelta(days, unit="D"))
    found = stamps.day_of_week if name == DAYS else stamps.month - 1
    return np.asarray(found, dtype=np.int64)


def even_shares(days: np.ndarray, weights: Floats, name: str) -> Floats:
    """Measure which share of the watched time each weekday or month makes up.

    Parameters
    ----------
    days
        Day numbers, of shape (n,).
    weights
        How much was watched on each.
    name
        ``weekday`` or ``month``.

    Returns
    -------
    numpy.ndarray of shape (n_slots,)
        Adds up to 1.

    Examples
    --------
    >>> even_shares(np.arange(14), np.ones(14), "weekday").round(3).tolist()[:2]
    [0.143, 0.143]
    """
    slots = calendar_slots(days, name)
    shares = np.bincount(slots, weights=weights, minlength=SLOTS[name])
    return np.asarray(shares / shares.sum(), dtype=np.float64)
