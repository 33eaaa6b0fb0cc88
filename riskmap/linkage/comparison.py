"""Comparison: the level at which a pair agrees in each field, and how rare that is."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from riskmap.linkage.candidates import find_candidates, gap_days
from riskmap.linkage.chance import (
    count_chances,
    count_levels,
    day_chances,
    density_around,
    pair_spread,
    place_chance,
    place_levels,
    word_chances,
)
from riskmap.linkage.coding import OPEN, Coded, Floats, Whole
from riskmap.linkage.levels import DAYS, FIELDS, NUMBER, SPANS, LinkageOptions


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Pairs of two sources, compared; each array of shape (n_pairs, …).

    Parameters
    ----------
    rows, others
        Row of each source.
    levels
        Number of the level in each of :data:`riskmap.linkage.levels.FIELDS`.
    chances
        Share of unrelated records that agree at that level; 1 where nothing is said.
    metres, days
        How far apart the two are.
    """

    rows: Whole
    others: Whole
    levels: npt.NDArray[np.int8]
    chances: Floats
    metres: Floats
    days: Whole

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.rows)

    def take(self, chosen: npt.NDArray[Any]) -> Self:
        """Choose pairs by number or mask."""
        kept = {field.name: getattr(self, field.name)[chosen] for field in fields(self)}
        return type(self)(**kept)


def compare_sources(one: Coded, other: Coded, options: LinkageOptions) -> Compared:
    """Compare every candidate pair of two sources, field by field.

    Parameters
    ----------
    one, other
        Records of two sources.
    options
        How far apart at most.

    Returns
    -------
    Compared
        Sorted by both rows.
    """
    rows, others, metres = find_candidates(one, other, options)
    spread = pair_spread(one, other, rows, others)
    place, _ = place_levels(metres, spread)
    days = _gaps(one, other, rows, others)
    levels = np.column_stack(
        [
            place,
            _day_levels(one, other, (rows, others), days),
            _kind_levels(one, other, rows, others),
            _cause_levels(one.cause[rows], other.cause[others]),
            count_levels(one.harmed[rows], other.harmed[others]),
        ]
    ).astype(np.int8)
    table = day_chances(one, other) + word_chances(one, other)
    table += count_chances(one, other)
    table[:, NUMBER["not_said"]] = 1.0
    chances = table[rows[:, None], levels]
    near = density_around(one, other)
    chances[:, 0] = place_chance(near, rows, metres, spread)
    return Compared(
        rows=rows,
        others=others,
        levels=levels,
        chances=chances,
        metres=metres,
        days=days,
    )


def _gaps(one: Coded, other: Coded, rows: Whole, others: Whole) -> Whole:
    return gap_days(one.take(rows), other.take(others))


def _day_levels(
    one: Coded, other: Coded, pair: tuple[Whole, Whole], days: Whole
) -> Whole:
    """Tell how near in time pairs are: to the day, or as spans of days."""
    rows, others = pair
    to_the_day = (one.first == one.last)[rows] & (other.first == other.last)[others]
    as_days = NUMBER["same_day"] + np.searchsorted(DAYS, days)
    as_spans = NUMBER["spans_overlap"] + np.searchsorted(SPANS, days)
    return np.where(to_the_day, as_days, as_spans)


def _kind_levels(one: Coded, other: Coded, rows: Whole, others: Whole) -> Whole:
    """Tell whether pairs are of one kind, or of kinds that endanger the same people."""
    like = one.audience[rows] == other.audience[others]
    level = np.where(like, NUMBER["like_kind"], NUMBER["other_kind"])
    return np.where(one.kind[rows] == other.kind[others], NUMBER["same_kind"], level)


def _cause_levels(one: Whole, other: Whole) -> Whole:
    """Tell whether pairs are of one cause, as far as both say."""
    same = np.where(one == other, NUMBER["same_cause"], NUMBER["other_cause"])
    said = np.where(other == OPEN, NUMBER["cause_open_there"], same)
    unsaid = np.where(
        other == OPEN, NUMBER["both_causes_open"], NUMBER["cause_open_here"]
    )
    return np.where(one == OPEN, unsaid, said)


FIELD_NAMES = tuple(FIELDS)
