"""Card: all that tells a responder on either side where a point is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from riskmap import cells
from riskmap.places.formats import formats_of
from riskmap.places.gazetteer import CROSSINGS, Gazetteer, Landmark
from riskmap.places.geodesy import M_PER_KM, Floats, wind_of
from riskmap.places.jurisdictions import (
    KINDS,
    NONE,
    OFFICES,
    Areas,
    build_areas,
    offices_at,
    units_at,
)
from riskmap.places.line import Line
from riskmap.places.nearest import Group, Neighbours, group_of, nearest_in

UNMARKED: Final = ("river_km", "river", "canal")
"""Kinds that stand on the line but that nobody on the ground can see."""

SHARED_COUNT = 3

AROUND: Final = (
    "town_us",
    "town_mx",
    "crossing",
    "hospital_us",
    "hospital_mx",
    "mx_consulate",
    "us_consulate",
)
"""Nearest of each sort; crossings belong to both sides, and the nearest consulate
need not be the one whose district it is."""

# standard deviation of the line across its course, metres: the survey's 90th
# percentile of 37 m over 1.645; on rivers the channel of 1970 may have moved
LINE_SD_M: Final = {"land": 22.5, "river": 80.0}

# radius that holds 95 % of a round normal scatter over its standard deviation
RADIUS_PER_SD = 2.448

WINDS = 16


@dataclass(frozen=True, kw_only=True)
class Near:
    """A landmark near a point.

    Parameters
    ----------
    landmark
        The landmark, with its accuracy and basis.
    metres
        How far, on the ellipsoid.
    bearing_deg
        From the landmark to the point, degrees clockwise from true north.
    wind
        The same as one of sixteen compass points.
    """

    landmark: Landmark
    metres: float
    bearing_deg: float
    wind: str


@dataclass(frozen=True)
class Office:
    """A mechanism or consulate, as the table has it.

    Parameters
    ----------
    name_en, name_es
        Its names.
    basis
        ``"read"``, ``"derived"`` or ``"unverified"``.
    verified_on
        ISO day, or empty.
    """

    name_en: str
    name_es: str
    basis: str
    verified_on: str


Offices = tuple[Office, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """Where a point is, in every way that either side knows.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326).
    accuracy_m
        How far the point itself may be off; 0 if that was not said.
    km
        Nearest kilometre of the line.
    line_m
        Metres to the line.
    side
        ``"US"`` or ``"MX"``.
    side_probability
        How sure the side is, 0.5 to 1, from the accuracy of line and point.
    shared
        The nearest landmarks that both sides know, up to three.
    around
        The nearest of each of :data:`AROUND`; a sort that is absent is a gap.
    units
        Name of the unit of each kind of jurisdiction; a kind that is absent is a
        gap. Those of the other side are the ones across the line.
    offices
        For each of :data:`riskmap.places.jurisdictions.OFFICES` the rows that are
        competent; none is a gap.
    formats
        ``decimal``, ``dms``, ``ddm``, ``mgrs``, ``utm``, ``plus_code``, ``cell``.
    elevation_m
        Mean elevation about the point; None if not known.
    """

    lon: float
    lat: float
    accuracy_m: float
    km: float
    line_m: float
    side: str
    side_probability: float
    shared: tuple[Near, ...]
    around: Mapping[str, Near]
    units: Mapping[str, str]
    offices: Mapping[str, Offices]
    formats: Mapping[str, str]
    elevation_m: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """What cards are made from; make it with :func:`build_surroundings`.

    Parameters
    ----------
    line
        The line.
    groups
        ``shared`` and each of :data:`AROUND`.
    areas
        Jurisdictions; None if there are none.
    elevation
        Metres by cell; None if there is none.
    """

    line: Line
    groups: Mapping[str, Group]
    areas: Areas | None = None
    elevation: pd.Series | None = None


def is_shared(landmark: Landmark) -> bool:
    """Tell whether both sides know a landmark and somebody there can see it.

    Parameters
    ----------
    landmark
        Any landmark.

    Returns
    -------
    bool
        True for monuments, crossings, dams and the like on the line.
    """
    return landmark.side == "both" and landmark.kind not in UNMARKED


def build_surroundings(
    gazetteer: Gazetteer,
    line: Line,
    *,
    jurisdictions: gpd.GeoDataFrame | None = None,
    offices: pd.DataFrame | None = None,
    terrain: pd.DataFrame | None = None,
) -> Surroundings:
    """Index all that cards are made from, once for many cards.

    Parameters
    ----------
    gazetteer
        Landmarks.
    line
        The line.
    jurisdictions
        Polygons with ``kind``, ``code`` and ``name``.
    offices
        Mechanisms and consulates by kilometre.
    terrain
        ``elevation_m`` on a cell index.

    Returns
    -------
    Surroundings
        Ready for :func:`cards`.
    """
    places = [place for place in gazetteer.landmarks if place.shape is None]

    def of(kinds: Sequence[str], side: str = "") -> Group:
        return group_of(
            [p for p in places if p.kind in kinds and (not side or p.side == side)]
        )

    groups = {
        "shared": group_of([place for place in places if is_shared(place)]),
        "town_us": of(("town",), "US"),
        "town_mx": of(("town",), "MX"),
        "crossing": of(CROSSINGS),
        "hospital_us": of(("hospital",), "US"),
        "hospital_mx": of(("hospital",), "MX"),
        "mx_consulate": of(("mexican_consulate",)),
        "us_consulate": of(("us_consulate",)),
    }
    areas = None
    if jurisdictions is not None:
        areas = build_areas(jurisdictions, line, offices)
    elevation = None if terrain is None else terrain["elevation_m"]
    return Surroundings(line=line, groups=groups, areas=areas, elevation=elevation)


def card(
    lon: float, lat: float, around: Surroundings, *, accuracy_m: float = 0
) -> Card:
    """Make the card of one point.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326).
    around
        As :func:`build_surroundings` makes it.
    accuracy_m
        How far the point may be off, metres.

    Returns
    -------
    Card
        The card.
    """
    return cards([lon], [lat], around, accuracy_m=accuracy_m)[0]


def cards(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    around: Surroundings,
    *,
    accuracy_m: npt.ArrayLike = 0.0,
) -> tuple[Card, ...]:
    """Make the cards of many points at once.

    Parameters
    ----------
    x, y
        Longitude and latitude, degrees (EPSG:4326), of shape (n_points,), none
        missing.
    around
        As :func:`build_surroundings` makes it.
    accuracy_m
        How far the points may be off, metres: one number, or one each.

    Returns
    -------
    tuple of Card
        In the order of the points.
    """
    lon = np.atleast_1d(np.asarray(x, dtype=np.float64))
    lat = np.atleast_1d(np.asarray(y, dtype=np.float64))
    off_m = np.broadcast_to(np.asarray(accuracy_m, dtype=np.float64), lon.shape)
    if lon.size == 0:
        return ()
    line = around.line
    km, away_km = line.nearest(lon, lat)
    side = np.asarray(line.side_of(lon, lat))
    sure = _side_probability(line, km, away_km * M_PER_KM, off_m)
    near = {
        name: nearest_in(group, lon, lat, SHARED_COUNT if name == "shared" else 1)
        for name, group in around.groups.items()
    }
    units = _unit_names(around.areas, lon, lat, km, away_km, side)
    texts = formats_of(lon, lat)
    offices = _offices(around.areas, km)
    heights = _elevations(around.elevation, lon, lat)
    found = []
    for row in range(lon.size):
        close = {name: _nears(around.groups[name], near[name], row) for name in near}
        found.append(
            Card(
                lon=float(lon[row]),
                lat=float(lat[row]),
                accuracy_m=float(off_m[row]),
                km=float(km[row]),
                line_m=float(away_km[row]) * M_PER_KM,
                side=str(side[row]),
                side_probability=float(sure[row]),
                shared=close["shared"],
                around={name: close[name][0] for name in AROUND if close[name]},
                units=units[row],
                offices=offices[row],
                formats=texts[row],
                elevation_m=heights[row],
            )
        )
    return tuple(found)


def _side_probability(
    line: Line, km: Floats, line_m: Floats, accuracy_m: Floats
) -> Floats:
    """Tell how sure the side is: both the line and the point may be off."""
    wet = np.zeros(km.shape, dtype=bool)
    for low, high in line.rivers:
        wet |= (km >= low) & (km <= high)
    sd_m = np.where(wet, LINE_SD_M["river"], LINE_SD_M["land"])
    sd_m = np.hypot(sd_m, accuracy_m / RADIUS_PER_SD)
    return np.asarray(ndtr(line_m / sd_m), dtype=np.float64)


def _nears(group: Group, near: Neighbours, row: int) -> tuple[Near, ...]:
    """Put together the nearest landmarks of one point."""
    return tuple(
        Near(
            landmark=group.landmarks[place],
            metres=metres,
            bearing_deg=bearing,
            wind=wind_of(bearing, WINDS),
        )
        for place, metres, bearing in zip(
            near.rows[row].tolist(),
            near.metres[row].tolist(),
            near.bearing_deg[row].tolist(),
            strict=True,
        )
    )


def _unit_names(
    areas: Areas | None, x: Floats, y: Floats, km: Floats, away_km: Floats, side: Any
) -> list[dict[str, str]]:
    """Name the jurisdictions of each point; what is not known is left out."""
    if areas is None:
        return [{} for _ in range(x.size)]
    held = units_at(areas, x, y, km, away_km, side)
    named: list[dict[str, str]] = [{} for _ in range(x.size)]
    for kind in KINDS:
        names = areas.names[kind]
        for row, unit in enumerate(held[kind].tolist()):
            if unit != NONE:
                named[row][kind] = names[unit]
    return named


def _offices(areas: Areas | None, km: Floats) -> list[Mapping[str, Offices]]:
    """Name the mechanisms and consulates that are competent at each kilometre."""
    if areas is None:
        return [dict.fromkeys(OFFICES, ()) for _ in range(km.size)]
    columns = ["name_en", "name_es", "basis", "verified_on"]
    told = [
        Office(*(str(text) for text in row))
        for row in areas.offices[columns].itertuples(index=False)
    ]
    return [
        {office: tuple(told[row] for row in rows) for office, rows in held.items()}
        for held in offices_at(areas, km)
    ]


def _elevations(
    elevation: pd.Series | None, x: Floats, y: Floats
) -> list[float | None]:
    """Look up the elevation of each point's cell."""
    if elevation is None or elevation.empty:
        return [None] * x.size
    resolution = cells.resolution_of(elevation.index)
    held = cells.points_to_cells(x, y, resolution)
    metres = elevation.reindex(held).to_numpy(dtype=np.float64)
    return [None if np.isnan(value) else float(value) for value in metres]
