"""Demarcation: isolated stretches of the line ranked for marking, with reasons."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from riskmap.crs import STORAGE_CRS
from riskmap.places.access import index_roads
from riskmap.places.extents import unit_code
from riskmap.places.gaps import GapOptions, counted, spacing_m
from riskmap.places.gazetteer import Gazetteer
from riskmap.places.geodesy import M_PER_KM, Floats
from riskmap.places.jurisdictions import STEP_KM, Areas
from riskmap.places.line import Line, stretch
from riskmap.places.nearest import group_of, nearest_in

PARTS: Final = ("incursions", "spacing", "remoteness")

STRETCH_KM = 10.0
SAMPLE_KM = 0.5


@lru_cache(maxsize=1)
def _weights() -> dict[str, Any]:
    """Read the weights."""
    file = resources.files("riskmap.places").joinpath("demarcation.toml")
    return tomllib.loads(file.read_text("utf-8"))


def rank_stretches(
    gazetteer: Gazetteer,
    line: Line,
    *,
    incursions_km: npt.ArrayLike | None = None,
    watched_km: Sequence[tuple[float, float]] = (),
    areas: Areas | None = None,
    options: GapOptions | None = None,
) -> gpd.GeoDataFrame:
    """Rank stretches of 10 km by how much a new marker would be worth there.

    The score is the weighted mean of the parts that have data, each 0 to under 1: how
    many incursions are recorded there against the stretch with most, how far
    its points are from a shared landmark on average, and how far it is from a town
    and, where all roads are on file, from a road. Adding a landmark never raises a
    stretch's score.

    Parameters
    ----------
    gazetteer
        Landmarks.
    line
        The line.
    incursions_km
        Kilometre of every recorded incursion; None if there is no such record.
    watched_km
        First and last kilometre of each stretch that a source of such records watches.
        A stretch without a record that none watches has no data, which is not "no
        incursions".
    areas
        Jurisdictions, to know where the roads of the gazetteer are all there are;
        None to leave roads out.
    options
        Which landmarks count.

    Returns
    -------
    geopandas.GeoDataFrame
        ``rank``, ``from_km``, ``to_km``, ``score``, ``incursions`` (events; NaN where
        nobody watches), ``spacing_km``, ``town_km``, ``road_km`` (NaN where roads are
        not on file), the parts ``part_*`` and the reasons ``reason_*``, which add up
        to the score (both NaN where there is no data), ``geometry``; EPSG:4326, the
        first to mark first.
    """
    edges = np.append(np.arange(0.0, line.length_km, STRETCH_KM), line.length_km)
    if edges.size > 2 and edges[-1] - edges[-2] < STRETCH_KM / 2:  # noqa: PLR2004
        edges = np.delete(edges, -2)
    km = np.arange(SAMPLE_KM / 2, line.length_km, SAMPLE_KM)
    held = np.clip(np.searchsorted(edges, km, side="right") - 1, 0, edges.size - 2)
    count = edges.size - 1

    def mean(values: Floats) -> Floats:
        total = np.bincount(held, weights=values, minlength=count)
        return total / np.bincount(held, minlength=count)

    places = counted(gazetteer, options or GapOptions())
    half = _weights()["half_at"]
    spacing = spacing_m(places, line, km) / M_PER_KM
    spacing_km = mean(np.minimum(spacing, line.length_km))
    town_km = mean(_town_km(gazetteer, line, km))
    road_km = mean(_road_km(gazetteer, line, km, areas))
    events = _events(incursions_km, edges, watched_km)
    far_town = _share(town_km, half["town_km"])
    far_road = _share(road_km, half["road_km"])
    parts = {
        "incursions": events / max(float(np.nanmax(events, initial=0.0)), 1.0),
        "spacing": _share(spacing_km, half["spacing_km"]),
        "remoteness": np.where(np.isnan(far_road), far_town, (far_town + far_road) / 2),
    }
    table = gpd.GeoDataFrame(
        {
            "from_km": edges[:-1],
            "to_km": edges[1:],
            "score": np.nansum(_weighed(parts), axis=0),
            "incursions": events.astype(np.float64),
            "spacing_km": spacing_km,
            "town_km": town_km,
            "road_km": road_km,
        }
        | {f"part_{name}": parts[name] for name in PARTS}
        | dict(zip((f"reason_{name}" for name in PARTS), _weighed(parts), strict=True)),
        geometry=[stretch(line, low, high) for low, high in pairwise(edges.tolist())],
        crs=STORAGE_CRS,
    ).sort_values(["score", "from_km"], ascending=[False, True], kind="stable")
    table.insert(0, "rank", np.arange(1, count + 1))
    return table.reset_index(drop=True)


def _share(km: Floats, half_km: float) -> Floats:
    """Bring kilometres to 0 to 1, a half at ``half_km``; more is always more."""
    return km / (km + half_km)


def _events(
    incursions_km: npt.ArrayLike | None,
    edges: Floats,
    watched_km: Sequence[tuple[float, float]],
) -> Floats:
    """Count incursions; a stretch without any that nobody watches is missing."""
    told = np.asarray([] if incursions_km is None else incursions_km, dtype=float)
    events = np.histogram(told, bins=edges)[0].astype(np.float64)
    middle = (edges[:-1] + edges[1:]) / 2
    watched = np.zeros(middle.shape, dtype=bool)
    for low, high in watched_km:
        watched |= (low <= middle) & (middle <= high)
    return np.where((events == 0) & ~watched, np.nan, events)


def _weighed(parts: dict[str, Floats]) -> Floats:
    """Weigh the parts that have data: what each adds to the score."""
    weights = _weights()["weights"]
    values = np.stack([parts[name] for name in PARTS])
    weigh = np.array([[weights[name]] for name in PARTS]) * ~np.isnan(values)
    return np.asarray(values * weigh / weigh.sum(axis=0), dtype=np.float64)


def _town_km(gazetteer: Gazetteer, line: Line, km: Floats) -> Floats:
    """Measure how far points of the line are from a town of either side."""
    towns = tuple(place for place in gazetteer.landmarks if place.kind == "town")
    points = line.point_at(km)
    near = nearest_in(group_of(towns), points[:, 0], points[:, 1])
    if near.metres.shape[1] == 0:
        return np.full(km.shape, np.nan)
    return near.metres[:, 0] / M_PER_KM


def _road_km(
    gazetteer: Gazetteer, line: Line, km: Floats, areas: Areas | None
) -> Floats:
    """Measure how far points of the line are from a road, where all are on file."""
    index = index_roads(gazetteer.landmarks)
    found = np.full(km.shape, np.nan)
    if index is None or areas is None:
        return found
    points = line.point_at(km)
    for kind in ("us_state", "mx_state"):
        codes = [unit_code(kind, code) for code in areas.codes[kind]]
        mark = np.minimum(np.rint(km / STEP_KM).astype(int), areas.along[kind].size - 1)
        held = areas.along[kind][mark]
        for cover in index.covers:
            rows = np.flatnonzero(
                [unit >= 0 and codes[unit] == cover for unit in held.tolist()]
            )
            if rows.size:
                _, metres, _ = index.nearest(points[rows, 0], points[rows, 1], cover)
                found[rows] = np.fmin(found[rows], metres / M_PER_KM)
    return found
