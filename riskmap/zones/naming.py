"""Naming zones: by the nearest landmark that both sides know."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.crs import GEOD, to_storage
from riskmap.schema import Column

M_PER_KM = 1000.0

# an unverified place may be 8 km off: it names a zone only where no verified one is
# within this distance
VERIFIED_WITHIN_KM = 50.0

UNVERIFIED = "unverified"

# a post or a hospital names no zone: it would read as if it were the danger
FACILITIES = (
    "border_patrol_sector_hq",
    "border_patrol_station",
    "grupo_beta",
    "hospital",
    "mexican_consulate",
    "us_consulate",
)

NAME_COLUMNS: tuple[Column, ...] = (
    Column(
        name="landmark_id", dtype="str", meaning="The nearest landmark; '' if none."
    ),
    Column(name="landmark_en", dtype="str", meaning="Its name in English."),
    Column(name="landmark_es", dtype="str", meaning="Its name in Spanish."),
    Column(
        name="landmark_distance_km",
        dtype="float64",
        unit="km",
        lowest=0,
        missing=True,
        meaning="Distance from a point inside the zone to the landmark.",
    ),
)


def name_zones(
    zones: gpd.GeoDataFrame, landmarks: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Name each zone by the landmark nearest to a point inside it.

    Landmarks of either side count; hospitals and posts of agencies do not. An
    unverified one is used only where no verified one lies within 50 km.

    Parameters
    ----------
    zones
        As :func:`riskmap.zones.find_zones` returns them.
    landmarks
        Points in any CRS on ``landmark_id``, with ``name_en``, ``name_es`` and
        ``basis``, and ``kind`` if known.

    Returns
    -------
    geopandas.GeoDataFrame of shape (n_zones, n_columns + 4)
        With :data:`NAME_COLUMNS` before ``geometry``; texts are empty and the
        distance is NaN if there is no landmark. Distances on the ellipsoid, from the
        zone's inner point.

    Raises
    ------
    MissingCRSError
        If a table does not say its CRS.

    Examples
    --------
    >>> import shapely
    >>> zones = gpd.GeoDataFrame(
    ...     {"rank": [1]}, geometry=[shapely.box(-111, 31.4, -110.9, 31.5)], crs=4326
    ... )
    >>> landmarks = gpd.GeoDataFrame(
    ...     {"name_en": ["Nogales"], "name_es": ["Nogales"], "basis": ["read"]},
    ...     index=pd.Index(["town-1"], name="landmark_id"),
    ...     geometry=[shapely.Point(-110.94, 31.34)],
    ...     crs=4326,
    ... )
    >>> name_zones(zones, landmarks)[["landmark_en", "landmark_distance_km"]].round(1)
      landmark_en  landmark_distance_km
    0     Nogales                  12.2
    """
    stored = landmarks.sort_index()
    if "kind" in stored.columns:
        stored = stored[~stored["kind"].isin(FACILITIES)]
    if len(stored):
        stored = to_storage(stored, name="landmarks")
    nearest, distance_km = _nearest(zones, stored)
    known = nearest >= 0
    place = np.where(known, nearest, 0)
    named = zones.drop(columns=zones.geometry.name)
    for column, values in (
        ("landmark_id", stored.index.astype(str)),
        ("landmark_en", stored["name_en"]),
        ("landmark_es", stored["name_es"]),
    ):
        texts = np.asarray(values, dtype=object)
        picked = texts[place] if len(texts) else np.full(len(zones), "", dtype=object)
        named[column] = pd.array(np.where(known, picked, ""), dtype="str")
    named["landmark_distance_km"] = distance_km
    return gpd.GeoDataFrame(named, geometry=zones.geometry)


def _nearest(
    zones: gpd.GeoDataFrame, landmarks: gpd.GeoDataFrame
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Find the row of each zone's landmark, -1 if none, and its distance."""
    if len(zones) == 0 or len(landmarks) == 0:
        return np.full(len(zones), -1, dtype=np.intp), np.full(len(zones), np.nan)
    inside = to_storage(zones, name="zones").geometry.representative_point()
    rows, columns = np.meshgrid(
        np.arange(len(zones)), np.arange(len(landmarks)), indexing="ij"
    )
    shape = rows.shape
    points = landmarks.geometry
    metres = GEOD.inv(
        inside.x.to_numpy()[rows.ravel()],
        inside.y.to_numpy()[rows.ravel()],
        points.x.to_numpy()[columns.ravel()],
        points.y.to_numpy()[columns.ravel()],
    )[2]
    apart_km = np.asarray(metres).reshape(shape) / M_PER_KM
    verified = (landmarks["basis"] != UNVERIFIED).to_numpy()
    best = np.argmin(apart_km, axis=1)
    if verified.any():
        among = np.flatnonzero(verified)
        sure = among[np.argmin(apart_km[:, among], axis=1)]
        rows_ = np.arange(len(zones))
        best = np.where(apart_km[rows_, sure] <= VERIFIED_WITHIN_KM, sure, best)
    return best, apart_km[np.arange(len(zones)), best]
