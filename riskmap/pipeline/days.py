"""Days: up to which day the records are known, without what a run takes to load."""

import pandas as pd

# an empty register has no last day: the map is then of the day the agreements began
DAY_WITHOUT_RECORDS = "2001-06-22"


def settle_day(incidents: pd.DataFrame) -> str:
    """Choose the first day not yet known: the month after the last record.

    Publishers deliver whole months: a month is known to its end once it has a record.

    Parameters
    ----------
    incidents
        Event table.

    Returns
    -------
    str
        ISO 8601; the day of the first agreement (22 June 2001) without records.

    Examples
    --------
    >>> days = pd.to_datetime(["2020-03-01", "2021-12-29"], utc=True)
    >>> settle_day(pd.DataFrame({"occurred_on": days}))
    '2022-01-01'
    """
    if incidents.empty:
        return DAY_WITHOUT_RECORDS
    last: pd.Timestamp = incidents["occurred_on"].max()
    return str((last + pd.offsets.MonthBegin(1)).date().isoformat())
