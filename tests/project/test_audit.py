"""The audit log is only added to; what was changed in it is named."""

import contextlib
import sqlite3

import pytest

from riskmap.errors import DateOptionError, OptionError
from riskmap.project import Project, audit_log, check_audit, entry, ledger, record_audit
from tests.project.tables_of_tests import cells
from tests.project.tampering import false_alarms, flip_bit, tamper

NOON = "2026-05-01T12:00:00+00:00"


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "border")


def done(action="run", **told):
    return entry(at=NOON, who="ana", action=action, subject="border", **told)


@contextlib.contextmanager
def raw(project):
    place = project.path / "riskmap.sqlite"
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as c:
        yield c


def make_old(project):
    """Take the log away: as a project of the first riskmap is."""
    with raw(project) as c:
        for (name,) in c.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            c.execute(f"DROP TRIGGER {name}")
        c.execute("DROP TABLE audit")
        c.execute("DROP TABLE audit_head")
        c.execute("PRAGMA user_version = 1")


def test_what_was_done_is_read_back_in_order(project):
    record_audit(project, [done("import", detail={"rows": 3}), done("run")])
    record_audit(project, [done("export", profile="public")])
    log = audit_log(project)
    assert [one.action for one in log] == ["import", "run", "export"]
    assert (log[0].detail, log[2].profile, log[1].who) == ({"rows": 3}, "public", "ana")
    assert audit_log(project, last=1) == log[-1:]
    assert check_audit(project).head == log[-1].sha256


def test_a_log_without_entries_is_sound(project):
    found = check_audit(project)
    assert (found.entries, found.head, found.first_bad) == (0, ledger.FIRST_LINK, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET body = 'x' WHERE seq = 1",
        "DELETE FROM audit",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 0",
        "INSERT OR REPLACE INTO audit VALUES (1, 'x', printf('%064d', 0))",
        "INSERT OR REPLACE INTO audit_head VALUES (1, 0, printf('%064d', 0))",
        "INSERT INTO audit VALUES (9, 'x', printf('%064d', 0))",
    ],
)
def test_ordinary_use_cannot_edit_it(project, statement):
    record_audit(project, [done(), done()])
    with raw(project) as c, pytest.raises(sqlite3.IntegrityError, match="only added"):
        c.execute(statement)
    assert check_audit(project).entries == 2


def test_an_old_project_opens_and_gets_its_log_with_the_first_entry(project):
    project.write("cells", cells(1), step="cells", options={}, inputs={})
    make_old(project)
    old = Project.open(project.path)
    assert old.verify() == ()
    assert audit_log(old) == ()
    assert check_audit(old).first_bad is None
    record_audit(old, [done()])
    assert [one.action for one in audit_log(old)] == ["run"]
    assert Project.open(project.path).verify() == ()
    assert len(old.read("cells")) == len(cells(1))


def test_a_refused_entry_leaves_the_log_as_it_was(project):
    record_audit(project, [done()])
    with pytest.raises(OptionError):
        record_audit(project, [done(), done(detail={"x": float("nan")})])
    with pytest.raises(DateOptionError):
        record_audit(project, [done() | {"at": "yesterday"}])
    assert len(audit_log(project)) == 1


def test_verify_finds_a_log_that_was_rewritten(project):
    record_audit(project, [done(), done()])
    with raw(project) as c:
        sql = "SELECT sql FROM sqlite_schema WHERE name = 'audit_is_not_changed'"
        trigger = c.execute(sql).fetchone()[0]
        c.execute("DROP TRIGGER audit_is_not_changed")
        c.execute("UPDATE audit SET body = replace(body, 'ana', 'eve') WHERE seq = 2")
        c.execute(trigger)
    assert "audit_rewritten" in {finding.code for finding in project.verify()}
    assert check_audit(project).first_bad == 2


def test_a_head_printed_earlier_tells_a_log_written_anew(project, tmp_path):
    early = record_audit(project, [done()])
    record_audit(project, [done("export")])
    assert check_audit(project, known_head=early).first_bad is None
    assert check_audit(project, known_head=ledger.FIRST_LINK).first_bad is None
    other = Project.create(tmp_path / "other")
    record_audit(other, [done("view")])
    assert check_audit(other).first_bad is None
    assert check_audit(other, known_head=early).first_bad == 2


def test_every_way_of_tampering_is_found_at_its_place():
    assert tamper(360, seed=1) == {"found": 360}


def test_every_flipped_bit_is_found_at_its_place():
    assert tamper(100, seed=2, ways=(flip_bit,)) == {"found": 100}


def test_a_log_that_nobody_touched_gives_no_alarm():
    assert false_alarms(50, seed=3) == 0
