r"""Kernels: events spread over cells by Gaussians of many widths.

A kernel of bandwidth *b* spreads an event over the cells about it by a Gaussian of
standard deviation :math:`\sqrt{b^2 + s^2}` along each axis, *s* being how far the
record itself may be off; its shares over the cells add up to 1, also at the edge.
At bandwidth 0 all of it stays in the cell where it was recorded; a record placed so
coarsely that its cell is not known is then left out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from riskmap import cells as h3_cells
from riskmap.history.ground import Floats, Ground, Placed, Places
from riskmap.history.lattice import CUT_WIDTHS

# widths are rounded to quarter octaves, so that few are computed: at most 9 % off
RUNGS_PER_OCTAVE = 4
FINEST_KM = 0.05

# below this many edges of a cell a kernel is drawn by points, not by centres
POINTS_BELOW_EDGES = 0.9
POINTS = 61

# up to this width each event touches its own few cells; above, a lattice is blurred
LATTICE_ABOVE_KM = 6.5

GOLDEN_ANGLE_RAD = np.pi * (3 - np.sqrt(5))


def sunflower(n_points: int) -> Floats:
    """Spread points like a standard Gaussian of two dimensions, without chance.

    Parameters
    ----------
    n_points
        How many.

    Returns
    -------
    numpy.ndarray of shape (n_points, 2)
        Radii at the middle quantiles of the Rayleigh distribution, each point a
        golden angle (Vogel 1979) from the last.

    Examples
    --------
    >>> sunflower(2000).std(axis=0).round(2).tolist()
    [1.0, 1.0]
    """
    rank = np.arange(n_points)
    radius = np.sqrt(-2 * np.log1p(-(rank + 0.5) / n_points))
    turn = rank * GOLDEN_ANGLE_RAD
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])


def rungs(width_km: Floats) -> Floats:
    """Round widths to a ladder of quarter octaves.

    Parameters
    ----------
    width_km
        Standard deviations, of shape (n,).

    Returns
    -------
    numpy.ndarray of shape (n,)
        The nearest rung, never below 50 m.

    Examples
    --------
    >>> rungs(np.array([0.0, 1.0, 5.1])).round(3).tolist()
    [0.05, 0.951, 5.382]
    """
    step = np.rint(
        RUNGS_PER_OCTAVE * np.log2(np.maximum(width_km, FINEST_KM) / FINEST_KM)
    )
    return np.asarray(FINEST_KM * 2 ** (step / RUNGS_PER_OCTAVE))


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """One bandwidth for all sites: how each is spread over the cells.

    Parameters
    ----------
    ground
        The cells.
    events
        The sites to spread.
    bandwidth_km
        Standard deviation along each axis, 0 or more.
    """

    ground: Ground
    events: Placed
    bandwidth_km: float

    @cached_property
    def width_km(self) -> Floats:
        """Width of each site's spread on the ladder; 0 keeps it in its cell."""
        if self.bandwidth_km == 0:
            return np.zeros_like(self.events.site_spread_km)
        return rungs(np.hypot(self.bandwidth_km, self.events.site_spread_km))

    @cached_property
    def _insides(self) -> list[tuple[Floats, Floats]]:
        return []

    @cached_property
    def _near(self) -> Places:
        known = (self.bandwidth_km > 0) | ~self.events.coarse_site
        return np.flatnonzero(known & (self.width_km <= LATTICE_ABOVE_KM))

    @cached_property
    def _far(self) -> dict[float, Places]:
        widths = np.unique(self.width_km[self.width_km > LATTICE_ABOVE_KM])
        return {w: np.flatnonzero(self.width_km == w) for w in widths.tolist()}

    @cached_property
    def _sites_on(self) -> dict[float, sparse.csr_matrix]:
        """Far sites on the lattice of their width."""
        xy_km, far = self.events.site_xy_km, self._far.items()
        return {w: self.ground.lattice(w)[0].between(xy_km[sites]) for w, sites in far}

    def _to_sites(self, w: float, cell_weights: Floats) -> Floats:
        """Blur weights of cells, read at the far sites."""
        lattice, cells_on = self.ground.lattice(w)
        laid = cells_on.T @ cell_weights
        return np.asarray(self._sites_on[w] @ lattice.blur(laid))

    @cached_property
    def _room(self) -> dict[float, Floats]:
        """Share of each far site's Gaussian that falls on cells."""
        return {w: self._to_sites(w, self.ground.area_km2) for w in self._far}

    @cached_property
    def shares(self) -> sparse.csr_matrix:
        """Spread of the near sites: (n_cells, n_sites), columns add up to 1."""
        return near_shares(self.ground, self.events, self.width_km, self._near)

    def inside(self, where: Floats) -> Floats:
        """Measure how much of each site's spread falls where something is open.

        ``where`` is a share for each cell, 0 to 1; the result has shape (n_sites,), and
        is worked out once for equal shares.
        """
        for known, answer in self._insides:
            if known is where or np.array_equal(known, where):
                return answer
        answer = self._inside(where)
        self._insides.append((where, answer))
        return answer

    def _inside(self, where: Floats) -> Floats:
        found = np.asarray(self.shares.T @ where)
        for w, sites in self._far.items():
            blurred = self._to_sites(w, self.ground.area_km2 * where)
            found[sites] = _over(blurred, self._room[w])
        return found

    def spread(self, weights: Floats) -> Floats:
        """Spread weighted sites over all cells.

        ``weights`` has shape (n_sites,); the result (n_cells,) adds up to the same,
        but for what a lattice rounds.
        """
        found = np.asarray(self.shares @ weights)
        for w, sites in self._far.items():
            if weights[sites].any():
                lattice, cells_on = self.ground.lattice(w)
                laid = self._sites_on[w].T @ _over(weights[sites], self._room[w])
                density = cells_on @ lattice.blur(laid)
                found += self.ground.area_km2 * density
        return found

    @cached_property
    def _ats(self) -> list[tuple[Places, sparse.csr_matrix]]:
        return []

    def at(self, rows: Places) -> sparse.csr_matrix:
        """Take the spread at a few cells: (n_rows, n_sites), once for equal cells."""
        for known, answer in self._ats:
            if np.array_equal(known, rows):
                return answer
        answer = self._at(rows)
        self._ats.append((rows, answer))
        return answer

    def _at(self, rows: Places) -> sparse.csr_matrix:
        near = self.shares[rows]
        if not self._far:
            return near
        tree = cKDTree(self.ground.xy_km[rows])
        parts = [near]
        for w, sites in self._far.items():
            apart = tree.sparse_distance_matrix(
                cKDTree(self.events.site_xy_km[sites]),
                CUT_WIDTHS * w,
                output_type="coo_matrix",
            )
            density = np.exp(-0.5 * (apart.data / w) ** 2) / (2 * np.pi * w**2)
            value = density * self.ground.area_km2[rows][apart.row]
            value = _over(value, self._room[w][apart.col])
            place = (apart.row, sites[apart.col])
            parts.append(sparse.csr_matrix((value, place), shape=near.shape))
        return sum(parts[1:], parts[0])


