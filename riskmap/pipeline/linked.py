"""Linked: the step that makes one incident of the records of an event."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from riskmap.ingest.record_columns import WITHDRAWN
from riskmap.linkage import (
    DECISION_TABLE,
    LINK_TABLE,
    MEMBER_TABLE,
    decide,
    member_records,
    propose_links,
)
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.runner import Settings, Step, Tables
from riskmap.project import Batches
from riskmap.schema import empty_table

WORDS = ("time_precision", "kind", "cause", "purpose", "audience", "source", "status")

COMPARED = (
    *("event_id", "occurred_on", "accuracy_m", "dead", "missing", "source_quality"),
    *WORDS,
)

# a point as the store writes it: order of bytes, type, longitude, latitude
POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


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


def compared_columns(batches: Batches) -> pd.DataFrame:
    """Read of the records that hold only what linkage compares.

    A table of a million points with all its columns takes a gigabyte; this takes a
    tenth of that.

    Parameters
    ----------
    batches
        Deliveries of incidents.

    Returns
    -------
    pandas.DataFrame
        Columns of the event table on ``event_id``, sorted, words as categories;
        ``x`` and ``y`` in degrees in place of the geometry.
    """
    parts = []
    for _, arrow in batches.accepted_parts(*COMPARED, "geometry"):
        x, y = _coordinates(arrow["geometry"])
        kept = arrow.drop_columns("geometry")
        parts.append(
            kept.append_column("x", pa.array(x)).append_column("y", pa.array(y))
        )
    whole = pa.concat_tables(parts, promote_options="default")
    for place, field in enumerate(whole.schema):
        if field.name in WORDS:
            words = whole[field.name].dictionary_encode()
            whole = whole.set_column(place, field.name, words)
    rows = whole.to_pandas(use_threads=False).set_index("event_id")
    last = rows[~rows.index.duplicated(keep="last")].sort_index()
    return last[last["status"] != WITHDRAWN] if "status" in last else last


def recorded_days(batches: Batches) -> pd.DataFrame:
    """Read on which days the records lie that were not withdrawn.

    Parameters
    ----------
    batches
        Deliveries of incidents.

    Returns
    -------
    pandas.DataFrame
        ``occurred_on``, every version of every record.
    """
    days = [pd.Series([], dtype="datetime64[us, UTC]", name="occurred_on")]
    for _, rows in batches.accepted_parts("occurred_on", "status"):
        table = rows.to_pandas(use_threads=False)
        if "status" in table:
            table = table[table["status"] != WITHDRAWN]
        days.append(table["occurred_on"])
    return pd.concat(days, ignore_index=True).to_frame()


def _coordinates(geometry: pa.ChunkedArray) -> tuple[Any, Any]:
    """Take degrees out of points as they are stored, without making any."""
    chunks = geometry.chunks or [pa.array([], pa.binary())]
    wkb = pa.concat_arrays(chunks)
    sizes = pc.binary_length(wkb)
    if len(wkb) and pc.all(pc.equal(sizes, POINT.itemsize)).as_py():
        start = np.frombuffer(wkb.buffers()[1], dtype=np.int32)[wkb.offset]
        points = np.frombuffer(
            wkb.buffers()[2], dtype=POINT, count=len(wkb), offset=int(start)
        )
        return points["x"].copy(), points["y"].copy()
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    return shapely.get_x(shapes), shapely.get_y(shapes)


def _link(tables: Tables, settings: Settings, _: Progress) -> Sequence[pd.DataFrame]:
    """Find the records of one event; those after the day stay single."""
    batches = tables["batches:incidents"]
    if not len(batches):
        nothing = empty_table(LINK_TABLE, index="link_id")
        return nothing, empty_table(MEMBER_TABLE, index="event_id")
    records = compared_columns(batches)
    known = records
    if settings.as_of:
        day = pd.Timestamp(settings.as_of, tz="UTC")
        known = records[records["occurred_on"] < day]
    decisions = decisions_in(tables["batches:links"])
    links = decide(propose_links(known), decisions, records["source"])
    return links, member_records(records, links)


def _merge(tables: Tables, _: Settings, __: Progress) -> Sequence[pd.DataFrame]:
    """Show one record for each incident."""
    records, members = tables["incident_records"], tables["incident_members"]
    shown = members["shown"].reindex(records.index).to_numpy(dtype=bool)
    return (records[shown],)


def _as_of(settings: Settings) -> Mapping[str, Any]:
    return {"as_of": settings.as_of}


LINKS_STEP = Step(
    name="links",
    makes=("links", "incident_members"),
    make=_link,
    batches=("incidents", "links"),
    options=_as_of,
)

LINKED_STEP = Step(
    name="linked",
    makes=("incidents",),
    make=_merge,
    needs=("incident_records", "incident_members"),
)
