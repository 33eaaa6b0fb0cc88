"""Facts: what a card holds of a place, before it is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from riskmap.places.contacts import ContactsFound
from riskmap.places.landmark import Landmark

UNMARKED: Final = ("river_km", "river", "canal")
"""Kinds that stand on the line but that nobody on the ground can see."""

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
    stale
        True if that was over 183 days before the day the card is made for.
    """

    name_en: str
    name_es: str
    basis: str
    verified_on: str
    stale: bool = False


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
    roads
        The nearest road of each side, ``"US"`` and ``"MX"``; a side of which no roads
        are on file there is absent.
    contacts
        Who answers on each side, and for which roles nobody is on file; None if no
        day was given to judge them on.
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
    roads: Mapping[str, Near]
    contacts: ContactsFound | None = None
    elevation_m: float | None = None


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
