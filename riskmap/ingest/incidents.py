"""Incidents: a file of records → the event table, the quarantine, the duplicates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Required, TypedDict, Unpack

import geopandas as gpd
import pandas as pd

from riskmap.crs import STORAGE_CRS
from riskmap.ingest.event_table import INCIDENT_TABLE
from riskmap.ingest.faults import Ledger
from riskmap.ingest.identity import (
    count_filled,
    count_identity,
    tells_of_person,
    to_be_masked,
)
from riskmap.ingest.instants import read_instants
from riskmap.ingest.mending import apply_proposals, joined_codes
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.place_columns import read_places
from riskmap.ingest.profiles import (
    UNKEPT_FIELDS,
    choose_profile,
    load_profile,
    require,
)
from riskmap.ingest.projections import known_crs
from riskmap.ingest.quarantine import (
    duplicate_table,
    kept_text,
    quarantine_table,
)
from riskmap.ingest.raw import RawTable
from riskmap.ingest.reading import read_table
from riskmap.ingest.record_columns import CORRECTED, read_record
from riskmap.ingest.repeats import (
    find_known,
    find_repeats,
    keep_said,
    name_unnamed,
)
from riskmap.ingest.sheet import Sheet, note_damaged_text
from riskmap.ingest.time_columns import read_times
from riskmap.ingest.value_columns import read_values
from riskmap.ingest.versions import (
    Stored,
    read_versions,
    set_withdrawals_apart,
    stored_of,
)


class Reading(TypedDict, total=False):
    """By what a file of incidents is understood.

    Parameters
    ----------
    profile
        Name of the profile to understand it by, or the path of one; chosen by the
        headings if not given.
    known_on
        The day the file was known: a later date is a fault.
    known_ids
        Identifiers of the stored events, whose rows are duplicates; or their event
        table, whose changed rows are then found too and held back; or what gives
        the event table of the identifiers it is asked for.
    boundary
        Reaches of the boundary in order, EPSG:4326; without it nothing is compared
        with the line.
    jurisdictions
        States, counties and municipios (``kind``, ``code``, ``name``), EPSG:4326:
        tell time zones, and whether a record is where its row says.
    options
        What is taken for possible.
    """

    profile: str | None
    known_on: Required[date]
    known_ids: Stored | None
    boundary: gpd.GeoDataFrame | None
    jurisdictions: gpd.GeoDataFrame | None
    options: IngestOptions | None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one file gave: ``rows_in`` is accepted + quarantined + duplicates.

    Parameters
    ----------
    accepted
        Event table (:data:`INCIDENT_TABLE`) on ``event_id``, sorted, EPSG:4326.
    faults
        Quarantine (:data:`riskmap.ingest.faults.FAULT_TABLE`): every fault of every
        row that was not accepted.
    duplicates
        Rows that say again what is known: ``row``, ``event_id``, ``reason``
        (``"same_file"`` or ``"known"``), ``file``, ``file_sha256``.
    rows_in
        Rows of data in the file.
    file_name, file_sha256
        Which file, by name and by the checksum of its bytes.
    profile
        Name of the profile it was understood by.
    stripped
        Values that tell of persons or are free text, counted by column; they are
        kept nowhere.
    masked
        What told of persons within text that is kept, counted by kind.
    ignored
        Other columns that were not used.
    understood
        How the file was read: ``format``, ``encoding``, ``delimiter``, ``date_order``,
        ``date_evidence``, ``licence``, ``marking``.
    """

    accepted: gpd.GeoDataFrame
    faults: pd.DataFrame
    duplicates: pd.DataFrame
    rows_in: int
    file_name: str
    file_sha256: str
    profile: str
    stripped: Mapping[str, int]
    masked: Mapping[str, int]
    ignored: tuple[str, ...]
    understood: Mapping[str, str]

    @property
    def quarantined(self) -> int:
        """Rows with a fault, each counted once."""
        return int(self.faults["row"].nunique())


