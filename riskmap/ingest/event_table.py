"""Event table: the columns of a record of an incident."""

from typing import Final

from riskmap.ingest.instants import CLOCKS
from riskmap.ingest.profile_form import PLACE_BASES
from riskmap.ingest.record_columns import (
    CONFIRMATIONS,
    DATE_BASES,
    DAY_DTYPE,
    STATUSES,
)
from riskmap.ingest.taxonomy import AUDIENCES, CAUSES, KINDS, PURPOSES
from riskmap.ingest.time_columns import PRECISIONS
from riskmap.schema import Column

INCIDENT_TABLE: Final[tuple[Column, ...]] = (
    Column(name="occurred_on", dtype="datetime64[us, UTC]", meaning="its first day"),
    Column(name="time_precision", dtype="str", values=PRECISIONS),
    Column(name="local_time", dtype="str", meaning="HH:MM as written, or empty"),
    Column(
        name="occurred_at",
        dtype="datetime64[us, UTC]",
        missing=True,
        meaning="the instant, where local time and zone tell it",
    ),
    Column(name="time_zone", dtype="str", missing=True, meaning="IANA name, or empty"),
    Column(name="clock", dtype="str", missing=True, values=CLOCKS),
    Column(
        name="date_basis",
        dtype="str",
        missing=True,
        values=DATE_BASES,
        meaning="what happened on that day: the event, or somebody found it",
    ),
    Column(name="found_on", dtype=DAY_DTYPE, missing=True),
    Column(name="reported_on", dtype=DAY_DTYPE, missing=True),
    Column(name="entered_on", dtype=DAY_DTYPE, missing=True),
    Column(name="shared_on", dtype=DAY_DTYPE, missing=True),
    Column(name="accuracy_m", dtype="float64", unit="m", lowest=0),
    Column(name="accuracy_basis", dtype="str", missing=True, values=PLACE_BASES),
    Column(
        name="area",
        dtype="str",
        missing=True,
        meaning="municipio or county that is all that is known; empty for a point",
    ),
    Column(
        name="us_probability",
        dtype="float64",
        lowest=0,
        highest=1,
        missing=True,
        meaning="how probable it is that the place is in the United States",
    ),
    Column(name="kind", dtype="str", values=tuple(KINDS)),
    Column(name="cause", dtype="str", values=(*CAUSES, "")),
    Column(name="purpose", dtype="str", values=PURPOSES),
    Column(name="audience", dtype="str", values=AUDIENCES),
    Column(
        name="said_kind",
        dtype="str",
        missing=True,
        meaning="the source's own category, as it wrote it; empty if it has none",
    ),
    Column(
        name="said_cause",
        dtype="str",
        missing=True,
        meaning="the source's own cause, as it wrote it; empty if it has none",
    ),
    Column(name="dead", dtype="int64", lowest=0),
    Column(name="missing", dtype="int64", lowest=0),
    Column(name="source", dtype="str"),
    Column(name="source_quality", dtype="float64", lowest=1, highest=5, missing=True),
    Column(name="confirmation", dtype="str", missing=True, values=CONFIRMATIONS),
    Column(name="status", dtype="str", missing=True, values=STATUSES),
    Column(name="change_reason", dtype="str", missing=True),
    Column(
        name="mended",
        dtype="str",
        missing=True,
        meaning="faults whose proposed correction was accepted",
    ),
    Column(name="marking", dtype="str", missing=True, meaning="label of TLP 2.0"),
    Column(name="licence", dtype="str", missing=True),
    Column(name="geometry", dtype="geometry"),
)
