"""Opinions: what we accept or dispute of what the other side's package says."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from riskmap.errors import OptionError, UnknownNameError
from riskmap.identifiers import find_disclosing
from riskmap.ingest.identity import hold_identity
from riskmap.pipeline.audit import now, record_action
from riskmap.pipeline.register import NO_FAULTS
from riskmap.project import Project
from riskmap.schema import Column, empty_table

OPINIONS: Final = "opinions"

STATES: Final = ("accepted", "disputed", "left")

LONGEST_REASON: Final = 400

OPINION_TABLE: tuple[Column, ...] = (
    Column(name="package", dtype="str", meaning="sha256 of the package"),
    Column(name="item", dtype="str", meaning="cell or incident, and its name"),
    Column(name="state", dtype="str", values=STATES),
    Column(name="reason", dtype="str"),
    Column(name="known_at", dtype="str", meaning="when it was said, ISO 8601"),
)


def check_opinion(state: str, reason: str) -> None:
    """Check what is to be said of a difference, before anything is done.

    Parameters
    ----------
    state
        One of ``accepted``, ``disputed`` and ``left``.
    reason
        Why; a dispute needs one, which tells of no person and no exact place.

    Raises
    ------
    UnknownNameError
        If there is no such state.
    OptionError
        If the reason is none, or tells too much.
    """
    if state not in STATES:
        msg = f"`state` must be one of {STATES}, got {state!r}."
        raise UnknownNameError(msg, kind="state", value=state, known=", ".join(STATES))
    tidy = reason.strip()
    if state == "disputed" or tidy:
        _check_reason(tidy)


def record_opinions(
    project: Project,
    package: str,
    items: Sequence[str],
    state: str,
    *,
    reason: str = "",
) -> None:
    """Accept, dispute or leave differences; nothing said before is erased.

    Parameters
    ----------
    project
        The project.
    package
        Checksum of the package they are about.
    items
        Names of the differences.
    state, reason
        As :func:`check_opinion` takes them.

    Raises
    ------
    UnknownNameError
        If there is no such state.
    OptionError
        If the reason is none, or tells too much.
    """
    check_opinion(state, reason)
    moment = now().isoformat(timespec="seconds")
    rows = [[package, item, state, reason.strip(), moment] for item in items]
    table = pd.DataFrame(rows, columns=[c.name for c in OPINION_TABLE])
    # said twice within a second it is said twice
    seen = len(project.batches(OPINIONS))
    project.record_batch(
        OPINIONS,
        accepted=table.astype("str"),
        faults=NO_FAULTS,
        file_sha256=_sum_of([str(seen), *(text for row in rows for text in row)]),
        file_name=state,
        profile="opinion",
        duplicates=0,
        rows_in=len(rows),
        known_at=moment,
        seen=seen,
    )
    told = items[0] if len(items) == 1 else f"{len(items)} items"
    record_action(project, "approve", f"{told}: {state}")


def _sum_of(row: list[str]) -> str:
    return hashlib.sha256("\0".join(row).encode()).hexdigest()


def _check_reason(text: str) -> None:
    """Refuse a reason that is none, tells of a person, or says exactly where."""
    personal = bool(hold_identity(pd.Series([text], dtype="str")).iloc[0])
    told = personal or any(True for _ in find_disclosing(text))
    if not text or told or len(text) > LONGEST_REASON:
        msg = f"A reason has 1 to {LONGEST_REASON} characters and tells of no person."
        raise OptionError(msg, option="reason", value="…" if told else text[:40])


def read_opinions(project: Project) -> pd.DataFrame:
    """Read what we say now of each difference.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        :data:`OPINION_TABLE`, the last word on each item of each package.
    """
    batches = project.batches(OPINIONS)
    if not len(batches):
        return empty_table(OPINION_TABLE, index="row").reset_index(drop=True)
    said = batches.accepted().reset_index(drop=True)
    return said.drop_duplicates(["package", "item"], keep="last", ignore_index=True)


def open_disputes(project: Project) -> list[Mapping[str, Any]]:
    """List what we dispute, for the next package.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    list of dict
        Package, item, reason and when, in that order.
    """
    said = read_opinions(project)
    ours = said[said["state"] == "disputed"].drop(columns="state")
    rows = ours.sort_values(["package", "item"]).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]
