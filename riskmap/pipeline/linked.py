"""Linked: the step that makes one incident of the records of an event."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from riskmap.linkage import (
    DECISION_TABLE,
    decide,
    merge_records,
    propose_links,
)
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.project import Batches
from riskmap.schema import empty_table


def decisions_in(batches: Batches) -> pd.DataFrame:
    """Join what persons decided on links, in the order they did.

    Parameters
    ----------
    batches
        Deliveries of decisions; those known by a time give what held then.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.linkage.DECISION_TABLE`.
    """
    if len(batches):
        return batches.accepted()
    return empty_table(DECISION_TABLE, index="row_number").reset_index(drop=True)


def _link(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Make one incident of the records of an event; those after the day stay single."""
    records = tables["incident_records"]
    known = records
    if settings.as_of:
        day = pd.Timestamp(settings.as_of, tz="UTC")
        known = records[records["occurred_on"] < day]
    decisions = decisions_in(tables["batches:links"])
    links = decide(propose_links(known), decisions, records["source"])
    incidents, members = merge_records(records, links)
    return incidents, links, members


def _as_of(settings: Settings) -> Mapping[str, Any]:
    return {"as_of": settings.as_of}


LINKED_STEP = Step(
    name="linked",
    makes=("incidents", "links", "incident_members"),
    make=_link,
    needs=("incident_records",),
    batches=("links",),
    options=_as_of,
)
