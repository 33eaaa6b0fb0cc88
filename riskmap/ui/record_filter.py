"""Which records a map shows, as the page tells it and as an address holds it."""

import re
from typing import Any

Filter = dict[str, str | int]

# years, month (0 for any), source, side and accuracy ("" for any)
_WRITTEN = re.compile(
    r"(?P<from>\d{4})-(?P<to>\d{4}),(?P<month>\d{1,2})"
    r",(?P<source>[\w.-]{0,64}),(?P<side>\w{0,8}),(?P<accuracy>\w{0,16})",
    flags=re.ASCII,
)
_NUMBERS = ("from", "to", "month")
_NAMES = ("from", "to", "month", "source", "side", "accuracy")
MONTHS = 12


def read_filter(text: str | None) -> Filter | None:
    """Read a filter from the address.

    Parameters
    ----------
    text
        As :func:`write_filter` wrote it; None for nothing.

    Returns
    -------
    dict or None
        None for all records, and for what is no filter. The page drops what the
        records do not know.

    Examples
    --------
    >>> read_filter("2015-2018,6,iom_mmp,US,")["source"]
    'iom_mmp'
    >>> read_filter("last year") is None
    True
    """
    found = _WRITTEN.fullmatch(text or "")
    if found is None or int(found["month"]) > MONTHS:
        return None
    return {
        name: int(value) if name in _NUMBERS else value
        for name, value in found.groupdict().items()
    }


def write_filter(told: Any) -> str:
    """Write a filter for the address.

    Parameters
    ----------
    told
        What the page tells: the filter's parts, or None for all records.

    Returns
    -------
    str
        Empty for all records, and for what is no filter.

    Examples
    --------
    >>> write_filter({"from": 2015, "to": 2018, "month": 0, "source": "",
    ...     "side": "US", "accuracy": "foot"})
    '2015-2018,0,,US,foot'
    >>> write_filter({"from": "<b>"})
    ''
    """
    if not isinstance(told, dict):
        return ""
    first, last, *rest = (str(told.get(name, "")) for name in _NAMES)
    text = ",".join([f"{first}-{last}", *rest])
    return text if read_filter(text) else ""
