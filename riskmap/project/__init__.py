"""The store: a folder of tables that are never overwritten, and their ledger."""

from riskmap.project.audit import AuditCheck, AuditEntry
from riskmap.project.batches import Batches
from riskmap.project.faultpoints import FAULT_POINTS
from riskmap.project.folder import Project
from riskmap.project.guard import GuardedProject, guarded, keep_rows
from riskmap.project.head import head_of
from riskmap.project.log import audit_log, check_audit, entry, record_audit
from riskmap.project.records import FINDINGS, Batch, Finding, Snapshot, canonical_json

__all__ = [
    "FAULT_POINTS",
    "FINDINGS",
    "AuditCheck",
    "AuditEntry",
    "Batch",
    "Batches",
    "Finding",
    "GuardedProject",
    "Project",
    "Snapshot",
    "audit_log",
    "canonical_json",
    "check_audit",
    "entry",
    "guarded",
    "head_of",
    "keep_rows",
    "record_audit",
]
