"""A project's audit log: adding to it, reading it, checking it."""

from collections.abc import Iterable, Mapping
from typing import Any

from riskmap.project import audit, ledger
from riskmap.project.audit import AuditCheck, AuditEntry
from riskmap.project.folder import Project


def entry(
    *,
    at: str,
    who: str,
    action: str,
    subject: str,
    profile: str = "",
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write down one thing that somebody did, for :func:`record_audit`.

    Parameters
    ----------
    at
        When, ISO 8601; the log reads no clock.
    who
        The account.
    action
        What was done: a word.
    subject
        What it was done to.
    profile
        Under which disclosure profile; empty if none.
    detail
        Plain values.

    Returns
    -------
    dict
        All six.

    Examples
    --------
    >>> entry(at="2026-05-01", who="ana", action="run", subject="p")["profile"]
    ''
    """
    told = {"at": at, "who": who, "action": action, "subject": subject}
    return told | {"profile": profile, "detail": dict(detail or {})}


def record_audit(project: Project, entries: Iterable[Mapping[str, Any]]) -> str:
    """Add entries to the log, all or none; a project without a log gets one.

    Parameters
    ----------
    project
        The project.
    entries
        As :func:`entry` writes them, in the order they happened.

    Returns
    -------
    str
        The head: the link of the last entry, to be printed wherever a copy is safe.

    Raises
    ------
    DateOptionError
        If a time is none.
    OptionError
        If a detail is no plain value.
    ProjectBusyError
        If another process has been writing for too long.
    DiskFullError, FolderUnwritableError
        If it cannot be stored; the log is as it was.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> project = Project.create(folder.name + "/demo")
    >>> done = entry(at="2026-05-01", who="ana", action="run", subject="demo")
    >>> head = record_audit(project, [done])
    >>> check_audit(project).head == head
    True
    >>> folder.cleanup()
    """
    told = [dict(one) for one in entries]
    with project._store.ledger() as connection, ledger.one_writer(connection):
        return audit.append(connection, told)


def audit_log(project: Project, *, last: int | None = None) -> tuple[AuditEntry, ...]:
    """Read the log, oldest first.

    Parameters
    ----------
    project
        The project.
    last
        Only so many of the newest entries; all if not given.

    Returns
    -------
    tuple of AuditEntry
        Not checked: see :func:`check_audit`.

    Raises
    ------
    ProjectMissingError
        If there is no project.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> audit_log(Project.create(folder.name + "/demo"))
    ()
    >>> folder.cleanup()
    """
    with project._store.ledger() as connection:
        return tuple(audit.entries(connection, last=last))


def check_audit(project: Project, *, known_head: str = "") -> AuditCheck:
    """Walk the whole log, and name the first entry that is not what was written.

    Parameters
    ----------
    project
        The project.
    known_head
        A head printed earlier; the log must still hold it. Without one, a forger
        who computes every later link anew is not found.

    Returns
    -------
    AuditCheck
        How long the log is, its head, and the first bad entry if there is one.

    Raises
    ------
    ProjectMissingError
        If there is no project.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> check_audit(Project.create(folder.name + "/demo")).first_bad is None
    True
    >>> folder.cleanup()
    """
    with project._store.ledger() as connection:
        return audit.check(connection, known_head=known_head)
