"""Drowning: where walkers meet water that sweeps them away, and where it carries.

How often a random path crosses a course is the Cauchy-Crofton formula.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.special import ndtr

from riskmap.crs import geocentric, to_storage
from riskmap.hazards.channels import CHANNELS, WaterOptions
from riskmap.provenance import Source

Floats = npt.NDArray[np.float64]

FOOTING = Source(
    name="Jonkman and Penning-Rowsell 2008, Human instability in flood flows",
    publisher="Journal of the American Water Resources Association 44:1208",
)

M_PER_KM = 1000.0

# a course is cut into pieces of at most this length, degrees: some 500 m
PIECE_DEG = 0.005

# speed of the water with depth, in a wide channel (Manning)
MANNING_POWER = 2 / 3

# crossings of lines with a density of one per km by a kilometre's walk (Buffon)
CROSSINGS = 2 / np.pi

# how many spreads about a piece count, and the share of the drift that is left out
REACH_SPREADS, DRIFT_LEFT = 3.0, 0.01

# a course known worse than the width of a resolution-7 cell is marked
COARSE_M = 2_500.0

COARSE = "coarse_course"
NO_COURSES, NONE_LISTED = "no_data", "none_listed"

# farther from every listed course than this, small water that is not listed decides
FAR_KM = 50.0


def swept_chance(
    depth_m: npt.ArrayLike, speed_ms: npt.ArrayLike, climb_out: npt.ArrayLike
) -> Floats:
    """Tell the chance that who enters the water is swept off and cannot get out.

    Footing is lost when depth times speed passes what a body withstands, a lognormal
    spread about 1 m²/s. Swimming, clothes, cold and help are not in it.

    Parameters
    ----------
    depth_m, speed_ms
        Of the water, of any shape.
    climb_out
        Share of those swept off who can climb the bank; 0 at walls of concrete.

    Returns
    -------
    numpy.ndarray
        0 to 1.

    Examples
    --------
    >>> swept_chance([0.0, 1.0, 4.0], [1.0, 1.0, 1.5], 0.5).round(3).tolist()
    [0.0, 0.25, 0.499]
    """
    product = np.asarray(depth_m, dtype=np.float64) * np.asarray(speed_ms)
    middle = CHANNELS["fall_product_m2_s"]["value"]
    with np.errstate(divide="ignore"):
        fall = ndtr(np.log(product / middle) / CHANNELS["fall_spread"]["value"])
    return np.asarray(fall * (1 - np.asarray(climb_out, dtype=np.float64)))


def channel_kind(name: str, kind: str) -> str:
    """Name the kind of channel of a course.

    Parameters
    ----------
    name
        English name of the course.
    kind
        ``river`` or ``canal``.

    Returns
    -------
    str
        ``river``, ``earth_canal`` or ``lined_canal``.

    Examples
    --------
    >>> channel_kind("Coachella Canal", "canal"), channel_kind("Some ditch", "canal")
    ('lined_canal', 'earth_canal')
    """
    for start, known in CHANNELS["courses"].items():
        if name.startswith(start):
            return str(known)
    return "river" if kind == "river" else "earth_canal"


def _stage_of(name: str, options: WaterOptions) -> float:
    """Find how deep a course is against usual."""
    for start, ratio in options.stage.items():
        if start != "*" and name.startswith(start):
            return float(ratio)
    return float(options.stage.get("*", 1.0))


def course_chance(name: str, kind: str, options: WaterOptions) -> float:
    """Tell the chance of being swept away in one course at its stage.

    Parameters
    ----------
    name, kind
        Of the course.
    options
        Its stage.

    Returns
    -------
    float
        0 to 1; never falls as the stage rises.

    Examples
    --------
    >>> usual = course_chance("Rio Grande, x", "river", WaterOptions())
    >>> high = WaterOptions(stage={"Rio Grande": 2.0})
    >>> course_chance("Rio Grande, x", "river", high) > usual
    True
    """
    channel = CHANNELS["kinds"][channel_kind(name, kind)]
    ratio = _stage_of(name, options)
    depth = channel["depth_m"] * ratio
    speed = channel["speed_ms"] * ratio**MANNING_POWER
    return float(swept_chance(depth, speed, channel["climb_out"]))


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """Courses cut into short pieces, in the order in which the water runs.

    Parameters
    ----------
    xyz_m
        Middles in space, of shape (n_pieces, 3).
    length_km
        Of each piece.
    weight
        Chance of being swept away in it.
    spread_km
        How far its place may be off.
    course
        Number of the unbroken course that it belongs to.
    directed
        True where it is known which way the water runs.
    """

    xyz_m: Floats
    length_km: Floats
    weight: Floats
    spread_km: Floats
    course: npt.NDArray[np.int64]
    directed: npt.NDArray[np.bool_]


def _flow_of(name: str) -> int:
    """Tell whether water runs with a course's points (1), against (-1), or unknown."""
    for way, sign in (("along", 1), ("against", -1)):
        if any(name.startswith(start) for start in CHANNELS[way]["value"]):
            return sign
    return 0


