"""Coordinates: text of many forms → degrees, or a fault; nothing mended silently."""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from riskmap.crs import MOST_X_DEG, MOST_Y_DEG

PLAIN: Final = r"[+-]?[0-9]{1,9}(?:\.[0-9]*)?|[+-]?\.[0-9]+"
"""A number with a decimal point, as most files have it."""

COMMA: Final = r"[+-]?[0-9]{1,9},[0-9]+"
"""A number with a decimal comma."""

WEST: Final = ("W", "O", "WEST", "OESTE", "OEST")
EAST: Final = ("E", "EAST", "ESTE")
NORTH: Final = ("N", "NORTH", "NORTE")
SOUTH: Final = ("S", "SOUTH", "SUR")

SIGNS: Final[dict[str, dict[str, int]]] = {
    "lat": dict.fromkeys(NORTH, 1) | dict.fromkeys(SOUTH, -1),
    "lon": dict.fromkeys(EAST, 1) | dict.fromkeys(WEST, -1),
}

# degree, minute and second as keyboards, phones and typesetters write them
MARKS: Final = "\u00b0\u00ba\u02da'\u2019\u2032\u00b4\"\u201d\u2033\u201c"
NUMBER: Final = r"[0-9]{1,9}(?:[.,][0-9]+)?"
BETWEEN: Final = rf"(?:\s*[{MARKS}:\-]+\s*|\s+)"
ANGLE: Final = re.compile(
    rf"([A-Z]+)?\s*([+-])?\s*({NUMBER})"
    rf"(?:{BETWEEN}({NUMBER}))?(?:{BETWEEN}({NUMBER}))?[\s{MARKS}]*([A-Z]+)?"
)
"""Letter, sign, degrees, minutes, seconds, letter."""

LONGEST_PLACE = 100

