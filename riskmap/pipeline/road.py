"""Road: settle the day, then take the steps in order."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from riskmap.config import FILE, Config, read_config
from riskmap.errors import BeforeFoundingError, DateOptionError
from riskmap.pipeline.audit import audited
from riskmap.pipeline.days import settle_day
from riskmap.pipeline.grades import grades_of
from riskmap.pipeline.in_use import presets_in_use
from riskmap.pipeline.reports import Progress, RunReport, StepReport, tell_nobody
from riskmap.pipeline.runner import Settings, Shelf, is_current, take_step
from riskmap.pipeline.steps import REGISTERS, STEPS
from riskmap.project import Project


def check_day(text: str) -> str:
    """Read a day, or refuse it.

    Parameters
    ----------
    text
        ISO 8601, ``2021-03-31``.

    Returns
    -------
    str
        The same day.

    Raises
    ------
    DateOptionError
        If it is no day.

    Examples
    --------
    >>> check_day("2021-03-31")
    '2021-03-31'
    """
    try:
        return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        msg = f"A day is written 2021-03-31, got {text!r}."
        raise DateOptionError(msg, option="as_of", value=text) from None


def end_of(known_by: str | None) -> str:
    """Take a day for its last moment; a time of day stands as it is.

    Parameters
    ----------
    known_by
        ISO 8601, or nothing.

    Returns
    -------
    str
        A time, or ``""``.

    Raises
    ------
    DateOptionError
        If it is neither a day nor a time.

    Examples
    --------
    >>> end_of("2021-03-31"), end_of("2021-03-31T12:00:00+00:00"), end_of(None)
    ('2021-03-31T23:59:59', '2021-03-31T12:00:00+00:00', '')
    """
    if not known_by:
        return ""
    text = known_by.strip()
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        msg = f"A time is written 2021-03-31 or 2021-03-31T12:00, got {text!r}."
        raise DateOptionError(msg, option="known_by", value=text) from None
    return text if "T" in text else f"{check_day(text)}T23:59:59"


def _refuse_before_founding(project: Project, known_by: str) -> None:
    """Refuse a time at which the project did not know a single landmark."""
    landmarks = project.batches("landmarks")
    if known_by and len(landmarks) and not len(landmarks.known_by(known_by)):
        founded_on = min(batch.known_at for batch in landmarks)[:10]
        msg = f"Nothing was known by {known_by}; founded on {founded_on}."
        raise BeforeFoundingError(msg, value=known_by[:10], founded_on=founded_on)


def read_settings(project: Project) -> Settings:
    """Read the settings of a project; the day is still open.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    Settings
        With every option checked.

    Raises
    ------
    ConfigError
        If ``riskmap.toml`` is wrong.
    """
    config = read_config(project.path / FILE)
    return Settings(
        config=config, folder=str(project.path), presets=presets_in_use(project)
    )


def _changed(
    config: Config, resolution: int | None, half_width_km: float | None
) -> Config:
    """Put the options of one run in place of the configured ones."""
    corridor = config.corridor
    if resolution is not None:
        corridor = replace(corridor, resolution=resolution)
    if half_width_km is not None:
        corridor = replace(corridor, half_width_km=half_width_km)
    return replace(config, corridor=corridor)


@audited("run", subject="project")
def run(
    project: Project,
    *,
    as_of: str | None = None,
    known_by: str | None = None,
    resolution: int | None = None,
    half_width_km: float | None = None,
    progress: Progress | None = None,
) -> RunReport:
    """Take every step that is not current, in order.

    Parameters
    ----------
    project
        The project.
    as_of
        Only what had occurred before this day is used; by default all records.
    known_by
        Only deliveries, corrections and withdrawals known by this time are used,
        ISO 8601, a day to its end: the register as it was then. By default all.
    resolution, half_width_km
        Of the corridor, for this run; by default as ``riskmap.toml`` says.
    progress
        Told ``(step, done, total)``.

    Returns
    -------
    RunReport
        What each step did.

    Raises
    ------
    OptionError
        If an option is out of its range; nothing has been done then.
    ProjectError
        If a table cannot be read or written.
    """
    told = progress or tell_nobody
    day = check_day(as_of) if as_of else ""
    settings = read_settings(project)
    config = _changed(settings.config, resolution, half_width_km)
    settings = replace(settings, config=config, known_by=end_of(known_by))
    _refuse_before_founding(project, settings.known_by)
    shelf = Shelf(project, settings.known_by)
    reports = [take_step(step, project, settings, shelf, told) for step in REGISTERS]
    settings = replace(settings, as_of=day or settle_day(shelf["incident_records"]))
    reports += _take_steps(project, settings, shelf, told)
    return RunReport(
        steps=tuple(reports),
        as_of=settings.as_of,
        resolution=config.corridor.resolution,
        half_width_km=config.corridor.half_width_km,
        changed=any(report.state == "made" for report in reports),
        grades=grades_of(project),
    )


def _take_steps(
    project: Project, settings: Settings, shelf: Shelf, told: Progress
) -> Iterator[StepReport]:
    """Take the steps after the day is settled."""
    for done, step in enumerate(STEPS):
        told(step.name, done, len(STEPS))
        yield take_step(step, project, settings, shelf, told)


def stale_tables(project: Project) -> frozenset[str]:
    """Name the tables that a run with the configured options would make anew.

    A table made for another day or resolution than configured is not stale if
    nothing it was made from has changed since: it is what was asked for.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    frozenset of str
        Names of tables; those never made are not among them.
    """
    settings = read_settings(project)
    stale: set[str] = set()
    for step in (*REGISTERS, *STEPS):
        made = project.snapshot(step.makes[0])
        if made is None:
            continue
        asked = replace(
            settings,
            as_of=str(made.options.get("as_of", "")),
            known_by=str(made.options.get("known_by", "")),
        )
        if step.name == "cells":
            asked = replace(asked, config=_changed(asked.config, **made.options))
        follows = stale.intersection(step.needs)
        if follows or not is_current(step, project, asked):
            stale.update(step.makes)
    return frozenset(stale)
