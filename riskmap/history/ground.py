"""Ground and placed events: cells on a plane in kilometres, incidents put upon them."""

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy import sparse

from riskmap import cells as h3_cells
from riskmap.crs import STORAGE_CRS, metric_crs_for
from riskmap.history.accuracy import only_area
from riskmap.history.lattice import Lattice, lattice_over
from riskmap.neighbours import neighbour_matrix

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

M_PER_KM = 1_000.0

# a uniform disc of radius r has standard deviation r / 2 along each axis
DISC_SPREAD = 0.5

# a record placed no better than this stands at a reference point, such as the middle
# of a municipality: it tells nothing of the cell that holds the point
PINNED_ACCURACY_KM = 10.0

# a record known only to its county or municipio is never pinned, however small that is
AREA_ACCURACY_M = 1.001 * PINNED_ACCURACY_KM * M_PER_KM

EPOCH = pd.Timestamp("1970-01-01", tz="UTC")


def day_number(when: pd.Timestamp | str) -> int:
    """Count the days from 1970-01-01 to a date, UTC.

    Parameters
    ----------
    when
        A date, with or without a time zone; without one it is taken as UTC.

    Returns
    -------
    int
        Whole days, negative before 1970.

    Examples
    --------
    >>> day_number("1970-01-11")
    10
    """
    stamp = pd.Timestamp(when)
    stamp = stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")
    return int((stamp - EPOCH).days)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Cells laid on one equal-area plane.

    Parameters
    ----------
    cells
        Cell table, as :mod:`riskmap.boundary` makes it.
    crs
        The plane, metres.
    xy_km
        Centres on the plane, of shape (n_cells, 2), kilometres.
    """

    cells: pd.DataFrame
    crs: pyproj.CRS
    xy_km: Floats

    @property
    def index(self) -> pd.Index:
        """The cell index."""
        return self.cells.index

    @property
    def area_km2(self) -> Floats:
        """Real area of each cell."""
        return np.asarray(self.cells["area_km2"], dtype=np.float64)

    @property
    def resolution(self) -> int:
        """H3 resolution."""
        return h3_cells.resolution_of(self.index)

    @property
    def edge_km(self) -> float:
        """Edge of a regular hexagon as large as the median cell."""
        return float(np.sqrt(np.median(self.area_km2) * 2 / (3 * np.sqrt(3))))

    @cached_property
    def neighbours(self) -> sparse.csr_matrix:
        """Which cells touch, each with itself: (n_cells, n_cells) of 1."""
        return neighbour_matrix(self.index)

    @cached_property
    def _lattices(self) -> dict[float, tuple[Lattice, sparse.csr_matrix]]:
        return {}

    def lattice(self, width_km: float) -> tuple[Lattice, sparse.csr_matrix]:
        """Lay a lattice for one width of blur, and the cells on it; once for all."""
        if width_km not in self._lattices:
            lattice = lattice_over(self.xy_km, width_km)
            self._lattices[width_km] = lattice, lattice.between(self.xy_km)
        return self._lattices[width_km]

    def __len__(self) -> int:
        return len(self.cells)


def lay_ground(cells: pd.DataFrame) -> Ground:
    """Lay cells on an equal-area plane about their middle.

    Parameters
    ----------
    cells
        Cell table with ``x``, ``y`` (degrees, EPSG:4326) and ``area_km2``, at least
        one row.

    Returns
    -------
    Ground
        The cells in the order given, their centres in kilometres; lengths over the
        whole border are off by at most 0.25 %.

    Examples
    --------
    >>> index = h3_cells.cell_index([614553222213795839])
    >>> table = h3_cells.cell_centres(index).assign(area_km2=0.55)
    >>> lay_ground(table).xy_km.shape
    (1, 2)
    """
    corners = shapely.points(
        [cells["x"].min(), cells["x"].max()], [cells["y"].min(), cells["y"].max()]
    )
    crs = metric_crs_for(gpd.GeoSeries(corners, crs=STORAGE_CRS))
    return Ground(cells=cells, crs=crs, xy_km=to_plane_km(crs, cells["x"], cells["y"]))


def to_plane_km(crs: pyproj.CRS, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
    """Project degrees to kilometres on a plane.

    Parameters
    ----------
    crs
        The plane, metres.
    x, y
        Longitude and latitude in degrees (EPSG:4326), of shape (n,).

    Returns
    -------
    numpy.ndarray of shape (n, 2)
        Kilometres.

    Examples
    --------
    >>> plane = pyproj.CRS.from_proj4("+proj=laea +lat_0=31 +lon_0=-110 +units=m")
    >>> to_plane_km(plane, [-110.0], [31.0]).round(6).tolist()
    [[0.0, 0.0]]
    """
    transformer = pyproj.Transformer.from_crs(STORAGE_CRS, crs, always_xy=True)
    east, north = transformer.transform(
        np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    )
    return np.column_stack([east, north]) / M_PER_KM


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Events of one target upon the ground, in order of time.

    Events at one place with one accuracy share a *site*, so that a town with a
    thousand records is smoothed once.

    Parameters
    ----------
    day
        Day number of each event, of shape (n_events,), ascending.
    known_day
        First day on which it was certainly over.
    site
        Position of its site, of shape (n_events,).
    site_cell
        Position of the cell that holds each site, of shape (n_sites,).
    site_xy_km
        Where each site lies, of shape (n_sites, 2).
    site_lonlat
        The same in degrees (EPSG:4326).
    site_spread_km
        How far a record may be from where it says, as a standard deviation along
        each axis, of shape (n_sites,).
    site_is_area
        Whether all that is known of each site is its county or municipio; None if of
        none.
    """

    day: npt.NDArray[np.int64]
    known_day: npt.NDArray[np.int64]
    site: Places
    site_cell: Places
    site_xy_km: Floats
    site_lonlat: Floats
    site_spread_km: Floats
    site_is_area: npt.NDArray[np.bool_] | None = None

    @property
    def cell(self) -> Places:
        """Position of the cell of each event."""
        return self.site_cell[self.site]

    def __len__(self) -> int:
        return len(self.day)

    @property
    def coarse_site(self) -> npt.NDArray[np.bool_]:
        """Whether each site is placed too coarsely to tell its cell."""
        return np.asarray(
            self.site_spread_km > PINNED_ACCURACY_KM * DISC_SPREAD, dtype=np.bool_
        )

    @property
    def pinned(self) -> "Placed":
        """Only the events placed finely enough to tell their cell."""
        return self.keep(~self.coarse_site[self.site])

    @property
    def pointed(self) -> "Placed":
        """Only the events that were given a point, however roughly."""
        if self.site_is_area is None:
            return self
        return self.keep(~self.site_is_area[self.site])

    def counts(self, n_cells: int, from_day: float, to_day: float) -> Floats:
        """Count the events in each cell from one day to the day before another."""
        inside = (self.day >= from_day) & (self.day < to_day)
        return np.bincount(self.cell[inside], minlength=n_cells).astype(np.float64)

    def keep(self, which: npt.NDArray[np.bool_]) -> "Placed":
        """Keep some of the events; all sites stay."""
        return replace(
            self,
            day=self.day[which],
            known_day=self.known_day[which],
            site=self.site[which],
        )

    def before(self, day: int) -> "Placed":
        """Keep what was certainly over before a day; all sites stay."""
        return self.keep(self.known_day <= day)


