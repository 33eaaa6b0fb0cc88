"""Roads: so far along a road from where it passes a place, on the ellipsoid."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from riskmap.places.geodesy import Floats, bearing_deg, distance_m
from riskmap.places.landmark import Landmark

SAID: Final = re.compile(
    r"(?:\b(?:on|off of|off|along|sobre|por|en|de|of|at)\s+)?(?:(?:the|la)\s+)?"
    r"\b(?P<word>interstate|interestatal|i|u\.?s\.?(?: (?:highway|hwy|route))?|a\.?z\.?"
    r"|arizona(?: state)?(?: (?:route|highway|hwy))?|state (?:route|highway|road|hwy)"
    r"|sr|highway|hwy|route|rte|carretera(?: (?:estatal|federal))?|ruta|autopista)"
    r"[\s-]{0,2}(?:number |numero |no\.? ?|#)?(?P<number>\d{1,3})\b"
    r"(?![.,]?\d)"
    r"(?!\s?(?:km|kilo|k\b|m\b|met|mi\b|mil|yd|yar|ft|feet|pie)[a-z.]*\b(?!\s?\d))"
)
"""A road by its number, in either language, folded."""

MARK: Final = re.compile(
    r"(?:(?:at|en|el|la|the|by|por|near|cerca de|is|esta)\s+)*(?:el |la |the )?"
    r"(?P<unit>mile(?: ?(?:marker|post))?|milepost|mp|mm|mi|milla|km|kilometro|"
    r"kilometer(?: (?:marker|post))?)\.?\s?(?:marker |post |number |numero )?"
    r"(?P<number>\d+(?:[.,]\d+)?)"
)
"""A mile or kilometre post, folded."""

SHIELDS: Final = (("i", "I"), ("u", "US"), ("a", "AZ"), ("s", "AZ"))
"""What the first letter of the word says of a road's number."""

# carriageways of one road, and the loop of a junction, lie within this
TOGETHER_M = 500.0
# a way that turns more than this from the direction said is another way
MOST_TURN_DEG = 80.0
# ends of a road's pieces this near are one crossing, degrees
NODE_DECIMALS = 5


@dataclass(frozen=True, kw_only=True)
class RoadSaid:
    """A road that a phrase names, and the rest of the phrase.

    Parameters
    ----------
    shield
        ``"I"``, ``"US"`` or ``"AZ"`` where the word says so, else empty.
    number
        Its number.
    rest
        The phrase without it.
    text
        How it was called.
    """

    shield: str
    number: str
    rest: str
    text: str


def road_said(folded: str) -> RoadSaid | None:
    """Find the road that a phrase names by its number.

    Parameters
    ----------
    folded
        A phrase, as :func:`riskmap.places.lexicon.fold` writes it.

    Returns
    -------
    RoadSaid or None
        None if none is named.

    Examples
    --------
    >>> said = road_said("por la carretera 85, a 3 millas al sur de why")
    >>> said.number, said.rest
    ('85', 'a 3 millas al sur de why')
    >>> road_said("2 km south of the line") is None
    True
    """
    found = SAID.search(folded)
    if found is None:
        return None
    word = found["word"].replace(".", "")
    shield = next((code for letter, code in SHIELDS if word.startswith(letter)), "")
    if word.startswith("autopista"):
        shield = ""
    parts = (folded[: found.start()].strip(" ,;."), folded[found.end() :])
    rest = " ".join(part.strip(" ,;.") for part in parts if part.strip(" ,;."))
    return RoadSaid(
        shield=shield,
        number=found["number"],
        rest=rest,
        text=folded[found.start("word") : found.end()],
    )


def roads_meant(said: RoadSaid, landmarks: Sequence[Landmark]) -> list[Landmark]:
    """Find the roads of a number.

    Parameters
    ----------
    said
        What was said.
    landmarks
        Places, roads among them.

    Returns
    -------
    list of Landmark
        Those on file; empty if none is.
    """
    return [
        place
        for place in landmarks
        if place.kind == "road"
        and place.us_id.rpartition("-")[2] == said.number
        and said.shield in ("", place.us_id.partition("-")[0])
    ]


@dataclass(frozen=True, kw_only=True)
class Foot:
    """Where a road passes a point.

    Parameters
    ----------
    lon, lat
        Degrees.
    away_m
        Metres from the point.
    """

    lon: float
    lat: float
    away_m: float


