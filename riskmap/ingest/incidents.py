"""Incidents: a file of records → the event table, the quarantine, the duplicates."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from riskmap.crs import STORAGE_CRS
from riskmap.ingest.faults import Ledger
from riskmap.ingest.identity import count_filled, tells_of_person
from riskmap.ingest.instants import CLOCKS, read_instants
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.place_columns import read_places
from riskmap.ingest.profiles import (
    UNKEPT_FIELDS,
    choose_profile,
    load_profile,
    require,
)
from riskmap.ingest.projections import known_crs
from riskmap.ingest.quarantine import duplicate_table, quarantine_table
from riskmap.ingest.raw import RawTable
from riskmap.ingest.reading import read_table
from riskmap.ingest.sheet import Sheet, note_damaged_text
from riskmap.ingest.taxonomy import AUDIENCES, CAUSES, KINDS, PURPOSES
from riskmap.ingest.time_columns import PRECISIONS, read_times
from riskmap.ingest.value_columns import read_values
from riskmap.schema import Column

INCIDENT_TABLE: Final[tuple[Column, ...]] = (
    Column(name="occurred_on", dtype="datetime64[us, UTC]", meaning="its first day"),
    Column(name="time_precision", dtype="str", values=PRECISIONS),
    Column(name="local_time", dtype="str", meaning="HH:MM as written, or empty"),
    Column(
        name="occurred_at",
        dtype="datetime64[us, UTC]",
        missing=True,
        meaning="the instant, where local time and zone tell it",
    ),
    Column(name="time_zone", dtype="str", missing=True, meaning="IANA name, or empty"),
    Column(name="clock", dtype="str", missing=True, values=CLOCKS),
    Column(name="accuracy_m", dtype="float64", unit="m", lowest=0),
    Column(name="kind", dtype="str", values=tuple(KINDS)),
    Column(name="cause", dtype="str", values=(*CAUSES, "")),
    Column(name="purpose", dtype="str", values=PURPOSES),
    Column(name="audience", dtype="str", values=AUDIENCES),
    Column(name="dead", dtype="int64", lowest=0),
    Column(name="missing", dtype="int64", lowest=0),
    Column(name="source", dtype="str"),
    Column(name="source_quality", dtype="float64", lowest=1, highest=5, missing=True),
    Column(name="geometry", dtype="geometry"),
)

CONTENT: Final = (
    "occurred_on",
    "time_precision",
    "local_time",
    "kind",
    "cause",
    "dead",
    "missing",
    "source",
    "source_quality",
    "x",
    "y",
)
"""Columns in which two records of one identifier must agree.

