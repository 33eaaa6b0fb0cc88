"""Changes: whose records a question of change is asked of, and where they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import (
    DateOptionError,
    NoEventsError,
    TooFewError,
    UnknownNameError,
    UsageError,
)
from riskmap.history.ground import EPOCH, Floats, Placed, day_number
from riskmap.history.records import Records, keep_records
from riskmap.ingest import KINDS
from riskmap.pipeline.days import settle_day
from riskmap.pipeline.road import check_day
from riskmap.project import Project
from riskmap.schema import Column, check_table
from riskmap.scoring import PRESETS
from riskmap.scoring.wall import NEUTRAL, refuse_wrong_side

TARGETS = {preset.name: preset for preset in PRESETS}

# share of a cell that must be watched where the unwatched is no data
LEAST_WATCHED = 0.5

DAYS_PER_YEAR = 365.25

# columns that hold the class of a cell
CLASS_COLUMNS = ("state", "trend")

READS = ("cells", "incidents", "coverage")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a face asks of: a score's target or one kind, and between which days.

    Parameters
    ----------
    target
        A score, by name; ``migrant_danger`` where neither is given.
    kind
        One kind of incident instead.
    from_on, to_on
        First and last day, ISO 8601; all that is known where not given.
    """

    target: str | None = None
    kind: str | None = None
    from_on: str | None = None
    to_on: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """The records that a question is asked of, on one side of the purpose wall.

    Parameters
    ----------
    name
        The score or the kind.
    purpose
        Its side of the wall; every result made of it has the same.
    kinds
        Kinds of incident in it.
    cells
        Cell table.
    records
        Its records on watched ground and days, before ``to_day``.
    from_day, to_day
        First day, and the day after the last.
    coarse
        Records placed too coarsely to tell their cell, left out.
    inputs
        Table to checksum of what it was made of.
    """

    name: str
    purpose: str
    kinds: tuple[str, ...]
    cells: pd.DataFrame
    records: Records
    from_day: int
    to_day: int
    coarse: int
    inputs: Mapping[str, str]

    @property
    def events(self) -> Placed:
        """Its records, in order of day."""
        return self.records.events

    @property
    def from_on(self) -> str:
        """First day, ISO 8601."""
        return day_text(self.from_day)

    @property
    def to_on(self) -> str:
        """Last day, ISO 8601."""
        return day_text(self.to_day - 1)

    @cached_property
    def known(self) -> "np.ndarray[Any, np.dtype[np.bool_]]":
        """Whether at least half of each cell was ever watched in the window."""
        ever = self.records.coverage.ever_before(self.to_day) >= LEAST_WATCHED
        watched = self.records.coverage.share_between(self.from_day, self.to_day)
        return np.asarray(ever & (watched > 0), dtype=np.bool_)

    def exposure(self, from_day: int, to_day: int) -> Floats:
        """Measure watched km² times years of each cell; NaN where it is no data."""
        share = self.records.coverage.share_between(from_day, to_day)
        years = (to_day - from_day) / DAYS_PER_YEAR
        found = share * years * self.cells["area_km2"].to_numpy(dtype=np.float64)
        return np.where(self.known & (share > 0), found, np.nan)

    def facts(self) -> dict[str, Any]:
        """Tell what was asked, as plain values."""
        return {
            "subject": self.name,
            "purpose": self.purpose,
            "from_on": self.from_on,
            "to_on": self.to_on,
        }


def day_text(day: int) -> str:
    """Write a day number as ISO 8601.

    Parameters
    ----------
    day
        Days since 1970-01-01.

    Returns
    -------
    str
        The day.

    Examples
    --------
    >>> day_text(0)
    '1970-01-01'
    """
    return str((EPOCH + pd.Timedelta(days=day)).date().isoformat())


def choose(project: Project, asked: Asked) -> Subject:
    """Gather the records that a question is asked of.

    Parameters
    ----------
    project
        A project that has been run.
    asked
        Of what, and between which days.

    Returns
    -------
    Subject
        Its records, coarsely placed ones too: :func:`finely_placed` drops them.

    Raises
    ------
    UnknownNameError
        If there is no such target or kind.
    DateOptionError
        If a day is none, or the first comes after the last.
    NoEventsError
        If nothing is recorded between the days.
    PurposeWallError
        If a record of its kinds is tagged with another purpose.
    TableMissingError
        Before the first run.
    """
    name, purpose, kinds = _named(asked)
    tables: dict[str, Any] = {table: project.read(table) for table in READS}
    incidents = tables["incidents"]
    used = incidents.loc[incidents["kind"].isin(kinds)]
    for kind, own in sorted(set(zip(used["kind"], used["purpose"], strict=True))):
        refuse_wrong_side(name, purpose, {str(kind): str(own)})
    from_day, to_day = _days(asked, incidents)
    coverage = tables["coverage"]
    mine = coverage.loc[coverage["purpose"].isin((purpose, NEUTRAL))]
    records = keep_records(
        tables["cells"], incidents, mine, kinds=kinds, as_of=day_text(to_day)
    )
    to_day = min(to_day, records.as_of_day)
    first = records.coverage.first_day
    from_day = max(from_day, to_day if first is None else first)
    events = records.events.keep(records.events.day >= from_day)
    if not len(events):
        msg = f"There are no records of {name} before {day_text(to_day)}."
        raise NoEventsError(msg, target=name, before=day_text(to_day))
    return Subject(
        name=name,
        purpose=purpose,
        kinds=kinds,
        cells=tables["cells"],
        records=replace(records, events=events),
        from_day=from_day,
        to_day=to_day,
        coarse=0,
        inputs=checksums(project, READS),
    )


