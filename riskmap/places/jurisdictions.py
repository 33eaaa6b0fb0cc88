"""Jurisdictions: who is competent at a place, on both sides; a gap stays a gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from riskmap.crs import to_storage
from riskmap.places.geodesy import Floats
from riskmap.places.line import Line
from riskmap.schema import Column

KINDS: Final = ("us_state", "us_county", "bp_sector", "mx_state", "mx_municipio")
"""Polygons of ``data/boundary/jurisdictions``, each of one side."""

SIDES: Final[Mapping[str, str]] = {kind: kind[:2].upper() for kind in KINDS} | {
    "bp_sector": "US"
}

OFFICES: Final = ("liaison_mechanism", "mx_consulate", "us_consulate")
"""What is competent for a stretch of the line, from tables that users complete."""

OFFICE_TABLE: Final[tuple[Column, ...]] = (
    Column(name="office", dtype="str", values=OFFICES),
    Column(name="name_en", dtype="str"),
    Column(name="name_es", dtype="str"),
    Column(name="from_km", dtype="float64", unit="km", lowest=0, missing=True),
    Column(name="to_km", dtype="float64", unit="km", lowest=0, missing=True),
    Column(name="source", dtype="str"),
    Column(name="basis", dtype="str"),
    Column(name="verified_on", dtype="str", meaning="ISO date, or empty"),
)

# the line is sampled this often to know the units on both its sides
STEP_KM = 0.5

# units meet the line to within 150 m (data/boundary/README.md): that near to it,
# the side decides and not the outline
STRIP_KM = 0.3

NONE = -1

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Areas:
    """Jurisdictions, searchable; make it with :func:`build_areas`.

    Parameters
    ----------
    names, codes
        Of the units of each kind.
    trees
        Their outlines.
    along
        For each kind the unit at every sampled kilometre of the line, -1 if none.
    offices
        Mechanisms and consulates by kilometre (:data:`OFFICE_TABLE`).
    """

    names: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]
    trees: Mapping[str, shapely.STRtree]
    along: Mapping[str, Rows]
    offices: pd.DataFrame


def empty_offices() -> pd.DataFrame:
    """Make a table of offices without a row: everything is a gap.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`OFFICE_TABLE`.

    Examples
    --------
    >>> len(empty_offices())
    0
    """
    return pd.DataFrame(
        {column.name: pd.Series(dtype=column.dtype) for column in OFFICE_TABLE}
    )


def build_areas(
    jurisdictions: gpd.GeoDataFrame, line: Line, offices: pd.DataFrame | None = None
) -> Areas:
    """Index jurisdictions, and learn which units stand on both sides of the line.

    Parameters
    ----------
    jurisdictions
        Polygons with ``kind``, ``code`` and ``name``.
    line
        The line.
    offices
        Mechanisms and consulates (:data:`OFFICE_TABLE`); none if not given. A row
        without kilometres is known by name and competent nowhere yet.

    Returns
    -------
    Areas
        Ready to be asked.

    Raises
    ------
    MissingCRSError
        If the polygons do not say their CRS.
    """
    stored = to_storage(jurisdictions, name="jurisdictions")
    sampled = line.point_at(np.arange(0.0, line.length_km + STEP_KM, STEP_KM))
    points = shapely.points(sampled)
    names, codes, trees, along = {}, {}, {}, {}
    for kind in KINDS:
        units = stored[stored["kind"] == kind].sort_values("code")
        shapes = np.asarray(units.geometry)
        tree = shapely.STRtree(shapes)
        names[kind] = tuple(units["name"].astype(str))
        codes[kind] = tuple(units["code"].astype(str))
        trees[kind] = tree
        nearest = tree.nearest(points) if len(units) else np.full(len(points), NONE)
        along[kind] = np.asarray(nearest, dtype=np.intp)
    return Areas(
        names=names,
        codes=codes,
        trees=trees,
        along=along,
        offices=empty_offices() if offices is None else offices,
    )


def units_at(
    areas: Areas, x: Floats, y: Floats, km: Floats, away_km: Floats, side: Any
) -> dict[str, Rows]:
    """Find the units of each kind: those that hold a point, and those opposite.

    Parameters
    ----------
    areas
        Jurisdictions.
    x, y
        Longitude and latitude, degrees (EPSG:4326), of shape (n_points,).
    km, away_km
        Nearest kilometre of the line and kilometres to it.
    side
        ``"US"`` or ``"MX"`` of each point.

    Returns
    -------
    dict of str to numpy.ndarray
        For each of :data:`KINDS` the place of the unit among its names. On the
        point's own side the unit that holds it, -1 if none does; on the other side
        the unit across the nearest kilometre of the line.
    """
    points = shapely.points(x, y)
    mark = np.clip(np.rint(km / STEP_KM), 0, None).astype(np.intp)
    found = {}
    for kind in KINDS:
        across = areas.along[kind][np.minimum(mark, areas.along[kind].size - 1)]
        own = np.asarray(side) == SIDES[kind]
        here = np.flatnonzero(own)
        rows, units = areas.trees[kind].query(points[here], predicate="intersects")
        inside = np.full(x.size, NONE, dtype=np.intp)
        # on an edge between two units the first by code is taken
        order = np.argsort(-units, kind="stable")
        inside[here[rows[order]]] = units[order]
        near = (inside == NONE) & (away_km <= STRIP_KM)
        found[kind] = np.where(own & ~near, inside, across)
    return found


def offices_at(areas: Areas, km: Floats) -> list[dict[str, tuple[int, ...]]]:
    """Find the mechanisms and consulates that are competent at kilometres.

    Parameters
    ----------
    areas
        Jurisdictions.
    km
        Kilometres along the line, of shape (n_points,).

    Returns
    -------
    list of dict
        For each point and each of :data:`OFFICES` the rows of the table; an empty
        tuple is a gap.
    """
    found: list[dict[str, tuple[int, ...]]] = [
        dict.fromkeys(OFFICES, ()) for _ in range(km.size)
    ]
    for order, row in enumerate(areas.offices.itertuples()):
        # a row without kilometres is competent nowhere yet
        for point in np.flatnonzero((km >= row.from_km) & (km <= row.to_km)).tolist():
            held = found[point]
            held[str(row.office)] = (*held[str(row.office)], order)
    return found
