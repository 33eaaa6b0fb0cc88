r"""Clusters: cells judged by their own records and by those about them.

A gamma-Poisson posterior: a cell's rate has a gamma prior whose mean *m* is what the
records about it, its own left out, would spread over it, and whose shape is *a*; with
*n* records of its own its posterior mean is in proportion to
:math:`\frac{m (a + n)}{a + m}` (Clayton & Kaldor 1987; design/science.md 6). Many
records about a cell count for less than their sum, lone ones for little.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from riskmap.history.bench import KernelBench, Memory
from riskmap.history.ground import Floats, Places

# a cell that takes nearly all of its own kernel has no neighbourhood to speak of
MOST_OWN = 0.95

FOREVER_MEMORY = Memory()


@dataclass(kw_only=True)
class ClusterBench:
    """Posteriors of one reach and several shapes over one set of records.

    Parameters
    ----------
    bench
        Kernels of the records.
    bandwidth_km
        Reach of the prior's mean.
    shapes
        Shapes *a*: trust in the neighbourhood, in events.
    memory
        How much an event still counts after some days.
    """

    bench: KernelBench
    bandwidth_km: float
    shapes: tuple[float, ...]
    memory: Memory = FOREVER_MEMORY

    @property
    def names(self) -> list[str]:
        """Name of each expert."""
        reach, memory = f"cluster{self.bandwidth_km:g}km", self.memory.name
        return [f"{reach}_{memory}_a{shape:g}" for shape in self.shapes]

    @cached_property
    def touched(self) -> Places:
        """Cells that a record reaches or stands in, ascending; elsewhere all is 0."""
        shares = self.bench.kernel(self.bandwidth_km).shares
        return np.union1d(np.flatnonzero(np.diff(shares.indptr)), self.bench.held)

    @cached_property
    def _place(self) -> Places:
        """Position of each site's cell among those touched."""
        return np.searchsorted(self.touched, self.bench.events.site_cell)

    @cached_property
    def _shares(self) -> sparse.csr_matrix:
        """Spread over touched cells, of sites placed finely enough to tell theirs."""
        fine = (~self.bench.events.coarse_site).astype(np.float64)
        shares = self.bench.kernel(self.bandwidth_km).shares[self.touched]
        return sparse.csr_matrix(shares @ sparse.diags_array(fine))

    @cached_property
    def _own(self) -> Floats:
        """Share that each site spreads to its own cell."""
        columns = np.arange(len(self._place))
        if not len(columns):
            return np.zeros(0)
        return np.asarray(self._shares[self._place, columns]).reshape(-1)

    def _own_of_cell(self, known: npt.NDArray[np.bool_]) -> Floats:
        """Find the same of each cell: the most that any of its known sites keeps."""
        found = np.zeros(len(self.touched))
        np.maximum.at(found, self._place[known], self._own[known])
        return np.minimum(found, MOST_OWN)

    def evidence(
        self, event_weights: Floats, known_weights: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Add up own records and those about, for each touched cell.

        ``known_weights`` are those of all that is known, if the first are of a part.
        """
        weights = self.bench.site_weights(event_weights[None])[:, 0]
        weights = np.where(self.bench.events.coarse_site, 0.0, weights)
        size = len(self.touched)
        own = np.bincount(self._place, weights, minlength=size)
        kept = np.bincount(self._place, weights * self._own, minlength=size)
        around = np.maximum(self._shares @ weights - kept, 0.0)
        # a site of which nothing is known yet must not tell where it will be
        every = event_weights if known_weights is None else known_weights
        known = self.bench.site_weights(every[None])[:, 0] > 0
        mean = np.asarray(around / (1 - self._own_of_cell(known)), dtype=np.float64)
        return own.astype(np.float64), mean

    def own_records(self, day: int) -> Floats:
        """Count each cell's own records before a day, (n_cells,)."""
        found = np.zeros(len(self.bench.records.ground))
        found[self.touched] = self.evidence(self.event_weights(day))[0]
        return found

    def event_weights(self, day: int) -> Floats:
        """Weigh events before a day by age and by how long their cell was watched."""
        return self.memory.weights(
            self.bench.records, day, least_watched=self.bench.least_watched
        )

    def shares_at(self, rows: Places, day: int, where: Floats) -> Floats:
        """Expect shares of the events at cells that hold some, (n_shapes, n_rows)."""
        own, around = self.evidence(self.event_weights(day))
        place, here = np.searchsorted(self.touched, rows), where[self.touched]
        found = np.zeros((len(self.shapes), len(rows)))
        for rank, shape in enumerate(self.shapes):
            whole = around * (shape + own) / (shape + around) * here
            total = whole.sum()
            if total > 0:
                found[rank] = whole[place] / total
        return found

    def parts(
        self, day: int, where: Floats, weights: Floats, recent_days: float
    ) -> tuple[Floats, Floats]:
        """Take the weighted shares apart: from recent records and from old ones.

        ``weights`` has shape (n_shapes,); the results (n_cells,) each.
        """
        events, here = self.event_weights(day), where[self.touched]
        recent = day - self.bench.records.events.day <= recent_days
        own, around = self.evidence(events)
        new_own, new_around = self.evidence(np.where(recent, events, 0.0), events)
        new, old = np.zeros((2, len(self.bench.records.ground)))
        for shape, weight in zip(self.shapes, weights.tolist(), strict=True):
            whole = around * (shape + own) / (shape + around) * here
            total = whole.sum()
            if total > 0:
                # the prior goes by what is about the cell, the rest by its own
                first = (new_around * shape + new_own * around) / (shape + around)
                first = np.minimum(first * here, whole)
                new[self.touched] += weight / total * first
                old[self.touched] += weight / total * (whole - first)
        return new, old
