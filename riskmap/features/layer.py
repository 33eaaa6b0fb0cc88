"""Layer: one named column of the feature table, and what it is made from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from riskmap.crs import geocentric
from riskmap.errors import TableContractError, UnknownNameError
from riskmap.history.ground import Ground, to_plane_km
from riskmap.provenance import Source
from riskmap.schema import Column, column_faults

PURPOSES = ("life_saving", "public_safety", "neutral")

TABLES = (
    "cells",
    "landmarks",
    "waterways",
    "incidents",
    "coverage",
    "climate",
    "terrain",
)

# symbol of a unit, as a column has it, to its word in the catalogues
UNITS = {
    "1": "one",
    "m": "metre",
    "km": "kilometre",
    "°": "degree",
    "°C": "celsius",
    "°C·d": "degree_day",
    "mm/d": "millimetre_per_day",
    "1/(100 km²·yr)": "event_per_100km2_year",
    "yr": "year",
}

# tables of incidents: a layer that reads one is remade inside each fold
RECORDS = ("incidents", "coverage")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """All tables that layers may read; each layer says which it does.

    Parameters
    ----------
    cells
        Cell table on the cell index: ``side``, ``share_us``, ``share_mx``, ``km``,
        ``distance_km``, ``area_km2``, ``x``, ``y`` (EPSG:4326).
    landmarks
        Points (EPSG:4326) with ``kind``, ``side``, ``basis``.
    waterways
        Lines (EPSG:4326) with ``kind`` and ``accuracy_m``.
    incidents
        Event table: points (EPSG:4326) with ``occurred_on``, ``time_precision``,
        ``accuracy_m``, ``kind``, ``cause``, ``purpose``.
    coverage
        What the sources of incidents cover: ``purpose``, ``side``, ``from_km``,
        ``to_km``, ``from_on``, ``to_on``.
    climate
        Stations by month, as :func:`riskmap.features.climate.read_stations` gives.
    terrain
        ``elevation_m``, ``slope_deg``, ``ruggedness`` on a cell index of any one
        resolution.
    metric_crs
        CRS to smooth in, metres.
    as_of
        First moment not yet known, UTC: incidents count only if over before it.
    """

    cells: pd.DataFrame
    landmarks: gpd.GeoDataFrame
    waterways: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    coverage: pd.DataFrame
    climate: pd.DataFrame
    terrain: pd.DataFrame
    metric_crs: pyproj.CRS
    as_of: pd.Timestamp

    @cached_property
    def centres_xyz_m(self) -> Floats:
        """Centres of the cells in space, for straight lines through the Earth."""
        return geocentric(self.cells["x"].to_numpy(), self.cells["y"].to_numpy())

    @cached_property
    def ground(self) -> Ground:
        """The cells laid on the plane of the metric CRS."""
        xy_km = to_plane_km(self.metric_crs, self.cells["x"], self.cells["y"])
        return Ground(cells=self.cells, crs=self.metric_crs, xy_km=xy_km)

    @cached_property
    def _kept(self) -> dict[str, Floats]:
        """What :meth:`once` has made."""
        return {}

    def once(self, key: str, make: Callable[[], Floats]) -> Floats:
        """Make what several layers need the first time only.

        Parameters
        ----------
        key
            What it is.
        make
            Makes it, from these inputs and nothing else.

        Returns
        -------
        numpy.ndarray
            What ``make`` gave, then and ever after.
        """
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One named column of the feature table.

    Parameters
    ----------
    column
        Name, unit, range; ``meaning`` says what is measured and what is not.
    purpose
        One of :data:`PURPOSES`: which side of the purpose wall the layer is on.
    compute
        From the inputs to values on the cell index.
    source
        Publication or data that the values rest on.
    reads
        Tables of :class:`Inputs` that the values depend on.
    missing_rule
        One sentence: where the values are missing.

    Raises
    ------
    UnknownNameError
        If ``purpose``, the column's unit or a table in ``reads`` is not in its list.

    Examples
    --------
    >>> layer = Layer(
    ...     column=Column(name="share_mx", dtype="float64", lowest=0, highest=1),
    ...     purpose="neutral",
    ...     compute=lambda inputs: inputs.cells["share_mx"],
    ...     source=Source(name="the cell table"),
    ...     reads=("cells",),
    ...     missing_rule="Never.",
    ... )
    >>> layer.name, layer.from_incidents
    ('share_mx', False)
    """

    column: Column
    purpose: str
    compute: Callable[[Inputs], pd.Series]
    source: Source
    reads: tuple[str, ...]
    missing_rule: str

    def __post_init__(self) -> None:
        """Refuse a purpose, a unit or a table that does not exist."""
        known_names("unit", [self.column.unit], UNITS)
        known_names("purpose", [self.purpose], PURPOSES)
        known_names("table", self.reads, TABLES)

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.column.name

    @property
    def unit_key(self) -> str:
        """Key of the unit's word in the catalogues."""
        return f"unit.{UNITS[self.column.unit]}"

    @property
    def from_incidents(self) -> bool:
        """True if the layer must be remade inside each fold, lest the answer leak."""
        return any(table in RECORDS for table in self.reads)


def known_names(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse names that are not in their list.

    Parameters
    ----------
    kind
        What the names are, for the error.
    names
        Names to check.
    known
        The list.

    Raises
    ------
    UnknownNameError
        For the first name that is not in the list.

    Examples
    --------
    >>> known_names("purpose", ["neutral"], PURPOSES)
    """
    for name in names:
        if name not in (listed := tuple(known)):
            msg = f"Unknown {kind} {name!r}: must be one of {', '.join(listed)}."
            raise UnknownNameError(msg, kind=kind, value=name, known=", ".join(listed))


def check_values(layer: Layer, values: pd.Series, index: pd.Index) -> pd.Series:
    """Check that a layer's values keep the layer's contract.

    Parameters
    ----------
    layer
        The layer that made them.
    values
        What its ``compute`` gave.
    index
        The cell index it was asked for.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        The same values.

    Raises
    ------
    TableContractError
        If the index, name, type, range or missing values are not as promised.

    Examples
    --------
    >>> column = Column(name="share_mx", dtype="float64", lowest=0, highest=1)
    >>> layer = Layer(
    ...     column=column,
    ...     purpose="neutral",
    ...     compute=lambda inputs: inputs.cells["share_mx"],
    ...     source=Source(name="the cell table"),
    ...     reads=("cells",),
    ...     missing_rule="Never.",
    ... )
    >>> check_values(layer, pd.Series([0.5], name="share_mx"), pd.RangeIndex(1))[0]
    np.float64(0.5)
    """
    found = list(column_faults(values, layer.column))
    if values.name != layer.name:
        found.insert(0, f"{layer.name} must be named so, got {values.name!r}")
    if not values.index.equals(index):
        found.insert(0, f"{layer.name} must keep the index of the cells")
    if found:
        msg = f"Layer {layer.name} breaks its contract: " + "; ".join(found) + "."
        raise TableContractError(msg, table=layer.name, faults="; ".join(found))
    return values


def on_cells(values: Any, inputs: Inputs, name: str) -> pd.Series:
    """Put numbers on the cell index, as a layer's values.

    Parameters
    ----------
    values
        Numbers in the order of the cells, of shape (n_cells,), or one for all.
    inputs
        Whose cells.
    name
        Name of the layer.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        float64, named.
    """
    return pd.Series(values, index=inputs.cells.index, name=name, dtype="float64")
