"""Gaps: stretches of the line far from any landmark that both sides know."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np

from riskmap.crs import STORAGE_CRS
from riskmap.places.facts import is_shared
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.geodesy import M_PER_KM, Floats
from riskmap.places.landmark import Landmark
from riskmap.places.line import Line, stretch
from riskmap.places.nearest import group_of, nearest_in
from riskmap.schema import Column

# the line is looked at this often; a gap is known to within it
STEP_KM = 0.1

GAP_COLUMNS: Final[tuple[Column, ...]] = (
    Column(name="rank", dtype="int64", lowest=1, meaning="1 is the longest."),
    Column(name="from_km", dtype="float64", unit="km", lowest=0),
    Column(name="to_km", dtype="float64", unit="km", lowest=0),
    Column(name="length_km", dtype="float64", unit="km", lowest=0),
    Column(
        name="farthest_km",
        dtype="float64",
        unit="km",
        lowest=0,
        missing=True,
        meaning="Most that any point of it is from a landmark; missing if none is.",
    ),
    Column(name="before_id", dtype="str", meaning="Nearest landmark of its start."),
    Column(name="after_id", dtype="str", meaning="Nearest landmark of its end."),
    Column(name="geometry", dtype="geometry"),
)


@dataclass(frozen=True, kw_only=True)
class GapOptions:
    """What counts as far, and as a landmark.

    Parameters
    ----------
    reach_km
        Farther than this from every landmark is a gap.
    unverified
        True to trust landmarks whose place nobody has verified.
    """

    reach_km: float = 5.0
    unverified: bool = False


def counted(gazetteer: Gazetteer, options: GapOptions) -> tuple[Landmark, ...]:
    """List the landmarks that close gaps.

    Parameters
    ----------
    gazetteer
        Landmarks.
    options
        Whether unverified ones count.

    Returns
    -------
    tuple of Landmark
        Those that both sides know; river kilometres, which nobody sees, are not.
    """
    return tuple(
        place
        for place in gazetteer.landmarks
        if is_shared(place) and (options.unverified or place.basis != "unverified")
    )


def spacing_m(landmarks: tuple[Landmark, ...], line: Line, km: Floats) -> Floats:
    """Measure how far points of the line are from the nearest landmark.

    Parameters
    ----------
    landmarks
        Places.
    line
        The line.
    km
        Kilometres along it, of shape (n_points,).

    Returns
    -------
    numpy.ndarray of shape (n_points,)
        Metres as the crow flies; infinite if there is no landmark.
    """
    points = line.point_at(km)
    near = nearest_in(group_of(landmarks), points[:, 0], points[:, 1])
    if near.metres.shape[1] == 0:
        return np.full(km.shape, np.inf)
    return near.metres[:, 0]


def find_gaps(
    gazetteer: Gazetteer, line: Line, options: GapOptions | None = None
) -> gpd.GeoDataFrame:
    """Find the stretches of the line that lie far from every shared landmark.

    Removing a landmark never shortens a gap, adding one never lengthens it.

    Parameters
    ----------
    gazetteer
        Landmarks.
    line
        The line.
    options
        What is far.

    Returns
    -------
    geopandas.GeoDataFrame
        :data:`GAP_COLUMNS`, EPSG:4326, the longest first.
    """
    wanted = options or GapOptions()
    places = counted(gazetteer, wanted)
    km = np.append(np.arange(0.0, line.length_km, STEP_KM), line.length_km)
    points = line.point_at(km)
    group = group_of(places)
    near = nearest_in(group, points[:, 0], points[:, 1])
    known = near.metres.shape[1] > 0
    metres = near.metres[:, 0] if known else np.full(km.shape, np.inf)
    far = np.concatenate([[False], metres > wanted.reach_km * M_PER_KM, [False]])
    starts = np.flatnonzero(far[1:] & ~far[:-1])
    ends = np.flatnonzero(far[:-1] & ~far[1:]) - 1
    rows = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        farthest = float(metres[start : end + 1].max()) / M_PER_KM
        ids = [
            group.landmarks[near.rows[at, 0]].landmark_id if known else ""
            for at in (start, end)
        ]
        rows.append(
            {
                "from_km": float(km[start]),
                "to_km": float(km[end]),
                "length_km": float(km[end] - km[start]),
                "farthest_km": farthest if known else float("nan"),
                "before_id": ids[0],
                "after_id": ids[1],
                "geometry": stretch(line, float(km[start]), float(km[end])),
            }
        )
    rows.sort(key=lambda row: (-row["length_km"], row["from_km"]))
    ranked = [{"rank": place, **row} for place, row in enumerate(rows, start=1)]
    columns = [column.name for column in GAP_COLUMNS]
    table = gpd.GeoDataFrame(
        ranked, columns=columns, geometry="geometry", crs=STORAGE_CRS
    )
    dtypes = {c.name: c.dtype for c in GAP_COLUMNS if c.dtype != "geometry"}
    return table.astype(dtypes)