def _over(mass: Floats, room: Floats) -> Floats:
    """Divide by the room about each site; where a few cells are all, there is none."""
    return np.divide(mass, room, out=np.zeros_like(mass), where=room > 0)


def near_shares(
    ground: Ground, events: Placed, width_km: Floats, sites: Places
) -> sparse.csr_matrix:
    """Spread some sites over the cells about them.

    Parameters
    ----------
    ground
        The cells.
    events
        All sites.
    width_km
        Standard deviation for each site, of shape (n_sites,); 0 keeps a site whole in
        its own cell.
    sites
        Positions of the sites to spread.

    Returns
    -------
    scipy.sparse.csr_matrix of shape (n_cells, n_sites)
        Columns of these sites add up to 1, the others are empty.

    Examples
    --------
    >>> index = h3_cells.cell_index([614553222213795839])
    >>> from riskmap.history.ground import lay_ground
    >>> ground = lay_ground(h3_cells.cell_centres(index).assign(area_km2=0.55))
    >>> none = np.zeros(0)
    >>> events = Placed(day=none.astype(int), known_day=none.astype(int),
    ...     site=none.astype(int),
    ...     site_cell=np.array([0]), site_xy_km=np.zeros((1, 2)),
    ...     site_lonlat=np.zeros((1, 2)), site_spread_km=np.zeros(1))
    >>> near_shares(ground, events, np.zeros(1), np.array([0])).toarray().tolist()
    [[1.0]]
    """
    shape = (len(ground), len(width_km))
    width = width_km[sites]
    whole, wide = sites[width == 0], sites[width >= POINTS_BELOW_EDGES * ground.edge_km]
    narrow = sites[(width > 0) & (width < POINTS_BELOW_EDGES * ground.edge_km)]
    rows, columns, values = [events.site_cell[whole]], [whole], [np.ones(len(whole))]
    for row, column, value in (
        _by_points(ground, events, width_km, narrow),
        _by_centres(ground, events, width_km, wide),
    ):
        rows.append(row)
        columns.append(column)
        values.append(value)
    found = sparse.csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=shape,
    )
    total = np.asarray(found.sum(axis=0)).reshape(-1)
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return sparse.csr_matrix(found @ sparse.diags_array(scale))


