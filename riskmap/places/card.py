"""Card: all that tells a responder on either side where a point is."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap import cells
from riskmap.crs import side_probability
from riskmap.places.access import RoadIndex, index_roads
from riskmap.places.contacts import ContactsFound, find_contacts
from riskmap.places.extents import unit_code
from riskmap.places.facts import AROUND, Card, Near, Office, Offices, is_shared
from riskmap.places.formats import formats_of
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.geodesy import M_PER_KM, Floats, wind_of
from riskmap.places.jurisdictions import (
    NONE,
    OFFICES,
    Areas,
    build_areas,
    offices_at,
    units_at,
)
from riskmap.places.landmark import CROSSINGS
from riskmap.places.line import Line
from riskmap.places.nearest import Group, Neighbours, group_of, nearest_in
from riskmap.places.verification import STALE_AFTER_DAYS, age_days

SHARED_COUNT = 3

# standard deviation of the line across its course, metres: the survey's 90th
# percentile of 37 m over 1.645; on rivers the channel of 1970 may have moved
LINE_SD_M: Final = {"land": 22.5, "river": 80.0}

WINDS = 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """What cards are made from; make it with :func:`build_surroundings`.

    Parameters
    ----------
    line
        The line.
    groups
        ``shared`` and each of :data:`AROUND`.
    roads
        Roads, searchable; None if there are none.
    areas
        Jurisdictions; None if there are none.
    contacts
        Who answers where; None if there is no such table.
    today
        The day that verification is judged on; None not to judge it.
    elevation
        Metres by cell; None if there is none.
    """

    line: Line
    groups: Mapping[str, Group]
    roads: RoadIndex | None = None
    areas: Areas | None = None
    contacts: pd.DataFrame | None = None
    today: datetime.date | None = None
    elevation: pd.Series | None = None


def build_surroundings(
    gazetteer: Gazetteer,
    line: Line,
    *,
    jurisdictions: gpd.GeoDataFrame | None = None,
    offices: pd.DataFrame | None = None,
    contacts: pd.DataFrame | None = None,
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
    contacts
        Who answers for which stretch of the line; may be empty.
    terrain
        ``elevation_m`` on a cell index.

    Returns
    -------
    Surroundings
        Ready for :func:`cards`; give it a day with :func:`dataclasses.replace`, and
        verification is judged on that.
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
    return Surroundings(
        line=line,
        groups=groups,
        roads=index_roads(gazetteer.landmarks),
        areas=areas,
        contacts=contacts,
        elevation=elevation,
    )


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
        How far the points may be off, standard deviation, metres: one number, or one
        each.

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
    units, states = _unit_names(around.areas, lon, lat, km, away_km, side)
    texts = formats_of(lon, lat)
    offices = _offices(around.areas, km, around.today)
    roads = _roads(around.roads, states, lon, lat)
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
                roads=roads[row],
                contacts=_contacts(around, float(km[row])),
                elevation_m=heights[row],
            )
        )
    return tuple(found)


def _side_probability(
    line: Line, km: Floats, line_m: Floats, accuracy_m: Floats
) -> Floats:
    """Tell how sure the side is: both the line and the point may be off.

    Accuracy means here what it means in the register: a standard deviation across
    the line.
    """
    wet = np.zeros(km.shape, dtype=bool)
    for low, high in line.rivers:
        wet |= (km >= low) & (km <= high)
    sd_m = np.where(wet, LINE_SD_M["river"], LINE_SD_M["land"])
    return side_probability(line_m, np.hypot(sd_m, accuracy_m))


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
) -> tuple[list[dict[str, str]], list[frozenset[str]]]:
    """Name the jurisdictions of each point, and the codes of its states."""
    named: list[dict[str, str]] = [{} for _ in range(x.size)]
    states: list[set[str]] = [set() for _ in range(x.size)]
    if areas is None:
        return named, [frozenset() for _ in range(x.size)]
    for kind, units in units_at(areas, x, y, km, away_km, side).items():
        names, codes = areas.names[kind], areas.codes[kind]
        for row, unit in enumerate(units.tolist()):
            if unit != NONE:
                named[row][kind] = names[unit]
                states[row].add(unit_code(kind, codes[unit]))
    return named, [frozenset(codes) for codes in states]


def _roads(
    roads: RoadIndex | None, states: list[frozenset[str]], x: Floats, y: Floats
) -> list[dict[str, Near]]:
    """Find the nearest road of each side where all its roads are on file."""
    found: list[dict[str, Near]] = [{} for _ in range(x.size)]
    if roads is None:
        return found
    for cover in roads.covers:
        rows = np.array([r for r, held in enumerate(states) if cover in held], int)
        if not rows.size:
            continue
        places, metres, bearings = roads.nearest(x[rows], y[rows], cover)
        for row, place, metre, bearing in zip(
            rows.tolist(), places, metres.tolist(), bearings.tolist(), strict=True
        ):
            found[row][cover[:2]] = Near(
                landmark=place,
                metres=metre,
                bearing_deg=bearing,
                wind=wind_of(bearing, WINDS),
            )
    return found


def _contacts(around: Surroundings, km: float) -> ContactsFound | None:
    """Find who answers at a kilometre."""
    if around.contacts is None or around.today is None:
        return None
    return find_contacts(around.contacts, km, today=around.today)


def _offices(
    areas: Areas | None, km: Floats, today: datetime.date | None
) -> list[Mapping[str, Offices]]:
    """Name the mechanisms and consulates that are competent at each kilometre."""
    if areas is None:
        return [dict.fromkeys(OFFICES, ()) for _ in range(km.size)]
    columns = ["name_en", "name_es", "basis", "verified_on"]
    told = [
        Office(
            name_en=str(english),
            name_es=str(spanish),
            basis=str(basis),
            verified_on=str(on),
            stale=today is not None and age_days(str(on), today) > STALE_AFTER_DAYS,
        )
        for english, spanish, basis, on in areas.offices[columns].to_numpy()
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
