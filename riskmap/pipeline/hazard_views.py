"""Hazard views: the hazards of a project, for the faces to show."""

from dataclasses import replace
from typing import Any

import pandas as pd

from riskmap.hazards.catalogue import HAZARDS, Hazard
from riskmap.hazards.intensity import (
    HALF_WAY_HOURS,
    cause_intensity,
    share_on_foot,
)
from riskmap.pipeline.hazards import NEEDS, make_hazards
from riskmap.pipeline.road import read_settings, stale_tables
from riskmap.project import Project


def hazard_columns(project: Project) -> tuple[Hazard, ...]:
    """List the hazards that a project holds, for a menu, a legend or a dictionary.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    tuple of Hazard
        In the order of the table; empty before the first run.
    """
    if project.snapshot("hazards") is None:
        return ()
    held = set(project.read("hazards").columns)
    return tuple(hazard for hazard in HAZARDS if hazard.name in held)


def read_hazards(project: Project, **asked: Any) -> pd.DataFrame:
    """Read the hazards of the cells, or work them out for other settings.

    Parameters
    ----------
    project
        A project that has been run.
    **asked
        Options of :class:`riskmap.hazards.options.HazardOptions` in place of the
        configured ones; those that are None stay as configured.

    Returns
    -------
    pandas.DataFrame
        On ``cell``: ``side``, ``km``, ``area_km2``, then the hazards. What was asked
        for is not stored.

    Raises
    ------
    OptionError
        If an option is out of its range.
    TableMissingError
        Before the first run.
    """
    settings = read_settings(project)
    given = {name: value for name, value in asked.items() if value is not None}
    options = replace(settings.config.hazards, **given)
    place = project.read("cells")[["side", "km", "area_km2"]]
    made = project.snapshot("hazards")
    if made and options == settings.config.hazards and not _is_stale(project):
        return place.join(project.read("hazards"))
    tables = {name: project.read(name) for name in NEEDS}
    return place.join(make_hazards(tables, options, settings.folder))


def add_exposure(found: pd.DataFrame, by: str) -> pd.DataFrame:
    """Weigh one hazard by an assumed exposure, beside it and not in its place.

    Parameters
    ----------
    found
        As :func:`read_hazards` gives.
    by
        The hazard.

    Returns
    -------
    pandas.DataFrame
        With ``exposure`` (share of people still on foot) and ``exposed`` (hazard
        times exposure) added; no other column changes.

    Examples
    --------
    >>> table = pd.DataFrame({"heat_chance": [0.4], "walk_hours": [8.0]})
    >>> add_exposure(table, "heat_chance").iloc[0].tolist()
    [0.4, 8.0, 0.5, 0.2]
    """
    exposure = share_on_foot(found["walk_hours"], HALF_WAY_HOURS)
    # a debt below zero is no danger
    hazard = found[by].clip(lower=0)
    exposed = cause_intensity(exposure, hazard)
    return found.assign(exposure=exposure, exposed=exposed)


def _is_stale(project: Project) -> bool:
    """Tell whether the stored hazards are of other settings or tables."""
    return "hazards" in stale_tables(project)
