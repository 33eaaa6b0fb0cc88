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
from scipy import sparse

from riskmap.history.bench import KernelBench, Memory
from riskmap.history.ground import Floats

# a cell that takes nearly all of its own kernel has no neighbourhood to speak of
MOST_OWN = 0.95


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
    """

    bench: KernelBench
    bandwidth_km: float
    shapes: tuple[float, ...]

    @property
    def names(self) -> list[str]:
        """Name of each expert."""
        return [f"cluster{self.bandwidth_km:g}km_a{shape:g}" for shape in self.shapes]

    @cached_property
    def _shares(self) -> sparse.csr_matrix:
        """Spread of the sites that are placed finely enough to tell their cell."""
        fine = ~self.bench.events.coarse_site
        shares = self.bench.kernel(self.bandwidth_km).shares
        return sparse.csr_matrix(shares @ sparse.diags_array(fine.astype(np.float64)))

    @cached_property
    def _own(self) -> Floats:
        """Share that each site spreads to its own cell."""
        cells = self.bench.events.site_cell
        columns = np.arange(len(cells))
        return np.asarray(self._shares[cells, columns]).reshape(-1)

    @cached_property
    def _own_of_cell(self) -> Floats:
        """The same, of the cell: the most that any of its sites keeps."""
        found = np.zeros(len(self.bench.records.ground))
        np.maximum.at(found, self.bench.events.site_cell, self._own)
        return np.minimum(found, MOST_OWN)

    def evidence(self, event_weights: Floats) -> tuple[Floats, Floats]:
        """Add up each cell's own records and those about it, (n_cells,) each."""
        events, n_cells = self.bench.events, len(self.bench.records.ground)
        weights = self.bench.site_weights(event_weights[None])[:, 0]
        weights = np.where(events.coarse_site, 0.0, weights)
        own = np.bincount(events.site_cell, weights, minlength=n_cells)
        kept = np.bincount(events.site_cell, weights * self._own, minlength=n_cells)
        around = np.maximum(self._shares @ weights - kept, 0.0)
        mean = np.asarray(around / (1 - self._own_of_cell), dtype=np.float64)
        return own.astype(np.float64), mean

    def event_weights(self, day: int) -> Floats:
        """Weigh events before a day alike, but for how long their cell was watched."""
        return Memory().weights(
            self.bench.records, day, least_watched=self.bench.least_watched
        )

    def shares(self, day: int, where: Floats) -> Floats:
        """Share the events of a horizon out over open ground, (n_shapes, n_cells)."""
        own, around = self.evidence(self.event_weights(day))
        found = np.array(
            [around * (shape + own) / (shape + around) for shape in self.shapes]
        )
        found = found * where
        total = found.sum(axis=1, keepdims=True)
        scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        return np.asarray(found * scale, dtype=np.float64)

    def parts(
        self, day: int, where: Floats, weights: Floats, recent_days: float
    ) -> tuple[Floats, Floats]:
        """Take the weighted shares apart: from recent records and from old ones.

        ``weights`` has shape (n_shapes,); the results (n_cells,) each.
        """
        events = self.event_weights(day)
        recent = day - self.bench.records.events.day <= recent_days
        own, around = self.evidence(events)
        new_own, new_around = self.evidence(np.where(recent, events, 0.0))
        new, old = np.zeros_like(own), np.zeros_like(own)
        for shape, weight in zip(self.shapes, weights.tolist(), strict=True):
            whole = around * (shape + own) / (shape + around) * where
            total = whole.sum()
            if total > 0:
                # the prior goes by what is about the cell, the rest by its own
                first = (new_around * shape + new_own * around) / (shape + around)
                scale = weight / total
                new += scale * first * where
                old += scale * (whole - first * where)
        return new, np.maximum(old, 0.0)