def _named(asked: Asked) -> tuple[str, str, tuple[str, ...]]:
    """Find the subject's name, purpose and kinds."""
    if asked.kind is not None and asked.target is not None:
        msg = "Give `target` or `kind`, not both."
        got = f"--target {asked.target} --kind {asked.kind}"
        raise UsageError(msg, problem="extra", got=got, command="riskmap")
    if asked.kind is not None:
        if asked.kind not in KINDS:
            known = tuple(KINDS)
            msg = f"`kind` must be one of {known}, got {asked.kind!r}."
            raise UnknownNameError(msg, kind="kind", value=asked.kind, known=known)
        return asked.kind, KINDS[asked.kind].purpose, (asked.kind,)
    target = asked.target or PRESETS[0].name
    if target not in TARGETS:
        known = tuple(TARGETS)
        msg = f"`target` must be one of {known}, got {target!r}."
        raise UnknownNameError(msg, kind="score", value=target, known=known)
    return target, TARGETS[target].purpose, TARGETS[target].kinds


def _days(asked: Asked, incidents: pd.DataFrame) -> tuple[int, int]:
    """Read the first day and the day after the last."""
    end = day_number(settle_day(incidents))
    if asked.to_on is not None:
        end = min(end, day_number(check_day(asked.to_on)) + 1)
    start = -(10**9)
    if asked.from_on is not None:
        start = day_number(check_day(asked.from_on))
    if start >= end:
        msg = f"`from` must be before {day_text(end)}, got {asked.from_on}."
        raise DateOptionError(msg, option="from", value=asked.from_on)
    return start, end


def finely_placed(subject: Subject, *, needed: int = 1) -> Subject:
    """Leave out what is placed too coarsely to tell its cell.

    Parameters
    ----------
    subject
        Any.
    needed
        Fewest records that must remain.

    Returns
    -------
    Subject
        With ``coarse`` the number left out.

    Raises
    ------
    TooFewError
        If too few remain, or all of them lie in one cell.
    """
    kept = subject.events.pinned
    if len(kept) < needed:
        msg = f"{len(kept)} records are placed finely enough, {needed} are needed."
        raise TooFewError(msg, what="placed", found=len(kept), needed=needed)
    if len(np.unique(kept.cell)) == 1:
        msg = "All records lie in one cell."
        raise TooFewError(msg, what="cells", found=1, needed=2)
    return replace(
        subject,
        records=replace(subject.records, events=kept),
        coarse=len(subject.events) - len(kept),
    )


def finely_dated(subject: Subject, *, needed: int = 1) -> tuple[Subject, int]:
    """Leave out what is not dated to the day.

    Parameters
    ----------
    subject
        Any.
    needed
        Fewest records that must remain.

    Returns
    -------
    Subject
        With records of known days.
    int
        How many were left out.

    Raises
    ------
    TooFewError
        If too few remain.
    """
    events = subject.events
    exact = events.known_day - events.day == 1
    found = int(exact.sum())
    if found < needed:
        msg = f"{found} records are dated to the day, {needed} are needed."
        raise TooFewError(msg, what="dated", found=found, needed=needed)
    records = replace(subject.records, events=events.keep(exact))
    return replace(subject, records=records), len(events) - found


def checksums(project: Project, names: tuple[str, ...]) -> dict[str, str]:
    """Name what a result was made of, by checksum.

    Parameters
    ----------
    project
        The project.
    names
        Its tables.

    Returns
    -------
    dict of str to str
        Table to checksum.
    """
    found = {name: project.snapshot(name) for name in names}
    return {name: made.sha256 for name, made in found.items() if made}


def keep(
    project: Project,
    step: str,
    subject: Subject,
    table: pd.DataFrame,
    columns: tuple[Column, ...],
    options: Mapping[str, Any],
) -> pd.DataFrame:
    """Check a result and store it under the step's and the subject's name.

    Parameters
    ----------
    project
        Where to.
    step
        What made it.
    subject
        Of what it was made.
    table
        The result.
    columns
        What it must hold.
    options
        Of the step, plain values.

    Returns
    -------
    pandas.DataFrame
        The table with the column ``purpose``; stored, its class stands in a column
        of the table's own name.
    """
    name = f"{step}_{subject.name}"
    check_table(table, columns, name=name)
    # the map finds a class by its column: one name in all the project
    named = {column: name for column in CLASS_COLUMNS if column in table}
    purpose = pd.array([subject.purpose] * len(table), dtype="str")
    marked = table.assign(purpose=purpose)
    facts = {**subject.facts(), **options}
    stored = marked.rename(columns=named)
    project.write(name, stored, step=step, options=facts, inputs=subject.inputs)
    return marked
