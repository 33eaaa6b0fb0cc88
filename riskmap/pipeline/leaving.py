"""Leaving: what of a project an export may hold, how it is marked, and what stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from riskmap.errors import RestrictedError
from riskmap.pipeline.access import holder_of, local_clearance
from riskmap.pipeline.policy import PolicyGate, cleared, marking_of_table
from riskmap.pipeline.record_marks import RECORDS
from riskmap.project import GuardedProject, Project
from riskmap.sharing.markings import strictest

SURFACE: Final = "export"

EXPORTED: Final = ("scores", "zones", "landmarks", "incidents_by_cell")
"""Tables that an export holds, each with a marking of its own."""

BESIDE_SCORES: Final = ("layers", "history", "hazards")
"""Further columns of the cells, in all formats but GeoJSON."""

ROWS: Final = "rows"


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What may leave.

    Parameters
    ----------
    marking
        The strictest of what leaves, as text.
    withheld
        What stays, by name: its marking, or ``rows`` where some rows of it do. How
        many is not said: a number could tell.
    """

    marking: str
    withheld: Mapping[str, str]


def as_leaving(project: Project) -> GuardedProject:
    """See a project as whoever works with it may carry it away.

    Parameters
    ----------
    project
        The project, through whatever gate; without one it is the local user's.

    Returns
    -------
    GuardedProject
        The same folder, seen on the surface of exports.
    """
    gate = getattr(project, "gate", None)
    whose = getattr(gate, "clearance", None) or local_clearance(project.path)
    whole = Project(path=project.path, wait_s=project.wait_s)
    return cleared(whole, whose, SURFACE, originator=holder_of(project))


def what_leaves(project: Project) -> Leaving:
    """Tell how an export would be marked, and what would stay out of it.

    Parameters
    ----------
    project
        A project that has been run.

    Returns
    -------
    Leaving
        Of :data:`EXPORTED`, and of what stands beside the scores.

    Raises
    ------
    RestrictedError
        If nothing of it may leave.
    TableMissingError
        Before the first run.
    """
    seen = as_leaving(project)
    gate: PolicyGate = seen.gate  # type: ignore[assignment]
    marks, withheld = [], {}
    for name in (*EXPORTED, *BESIDE_SCORES):
        made = gate.project.snapshot(name)
        if made is None:
            continue
        if name not in RECORDS and not gate.lets(name):
            withheld[name] = gate.marking_of(name).text()
            continue
        if name in RECORDS and len(seen.read(name)) < made.rows:
            withheld[name] = ROWS
        marks.append(marking_of_table(seen, name))
    if not set(EXPORTED) - set(withheld):
        role = gate.clearance.role
        msg = f"Nothing of the project may leave for the role {role}."
        raise RestrictedError(msg, table=EXPORTED[0], role=role)
    return Leaving(marking=strictest(marks).text(), withheld=withheld)
