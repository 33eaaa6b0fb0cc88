"""Plus codes (Open Location Code): places as short texts, both ways.

Source: Google, Open Location Code specification 1.0, Apache-2.0; written anew from
the specification.
"""

from typing import Final

from riskmap.crs import MOST_Y_DEG

DIGITS: Final = "23456789CFGHJMPQRVWX"
SEPARATOR: Final = "+"
SEPARATOR_AT: Final = 8
PADDING: Final = "0"

BASE = 20
PAIRS = 5
GRID_ROWS, GRID_COLUMNS = 5, 4
LONGEST = 15

# whole steps to a degree at full length: 20**3 a pair, then five refinements
LAT_STEPS = BASE**3 * GRID_ROWS**5
LON_STEPS = BASE**3 * GRID_COLUMNS**5

Box = tuple[float, float, float, float]


def encode(lon: float, lat: float, length: int = 10) -> str:
    """Write a point as a plus code.

    Parameters
    ----------
    lon, lat
        Degrees (EPSG:4326).
    length
        Digits: 8, or 10 to 15. Ten name a box of 14 m, eleven one of 3 m.

    Returns
    -------
    str
        The code.

    Examples
    --------
    >>> encode(8.524997, 47.365590)
    '8FVC9G8F+6X'
    """
    lat_left = int((min(max(lat, -90.0), 90.0) + 90) * LAT_STEPS)
    lon_left = int(((lon + 180) % 360) * LON_STEPS)
    lat_left = min(lat_left, 180 * LAT_STEPS - 1)
    digits = []
    for _ in range(LONGEST - 2 * PAIRS):
        digits.append(
            DIGITS[lat_left % GRID_ROWS * GRID_COLUMNS + lon_left % GRID_COLUMNS]
        )
        lat_left //= GRID_ROWS
        lon_left //= GRID_COLUMNS
    for _ in range(PAIRS):
        digits += [DIGITS[lon_left % BASE], DIGITS[lat_left % BASE]]
        lat_left //= BASE
        lon_left //= BASE
    code = "".join(reversed(digits))[:length]
    return code[:SEPARATOR_AT] + SEPARATOR + code[SEPARATOR_AT:]


def is_full(text: str) -> bool:
    """Tell whether a text is a full plus code.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    bool
        False for short codes, which need a place beside them.

    Examples
    --------
    >>> is_full("8FVC9G8F+6X"), is_full("9G8F+6X"), is_full("Nogales")
    (True, False, False)
    """
    return _is_code(text) and text.index(SEPARATOR) == SEPARATOR_AT


def is_short(text: str) -> bool:
    """Tell whether a text is a plus code without its first digits.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    bool
        True if it needs a place beside it.

    Examples
    --------
    >>> is_short("9G8F+6X")
    True
    """
    return _is_code(text) and 0 < text.index(SEPARATOR) < SEPARATOR_AT


def _is_code(text: str) -> bool:
    """Tell whether a text has the form of a plus code."""
    code = text.upper()
    if code.count(SEPARATOR) != 1:
        return False
    before, after = code.split(SEPARATOR)
    if len(before) > SEPARATOR_AT or len(before) % 2 or len(after) == 1:
        return False
    if PADDING in before:
        kept = before.rstrip(PADDING)
        whole = len(before) == SEPARATOR_AT and not after and kept
        return bool(whole) and len(kept) % 2 == 0 and set(kept) <= set(DIGITS)
    # the first digits of latitude and longitude reach no pole and no day line
    pole = len(before) == SEPARATOR_AT and (before[0] > "C" or before[1] > "V")
    return set(before + after) <= set(DIGITS) and not pole and bool(before)


def decode(code: str) -> Box:
    """Read a full plus code.

    Parameters
    ----------
    code
        A code for which :func:`is_full` holds.

    Returns
    -------
    tuple of float
        West, south, east and north of its box, degrees.

    Examples
    --------
    >>> [round(edge, 6) for edge in decode("8FVC9G8F+6X")]
    [8.524875, 47.3655, 8.525, 47.365625]
    """
    digits = code.upper().replace(SEPARATOR, "").rstrip(PADDING)[:LONGEST]
    lat = lon = 0
    # the height and width of the box in whole steps, shrinking digit by digit
    high, wide = LAT_STEPS * BASE**2, LON_STEPS * BASE**2
    for place in range(0, min(len(digits), 2 * PAIRS), 2):
        high, wide = high // BASE, wide // BASE
        lat += DIGITS.index(digits[place]) * high
        lon += DIGITS.index(digits[place + 1]) * wide
    for digit in digits[2 * PAIRS :]:
        high, wide = high // GRID_ROWS, wide // GRID_COLUMNS
        row, column = divmod(DIGITS.index(digit), GRID_COLUMNS)
        lat += row * high
        lon += column * wide
    return (
        lon / LON_STEPS - 180,
        lat / LAT_STEPS - 90,
        (lon + wide) / LON_STEPS - 180,
        (lat + high) / LAT_STEPS - 90,
    )


def recover(code: str, lon: float, lat: float) -> str:
    """Complete a short plus code by a place that is near.

    Parameters
    ----------
    code
        A code for which :func:`is_short` holds.
    lon, lat
        A place within half of what the missing digits span, degrees.

    Returns
    -------
    str
        The full code nearest to the place.

    Examples
    --------
    >>> recover("9G8F+6X", 8.6, 47.4)
    '8FVC9G8F+6X'
    """
    short = code.upper()
    missing = SEPARATOR_AT - short.index(SEPARATOR)
    span = float(BASE ** (2 - missing // 2))
    west, south, east, north = decode(encode(lon, lat)[:missing] + short)
    x, y = (west + east) / 2, (south + north) / 2
    if lat + span / 2 < y and y - span > -MOST_Y_DEG:
        y -= span
    elif lat - span / 2 > y and y + span < MOST_Y_DEG:
        y += span
    if lon + span / 2 < x:
        x -= span
    elif lon - span / 2 > x:
        x += span
    return encode(x, y, len(short.replace(SEPARATOR, "")) + missing)
