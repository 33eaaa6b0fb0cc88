"""Coordinates: one point in any common form, with how finely it was written."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from riskmap import cells, grids
from riskmap.crs import MOST_X_DEG, MOST_Y_DEG
from riskmap.errors import CellIndexError
from riskmap.places import plus_codes
from riskmap.places.geodesy import distance_m

MINUTES = 60.0

# an angle is degrees; degrees and minutes; degrees, minutes and seconds
MOST_PARTS = 3
PAIR = 2

# one metre: nobody means a finer place
LEAST_RADIUS_M = 1.0

WORDS: Final = re.compile(
    r"\b(?:COORDENADAS?|COORDINATES?|COORDS?|GPS|LATITUDE?|LAT|LONGITUDE?|LONGITUD|"
    r"LONG?|LNG|MGRS|USNG|UTM|PLUS\s*CODES?|CODIGO\s*PLUS|H3|CELL|CELDA|POINT|PUNTO|"
    r"DECIMAL(?:ES)?|WGS\s*84|GRID|POSITION|POSICION|LOCATION|UBICACION)\b\.?:?"
)
"""Words that say of what kind a coordinate is, and nothing else."""

HEMISPHERES: Final = (
    (re.compile(r"\b(?:NORTH|NORTE)\b"), "N"),
    (re.compile(r"\b(?:SOUTH|SUR)\b"), "S"),
    (re.compile(r"\b(?:EAST|ESTE)\b"), "E"),
    (re.compile(r"\b(?:WEST|OESTE|O)\b|(?<=[\d'\"°. ])O\b"), "W"),
    (re.compile(r"\b(?:DEGREES?|GRADOS?|DEG)\b"), "°"),
    (re.compile(r"\b(?:MINUTES?|MINUTOS?|MIN)\b"), "'"),
    (re.compile(r"\b(?:SECONDS?|SEGUNDOS?|SEC|SEG)\b"), '"'),
)

MARKS: Final = "°'\""
NUMBER: Final = re.compile(r"(?<![\d.,])[+-]?\d+(?:[.,]\d+)?(?![\d])")
REST: Final = re.compile(rf"[\s{MARKS}:;,/()\[\]|]*")
UTM_FORMS: Final = (
    re.compile(
        r"(?:ZONE|ZONA|HUSO)?\s*(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])?[\s,;]+"
        r"(?:E\s*)?(?P<east>\d{6}(?:\.\d+)?)\s*(?:M?E)?[\s,;]+"
        r"(?:N\s*)?(?P<north>\d{7}(?:\.\d+)?)\s*(?:M?N)?"
    ),
    re.compile(
        r"(?:E\s*)?(?P<east>\d{6}(?:\.\d+)?)\s*(?:M?E)?[\s,;]+"
        r"(?:N\s*)?(?P<north>\d{7}(?:\.\d+)?)\s*(?:M?N)?[\s,;]+"
        r"(?:ZONE|ZONA|HUSO)?\s*(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])?"
    ),
)
CELL: Final = re.compile(r"8[0-9A-F]{14}")
SHORT_PLUS: Final = re.compile(r"([23456789CFGHJMPQRVWX]{2,6}\+\w{2,7})[\s,]+(.+)")


@dataclass(frozen=True, kw_only=True)
class Coordinate:
    """One point that was written as numbers.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326).
    radius_m
        How far the point may be off by the digits that were not written.
    form
        ``"decimal"``, ``"ddm"``, ``"dms"``, ``"utm"``, ``"mgrs"``, ``"plus_code"``
        or ``"cell"``.
    area
        The box or cell that was named; None for a point.
    swapped
        True if longitude was written first without saying so.
    """

    lon: float
    lat: float
    radius_m: float
    form: str
    area: shapely.Polygon | None = None
    swapped: bool = False


@dataclass(frozen=True, kw_only=True)
class CoordinateFault:
    """Why numbers that look like a coordinate are none.

    Parameters
    ----------
    code
        ``"coordinate_unreadable"``, ``"coordinate_out_of_range"`` or
        ``"minutes_out_of_range"``.
    """

    code: str


@dataclass(frozen=True)
class _Angle:
    """Degrees, the degrees its last digit stands for, its letter, its parts."""

    degrees: float
    step_deg: float
    letter: str
    parts: int


def read_coordinate(text: str) -> Coordinate | CoordinateFault | None:
    r"""Read one point in any common form.

    Decimal degrees, degrees and minutes, degrees, minutes and seconds, with letters
    of either language (O for *oeste*) or signs; UTM; MGRS and USNG; full plus codes;
    H3 cells. Latitude comes first unless letters say otherwise or it cannot be one.
    A sign that may have been lost is not put back.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    Coordinate, CoordinateFault or None
        None if the text is no coordinate at all.

    Examples
    --------
    >>> found = read_coordinate("31°19'N 110°56'O")
    >>> round(found.lat, 4), round(found.lon, 4), round(found.radius_m)
    (31.3167, -110.9333, 1218)
    >>> read_coordinate("31 75 N 110 20 W").code
    'minutes_out_of_range'
    >>> read_coordinate("2 km west of Monument 166") is None
    True
    """
    tidy = _tidy(text)
    if not any(letter.isdigit() for letter in tidy):
        return None
    for read in (_cell, _plus_code, _mgrs, _utm, _angles):
        found = read(tidy)
        if found is not None:
            return found
    return None


def split_short_plus_code(text: str) -> tuple[str, str] | None:
    """Part a short plus code from the place that completes it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    tuple of str or None
        The code and the place; None if there is no such pair.

    Examples
    --------
    >>> split_short_plus_code("8FRX+2C Nogales, Sonora")
    ('8FRX+2C', 'Nogales, Sonora')
    """
    found = SHORT_PLUS.fullmatch(text.strip().upper())
    if found is None or not plus_codes.is_short(found[1]):
        return None
    return found[1], text.strip()[found.start(2) :]


def _tidy(text: str) -> str:
    """Bring marks, dashes and words of direction to few; drop what only names."""
    marked = re.sub("[\u00ba\u02da]", "\u00b0", text)
    marked = re.sub("[\u2019\u2032\u00b4\u2018`]", "'", marked)
    marked = re.sub("''|[\u201d\u2033\u201c]", '"', marked)
    marked = marked.replace("\u2212", "-").replace("\u2013", "-")
    apart = unicodedata.normalize("NFKD", marked.replace("\u00a0", " "))
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    tidy = WORDS.sub(" ", plain.upper())
    # a dash between digits parts them; so does a comma after a decimal point
    tidy = re.sub(r"(?<=\d)-(?=\d)", " ", tidy)
    tidy = re.sub(r",(?=[+-])", ", ", tidy)
    tidy = re.sub(r"(\.\d+),(?=\d)", r"\1, ", tidy)
    return re.sub(r"\s+", " ", tidy).strip(" .,;:()[]=")


def _cell(text: str) -> Coordinate | CoordinateFault | None:
    """Read an H3 cell."""
    if CELL.fullmatch(text) is None:
        return None
    try:
        number = cells.parse_cells([text.lower()])
    except CellIndexError:
        return CoordinateFault(code="coordinate_unreadable")
    outline = cells.cell_polygons(number).iloc[0]
    centre = cells.cell_centres(number).iloc[0]
    lon, lat = float(centre["x"]), float(centre["y"])
    return Coordinate(
        lon=lon, lat=lat, radius_m=_reach(lon, lat, outline), form="cell", area=outline
    )


def _plus_code(text: str) -> Coordinate | None:
    """Read a full plus code."""
    if not plus_codes.is_full(text):
        return None
    box = plus_codes.decode(text)
    outline = shapely.box(*box)
    lon, lat = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return Coordinate(
        lon=lon,
        lat=lat,
        radius_m=_reach(lon, lat, outline),
        form="plus_code",
        area=outline,
    )


def _reach(lon: float, lat: float, area: shapely.Polygon) -> float:
    """Metres from a point to the farthest corner of an area."""
    corners = shapely.get_coordinates(area)
    same = np.ones(len(corners))
    far = distance_m(lon * same, lat * same, corners[:, 0], corners[:, 1])
    return max(float(far.max()), LEAST_RADIUS_M)


def _mgrs(text: str) -> Coordinate | CoordinateFault | None:
    """Read an MGRS or USNG reference."""
    if grids.MGRS.fullmatch(text) is None:
        return None
    found = grids.from_mgrs(text)
    if found is None:
        return CoordinateFault(code="coordinate_unreadable")
    lon, lat, side_m = found
    radius_m = max(side_m / np.sqrt(2), LEAST_RADIUS_M)
    return Coordinate(lon=lon, lat=lat, radius_m=float(radius_m), form="mgrs")


def _utm(text: str) -> Coordinate | CoordinateFault | None:
    """Read UTM; a letter is a band where it fits the northing, else a hemisphere."""
    matches = (form.fullmatch(text) for form in UTM_FORMS)
    found = next((match for match in matches if match), None)
    if found is None:
        return None
    zone, east = int(found["zone"]), float(found["east"])
    if not 1 <= zone <= grids.ZONES:
        return CoordinateFault(code="coordinate_unreadable")
    north = float(found["north"])
    lon, lat = grids.from_utm(zone, east, north)
    band = found["band"]
    if band and band not in ("N", grids.band_of(lat)):
        return CoordinateFault(code="coordinate_unreadable")
    decimals = len(found["east"].partition(".")[2])
    radius_m = max(10.0**-decimals / np.sqrt(2), LEAST_RADIUS_M)
    return Coordinate(lon=lon, lat=lat, radius_m=float(radius_m), form="utm")


def _angles(text: str) -> Coordinate | CoordinateFault | None:
    """Read a pair of angles."""
    for pattern, letter in HEMISPHERES:
        text = pattern.sub(letter, text)
    text = re.sub(r"(?<=[\dNSEW'\"° ]) (?:BY|POR|X) (?=[+-]?\d|[NSEW])", " ", text)
    letters = re.findall(r"[A-Z]", text)
    if set(letters) - set("NSEW") or len(letters) > PAIR:
        return None
    numbers = NUMBER.findall(text)
    if REST.fullmatch(re.sub(r"[NSEW]", " ", NUMBER.sub(" ", text))) is None:
        return None
    groups = _grouped(text, letters, len(numbers))
    if groups is None:
        # one number, or three, may still be a name or a kilometre
        loose = len(numbers) < PAIR and not letters
        return None if loose else CoordinateFault(code="coordinate_unreadable")
    angles = [_angle(*group) for group in groups]
    if isinstance(angles[0], CoordinateFault):
        return angles[0]
    if isinstance(angles[1], CoordinateFault):
        return angles[1]
    return _pair(angles[0], angles[1])


def _grouped(
    text: str, letters: list[str], numbers: int
) -> list[tuple[list[str], str]] | None:
    """Part the numbers of a pair: by its letters, else in halves."""
    if len(letters) == PAIR:
        first, second = (found.start() for found in re.finditer(r"[NSEW]", text))
        leading = first < text.find(next(iter(NUMBER.findall(text)), " "))
        cut = second if leading else first + 1
        parts = [NUMBER.findall(text[:cut]), NUMBER.findall(text[cut:])]
        if not all(1 <= len(part) <= MOST_PARTS for part in parts):
            return None
        return [(parts[0], letters[0]), (parts[1], letters[1])]
    if numbers not in (2, 4, 6) or letters:
        return None
    found = NUMBER.findall(text)
    half = numbers // 2
    return [(found[:half], ""), (found[half:], "")]


def _angle(numbers: list[str], letter: str) -> _Angle | CoordinateFault:
    """Put degrees, minutes and seconds together."""
    texts = [number.replace(",", ".") for number in numbers]
    parts = [abs(float(text)) for text in texts]
    if any(part % 1 for part in parts[:-1]):
        return CoordinateFault(code="coordinate_unreadable")
    if any(part >= MINUTES for part in parts[1:]):
        return CoordinateFault(code="minutes_out_of_range")
    degrees = sum(part / MINUTES**power for power, part in enumerate(parts))
    decimals = len(texts[-1].partition(".")[2])
    step = 10.0**-decimals / MINUTES ** (len(parts) - 1)
    negative = texts[0].startswith("-") or letter in ("S", "W")
    return _Angle(-degrees if negative else degrees, step, letter, len(parts))


def _pair(one: _Angle, other: _Angle) -> Coordinate | CoordinateFault:
    """Tell latitude from longitude and measure the rounding."""
    latitudes = [angle.letter in ("N", "S") for angle in (one, other)]
    if one.letter and latitudes[0] == latitudes[1]:
        return CoordinateFault(code="coordinate_unreadable")
    lat, lon = (one, other) if not one.letter or latitudes[0] else (other, one)
    swapped = not one.letter and abs(lat.degrees) > MOST_Y_DEG
    if swapped:
        lat, lon = lon, lat
    if abs(lat.degrees) > MOST_Y_DEG or abs(lon.degrees) > MOST_X_DEG:
        return CoordinateFault(code="coordinate_out_of_range")
    corner = (lon.degrees + lon.step_deg / 2, lat.degrees + lat.step_deg / 2)
    metres = float(distance_m(lon.degrees, lat.degrees, *corner))
    form = ("decimal", "ddm", "dms")[max(one.parts, other.parts) - 1]
    return Coordinate(
        lon=lon.degrees,
        lat=lat.degrees,
        radius_m=max(metres, LEAST_RADIUS_M),
        form=form,
        swapped=swapped,
    )
