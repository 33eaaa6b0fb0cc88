"""Agreements: what we have accepted of the packages of the other side."""

import datetime
import hashlib
from typing import Final

import pandas as pd

from riskmap.pipeline.opinions import read_opinions
from riskmap.pipeline.register import NO_FAULTS
from riskmap.project import Project
from riskmap.schema import Column, empty_table

AGREEMENTS: Final = "agreements"

EFFECTS: Final = ("taken", "corrected", "agreed", "noted")
"""A record that we had not; fields of one that we had; a number that stands beside
ours; what changes nothing of ours."""

AGREEMENT_TABLE: Final[tuple[Column, ...]] = (
    Column(name="package", dtype="str", meaning="sha256 of the package"),
    Column(name="package_side", dtype="str", meaning="whose package it is"),
    Column(name="item", dtype="str", meaning="cell or incident, and its name"),
    Column(name="field", dtype="str"),
    Column(name="ours", dtype="str", meaning="what we said when we accepted"),
    Column(name="theirs", dtype="str", meaning="what they said, which we accept"),
    Column(name="effect", dtype="str", values=EFFECTS),
    Column(name="before", dtype="str", meaning="our record before, as a row of text"),
    Column(name="after", dtype="str", meaning="our record after"),
    Column(name="known_at", dtype="str", meaning="when it was accepted, ISO 8601"),
)

SHOWN: Final = ("item", "field", "ours", "theirs", "effect", "package_side", "package")


def record_agreements(
    project: Project, rows: pd.DataFrame, moment: datetime.datetime
) -> None:
    """Write down what was accepted.

    Parameters
    ----------
    project
        The project.
    rows
        Of :data:`AGREEMENT_TABLE` without ``known_at``.
    moment
        When, UTC.
    """
    stamp = moment.isoformat(timespec="seconds")
    columns = [column.name for column in AGREEMENT_TABLE]
    table = rows.assign(known_at=stamp)[columns].astype("str")
    held = table.to_csv(index=False).encode()
    project.record_batch(
        AGREEMENTS,
        accepted=table.reset_index(drop=True),
        faults=NO_FAULTS,
        file_sha256=hashlib.sha256(held).hexdigest(),
        file_name="accepted",
        profile="agreement",
        duplicates=0,
        rows_in=len(table),
        known_at=stamp,
        seen=len(project.batches(AGREEMENTS)),
    )


def agreed_differences(project: Project) -> pd.DataFrame:
    """List what we have accepted of the other side's packages.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`SHOWN`: the last word on each difference. Their numbers of
        cells stand beside ours and change no score of ours.
    """
    return read_agreements(project)[list(SHOWN)]


def accepted_of(project: Project, origin: str) -> list[dict[str, str]]:
    """List what we have accepted of one side, for the next package to it.

    Parameters
    ----------
    project
        The project.
    origin
        ``US`` or ``MX``: others are not told.

    Returns
    -------
    list of dict
        Package, item, field, what they had said, and what came of it; nothing that
        we said ourselves.
    """
    rows = read_agreements(project)
    own = rows[rows["package_side"] == origin].sort_values(["package", "item", "field"])
    names = ["package", "item", "field", "theirs", "effect"]
    return [
        {str(k): str(v) for k, v in row.items()}
        for row in own[names].to_dict("records")
    ]


def read_agreements(project: Project, *, also_left: bool = False) -> pd.DataFrame:
    """Read the last word on each difference that was accepted.

    Parameters
    ----------
    project
        The project.
    also_left
        True for what was accepted once and is no more, too.

    Returns
    -------
    pandas.DataFrame
        Of :data:`AGREEMENT_TABLE`.
    """
    batches = project.batches(AGREEMENTS)
    if not len(batches):
        return empty_table(AGREEMENT_TABLE, index="row").reset_index(drop=True)
    rows = batches.accepted().reset_index(drop=True)
    rows = rows.drop_duplicates(["package", "item", "field"], keep="last")
    if not also_left:
        said = read_opinions(project)
        said = said[said["state"] == "accepted"]
        still = pd.MultiIndex.from_frame(said[["package", "item"]])
        rows = rows[pd.MultiIndex.from_frame(rows[["package", "item"]]).isin(still)]
    return rows.reset_index(drop=True)
