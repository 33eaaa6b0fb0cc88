"""Files from outside → clean tables, and a quarantine that loses nothing."""

from riskmap.ingest.context import (
    read_coverage,
    read_jurisdictions,
    read_regions,
    read_waterways,
)
from riskmap.ingest.event_table import INCIDENT_TABLE
from riskmap.ingest.faults import FAULT_TABLE, FAULTS
from riskmap.ingest.incidents import (
    Batch,
    read_incidents,
    understand_incidents,
)
from riskmap.ingest.inference import Decision, Proposal, infer_profile
from riskmap.ingest.landmarks import LANDMARK_TABLE, LandmarkBatch, read_landmarks
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.profiles import Profile, load_profile, profile_names
from riskmap.ingest.reading import Limits
from riskmap.ingest.resubmission import (
    ANSWER_TABLE,
    Resubmission,
    read_corrections,
    row_names,
    still_waiting,
    understand_corrections,
)
from riskmap.ingest.taxonomy import CAUSES, KINDS, Kind

__all__ = [
    "ANSWER_TABLE",
    "CAUSES",
    "FAULTS",
    "FAULT_TABLE",
    "INCIDENT_TABLE",
    "KINDS",
    "LANDMARK_TABLE",
    "Batch",
    "Decision",
    "IngestOptions",
    "Kind",
    "LandmarkBatch",
    "Limits",
    "Profile",
    "Proposal",
    "Resubmission",
    "infer_profile",
    "load_profile",
    "profile_names",
    "read_corrections",
    "read_coverage",
    "read_incidents",
    "read_jurisdictions",
    "read_landmarks",
    "read_regions",
    "read_waterways",
    "row_names",
    "still_waiting",
    "understand_corrections",
    "understand_incidents",
]
