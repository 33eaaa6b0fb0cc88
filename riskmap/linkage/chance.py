"""Chance: what share of unrelated records would agree as well as a pair does."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from riskmap.linkage.coding import OPEN, Coded, Floats, Whole, spread_m
from riskmap.linkage.levels import (
    DAYS,
    LEVELS,
    NUMBER,
    SAME_POINT_M,
    SPANS,
    WITHIN,
)

# circles in which the other source's records are counted, the widest first, and how
# many of its records are enough to count in each
CIRCLES_M: Final = (100_000.0, 20_000.0, 4_000.0, 800.0, 160.0, SAME_POINT_M)
ENOUGH: Final = (2_000, 20_000, 200_000, 1_000_000, 1_000_000, 1_000_000)

# days on each side that tell how common records are in a season
SEASON_DAYS: Final = 45

THREADS: Final = 2


@dataclass(frozen=True, kw_only=True)
class Near:
    """What is known of the other source around records, each row a record.

    Parameters
    ----------
    per_m2
        Expected share of the other source's records in a square metre, by circle of
        :data:`CIRCLES_M`, of shape (n_records, n_circles).
    """

    per_m2: Floats


def _blend(seen: Floats, expected: Floats) -> Floats:
    """Estimate a count from what is seen and what a wider look expects.

    The mean of both: the posterior of a Poisson count whose Gamma prior has the
    wider look's mean, and that mean for its variance too.
    """
    return (np.maximum(seen, 0.0) + expected) / 2.0


def density_around(one: Coded, other: Coded) -> Near:
    """Measure how thick the other source's records lie around each record.

    Parameters
    ----------
    one, other
        Records of two sources.

    Returns
    -------
    Near
        Of all days: a place where bodies are found in every year says less.
    """
    total = len(other)
    columns = []
    shares = np.full(len(one), 1.0 / (np.pi * CIRCLES_M[0] ** 2))
    for radius, enough in zip(CIRCLES_M, ENOUGH, strict=True):
        # every n-th of many is enough, and counted faster
        step = -(-total // enough)
        thinned = other.xyz[::step]
        count = cKDTree(thinned).query_ball_point(
            one.xyz, radius, return_length=True, workers=THREADS
        )
        area = np.pi * radius**2
        # the pair itself is no unrelated record
        seen = (np.asarray(count, dtype=np.float64) * step) - 1.0
        shares = _blend(seen, shares * area * total) / (area * total)
        columns.append(shares)
    return Near(per_m2=np.column_stack(columns))


def place_levels(metres: Floats, spread: Floats) -> tuple[Whole, Floats]:
    """Tell at which level places agree, and the area in which they would.

    Parameters
    ----------
    metres, spread
        Distance, and standard deviation of both places together, pair by pair.

    Returns
    -------
    tuple of numpy.ndarray
        Level, and square metres of the ring of that level.
    """
    ring = np.minimum(
        np.searchsorted(WITHIN, metres / spread, side="left"), len(WITHIN) - 1
    )
    bounds = np.concatenate([[0.0], WITHIN])
    inner = np.maximum(bounds[ring] * spread, SAME_POINT_M)
    outer = np.maximum(WITHIN[ring] * spread, 2 * SAME_POINT_M)
    same = metres <= SAME_POINT_M
    area = np.where(same, SAME_POINT_M**2, outer**2 - inner**2) * np.pi
    first = NUMBER["place_within_1"]
    return np.where(same, NUMBER["same_point"], first + ring), area


def place_chance(near: Near, rows: Whole, metres: Floats, spread: Floats) -> Floats:
    """Estimate how many unrelated records lie at such a level around a record.

    Parameters
    ----------
    near
        Of :func:`density_around`.
    rows
        Rows of the records, pair by pair.
    metres, spread
        As for :func:`place_levels`.

    Returns
    -------
    numpy.ndarray of shape (n_pairs,)
        Share of the other source's records.
    """
    _, area = place_levels(metres, spread)
    bounds = np.sqrt(np.array(CIRCLES_M[1:]) * np.array(CIRCLES_M[:-1]))
    radius = np.where(metres <= SAME_POINT_M, 0.0, np.sqrt(area / np.pi))
    circle = np.searchsorted(-bounds, -radius, side="left")
    return np.minimum(near.per_m2[rows, circle] * area, 1.0)


def _within(one: Coded, sorted_other: tuple[Whole, Whole], days: Any) -> Floats:
    """Count the other source's spans that are at most so many days off."""
    firsts, lasts = sorted_other
    begun = np.searchsorted(firsts, one.last + days, side="right")
    over = np.searchsorted(lasts, one.first - days, side="left")
    return np.asarray(begun - over, dtype=np.float64)