SIXTY = 60.0

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of latitude, rounded; WGS 84."""

NULL_ISLAND_DEG = 0.01

LEAST_METRES = 1_000.0
"""A number this large is no angle; UTM eastings and northings are larger."""


@dataclass(frozen=True)
class Angles:
    """Angles read from text.

    ``degrees`` is NaN where ``code`` names a fault or the text is empty;
    ``decimals`` counts the digits behind the point (9 for degrees and minutes).
    """

    degrees: pd.Series
    code: pd.Series
    decimals: pd.Series


def _tidy(text: str) -> str:
    """Bring the many dashes and marks of degrees to few."""
    text = text.upper().replace("\u2212", "-").replace("\u2013", "-")
    return text.replace("DEG", "°").replace("''", '"').replace("\u00a0", " ").strip()


def parse_angle(text: str, axis: str) -> tuple[float, str]:
    r"""Read one angle in any of the forms people write.

    Parameters
    ----------
    text
        ``31°39'0.9"N``, ``31 39.015 N``, ``W 110,366``, ``-110.366``.
    axis
        ``"lat"`` or ``"lon"``: which letters it may carry.

    Returns
    -------
    tuple of float and str
        Degrees and ``""``, or NaN and the code of the fault.

    Examples
    --------
    >>> parse_angle("110° 21' 59.2\" O", "lon")
    (-110.36644444444444, '')
    >>> parse_angle("31 75 00 N", "lat")
    (nan, 'minutes_out_of_range')
    """
    tidy = _tidy(text)
    found = ANGLE.fullmatch(tidy)
    if found is None or (found[1] and found[6]):
        return float("nan"), "coordinate_unreadable"
    parts = [float(part.replace(",", ".")) for part in found.group(3, 4, 5) if part]
    if any(part != int(part) for part in parts[:-1]):
        return float("nan"), "coordinate_unreadable"
    sign = -1 if found[2] == "-" else 1
    letter = found[1] or found[6]
    if letter:
        if all(letter not in words for words in SIGNS.values()):
            return float("nan"), "coordinate_unreadable"
        meant = SIGNS[axis].get(letter)
        if meant is None or (sign < 0 and meant > 0):
            return float("nan"), "hemisphere_contradicts"
        # "-110 W" says west twice, as people do
        sign = meant
    if any(part >= SIXTY for part in parts[1:]):
        return float("nan"), "minutes_out_of_range"
    degrees = sum(part / SIXTY**power for power, part in enumerate(parts))
    return sign * degrees, ""


def parse_angles(text: pd.Series, axis: str) -> Angles:
    """Read a column of angles.

    Parameters
    ----------
    text
        Text without space around it, of shape (n_rows,).
    axis
        ``"lat"`` or ``"lon"``.

    Returns
    -------
    Angles
        On the same index.

    Examples
    --------
    >>> found = parse_angles(pd.Series(["-110.366", "110,5 O", "", "x"]), "lon")
    >>> found.degrees.tolist(), found.code.tolist()
    ([-110.366, -110.5, nan, nan], ['', '', '', 'coordinate_unreadable'])
    """
    text = text.where(text.str.len() <= LONGEST_PLACE, "?")
    pointed = text.str.fullmatch(PLAIN)
    comma = text.str.fullmatch(COMMA)
    number = text.where(pointed | comma, "").str.replace(",", ".", regex=False)
    degrees = pd.to_numeric(number, errors="coerce").astype("float64")
    point = number.str.find(".")
    behind = number.str.len() - point - 1
    decimals = behind.where(point >= 0, 0).astype("int64")
    code = pd.Series("", index=text.index, dtype="str")
    other = (text != "") & ~pointed & ~comma
    if other.any():
        read = [parse_angle(value, axis) for value in text[other]]
        degrees.loc[other] = [value for value, _ in read]
        code.loc[other] = [fault for _, fault in read]
        decimals.loc[other] = 9
    return Angles(degrees, code, decimals)


def split_pairs(text: pd.Series) -> pd.DataFrame:
    """Cut texts that hold both coordinates.

    Parameters
    ----------
    text
        ``"31.65, -110.36"``, ``"31,65; -110,36"``, ``"POINT (-110.36 31.65)"``.

    Returns
    -------
    pandas.DataFrame
        ``lat``, ``lon`` as text, and ``ambiguous``: True where commas could both
        separate and be decimal.

    Examples
    --------
    >>> split_pairs(pd.Series(["31.65, -110.36", "31,65,-110,36"])).values.tolist()
    [['31.65', '-110.36', False], ['', '', True]]
    """
    # a longer text is no place, and would take long to be found out
    tidy = (
        text.where(text.str.len() <= LONGEST_PLACE, "").str.strip().str.strip("()[] ")
    )
    point = tidy.str.extract(r"(?i)^POINT\s*\(\s*(\S+)\s+(\S+?)$")
    clear = tidy.str.extract(r"^(.*[^,;\s])\s*(?:[;/|\t]|,\s+)\s*([^,;\s].*)$")
    tight = tidy.str.extract(r"^([^,;\s]+\.[^,;\s]*),([^,;\s]+)$")
    spaced = tidy.str.extract(r"^([+-]?[0-9]+[.,]?[0-9]*)\s+([+-]?[0-9]+[.,]?[0-9]*)$")
    lat = tight[0].fillna(clear[0]).fillna(spaced[0]).fillna("")
    lon = tight[1].fillna(clear[1]).fillna(spaced[1]).fillna("")
    # "31, 65, -110, 36" is cut at its last comma, and could be cut elsewhere
    several = tidy.str.count(",") > 1
    vague = several & ~lat.str.fullmatch(rf"{COMMA}|{PLAIN}") & point[0].isna()
    unsplit = tidy.str.contains(",") & (lat == "") & point[0].isna()
    vague = vague | unsplit
    lat = lat.mask(vague, "").mask(point[0].notna(), point[1])
    lon = lon.mask(vague, "").mask(point[0].notna(), point[0])
    return pd.DataFrame(
        {"lat": lat.astype("str"), "lon": lon.astype("str"), "ambiguous": vague}
    )


def _within(
    x: pd.Series, y: pd.Series, region: tuple[float, float, float, float]
) -> pd.Series:
    west, south, east, north = region
    return x.between(west, east) & y.between(south, north)


def _shrunk(values: pd.Series, low: float, high: float, wanted: pd.Series) -> pd.Series:
    """Divide by tens until a value fits: what a lost decimal point would give."""
    found = pd.Series(np.nan, index=values.index)
    for power in range(1, 10):
        scaled = values / 10.0**power
        fits = wanted & found.isna() & scaled.between(low, high)
        found = found.mask(fits, scaled)
    return found


def check_places(
    x: pd.Series, y: pd.Series, region: tuple[float, float, float, float]
) -> pd.DataFrame:
    """Look for the usual slips in coordinates that are numbers.

    At most one fault a row, the most telling one. A correction is proposed where
    one slip explains it all and the corrected point lies in the region.

    Parameters
    ----------
    x, y
        Longitude and latitude as given, degrees; NaN is left out.
    region
        West, south, east and north of where records can lie.

    Returns
    -------
    pandas.DataFrame
        ``code`` (``""`` if nothing is wrong) and ``proposed`` (``"lat, lon"``).

    Examples
    --------
    >>> x, y = pd.Series([-110.5, 31.4, 110.5]), pd.Series([31.4, -110.5, 31.4])
    >>> check_places(x, y, (-130, 14, -65, 50))["code"].tolist()
    ['', 'coordinates_swapped', 'longitude_sign_lost']
    >>> check_places(x, y, (-130, 14, -65, 50))["proposed"].tolist()
    ['', '31.4, -110.5', '31.4, -110.5']
    """
    west, south, east, north = region
    large = (x.abs() >= LEAST_METRES) | (y.abs() >= LEAST_METRES)
    small_x = _shrunk(x, west, east, x.abs() >= LEAST_METRES)
    small_y = _shrunk(y, south, north, y.abs() >= LEAST_METRES)
    whole_x, whole_y = small_x.fillna(x), small_y.fillna(y)
    fine = _within(x, y, region)
    rules: list[tuple[str, pd.Series, pd.Series | None, pd.Series | None]] = [
        (
            "coordinates_null_island",
            (x.abs() < NULL_ISLAND_DEG) & (y.abs() < NULL_ISLAND_DEG),
            None,
            None,
        ),
        ("coordinate_zero", (x == 0) | (y == 0), None, None),
        ("coordinates_equal", x.abs() == y.abs(), None, None),
        (
            "decimal_point_lost",
            large & _within(whole_x, whole_y, region),
            whole_x,
            whole_y,
        ),
        (
            "coordinates_projected",
            (x.abs() >= LEAST_METRES) & (y.abs() >= LEAST_METRES),
            None,
            None,
        ),
        ("coordinates_swapped", ~fine & _within(y, x, region), y, x),
        ("coordinates_swapped", ~fine & _within(-y.abs(), x, region), -y.abs(), x),
        ("longitude_sign_lost", ~fine & _within(-x, y, region), -x, y),
        ("latitude_sign_lost", ~fine & _within(x, -y, region), x, -y),
        ("latitude_out_of_range", y.abs() > MOST_Y_DEG, None, None),
        ("longitude_out_of_range", x.abs() > MOST_X_DEG, None, None),
        ("coordinates_outside_region", ~fine & x.notna() & y.notna(), None, None),
        ("coordinates_whole_degrees", (x % 1 == 0) & (y % 1 == 0), None, None),
    ]
    code = pd.Series("", index=x.index, dtype="str")
    proposed = pd.Series("", index=x.index, dtype="str")
    for name, wrong, new_x, new_y in rules:
        first = wrong & (code == "") & x.notna() & y.notna()
        if not first.any():
            continue
        code.loc[first] = name
        if new_x is not None and new_y is not None:
            pairs = zip(new_y[first], new_x[first], strict=True)
            proposed.loc[first] = [f"{lat:.9g}, {lon:.9g}" for lat, lon in pairs]
    return pd.DataFrame({"code": code, "proposed": proposed})
