"""Serials: days as spreadsheets count them, and formats that show a day."""

import re
from datetime import datetime, timedelta
from typing import Final

DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 59)})
"""Built-in number formats that show a date or time; ECMA-376 18.8.30."""

# what a number format shows literally: quoted, escaped, padded, in brackets
LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')

DAY_S: Final = 86_400

# Lotus 1-2-3 took 1900 for a leap year, and Excel with it: day 60 never was
FALSE_LEAP_DAY: Final = 60

EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001
EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001

LAST_SERIAL: Final = 2_958_466
"""One past 9999-12-31."""


def shows_date(number_format: str) -> bool:
    """Tell whether a number format shows a date or a time.

    Parameters
    ----------
    number_format
        As the workbook writes it.

    Returns
    -------
    bool
        True if a letter of day, month, year, hour or second stands in it.

    Examples
    --------
    >>> shows_date("dd/mm/yyyy"), shows_date('0.00" days"'), shows_date("[Red]0")
    (True, False, False)
    """
    shown = LITERAL.sub("", number_format.partition(";")[0])
    return "General" not in shown and re.search("[dmyhsDMYHS]", shown) is not None


def write_serial(serial: float, epoch: datetime) -> str:
    """Write a spreadsheet's number of days as a date, a time, or both.

    Parameters
    ----------
    serial
        Days since the epoch, and the part of a day.
    epoch
        Day 0.

    Returns
    -------
    str
        ``2021-03-05``, ``2021-03-05T14:30:00`` or, of less than a day,
        ``14:30:00``; the number itself if it is no date.

    Examples
    --------
    >>> write_serial(44260, EPOCH_1900), write_serial(0.5, EPOCH_1900)
    ('2021-03-05', '12:00:00')
    """
    if not 0 <= serial < LAST_SERIAL:
        return repr(serial)
    days, seconds = divmod(round(serial * DAY_S), DAY_S)
    if days == 0:
        return str(timedelta(seconds=seconds)).rjust(8, "0")
    if epoch == EPOCH_1900:
        if days == FALSE_LEAP_DAY:
            return "1900-02-29"
        days += days < FALSE_LEAP_DAY
    moment = epoch + timedelta(days=days, seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S" if seconds else "%Y-%m-%d").rjust(
        10, "0"
    )
