"""Hazard views: the hazards of a project, for the faces to show."""

from dataclasses import replace
from typing import Any

import pandas as pd

from riskmap.hazards.catalogue import HAZARDS, Hazard
from riskmap.pipeline.hazards import NEEDS, make_hazards
from riskmap.pipeline.road import read_settings
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
    if options == settings.config.hazards and project.snapshot("hazards"):
        return place.join(project.read("hazards"))
    tables = {name: project.read(name) for name in NEEDS}
    return place.join(make_hazards(tables, options, settings.folder))
