"""Audit: what was done to a project, by whom and when, written down as it is done."""

import datetime
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from riskmap.errors import FolderUnwritableError
from riskmap.project import (
    AuditCheck,
    AuditEntry,
    Project,
    audit_log,
    check_audit,
    entry,
    record_audit,
)

ACTIONS: Final = (
    "import",
    "run",
    "export",
    "release",
    "view",
    "edit",
    "approve",
)

LOCAL: Final = "local"
"""The one user of a project without a sign-in."""

READERS: Final = ("analyst", "admin")
"""Roles that read what others did; every other reads what they did themselves."""


def now() -> datetime.datetime:
    """Tell the time at which something is done or becomes known."""
    return datetime.datetime.now(datetime.UTC)


def who_of(project: Project) -> str:
    """Name who works on a project: account, role and country.

    Parameters
    ----------
    project
        The project, perhaps seen through the gate of a clearance.

    Returns
    -------
    str
        ``local`` where nobody signed in, and its role if that is a lower one.

    Examples
    --------
    >>> who_of(Project(path=Path("p")))
    'local'
    """
    clearance = getattr(getattr(project, "gate", None), "clearance", None)
    if clearance is None or (clearance.assumed and clearance.role == "admin"):
        return LOCAL
    return f"{clearance.person} ({clearance.role}, {clearance.country})"


def record_action(
    project: Project,
    action: str,
    subject: str,
    *,
    profile: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime.datetime | None = None,
) -> str:
    """Write down what was done.

    Parameters
    ----------
    project
        The project.
    action
        A word, of :data:`ACTIONS` or another step's own.
    subject
        What it was done to: names, never the content of a record.
    profile
        Under which disclosure profile.
    detail
        Plain values: counts and names.
    at
        When, UTC; now if not given.

    Returns
    -------
    str
        The head of the log.

    Raises
    ------
    ProjectError
        If it cannot be written.
    """
    told = entry(
        at=(at or now()).isoformat(timespec="seconds"),
        who=who_of(project),
        action=action,
        subject=subject,
        profile=profile,
        detail=detail,
    )
    return record_audit(project, [told])


def _subject_of(value: Any) -> str:
    """Name what was worked on: files by their names, never by their folder."""
    if isinstance(value, Path):
        return value.name
    if isinstance(value, list | tuple):
        return ", ".join(map(_subject_of, value))
    return value if isinstance(value, str) else ""


P = ParamSpec("P")
R = TypeVar("R")


def audited(
    action: str, *, subject: str = ""
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function of the pipeline write down each time that it was done.

    What fails is not written down: it changed nothing. A project on a medium that
    cannot be written keeps no log, and only such a one.

    Parameters
    ----------
    action
        What the function does.
    subject
        What it does it to; if not given, the names of files among its arguments.

    Returns
    -------
    callable
        For a function whose first argument is the project.

    Examples
    --------
    >>> @audited("edit", subject="landmark")
    ... def mend(project: Project) -> int:
    ...     return 1
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> project = Project.create(folder.name + "/demo")
    >>> mend(project), read_audit(project)[0].action
    (1, 'edit')
    >>> folder.cleanup()
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def done(*args: P.args, **named: P.kwargs) -> R:
            result = function(*args, **named)
            project = args[0] if args else named["project"]
            if isinstance(project, Project):
                told = subject or _subject_of(args[1:2])
                detail = {
                    name: value
                    for name, value in named.items()
                    if isinstance(value, str | int | float | bool)
                }
                try:
                    record_action(project, action, told, detail=detail)
                except FolderUnwritableError:
                    return result
            return result

        return done

    return decorate


def read_audit(project: Project, *, last: int | None = None) -> tuple[AuditEntry, ...]:
    """Read the audit log, oldest first.

    Parameters
    ----------
    project
        The project.
    last
        Only so many of the newest entries.

    Returns
    -------
    tuple of AuditEntry
        Not checked: see :func:`verify_audit`. What others did is not told to whoever
        looks in a role that is none of :data:`READERS`.
    """
    if getattr(project, "looks_as", "") in ("", *READERS):
        return audit_log(project, last=last)
    mine = [one for one in audit_log(project) if one.who == who_of(project)]
    return tuple(mine[-last:] if last else mine)


def verify_audit(project: Project, *, head: str = "") -> AuditCheck:
    """Check the audit log from its first entry to its last.

    Parameters
    ----------
    project
        The project.
    head
        A head that was printed before, in a package or on paper.

    Returns
    -------
    AuditCheck
        The head, and the first bad entry if there is one.
    """
    return check_audit(project, known_head=head)
