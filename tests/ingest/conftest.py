"""Fixtures of ingest: files made in code, and a profile that has every field."""

import csv
import io
from datetime import date

import geopandas as gpd
import pytest
import shapely
from hypothesis import settings

from riskmap.ingest import IngestOptions, read_incidents

# the machine that tests run on may be slow: no example is timed
few_examples = settings(max_examples=30, deadline=None)

KNOWN_ON = date(2022, 1, 1)

EVERY_FIELD = """
source = "test"
signature = ["never a heading"]
date_order = "decide"
split_harm = false
river_by_place = true
totals = ["Total"]
keep = ["County"]
accuracy_by_place = []

[columns]
id = "id"
date = "date"
date_end = "end"
date_precision = "precision"
month = "month"
year = "year"
time = "time"
lat = "lat"
lon = "lon"
accuracy = "accuracy"
kind = "kind"
cause = "cause"
dead = "dead"
missing = "missing"
total = "total"
source = "source"
source_quality = "quality"
country = "country"
place = "place"
state = "state"
municipio = "district"
record_type = "type"
status = "status"
change_reason = "reason"
confirmation = "confirmed"
reported = "reported"
entered = "entered"
shared = "shared"
found = "found"
date_basis = "date basis"
accuracy_basis = "place basis"
marking = "marking"
"""

FINE = {
    "id": "1",
    "date": "2021-03-05",
    "end": "",
    "precision": "day",
    "month": "",
    "year": "",
    "time": "",
    "lat": "31.4501",
    "lon": "-110.5203",
    "accuracy": "100",
    "kind": "migrant_death",
    "cause": "exposure",
    "dead": "1",
    "missing": "0",
    "total": "",
    "source": "test",
    "quality": "5",
    "country": "US",
    "place": "",
    "state": "",
    "district": "",
    "type": "",
    "County": "Cochise",
    "Name": "",
    "status": "",
    "reason": "",
    "confirmed": "",
    "reported": "",
    "entered": "",
    "shared": "",
    "found": "",
    "date basis": "",
    "place basis": "",
    "marking": "",
}
"""A row without fault, some 13 km north of the line of :func:`line`."""


def as_csv(rows, *, delimiter=",", headings=None):
    text = io.StringIO()
    names = headings or list(rows[0])
    writer = csv.DictWriter(text, names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="session")
def line():
    """A straight boundary from the east to the west along 31.333 degrees north."""
    reach = shapely.LineString([(-97, 31.333), (-117, 31.333)])
    return gpd.GeoDataFrame(
        {"reach": ["all"], "from_km": [0.0], "to_km": [1_900.0]},
        geometry=[reach],
        crs="EPSG:4326",
    )


@pytest.fixture(scope="session")
def jurisdictions():
    """Arizona and Sonora as boxes along the line, each with two districts."""
    boxes = {
        ("us_state", "04", "Arizona"): (-114.8, 31.333, -109, 37),
        ("us_county", "04003", "Cochise"): (-110.4, 31.333, -109, 32.5),
        ("us_county", "04023", "Santa Cruz"): (-111.4, 31.333, -110.4, 31.8),
        ("us_state", "06", "California"): (-117, 32.5, -114.9, 38),
        ("mx_state", "26", "Sonora"): (-114.8, 26, -109, 31.333),
        ("mx_municipio", "26043", "Nogales"): (-111.2, 30.9, -110.6, 31.333),
        ("mx_municipio", "26039", "Naco"): (-110.1, 31, -109.7, 31.333),
        ("mx_municipio", "08037", "Juárez"): (-107, 31, -106, 31.333),
        ("mx_municipio", "05015", "Juárez"): (-101, 27.3, -100.5, 28),
    }
    kinds, codes, names = zip(*boxes, strict=True)
    shapes = [shapely.box(*box) for box in boxes.values()]
    table = {"kind": kinds, "code": codes, "name": names}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


@pytest.fixture(scope="session")
def every_field(tmp_path_factory):
    """Path of a profile that has every field."""
    path = tmp_path_factory.mktemp("profiles") / "every_field.toml"
    path.write_text(EVERY_FIELD, encoding="utf-8")
    return str(path)


@pytest.fixture
def read_text(tmp_path, every_field, line, jurisdictions):
    """Read a text as a file of incidents and check that no row was lost."""

    def read(text, *, name="file.csv", profile=every_field, **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        batch = read_incidents(
            path,
            profile=profile,
            known_on=options.pop("known_on", KNOWN_ON),
            known_ids=options.pop("known_ids", None),
            boundary=options.pop("boundary", line),
            jurisdictions=options.pop("jurisdictions", jurisdictions),
            options=IngestOptions(**options),
        )
        together = len(batch.accepted) + batch.quarantined + len(batch.duplicates)
        assert batch.rows_in == together
        return batch

    return read


@pytest.fixture
def read_rows(read_text):
    """Read rows, each given by what differs from a row without fault."""

    def read(*changes, **options):
        rows = [
            FINE | {"id": str(number)} | change
            for number, change in enumerate(changes, start=1)
        ]
        return read_text(as_csv(rows), **options)

    return read
