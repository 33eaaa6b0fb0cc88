"""The documents of ingest say what the code does."""

import re
from datetime import date
from pathlib import Path

import pytest

from riskmap.ingest import (
    FAULT_TABLE,
    INCIDENT_TABLE,
    LANDMARK_TABLE,
    IngestOptions,
    profile_names,
    read_incidents,
)
from riskmap.ingest.context import COVERAGE_TABLE, JURISDICTION_TABLE, WATERWAY_TABLE
from riskmap.ingest.profiles import FIELDS, load_profile

DOCS = Path(__file__).resolve().parents[2] / "docs"

TABLES = {
    "INCIDENT_TABLE": INCIDENT_TABLE,
    "FAULT_TABLE": FAULT_TABLE,
    "LANDMARK_TABLE": LANDMARK_TABLE,
    "COVERAGE_TABLE": COVERAGE_TABLE,
    "WATERWAY_TABLE": WATERWAY_TABLE,
    "JURISDICTION_TABLE": JURISDICTION_TABLE,
}


@pytest.fixture(scope="module")
def howto():
    return (DOCS / "howto-ingest.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def formats():
    return (DOCS / "file-formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_in_the_document_of_formats(name, formats):
    columns = {column.name for column in TABLES[name]} - {"geometry"}
    assert {column for column in columns if f"`{column}`" not in formats} == set()


def test_every_field_of_the_profile_riskmap_is_in_the_document_of_formats(formats):
    columns = load_profile("riskmap").columns
    assert set(columns) <= set(FIELDS)
    assert not [f for f, names in columns.items() if f"`{names[0]}`" not in formats]


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_is_in_the_how_to(name, howto):
    assert f"| `{name}` |" in howto


def test_the_limits_are_those_of_the_options(howto):
    limits = IngestOptions().limits
    assert f"{limits.bytes // 1_000_000} MB" in howto
    for number in (limits.rows, limits.columns, limits.line_chars, limits.depth):
        assert f"{number:,}" in howto


def test_the_profile_in_the_how_to_works(howto, tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", howto, flags=re.DOTALL)
    profile, file = tmp_path / "ours.toml", tmp_path / "file.csv"
    profile.write_text(text, encoding="utf-8")
    file.write_text(
        "Case #,Incident Dt,GPS,Nature\n"
        '17,3/5/2021,"31.4501, -110.5203",Found remains\n'
        '18,3/25/2021,"31.4501, -110.5203",picnic\n',
        encoding="utf-8",
    )
    batch = read_incidents(file, profile=str(profile), known_on=date(2022, 1, 1))
    assert batch.accepted.index.tolist() == ["bcso:17"]
    assert batch.accepted["occurred_on"].dt.strftime("%Y-%m-%d").tolist() == [
        "2021-03-05"
    ]
    assert batch.faults["code"].tolist() == ["kind_unknown"]
    assert batch.understood["marking"] == "TLP:AMBER+STRICT"
