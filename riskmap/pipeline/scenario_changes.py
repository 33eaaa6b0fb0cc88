"""Scenario changes: what of the options may be changed, and what follows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

from riskmap.errors import ScenarioRefusedError, UnknownNameError
from riskmap.hazards.catalogue import HAZARDS
from riskmap.pipeline.in_use import preset_with
from riskmap.pipeline.road import check_day, read_settings
from riskmap.pipeline.runner import Settings
from riskmap.pipeline.scenario_register import Changes
from riskmap.project import Project
from riskmap.scoring import PRESETS, preset_named
from riskmap.scoring.expectation import PART_WEIGHTS, WEIGHED
from riskmap.scoring.wall import refuse_wrong_side

# what a weight can be given to
SCORE_PARTS = WEIGHED

LIFE_SAVING = "life_saving"

FIRST_MONTH, LAST_MONTH = 1, 12

# hazards that the month changes, as the map and a comparison name them
BY_MONTH = ("heat_debt_l", "heat_chance")


def table_of(changes: Changes, name: str) -> str:
    """Name the table that a scenario keeps in place of one of a run.

    Parameters
    ----------
    changes
        What the scenario changes.
    name
        ``scores``, ``reasons``, ``zones``, ``zone_cells`` or ``hazards``.

    Returns
    -------
    str
        Name in the store.

    Examples
    --------
    >>> table_of(Changes(target="patrol_risk", as_of="2020-01-01"), "scores")
    'scenario_599b9f52c97b_scores'
    """
    return f"scenario_{changes.key}_{name}"


def check_changes(project: Project, changes: Changes) -> Changes:
    """Refuse changes that cannot be made, and write them one way.

    Parameters
    ----------
    project
        A project that has been run.
    changes
        What is asked for.

    Returns
    -------
    Changes
        Without what changes nothing.

    Raises
    ------
    UnknownNameError
        If there is no such score, part or layer.
    DateOptionError
        If the day is none.
    ConfigError
        If a setting does not exist or cannot hold the value.
    PurposeWallError
        If it would bring what saves lives into another score.
    ScenarioRefusedError
        If nothing is changed, or both weights and their number are.
    TableMissingError
        Before the first run.
    """
    known = tuple(preset.name for preset in PRESETS)
    if changes.target not in known:
        msg = f"`target` must be one of {known}, got {changes.target!r}."
        raise UnknownNameError(msg, kind="score", value=changes.target, known=known)
    for part in changes.weights:
        if part not in WEIGHED:
            msg = f"A part must be one of {WEIGHED}, got {part!r}."
            raise UnknownNameError(msg, kind="part", value=part, known=WEIGHED)
    weights = {
        part: float(changes.weights[part])
        for part in WEIGHED
        if changes.weights.get(part, 1) != 1
    }
    if weights and PART_WEIGHTS in changes.settings.get("numbers", {}):
        _refuse("twice")
    day = check_day(changes.as_of) if changes.as_of else ""
    _check_month(changes)
    asked = replace(changes, weights=weights, as_of=day)
    # raises for a setting that is none, and for a layer from beyond the wall
    settings_of(project, asked)
    _check_layers(project, asked)
    if not (asked.scored or asked.month):
        _refuse("nothing")
    return asked


def _check_month(changes: Changes) -> None:
    """Refuse a month that is none, or of a score that may not read hazards."""
    if not changes.month:
        return
    if not FIRST_MONTH <= changes.month <= LAST_MONTH:
        _refuse("month")
    purpose = preset_named(changes.target, PRESETS).purpose
    refuse_wrong_side(changes.target, purpose, dict.fromkeys(BY_MONTH, LIFE_SAVING))


def _check_layers(project: Project, changes: Changes) -> None:
    """Refuse layers that no score can read; hazards are on one side of the wall."""
    names = tuple(changes.settings.get("layers", ()))
    purpose = preset_named(changes.target, PRESETS).purpose
    hazards = {hazard.name: LIFE_SAVING for hazard in HAZARDS if hazard.name in names}
    refuse_wrong_side(changes.target, purpose, hazards)
    known = tuple(map(str, project.read("layers").columns)) if names else ()
    for name in names:
        if name not in known:
            msg = f"A layer must be one of {known}, got {name!r}."
            raise UnknownNameError(msg, kind="layer", value=name, known=known)


def _refuse(reason: str) -> NoReturn:
    """Say why a scenario cannot be made."""
    msg = f"The scenario cannot be: {reason}."
    raise ScenarioRefusedError(msg, scenario="", reason=reason)


def settings_of(project: Project, changes: Changes) -> Settings:
    """Put a scenario's options in place of those of the last run.

    Parameters
    ----------
    project
        A project that has been run.
    changes
        What is changed.

    Returns
    -------
    Settings
        With one preset, that of the target.

    Raises
    ------
    ConfigError
        If a setting does not exist or cannot hold the value.
    PurposeWallError
        If a layer is from the other side of the wall.
    """
    settings = read_settings(project)
    made = project.snapshot("scores")
    records = project.snapshot("incident_records")
    given = {name: dict(value) if isinstance(value, Mapping) else value
             for name, value in changes.settings.items()}  # fmt: skip
    if changes.weights:
        factors = [changes.weights.get(part, 1) for part in WEIGHED]
        given["numbers"] = {**given.get("numbers", {}), PART_WEIGHTS: factors}
    preset = preset_with(preset_named(changes.target, settings.presets), given)
    hazards = settings.config.hazards
    if changes.month:
        hazards = replace(hazards, month=changes.month)
    return replace(
        settings,
        config=replace(settings.config, hazards=hazards),
        presets=(preset,),
        as_of=changes.as_of or (str(made.options["as_of"]) if made else ""),
        known_by=str(records.options.get("known_by", "")) if records else "",
    )
