"""Comparison: the level at which a pair agrees in each field, and how rare that is."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from riskmap.linkage.candidates import find_candidates
from riskmap.linkage.chance import (
    Background,
    count_chances,
    count_levels,
    day_chances,
    density_around,
    place_chance,
    place_levels,
    word_chances,
)
from riskmap.linkage.coding import OPEN, Coded, Floats, Whole
from riskmap.linkage.levels import DAYS, LEAST_M, NUMBER, SPANS, LinkageOptions

Pair = tuple[Whole, Whole]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Pairs of two sources, compared; each array of shape (n_pairs, …).

    Parameters
    ----------
    rows, others
        Row of each source.
    levels
        Number of the level in each of :data:`riskmap.linkage.levels.FIELDS`.
    rarity
        Bits of how few unrelated records agree at that level: minus log2 of their
        share; 0 where nothing is said.
    metres, days
        How far apart the two are.
    """

    rows: Whole
    others: Whole
    levels: npt.NDArray[np.int8]
    rarity: Floats
    metres: Floats
    days: Whole

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.rows)

    def take(self, chosen: npt.NDArray[Any]) -> Self:
        """Choose pairs by number or mask."""
        kept = {field.name: getattr(self, field.name)[chosen] for field in fields(self)}
        return type(self)(**kept)

    @classmethod
    def joined(cls, parts: list[Self]) -> Self:
        """Join parts, sorted by both rows."""
        whole = {
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(cls)
        }
        order = np.lexsort((whole["others"], whole["rows"]))
        return cls(**{name: values[order] for name, values in whole.items()})


def compare_sources(
    one: Coded, other: Coded, background: Background, options: LinkageOptions
) -> Iterator[Compared]:
    """Compare every candidate pair of two sources, field by field.

    Parameters
    ----------
    one, other
        Records of two sources.
    background
        Of ``other``.
    options
        How far apart at most.

    Yields
    ------
    Compared
        A part of the pairs at a time: all at once would not fit into memory.
    """
    around: tuple[Floats, Floats] | None = None
    for rows, others, metres in find_candidates(one, other, options):
        # two sources without a near pair need none of it
        density, radii = around = around or density_around(one, background)
        accuracy = np.hypot(one.accuracy_m[rows], other.accuracy_m[others])
        place, area = place_levels(metres, np.maximum(accuracy, LEAST_M))
        days = np.maximum(
            np.maximum(
                other.first[others] - one.last[rows],
                one.first[rows] - other.last[others],
            ),
            0,
        )
        levels = np.column_stack(
            [
                place,
                _day_levels(one, other, (rows, others), days),
                _kind_levels(one, other, rows, others),
                _cause_levels(one.cause[rows], other.cause[others]),
                count_levels(one.harmed[rows], other.harmed[others]),
            ]
        ).astype(np.int8)
        rarity = _rarity(one, background, rows, levels)
        chance = place_chance((density[rows], radii), area, place)
        rarity[:, 0] = -np.log2(chance)
        yield Compared(
            rows=rows,
            others=others,
            levels=levels,
            rarity=rarity,
            metres=metres,
            days=days,
        )


def _rarity(
    one: Coded, background: Background, rows: Whole, levels: npt.NDArray[np.int8]
) -> Floats:
    """Tell how rare each pair's levels are, place apart; worked out once a record."""
    asked, back = np.unique(rows, return_inverse=True)
    records = one.take(asked)
    table = day_chances(records, background) + word_chances(records, background)
    table += count_chances(records, background)
    table[:, NUMBER["not_said"]] = 1.0
    table[table == 0.0] = 1.0
    return np.asarray(-np.log2(table)[back[:, None], levels], dtype=np.float64)


def _day_levels(one: Coded, other: Coded, pair: Pair, days: Whole) -> Whole:
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
