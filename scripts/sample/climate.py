"""Climate: monthly values at stations, those that were read from a source."""

from pathlib import Path

from sample.files import read_text, write_csv

MONTHS = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]


def write_stations(shared: Path, out: Path) -> None:
    """Write the monthly table, without the gridded values of restricted data."""
    table = read_text(shared / "rasters" / "climate_stations.csv")
    table = table[table["basis"].isin(["source-read", "derived"])]
    table = table[~table["source"].str.contains("WorldClim|ITU", case=False)]
    table = table.rename(columns={"lon": "x", "lat": "y"})
    table["basis"] = table["basis"].replace({"source-read": "read"})
    columns = ["station", "country", "x", "y", "elevation_m", "variable", "unit"]
    write_csv(
        table[[*columns, *MONTHS, "period", "source", "basis"]],
        out / "climate" / "stations.csv",
    )
