"""Areas: records known only to a municipio or county are areas, never points."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.crs import metric_crs_for
from riskmap.ingest.jurisdictions import districts_named
from riskmap.ingest.profile_form import PLACE_FIELDS
from riskmap.ingest.sheet import Sheet


def areas_of(codes: list[str], jurisdictions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure the middle of each area, and how far it reaches.

    Parameters
    ----------
    codes
        Codes of municipios or counties.
    jurisdictions
        Areas with ``kind`` and ``code``, EPSG:4326.

    Returns
    -------
    pandas.DataFrame
        On the codes: ``x``, ``y`` (degrees) of a point within, the centre where that
        lies inside; ``accuracy_m``, the radius of the circle of the same area, metres.

    Examples
    --------
    >>> import shapely
    >>> table = gpd.GeoDataFrame(
    ...     {"kind": ["us_county"], "code": ["04023"]},
    ...     geometry=[shapely.box(-111, 31, -110, 32)],
    ...     crs="EPSG:4326",
    ... )
    >>> areas_of(["04023"], table).round(1).values.tolist()
    [[-110.5, 31.5, 57903.7]]
    """
    table = jurisdictions[jurisdictions["code"].isin(codes)]
    shapes = table.dissolve("code").geometry.loc[codes]
    metric = shapes.to_crs(metric_crs_for(shapes))
    centre = metric.centroid.where(metric.contains(metric.centroid))
    point = centre.where(
        ~centre.is_empty & centre.notna(), metric.representative_point()
    )
    degrees = gpd.GeoSeries(point, crs=metric.crs).to_crs("EPSG:4326")
    return pd.DataFrame(
        {
            "x": degrees.x,
            "y": degrees.y,
            "accuracy_m": np.sqrt(metric.area / np.pi),
        }
    )


def read_areas(sheet: Sheet, jurisdictions: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Place records that name a municipio and give no coordinates.

    Nothing is guessed: a name that the table does not have, or has several times, is
    a fault, and the row waits.

    Parameters
    ----------
    sheet
        A file under inspection.
    jurisdictions
        States, counties and municipios; without them there is nothing to place by.

    Returns
    -------
    pandas.DataFrame
        For the rows that are areas: ``x``, ``y``, ``accuracy_m`` (NaN where a fault
        was noted) and ``area``, the code of the municipio or county.
    """
    none = pd.DataFrame(
        {"x": [], "y": [], "accuracy_m": [], "area": pd.Series([], dtype="str")},
        index=sheet.frame.index[:0],
    )
    if jurisdictions is None or "municipio" not in sheet.columns:
        return none
    only = sheet.text("municipio") != ""
    for field in PLACE_FIELDS:
        only &= sheet.text(field) == ""
    if not only.any():
        return none
    codes = districts_named(sheet, jurisdictions)[only]
    count = codes.map(len)
    for code, wrong in (
        ("municipio_unknown", count == 0),
        ("municipio_ambiguous", count > 1),
    ):
        sheet.note(code, wrong, "municipio")
    area = codes.map(lambda found: found[0] if len(found) == 1 else "").astype("str")
    known = sorted(set(area) - {""})
    found = pd.DataFrame(np.nan, index=area.index, columns=["x", "y", "accuracy_m"])
    if known:
        found = areas_of(known, jurisdictions).reindex(area).set_axis(area.index)
    return found.assign(area=area)
