"""Landmarks: places whose terms let them be bundled."""

import csv
from pathlib import Path

import pandas as pd

from sample.files import write_csv
from sample.line import Line
from sample.remembered import remembered

# how a fact is known: read from a named source, derived from such, or from memory
BASES = {
    "source-read": "read",
    "derived": "derived",
    "general knowledge (unverified)": "unverified",
}

SHARE_ALIKE = ("ODbL", "OSM", "OpenStreetMap", "OpenFlights")

# a list of towns whose own origin nobody states is no source that can be checked
NO_ORIGIN = "origin not stated"

COLUMNS = [
    *("id", "kind", "name_en", "name_es", "lon", "lat", "accuracy_m", "side"),
    *("us_id", "mx_id", "km", "distance_km", "source", "basis", "verified_on"),
]


# a slip of the shared table in four town names ("National model.City")
SLIP = "model.City"


def shared_alike(source: str) -> bool:
    """Tell whether a source binds what is made from it to its own licence."""
    return any(word in source for word in SHARE_ALIKE)


def read_landmarks(path: Path) -> pd.DataFrame:
    """Read the shared table, in which commas of two columns are not quoted.

    The column ``basis`` has three values only: what stands too far left of it was
    cut out of ``source``, what stands too far right out of ``notes``.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    source, basis, notes = (header.index(name) for name in ("source", "basis", "notes"))
    tail = len(header) - notes - 1
    for row in rows:
        at = next(i for i in range(basis, len(row)) if row[i] in BASES)
        row[source:at] = [",".join(row[source:at])]
        row[notes : len(row) - tail] = [",".join(row[notes : len(row) - tail])]
    return pd.DataFrame(rows, columns=header)


def write_landmarks(shared: Path, line: Line, out: Path) -> None:
    """Write the places, without those under share-alike terms."""
    table = read_landmarks(shared / "landmarks" / "landmarks.csv")
    table = table[~table["source"].map(shared_alike)].copy()
    table = pd.concat([table, remembered(table)], ignore_index=True)
    km, off_km = line.locate(table["lon"].astype(float), table["lat"].astype(float))
    table["km"] = [f"{value:.1f}" for value in km]
    table["distance_km"] = [f"{value:.3f}" for value in off_km]
    table["basis"] = table["basis"].map(BASES)
    table.loc[table["source"].str.contains(NO_ORIGIN), "basis"] = "unverified"
    table["side"] = table["side"].replace("BOTH", "both")
    for name in ("name_en", "name_es"):
        table[name] = table[name].str.replace(SLIP, "City", regex=False)
    write_csv(table[COLUMNS], out / "landmarks" / "landmarks.csv")
