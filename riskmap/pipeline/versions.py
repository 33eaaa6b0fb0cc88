"""Versions: which version of each record holds, and which held at a time."""

from typing import Any

import pandas as pd

from riskmap.ingest import INCIDENT_TABLE
from riskmap.ingest.record_columns import WITHDRAWN
from riskmap.project import Batches
from riskmap.schema import empty_table, with_later_columns


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
    last = _newest(batches.accepted())
    return last if withdrawn else last[last["status"] != WITHDRAWN]


def records_named(batches: Batches, ids: pd.Index) -> Any:
    """Take the last version of some records, withdrawn ones too.

    Parameters
    ----------
    batches
        Deliveries of incidents.
    ids
        Identifiers; those that there are not are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        :data:`riskmap.ingest.INCIDENT_TABLE` on ``event_id``, sorted.
    """
    if not len(batches):
        return empty_table(INCIDENT_TABLE, index="event_id")
    return _newest(batches.accepted_where("event_id", ids))


def _newest(rows: Any) -> Any:
    """Keep the last version of each record."""
    whole = with_later_columns(rows, INCIDENT_TABLE)
    return whole[~whole.index.duplicated(keep="last")].sort_index()
