"""Incidents: two public sources as one table of raw facts, nothing mended."""

from pathlib import Path

import numpy as np
import pandas as pd

from sample.files import read_text, write_csv

COLUMNS = [
    "id",
    "date",
    "date_precision",
    "lon",
    "lat",
    "accuracy_m",
    "kind",
    "cause",
    "dead",
    "missing",
    "source",
    "source_quality",
]

IOM_FILE = "dev_iom_usmx_before_2022_no_elpaso.csv"
UCDP_FILE = "ucdp_ged_mexico_1989_2020.csv.gz"

UCDP_REACH_KM = 100  # of the line, as the La Paz Agreement of 1983 draws the border

CAUSES = {
    "Mixed or unknown": "undetermined",
    "Drowning": "drowning",
    "Harsh environmental conditions / lack of adequate shelter, food, water": "exposure",
    "Vehicle accident / death linked to hazardous transport": "vehicle",
    "Violence": "violence",
    "Sickness / lack of access to adequate healthcare": "medical",
    "Accidental death": "fall",
}

# the middle of Tamaulipas and of Coahuila, given for drownings in the Rio Grande
STATE_CENTRES = ("24.215586, -99.4332699", "27.1334908, -103.434484")

# metres; the README gives the reason of each
STATE_M, COUNTY_TOTAL_M, COUNTY_M = 300_000, 50_000, 30_000
PLACE_M, NEAR_M, SPOT_M, GIVEN_M, EXACT_M = 10_000, 5_000, 2_000, 1_000, 100
DEGREE_M = 111_320  # of latitude
REPEATED = 3  # rows on one coordinate: a centre of something, not a finding place
GEOCODED_DECIMALS = 6  # as many as a gazetteer writes and no deputy reads off

EXACT = r"see (?:GPS )?coordinates"
LOOSE = r"nspecified|arious|ifferent locations|Sector,|^Mixed$"
STATE_WIDE = (
    r"^Mixed$|location in Texas|locations in Texas|in the desert, Sonora|, Tamaulipas"
)
COUNTY_ONLY = r"^[\w ]+ [Cc]ounty(?: +jurisdiction)?,|jurisdiction"
HOSPITAL = r"[Hh]ospital|[Mm]edical [Cc]enter"
NEAR = r"\b(?:near|between|close to|miles?|km|KM|outside of|south of|north of)\b"

UCDP_KINDS = {
    "1": "violence_state",
    "2": "violence_nonstate",
    "3": "violence_onesided",
}
UCDP_PRECISION = {"1": "day", "2": "week", "3": "week", "4": "month", "5": "year"}
UCDP_ACCURACY_M = {
    "1": 5_000,
    "2": 25_000,
    "3": 40_000,
    "4": 250_000,
    "5": 100_000,
    "6": 1_000_000,
    "7": 1_000_000,
}


def _whole(texts: pd.Series) -> pd.Series:
    """Undo the decimal point that a spreadsheet put behind whole numbers."""
    return texts.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)


def iom_accuracy_m(table: pd.DataFrame) -> pd.Series:
    """Derive how far a point may be off from what the row says about its place."""
    place, point = table["Location of Incident"], table["Coordinates"]
    repeats = point.map(point.value_counts())
    decimals = point.str.split(",", expand=True).apply(
        lambda part: part.str.extract(r"\.(\d+)")[0].str.len().fillna(0)
    )
    fewest = decimals.min(axis=1)
    geocoded = (repeats >= REPEATED) | (fewest >= GEOCODED_DECIMALS)
    total = table["Incident Type"] == "Cumulative Incident"
    county = place.str.contains(COUNTY_ONLY)
    rules = [
        (point.isin(STATE_CENTRES), STATE_M),
        (total & place.str.contains(STATE_WIDE), STATE_M),
        (total, COUNTY_TOTAL_M),
        (place.str.contains(EXACT), EXACT_M),
        (place.str.contains(HOSPITAL), COUNTY_M),
        (place.str.contains(LOOSE), COUNTY_M),
        (county & geocoded, COUNTY_M),
        (county, GIVEN_M),
        (repeats >= REPEATED, PLACE_M),
        (place.str.contains(NEAR), NEAR_M),
    ]
    metres = np.select([rule for rule, _ in rules], [m for _, m in rules], SPOT_M)
    rounding_m = DEGREE_M * 10.0 ** -fewest.to_numpy(float)
    return pd.Series(np.maximum(metres, rounding_m).round().astype(int), table.index)


