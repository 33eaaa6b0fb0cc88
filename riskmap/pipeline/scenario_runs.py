"""Scenario runs: the steps of a run taken once more with other options, and kept."""

from collections.abc import Mapping
from typing import Any

from riskmap.pipeline.in_use import changed_settings
from riskmap.pipeline.reports import Progress, tell_nobody
from riskmap.pipeline.runner import Settings, Shelf, Step
from riskmap.pipeline.scenario_changes import check_changes, settings_of, table_of
from riskmap.pipeline.scenario_register import (
    Changes,
    Scenario,
    add_scenario,
    check_name,
    find_scenario,
)
from riskmap.pipeline.steps import STEPS
from riskmap.project import Project
from riskmap.scoring import PRESETS, preset_named
from riskmap.scoring.wall import NEUTRAL

BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}

# tables that hold records, or who looked where, and are cut to one side of the wall
WALLED = ("incidents", "coverage")

# steps of a run whose tables another day changes, before the scores
BY_DAY = ("links", "linked", "coverage")
SCORED = ("scores", "zones")
HAZARDS = ("hazards",)

# how far a scenario stands by what is now in the project
CURRENT, STALE, NEVER = "current", "stale", "never"


def _moves_day(project: Project, changes: Changes) -> bool:
    """Tell whether the scenario is of another day than the last run."""
    made = project.snapshot("scores")
    return bool(changes.as_of and made and made.options["as_of"] != changes.as_of)


def _steps_of(project: Project, changes: Changes) -> tuple[str, ...]:
    """Name the steps that a scenario takes anew."""
    by_day = BY_DAY if _moves_day(project, changes) else ()
    scored = (*by_day, *SCORED) if changes.scored else ()
    return (*scored, *(HAZARDS if changes.month else ()))


def origin_of(
    project: Project, changes: Changes, step: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Tell what a scenario's tables are made of: options, and checksums of inputs.

    Parameters
    ----------
    project
        A project that has been run.
    changes
        What is changed.
    step
        ``scores``, ``zones`` or ``hazards``.

    Returns
    -------
    options : dict
        Plain values.
    inputs : dict of str to str
        Table to checksum.
    """
    settings = settings_of(project, changes)
    preset = settings.presets[0]
    options: dict[str, Any] = {"score": preset.name, "purpose": preset.purpose}
    if step in HAZARDS:
        options |= BY_NAME[step].options(settings)
        needs = [*BY_NAME[step].needs]
    else:
        brought = preset_named(preset.name, PRESETS)
        options |= {
            "as_of": settings.as_of,
            "model": changed_settings(preset, brought),
        }
        needs = [*BY_NAME["scores"].needs]
        if _moves_day(project, changes):
            needs = ["cells", "layers", "incident_records", "coverage_given"]
        if step == "zones":
            options |= BY_NAME[step].options(settings)
            needs.append("landmarks")
    found = {name: project.snapshot(name) for name in needs}
    inputs = {name: made.sha256 for name, made in found.items() if made}
    if step not in HAZARDS and _moves_day(project, changes):
        links = project.batches("links")
        inputs["batches:links"] = ",".join(batch.file_sha256[:16] for batch in links)
    return options, inputs


def make_tables(
    project: Project, changes: Changes, *, progress: Progress | None = None
) -> None:
    """Make the tables of a scenario by the steps of a run, and keep them.

    Parameters
    ----------
    project
        A project that has been run.
    changes
        What is changed, checked.
    progress
        Told ``(step, done, total)``; nothing is kept before the last step is done.

    Raises
    ------
    TableMissingError
        Before the first run.
    """
    told = progress or tell_nobody
    settings = settings_of(project, changes)
    shelf = Shelf(project, settings.known_by)
    steps = _steps_of(project, changes)
    origins = {name: origin_of(project, changes, name) for name in (*SCORED, *HAZARDS)}
    kept = []
    for done, name in enumerate(steps):
        told(name, done, len(steps))
        step = BY_NAME[name]
        if name == SCORED[0]:
            _wall_off(shelf, settings)
        made = step.make(shelf, settings, tell_nobody)
        for table_name, table in zip(step.makes, made, strict=True):
            shelf.put(table_name, table)
            if name in (*SCORED, *HAZARDS):
                kept.append((name, table_name, table))
    told("store", len(steps), len(steps))
    for name, table_name, table in kept:
        options, inputs = origins[name]
        project.write(
            table_of(changes, table_name),
            table,
            step="scenario",
            options=options,
            inputs=inputs,
        )


def _wall_off(shelf: Shelf, settings: Settings) -> None:
    """Take from the shelf every record of the other side of the purpose wall."""
    mine = (settings.presets[0].purpose, NEUTRAL)
    for name in WALLED:
        table = shelf[name]
        shelf.put(name, table.loc[table["purpose"].isin(mine)])


def scenario_state(project: Project, changes: Changes) -> str:
    """Tell whether what a scenario found is of what is now in the project.

    Parameters
    ----------
    project
        The project.
    changes
        What the scenario changes.

    Returns
    -------
    str
        ``current``, ``stale`` where the base or a setting has changed since, or
        ``never``.
    """
    firsts = []
    if changes.scored:
        firsts += [("scores", "scores"), ("zones", "zones")]
    if changes.month:
        firsts.append(("hazards", "hazards"))
    made = [project.snapshot(table_of(changes, name)) for name, _ in firsts]
    if None in made:
        return NEVER
    for name, step in firsts:
        options, inputs = origin_of(project, changes, step)
        table = table_of(changes, name)
        if not project.is_current(table, options=options, inputs=inputs):
            return STALE
    return CURRENT


def create_scenario(
    project: Project,
    name: str,
    changes: Changes,
    *,
    note: str = "",
    progress: Progress | None = None,
) -> Scenario:
    """Work a scenario out, and save it under a name.

    What is stopped on the way leaves nothing.

    Parameters
    ----------
    project
        A project that has been run.
    name
        What it is to be called; names no person.
    changes
        What of the options is changed.
    note
        Why.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    Scenario
        As recorded.

    Raises
    ------
    RiskmapError
        As :func:`check_changes`; ``ScenarioRefusedError`` also for a name that cannot
        be kept.
    """
    asked = check_changes(project, changes)
    called = check_name(project, name)
    if scenario_state(project, asked) != CURRENT:
        make_tables(project, asked, progress=progress)
    return add_scenario(project, called, asked, note)


def refresh_scenario(
    project: Project, asked: str, *, progress: Progress | None = None
) -> Scenario:
    """Work a scenario out anew from what is now in the project.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Its number or name.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    Scenario
        The same one.

    Raises
    ------
    ScenarioRefusedError
        If there is none.
    """
    one = find_scenario(project, asked)
    if scenario_state(project, one.changes) != CURRENT:
        make_tables(project, one.changes, progress=progress)
    return one
