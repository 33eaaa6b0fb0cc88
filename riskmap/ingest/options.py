"""Options of ingest: what is out of bounds, each number with its reason."""

from dataclasses import dataclass, field

from riskmap.ingest.reading import Limits


@dataclass(frozen=True, kw_only=True)
class IngestOptions:
    """What ingest takes for possible.

    Parameters
    ----------
    limits
        How large a file may be.
    region
        West, south, east and north, degrees, within which a record can lie: by
        default both countries without Alaska and Hawaii, rounded outwards.
    earliest_year
        A date before this year is taken for a slip of the pen.
    far_km
        Farther than this from the boundary is a fault: no point of Mexico lies
        farther than 1,800 km from it.
    river_km
        A record said to be in the border river lies within this distance of the
        line, or its coordinates are wrong.
    wrong_side_km
        How far on the other country's side a record may lie, beyond its own
        accuracy: a body drifts, a shore is drawn roughly.
    jurisdiction_km
        How far outside the state or municipio it names a record may lie, beyond its
        own accuracy: areas are generalised by up to a kilometre.
    coarsest_m
        A place known no better than this is an area, not a point.
    most_harmed
        More dead or missing than this in one event is taken for a slip.
    """

    limits: Limits = field(default_factory=Limits)
    region: tuple[float, float, float, float] = (-130.0, 14.0, -65.0, 50.0)
    earliest_year: int = 1900
    far_km: float = 2_000.0
    river_km: float = 50.0
    wrong_side_km: float = 10.0
    jurisdiction_km: float = 2.0
    coarsest_m: float = 150_000.0
    most_harmed: int = 10_000
