"""Selection: the cells of highest score that a share of the area can hold.

Every group of touching cells that is chosen is at least as large as the smallest
zone. The choice is greedy: what adds most score per square kilometre comes first,
be it one cell beside a group or a new group of the smallest size. A cell that fills
a bay is preferred to one that makes a cape, so that zones are compact.
"""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

# each further chosen neighbour makes a cell beside a group worth this much more; on
# the sample's smoothed counts zones grow by 5 % and lose 0.2 % of the score
COMPACTNESS = 0.2

# what a cell leads to counts half: on raw counts, mostly zero, zones hold 2 % more
PROSPECT = 0.5

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """Cells with a value each, and which of them touch.

    Parameters
    ----------
    values
        Expected events per year, of shape (n_cells,), 0 or more.
    areas_km2
        Real areas, of shape (n_cells,).
    links
        As :func:`riskmap.neighbours.neighbour_matrix` makes them.
    """

    values: Floats
    areas_km2: Floats
    links: sparse.csr_matrix

    def subset(self, kept: Positions) -> "Graph":
        """Take some cells, in the order given.

        Parameters
        ----------
        kept
            Positions of the cells.

        Returns
        -------
        Graph
            The links among them only.

        Examples
        --------
        >>> links = sparse.csr_matrix(np.ones((2, 2)))
        >>> pair = Graph(values=np.ones(2), areas_km2=np.ones(2), links=links)
        >>> pair.subset(np.array([1])).values.tolist()
        [1.0]
        """
        return Graph(
            values=self.values[kept],
            areas_km2=self.areas_km2[kept],
            links=self.links[kept][:, kept].tocsr(),
        )


class _Choice:
    """What has been chosen so far, on plain lists, which are faster one by one."""

    def __init__(self, graph: Graph, smallest_km2: float) -> None:
        links = graph.links.tocsr()
        links.sort_indices()
        self.first = links.indptr.tolist()
        self.near = links.indices.tolist()
        self.values = graph.values.tolist()
        self.areas = graph.areas_km2.tolist()
        density = graph.values / graph.areas_km2
        self.density = density.tolist()
        # a cell and the best it leads to
        best_near = np.maximum.reduceat(density[links.indices], links.indptr[:-1])
        self.prospect = (density + PROSPECT * best_near).tolist()
        self.smallest_km2 = smallest_km2
        self.taken = [False] * len(self.values)

    def neighbours(self, cell: int) -> list[int]:
        """List a cell and those that touch it."""
        near: list[int] = self.near[self.first[cell] : self.first[cell + 1]]
        return near

    def touches(self, cell: int) -> bool:
        """Tell whether a cell is beside a chosen one."""
        return any(self.taken[other] for other in self.neighbours(cell))

    def block(self, seed: int) -> list[int]:
        """Grow a seed until it is a zone or touches one; empty if it cannot.

        Once by density and once by prospect; the denser block is taken.
        """
        blocks = [self.grow(seed, by) for by in (self.density, self.prospect)]
        return max(blocks, key=lambda block: self.worth(block) if block else -1.0)

    def grow(self, seed: int, by: list[float]) -> list[int]:
        """Grow a seed by the best neighbour until it is a zone or touches one."""
        block, seen = [], {seed}
        edge = [(-by[seed], seed)]
        area_km2 = 0.0
        while edge:
            cell = heapq.heappop(edge)[1]
            block.append(cell)
            area_km2 += self.areas[cell]
            if area_km2 >= self.smallest_km2 or self.touches(cell):
                return block
            for other in self.neighbours(cell):
                if other not in seen:
                    seen.add(other)
                    heapq.heappush(edge, (-by[other], other))
        return []

    def pull(self, cell: int) -> float:
        """Weigh a cell beside a group: its density, more if it fills a bay."""
        beside = sum(self.taken[other] for other in self.neighbours(cell))
        return float(self.density[cell] * (1 + COMPACTNESS * max(beside - 1, 0)))

    def worth(self, block: list[int]) -> float:
        """Weigh a block by its score per square kilometre."""
        if len(block) == 1:
            return self.pull(block[0])
        value = sum(self.values[cell] for cell in block)
        return float(value / sum(self.areas[cell] for cell in block))


def select_cells(
    graph: Graph, *, budget_km2: float, smallest_km2: float
) -> npt.NDArray[np.bool_]:
    """Choose cells of high score so that each group that touches is large enough.

    Parameters
    ----------
    graph
        Cells that may be chosen.
    budget_km2
        Area that may be chosen.
    smallest_km2
        Smallest area of a group of touching cells.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        True for a chosen cell. Cells of value 0 are chosen only to make a group
        large enough.

    Examples
    --------
    >>> chain = sparse.diags([1.0] * 3, [-1, 0, 1], shape=(5, 5)).tocsr()
    >>> values = np.array([5.0, 0.0, 0.0, 2.0, 2.0])
    >>> graph = Graph(values=values, areas_km2=np.ones(5), links=chain)
    >>> select_cells(graph, budget_km2=2, smallest_km2=2).tolist()
    [True, True, False, False, False]
    """
    if graph.values.size == 0:
        return np.zeros(0, dtype=bool)
    choice = _Choice(graph, smallest_km2)
    # an upper bound at first: the true worth is worked out when its turn comes
    queue = [(-choice.density[cell], cell) for cell in _peaks(graph).tolist()]
    heapq.heapify(queue)
    left_km2 = budget_km2
    least_km2 = min(choice.areas, default=0.0)
    while queue and left_km2 >= least_km2:
        key, seed = heapq.heappop(queue)
        block = [] if choice.taken[seed] else choice.block(seed)
        if not block:
            continue
        worth = choice.worth(block)
        if queue and -worth > queue[0][0] and -worth > key:
            heapq.heappush(queue, (-worth, seed))
            continue
        area_km2 = sum(choice.areas[cell] for cell in block)
        if area_km2 > left_km2:
            continue
        left_km2 -= area_km2
        for cell in block:
            choice.taken[cell] = True
        for cell in block:
            for other in choice.neighbours(cell):
                if not choice.taken[other] and choice.density[other] > 0:
                    heapq.heappush(queue, (-choice.pull(other), other))
    return np.array(choice.taken, dtype=bool)


def _peaks(graph: Graph) -> Positions:
    """List the cells that no neighbour exceeds; among equals the first is the peak."""
    density = graph.values / graph.areas_km2
    place = np.empty(density.size, dtype=np.intp)
    place[np.argsort(-density, kind="stable")] = np.arange(density.size)
    # every row holds at least the cell itself
    best_near = np.minimum.reduceat(place[graph.links.indices], graph.links.indptr[:-1])
    return np.flatnonzero((best_near == place) & (density > 0))
