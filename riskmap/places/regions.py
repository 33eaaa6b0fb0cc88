"""Regions: parts of the border that people open by name."""

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from riskmap.errors import UnknownNameError
from riskmap.places.extents import area_landmarks
from riskmap.places.lexicon import fold
from riskmap.schema import Column

WAYS: Final = ("km", "states", "shape", "units")
"""A stretch of the line on both sides; states; an outline of ``regions.geojson``; any
units of jurisdiction, such as ``us_county:04019``."""

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
        If there is no such region, or several have the name; ids are listed.
    """
    wanted = fold(name)
    for column in ("region_id", "name_en", "name_es"):
        same = regions[column].map(lambda text: fold(str(text)) == wanted)
        # a name that several units share opens none of them: their ids do
        if same.any() and (same.sum() == 1 or column == "region_id"):
            return regions[same].iloc[0]
        if same.any():
            known = ", ".join(regions.loc[same, "region_id"])
            msg = f"Several regions are called {name!r}: {known}."
            raise UnknownNameError(msg, kind="region", value=name, known=known)
    known = ", ".join(regions["region_id"][regions["by"] != "units"])
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
    elif way == "units":
        asked = {tuple(code.split(":")) for code in value.split()}
        pairs_held = zip(jurisdictions["kind"], jurisdictions["code"], strict=True)
        outlines = jurisdictions.geometry[[pair in asked for pair in pairs_held]]
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


def unit_regions(jurisdictions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Make a region of every state, county, municipio and sector.

    Parameters
    ----------
    jurisdictions
        Polygons with ``kind``, ``code`` and ``name``.

    Returns
    -------
    pandas.DataFrame
        :data:`REGION_TABLE`; ``region_id`` is kind and code, ``us_county:04019``.
    """
    areas, _ = area_landmarks(jurisdictions)
    rows = [
        (area.landmark_id, area.name_en, area.name_es, "units", area.landmark_id)
        for area in areas
    ]
    columns = [column.name for column in REGION_TABLE]
    table = pd.DataFrame(
        [(*row, "jurisdictions of the project", "read") for row in rows],
        columns=columns,
    )
    return table.astype("str")