def _open_sheet(raw: RawTable, path: Path, profile: str | None) -> Sheet:
    """Choose the profile, find its columns, set empty rows apart."""
    headings = list(raw.frame.columns)
    chosen = load_profile(profile) if profile else choose_profile(headings, path)
    columns = chosen.headings(headings)
    require(chosen, columns, headings, path)
    ledger = Ledger(raw.frame.index)
    blank = pd.Series(True, index=raw.frame.index)
    for heading in headings:
        blank &= raw.frame[heading].str.strip() == ""
    ledger.note("row_empty", blank, "", pd.Series("", index=blank.index, dtype="str"))
    return Sheet(
        frame=raw.frame[~blank],
        profile=chosen,
        columns=columns,
        ledger=ledger,
        crs=known_crs(raw.crs, path) or chosen.crs,
    )


def _note_totals(sheet: Sheet) -> None:
    """Note rows that sum up many events and so lie at no place and on no day."""
    words = {word.casefold() for word in sheet.profile.totals}
    kind = sheet.text("record_type").str.casefold()
    sheet.note("record_is_total", kind.isin(words), "record_type")


def _event_table(records: pd.DataFrame) -> gpd.GeoDataFrame:
    """Bring clean records into the contract of the event table."""
    table = gpd.GeoDataFrame(
        records.drop(columns=["x", "y"]),
        geometry=gpd.points_from_xy(records["x"], records["y"]),
        crs=STORAGE_CRS,
    )
    dtypes = {c.name: c.dtype for c in INCIDENT_TABLE if c.dtype != "geometry"}
    table = table.set_index("event_id").astype(dtypes)
    table.index = table.index.astype("str")
    return table[[column.name for column in INCIDENT_TABLE]].sort_index()


def read_incidents(path: Path, **reading: Unpack[Reading]) -> Batch:
    r"""Read a file of incidents: every row is accepted, quarantined or a duplicate.

    Nothing is mended: a row with a fault goes to the quarantine whole, with a
    proposed correction where one slip explains it. Nothing of a person is kept.

    Parameters
    ----------
    path
        A file of any format that :func:`riskmap.ingest.reading.read_table` reads.
    **reading
        As :class:`Reading` says; ``known_on`` must be given.

    Returns
    -------
    Batch
        Accepted rows, faults, duplicates.

    Raises
    ------
    InputError
        If the file cannot be read at all, fits no profile or lacks a column.
    UnknownNameError
        If there is no such profile.

    Examples
    --------
    >>> import tempfile
    >>> text = "fecha,tipo,latitud,longitud,fallecidos\n"
    >>> text += "25/12/2020,rescate,31.45,-110.25,0\n26/12/2020,rescate,0,0,0\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "pocos.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     batch = read_incidents(path, known_on=date(2021, 1, 1))
    >>> batch.profile, batch.rows_in, len(batch.accepted), batch.quarantined
    ('generic_es', 2, 1, 1)
    >>> batch.faults["code"].tolist()
    ['coordinates_null_island']
    """
    limits = (reading.get("options") or IngestOptions()).limits
    profile = reading.get("profile")
    layer = load_profile(profile).layer if profile else ""
    raw = read_table(path, limits=limits, layer=layer)
    return understand_incidents(raw, path, **reading)


def _mended_by_rule(raw: RawTable, path: Path, reading: Reading) -> RawTable:
    """Put in the corrections that the profile takes without asking."""
    headings = list(raw.frame.columns)
    name = reading.get("profile")
    profile = load_profile(name) if name else choose_profile(headings, path)
    if not profile.accept:
        return raw
    columns = profile.headings(headings)
    first = _understand(raw, path, reading)
    done = apply_proposals(raw, first.faults, columns, profile.accept)
    return replace(done, mended=joined_codes(raw.mended, done.mended, raw.frame))


def understand_incidents(
    raw: RawTable, path: Path, **reading: Unpack[Reading]
) -> Batch:
    """Understand a file that was read already; see :func:`read_incidents`.

    Parameters
    ----------
    raw
        Its rows as text.
    path
        The file, for errors.
    **reading
        As for :func:`read_incidents`.

    Returns
    -------
    Batch
        Accepted rows, faults, duplicates.

    Raises
    ------
    InputError
        If it fits no profile or lacks a column.
    UnknownNameError
        If there is no such profile.
    """
    return _understand(_mended_by_rule(raw, path, reading), path, reading)


