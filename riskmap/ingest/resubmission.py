"""Resubmission: corrected rows come back and the ones they answer leave quarantine."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Unpack

import orjson
import pandas as pd

from riskmap.ingest.faults import gather
from riskmap.ingest.incidents import Batch, Reading, understand_incidents
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.profiles import choose_profile, load_profile, require
from riskmap.ingest.raw import RawTable
from riskmap.ingest.reading import read_table
from riskmap.schema import Column

REF: Final = "riskmap_row"
"""Heading under which an exported row of the quarantine carries its name."""

OWN_PREFIX: Final = "riskmap_"

REF_DIGITS: Final = 8
"""A row's name begins with so many digits of its file's checksum."""

RUN_BY_SPREADSHEETS: Final = r"^'(?=[=+\-@\t\r])"
"""The apostrophe that an export puts before what a spreadsheet would run."""

OUTCOMES: Final = ("taken", "again")
"""The row is in the register now; or it waits again, under its new place."""

ANSWER_TABLE: Final[tuple[Column, ...]] = (
    Column(name="file_sha256", dtype="str", meaning="file of the row that waited"),
    Column(name="row", dtype="int64", lowest=1, meaning="its number there"),
    Column(name="by_sha256", dtype="str", meaning="file of the corrected row"),
    Column(name="by_row", dtype="int64", lowest=1, meaning="its number there"),
    Column(name="outcome", dtype="str", values=OUTCOMES),
)

NAMES: Final = [column.name for column in ANSWER_TABLE]


@dataclass(frozen=True, kw_only=True)
class Resubmission:
    """What a file of corrected rows gave.

    Parameters
    ----------
    batch
        The file as a delivery like any other.
    answers
        Which waiting rows are answered by which corrected ones
        (:data:`ANSWER_TABLE`).
    """

    batch: Batch
    answers: pd.DataFrame


def row_names(faults: pd.DataFrame) -> pd.Series:
    """Name the rows of the quarantine: beginning of the checksum, and number.

    Parameters
    ----------
    faults
        Quarantine, :data:`riskmap.ingest.FAULT_TABLE`.

    Returns
    -------
    pandas.Series of str
        On the index of ``faults``.

    Examples
    --------
    >>> faults = pd.DataFrame({"file_sha256": ["3f9a01bcdd"], "row": [17]})
    >>> row_names(faults).tolist()
    ['3f9a01bc-17']
    """
    names = faults["file_sha256"].str[:REF_DIGITS] + "-" + faults["row"].astype("str")
    return names.astype("str")


def still_waiting(faults: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Leave out the faults of rows that were answered.

    Parameters
    ----------
    faults
        Every fault ever recorded.
    answers
        All answers, :data:`ANSWER_TABLE`.

    Returns
    -------
    pandas.DataFrame
        The faults that still wait, in the same order.

    Examples
    --------
    >>> faults = pd.DataFrame({"file_sha256": ["a", "a"], "row": [1, 2]})
    >>> answers = pd.DataFrame({"file_sha256": ["a"], "row": [2]})
    >>> still_waiting(faults, answers)["row"].tolist()
    [1]
    """
    places = pd.MultiIndex.from_frame(faults[["file_sha256", "row"]])
    answered = pd.MultiIndex.from_frame(answers[["file_sha256", "row"]])
    return faults[~places.isin(answered)].reset_index(drop=True)


def _set_apart(raw: RawTable, refs: pd.Series, waiting: set[str]) -> RawTable:
    """Set apart the rows that answer nothing, or what another row answers."""
    unknown = ~refs.isin(waiting)
    repeated = ~unknown & refs.duplicated(keep=False)
    parts = [raw.faults]
    for code, wrong in (
        ("correction_unknown", unknown),
        ("correction_repeated", repeated),
    ):
        rows = refs.index[wrong]
        parts.append(
            pd.DataFrame(
                {
                    "row": rows,
                    "column": REF,
                    "code": code,
                    "value": refs[rows],
                    "proposed": "",
                }
            )
        )
    return replace(raw, frame=raw.frame[~(unknown | repeated)], faults=gather(parts))


def _pairs_by_name(refs: pd.Series, waiting: pd.DataFrame) -> pd.DataFrame:
    """Pair corrected rows with those whose name they carry."""
    named = waiting.assign(ref=row_names(waiting))
    return named.merge(refs.rename("ref").rename_axis("by_row").reset_index(), on="ref")


def _pairs_by_id(raw: RawTable, waiting: pd.DataFrame, heading: str) -> pd.DataFrame:
    """Pair rows with those that wait under the publisher's same identifier."""
    own = [
        str(orjson.loads(text).get(heading, "")).strip() if text else ""
        for text in waiting["original"]
    ]
    named = waiting.assign(ref=pd.Series(own, index=waiting.index, dtype="str"))
    named = named[(named["ref"] != "") & (named["file_sha256"] != raw.file_sha256)]
    ids = raw.frame[heading].str.strip().rename("ref").rename_axis("by_row")
    return named.merge(ids.reset_index(), on="ref")


