"""The store: a folder of tables that are never overwritten, and their ledger."""

from riskmap.project.batches import Batches
from riskmap.project.faultpoints import FAULT_POINTS
from riskmap.project.folder import Project
from riskmap.project.records import FINDINGS, Batch, Finding, Snapshot, canonical_json

__all__ = [
    "FAULT_POINTS",
    "FINDINGS",
    "Batch",
    "Batches",
    "Finding",
    "Project",
    "Snapshot",
    "canonical_json",
]
