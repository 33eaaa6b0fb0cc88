"""Baselines of open_cp 0.2.0 (QuantCrimAtLeeds/PredictCode): its published algorithms.

Written anew from their description, on the cells of riskmap instead of squares:
retrospective and prospective hot-spotting with a quartic kernel, and Gaussian kernel
densities by Scott's rule and with each event's reach set by its neighbours.
"""

from collections.abc import Mapping

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from riskmap.evaluation.baselines import Forecaster, floored
from riskmap.history.ground import Floats
from riskmap.history.lattice import lattice_over
from riskmap.history.records import Records

# the window whose map foretold best among those tried in design/science.md 6.2
RETROSPECTIVE_DAYS = 365

# the quartic kernel's reach and the unit of distance, in edges of a cell
QUARTIC_EDGES = 4.0
UNIT_EDGES = 1.0

# prospective: eight weeks and eight units, the algorithm's own
PROSPECTIVE_BANDS = 8
WEEK_DAYS = 7

# open_cp's nearest-neighbour density: this neighbour sets an event's reach
NEIGHBOUR = 15

# with fewer events there is no covariance
FEWEST_EVENTS = 3
CUT_WIDTHS = 4.0

# points of the lattice to each width: above the mean density within 0.3 % of what
# pair by pair gives
SCOTT_STEPS = 8.0
MOST_POINTS = 4e6


def retrospective_hotspot(records: Records, horizon_days: int) -> Floats:
    r"""Expect the events of the last 365 days, each through a quartic kernel.

    :math:`(1 - d^2 / h^2)^2` up to *h*, as ``RetroHotSpot``.
    """
    age = records.as_of_day - records.events.day
    recent = (age > 0) & (age <= RETROSPECTIVE_DAYS)
    reach = QUARTIC_EDGES * records.ground.edge_km
    rows, events, apart = _apart(records, recent, reach)
    value = (1 - (apart / reach) ** 2) ** 2
    return _mapped(records, horizon_days, rows, events, value)


def prospective_hotspot(records: Records, horizon_days: int) -> Floats:
    r"""Expect :math:`\sum \frac{1}{1+d} \frac{1}{1+w}` of the last eight weeks.

    *d* and *w* the whole units of distance and weeks between, as ``ProspectiveHotSpot``
    by its classic weight.
    """
    age = records.as_of_day - 1 - records.events.day
    recent = (age >= 0) & (age < PROSPECTIVE_BANDS * WEEK_DAYS)
    unit = UNIT_EDGES * records.ground.edge_km
    rows, events, apart = _apart(records, recent, PROSPECTIVE_BANDS * unit)
    weeks = np.floor(age[events] / WEEK_DAYS)
    value = 1 / (1 + np.floor(apart / unit)) / (1 + weeks)
    return _mapped(records, horizon_days, rows, events, value)


def scott_density(records: Records, horizon_days: int) -> Floats:
    """Expect a Gaussian kernel density of all events, its reach by Scott's rule.

    The covariance of the events times n to the power of -1/3, as ``KDE`` and SciPy's.
    """
    xy = records.events.site_xy_km[records.events.site]
    if len(xy) < FEWEST_EVENTS:
        return floored(np.zeros(len(records.ground)), records, horizon_days)
    spread = np.cov(xy.T) * len(xy) ** (-1 / 3)
    root = np.linalg.cholesky(spread + 1e-6 * np.eye(2))
    sites, cells = (
        np.asarray(np.linalg.solve(root, xy_km.T).T, dtype=np.float64)
        for xy_km in (records.events.site_xy_km, records.ground.xy_km)
    )
    weight = np.bincount(records.events.site, minlength=len(sites)).astype(np.float64)
    # standard units: the kernel is as wide as 1 along each axis
    lattice = lattice_over(np.concatenate([cells, sites]), 1.0, steps=SCOTT_STEPS)
    if np.prod(lattice.shape, dtype=np.float64) <= MOST_POINTS:
        laid = lattice.between(cells) @ lattice.blur(lattice.between(sites).T @ weight)
    else:
        # events all in one place: a kernel so narrow touches few cells
        near = cKDTree(cells).sparse_distance_matrix(
            cKDTree(sites), CUT_WIDTHS, output_type="coo_matrix"
        )
        value = np.exp(-0.5 * near.data**2) * weight[near.col]
        laid = np.bincount(near.row, value, minlength=len(cells))
    found = laid * records.ground.area_km2 * records.watched
    return floored(found, records, horizon_days)


def neighbour_density(records: Records, horizon_days: int) -> Floats:
    """Expect a Gaussian density, each event as wide as its 15th neighbour is far.

    As ``KthNearestNeighbourGaussianKDE``; at least a quarter of a cell's edge.
    """
    xy = records.events.site_xy_km[records.events.site]
    if len(xy) <= NEIGHBOUR:
        return floored(np.zeros(len(records.ground)), records, horizon_days)
    far = cKDTree(xy).query(xy, k=NEIGHBOUR + 1)[0][:, -1]
    width = np.maximum(far, 0.25 * records.ground.edge_km)
    # widths on a ladder, so that like events are spread together
    rung = np.exp(np.rint(np.log(width) * 4) / 4)
    found, tree = np.zeros(len(records.ground)), cKDTree(records.ground.xy_km)
    for w in np.unique(rung).tolist():
        some = cKDTree(xy[rung == w])
        near = tree.sparse_distance_matrix(
            some, CUT_WIDTHS * w, output_type="coo_matrix"
        )
        value = np.exp(-0.5 * (near.data / w) ** 2) / w**2
        found += np.bincount(near.row, value, minlength=len(found))
    found = found * records.ground.area_km2 * records.watched
    return floored(found, records, horizon_days)


Near = tuple[
    "np.ndarray[tuple[int], np.dtype[np.intp]]",
    "np.ndarray[tuple[int], np.dtype[np.intp]]",
    Floats,
]


def _apart(
    records: Records,
    which: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    reach_km: float,
) -> Near:
    """List cells near some events: cell, event, distance in km."""
    chosen = np.flatnonzero(which)
    none = np.zeros(0, dtype=np.intp)
    if not len(chosen):
        return none, none, np.zeros(0)
    xy = records.events.site_xy_km[records.events.site[chosen]]
    near = cKDTree(records.ground.xy_km).sparse_distance_matrix(
        cKDTree(xy), reach_km, output_type="coo_matrix"
    )
    return near.row.astype(np.intp), chosen[near.col], near.data


def _mapped(
    records: Records,
    horizon_days: int,
    rows: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    events: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    value: Floats,
) -> Floats:
    """Add what each event lays on each cell."""
    shape = (len(records.ground), max(len(records.events), 1))
    laid = sparse.csr_matrix((value, (rows, events)), shape=shape)
    found = np.asarray(laid.sum(axis=1)).reshape(-1)
    found = found * records.ground.area_km2 * records.watched
    return floored(found, records, horizon_days)


OPEN_CP_BASELINES: Mapping[str, Forecaster] = {
    "open_cp_retrospective_365d": retrospective_hotspot,
    "open_cp_prospective": prospective_hotspot,
    "open_cp_kde_scott": scott_density,
    "open_cp_kde_neighbours": neighbour_density,
}
