"""Columns found: which heading holds which field, by its name and by its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import pandas as pd

from riskmap.ingest.coordinates import parse_angles, split_pairs
from riskmap.ingest.dates import parse_days
from riskmap.ingest.geojson import X, Y
from riskmap.ingest.grid_columns import (
    LEAST_EASTING_M,
    MOST_EASTING_M,
    MOST_NORTHING_M,
    read_grids,
)
from riskmap.ingest.identity import fold, tells_of_person
from riskmap.ingest.place_columns import COUNTRY_WORDS
from riskmap.ingest.profile_form import UNKEPT_FIELDS
from riskmap.ingest.profiles import load_profile, profile_names
from riskmap.ingest.quantities import as_numbers, translate
from riskmap.ingest.taxonomy import CAUSES, KINDS
from riskmap.ingest.time_columns import read_clock

SAMPLE_ROWS: Final = 2_000
"""Rows that are looked at, spread over the file."""

ENOUGH: Final = 0.8
"""Share of a column's values that must be of a kind for it to be believed."""

FEW: Final = 0.5
"""Below this share, a heading is not believed against its values."""

LEAST_NORTHING_M: Final = 1_500_000.0

MOST_KINDS: Final = 80

FAR_FUTURE: Final = pd.Timestamp("9999-12-31").date()

REGION: Final = {"lat": (14.0, 50.0), "lon": (-130.0, -65.0)}
"""Where records can lie, degrees; see ``IngestOptions.region``."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A column that was found, and what speaks for it.

    Parameters
    ----------
    heading
        As the file has it.
    code
        ``"by_heading"`` or ``"by_values"``; words are ``infer.CODE``.
    fields
        What those words name.
    """

    heading: str
    code: str
    fields: Mapping[str, object]


