"""Named moments of a write, at which a test may stop the process."""

from collections.abc import Callable

FaultPoint = Callable[[str], None]

FAULT_POINTS = (
    "create.folder_made",
    "create.before_commit",
    "create.committed",
    "write.encoded",
    "write.locked",
    "file.opened",
    "file.written",
    "file.synced",
    "file.renamed",
    "file.folder_synced",
    "ledger.inserted",
    "ledger.committed",
)


def no_fault(_point: str) -> None:
    """Let every moment pass."""