Entries = tuple[Places, Places, Floats]


def _by_points(
    ground: Ground, events: Placed, width_km: Floats, sites: Places
) -> Entries:
    """Spread narrow sites by points, each in the cell that holds it."""
    petals = sunflower(POINTS)
    x, y = events.site_lonlat[sites, 0], events.site_lonlat[sites, 1]
    east_deg, north_deg = _degrees_per_km(y)
    spread = width_km[sites][:, None]
    cell = h3_cells.points_to_cells(
        (x[:, None] + petals[:, 0] * spread * east_deg[:, None]).reshape(-1),
        (y[:, None] + petals[:, 1] * spread * north_deg).reshape(-1),
        ground.resolution,
    )
    rows = ground.index.get_indexer(cell)
    columns = np.repeat(sites, POINTS)
    held = rows >= 0
    lost = np.setdiff1d(sites, columns[held])
    rows = np.concatenate([rows[held], events.site_cell[lost]])
    columns = np.concatenate([columns[held], lost])
    return rows, columns, np.ones(len(rows))


def _by_centres(
    ground: Ground, events: Placed, width_km: Floats, sites: Places
) -> Entries:
    """Spread wider sites by the Gaussian at each cell's centre."""
    found: list[Entries] = []
    tree = cKDTree(ground.xy_km) if len(sites) else None
    for w in np.unique(width_km[sites]).tolist():
        alike = sites[width_km[sites] == w]
        apart = tree.sparse_distance_matrix(  # type: ignore[union-attr]
            cKDTree(events.site_xy_km[alike]),
            CUT_WIDTHS * w,
            output_type="coo_matrix",
        )
        value = np.exp(-0.5 * (apart.data / w) ** 2) * ground.area_km2[apart.row]
        found.append((apart.row.astype(np.intp), alike[apart.col], value))
    if not found:
        return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0)
    rows, columns, values = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


# one degree of latitude on the authalic sphere of radius 6,371.007 km (GRS 80)
KM_PER_DEG = 111.195


def _degrees_per_km(y: Floats) -> tuple[Floats, float]:
    """Turn kilometres into degrees near a latitude: east, north."""
    return 1 / (KM_PER_DEG * np.cos(np.radians(y))), 1 / KM_PER_DEG
