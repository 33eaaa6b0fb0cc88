"""Answers: where a phrase may be, how surely, and what was not understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import shapely

from riskmap.places.landmark import Landmark

MOST_CHARACTERS: Final = 300
"""A place is said in fewer; what is longer is a report, not a place."""


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A code and its fields, for a catalogue to put into words.

    Parameters
    ----------
    code
        Key of the catalogue behind ``places.``.
    fields
        Numbers, texts, landmarks and sayings.
    """

    code: str
    fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One place that a phrase may mean.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326); of a stretch, its middle.
    radius_m
        Metres within which the place lies if the phrase is taken at its word:
        accuracy of the landmarks, vagueness of the words, and the rounding of
        numbers where the phrase says that they are round.
    spoken_radius_m
        The same if numbers were rounded to their last digit and directions to the
        nearest compass point, as people speak; at least ``radius_m``.
    geometry
        What was named: a point, a stretch of line, a box or cell; EPSG:4326.
    meaning
        How the phrase was read.
    landmarks
        Ids of the landmarks that were used.
    notes
        What to beware of.
    """

    lon: float
    lat: float
    radius_m: float
    spoken_radius_m: float
    geometry: shapely.Geometry
    meaning: Saying
    landmarks: tuple[str, ...] = ()
    notes: tuple[Saying, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All readings of a phrase, the likeliest first; or why there is none.

    Parameters
    ----------
    candidates
        Every reading that is as good as the first; empty if ``reason`` is given.
    reason
        What was not understood, and what would be.
    """

    candidates: tuple[Candidate, ...] = ()
    reason: Saying | None = None


class NotUnderstoodError(Exception):
    """Leaves a reading that cannot be followed; never leaves this package."""

    def __init__(self, *, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.saying = Saying(code=f"reason.{code}", fields=fields)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A place that has a name, before any step from it.

    Parameters
    ----------
    lon, lat
        Degrees.
    radius_m
        How far it may be off.
    meaning
        What it is.
    quality
        How well its name matched.
    landmarks
        Ids.
    notes
        What to beware of.
    geometry
        What was named; None for the point.
    span_km
        First and last kilometre, if it is a point or stretch of the line.
    near_m
        How far "near" reaches from it.
    side
        Side of the line, or ``"both"``.
    """

    lon: float
    lat: float
    radius_m: float
    meaning: Landmark | Saying
    quality: str = "exact"
    landmarks: tuple[str, ...] = ()
    notes: tuple[Saying, ...] = ()
    geometry: shapely.Geometry | None = None
    span_km: tuple[float, float] | None = None
    near_m: float = 0.0
    side: str = "both"

    @property
    def shape(self) -> shapely.Geometry:
        """What was named, the point if nothing else."""
        return self.geometry or shapely.Point(self.lon, self.lat)