def known_days(
    day: npt.NDArray[np.int64], time_precision: pd.Series
) -> npt.NDArray[np.int64]:
    """Find from which day on each event was certainly over.

    Parameters
    ----------
    day
        First day that it may have happened on, as a day number.
    time_precision
        ``day``, ``week``, ``month`` or ``year``.

    Returns
    -------
    numpy.ndarray of shape (n_events,)
        The next day, the day a week on, the first of the next month or year.

    Examples
    --------
    >>> march_7th = np.array([day_number("2020-03-07")] * 2)
    >>> (known_days(march_7th, pd.Series(["day", "month"])) - march_7th).tolist()
    [1, 25]
    """
    first = day.astype("datetime64[D]")
    precision = time_precision.to_numpy()
    ends = first + np.timedelta64(1, "D")
    for name, unit in (("month", "M"), ("year", "Y")):
        next_one = (first.astype(f"datetime64[{unit}]") + 1).astype("datetime64[D]")
        ends = np.where(precision == name, next_one, ends)
    ends = np.where(precision == "week", first + np.timedelta64(7, "D"), ends)
    return ends.astype(np.int64)


def place_events(
    ground: Ground, incidents: gpd.GeoDataFrame, *, before_day: int | None = None
) -> Placed:
    """Put events on the ground: each in its cell, with its own blur.

    Events outside the cells are left out, and a repeated ``event_id`` counts once. A
    record known only to its county or municipio is spread over it, never pinned.
    The result does not depend on the order of rows.

    Parameters
    ----------
    ground
        Where the cells lie.
    incidents
        Event table (EPSG:4326).
    before_day
        Leave out what may have occurred on this day number or later.

    Returns
    -------
    Placed
        In order of day, then place.

    Examples
    --------
    >>> index = h3_cells.cell_index([614553222213795839])
    >>> ground = lay_ground(h3_cells.cell_centres(index).assign(area_km2=0.55))
    >>> centre = ground.cells.iloc[0]
    >>> event = gpd.GeoDataFrame(
    ...     {"occurred_on": [EPOCH], "accuracy_m": [100.0]},
    ...     geometry=[shapely.Point(centre.x, centre.y)], crs="EPSG:4326")
    >>> place_events(ground, event).cell.tolist()
    [0]
    """
    table = incidents.loc[~incidents.index.duplicated()]
    day = (table["occurred_on"] - EPOCH).dt.days.to_numpy(dtype=np.int64)
    known = day + 1
    if "time_precision" in table:
        known = known_days(day, table["time_precision"])
    x, y = table.geometry.x.to_numpy(), table.geometry.y.to_numpy()
    accuracy_m = np.nan_to_num(table["accuracy_m"].to_numpy(dtype=np.float64))
    area = only_area(table)
    least_m = np.where(area, AREA_ACCURACY_M, 0.0)
    accuracy_m = np.maximum(accuracy_m, least_m)
    cell = ground.index.get_indexer(h3_cells.points_to_cells(x, y, ground.resolution))
    keep = cell >= 0
    if before_day is not None:
        keep &= known <= before_day
    order = np.lexsort((known[keep], accuracy_m[keep], y[keep], x[keep], day[keep]))
    day, known, cell = day[keep][order], known[keep][order], cell[keep][order]
    places = np.column_stack([x, y, accuracy_m, area])[keep][order]
    sites, first, site = np.unique(
        places, axis=0, return_index=True, return_inverse=True
    )
    return Placed(
        day=day,
        known_day=known,
        site=site.reshape(-1).astype(np.intp),
        site_cell=cell[first].astype(np.intp),
        site_xy_km=to_plane_km(ground.crs, sites[:, 0], sites[:, 1]),
        site_lonlat=sites[:, :2],
        site_spread_km=sites[:, 2] / M_PER_KM * DISC_SPREAD,
        site_is_area=sites[:, 3] > 0,
    )
