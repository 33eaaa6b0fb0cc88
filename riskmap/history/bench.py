"""Bench: kernels of many reaches and memories over one set of records."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from riskmap.history.ground import Floats, Placed, Places
from riskmap.history.kernels import Kernel
from riskmap.history.records import Records

FOREVER = float("inf")


@dataclass(frozen=True, kw_only=True)
class Memory:
    """How much an event still counts after some days.

    Parameters
    ----------
    half_life_days
        Days after which it counts half; infinite for never.
    window_days
        Days after which it no longer counts; infinite for never.
    by_place
        Whether all events of a cell together count as one: where it has happened
        before, however often.
    """

    half_life_days: float = FOREVER
    window_days: float = FOREVER
    by_place: bool = False

    @property
    def name(self) -> str:
        """Name: ``half365d``, ``last365d``, ``all`` or ``places``."""
        if self.by_place:
            return "places"
        if self.window_days < FOREVER:
            return f"last{self.window_days:g}d"
        return (
            f"half{self.half_life_days:g}d" if self.half_life_days < FOREVER else "all"
        )

    def weights(self, records: Records, day: int, *, least_watched: float) -> Floats:
        """Weigh each event before a day, of shape (n_events,), 0 from that day on.

        Where a cell was watched for a shorter time each record counts for more, at
        most 1 / ``least_watched`` times.
        """
        age = day - records.events.day
        known = (records.events.known_day <= day) & (age <= self.window_days)
        decay = np.exp2(-np.maximum(age, 0) / self.half_life_days)
        watched = records.coverage.discounted_days(
            day, self.half_life_days, at=records.events.cell
        )
        full = watched.max(initial=0.0)
        if full <= 0:
            return np.zeros(len(age))
        part = np.maximum(watched / full, least_watched)
        weights = np.where(known, decay / part, 0.0)
        if self.by_place:
            total = np.bincount(records.events.cell, weights)[records.events.cell]
            weights = np.divide(
                weights, total, out=np.zeros_like(weights), where=total > 0
            )
        return weights


@dataclass
class KernelBench:
    """Kernels of one set of records, worked out once and kept.

    Parameters
    ----------
    records
        The records.
    bandwidths_km
        Reaches, 0 for the cell's own count.
    memories
        Memories.
    least_watched
        See :class:`Memory`.
    """

    records: Records
    bandwidths_km: tuple[float, ...]
    memories: tuple[Memory, ...]
    least_watched: float
    _spread_at: dict[float, sparse.csr_matrix] = field(default_factory=dict)

    @property
    def events(self) -> Placed:
        """The events."""
        return self.records.events

    @cached_property
    def held(self) -> Places:
        """Cells that hold an event, ascending."""
        return np.unique(self.events.site_cell)

    @property
    def names(self) -> list[str]:
        """Name of each expert, reach by reach, as :meth:`shares_at` has them."""
        return [
            f"{bandwidth:g}km_{memory.name}"
            for bandwidth in self.bandwidths_km
            for memory in self.memories
        ]

    @property
    def n_sites(self) -> int:
        """How many sites."""
        return len(self.events.site_cell)

    def kernel(self, bandwidth_km: float) -> Kernel:
        """Take the kernel of one reach."""
        known = self.records.kernels
        if bandwidth_km not in known:
            known[bandwidth_km] = Kernel(
                ground=self.records.ground,
                events=self.events,
                bandwidth_km=bandwidth_km,
            )
        return known[bandwidth_km]

    def event_weights(self, day: int) -> Floats:
        """Weigh events by each memory: (n_memories, n_events)."""
        return np.array(
            [
                memory.weights(self.records, day, least_watched=self.least_watched)
                for memory in self.memories
            ]
        ).reshape(len(self.memories), len(self.events))

    def site_weights(self, event_weights: Floats) -> Floats:
        """Add event weights up by site: (n_sites, n_memories)."""
        return np.stack(
            [
                np.bincount(self.events.site, weights, minlength=self.n_sites)
                for weights in event_weights
            ],
            axis=1,
        )

    def shares_at(self, rows: Places, day: int, where: Floats) -> Floats:
        """Expect shares of the events at some cells, by each reach and memory.

        The result has shape (n_bandwidths * n_memories, n_rows), reach by reach; an
        expert that knows no event expects 0.
        """
        weights = self.site_weights(self.event_weights(day))
        found = []
        for bandwidth in self.bandwidths_km:
            mass = self.kernel(bandwidth).inside(where) @ weights
            spread = np.asarray(self._at(bandwidth, rows) @ weights).T
            scale = np.divide(1.0, mass, out=np.zeros_like(mass), where=mass > 0)
            found.append(spread * where[rows] * scale[:, None])
        return np.concatenate(found)

    def _at(self, bandwidth_km: float, rows: Places) -> sparse.csr_matrix:
        """Take the spread at cells that hold events, all worked out at once."""
        if bandwidth_km not in self._spread_at:
            self._spread_at[bandwidth_km] = self.kernel(bandwidth_km).at(self.held)
        return self._spread_at[bandwidth_km][np.searchsorted(self.held, rows)]
