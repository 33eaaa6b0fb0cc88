"""Folds: which days to stand on, and which ground to leave out, when a map is judged.

Time is never drawn at random: a map is made from what was over by a day and judged on
what came after it (rolling origin; Tashman 2000). Ground is left out whole, since cells
next to one another are alike (Roberts et al. 2017): blocks of one H3 parent and side,
or regions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from riskmap import cells as h3_cells
from riskmap.errors import DateOptionError, OptionError
from riskmap.history.coverage import Coverage, Span, Watch
from riskmap.history.ground import day_number
from riskmap.history.records import Records

Mask = npt.NDArray[np.bool_]

# parents of about 12,400 km², the blocks of design/science.md 5
BLOCK_RESOLUTION = 3

# cells this near to a block are hidden with it, so that it is truly unseen
BUFFER_KM = 15.0


@dataclass(frozen=True, kw_only=True)
class RollingOrigin:
    """Days on which maps are made, one horizon after another.

    Parameters
    ----------
    from_on, to_on
        First origin and the day that no horizon may reach beyond, ISO 8601.
    horizon_days
        Days that each map looks ahead.
    step_days
        Days from one origin to the next; 0 for the horizon, so that none overlap.
    gap_days
        Days before the origin that are not known yet, as where reports come late.
    refit_every
        Origins after which maps are made anew; between, the last one is kept.

    Raises
    ------
    OptionError
        If a length is below its least.
    """

    from_on: str
    to_on: str
    horizon_days: int = 365
    step_days: int = 0
    gap_days: int = 0
    refit_every: int = 1

    def __post_init__(self) -> None:
        """Refuse lengths that make no sense."""
        least = {"horizon_days": 1, "step_days": 0, "gap_days": 0, "refit_every": 1}
        for name, lowest in least.items():
            value = getattr(self, name)
            if value < lowest:
                msg = f"`{name}` must be {lowest} or more, got {value}."
                raise OptionError(msg, option=name, value=str(value))

    @property
    def origins(self) -> tuple[int, ...]:
        """Day numbers of the origins, ascending, each with a whole horizon after it.

        Raises
        ------
        DateOptionError
            If not one horizon fits between the days.

        Examples
        --------
        >>> years = RollingOrigin(from_on="1970-01-01", to_on="1972-01-01")
        >>> years.origins
        (0, 365)
        """
        first, end = day_number(self.from_on), day_number(self.to_on)
        step = self.step_days or self.horizon_days
        found = tuple(range(first, end - self.horizon_days + 1, step))
        if not found:
            msg = (
                f"No horizon of {self.horizon_days} days fits between {self.from_on} "
                f"and {self.to_on}."
            )
            raise DateOptionError(msg, option="to", value=self.to_on)
        return found

    def made_on(self, place: int) -> int:
        """Day number on which the map of the origin at a position was made.

        Parameters
        ----------
        place
            Position among :attr:`origins`.

        Returns
        -------
        int
            Its own origin less the gap, or that of the last refit.

        Examples
        --------
        >>> slow = RollingOrigin(from_on="1970-01-01", to_on="1974-01-01",
        ...     refit_every=2, gap_days=30)
        >>> [slow.made_on(place) for place in range(4)]
        [-30, -30, 700, 700]
        """
        return self.origins[place - place % self.refit_every] - self.gap_days


def spatial_blocks(
    cells: pd.DataFrame, *, resolution: int = BLOCK_RESOLUTION
) -> pd.Series:
    """Name the block that each cell is in: its H3 parent, parted by the line.

    Parameters
    ----------
    cells
        Cell table on the cell index, with ``share_mx``.
    resolution
        Of the parents, coarser than the cells.

    Returns
    -------
    pandas.Series of str
        ``PARENT-US`` or ``PARENT-MX``, on the cell index.

    Examples
    --------
    >>> index = h3_cells.cell_index([614553222213795839])
    >>> table = pd.DataFrame({"share_mx": [0.9]}, index=index)
    >>> spatial_blocks(table).tolist()
    ['83754efffffffff-MX']
    """
    parent = h3_cells.cell_hex(h3_cells.parents(cells.index, resolution))
    side = np.where(cells["share_mx"] > 1 / 2, "MX", "US")
    names = [f"{p}-{s}" for p, s in zip(parent, side, strict=True)]
    return pd.Series(names, index=cells.index, name="block", dtype="str")


def hide(records: Records, hidden: Mask, day: int) -> Records:
    """Forget all that was recorded on some ground, as if first watched on a day.

    From the day before on the ground counts as watched, so that maps are asked about
    it; for how long it was watched, and what came, they cannot know.

    Parameters
    ----------
    records
        What is known.
    hidden
        Which cells, of shape (n_cells,).
    day
        The origin.

    Returns
    -------
    Records
        Without the events of the ground.
    """
    watches = tuple(
        _opened(watch, hidden, day - 1) for watch in records.coverage.watches
    )
    kept = records.events.keep(~hidden[records.events.cell])
    return replace(records, events=kept, coverage=Coverage(watches=watches))


def _opened(watch: Watch, hidden: Mask, day: int) -> Watch:
    """Let hidden cells that anybody watches be watched from a day on only."""
    n_groups = len(watch.spans)
    spans: list[tuple[Span, ...]] = [
        tuple((max(a, day), b) for a, b in own if b > day) for own in watch.spans
    ]
    group = np.where(hidden, watch.group + n_groups, watch.group)
    return Watch(
        share=watch.share, group=group.astype(np.intp), spans=(*watch.spans, *spans)
    )


def near(records: Records, inside: Mask, *, reach_km: float = BUFFER_KM) -> Mask:
    """Find the cells of some ground and those within reach of it.

    Parameters
    ----------
    records
        Whose ground.
    inside
        Which cells, of shape (n_cells,).
    reach_km
        Distance between centres.

    Returns
    -------
    numpy.ndarray of bool of shape (n_cells,)
        True for ``inside`` and what is near it.
    """
    xy = records.ground.xy_km
    if not inside.any():
        return inside
    away, _ = cKDTree(xy[inside]).query(xy, distance_upper_bound=reach_km)
    return np.asarray(inside | np.isfinite(away))


def fold_masks(
    records: Records,
    labels: pd.Series,
    *,
    least_events: int,
    from_day: int,
    to_day: int,
) -> Mapping[str, Mask]:
    """Take the parts of the ground with enough events to judge a map on.

    Parameters
    ----------
    records
        All that is known at the end.
    labels
        Part of each cell, on the cell index; empty for none.
    least_events
        Fewer say nothing.
    from_day, to_day
        Days between which events count.

    Returns
    -------
    dict
        Name of each part to its cells, in order of name.
    """
    pinned = records.events.pinned
    counts = pinned.counts(len(records.ground), from_day, to_day)
    names = labels.to_numpy(dtype=str)
    masks = {name: names == name for name in sorted(set(names.tolist()) - {""})}
    return {
        name: mask for name, mask in masks.items() if counts[mask].sum() >= least_events
    }
