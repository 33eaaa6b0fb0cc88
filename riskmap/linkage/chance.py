"""Chance: what share of unrelated records would agree as well as a pair does."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from riskmap import cells
from riskmap.linkage.coding import FINEST, OPEN, Coded, Floats, Whole
from riskmap.linkage.levels import (
    DAYS,
    LEVELS,
    NUMBER,
    SAME_POINT_M,
    SPANS,
    WITHIN,
)

# cells in which the other source's records are counted: 24 km to 10 m about
RESOLUTIONS: Final = (4, 6, 8, 10, FINEST)

CHILDREN: Final = 7

# before anything is counted a record may lie anywhere within a hundred kilometres
WIDEST_M2: Final = np.pi * 100_000.0**2

M2_PER_KM2: Final = 1e6

# more days than any record's span has
LONGEST_SPAN: Final = 1_000

# days on each side that tell how common records are in a season
SEASON_DAYS: Final = 45


@dataclass(frozen=True, kw_only=True)
class Background:
    """What the records of a source are like, whatever they are compared with.

    Parameters
    ----------
    total
        Number of its records.
    firsts, lasts
        Their first and last days, each sorted.
    kind, audience, cause
        Share of each code.
    harmed, harmed_count
        Numbers of dead and missing that occur, and how often.
    places
        For each of :data:`RESOLUTIONS` the cells that occur, sorted, and how often.
    """

    total: int
    firsts: Whole
    lasts: Whole
    kind: Floats
    audience: Floats
    cause: Floats
    harmed: Whole
    harmed_count: Whole
    places: tuple[tuple[npt.NDArray[np.uint64], Whole], ...]

    @classmethod
    def of(cls, records: Coded) -> Self:
        """Count the records of a source."""
        harmed, counts = np.unique(
            records.harmed[records.harmed > 0], return_counts=True
        )
        return cls(
            total=len(records),
            firsts=np.sort(records.first),
            lasts=np.sort(records.last),
            kind=_share(records.kind),
            audience=_share(records.audience),
            cause=_share(records.cause + 1),
            harmed=harmed,
            harmed_count=counts,
            places=tuple(
                np.unique(_parents(records.cell, resolution), return_counts=True)
                for resolution in RESOLUTIONS
            ),
        )


def _parents(cell: npt.NDArray[np.uint64], resolution: int) -> npt.NDArray[np.uint64]:
    return cell if resolution == FINEST else cells.parents(cell, resolution)


def _blend(seen: Floats, expected: Floats) -> Floats:
    """Estimate a count from what is seen and what a wider look expects.

    The mean of both: the posterior of a Poisson count whose Gamma prior has the
    wider look's mean, and that mean for its variance too.
    """
    return (np.maximum(seen, 0.0) + expected) / 2.0


def density_around(one: Coded, other: Background) -> tuple[Floats, Floats]:
    """Measure how thick the other source's records lie around each record.

    Records of all days count: a place where something is recorded every year says
    less.

    Parameters
    ----------
    one
        Records of a source.
    other
        The other source.

    Returns
    -------
    tuple of numpy.ndarray
        Expected share of the other source's records in a square metre, of shape
        (n_records, n_resolutions), and the radius in metres of each resolution.
    """
    coarse, back = np.unique(_parents(one.cell, RESOLUTIONS[0]), return_inverse=True)
    widest = cells.cell_areas_km2(coarse).to_numpy() * M2_PER_KM2
    shares = np.full(len(one), 1.0 / WIDEST_M2)
    columns, radii = [], []
    for resolution, (known, counts) in zip(RESOLUTIONS, other.places, strict=True):
        asked, again = np.unique(_parents(one.cell, resolution), return_inverse=True)
        place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        found = np.where(known[place] == asked, counts[place], 0)
        areas = widest / float(CHILDREN) ** (resolution - RESOLUTIONS[0])
        area = areas[back]
        # the pair itself is no unrelated record
        seen = found[again].astype(np.float64) - 1.0
        expected = shares * area * other.total
        shares = _blend(seen, expected) / (area * other.total)
        columns.append(shares)
        radii.append(float(np.sqrt(areas.mean() / np.pi)))
    return np.column_stack(columns), np.array(radii)


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


def place_chance(density: tuple[Floats, Floats], area: Floats, levels: Whole) -> Floats:
    """Estimate how many unrelated records lie at such a level around a record.

    Parameters
    ----------
    density
        Of :func:`density_around`, a row for each pair.
    area, levels
        Of :func:`place_levels`.

    Returns
    -------
    numpy.ndarray of shape (n_pairs,)
        Share of the other source's records.
    """
    per_m2, radii = density
    bounds = np.sqrt(radii[1:] * radii[:-1])
    same = levels == NUMBER["same_point"]
    radius = np.where(same, 0.0, np.sqrt(area / np.pi))
    column = np.searchsorted(-bounds, -radius, side="left")
    return np.minimum(per_m2[np.arange(len(area)), column] * area, 1.0)


def _within(first: Whole, last: Whole, other: Background, days: Any) -> Floats:
    """Count the other source's spans that are at most so many days off."""
    begun = np.searchsorted(other.firsts, last + days, side="right")
    over = np.searchsorted(other.lasts, first - days, side="left")
    return np.asarray(begun - over, dtype=np.float64)


