"""Previews: what a file of incidents would give, before anything is stored."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from riskmap.errors import InputError
from riskmap.ingest import Batch, infer_profile, read_incidents
from riskmap.ingest.inference import Proposal
from riskmap.pipeline.audit import audited, now
from riskmap.pipeline.deliveries import knowledge, record_incidents
from riskmap.pipeline.quality import sum_faults, sum_records
from riskmap.pipeline.reports import BatchReport, Progress, tell_nobody
from riskmap.pipeline.versions import records_named
from riskmap.project import Project

# rows shown of what was understood
SHOWN_ROWS = 8
SAMPLE = ("occurred_on", "time_precision", "kind", "accuracy_m", "source")

# a file is read and compared, then stored as one
READ, STORE, STAGES = "read", "store", 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Preview:
    """What a file would give: rows in = accepted + quarantined + duplicates.

    Parameters
    ----------
    file
        Its name.
    proposal
        The profile inferred from headings and values, with what speaks for it.
    refused
        Why it cannot be read as it stands, and then the rest is empty; None if it can.
    profile
        The profile it was understood by.
    rows_in, accepted, quarantined, duplicates
        Numbers of rows.
    register
        ``source``, ``kind``, ``records``, ``from_on``, ``to_on`` of rows understood.
    sample
        First rows understood: ``occurred_on``, ``time_precision``, ``kind``,
        ``accuracy_m``, ``source``, ``x``, ``y``.
    faults
        ``code``, ``rows`` and ``examples`` (dicts of ``file``, ``row``, ``column``,
        ``value``), the most frequent first.
    stripped
        Column that tells of persons to number of values left out.
    ignored
        Other columns that were not used.
    understood
        How the file was read: ``format``, ``encoding``, ``delimiter``, ``date_order``,
        ``date_evidence``, ``licence``, ``marking``.
    known
        True if the same file was taken before: storing it would add nothing.
    """

    file: str
    proposal: Proposal
    refused: InputError | None = None
    profile: str = ""
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    register: pd.DataFrame
    sample: pd.DataFrame
    faults: pd.DataFrame
    stripped: Mapping[str, int]
    ignored: tuple[str, ...] = ()
    understood: Mapping[str, str]
    known: bool = False


def preview_incidents(
    project: Project,
    file: Path,
    profile: str | None = None,
    *,
    at: datetime.datetime | None = None,
) -> Preview:
    """Read a file of incidents as it would be taken; nothing is stored.

    Parameters
    ----------
    project
        The project.
    file
        The file.
    profile
        Name of the profile to read it by; chosen by its headings if not given.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    Preview
        What was understood, and what would wait in quarantine. A file whose rows can
        be read but that fits no profile is refused in it, with a profile proposed.

    Raises
    ------
    InputError
        If the file's rows cannot be read at all.
    """
    proposal = infer_profile(file)
    try:
        batch = _read(project, file, profile, at or now())
    except InputError as error:
        return _refused(file, proposal, error)
    earlier = project.batches("incidents")
    return Preview(
        file=batch.file_name,
        proposal=proposal,
        profile=batch.profile,
        rows_in=batch.rows_in,
        accepted=len(batch.accepted),
        quarantined=batch.quarantined,
        duplicates=len(batch.duplicates),
        register=sum_records(batch.accepted),
        sample=_sample(batch),
        faults=sum_faults(batch.faults.assign(ref=batch.faults["row"])),
        stripped=batch.stripped,
        ignored=batch.ignored,
        understood=batch.understood,
        known=any(one.file_sha256 == batch.file_sha256 for one in earlier),
    )


def _refused(file: Path, proposal: Proposal, error: InputError) -> Preview:
    """Tell that a file cannot be understood as it stands."""
    return Preview(
        file=file.name,
        proposal=proposal,
        refused=error,
        register=pd.DataFrame(),
        sample=pd.DataFrame(),
        faults=pd.DataFrame(),
        stripped={},
        understood={},
    )


def _read(
    project: Project, file: Path, profile: str | None, moment: datetime.datetime
) -> Batch:
    """Read a file and compare it with what is known."""
    return read_incidents(
        file,
        profile=profile,
        known_on=moment.date(),
        known_ids=partial(records_named, project.batches("incidents")),
        **knowledge(project),
    )


def _sample(batch: Batch) -> pd.DataFrame:
    """Show the first rows understood, by their places in the file's order of ids."""
    first = batch.accepted.head(SHOWN_ROWS)
    table = pd.DataFrame(first[list(SAMPLE)]).reset_index(drop=True)
    return table.assign(x=first.geometry.x.to_numpy(), y=first.geometry.y.to_numpy())


@audited("import")
def take_previewed(
    project: Project,
    file: Path,
    profile: str | None = None,
    *,
    progress: Progress | None = None,
    at: datetime.datetime | None = None,
) -> BatchReport:
    """Take a file of incidents into the register, telling how far it has come.

    It is read once more, so that what another delivery has brought since the preview
    counts. Until ``store`` is told nothing is stored: who raises from ``progress``
    by then leaves the project as it was. After that the file is recorded whole.

    Parameters
    ----------
    project
        The project.
    file
        The file.
    profile
        As for the preview.
    progress
        Told ``(stage, done, total)``; stages are ``read`` and ``store``.
    at
        When it became known, UTC; now if not given.

    Returns
    -------
    BatchReport
        What became of it.

    Raises
    ------
    InputError
        If it cannot be read.
    ProjectBusyError
        If another delivery came in between.
    """
    told, moment = progress or tell_nobody, at or now()
    told(READ, 0, STAGES)
    seen = len(project.batches("incidents"))
    batch = _read(project, file, profile, moment)
    told(STORE, 1, STAGES)
    report = record_incidents(project, batch, moment, seen=seen)
    told(STORE, STAGES, STAGES)
    return report
