"""The head of the ledger: one name for all tables and deliveries as they are now."""

from pathlib import Path

from riskmap.project import ledger
from riskmap.project.failures import failures_named
from riskmap.project.folder import WAIT_S


def head_of(folder: Path, *, wait_s: float = WAIT_S) -> str:
    """Name the state of a project's tables and deliveries, in a millisecond.

    Every row of the ledger is chained to the last one, so the newest link names all of
    them. The audit log has a chain of its own: who only looks changes nothing here.
    Nothing is checked; opening the project does that.

    Parameters
    ----------
    folder
        Folder of the project.
    wait_s
        How long to wait for a writer.

    Returns
    -------
    str
        SHA-256, hexadecimal; zeros for an empty project.

    Raises
    ------
    ProjectMissingError
        If there is no project.
    ProjectNewerError
        If a newer riskmap made it.
    """
    with (
        failures_named(folder),
        ledger.ledger_of(folder, wait_s=wait_s) as connection,
    ):
        (found,) = connection.execute("SELECT sha256 FROM head").fetchone()
    return str(found)