def _answers(pairs: pd.DataFrame, batch: Batch) -> pd.DataFrame:
    """Say what became of each answered row."""
    faulty = pairs["by_row"].isin(batch.faults["row"])
    table = pairs.assign(
        by_sha256=batch.file_sha256,
        outcome=faulty.map({True: "again", False: "taken"}),
    )
    dtypes = {column.name: column.dtype for column in ANSWER_TABLE}
    unique = table.drop_duplicates(["file_sha256", "row"], keep="last")
    ordered = unique.sort_values(["file_sha256", "row"])
    return ordered[NAMES].astype(dtypes).reset_index(drop=True)


def _id_heading(raw: RawTable, path: Path, name: str | None) -> str:
    """Find the column of identifiers; refuse a file that lacks what grades places."""
    headings = list(raw.frame.columns)
    profile = load_profile(name) if name else choose_profile(headings, path)
    columns = profile.headings(headings)
    if profile.accuracy_by_place:
        # an export leaves descriptions out, and without them places look well known
        require(profile, columns, headings, path, needs=("place",))
    return columns.get("id", "")


def read_corrections(
    path: Path, waiting: pd.DataFrame, **reading: Unpack[Reading]
) -> Resubmission:
    r"""Read corrected rows and find which waiting rows they answer.

    A row is known by its name in the column ``riskmap_row``, as an export of the
    quarantine has it. In a file without that column it is known by the publisher's
    identifier: the whole file, mended and sent again, answers its own rows.

    Nothing is lost: an answered row leaves the quarantine only because the
    corrected one is in the register, or waits in its stead.

    Parameters
    ----------
    path
        The file, of any format that is read.
    waiting
        Faults of the rows that wait, :data:`riskmap.ingest.FAULT_TABLE`.
    **reading
        As for :func:`riskmap.ingest.read_incidents`.

    Returns
    -------
    Resubmission
        The delivery, and what it answers. A row that names nothing that waits, or
        what another row names too, is a fault of the delivery.

    Raises
    ------
    InputError
        If the file cannot be read, fits no profile or lacks a column.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from riskmap.ingest import read_incidents
    >>> heads, known_on = "folio,fecha,tipo,latitud,longitud\n", date(2021, 1, 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first, again = Path(folder) / "uno.csv", Path(folder) / "dos.csv"
    ...     _ = first.write_text(heads + "7,25/12/2020,rescate,0,0\n")
    ...     batch = read_incidents(first, known_on=known_on)
    ...     _ = again.write_text(heads + "7,25/12/2020,rescate,31.45,-110.2\n")
    ...     done = read_corrections(again, batch.faults, known_on=known_on)
    >>> done.answers[["row", "by_row", "outcome"]].values.tolist()
    [[1, 1, 'taken']]
    >>> still_waiting(batch.faults, done.answers).empty
    True
    """
    limits = (reading.get("options") or IngestOptions()).limits
    profile = reading.get("profile")
    layer = load_profile(profile).layer if profile else ""
    raw = read_table(path, limits=limits, layer=layer)
    return understand_corrections(raw, path, waiting, **reading)


def understand_corrections(
    raw: RawTable, path: Path, waiting: pd.DataFrame, **reading: Unpack[Reading]
) -> Resubmission:
    """Find what corrected rows answer that were read already.

    Parameters
    ----------
    raw
        The rows as text.
    path
        The file, for errors.
    waiting
        Faults of the rows that wait, :data:`riskmap.ingest.FAULT_TABLE`.
    **reading
        As for :func:`riskmap.ingest.read_incidents`.

    Returns
    -------
    Resubmission
        As :func:`read_corrections`.

    Raises
    ------
    InputError
        If they fit no profile or lack a column.
    """
    profile = reading.get("profile")
    rows = waiting.drop_duplicates(["file_sha256", "row"])
    own = [h for h in raw.frame.columns if h.startswith(OWN_PREFIX)]
    plain = raw.frame.drop(columns=own).replace(RUN_BY_SPREADSHEETS, "", regex=True)
    heading = _id_heading(replace(raw, frame=plain), path, profile)
    if REF in own:
        refs = raw.frame[REF].str.strip()
        raw = _set_apart(replace(raw, frame=plain), refs, set(row_names(rows)))
        pairs = _pairs_by_name(refs[raw.frame.index], rows)
    else:
        raw = replace(raw, frame=plain)
        pairs = _pairs_by_id(raw, rows, heading) if heading else rows.iloc[:0]
        pairs = pairs if heading else pairs.assign(by_row=pairs["row"])
    batch = understand_incidents(raw, path, **reading)
    return Resubmission(batch=batch, answers=_answers(pairs, batch))
