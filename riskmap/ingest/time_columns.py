"""Time columns: when a record happened and how well that is known."""

from datetime import date

import pandas as pd

from riskmap.ingest.dates import MONTHS, parse_days
from riskmap.ingest.identity import fold
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.quantities import as_numbers, extract_parts, translate
from riskmap.ingest.sheet import Sheet

PRECISIONS = ("day", "week", "month", "year")
"""From fine to coarse."""

PRECISION_WORDS = {name: name for name in PRECISIONS} | {
    "dia": "day",
    "semana": "week",
    "mes": "month",
    "ano": "year",
    "exact": "day",
    "exacta": "day",
}

CLOCK = (
    r"^([0-9]{1,2})[:h.]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:h|hrs?|horas?)?\.?"
    r"\s*(?:([AaPp])\.?\s?[Mm]\.?)?$"
)
"""A time of day as both countries write it."""

BEHIND_DATE = (
    r"[T\s]([0-9]{1,2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([AaPp]\.?\s?[Mm]\.?)?"
    r"\s*(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
"""A time of day behind a date, and how far its clock is from UTC."""

HOUR_MIN = 60

NOON_H, MOST_H, MOST_MIN = 12, 23, 59


def _read_precision(sheet: Sheet, found: pd.Series) -> pd.Series:
    """Read how well the time is known: the coarser of what two columns say."""
    text = sheet.text("date_precision")
    words = PRECISION_WORDS | dict(sheet.profile.vocabulary.get("date_precision", {}))
    said = translate(text, words)
    sheet.note("time_precision_unknown", (text != "") & (said == ""), "date_precision")
    rank = {name: place for place, name in enumerate(PRECISIONS)}
    coarse = pd.concat([said.map(rank), found.map(rank)], axis=1).max(axis=1)
    return coarse.map(dict(enumerate(PRECISIONS))).astype("str")


def _check_month_and_year(sheet: Sheet, day: pd.Series) -> None:
    """Note dates at odds with a column of the same row that says month or year."""
    if "month" in sheet.columns:
        text = sheet.text("month")
        distinct = text.drop_duplicates()
        named = {word: MONTHS.get(fold(word)) for word in distinct}
        said = text.map(named).astype("float64").fillna(as_numbers(text))
        odd = said.notna() & day.notna() & (said != day.dt.month)
        sheet.note("date_contradicts_month", odd, "date")
    if "year" in sheet.columns:
        year = as_numbers(sheet.text("year"))
        odd = year.notna() & day.notna() & (year != day.dt.year)
        sheet.note("date_contradicts_year", odd, "date")


def read_clock(text: pd.Series) -> pd.Series:
    """Read times of day.

    Parameters
    ----------
    text
        ``14:30``, ``2:30 p. m.``, ``14h30``; may be empty.

    Returns
    -------
    pandas.Series of str
        ``HH:MM``; ``""`` where the text is empty or no time.

    Examples
    --------
    >>> read_clock(pd.Series(["14:30", "2:05 p. m.", "12:00 AM", "25:00", ""])).tolist()
    ['14:30', '14:05', '00:00', '', '']
    """
    places, distinct = pd.factorize(text)
    found = pd.Series(distinct, dtype="str").str.extract(CLOCK)
    hour, minute = as_numbers(found[0].fillna("")), as_numbers(found[1].fillna(""))
    half = found[2].str.casefold().fillna("")
    hour = hour.mask((half == "a") & (hour == NOON_H), 0)
    hour = hour.mask((half == "p") & (hour < NOON_H), hour + NOON_H)
    fine = hour.le(MOST_H) & minute.le(MOST_MIN)
    written = [
        f"{int(h):02d}:{int(m):02d}" if ok else ""
        for h, m, ok in zip(hour, minute, fine, strict=True)
    ]
    return pd.Series(pd.array(written, dtype="str").take(places), text.index)


def _behind_dates(sheet: Sheet) -> tuple[pd.Series, pd.Series]:
    """Take the times behind dates, and their distance from UTC, minutes."""
    found = extract_parts(sheet.text("date"), BEHIND_DATE).fillna("")
    offset = found[2].str.replace("Z", "+00:00", regex=False)
    parts = extract_parts(offset, r"^([+-])([0-9]{2}):?([0-9]{2})$")
    minutes = parts[1].astype("float64") * HOUR_MIN + parts[2].astype("float64")
    minutes = minutes.mask(parts[0] == "-", -minutes)
    clock = (found[0] + " " + found[1]).str.strip()
    # midnight without a zone is how software writes a day of which it knows no time
    silent = minutes.isna() & clock.str.fullmatch("0?0:00")
    return clock.mask(silent, "").astype("str"), minutes


def read_times(
    sheet: Sheet, options: IngestOptions, known_on: date
) -> tuple[pd.DataFrame, str, str]:
    """Read when each record happened; note every fault.

    Parameters
    ----------
    sheet
        A file under inspection.
    options
        What is taken for possible.
    known_on
        The day the file was known: later dates lie in the future.

    Returns
    -------
    tuple of pandas.DataFrame, str and str
        ``occurred_on`` (NaT where a fault was noted), ``time_precision``,
        ``local_time`` and ``offset_min`` (minutes that its clock is ahead of UTC,
        NaN where not written); the order of day and month; the evidence for it.
    """
    days = parse_days(
        sheet.text("date"),
        order=sheet.profile.date_order,
        known_on=known_on,
        earliest_year=options.earliest_year,
    )
    sheet.note_codes(days.code, "date", proposed=days.proposed)
    _check_month_and_year(sheet, days.day)
    if "date_end" in sheet.columns:
        end_text = sheet.text("date_end")
        ends = parse_days(end_text, order=days.order or "decide", known_on=date.max)
        sheet.note("date_end_before_start", ends.day < days.day, "date_end")
    written, offset_min = sheet.text("time"), pd.Series(float("nan"), days.day.index)
    if sheet.profile.date_holds_time:
        behind, offset_min = _behind_dates(sheet)
        written = written.mask(written == "", behind)
        offset_min = offset_min.where(written == behind)
    clock = read_clock(written)
    sheet.note("time_unreadable", (written != "") & (clock == ""), "time", written)
    table = pd.DataFrame(
        {
            "occurred_on": days.day.dt.tz_localize("UTC"),
            "time_precision": _read_precision(sheet, days.precision),
            "local_time": clock,
            "offset_min": offset_min,
        }
    )
    return table, days.order, days.evidence
