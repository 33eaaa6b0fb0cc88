"""Landmarks: a file of places both sides know → a table, and a quarantine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import pandas as pd

from riskmap.crs import STORAGE_CRS
from riskmap.errors import LandmarkFaultyError
from riskmap.ingest.faults import Ledger
from riskmap.ingest.identity import fold
from riskmap.ingest.options import IngestOptions
from riskmap.ingest.place_columns import read_places
from riskmap.ingest.profiles import Profile, require
from riskmap.ingest.projections import known_crs
from riskmap.ingest.quantities import as_numbers, translate
from riskmap.ingest.quarantine import duplicate_table, quarantine_table
from riskmap.ingest.reading import read_table
from riskmap.ingest.sheet import Sheet, note_damaged_text
from riskmap.schema import Column

SIDES: Final = ("US", "MX", "both")

BASES: Final = ("read", "derived", "unverified")
"""What a place rests on: read in a source, derived from one, or told by nobody."""

LANDMARK_TABLE: Final[tuple[Column, ...]] = (
    Column(name="kind", dtype="str", meaning="code: landmark_kind.KIND in words"),
    Column(name="name_en", dtype="str"),
    Column(name="name_es", dtype="str"),
    Column(name="accuracy_m", dtype="float64", unit="m", lowest=0),
    Column(name="side", dtype="str", values=SIDES),
    Column(name="us_id", dtype="str"),
    Column(name="mx_id", dtype="str"),
    Column(name="source", dtype="str"),
    Column(name="basis", dtype="str", values=BASES),
    Column(name="verified_on", dtype="str", meaning="ISO date, or empty"),
    Column(name="km", dtype="float64", unit="km", lowest=0, missing=True),
    Column(name="geometry", dtype="geometry"),
)

PROFILE: Final = Profile(
    name="landmarks",
    accuracy_stated=True,
    columns={
        "id": ("id", "landmark_id", "clave", "feature.id"),
        "landmark_kind": ("kind", "type", "tipo"),
        "name_en": ("name_en", "name", "nombre_en"),
        "name_es": ("name_es", "nombre", "nombre_es"),
        "lat": ("lat", "latitude", "latitud", "y"),
        "lon": ("lon", "longitude", "longitud", "x"),
        "accuracy": ("accuracy_m", "exactitud_m"),
        "side": ("side", "lado"),
        "us_id": ("us_id",),
        "mx_id": ("mx_id",),
        "source": ("source", "fuente"),
        "basis": ("basis", "base"),
        "verified_on": ("verified_on", "verificado"),
        "km": ("km", "boundary_km"),
    },
    constants=MappingProxyType({"kind": "landmark"}),
)
"""The headings of ``data/landmarks/landmarks.csv`` and of those who extend it."""

NEEDS: Final = ("id", "landmark_kind", "lat", "lon", "accuracy", "side", "basis")
"""Columns without which a file is no file of landmarks."""

SIDE_WORDS: Final = {
    "us": "US", "usa": "US", "eua": "US", "united states": "US",
    "estados unidos": "US", "mx": "MX", "mexico": "MX", "both": "both",
    "ambos": "both", "straddles": "both",
}  # fmt: skip

BASIS_WORDS: Final = {
    "read": "read",
    "source read": "read",
    "leido": "read",
    "derived": "derived",
    "derivado": "derived",
    "unverified": "unverified",
    "general knowledge unverified": "unverified",
    "sin verificar": "unverified",
}


@dataclass(frozen=True, kw_only=True)
class LandmarkBatch:
    """What one file gave: ``rows_in`` is accepted + quarantined + duplicates.

    Parameters
    ----------
    accepted
        Landmarks (:data:`LANDMARK_TABLE`) on ``landmark_id``, sorted, EPSG:4326.
    faults
        Quarantine (:data:`riskmap.ingest.faults.FAULT_TABLE`).
    duplicates
        Rows that say again what an earlier row says.
    rows_in
        Rows of data in the file.
    file_name, file_sha256
        Which file.
    """

    accepted: gpd.GeoDataFrame
    faults: pd.DataFrame
    duplicates: pd.DataFrame
    rows_in: int
    file_name: str
    file_sha256: str

    @property
    def quarantined(self) -> int:
        """Rows with a fault, each counted once."""
        return int(self.faults["row"].nunique())


def _read_word(sheet: Sheet, field: str, words: Mapping[str, str]) -> pd.Series:
    """Put a word into riskmap's; note one that is not known, or none."""
    meaning = translate(sheet.text(field), words)
    sheet.note(f"{field}_unknown", meaning == "", field)
    return meaning


def _read_names(sheet: Sheet) -> pd.DataFrame:
    """Read names; where one language has none, the other's stands in."""
    english, spanish = sheet.text("name_en"), sheet.text("name_es")
    nameless = (english == "") & (spanish == "")
    sheet.note("name_missing", nameless, "name_en")
    return pd.DataFrame(
        {
            "name_en": english.mask(english == "", spanish),
            "name_es": spanish.mask(spanish == "", english),
        }
    )