def day_chances(one: Coded, other: Coded) -> Floats:
    """Estimate what share of the other source is so many days off each record.

    Parameters
    ----------
    one, other
        Records of two sources.

    Returns
    -------
    numpy.ndarray of shape (n_records, n_levels)
        By number of level; 0 at levels of other fields.
    """
    ordered = np.sort(other.first), np.sort(other.last)
    total = len(other)
    season = (_within(one, ordered, SEASON_DAYS) + 1.0) / (2 * SEASON_DAYS + 1)
    chances = np.zeros((len(one), len(LEVELS)))
    for start, limits in (("same_day", DAYS), ("spans_overlap", SPANS)):
        before, covered = np.zeros(len(one)), 0
        for place, days in enumerate(limits):
            upto = _within(one, ordered, days)
            width = 2 * days + 1 - covered
            blended = _blend(upto - before - 1.0, season * width)
            chances[:, NUMBER[start] + place] = np.minimum(blended / total, 1.0)
            before, covered = upto, 2 * days + 1
    return chances


def _share(codes: Whole) -> Floats:
    """Measure the share of each code, every one a little above nothing."""
    counts = np.bincount(codes, minlength=int(codes.max(initial=0)) + 1)
    return np.asarray((counts + 0.5) / (codes.size + 1.0), dtype=np.float64)


def _look_up(shares: Floats, codes: Whole) -> Floats:
    """Find the share of codes; of one that the other source never has, the least."""
    found = np.full(len(codes), shares.min(initial=1.0))
    known = (codes >= 0) & (codes < len(shares))
    found[known] = shares[codes[known]]
    return found


def word_chances(one: Coded, other: Coded) -> Floats:
    """Estimate what share of the other source has each record's kind and cause.

    Parameters
    ----------
    one, other
        Records of two sources.

    Returns
    -------
    numpy.ndarray of shape (n_records, n_levels)
        By number of level; 0 at levels of other fields.
    """
    chances = np.zeros((len(one), len(LEVELS)))
    least = 0.5 / (len(other) + 1.0)
    same = _look_up(_share(other.kind), one.kind)
    like = _look_up(_share(other.audience), one.audience)
    chances[:, NUMBER["same_kind"]] = same
    chances[:, NUMBER["like_kind"]] = np.maximum(like - same, least)
    chances[:, NUMBER["other_kind"]] = np.maximum(1.0 - like, least)
    shares = _share(other.cause + 1)
    opened = shares[OPEN + 1]
    cause = np.where(one.cause == OPEN, opened, _look_up(shares, one.cause + 1))
    chances[:, NUMBER["same_cause"]] = cause
    chances[:, NUMBER["cause_open_there"]] = opened
    chances[:, NUMBER["other_cause"]] = np.maximum(1.0 - cause - opened, least)
    chances[:, NUMBER["both_causes_open"]] = opened
    chances[:, NUMBER["cause_open_here"]] = np.maximum(1.0 - opened, least)
    return chances


def count_levels(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Whole:
    """Tell at which level numbers of dead and missing agree, pair by pair.

    Parameters
    ----------
    one, other
        Numbers; 0 where none is said.

    Returns
    -------
    numpy.ndarray of shape (n_pairs,)
        Close are those that differ by one, or by a quarter of the smaller.
    """
    apart = np.abs(one - other)
    close = apart <= np.maximum(1, np.minimum(one, other) // 4)
    level = np.where(close, NUMBER["close_counts"], NUMBER["other_counts"])
    level = np.where(apart == 0, NUMBER["same_counts"], level)
    return np.where((one == 0) | (other == 0), NUMBER["not_said"], level)


def count_chances(one: Coded, other: Coded) -> Floats:
    """Estimate what share of the other source's numbers agree with each record's.

    Parameters
    ----------
    one, other
        Records of two sources.

    Returns
    -------
    numpy.ndarray of shape (n_records, n_levels)
        By number of level; 0 at levels of other fields.
    """
    values, counts = np.unique(other.harmed[other.harmed > 0], return_counts=True)
    chances = np.zeros((len(one), len(LEVELS)))
    asked, back = np.unique(one.harmed, return_inverse=True)
    levels = count_levels(asked[:, None], values[None, :])
    total = counts.sum() + 1.5
    for code in ("same_counts", "close_counts", "other_counts"):
        share = ((levels == NUMBER[code]) * counts).sum(axis=1) + 0.5
        chances[:, NUMBER[code]] = (share / total)[back]
    return chances


def pair_spread(one: Coded, other: Coded, rows: Whole, others: Whole) -> Floats:
    """Tell how far apart two records of one place may well be, pair by pair."""
    return spread_m(one.take(rows), other.take(others))