def day_chances(one: Coded, other: Background) -> Floats:
    """Estimate what share of the other source is so many days off each record.

    Parameters
    ----------
    one
        Records of a source.
    other
        The other source.

    Returns
    -------
    numpy.ndarray of shape (n_records, n_levels)
        By number of level; 0 at levels of other fields.
    """
    # records of one span have the same chances, and there are fewer spans than records
    span = one.first * LONGEST_SPAN + (one.last - one.first)
    _, which, back = np.unique(span, return_index=True, return_inverse=True)
    first, last = one.first[which], one.last[which]
    season = (_within(first, last, other, SEASON_DAYS) + 1.0) / (2 * SEASON_DAYS + 1)
    chances = np.zeros((len(which), len(LEVELS)))
    for start, limits in (("same_day", DAYS), ("spans_overlap", SPANS)):
        before, covered = np.zeros(len(which)), 0
        for place, days in enumerate(limits):
            upto = _within(first, last, other, days)
            width = 2 * days + 1 - covered
            blended = _blend(upto - before - 1.0, season * width)
            chances[:, NUMBER[start] + place] = np.minimum(blended / other.total, 1.0)
            before, covered = upto, 2 * days + 1
    return np.asarray(chances[back])


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


def word_chances(one: Coded, other: Background) -> Floats:
    """Estimate what share of the other source has each record's kind and cause.

    Parameters
    ----------
    one
        Records of a source.
    other
        The other source.

    Returns
    -------
    numpy.ndarray of shape (n_records, n_levels)
        By number of level; 0 at levels of other fields.
    """
    chances = np.zeros((len(one), len(LEVELS)))
    least = 0.5 / (other.total + 1.0)
    same = _look_up(other.kind, one.kind)
    like = _look_up(other.audience, one.audience)
    chances[:, NUMBER["same_kind"]] = same
    chances[:, NUMBER["like_kind"]] = np.maximum(like - same, least)
    chances[:, NUMBER["other_kind"]] = np.maximum(1.0 - like, least)
    shares = other.cause
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


def count_chances(one: Coded, other: Background) -> Floats:
    """Estimate what share of the other source's numbers agree with each record's.

    Parameters
    ----------
    one
        Records of a source.
    other
        The other source.

    Returns
    -------
    numpy.ndarray of shape (n_records, n_levels)
        By number of level; 0 at levels of other fields.
    """
    values, counts = other.harmed, other.harmed_count
    chances = np.zeros((len(one), len(LEVELS)))
    asked, back = np.unique(one.harmed, return_inverse=True)
    levels = count_levels(asked[:, None], values[None, :])
    total = counts.sum() + 1.5
    for code in ("same_counts", "close_counts", "other_counts"):
        share = ((levels == NUMBER[code]) * counts).sum(axis=1) + 0.5
        chances[:, NUMBER[code]] = (share / total)[back]
    return chances