def _understand(raw: RawTable, path: Path, reading: Reading) -> Batch:
    """Understand a file, every fault of it noted."""
    known = reading.get("known_ids")
    jurisdictions = reading.get("jurisdictions")
    sheet = _open_sheet(raw, path, reading.get("profile"))
    sheet, withdrawn, gone_before = set_withdrawals_apart(sheet, known)
    records, order, evidence = _read_records(sheet, raw, reading)
    instants = read_instants(sheet, records, jurisdictions)
    records = records.assign(**dict(instants.items()))
    records = records[sheet.ledger.clean()[records.index]]
    repeats = find_repeats(sheet, records)
    clean = sheet.ledger.clean()[records.index]
    records, repeats = records[clean], repeats[clean]
    if "id" not in sheet.columns:
        records = records.assign(event_id=name_unnamed(records, repeats))
    stored = stored_of(known, records["event_id"])
    known_rows, amended = find_known(
        sheet, records, known if isinstance(known, pd.Index) else stored
    )
    clean = sheet.ledger.clean()[records.index]
    records["status"] = records["status"].mask(amended, CORRECTED)
    if stored is not None and amended.any():
        records = keep_said(records, amended, stored)
    fresh = _event_table(records[clean & ~(repeats | known_rows)])
    others = _other_headings(sheet, raw)
    personal = {heading for heading, tells in others.items() if tells}
    return Batch(
        accepted=_joined(fresh, withdrawn),
        faults=quarantine_table(sheet, raw),
        duplicates=duplicate_table(
            pd.concat([records.loc[clean, "event_id"], gone_before]),
            repeats[clean].reindex(
                [*repeats.index[clean], *gone_before.index], fill_value=False
            ),
            pd.concat([known_rows[clean], gone_before != ""]),
            raw,
        ),
        rows_in=raw.rows_in,
        file_name=raw.file_name,
        file_sha256=raw.file_sha256,
        profile=sheet.profile.name,
        stripped=count_filled(raw.frame, personal),
        masked=_count_masked(kept_text(sheet, raw)),
        ignored=tuple(sorted(set(others) - personal)),
        understood={
            "format": raw.format,
            "encoding": raw.encoding,
            "delimiter": raw.delimiter,
            "date_order": order,
            "date_evidence": evidence,
            "licence": sheet.profile.licence,
            "marking": sheet.profile.marking,
        },
    )


def _count_masked(kept: pd.DataFrame) -> Mapping[str, int]:
    """Count what tells of persons within the text of rows at fault."""
    columns = (kept[heading] for heading in kept.columns)
    return count_identity(
        chain.from_iterable(text[to_be_masked(text)] for text in columns)
    )


def _read_records(
    sheet: Sheet, raw: RawTable, reading: Reading
) -> tuple[pd.DataFrame, str, str]:
    """Read every column of the rows; note every fault."""
    allowed = reading.get("options") or IngestOptions()
    known_on = reading["known_on"]
    _note_totals(sheet)
    damaged = note_damaged_text(sheet)
    times, order, evidence = read_times(sheet, allowed, known_on)
    values = read_values(sheet, allowed, damaged)
    parts = [
        values,
        read_places(
            sheet, allowed, reading.get("boundary"), reading.get("jurisdictions")
        ),
        times,
        read_record(sheet, values["source"], times, order, known_on),
        read_versions(sheet, raw.mended),
    ]
    return pd.concat(parts, axis=1), order, evidence


def _other_headings(sheet: Sheet, raw: RawTable) -> dict[str, bool]:
    """List the headings that are not kept; True for those that tell of persons."""
    unkept = {h for f, h in sheet.columns.items() if f in UNKEPT_FIELDS}
    used = set(sheet.columns.values()) - unkept
    others = set(raw.frame.columns) - used - set(sheet.profile.keep)
    return {h: h in unkept or tells_of_person(h) for h in others}


def _joined(fresh: gpd.GeoDataFrame, withdrawn: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join rows that say something and those that take something back."""
    if withdrawn.empty:
        return fresh
    rows = withdrawn[[column.name for column in INCIDENT_TABLE]]
    table = pd.concat([fresh, rows]) if len(fresh) else rows
    return gpd.GeoDataFrame(table, crs=STORAGE_CRS).sort_index()
