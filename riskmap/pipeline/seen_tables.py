"""What of restricted tables somebody was shown, and its entry in the audit log."""

from collections.abc import Iterable

from riskmap.pipeline.access import holder_of
from riskmap.pipeline.audit import record_action
from riskmap.pipeline.policy import PolicyGate, marking_of_table
from riskmap.pipeline.record_marks import RECORDS
from riskmap.project import Project
from riskmap.sharing.markings import GREEN, rank_of


def restricted_tables(project: Project, tables: Iterable[str]) -> tuple[str, ...]:
    """Tell which of some tables are restricted, and seen all the same.

    It reads the records that went into them: keep the answer for as long as
    :func:`riskmap.pipeline.view_key` stays the same.

    Parameters
    ----------
    project
        The project, as somebody sees it.
    tables
        What is shown to them.

    Returns
    -------
    tuple of str
        Those above ``TLP:GREEN`` of which anything passes the project's gate.
    """
    origin = holder_of(project)
    return tuple(
        name
        for name in tables
        if project.snapshot(name) is not None
        and _is_seen(project, name)
        and rank_of(marking_of_table(project, name, originator=origin).label)
        > rank_of(GREEN)
    )


def _is_seen(project: Project, name: str) -> bool:
    """Tell whether anything of a table passes the project's gate."""
    gate = getattr(project, "gate", None)
    if name in RECORDS or not isinstance(gate, PolicyGate):
        return len(project.read(name)) > 0
    return gate.lets(name)


def record_view(project: Project, page: str, restricted: Iterable[str]) -> None:
    """Write down that somebody saw restricted tables.

    Parameters
    ----------
    project
        The project, as they see it.
    page
        Where they were seen.
    restricted
        From :func:`restricted_tables`; of none nothing is written.

    Raises
    ------
    ProjectError
        If it cannot be written.
    """
    if named := ", ".join(restricted):
        record_action(project, "view", page, detail={"tables": named})