def iom_precision(table: pd.DataFrame) -> pd.Series:
    """Grade the dates: totals and dates at odds with their own month are years."""
    on = pd.to_datetime(table["Incident Date"], format="%Y-%m-%d", errors="coerce")
    odd = on.notna() & (on.dt.month_name() != table["Month"])
    total = table["Incident Type"] == "Cumulative Incident"
    return pd.Series(np.where(odd | total, "year", "day"), table.index)


def iom_rows(shared: Path) -> pd.DataFrame:
    """Read the Missing Migrants Project, all rows, without persons or free text."""
    table = read_text(shared / "incidents" / IOM_FILE)
    dead = _whole(table["Number of Dead"])
    died = pd.to_numeric(dead, errors="coerce").fillna(0) > 0
    return pd.DataFrame(
        {
            "id": table["Incident ID"],
            "date": table["Incident Date"],
            "date_precision": iom_precision(table),
            "lon": table["lon"],
            "lat": table["lat"],
            "accuracy_m": iom_accuracy_m(table),
            "kind": np.where(died, "migrant_death", "migrant_disappearance"),
            "cause": table["Cause of Death"].map(CAUSES),
            "dead": dead,
            "missing": _whole(table["Minimum Estimated Number of Missing"]),
            "source": "iom_mmp",
            "source_quality": table["Source Quality"],
        }
    )


def ucdp_rows(shared: Path) -> pd.DataFrame:
    """Read the Georeferenced Event Dataset near the line, without names of groups."""
    table = read_text(shared / "incidents" / UCDP_FILE)
    off_km = pd.to_numeric(table["dist_boundary_km"])
    table = table[off_km <= UCDP_REACH_KM].reset_index(drop=True)
    return pd.DataFrame(
        {
            "id": _whole(table["id"]),
            "date": table["date_start"],
            "date_precision": _whole(table["date_prec"]).map(UCDP_PRECISION),
            "lon": table["longitude"],
            "lat": table["latitude"],
            "accuracy_m": _whole(table["where_prec"]).map(UCDP_ACCURACY_M),
            "kind": _whole(table["type_of_violence"]).map(UCDP_KINDS),
            "cause": "",
            "dead": _whole(table["best"]),
            "missing": "",
            "source": "ucdp_ged",
            "source_quality": "",
        }
    )


def write_incidents(shared: Path, out: Path) -> None:
    """Write both sources, in the order of their files."""
    table = pd.concat([iom_rows(shared), ucdp_rows(shared)], ignore_index=True)
    write_csv(table[COLUMNS], out / "incidents" / "incidents.csv")


def write_coverage(length_km: float, out: Path) -> None:
    """Write where and when each source would have recorded an incident."""
    end_km = f"{length_km:.1f}"
    gap = "El Paso region cut out of the file given to us"
    rows = [
        ("iom_mmp", "life_saving", "US", "0.0", GAP_FROM_KM, IOM_US_FROM, IOM_TO, gap),
        ("iom_mmp", "life_saving", "US", GAP_TO_KM, end_km, IOM_US_FROM, IOM_TO, gap),
        ("iom_mmp", "life_saving", "MX", "0.0", GAP_FROM_KM, IOM_MX_FROM, IOM_TO, gap),
        ("iom_mmp", "life_saving", "MX", GAP_TO_KM, end_km, IOM_MX_FROM, IOM_TO, gap),
        ("ucdp_ged", "public_safety", "MX", "0.0", end_km, UCDP_FROM, UCDP_TO, NO_US),
    ]
    columns = [
        "source",
        "purpose",
        "side",
        "from_km",
        "to_km",
        "from_on",
        "to_on",
        "note",
    ]
    table = pd.DataFrame(rows, columns=columns)
    write_csv(table, out / "incidents" / "coverage.csv")


GAP_FROM_KM, GAP_TO_KM = "1796.0", "2348.0"  # Hudspeth County to New Mexico's west end
IOM_US_FROM, IOM_MX_FROM, IOM_TO = "2014-01-01", "2015-01-01", "2021-12-31"
UCDP_FROM, UCDP_TO = "2004-01-01", "2020-12-31"
NO_US = "file of Mexico only: nothing is known of the US side"
