"""Versions: which version of each record holds, and which held at a time."""

from typing import Any

from riskmap.ingest import INCIDENT_TABLE
from riskmap.project import Batches
from riskmap.schema import empty_table, with_later_columns

WITHDRAWN = "withdrawn"


def current_records(batches: Batches, *, withdrawn: bool = False) -> Any:
    """Take the version of each record that was delivered last.

    Parameters
    ----------
    batches
        Deliveries of incidents; those known by a time give the register of then.
    withdrawn
        True to hold withdrawn records too, marked so.

    Returns
    -------
    geopandas.GeoDataFrame
        :data:`riskmap.ingest.INCIDENT_TABLE` on ``event_id``, sorted.
    """
    if not len(batches):
        return empty_table(INCIDENT_TABLE, index="event_id")
    rows = with_later_columns(batches.accepted(), INCIDENT_TABLE)
    last = rows[~rows.index.duplicated(keep="last")].sort_index()
    return last if withdrawn else last[last["status"] != WITHDRAWN]
