"""Coverage: which cells a target's sources watched, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.history.ground import Floats, day_number

SIDES = {"US": ("US",), "MX": ("MX",), "both": ("US", "MX")}

# after any date a record can have: a source still at work
OPEN_END_DAY = day_number("2262-01-01")

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Groups of cells watched alike, on one side.

    Parameters
    ----------
    share
        Share of each cell on this side, of shape (n_cells,).
    group
        Group of each cell, of shape (n_cells,).
    spans
        For each group the spans of days watched, apart and ascending, each from its
        first day to the day after its last.
    """

    share: Floats
    group: npt.NDArray[np.intp]
    spans: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the sources of one target watched.

    Where and when nobody watched, no record means nothing: it is missing, not zero.

    Parameters
    ----------
    watches
        One for each side.
    looked
        Records that a watched day yields in each cell beside one looked at as much
        as the mean is (:mod:`riskmap.history.effort`), of shape (n_cells,): every
        share and every sum of days is multiplied by it. None for all alike.
    """

    watches: tuple[Watch, ...]
    looked: Floats | None = None

    def evenly(self) -> "Coverage":
        """Take the same as if every cell had been looked at alike."""
        return replace(self, looked=None)

    def share_between(self, from_day: float, to_day: float) -> Floats:
        """Measure the share of each cell and of the days between that was watched."""
        length = max(to_day - from_day, 1)
        return self._measure(
            lambda a, b: max(min(b, to_day) - max(a, from_day), 0.0) / length
        )

    def ever_before(self, day: float) -> Floats:
        """Measure the share of each cell that was ever watched before a day."""
        return self._measure(lambda a, _: float(a < day), most=1.0)

    def discounted_days(
        self,
        day: float,
        half_life_days: float,
        *,
        at: npt.NDArray[np.intp] | None = None,
    ) -> Floats:
        """Add up watched days before a day, older ones counting less.

        For the cells at some positions, or for all.
        """
        rate = np.log(2) / half_life_days
        return self._measure(lambda a, b: _discounted(a, b, day, rate), at=at)

    def _measure(
        self,
        length: Callable[[float, float], float],
        *,
        most: float = np.inf,
        at: npt.NDArray[np.intp] | None = None,
    ) -> Floats:
        """Add a measure of spans up for each cell, both sides by their share."""
        where = slice(None) if at is None else at
        total: Floats = np.zeros(0)
        for place, watch in enumerate(self.watches):
            lengths = [
                min(sum(length(a, b) for a, b in spans), most) for spans in watch.spans
            ]
            found = np.array(lengths, dtype=np.float64)[watch.group[where]]
            found *= watch.share[where]
            total = total + found if place else found
        return total if self.looked is None else total * self.looked[where]

    def holds(
        self, cell: npt.NDArray[np.intp], day: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        """Tell which events fall on a cell and a day that were watched."""
        found = np.zeros(len(cell), dtype=bool)
        for watch in self.watches:
            mine, group = watch.share[cell] > 0, watch.group[cell]
            for code in np.unique(group[mine]).tolist():
                for first, end in watch.spans[code]:
                    within = (day >= first) & (day < end)
                    found |= mine & (group == code) & within
        return found

    @cached_property
    def first_day(self) -> int | None:
        """The first day watched anywhere; None if no cell was ever watched."""
        days = [spans[0][0] for watch in self.watches for spans in watch.spans if spans]
        return min(days) if days else None

    @cached_property
    def end_day(self) -> int | None:
        """The day after the last watched anywhere; None if none ever was."""
        days = [
            spans[-1][1] for watch in self.watches for spans in watch.spans if spans
        ]
        return max(days) if days else None


def _discounted(first: float, end: float, day: float, rate: float) -> float:
    """Integrate exp(-rate * age) over one span before a day."""
    end = min(end, day)
    if end <= first:
        return 0.0
    if rate == 0:
        return end - first
    return float(np.exp(-rate * (day - end)) - np.exp(-rate * (day - first))) / rate


def cover(cells: pd.DataFrame, coverage: pd.DataFrame) -> Coverage:
    """Find which cells the rows of a coverage table watch, and when.

    Rows that overlap count once. A cell on the line counts by its share of each side.

    Parameters
    ----------
    cells
        Cell table with ``share_us``, ``share_mx`` and ``km``.
    coverage
        Coverage table: the rows of one target. ``to_on`` is the last day watched;
        missing means still watching.

    Returns
    -------
    Coverage
        Nothing watched at all if there are no rows.

    Examples
    --------
    >>> cells = pd.DataFrame({"share_us": [1.0], "share_mx": [0.0], "km": [5.0]})
    >>> rows = pd.DataFrame({"side": ["US"], "from_km": [0.0], "to_km": [10.0],
    ...     "from_on": ["1970-01-01"], "to_on": ["1970-01-10"]})
    >>> cover(cells, rows).share_between(0, 20).tolist()
    [0.5]
    """
    km = cells["km"].to_numpy(dtype=np.float64)
    return Coverage(
        watches=tuple(
            _watch(km, cells[column].to_numpy(dtype=np.float64), coverage, side)
            for side, column in (("US", "share_us"), ("MX", "share_mx"))
        )
    )


def _watch(km: Floats, share: Floats, coverage: pd.DataFrame, side: str) -> Watch:
    """Group the cells of one side by the rows that reach them."""
    rows = [
        row for row in coverage.itertuples() if side in SIDES.get(str(row.side), ())
    ]
    marks = sorted({float(edge) for row in rows for edge in (row.from_km, row.to_km)})
    # between two marks, and upon each, the same rows reach
    group = np.searchsorted(marks, km, side="left") + np.searchsorted(
        marks, km, side="right"
    )
    spans = []
    for code in range(2 * len(marks) + 1):
        at = _kilometre_of(code, marks)
        spans.append(_union([_span(r) for r in rows if r.from_km <= at <= r.to_km]))
    return Watch(share=share, group=group.astype(np.intp), spans=tuple(spans))


def _kilometre_of(code: int, marks: "list[float]") -> float:
    """Name a kilometre that stands for a group: upon a mark or between two."""
    place, upon = divmod(code, 2)
    if upon:
        return marks[place]
    if place == 0 or place == len(marks):
        return float("nan")
    return (marks[place - 1] + marks[place]) / 2


def _span(row: "object") -> Span:
    """Read a row's days as a half-open span."""
    first, last = pd.Timestamp(row.from_on), pd.Timestamp(row.to_on)  # type: ignore[attr-defined]
    end = OPEN_END_DAY if pd.isna(last) else day_number(last) + 1
    return day_number(first), end


def _union(spans: "list[Span]") -> tuple[Span, ...]:
    """Merge spans that touch."""
    merged: list[Span] = []
    for first, end in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((first, end))
    return tuple(merged)
