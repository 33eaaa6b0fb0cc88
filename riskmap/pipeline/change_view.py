"""Change views: the questions of change, what was last found, and asking anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskmap.pipeline.change_layers import CHANGE_LAYERS, is_made_of_now
from riskmap.pipeline.changes import TARGETS, Asked
from riskmap.pipeline.displaced import displacement
from riskmap.pipeline.hotspots import hot_cells
from riskmap.pipeline.nearrepeat import near_repeats
from riskmap.pipeline.reports import Progress
from riskmap.pipeline.routes_found import new_routes
from riskmap.pipeline.scan import emerging_clusters
from riskmap.pipeline.trends import cell_trends
from riskmap.pipeline.undercount import missed_events
from riskmap.project import Project

HOTSPOTS, TRENDS, REPEATS = "hotspots", "trends", "nearrepeat"
SCAN, ROUTES, MOVED, MISSED = "scan", "routes", "displacement", "undercount"
QUESTIONS = (HOTSPOTS, TRENDS, REPEATS, SCAN, ROUTES, MOVED, MISSED)

# where what a face lists stands, besides the cells
FURTHER: Mapping[str, str] = {
    REPEATS: "nearrepeat_bands",
    SCAN: "scan_clusters",
    ROUTES: "routes_found",
    MOVED: "displacement_moved",
}

DANGER = "displacement_danger"


@dataclass(frozen=True, kw_only=True, eq=False)
class ChangeView:
    """What was last found of a question and a subject.

    Parameters
    ----------
    facts
        What was asked, and the options.
    main
        The table of the question: of cells where it has any.
    further
        The list beside it; None where there is none.
    layer
        The map's layer of it; nothing where there is none.
    of_now
        False where cells, incidents or coverage have changed since.
    danger
        For displacement: how the score changed; None where there is none.
    """

    facts: Mapping[str, Any]
    main: pd.DataFrame
    further: pd.DataFrame | None
    layer: str
    of_now: bool
    danger: pd.DataFrame | None = None


def change_subjects(question: str) -> tuple[str, ...]:
    """List what a question can be asked of.

    Parameters
    ----------
    question
        One of :data:`QUESTIONS`.

    Returns
    -------
    tuple of str
        Scores; kinds for near repeats, which are asked of each kind on its own.

    Examples
    --------
    >>> change_subjects("routes")
    ('migrant_danger', 'patrol_risk')
    """
    if question != REPEATS:
        return tuple(TARGETS)
    return tuple(kind for target in TARGETS.values() for kind in target.kinds)


def view_change(project: Project, question: str, subject: str) -> ChangeView | None:
    """Read what was last found.

    Parameters
    ----------
    project
        The project.
    question
        One of :data:`QUESTIONS`.
    subject
        One of :func:`change_subjects`.

    Returns
    -------
    ChangeView or None
        None if it was never asked.
    """
    name = f"{question}_{subject}"
    made = project.snapshot(name)
    if made is None:
        return None
    beside = f"{FURTHER[question]}_{subject}" if question in FURTHER else ""
    held = bool(beside) and project.snapshot(beside) is not None
    main = project.read(name)
    scored = f"{DANGER}_{subject}"
    has_danger = question == MOVED and project.snapshot(scored) is not None
    # stored, a class stands in a column of the table's own name
    return ChangeView(
        facts=made.options,
        main=main.rename(columns={name: "state"}),
        further=project.read(beside) if held else None,
        layer=name if name in CHANGE_LAYERS else "",
        of_now=is_made_of_now(project, made),
        danger=project.read(scored) if has_danger else None,
    )


def ask_change(
    project: Project,
    question: str,
    subject: str,
    *,
    operation: str = "",
    progress: Progress | None = None,
) -> None:
    """Ask a question with the options that its command has by default.

    Parameters
    ----------
    project
        A project that has been run.
    question
        One of :data:`QUESTIONS`.
    subject
        One of :func:`change_subjects`.
    operation
        For displacement: which.
    progress
        Told how far it has come.
    """
    asked = Asked(kind=subject) if question == REPEATS else Asked(target=subject)
    if question == MOVED:
        displacement(project, operation, asked, progress=progress)
        return
    asks: Mapping[str, Callable[..., Any]] = {
        HOTSPOTS: hot_cells,
        TRENDS: cell_trends,
        REPEATS: near_repeats,
        SCAN: emerging_clusters,
        ROUTES: new_routes,
        MISSED: missed_events,
    }
    asks[question](project, asked, progress=progress)
