"""Runner: make what is missing or stale, keep what is current."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from riskmap.config import Config
from riskmap.pipeline.reports import Progress, StepReport
from riskmap.project import Batches, Project
from riskmap.scoring import PRESETS, Preset


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the steps of one run are told.

    Parameters
    ----------
    config
        All options.
    as_of
        First day not yet known, ISO 8601; empty before it is settled.
    known_by
        Only deliveries known by this time are used, ISO 8601; empty for all.
    folder
        The project folder, for files that the options name.
    presets
        What each score is made from: the models in use.
    """

    config: Config
    as_of: str = ""
    known_by: str = ""
    folder: str = "."
    presets: tuple[Preset, ...] = PRESETS


Tables = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: what it needs, what it makes, and how.

    Parameters
    ----------
    name
        The step.
    makes
        Names of its tables, in the order ``make`` returns them.
    make
        From the tables it needs, the settings and a progress to its tables.
    needs
        Names of the tables it reads.
    batches
        Kinds of deliveries it reads.
    options
        The settings its tables depend on, as plain values.
    """

    name: str
    makes: tuple[str, ...]
    make: Callable[[Tables, Settings, Progress], Sequence[pd.DataFrame]]
    needs: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    options: Callable[[Settings], Mapping[str, Any]] = lambda _: {}


@dataclass(frozen=True)
class Shelf(Mapping[str, Any]):
    """The tables of a project, each read once in a run and only if asked for."""

    project: Project
    known_by: str = ""
    _read: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """Read a table, or the deliveries of ``batches:KIND``."""
        if name not in self._read:
            kind = name.removeprefix("batches:")
            self._read[name] = (
                self.project.read(name)
                if kind == name
                else known_batches(self.project, kind, self.known_by)
            )
        return self._read[name]

    def put(self, name: str, table: pd.DataFrame) -> None:
        """Keep a table that was just made."""
        self._read[name] = table

    def __iter__(self) -> Iterator[str]:
        """Name the tables read so far."""
        return iter(self._read)

    def __len__(self) -> int:
        """Count the tables read so far."""
        return len(self._read)


def known_batches(project: Project, kind: str, known_by: str) -> Batches:
    """Take the deliveries that were known by a time.

    Parameters
    ----------
    project
        The project.
    kind
        Of which kind.
    known_by
        ISO 8601, itself included; empty for all.

    Returns
    -------
    Batches
        In the order they came.

    Raises
    ------
    DateOptionError
        If it is no time.
    """
    batches = project.batches(kind)
    return batches.known_by(known_by) if known_by else batches


def _checksum(batches: Batches) -> str:
    """Name the state of a kind's deliveries by what they hold."""
    return ",".join(f"{batch.file_sha256[:16]}:{batch.profile}" for batch in batches)


def inputs_of(
    step: Step, project: Project, known_by: str = ""
) -> dict[str, str] | None:
    """Name what a step would read, by checksum.

    Parameters
    ----------
    step
        The step.
    project
        Where its tables are.
    known_by
        Only deliveries known by this time are read; empty for all.

    Returns
    -------
    dict of str to str
        Table to checksum; None if a table has not been made.
    """
    inputs = {}
    for name in step.needs:
        snapshot = project.snapshot(name)
        if snapshot is None:
            return None
        inputs[name] = snapshot.sha256
    for kind in step.batches:
        inputs[f"batches:{kind}"] = _checksum(known_batches(project, kind, known_by))
    return inputs


def is_current(step: Step, project: Project, settings: Settings) -> bool:
    """Tell whether nothing that a step depends on has changed since it ran.

    Parameters
    ----------
    step
        The step.
    project
        Where its tables are.
    settings
        What it would be told.

    Returns
    -------
    bool
        False too if one of its tables is missing or damaged.
    """
    inputs = inputs_of(step, project, settings.known_by)
    if inputs is None:
        return False
    options = step.options(settings)
    return all(
        project.is_current(name, options=options, inputs=inputs) for name in step.makes
    )


def take_step(
    step: Step, project: Project, settings: Settings, shelf: Shelf, progress: Progress
) -> StepReport:
    """Run one step, unless it is current.

    Parameters
    ----------
    step
        The step.
    project
        Where its tables are and go.
    settings
        What it is told.
    shelf
        Tables read or made so far in this run.
    progress
        Told how far the step has come.

    Returns
    -------
    StepReport
        What was done.

    Raises
    ------
    TableMissingError
        If a table that it needs has not been made.
    """
    start = time.perf_counter()
    if is_current(step, project, settings):
        kept = project.snapshot(step.makes[0])
        return StepReport(
            name=step.name,
            state="kept",
            rows=kept.rows if kept else 0,
            seconds=time.perf_counter() - start,
        )
    for name in step.needs:
        shelf[name]
    inputs = inputs_of(step, project, settings.known_by) or {}
    tables = step.make(shelf, settings, progress)
    options = step.options(settings)
    for name, table in zip(step.makes, tables, strict=True):
        project.write(name, table, step=step.name, options=options, inputs=inputs)
        shelf.put(name, table)
    return StepReport(
        name=step.name,
        state="made",
        rows=len(tables[0]),
        seconds=time.perf_counter() - start,
    )
