"""Grid columns: places written in metres or as grid references → degrees."""

import numpy as np
import pandas as pd

from riskmap.grids import ZONES
from riskmap.ingest.coordinates import LONGEST_PLACE
from riskmap.ingest.projections import (
    METRES,
    read_grid,
    to_degrees,
    utm_to_degrees,
)
from riskmap.ingest.quantities import as_numbers
from riskmap.ingest.sheet import Sheet, first_code

LEAST_EASTING_M, MOST_EASTING_M = 100_000.0, 900_000.0
"""Where a point of UTM lies within its zone; beyond, a digit is wrong."""

MOST_NORTHING_M = 9_400_000.0

LIKE_GRID = r"(?i)^\s*(?:utm|zon[ae])?\s*[0-9]{1,2}\s*[c-hj-np-x]?[\s,;:]*(?:[a-hj-np-z]{2}\s*[0-9 ]*|[0-9]{6,7}\D.*)$"  # noqa: E501
"""What can only be meant as a grid reference or a point of UTM."""

MANY_DECIMALS = 9
"""Decimals of degrees that a place in metres counts as having."""


def looks_like_grid(text: pd.Series) -> pd.Series:
    """Tell which texts can only be meant as grid references.

    Parameters
    ----------
    text
        Text, of shape (n_rows,).

    Returns
    -------
    pandas.Series of bool
        On the same index.

    Examples
    --------
    >>> text = pd.Series(["12R WV 057 661", "31.65, -110.36", "12 505708 3466177"])
    >>> looks_like_grid(text).tolist()
    [True, False, True]
    """
    short = text.where(text.str.len() <= LONGEST_PLACE, "")
    return short.str.contains(LIKE_GRID)


def read_grids(text: pd.Series) -> pd.DataFrame:
    """Read grid references.

    Parameters
    ----------
    text
        References, of shape (n_rows,).

    Returns
    -------
    pandas.DataFrame
        ``x``, ``y`` (degrees, NaN where the text is no reference) and ``side_m``.

    Examples
    --------
    >>> found = read_grids(pd.Series(["12R WV 0570 6617", "here"]))
    >>> found.round(3).values.tolist()
    [[-110.94, 31.33, 10.0], [nan, nan, nan]]
    """
    short = text.where(text.str.len() <= LONGEST_PLACE, "")
    squares = [read_grid(value) or (np.nan,) * 4 for value in short]
    names = ["zone", "east", "north", "side_m"]
    table = pd.DataFrame(squares, columns=names, index=text.index, dtype="float64")
    found = utm_to_degrees(table["zone"], table["east"], table["north"])
    return found.assign(side_m=table["side_m"].where(found["x"].notna()))


def _read_zone(sheet: Sheet) -> pd.Series:
    """Read the zone of each row, from its column or from the profile."""
    stated = str(sheet.profile.utm_zone or "")
    text = sheet.text("zone")
    text = text.mask(text == "", stated)
    number = text.str.extract(r"(?i)^(?:zon[ae]\s*)?([0-9]{1,2})\s*[a-z]?$")[0]
    zone = as_numbers(number.fillna(""))
    codes = first_code(
        text.index,
        [("zone_missing", text == ""), ("zone_unreadable", ~zone.between(1, ZONES))],
    )
    sheet.note_codes(codes, "zone", text)
    return zone.where(codes == "")


def _check_metres(sheet: Sheet, east: pd.Series, north: pd.Series) -> pd.Series:
    """Note metres that no point of UTM has; tell which rows are free of that."""
    east_text, north_text = sheet.text("easting"), sheet.text("northing")
    shown = east_text + ", " + north_text
    empty = (east_text == "") | (north_text == "")
    unread = (east.isna() | north.isna()) & ~empty
    fits = east.between(LEAST_EASTING_M, MOST_EASTING_M)
    swapped = ~fits & north.between(LEAST_EASTING_M, MOST_EASTING_M)
    swapped &= east.between(MOST_EASTING_M, MOST_NORTHING_M)
    codes = first_code(
        east.index,
        [
            ("coordinates_missing", empty),
            ("metres_unreadable", unread),
            ("easting_northing_swapped", swapped),
            ("easting_out_of_range", ~fits),
            ("northing_out_of_range", ~north.between(0, MOST_NORTHING_M)),
        ],
    )
    turned = (north_text + ", " + east_text).where(swapped, "")
    sheet.note_codes(codes, "easting", shown, turned)
    return codes == ""


def _decimals(*texts: pd.Series) -> pd.Series:
    """Count the digits behind the point, of the text that has more."""
    counts = [
        text.str.extract(r"[.,]([0-9]*)$", expand=False).fillna("").str.len()
        for text in texts
    ]
    return pd.concat(counts, axis=1).max(axis=1).astype("float64")


def _form(
    place: pd.DataFrame, side_m: pd.Series | float, shown: pd.Series
) -> pd.DataFrame:
    """Bring places to the form that degrees have too."""
    return pd.DataFrame(
        {
            "x": place["x"],
            "y": place["y"],
            "rounding_m": side_m / 2,
            "fewest_decimals": MANY_DECIMALS,
            "shown": shown,
        }
    )


def _read_utm(sheet: Sheet) -> pd.DataFrame:
    """Read columns of easting and northing, with a zone or a system that has one."""
    texts = sheet.text("easting"), sheet.text("northing")
    east, north = as_numbers(texts[0]), as_numbers(texts[1])
    if sheet.crs in METRES:
        shown = texts[0] + ", " + texts[1]
        _note_unread(sheet, "easting", shown, texts, (east, north))
        place = to_degrees(east, north, sheet.crs)
    else:
        fine = _check_metres(sheet, east, north)
        zone = _read_zone(sheet)
        place = utm_to_degrees(zone.where(fine), east, north)
    side_m = 10.0 ** -_decimals(*texts)
    return _form(place, side_m, texts[0] + ", " + texts[1])


def _note_unread(
    sheet: Sheet,
    field: str,
    shown: pd.Series,
    texts: tuple[pd.Series, pd.Series],
    numbers: tuple[pd.Series, pd.Series],
) -> None:
    """Note what is missing and what is no number."""
    empty = (texts[0] == "") | (texts[1] == "")
    sheet.note("coordinates_missing", empty, field, shown)
    unread = (numbers[0].isna() | numbers[1].isna()) & ~empty
    sheet.note("metres_unreadable", unread, field, shown)


def read_metres(sheet: Sheet) -> pd.DataFrame | None:
    """Read places that are not written in degrees; note every fault.

    Parameters
    ----------
    sheet
        A file under inspection.

    Returns
    -------
    pandas.DataFrame or None
        ``x``, ``y`` in degrees, ``rounding_m`` (half of the smallest step that was
        written), ``fewest_decimals`` and ``shown``; None if the file writes degrees.
    """
    if "grid" in sheet.columns:
        text = sheet.text("grid")
        found = read_grids(text)
        sheet.note("coordinates_missing", text == "", "grid")
        sheet.note("grid_unreadable", (text != "") & found["x"].isna(), "grid")
        return _form(found, found["side_m"], text)
    if "easting" in sheet.columns:
        return _read_utm(sheet)
    if sheet.crs in METRES and "lat" in sheet.columns:
        texts = sheet.text("lon"), sheet.text("lat")
        east, north = as_numbers(texts[0]), as_numbers(texts[1])
        shown = texts[0] + ", " + texts[1]
        _note_unread(sheet, "lat", shown, texts, (east, north))
        place = to_degrees(east, north, sheet.crs)
        return _form(place, 10.0 ** -_decimals(*texts), shown)
    return None