class Course:
    """The course of a road, for walking along it.

    Parameters
    ----------
    shape
        Lines in EPSG:4326; ends that meet are joined.
    """

    def __init__(self, shape: shapely.Geometry) -> None:
        lines = [shapely.get_coordinates(part) for part in shapely.get_parts(shape)]
        starts = np.concatenate([line[:-1] for line in lines])
        ends = np.concatenate([line[1:] for line in lines])
        both = np.round(np.concatenate([starts, ends]), NODE_DECIMALS)
        self.nodes, inverse = np.unique(both, axis=0, return_inverse=True)
        self.edges = inverse.reshape(2, -1).T
        one, other = self.nodes[self.edges[:, 0]], self.nodes[self.edges[:, 1]]
        self.length_m = distance_m(one[:, 0], one[:, 1], other[:, 0], other[:, 1])

    def foot(self, lon: float, lat: float) -> tuple[Foot, int, float]:
        """Find the nearest point of the road, its piece and the share gone there."""
        one, other = self.nodes[self.edges[:, 0]], self.nodes[self.edges[:, 1]]
        scale = np.array([np.cos(np.radians(lat)), 1.0])
        along = (other - one) * scale
        size = np.maximum((along**2).sum(axis=1), 1e-18)
        share = (((np.array([lon, lat]) - one) * scale) * along).sum(axis=1) / size
        share = np.clip(share, 0.0, 1.0)
        points = one + (other - one) * share[:, None]
        away = (((points - np.array([lon, lat])) * scale) ** 2).sum(axis=1)
        edge = int(np.argmin(away))
        x, y = points[edge]
        foot = Foot(
            lon=float(x), lat=float(y), away_m=float(distance_m(lon, lat, x, y))
        )
        return foot, edge, float(share[edge])

    def walk(self, lon: float, lat: float, metres: float) -> tuple[Foot, Floats]:
        """Find all points of the road so far along it from where it passes a point.

        Parameters
        ----------
        lon, lat
            The point, degrees.
        metres
            How far along the road.

        Returns
        -------
        tuple
            The foot of the point, and longitudes and latitudes of shape
            (n_points, 2); none if the road ends before.
        """
        foot, edge, share = self.foot(lon, lat)
        from_foot = self._distances(edge, share)
        found = []
        for place, (one, other) in enumerate(self.edges.tolist()):
            length = float(self.length_m[place])
            for start, end in ((one, other), (other, one)):
                gone = metres - from_foot[start]
                shortest = from_foot[end] + length - gone >= metres - 1.0
                if 0 <= gone <= length and shortest and place != edge:
                    found.append(self._at(start, end, gone / max(length, 1e-9)))
        length = float(self.length_m[edge])
        one, other = self.edges[edge].tolist()
        near = (share * length + metres, share * length - metres)
        found += [
            self._at(one, other, gone / length) for gone in near if 0 <= gone <= length
        ]
        return foot, np.array(found, dtype=np.float64).reshape(-1, 2)

    def _distances(self, edge: int, share: float) -> Floats:
        """Measure the way along the road from a point on a piece to every node."""
        count = len(self.nodes)
        one, other = self.edges[edge]
        length = self.length_m[edge]
        rows = np.concatenate([self.edges[:, 0], [count, count]])
        columns = np.concatenate([self.edges[:, 1], [one, other]])
        weights = np.concatenate(
            [self.length_m, [share * length, (1 - share) * length]]
        )
        # of two pieces between the same nodes the shorter counts; zero is no piece
        order = np.lexsort((weights, columns, rows))
        keys = np.stack([rows, columns])[:, order]
        first = np.append(True, (np.diff(keys, axis=1) != 0).any(axis=0))
        graph = coo_matrix(
            (np.maximum(weights[order][first], 1e-6), keys[:, first]),
            shape=(count + 1, count + 1),
        ).tocsr()
        return np.asarray(dijkstra(graph, directed=False, indices=count)[:count])

    def _at(self, start: int, end: int, share: float) -> tuple[float, float]:
        """Give the point at a share of a piece."""
        x, y = self.nodes[start] + (self.nodes[end] - self.nodes[start]) * share
        return float(x), float(y)


def ways(
    foot: Foot, points: Floats, bearing: float | None
) -> Iterator[tuple[tuple[float, float], float]]:
    """Part the ends of a walk into ways; those against the direction are dropped.

    Parameters
    ----------
    foot
        Where the walk started.
    points
        Its ends, of shape (n_points, 2).
    bearing
        The direction that was said, degrees from true north; None for any.

    Yields
    ------
    tuple
        An end, and metres to the farthest end beside it: two carriageways are one way.
    """
    turned = []
    for x, y in points.tolist():
        turn = 0.0
        if bearing is not None:
            course = bearing_deg(foot.lon, foot.lat, x, y)
            turn = abs((course - bearing + 180.0) % 360.0 - 180.0)
        if turn <= MOST_TURN_DEG:
            turned.append((turn, x, y))
    turned.sort()
    done: list[tuple[float, float]] = []
    for _, x, y in turned:
        if any(float(distance_m(x, y, *one)) <= TOGETHER_M for one in done):
            continue
        done.append((x, y))
        apart = [float(distance_m(x, y, *end[1:])) for end in turned]
        yield (x, y), max(metres for metres in apart if metres <= TOGETHER_M)


def reach_m(shape: shapely.Geometry, lon: float, lat: float) -> float:
    """Measure how far the farthest vertex of a shape is from a point.

    Parameters
    ----------
    shape
        Any shape, EPSG:4326.
    lon, lat
        The point, degrees.

    Returns
    -------
    float
        Metres.

    Examples
    --------
    >>> shape = shapely.LineString([(-111, 31), (-111, 32)])
    >>> round(reach_m(shape, -111, 31) / 1000)
    111
    """
    xy = shapely.get_coordinates(shape)
    same = np.ones(len(xy))
    return float(distance_m(lon * same, lat * same, xy[:, 0], xy[:, 1]).max())
