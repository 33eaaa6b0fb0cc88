"""Incidents: two public sources as one table of raw facts, nothing mended."""

from pathlib import Path

import numpy as np
import pandas as pd

from sample.files import read_text, write_csv

COLUMNS = [
    *("id", "date", "date_precision", "lon", "lat", "accuracy_m", "kind", "cause"),
    *("dead", "missing", "source", "source_quality"),
    # what the row says of itself elsewhere, so that a contradiction can be found
    *("country", "month_said", "record_type"),
]

IOM_FILE = "dev_iom_usmx_before_2022_no_elpaso.csv"
UCDP_FILE = "ucdp_ged_mexico_1989_2020.csv.gz"

UCDP_REACH_KM = 100  # of the line, as the La Paz Agreement of 1983 draws the border

HARSH = "Harsh environmental conditions / lack of adequate shelter, food, water"
CAUSES = {
    "Mixed or unknown": "undetermined",
    "Drowning": "drowning",
    HARSH: "exposure",
    "Vehicle accident / death linked to hazardous transport": "vehicle",
    "Violence": "violence",
    "Sickness / lack of access to adequate healthcare": "medical",
    "Accidental death": "fall",  # mostly off the border wall; see the README
}

COUNTRIES = {"United States of America": "US", "Mexico": "MX"}

# the middle of Tamaulipas and of Coahuila, given for drownings in the Rio Grande
STATE_CENTRES = ("24.215586, -99.4332699", "27.1334908, -103.434484")

# metres; the README gives the reason of each
STATE_M, COUNTY_TOTAL_M, COUNTY_M = 300_000, 50_000, 30_000
PLACE_M, NEAR_M, SPOT_M, GIVEN_M, EXACT_M = 10_000, 5_000, 2_000, 1_000, 100
DEGREE_M = 111_320  # of latitude
REPEATED = 3  # rows on one coordinate: a centre of something, not a finding place
GEOCODED_DECIMALS = 6  # as many as a gazetteer writes and no deputy reads off

EXACT = r"(?i)see (?:GPS )?coordinates"
STATE_ONLY = (
    r"^Mixed$|(?:location|locations) in Texas|^Rio Bravo, Tamaulipas"
    r"|in the desert,? (?:in )?(?:Arizona|Sonora|Chihuahua)"
    r"|desert of Mexico|^Desert, southern|about 80 miles from the US"
)
LOOSE = r"(?i)unspecified|various|different locations|sector,"
COUNTY_ONLY = r"^[\w ]+ [Cc]ounty(?: +jurisdiction)?,|jurisdiction"
HOSPITAL = r"(?i)hospital|medical center|^ECRMC"
NEAR = r"(?i)\b(?:near|between|close to|miles?|km|outside of|south of|north of)\b"

# the El Paso Sector's part of the line in the public file was cut out of ours: the
# stretch from Hudspeth County's east end to New Mexico's west end has no row near it
GAP_FROM_KM, GAP_TO_KM = 1796.0, 2348.0
GAP_NOTE = "the file leaves out the El Paso region (km 1796 to 2348)"
IOM_US_FROM_ON, IOM_MX_FROM_ON, IOM_TO_ON = "2014-01-01", "2015-01-01", "2021-12-31"
UCDP_FROM_ON, UCDP_TO_ON = "2004-01-01", "2020-12-31"
UCDP_NOTE = "file of Mexico only: nothing is known of the US side"

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
        (place.str.contains(EXACT), EXACT_M),
        (place.str.contains(STATE_ONLY), STATE_M),
        (total, COUNTY_TOTAL_M),
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
            "country": table["Country of Incident"].map(COUNTRIES),
            "month_said": table["Month"],
            "record_type": table["Incident Type"],
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
            "country": "MX",
            "month_said": "",
            "record_type": "",
        }
    )


def write_incidents(shared: Path, out: Path) -> None:
    """Write both sources, in the order of their files."""
    table = pd.concat([iom_rows(shared), ucdp_rows(shared)], ignore_index=True)
    write_csv(table[COLUMNS], out / "incidents" / "incidents.csv")


def write_coverage(length_km: float, out: Path) -> None:
    """Write where and when each source would have recorded an incident."""
    stretches = ((0.0, GAP_FROM_KM), (GAP_TO_KM, round(length_km, 1)))
    rows = [
        ("iom_mmp", "life_saving", side, from_km, to_km, from_on, IOM_TO_ON, GAP_NOTE)
        for side, from_on in (("US", IOM_US_FROM_ON), ("MX", IOM_MX_FROM_ON))
        for from_km, to_km in stretches
    ]
    whole = (0.0, round(length_km, 1), UCDP_FROM_ON, UCDP_TO_ON, UCDP_NOTE)
    rows.append(("ucdp_ged", "public_safety", "MX", *whole))
    columns = ["source", "purpose", "side", "from_km", "to_km", "from_on", "to_on"]
    table = pd.DataFrame(rows, columns=[*columns, "note"])
    write_csv(table, out / "incidents" / "coverage.csv")