How well the place is known is riskmap's judgement, not what the publisher says.
"""

FACTS: Final = (
    "occurred_on",
    "local_time",
    "kind",
    "cause",
    "dead",
    "missing",
    "source",
    "x",
    "y",
)
"""Columns of which an identifier is made where the publisher gives none."""

ID_DIGITS = 16


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


def _name_unnamed(records: pd.DataFrame, repeats: pd.Series) -> pd.Series:
    """Make identifiers of what records say, where the publisher gives none.

    Records that say the same are numbered, so that the order of rows is of no
    matter and two bodies at one place stay two. How well a record is known is left
    out, so that a better profile does not make another record of it.
    """
    records = records.sort_values(["accuracy_m", "source_quality"], kind="stable")
    repeats = repeats[records.index]
    columns = records[list(FACTS)].assign(
        occurred_on=records["occurred_on"].dt.strftime("%Y-%m-%d"),
        x=records["x"].map("{:.6f}".format),
        y=records["y"].map("{:.6f}".format),
        dead=records["dead"].astype("int64"),
        missing=records["missing"].astype("int64"),
    )
    digests = [
        hashlib.sha256("|".join(map(str, values)).encode()).hexdigest()[:ID_DIGITS]
        for values in columns.itertuples(index=False, name=None)
    ]
    base = records["source"] + ":" + pd.Series(digests, records.index, dtype="str")
    turn = base[~repeats].groupby(base[~repeats]).cumcount().reindex(base.index)
    return base.where(
        turn.fillna(0) == 0, base + "-" + (turn + 1).astype("Int64").astype("str")
    )


def _find_repeats(sheet: Sheet, records: pd.DataFrame) -> pd.Series:
    """Find rows that say again what an earlier row of the file says."""
    if "id" not in sheet.columns:
        # without identifiers only rows alike to the letter are surely the same
        return sheet.frame.loc[records.index].duplicated()
    same_id = records["event_id"].duplicated(keep=False)
    doubled = records.loc[same_id, ["event_id", *CONTENT]]
    distinct = doubled.drop_duplicates().groupby("event_id").size()
    torn = distinct.index[distinct > 1]
    contradicts = records["event_id"].isin(torn)
    sheet.note(
        "id_repeated", contradicts.reindex(sheet.frame.index, fill_value=False), "id"
    )
    return records["event_id"].duplicated() & ~contradicts


def _same_as_known(records: pd.DataFrame, known: gpd.GeoDataFrame) -> pd.Series:
    """Tell which records say exactly what is stored under their identifier."""
    stored = pd.DataFrame(known.drop(columns="geometry")).assign(
        x=known.geometry.x, y=known.geometry.y
    )
    stored = stored.reindex(records["event_id"])
    same = pd.Series(True, index=records.index)
    for name in CONTENT:
        if name in stored.columns:
            new, old = records[name], stored[name].set_axis(records.index)
            same &= (new == old) | (new.isna() & old.isna())
    return same


def _find_known(
    sheet: Sheet, records: pd.DataFrame, known: pd.Index | gpd.GeoDataFrame | None
) -> pd.Series:
    """Find rows that are stored already; note those that say something else."""
    if known is None:
        return pd.Series(False, index=records.index)
    ids = known.index if isinstance(known, gpd.GeoDataFrame) else known
    seen = records["event_id"].isin(ids)
    if isinstance(known, gpd.GeoDataFrame) and seen.any():
        same = _same_as_known(records[seen], known).reindex(
            records.index, fill_value=False
        )
        changed = (seen & ~same).reindex(sheet.frame.index, fill_value=False)
        sheet.note("id_changed", changed, "id")
        return seen & same
    return seen


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


def read_incidents(  # noqa: PLR0913 - each is a table that the project has
    path: Path,
    *,
    profile: str | None = None,
    known_on: date,
    known_ids: pd.Index | gpd.GeoDataFrame | None = None,
    boundary: gpd.GeoDataFrame | None = None,
    jurisdictions: gpd.GeoDataFrame | None = None,
    options: IngestOptions | None = None,
) -> Batch:
    r"""Read a file of incidents: every row is accepted, quarantined or a duplicate.

    Nothing is mended: a row with a fault goes to the quarantine whole, with a
    proposed correction where one slip explains it. Nothing of a person is kept.

    Parameters
    ----------
    path
        A file of any format that :func:`riskmap.ingest.reading.read_table` reads.
    profile
        Name of the profile to understand it by, or the path of one; chosen by the
        headings if not given.
    known_on
        The day the file was known: a later date is a fault.
    known_ids
        Identifiers of the stored events, whose rows are duplicates; or their event
        table, whose changed rows are then found too and held back.
    boundary
        Reaches of the boundary in order, EPSG:4326; without it nothing is compared
        with the line.
    jurisdictions
        States, counties and municipios (``kind``, ``code``, ``name``), EPSG:4326:
        tell time zones, and whether a record is where its row says.
    options
        What is taken for possible.

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
    allowed = options or IngestOptions()
    layer = load_profile(profile).layer if profile else ""
    raw = read_table(path, limits=allowed.limits, layer=layer)
    sheet = _open_sheet(raw, path, profile)
    _note_totals(sheet)
    damaged = note_damaged_text(sheet)
    times, order, evidence = read_times(sheet, allowed, known_on)
    records = pd.concat(
        [
            read_values(sheet, allowed, damaged),
            read_places(sheet, allowed, boundary, jurisdictions),
            times,
        ],
        axis=1,
    )
    instants = read_instants(sheet, records, jurisdictions)
    records = records.assign(**dict(instants.items()))
    records = records[sheet.ledger.clean()[records.index]]
    repeats = _find_repeats(sheet, records)
    clean = sheet.ledger.clean()[records.index]
    records, repeats = records[clean], repeats[clean]
    if "id" not in sheet.columns:
        records = records.assign(event_id=_name_unnamed(records, repeats))
    known = _find_known(sheet, records, known_ids)
    clean = sheet.ledger.clean()[records.index]
    gone = repeats | known
    used = set(sheet.columns.values())
    unkept = {h for f, h in sheet.columns.items() if f in UNKEPT_FIELDS}
    others = set(raw.frame.columns) - used - set(sheet.profile.keep)
    personal = unkept | {heading for heading in others if tells_of_person(heading)}
    return Batch(
        accepted=_event_table(records[clean & ~gone]),
        faults=quarantine_table(sheet, raw),
        duplicates=duplicate_table(
            records.loc[clean, "event_id"], repeats[clean], known[clean], raw
        ),
        rows_in=raw.rows_in,
        file_name=raw.file_name,
        file_sha256=raw.file_sha256,
        profile=sheet.profile.name,
        stripped=count_filled(raw.frame, personal),
        ignored=tuple(sorted(others - personal)),
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
