"""Traces: what a cell's past looked like on a day, as columns to learn from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskmap.history.bench import FOREVER, KernelBench, Memory
from riskmap.history.ground import Floats
from riskmap.history.records import Records

YEAR_DAYS = 365.25

# what a cell that never had an event shows as days since the last
NEVER_DAYS = 5_000.0

# keeps the logarithm finite where nothing is near; a share of the even spread
LEAST_SHARE = 1e-3

# memories of the kernel columns and of the counts, in horizons
KERNEL_LIVES = (1.0, 4.0, FOREVER)
COUNT_WINDOWS = (1.0, 3.0, 12.0, FOREVER)


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Columns of a cell's past, of its place and of the season.

    Parameters
    ----------
    reaches_km
        Kernels that look back from each cell.
    horizon_days
        Days ahead; memories are so many times as long.
    layers
        Neutral layers of the cells, of shape (n_cells, n_layers), maybe none.
    least_watched
        As for kernels.
    """

    reaches_km: tuple[float, ...]
    horizon_days: int
    layers: pd.DataFrame
    least_watched: float = 0.1

    @property
    def names(self) -> list[str]:
        """Name of each column."""
        kernels = [
            f"{reach:g}km_{memory.name}"
            for reach in self.reaches_km
            for memory in self._memories
        ]
        counts = [
            f"{what}_{window:g}"
            for window in COUNT_WINDOWS
            for what in ("own", "around")
        ]
        rest = ["days_since", "east_km", "north_km", "season_sin", "season_cos"]
        return [*kernels, *counts, *rest, *map(str, self.layers.columns)]

    @property
    def rises(self) -> list[int]:
        """Sign of each column's effect where it may have but one: 1, -1 or 0.

        More events near before are never taken for less danger, nor a longer quiet
        for more.
        """
        n_kernels = len(self.reaches_km) * len(KERNEL_LIVES)
        n_counts = 2 * len(COUNT_WINDOWS)
        signs = [1] * (n_kernels + n_counts) + [-1, 0, 0, 0, 0]
        return signs + [0] * self.layers.shape[1]

    @property
    def _memories(self) -> tuple[Memory, ...]:
        return tuple(
            Memory(half_life_days=life * self.horizon_days) for life in KERNEL_LIVES
        )

    def at(self, records: Records, day: int) -> "np.ndarray[tuple[int, int]]":
        """Work the columns of all cells out, from what was over before a day.

        Parameters
        ----------
        records
            What is known.
        day
            Day number, not after the as-of day.

        Returns
        -------
        numpy.ndarray of shape (n_cells, n_columns)
            float32; a layer's missing value stays NaN.
        """
        past = records if records.as_of_day == day else records.before(day)
        columns = [*self._near(past, day), *self._counts(past, day)]
        events, n_cells = past.events.pinned, len(past.ground)
        since = np.full(n_cells, NEVER_DAYS)
        np.minimum.at(since, events.cell, (day - events.day).astype(np.float64))
        middle = 2 * np.pi * (day + self.horizon_days / 2) / YEAR_DAYS
        columns += [
            since,
            past.ground.xy_km[:, 0],
            past.ground.xy_km[:, 1],
            np.full(n_cells, np.sin(middle)),
            np.full(n_cells, np.cos(middle)),
            *self.layers.to_numpy(dtype=np.float64).T,
        ]
        return np.stack(columns, axis=1, dtype=np.float32)

    def _near(self, past: Records, day: int) -> list[Floats]:
        """Logarithm of each kernel's density against an even spread."""
        bench = KernelBench(
            records=past,
            bandwidths_km=self.reaches_km,
            memories=self._memories,
            least_watched=self.least_watched,
        )
        sites = bench.site_weights(bench.event_weights(day))
        even = past.ground.area_km2 * past.watched
        even = even / max(float(even.sum()), LEAST_SHARE)
        found = []
        for reach in self.reaches_km:
            for weights in sites.T:
                spread = bench.kernel(reach).spread(weights) * past.watched
                share = spread / max(float(spread.sum()), LEAST_SHARE)
                ratio = np.divide(share, even, out=np.zeros_like(even), where=even > 0)
                found.append(np.log(ratio + LEAST_SHARE))
        return found

    def _counts(self, past: Records, day: int) -> list[Floats]:
        """Own events of several spans, and those of the cells that touch."""
        events, n_cells = past.events.pinned, len(past.ground)
        found = []
        for window in COUNT_WINDOWS:
            own = events.counts(n_cells, day - window * self.horizon_days, day)
            found += [own, past.ground.neighbours @ own - own]
        return found