def sampled(text: pd.Series, most: int) -> pd.Series:
    """Take values spread over a column, those that are not empty.

    Parameters
    ----------
    text
        A column.
    most
        How many at most.

    Returns
    -------
    pandas.Series
        Without the space around them.

    Examples
    --------
    >>> sampled(pd.Series(["a", "", " b", "c"]), 2).tolist()
    ['a', 'c']
    """
    filled = text.str.strip()
    filled = filled[filled != ""]
    step = max(1, -(-len(filled) // most))
    return filled.iloc[::step]


def _are_dates(text: pd.Series) -> pd.Series:
    unread = ("date_unreadable", "date_missing")
    code = parse_days(text, known_on=FAR_FUTURE, earliest_year=1).code
    # a plain number is a date only where the heading says so
    return ~code.isin(unread) & ~text.str.fullmatch(r"[0-9]{4,5}(?:\.[0-9]+)?")


def _are_angles(axis: str) -> Callable[[pd.Series], pd.Series]:
    low, high = REGION[axis]

    def check(text: pd.Series) -> pd.Series:
        degrees = parse_angles(text, axis).degrees
        # a sign that was lost is found later, not here
        return degrees.between(low, high) | degrees.between(-high, -low)

    return check


def _are_pairs(text: pd.Series) -> pd.Series:
    pairs = split_pairs(text)
    lat, lon = parse_angles(pairs["lat"], "lat"), parse_angles(pairs["lon"], "lon")
    return lat.degrees.notna() & lon.degrees.notna()


def _within(low: float, high: float) -> Callable[[pd.Series], pd.Series]:
    return lambda text: as_numbers(text).between(low, high)


def _any(text: pd.Series) -> pd.Series:
    return text != ""


CHECKS: Final[Mapping[str, Callable[[pd.Series], pd.Series]]] = {
    "date": _are_dates,
    "date_end": _are_dates,
    "time": lambda text: read_clock(text) != "",
    "lat": _are_angles("lat"),
    "lon": _are_angles("lon"),
    "coordinates": _are_pairs,
    "grid": lambda text: read_grids(text)["x"].notna(),
    "easting": _within(LEAST_EASTING_M, MOST_EASTING_M),
    "northing": _within(LEAST_NORTHING_M, MOST_NORTHING_M),
    "country": lambda text: translate(text, COUNTRY_WORDS) != "",
    "dead": lambda text: as_numbers(text).notna(),
    "missing": lambda text: as_numbers(text).notna(),
    "kind": lambda text: pd.Series(
        text.nunique() <= MOST_KINDS, index=text.index, dtype="bool"
    ),
}
"""Whether values are what a field holds; a field without a check believes all."""

BY_VALUES: Final = (
    "date",
    "coordinates",
    "grid",
    "lat",
    "lon",
    "northing",
    "easting",
    "kind",
    "cause",
)
"""Fields that values alone can tell, in the order they are looked for."""

WHOLE_PLACES: Final = (("lat", "lon"), ("coordinates",), ("easting", "northing"),
                       ("grid",))  # fmt: skip
"""Ways to write a place; the first that is there whole is taken."""


@cache
def words_for_fields() -> Mapping[str, tuple[str, ...]]:
    """Gather the headings that riskmap's own profiles have for each field.

    Returns
    -------
    mapping of str to tuple of str
        Folded; the generic profiles' first.

    Examples
    --------
    >>> "fecha de los hechos" in words_for_fields()["date"]
    True
    """
    names = sorted(profile_names(), key=lambda name: (not name.startswith("gen"), name))
    found: dict[str, list[str]] = {}
    for name in names:
        for field, headings in load_profile(name).columns.items():
            found.setdefault(field, []).extend(fold(h) for h in headings)
    return {field: tuple(dict.fromkeys(words)) for field, words in found.items()}


GENERIC: Final = ("generic_en", "generic_es")


@cache
def known_words(field: str) -> Mapping[str, str]:
    """Gather the words that riskmap's own profiles have for kinds or causes.

    Parameters
    ----------
    field
        ``"kind"`` or ``"cause"``.

    Returns
    -------
    mapping of str to str
        From folded word to code.

    Examples
    --------
    >>> known_words("kind")["rescate"], known_words("cause")["ahogamiento"]
    ('rescue', 'drowning')
    """
    codes = KINDS if field == "kind" else CAUSES
    words = {code.replace("_", " "): code for code in codes}
    # the generic profiles last: their words are meant for anybody
    for name in (*(n for n in profile_names() if n not in GENERIC), *GENERIC):
        meanings = load_profile(name).vocabulary.get(field, {})
        words |= {word: code for word, code in meanings.items() if len(word) > 1}
    return words


def _share(text: pd.Series, field: str) -> float:
    """Tell which share of the values are what the field holds."""
    if text.empty:
        return 0.0
    return float(CHECKS.get(field, _any)(text).mean())


def _sure_share(text: pd.Series, field: str) -> float:
    """Tell which share of the values can be nothing else than what the field holds."""
    if field not in ("kind", "cause"):
        return _share(text, field)
    return float((translate(text, known_words(field)) != "").mean()) if len(text) else 0


def _by_heading(
    frame: pd.DataFrame, samples: Mapping[str, pd.Series]
) -> dict[str, Found]:
    """Find columns by what they are called, unless their values contradict."""
    folded = {fold(heading): heading for heading in frame.columns}
    found: dict[str, Found] = {}
    for field, words in words_for_fields().items():
        for word in words:
            heading = folded.get(word)
            barred = field not in UNKEPT_FIELDS and tells_of_person(word)
            taken = any(known.heading == heading for known in found.values())
            if heading is None or barred or taken:
                continue
            if _share(samples[heading], field) >= FEW:
                fields = {"heading": heading, "field": field}
                found[field] = Found(heading=heading, code="by_heading", fields=fields)
                break
    return found


def _by_values(samples: Mapping[str, pd.Series], found: dict[str, Found]) -> None:
    """Find columns that nothing but their values tells; add them."""
    for field in BY_VALUES:
        if field in found:
            continue
        taken = {known.heading for known in found.values()}
        shares = {
            heading: _sure_share(text, field)
            for heading, text in samples.items()
            if heading not in taken and not tells_of_person(heading)
        }
        best = max(shares, key=lambda heading: shares[heading], default="")
        if best and shares[best] >= ENOUGH:
            total = len(samples[best])
            fields = {"count": round(shares[best] * total), "total": total,
                      "field": field}  # fmt: skip
            found[field] = Found(heading=best, code="by_values", fields=fields)


def find_columns(frame: pd.DataFrame) -> dict[str, Found]:
    """Find which column holds which field.

    Parameters
    ----------
    frame
        A file's text, under its headings.

    Returns
    -------
    dict of str to Found
        By field; fields that no column holds are left out.

    Examples
    --------
    >>> frame = pd.DataFrame({"Cuándo": ["2021-03-05"], "y": ["31.5"], "x": ["-110"]})
    >>> found = find_columns(frame)
    >>> found["date"].heading, found["date"].code, found["lat"].code
    ('Cuándo', 'by_values', 'by_heading')
    """
    samples = {heading: sampled(frame[heading], SAMPLE_ROWS) for heading in frame}
    found = _by_heading(frame, samples)
    if X in samples and Y in samples:
        for field, heading in (("lon", X), ("lat", Y)):
            fields = {"heading": heading, "field": field}
            found[field] = Found(heading=heading, code="by_heading", fields=fields)
    _by_values(samples, found)
    whole = next((way for way in WHOLE_PLACES if set(way) <= set(found)), ())
    unused = {field for way in WHOLE_PLACES for field in way} - set(whole)
    return {field: column for field, column in found.items() if field not in unused}