def _read_records(sheet: Sheet, options: IngestOptions) -> pd.DataFrame:
    """Read all columns; note every fault."""
    note_damaged_text(sheet)
    kind = sheet.text("landmark_kind").map(lambda text: fold(text).replace(" ", "_"))
    sheet.note("landmark_kind_missing", kind == "", "landmark_kind")
    ids = sheet.text("id")
    sheet.note("id_missing", ids == "", "id")
    texts = {name: sheet.text(name) for name in ("us_id", "mx_id", "source")}
    return pd.DataFrame(
        {
            "landmark_id": ids,
            "kind": kind.astype("str"),
            "side": _read_word(sheet, "side", SIDE_WORDS),
            "basis": _read_word(sheet, "basis", BASIS_WORDS),
            "verified_on": sheet.text("verified_on"),
            "km": as_numbers(sheet.text("km")),
        }
        | texts
        | dict(_read_names(sheet).items())
        | dict(read_places(sheet, options, None).items())
    )


def _refuse_faulty_places(sheet: Sheet) -> None:
    """Refuse a file in which a landmark lies nowhere."""
    faults = sheet.ledger.table()
    about_place = faults[faults["code"].str.contains("coordinate|tude_|hemisphere")]
    if about_place.empty:
        return
    row = int(about_place["row"].iloc[0])
    landmark = sheet.text("id").loc[row] or f"row {row}"
    y, x = sheet.text("lat").loc[row], sheet.text("lon").loc[row]
    msg = f"Landmark {landmark} lies at {y}, {x}: {about_place['code'].iloc[0]}."
    raise LandmarkFaultyError(msg, landmark=landmark, x=x, y=y)


def read_landmarks(
    path: Path, *, strict: bool = False, options: IngestOptions | None = None
) -> LandmarkBatch:
    r"""Read a file of landmarks: every row is accepted, quarantined or a duplicate.

    Parameters
    ----------
    path
        CSV or GeoJSON with the columns of ``data/landmarks/landmarks.csv``.
    strict
        True to refuse the whole file if a landmark lies at an impossible place:
        everybody steers by landmarks, so one at 0, 0 casts doubt on all.
    options
        What is taken for possible.

    Returns
    -------
    LandmarkBatch
        Accepted rows, faults, duplicates. A name missing in one language is the
        other language's.

    Raises
    ------
    InputError
        If the file cannot be read at all or lacks a column.
    LandmarkFaultyError
        If ``strict`` and a landmark lies at an impossible place.

    Examples
    --------
    >>> import tempfile
    >>> text = "id,kind,name_es,lat,lon,accuracy_m,side,basis\n"
    >>> text += "bm-1,boundary_monument,Monumento 1,31.784,-106.53,10,both,read\n"
    >>> text += "bm-2,boundary_monument,Monumento 2,0,0,10,both,read\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "landmarks.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     batch = read_landmarks(path)
    >>> batch.accepted.index.tolist(), batch.faults["code"].tolist()
    (['bm-1'], ['coordinates_null_island'])
    """
    allowed = options or IngestOptions()
    raw = read_table(path, limits=allowed.limits)
    headings = list(raw.frame.columns)
    columns = PROFILE.headings(headings)
    require(PROFILE, columns, headings, path, needs=NEEDS)
    sheet = Sheet(
        frame=raw.frame,
        profile=PROFILE,
        columns=columns,
        ledger=Ledger(raw.frame.index),
        crs=known_crs(raw.crs, path) or PROFILE.crs,
    )
    records = _read_records(sheet, allowed)
    if strict:
        _refuse_faulty_places(sheet)
    content = records.drop_duplicates()["landmark_id"]
    torn = records["landmark_id"].isin(content[content.duplicated()]) & (
        records["landmark_id"] != ""
    )
    sheet.note("id_repeated", torn, "id")
    records = records[sheet.ledger.clean()]
    repeats = records["landmark_id"].duplicated()
    kept = records[~repeats].set_index("landmark_id")
    table = gpd.GeoDataFrame(
        kept.drop(columns=["x", "y"]),
        geometry=gpd.points_from_xy(kept["x"], kept["y"]),
        crs=STORAGE_CRS,
    )
    table.index = table.index.astype("str")
    ids = records["landmark_id"]
    return LandmarkBatch(
        accepted=table[[column.name for column in LANDMARK_TABLE]].sort_index(),
        faults=quarantine_table(sheet, raw),
        duplicates=duplicate_table(ids, repeats, repeats & False, raw),
        rows_in=raw.rows_in,
        file_name=raw.file_name,
        file_sha256=raw.file_sha256,
    )
