"""`verify` finds what was changed, lost or forged, and names the table."""

import contextlib
import sqlite3

import pytest

from riskmap.errors import TableCorruptError
from riskmap.project import FINDINGS, Project, ledger
from tests.project import flips
from tests.project.tables_of_tests import cells


@pytest.fixture
def project(tmp_path):
    return flips.make(tmp_path / "border")


def file_of(project, name="cells"):
    sha256 = project.snapshot(name).sha256
    return project.path / "tables" / sha256[:2] / f"{sha256}.parquet"


def codes(project):
    found = project.verify()
    assert {finding.code for finding in found} <= set(FINDINGS)
    return [(finding.code, finding.table) for finding in found]


def execute(project, *statements):
    place = project.path / "riskmap.sqlite"
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as c:
        for statement in statements:
            c.execute(statement)


def test_a_sound_project_has_no_findings(project):
    assert project.verify() == ()


def test_an_altered_table_is_named_and_not_read(project):
    flips.flip(file_of(project), 4321)
    assert codes(project) == [("file_altered", "cells")]
    with pytest.raises(TableCorruptError) as caught:
        project.read("cells")
    assert caught.value.fields["table"] == "cells"
    with pytest.raises(TableCorruptError):
        project.sql("SELECT * FROM cells")


def test_a_table_altered_after_it_was_read_is_noticed(project):
    assert project.read("cells").equals(cells(2))
    flips.flip(file_of(project), 4321)
    with pytest.raises(TableCorruptError):
        project.read("cells")


@pytest.mark.parametrize("damage", ["gone", "empty", "short", "longer", "folder"])
def test_a_file_that_is_not_whole_is_named(project, damage):
    place = file_of(project)
    data = place.read_bytes()
    place.unlink()
    if damage == "folder":
        place.mkdir()
    elif damage != "gone":
        place.write_bytes({"empty": b"", "short": data[:-9]}.get(damage, data + b"x"))
    missing = damage in {"gone", "folder"}
    assert codes(project)[0] == ("file_missing" if missing else "file_altered", "cells")
    with pytest.raises(TableCorruptError):
        project.read("cells")


def test_a_delivery_whose_file_is_gone_is_named(project):
    sha256 = project.batches("incidents")[1].faults_sha256
    (project.path / "tables" / sha256[:2] / f"{sha256}.parquet").unlink()
    assert codes(project) == [("file_missing", "incidents.faults")]
    with pytest.raises(TableCorruptError):
        project.batches("incidents").faults()
    assert len(project.batches("incidents").accepted()) == 36


def test_files_that_no_row_names_are_harmless(project):
    tables = project.path / "tables"
    (tables / "aa").mkdir(exist_ok=True)
    (tables / "aa" / ("a" * 64 + ".parquet")).write_bytes(b"x")
    (tables / ("b" * 64 + ".unfinished")).write_bytes(b"x")
    assert codes(project) == [("file_undeclared", ""), ("file_unfinished", "")]
    assert all(finding.harmless for finding in project.verify())
    # the next writer clears what a stopped one left
    project.write("cells", cells(3), step="cells", options={}, inputs={})
    assert codes(project) == [("file_undeclared", "")]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE snapshot SET rows = 41 WHERE seq = 2",
        "UPDATE snapshot SET name = 'other' WHERE seq = 2",
        "UPDATE snapshot SET sha256 = (SELECT sha256 FROM snapshot WHERE seq = 1)",
        "UPDATE snapshot SET options = '{\"a\":1}' WHERE seq = 1",
        "UPDATE batch SET duplicates = 0, rows_in = 15 WHERE seq = 4",
        "UPDATE batch SET known_at = '2020-01-01' WHERE seq = 5",
        "UPDATE entry SET sha256 = replace(sha256, 'a', 'b') WHERE seq = 3",
        "UPDATE entry SET previous = sha256 WHERE seq = 3",
        "DELETE FROM snapshot WHERE seq = 2",
        "DELETE FROM batch WHERE seq = 5",
        "DELETE FROM head",
        "UPDATE head SET seq = 4",
        "UPDATE snapshot SET seq = 77 WHERE seq = 1",
    ],
)
def test_a_forged_row_is_found_by_verify_and_by_opening(project, forgery):
    execute(project, "PRAGMA foreign_keys = OFF", forgery)
    assert ("ledger_rewritten", "riskmap.sqlite") in codes(project)
    with pytest.raises(TableCorruptError) as caught:
        Project.open(project.path)
    assert caught.value.fields["table"] == "riskmap.sqlite"


def test_the_last_rows_taken_out_are_missed(project):
    execute(
        project,
        "PRAGMA foreign_keys = OFF",
        "DELETE FROM entry WHERE seq = 5",
        "DELETE FROM batch WHERE seq = 5",
    )
    with pytest.raises(TableCorruptError, match="head"):
        Project.open(project.path)


def test_a_row_forged_while_the_project_is_open_is_not_read(project):
    execute(project, "UPDATE snapshot SET sha256 = lower(hex(randomblob(32)))")
    with pytest.raises(TableCorruptError):
        project.read("cells")
    with pytest.raises(TableCorruptError):
        project.snapshots()


def test_a_changed_layout_is_found(project):
    execute(project, "CREATE TABLE more (a)")
    assert codes(project) == [("ledger_damaged", "riskmap.sqlite")]


def test_every_byte_of_a_ledgers_layout_may_be_damaged(project):
    place = project.path / "riskmap.sqlite"
    kept = place.read_bytes()
    at = kept.index(b"CREATE TABLE snapshot")
    for offset in range(0, 60, 4):
        place.write_bytes(kept[: at + offset] + b"\xd4" + kept[at + offset + 1 :])
        assert codes(project) != []
    place.write_bytes(kept)
    assert codes(project) == []


def test_a_ledger_that_is_no_database_is_told(project):
    (project.path / "riskmap.sqlite").write_bytes(b"not a database" * 999)
    assert codes(project) == [("ledger_unreadable", "riskmap.sqlite")]
    with pytest.raises(TableCorruptError):
        Project.open(project.path)


def test_the_database_itself_refuses_a_batch_that_does_not_add_up(project):
    with pytest.raises(sqlite3.IntegrityError):
        execute(project, "UPDATE batch SET accepted = 0")


def test_a_link_depends_on_the_row_and_on_all_before_it():
    row = tuple(range(len(ledger.COLUMNS["snapshot"])))
    assert ledger.link("snapshot", "0", row) != ledger.link("snapshot", "1", row)
    assert ledger.link("snapshot", "0", row) != ledger.link("snapshot", "0", row[::-1])
    # what a flipped bit can make of a text is no row
    assert ledger.link("snapshot", "0", (*row[:-1], b"x")) == ""
    assert ledger.link("snapshot", "0", (*row[:-1], float("inf"))) == ""


def test_no_flipped_bit_is_read_as_if_nothing_were_wrong(tmp_path):
    found = flips.count(tmp_path / "border", flips=25, seed=1)
    for kind in found:
        assert found[kind]["read as if nothing were wrong"] == 0
    # every bit of a table file counts
    assert found["tables"]["harmless: nothing read differs"] == 0
