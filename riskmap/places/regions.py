"""Regions: parts of the border that people open by name."""

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from riskmap.errors import UnknownNameError
from riskmap.places.lexicon import fold
from riskmap.schema import Column

WAYS: Final = ("km", "states", "shape")
"""A stretch of the line on both sides; states; an outline of ``regions.geojson``."""

REGION_TABLE: Final[tuple[Column, ...]] = (
    Column(name="region_id", dtype="str"),
    Column(name="name_en", dtype="str"),
    Column(name="name_es", dtype="str"),
    Column(name="by", dtype="str", values=WAYS),
    Column(name="value", dtype="str", meaning="1916.7..2348.0, US-04 MX-26, a name"),
    Column(name="source", dtype="str"),
    Column(name="basis", dtype="str"),
)

STATE_KINDS: Final = {"US": "us_state", "MX": "mx_state"}


def find_region(regions: pd.DataFrame, name: str) -> pd.Series:
    """Find a region by its id or by its name in either language.

    Parameters
    ----------
    regions
        :data:`REGION_TABLE`.
    name
        Case and accents do not count.

    Returns
    -------
    pandas.Series
        Its row.

    Raises
    ------
    UnknownNameError
        If there is no such region; the ids that there are are listed.
    """
    wanted = fold(name)
    for column in ("region_id", "name_en", "name_es"):
        same = regions[column].map(lambda text: fold(str(text)) == wanted)
        if same.any():
            return regions[same].iloc[0]
    known = ", ".join(regions["region_id"])
    msg = f"No region {name!r}; there are {known}."
    raise UnknownNameError(msg, kind="region", value=name, known=known)


def region_mask(
    region: pd.Series,
    cells: pd.DataFrame,
    *,
    shapes: gpd.GeoDataFrame,
    jurisdictions: gpd.GeoDataFrame,
) -> npt.NDArray[np.bool_]:
    """Tell which cells, or other rows with a place, lie in a region.

    Parameters
    ----------
    region
        As :func:`find_region` returns it.
    cells
        With ``x`` and ``y`` (degrees) and ``km`` along the line.
    shapes
        Outlines with ``name_en``.
    jurisdictions
        Polygons with ``kind`` and ``code``.

    Returns
    -------
    numpy.ndarray of shape (n_rows,)
        True inside. A stretch of the line holds both its sides.

    Raises
    ------
    UnknownNameError
        If the region names an outline or state that is not there.
    """
    way, value = str(region["by"]), str(region["value"])
    if way == "km":
        low, high = (float(part) for part in value.split(".."))
        km = cells["km"].to_numpy(dtype=np.float64)
        return np.asarray((km >= low) & (km <= high), dtype=np.bool_)
    if way == "states":
        wanted = {tuple(code.split("-")) for code in value.split()}
        pairs = {(STATE_KINDS[side], code) for side, code in wanted}
        held = [
            pair in pairs
            for pair in zip(jurisdictions["kind"], jurisdictions["code"], strict=True)
        ]
        outlines = jurisdictions.geometry[held]
    else:
        outlines = shapes.geometry[shapes["name_en"] == value]
    if outlines.empty:
        known = ", ".join(shapes["name_en"].astype(str))
        msg = f"Region {region['region_id']} names {value!r}, which is not there."
        raise UnknownNameError(msg, kind="region", value=value, known=known)
    whole = shapely.union_all(np.asarray(outlines))
    shapely.prepare(whole)
    inside = shapely.contains_xy(whole, cells["x"].to_numpy(), cells["y"].to_numpy())
    return np.asarray(inside, dtype=np.bool_)
