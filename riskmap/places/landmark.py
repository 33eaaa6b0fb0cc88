"""Landmark: one place that both sides may know, and the kinds of places."""

from dataclasses import dataclass
from typing import Final

import shapely

FACILITIES: Final = frozenset(
    (
        "border_patrol_sector_hq",
        "border_patrol_station",
        "checkpoint",
        "grupo_beta",
        "hospital",
        "mexican_consulate",
        "placard_911",
        "rescue_beacon",
        "stream_gauge",
        "us_consulate",
        "water_station",
    )
)
"""Found by a town's name only if a word says that they are meant."""

CROSSINGS: Final = ("port_of_entry", "international_bridge")

MONUMENT: Final = "boundary_monument"

LINEAR: Final = ("river", "canal")

ROAD: Final = "road"

AREAS: Final = ("us_state", "us_county", "bp_sector", "mx_state", "mx_municipio")
"""Kinds of jurisdictions that a phrase may name."""


@dataclass(frozen=True, kw_only=True)
class Landmark:
    """One place that both sides may know.

    Parameters
    ----------
    landmark_id, kind, name_en, name_es, side, us_id, mx_id, basis, verified_on
        As in the table of landmarks; ``kind`` is ``river`` or ``canal`` for a
        waterway, ``road``, or a kind of jurisdiction.
    lon, lat
        Degrees (EPSG:4326); of what is long or wide, a point on it.
    accuracy_m
        How far the point may be off, metres.
    km
        Kilometre along the line; NaN if not known.
    numbers
        Lowest and highest number that a monument may carry; None for other kinds.
    states
        Sides and codes of the states that hold it, such as ``US-04``.
    shape
        The line of a waterway or road, the outline of an area; None for a point.
    state
        One of :data:`riskmap.places.verification.STATES`; empty if no day was given
        to judge it on.
    marks
        Unit in which the marks of a road count from its end at the line, or empty.
    covers
        State of which the file of this road holds all roads, or empty.
    """

    landmark_id: str
    kind: str
    name_en: str
    name_es: str
    lon: float
    lat: float
    accuracy_m: float
    side: str
    us_id: str = ""
    mx_id: str = ""
    basis: str = "read"
    verified_on: str = ""
    km: float = float("nan")
    numbers: tuple[int, int] | None = None
    states: tuple[str, ...] = ()
    shape: shapely.Geometry | None = None
    state: str = ""
    marks: str = ""
    covers: str = ""
