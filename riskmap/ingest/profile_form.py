"""Profile form: the fields that an agency's profile can have, and what each means."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from riskmap.ingest.geojson import X, Y
from riskmap.ingest.identity import fold

FIELDS: Final = (
    "id",
    "date",
    "date_end",
    "date_precision",
    "month",
    "year",
    "time",
    "lat",
    "lon",
    "coordinates",
    "easting",
    "northing",
    "zone",
    "grid",
    "state",
    "municipio",
    "accuracy",
    "kind",
    "cause",
    "dead",
    "missing",
    "total",
    "survivors",
    "source",
    "source_quality",
    "country",
    "place",
    "record_type",
    "status",
    "change_reason",
    "confirmation",
    "reported",
    "entered",
    "shared",
    "found",
    "date_basis",
    "accuracy_basis",
    "marking",
    "licence",
)
"""What a profile can say the column of. ``place`` is looked at, never kept."""

PLACE_FIELDS: Final = ("coordinates", "lat", "lon", "easting", "northing", "grid")
"""Fields that say where a point lies."""

INCIDENT_NEEDS: Final = (
    "date",
    "coordinates|lat|northing|grid|municipio",
    "coordinates|lon|easting|grid|municipio",
    "kind",
    "source",
)
"""Fields without which a file is no file of incidents."""

UNKEPT_FIELDS: Final = frozenset({"place"})

MARKING: Final = re.compile(
    r"TLP:(?:CLEAR|GREEN|AMBER(?:\+STRICT)?|RED)(?://REL TO [A-Z]{2}(?:, ?[A-Z]{2})*)?"
)
"""A label of TLP 2.0, with or without the countries that it may go to."""

UNSAID_MARKING: Final = "TLP:AMBER+STRICT"

PLACE_BASES: Final = (
    "exact",
    "landmark",
    "segment",
    "municipality",
    "state",
    "stated",
    "assumed",
)
"""By what a place is known. ``stated`` is so many metres in the publisher's words;
``assumed`` is the profile's guess where nobody says anything."""


@dataclass(frozen=True, kw_only=True)
class PlaceRule:
    """How well a place is known whose description fits a pattern.

    Parameters
    ----------
    pattern
        Regular expression that is looked for in the field ``place``.
    metres
        Accuracy of such a place.
    shared_m
        Accuracy where several rows have the very same point; 0 for no difference.
    fine_m
        Accuracy where both coordinates have as many decimals as only a gazetteer
        writes; 0 for no difference.
    basis
        What such a place is known by; ``""`` for a guess.
    """

    pattern: str
    metres: float
    shared_m: float = 0.0
    fine_m: float = 0.0
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How one agency's files are to be understood.

    Parameters
    ----------
    name
        Name of its TOML file.
    source
        Code of the source in tables; ``""`` if a column says it.
    publisher, licence
        Who publishes it, on which terms, in their words.
    marking
        Label of the Traffic Light Protocol that its records carry where no column
        says one; the strictest short of named eyes if the profile does not say.
    terms_by_source
        True if marking and licence are those of the profile of each row's source.
    crs
        CRS of its coordinates, one of :data:`riskmap.ingest.projections.KNOWN_CRS`;
        what a file states of itself goes before.
    utm_zone
        Zone of ``easting`` and ``northing`` where no column says it; 0 for none.
    time_zone
        IANA name of the zone of its times; ``""`` for that of each record's place.
    date_holds_time
        True if a time of day behind the date is the time of the record.
    layer
        Sheet of a workbook, or layer of a GeoPackage, that is read; needed only
        where there are several.
    signature
        Headings by which a file is known to be theirs: all must be there;
        ``"lat|latitude"`` is content with one of several.
    columns
        From field to the headings it may have, the first found is taken.
    constants
        Values for fields that have no column: ``kind``, ``accuracy``,
        ``date_precision``, ``source_quality``, ``dead``, ``missing``.
    vocabulary
        For ``kind``, ``cause``, ``accuracy``, ``date_precision``, ``country``: from
        the agency's folded words to riskmap's.
    date_order
        ``"ymd"``, ``"dmy"``, ``"mdy"`` or ``"decide"`` from the file.
    keep
        Headings kept in the quarantine besides the columns used.
    totals
        Folded words of ``record_type`` that mark a sum of many events.
    accuracy_by_place
        Rules over the field ``place``; the first that fits is taken.
    accuracy_stated
        True if the column is to be believed even where coordinates look rounded.
    river_by_place
        True if ``place`` naming the Rio Grande or Río Bravo means the border river.
    split_harm
        True if a kind not written follows from the numbers: dead, else missing.
    whole_ids
        True if identifiers are numbers that may have picked up ``.0``.
    amends
        True if a row that says something else than what is stored under its
        identifier is a correction, as with a publisher who sends all anew.
    accept
        Codes of faults whose proposed correction is taken without asking; it is
        recorded with the record.
    delay_limit_days
        Days within which the publisher has agreed to report; 0 if none are agreed.
    """

    name: str
    source: str = ""
    publisher: str = ""
    licence: str = ""
    marking: str = UNSAID_MARKING
    terms_by_source: bool = False
    crs: str = "EPSG:4326"
    utm_zone: int = 0
    time_zone: str = ""
    date_holds_time: bool = False
    layer: str = ""
    signature: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    vocabulary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str = "decide"
    keep: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    accuracy_by_place: tuple[PlaceRule, ...] = ()
    accuracy_stated: bool = False
    river_by_place: bool = False
    split_harm: bool = False
    whole_ids: bool = False
    amends: bool = False
    accept: tuple[str, ...] = ()
    delay_limit_days: float = 0.0

    def headings(self, found: Iterable[str]) -> dict[str, str]:
        """Find the column of each field in a file.

        Parameters
        ----------
        found
            The file's headings.

        Returns
        -------
        dict of str to str
            From field to heading as the file has it; fields without are left out.
        """
        known = {fold(heading): heading for heading in found}
        result = {}
        for name, options in self.columns.items():
            hit = next((known[fold(o)] for o in options if fold(o) in known), None)
            if hit is not None:
                result[name] = hit
        if X in known.values():
            # where a feature has a geometry, its properties do not say the place
            result |= {"lon": X, "lat": Y}
            for other in ("coordinates", "grid", "easting", "northing"):
                result.pop(other, None)
        return result
