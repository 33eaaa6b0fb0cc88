"""Dates: text of many forms → days, the order of day and month decided per file."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from riskmap.ingest.quantities import extract_parts

ORDERS: Final = ("decide", "ymd", "dmy", "mdy")

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of months in both languages, as they are written and shortened."""

TIME: Final = (
    r"(?:[T\s]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"\s*(?:[AaPp]\.?\s?[Mm]\.?)?(?:\s*(?:Z|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
"""A time of day behind a date; only the day is read."""

YEAR_FIRST: Final = rf"^([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){TIME}$"
PACKED: Final = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$"
YEAR_LAST: Final = rf"^([0-9]{{1,2}})[-/.\s]([0-9]{{1,2}})[-/.\s]([0-9]{{4}}){TIME}$"
DAY_NAMED: Final = (
    # a day of the week may stand before
    r"^(?:[^\W\d_]+\.?,?\s+)?([0-9]{1,2})(?:st|nd|rd|th|º|o)?"
    r"[-\s./]+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?"
    rf"[-\s./]+(?:del?\s+)?([0-9]{{4}}){TIME}$"
)
MONTH_NAMED: Final = (
    rf"^([^\W\d_]{{3,10}})\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}}){TIME}$"
)
MONTH_ONLY: Final = r"^([0-9]{4})-([0-9]{2})$"
MONTH_NAME_ONLY: Final = r"^([^\W\d_]{3,10})\.?,?\s+(?:del?\s+)?([0-9]{4})$"
YEAR_ONLY: Final = r"^((?:19|20)[0-9]{2})$"
TWO_DIGITS: Final = (
    rf"^([0-9]{{1,2}})[-/.]([0-9]{{1,2}}|[^\W\d_]{{3,10}})[-/.]([0-9]{{2}}){TIME}$"
)
SERIAL: Final = r"^[0-9]{5}(?:\.[0-9]+)?$"

EXCEL_EPOCH: Final = pd.Timestamp("1899-12-30")
"""Day 0 of Excel's dates from 1 March 1900 on."""

# so many dates must say the same order for the few that contradict to be slips
CLEAR_MAJORITY = 20

LAST_MONTH = 12

LONGEST_DATE = 100


@dataclass(frozen=True)
class Days:
    """Days read from text.

    ``day`` is NaT where ``code`` names a fault; ``precision`` is ``"day"``,
    ``"month"`` or ``"year"``; ``order`` is the order found, and ``evidence`` says
    from how many dates.
    """

    day: pd.Series
    code: pd.Series
    proposed: pd.Series
    precision: pd.Series
    order: str
    evidence: str


@dataclass(frozen=True)
class _Draft:
    """Year, month and day being gathered, and what is already known to be wrong."""

    parts: pd.DataFrame
    code: pd.Series
    precision: pd.Series


def find_order(first: pd.Series, second: pd.Series) -> tuple[str, str]:
    """Decide which of two numbers is the day, from the whole file.

    Parameters
    ----------
    first, second
        The first two numbers of dates that end in the year.

    Returns
    -------
    tuple of str
        ``"dmy"``, ``"mdy"`` or ``""`` if nothing decides; and the evidence.

    Examples
    --------
    >>> find_order(pd.Series([3, 25, 13]), pd.Series([4, 1, 2]))
    ('dmy', '2 of 3 have a number above 12 first, 0 second')
    """
    day_first = int((first > LAST_MONTH).sum())
    day_second = int((second > LAST_MONTH).sum())
    evidence = (
        f"{day_first} of {len(first)} have a number above 12 first, {day_second} second"
    )
    if day_first > CLEAR_MAJORITY * day_second:
        return "dmy", evidence
    if day_second > CLEAR_MAJORITY * day_first:
        return "mdy", evidence
    return "", evidence


def _month_numbers(names: pd.Series) -> pd.Series:
    return names.str.casefold().str.strip(".").map(MONTHS).astype("float64")


def _put(draft: _Draft, found: pd.DataFrame, places: str, precision: str) -> None:
    """Put what a pattern found where nothing was found before."""
    hit = found[0].notna() & draft.parts["y"].isna()
    if not hit.any():
        return
    for column, letter in enumerate(places):
        text = found.loc[hit, column]
        if letter == "n":
            draft.parts.loc[hit, "m"] = _month_numbers(text).to_numpy()
        else:
            draft.parts.loc[hit, letter] = pd.to_numeric(text).to_numpy()
    draft.precision.loc[hit] = precision
    if precision != "day":
        draft.parts.loc[hit, "d"] = 1.0
    if precision == "year":
        draft.parts.loc[hit, "m"] = 1.0


def _put_year_last(draft: _Draft, text: pd.Series, order: str) -> tuple[str, str]:
    """Read dates that end in the year; give the order found and the evidence."""
    found = extract_parts(text, YEAR_LAST)
    hit = found[0].notna() & draft.parts["y"].isna()
    numbers = found[hit].apply(pd.to_numeric)
    if numbers.empty:
        return ("" if order == "decide" else order), ""
    evidence = ""
    if order in ("decide", "ymd"):
        order, evidence = find_order(numbers[0], numbers[1])
    same = numbers[0] == numbers[1]
    day, month = (1, 0) if order == "mdy" else (0, 1)
    draft.parts.loc[hit, "y"] = numbers[2]
    draft.parts.loc[hit, "m"] = numbers[month]
    draft.parts.loc[hit, "d"] = numbers[day]
    draft.precision.loc[hit] = "day"
    if order == "":
        draft.code.loc[same.index[~same]] = "date_order_undecided"
    else:
        against = (numbers[month] > LAST_MONTH) & (numbers[day] <= LAST_MONTH)
        draft.code.loc[against.index[against]] = "date_order_contradicts"
    return order, evidence


def _note_unread(draft: _Draft, text: pd.Series) -> pd.Series:
    """Name what is wrong with the texts that no pattern fits; propose a day."""
    proposed = pd.Series("", index=text.index, dtype="str")
    left = draft.parts["y"].isna()
    asked = text[left]
    serial, short = (
        asked.str.fullmatch(form).reindex(text.index, fill_value=False)
        for form in (SERIAL, TWO_DIGITS)
    )
    if serial.any():
        days = pd.to_timedelta(pd.to_numeric(text[serial]).astype("int64"), unit="D")
        proposed.loc[serial] = (EXCEL_EPOCH + days).dt.strftime("%Y-%m-%d")
    draft.code.loc[left] = "date_unreadable"
    draft.code.loc[left & (text == "")] = "date_missing"
    draft.code.loc[serial] = "date_excel_serial"
    draft.code.loc[short] = "date_two_digit_year"
    return proposed


def parse_days(
    text: pd.Series,
    *,
    order: str = "decide",
    known_on: date,
    earliest_year: int = 1900,
) -> Days:
    """Read a column of dates.

    A month before a day is never guessed row by row: 36 % of dates written day
    first are valid month first.

    Parameters
    ----------
    text
        Text without space around it, of shape (n_rows,).
    order
        ``"dmy"`` or ``"mdy"`` where the publisher says so, else ``"decide"`` from
        the dates of the file; ``"ymd"`` is the same, for files in ISO form.
    known_on
        The day the file was known: later dates lie in the future.
    earliest_year
        Dates before it are a fault.

    Returns
    -------
    Days
        On the same index.

    Examples
    --------
    >>> text = pd.Series(["25/12/2020", "3/4/2021", "2021-02-30", "6 de enero de 2020"])
    >>> found = parse_days(text, known_on=date(2022, 1, 1))
    >>> found.day.dt.strftime("%d %b").tolist(), found.code.tolist()
    (['25 Dec', '03 Apr', nan, '06 Jan'], ['', '', 'date_impossible', ''])
    """
    index = text.index
    # a longer text is no date, and would take long to be found out
    text = text.where(text.str.len() <= LONGEST_DATE, "?")
    draft = _Draft(
        pd.DataFrame(np.nan, index=index, columns=["y", "m", "d"]),
        pd.Series("", index=index, dtype="str"),
        pd.Series("day", index=index, dtype="str"),
    )
    _put(draft, extract_parts(text, YEAR_FIRST), "ymd", "day")
    found_order, evidence = _put_year_last(draft, text, order)
    if draft.parts["y"].isna().any():
        for pattern, places, precision in (
            (PACKED, "ymd", "day"),
            (DAY_NAMED, "dny", "day"),
            (MONTH_NAMED, "ndy", "day"),
            (MONTH_ONLY, "ym", "month"),
            (MONTH_NAME_ONLY, "ny", "month"),
            (YEAR_ONLY, "y", "year"),
        ):
            _put(draft, extract_parts(text, pattern), places, precision)
    proposed = _note_unread(draft, text)
    parts = draft.parts.rename(columns={"y": "year", "m": "month", "d": "day"})
    day = pd.to_datetime(parts, errors="coerce").astype("datetime64[us]")
    code = draft.code
    code = code.mask((code == "") & parts["month"].isna(), "date_unreadable")
    code = code.mask((code == "") & day.isna(), "date_impossible")
    early = (code == "") & (day.dt.year < earliest_year)
    code = code.mask(early, "date_too_early")
    code = code.mask((code == "") & (day > pd.Timestamp(known_on)), "date_in_future")
    return Days(
        day.where(code == ""), code, proposed, draft.precision, found_order, evidence
    )
