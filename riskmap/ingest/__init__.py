"""Files from outside → clean tables, and a quarantine that loses nothing."""

from riskmap.ingest.faults import FAULT_TABLE, FAULTS
from riskmap.ingest.incidents import INCIDENT_TABLE, Batch, read_incidents
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.profiles import Profile, load_profile, profile_names
from riskmap.ingest.reading import Limits
from riskmap.ingest.taxonomy import CAUSES, KINDS, Kind

__all__ = [
    "CAUSES",
    "FAULTS",
    "FAULT_TABLE",
    "INCIDENT_TABLE",
    "KINDS",
    "Batch",
    "IngestOptions",
    "Kind",
    "Limits",
    "Profile",
    "load_profile",
    "profile_names",
    "read_incidents",
]