def cut_courses(waterways: gpd.GeoDataFrame, options: WaterOptions) -> Pieces:
    """Cut waterways into pieces; rivers that meet end to end are one course.

    Parameters
    ----------
    waterways
        Lines with ``name_en``, ``kind`` and ``accuracy_m``.
    options
        Stages.

    Returns
    -------
    Pieces
        In the order in which the water runs, course by course.
    """
    rows = []
    lines = to_storage(waterways, name="waterways").explode(index_parts=False)
    lines = lines[~lines.geometry.is_empty & lines.geometry.notna()]
    names = lines["name_en"].astype(str).tolist()
    for number, (name, kind, accuracy_m, line) in enumerate(
        zip(names, lines["kind"], lines["accuracy_m"], lines.geometry, strict=True)
    ):
        way = _flow_of(name)
        xy = shapely.get_coordinates(shapely.segmentize(line, PIECE_DEG))
        xyz = geocentric(xy[:, 0], xy[:, 1])[:: way or 1]
        middles = (xyz[1:] + xyz[:-1]) / 2
        size = len(middles)
        rows.append(
            {
                "xyz_m": middles,
                "length_km": np.linalg.norm(np.diff(xyz, axis=0), axis=1) / M_PER_KM,
                "weight": np.full(size, course_chance(name, str(kind), options)),
                "spread_km": np.full(size, _spread_km(float(accuracy_m))),
                "course": np.full(size, number),
                "directed": np.full(size, way != 0),
            }
        )
    if not rows:
        nothing = np.zeros(0)
        return Pieces(
            xyz_m=np.zeros((0, 3)),
            length_km=nothing,
            weight=nothing,
            spread_km=nothing,
            course=nothing.astype(np.int64),
            directed=nothing.astype(bool),
        )
    joined = {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}
    return _in_order(Pieces(**joined))


def _spread_km(accuracy_m: float) -> float:
    """Tell how far a course may be off, the errands of walkers included."""
    own = CHANNELS["spill_km"]["value"]
    known = accuracy_m / M_PER_KM if np.isfinite(accuracy_m) else COARSE_M / M_PER_KM
    return float(np.hypot(own, known))


def _in_order(pieces: Pieces) -> Pieces:
    """Put a course that ends where another begins before it, as one course."""
    courses = pd.unique(pieces.course)
    rows = {number: np.flatnonzero(pieces.course == number) for number in courses}
    heads = {number: pieces.xyz_m[rows[number][0]] for number in courses}
    follows: dict[int, int] = {}
    for number in courses:
        tail = pieces.xyz_m[rows[number][-1]]
        if not pieces.directed[rows[number][0]]:
            continue
        for other in courses:
            apart_km = np.linalg.norm(heads[other] - tail) / M_PER_KM
            near = apart_km < 1.0 and pieces.directed[rows[other][0]]
            if other != number and near and other not in follows.values():
                follows[number] = other
                break
    order, names, done = [], [], set(follows.values())
    for first in [c for c in courses if c not in done]:
        here = first
        while True:
            order.append(rows[here])
            names.append(np.full(rows[here].size, first))
            if here not in follows:
                break
            here = follows[here]
    taken = np.concatenate(order)
    return Pieces(
        xyz_m=pieces.xyz_m[taken],
        length_km=pieces.length_km[taken],
        weight=pieces.weight[taken],
        spread_km=pieces.spread_km[taken],
        course=np.concatenate(names),
        directed=pieces.directed[taken],
    )


def drift(amounts: Floats, pieces: Pieces, drift_km: float) -> Floats:
    """Carry amounts downstream, an exponential way, never upstream.

    What reaches the end of a course stays in its last piece: nothing is lost.

    Parameters
    ----------
    amounts
        Of each piece, of shape (n_pieces,).
    pieces
        In the order in which the water runs.
    drift_km
        Mean way.

    Returns
    -------
    numpy.ndarray of shape (n_pieces,)
        Adds up to what was put in, course by course.
    """
    carried = amounts.astype(np.float64).copy()
    last = np.r_[pieces.course[1:] != pieces.course[:-1], True][: len(amounts)]
    passing = 0.0
    pass_on = np.exp(-pieces.length_km / drift_km)
    for piece in range(len(amounts)):
        if not pieces.directed[piece]:
            passing = 0.0
            continue
        here = amounts[piece] + passing
        passing = 0.0 if last[piece] else here * pass_on[piece]
        carried[piece] = here - passing
    return carried
