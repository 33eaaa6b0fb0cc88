"""Reports: what a pipeline function tells a face that it has done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]


def tell_nobody(step: str, done: int, total: int) -> None:
    """Stand in for a progress bar."""


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """What a run did with one step.

    Parameters
    ----------
    name
        The step.
    state
        ``made``, or ``kept`` if nothing it depends on had changed.
    rows
        Rows of the step's first table.
    seconds
        Time it took.
    """

    name: str
    state: str
    rows: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class GradeCount:
    """How many records of one grade of accuracy a score used and left out.

    Parameters
    ----------
    score
        The score.
    accuracy_basis
        How its place is known: ``exact``, ``landmark``, ``segment``, ``municipality``
        and so on.
    accuracy
        Class of its metres: one of :data:`riskmap.history.accuracy.ACCURACY_CLASSES`.
    records
        Records of its kinds known before the day.
    used
        Of these, on watched ground and days.
    in_cell
        Of the used, those placed finely enough to tell their cell.
    left_out
        The others.
    """

    score: str
    accuracy_basis: str
    accuracy: str
    records: int
    used: int
    in_cell: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """What a run did.

    Parameters
    ----------
    steps
        One report a step, in order.
    as_of
        First day not yet known, ISO 8601.
    resolution
        H3 resolution.
    half_width_km
        Width of the corridor on each side.
    changed
        True if any step was made anew.
    grades
        How well the records are placed that each score was made from.
    """

    steps: tuple[StepReport, ...]
    as_of: str
    resolution: int
    half_width_km: float
    changed: bool
    grades: tuple[GradeCount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BatchReport:
    """What became of one file: rows in = accepted + quarantined + duplicates.

    Parameters
    ----------
    file
        Its name.
    profile
        The profile it was read by.
    rows_in, accepted, quarantined, duplicates
        Numbers of rows.
    faults
        Fault code to number of rows.
    stripped
        Column that tells of persons to number of values left out.
    repeated
        True if the same file had been taken before: nothing was added.
    """

    file: str
    profile: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    faults: Mapping[str, int]
    stripped: Mapping[str, int]
    repeated: bool


@dataclass(frozen=True, kw_only=True)
class TableStatus:
    """One table of the project.

    Parameters
    ----------
    name
        The table.
    rows
        Number of rows.
    sha256
        Checksum of its bytes.
    current
        False if something it depends on has changed since.
    step
        The step that made it.
    """

    name: str
    rows: int
    sha256: str
    current: bool
    step: str


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """What one source covers; everywhere else it says nothing.

    Parameters
    ----------
    source
        Code of the source.
    side
        ``US`` or ``MX``.
    from_km, to_km
        Stretch of the line, kilometres from the mouth of the Rio Grande.
    from_on, to_on
        First and last day, ISO 8601.
    note
        Why it ends there.
    """

    source: str
    side: str
    from_km: float
    to_km: float
    from_on: str
    to_on: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OverdueTask:
    """A follow-up task that nobody has done by its day.

    Parameters
    ----------
    item
        Name of the task.
    event_id
        The incident that it follows up.
    side
        Who owes it: ``US``, ``MX`` or ``both``.
    note
        What is to be done.
    due_on
        Its day, ISO 8601.
    overdue_days
        Days since.
    """

    item: str
    event_id: str
    side: str
    note: str
    due_on: str
    overdue_days: int


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the project holds.

    Parameters
    ----------
    path
        The project folder.
    version
        Version of this riskmap.
    as_of
        First day not yet known to the scores, ISO 8601; None before a run.
    tables
        All tables.
    incidents, quarantined, landmarks
        Numbers of rows taken in.
    coverage
        What the sources cover.
    overdue
        Open follow-up tasks past their day, the longest overdue first.
    """

    path: str
    version: str
    as_of: str | None
    tables: tuple[TableStatus, ...]
    incidents: int
    quarantined: int
    landmarks: int
    coverage: tuple[CoverageRow, ...]
    overdue: tuple[OverdueTask, ...] = ()
