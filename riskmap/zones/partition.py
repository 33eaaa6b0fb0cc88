"""Partition: a large group of touching cells into compact zones of limited size."""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from riskmap.zones.selection import Floats, Graph, Positions


def split_group(
    graph: Graph, members: Positions, *, largest_km2: float, smallest_km2: float
) -> list[Positions]:
    """Split touching cells into zones within the limits, each of touching cells.

    A group is halved between its two ends: each cell goes to the end that it is
    fewer steps from. Both halves hang together, since a step towards an end never
    brings a cell nearer to the other, and the cut is as short as a bisector.

    Parameters
    ----------
    graph
        All cells.
    members
        Positions of the group's cells, which hang together, sorted.
    largest_km2, smallest_km2
        Limits of a zone's area.

    Returns
    -------
    list of numpy.ndarray
        Positions of each zone's cells, sorted. Cells that no zone within the limits
        can hold are left out.

    Examples
    --------
    >>> chain = sparse.diags([1.0] * 3, [-1, 0, 1], shape=(5, 5)).tocsr()
    >>> graph = Graph(values=np.ones(5), areas_km2=np.ones(5), links=chain)
    >>> zones = split_group(graph, np.arange(5), largest_km2=3, smallest_km2=1)
    >>> [zone.tolist() for zone in zones]
    [[3, 4], [0, 1, 2]]
    """
    done, queue = [], [members]
    while queue:
        group = queue.pop()
        areas = graph.areas_km2[group]
        total_km2 = float(areas.sum())
        if total_km2 < smallest_km2:
            continue
        if total_km2 <= largest_km2 or group.size == 1:
            done.append(group)
            continue
        links = graph.links[group][:, group].tocsr()
        parts = int(np.ceil(total_km2 / largest_km2))
        near = _nearer_half(links, areas, share=(parts // 2) / parts)
        queue.extend([group[~near], group[near]])
    return done


def _nearer_half(
    links: sparse.csr_matrix, areas: Floats, *, share: float
) -> npt.NDArray[np.bool_]:
    """Mark the cells on one end's side, so that they hold about a share of the area."""
    one = _steps(links, 0)
    one_end = int(np.argmax(one))
    from_one = _steps(links, one_end)
    other_end = int(np.argmax(from_one))
    lean = from_one - _steps(links, other_end)
    # whole ranks of equal lean: cutting inside a rank could tear the farther part
    ranks, rank = np.unique(lean, return_inverse=True)
    area_up_to = np.cumsum(np.bincount(rank, weights=areas))
    goal = share * float(areas.sum())
    # never the last rank, so that both parts hold something
    cut = int(np.argmin(np.abs(area_up_to[:-1] - goal))) if ranks.size > 1 else 0
    return np.asarray(rank <= cut)


def _steps(links: sparse.csr_matrix, start: int) -> Floats:
    """Count the steps from one cell to each."""
    return np.asarray(
        csgraph.dijkstra(links, directed=False, unweighted=True, indices=start),
        dtype=np.float64,
    )
