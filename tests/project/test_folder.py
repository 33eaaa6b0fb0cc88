"""A project is made, opened, written, read, asked; and refuses what it must."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from riskmap import __version__
from riskmap.errors import (
    DateOptionError,
    FolderUnwritableError,
    OptionError,
    ProjectBusyError,
    ProjectExistsError,
    ProjectMissingError,
    ProjectNewerError,
    QueryError,
    TableCorruptError,
    TableMissingError,
    UnknownNameError,
)
from riskmap.project import Project, ledger, writing
from tests.project.tables_of_tests import cells, deliver, incidents


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "border")


def write(project, number=1, name="cells", **changes):
    made_of = {"step": "cells", "options": {"resolution": 7}, "inputs": {}} | changes
    return project.write(name, cells(number), **made_of)


def everything_in(path):
    return {
        found.relative_to(path): found.read_bytes()
        for found in path.rglob("*")
        if found.is_file()
    }


def test_a_table_comes_back_in_another_process_of_life(project):
    write(project)
    project.write("incidents", incidents(1), step="ingest", options={}, inputs={})
    again = Project.open(project.path)
    assert_frame_equal(again.read("cells"), cells(1))
    assert_geodataframe_equal(again.read("incidents"), incidents(1))
    assert again.verify() == ()


def test_a_snapshot_tells_what_the_table_was_made_of(project):
    made = write(
        project,
        options={"half_width_km": 100.0, "sides": ("US", "MX")},
        inputs={"boundary": "0" * 64},
        at="2021-03-01T12:00:00+00:00",
    )
    assert made == project.snapshot("cells")
    assert made.options == {"half_width_km": 100.0, "sides": ["US", "MX"]}
    assert made.inputs == {"boundary": "0" * 64}
    assert (made.rows, made.seq, made.riskmap_version) == (40, 1, __version__)
    assert made.at == "2021-03-01T12:00:00+00:00"
    place = project.path / "tables" / made.sha256[:2] / f"{made.sha256}.parquet"
    assert place.stat().st_size == made.size_bytes


def test_the_same_table_of_the_same_origin_is_stored_once(project):
    first = write(project, at="2021-03-01")
    before = everything_in(project.path)
    assert write(project, at="2021-04-01") == first
    assert everything_in(project.path) == before


def test_the_same_rows_of_another_origin_are_a_new_version_in_one_file(project):
    first = write(project)
    second = write(project, options={"resolution": 8})
    assert (first.sha256, first.seq, second.seq) == (second.sha256, 1, 2)
    assert len(list((project.path / "tables").glob("*/*"))) == 1


def test_older_versions_stay_and_can_be_read(project):
    first = write(project, 1)
    second = write(project, 2)
    third = write(project, 1)
    assert [s.seq for s in project.snapshots("cells")] == [1, 2, 3]
    assert first.sha256 == third.sha256
    assert_frame_equal(project.read("cells"), cells(1))
    assert_frame_equal(project.read("cells", at=second.sha256), cells(2))


def test_the_newest_version_of_each_table_is_listed_by_name(project):
    write(project, 1, name="zones")
    write(project, 1, name="cells")
    write(project, 2, name="cells")
    listed = project.snapshots()
    assert [(s.name, s.seq) for s in listed] == [("cells", 3), ("zones", 1)]
    assert project.snapshots("scores") == ()
    assert project.snapshot("scores") is None


def test_a_table_is_current_only_for_what_it_was_made_of(project, monkeypatch):
    options, inputs = {"resolution": 7, "sides": ["US"]}, {"boundary": "0" * 64}
    asked = {"options": {"sides": ("US",), "resolution": 7}, "inputs": dict(inputs)}
    assert not project.is_current("cells", **asked)
    made = write(project, options=options, inputs=inputs)
    assert project.is_current("cells", **asked)
    assert not project.is_current("cells", options={"resolution": 8}, inputs=inputs)
    assert not project.is_current("cells", options=options, inputs={"boundary": "1"})
    monkeypatch.setattr(writing, "__version__", "9.9.9")
    assert not project.is_current("cells", **asked)
    assert made.riskmap_version != "9.9.9"


def test_a_damaged_table_is_not_current_and_is_mended_by_making_it_again(project):
    made = write(project)
    place = next((project.path / "tables").glob("*/*"))
    for damage in (b"", place.read_bytes()[:-1] + b"x", None):
        place.unlink() if damage is None else place.write_bytes(damage)
        again = Project.open(project.path)
        assert not again.is_current("cells", options=made.options, inputs={})
        assert write(again) == made
        assert again.verify() == ()
        assert_frame_equal(again.read("cells"), cells(1))


@pytest.mark.parametrize(
    "options",
    [{"a": float("nan")}, {"a": float("inf")}, {"a": object()}, {"a": {1: 2, "b": 3}}],
)
def test_options_that_json_cannot_hold_are_refused(project, options):
    with pytest.raises(OptionError):
        write(project, options=options)
    assert project.snapshots() == ()


def test_half_a_surrogate_is_refused_wherever_it_stands(project):
    with pytest.raises(OptionError):
        write(project, options={"a": "\ud800"})
    with pytest.raises(OptionError):
        write(project, step="\ud800")
    assert project.verify() == ()


def test_numbers_of_numpy_are_plain_numbers_in_options(project):
    made = write(project, options={"cells": np.int64(7), "km": np.float64(0.5)})
    assert made.options == {"cells": 7, "km": 0.5}


@pytest.mark.parametrize("name", ["", "Cells", "cells/../x", "1cell", "a-b", "a" * 64])
def test_a_name_that_is_no_name_is_refused(project, name):
    with pytest.raises(UnknownNameError):
        write(project, name=name)


def test_a_time_that_is_no_time_is_refused(project):
    with pytest.raises(DateOptionError):
        write(project, at="yesterday")


def test_a_table_not_made_yet_is_told_so(project):
    write(project)
    with pytest.raises(TableMissingError) as caught:
        project.read("scores")
    assert caught.value.fields["table"] == "scores"
    with pytest.raises(TableMissingError):
        project.read("cells", at="0" * 64)


def test_a_second_project_in_one_folder_is_refused(project):
    write(project)
    before = everything_in(project.path)
    with pytest.raises(ProjectExistsError):
        Project.create(project.path)
    assert everything_in(project.path) == before


def test_a_project_is_made_in_a_folder_that_holds_other_things(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    Project.create(tmp_path)
    assert Project.open(tmp_path).verify() == ()
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("there", ["nothing", "folder", "empty_file"])
def test_where_there_is_no_project_it_is_told_so(tmp_path, there):
    path = tmp_path / "border"
    if there != "nothing":
        path.mkdir()
    if there == "empty_file":
        # what a stopped `create` can leave; it can be made anew
        (path / "riskmap.sqlite").touch()
    with pytest.raises(ProjectMissingError):
        Project.open(path)
    Project.create(path)
    assert Project.open(path).snapshots() == ()


def set_pragma(project, text):
    with contextlib.closing(sqlite3.connect(project.path / "riskmap.sqlite")) as c:
        c.execute(f"PRAGMA {text}")
        c.commit()


def test_a_project_of_a_newer_riskmap_is_refused_by_every_door(project):
    write(project)
    set_pragma(project, f"user_version = {ledger.SCHEMA_VERSION + 1}")
    with pytest.raises(ProjectNewerError) as caught:
        Project.open(project.path)
    assert caught.value.fields["found"] == ledger.SCHEMA_VERSION + 1
    assert caught.value.fields["known"] == ledger.SCHEMA_VERSION
    before = everything_in(project.path)
    for use in (
        lambda: write(project, 2),
        lambda: project.read("cells"),
        project.verify,
        lambda: project.batches("incidents"),
    ):
        with pytest.raises(ProjectNewerError):
            use()
    assert everything_in(project.path) == before


def test_somebody_elses_database_is_no_project(project):
    set_pragma(project, "application_id = 1")
    with pytest.raises(TableCorruptError):
        Project.open(project.path)


def test_a_file_where_the_folder_should_be_is_unwritable(tmp_path):
    path = tmp_path / "border"
    path.write_text("a file")
    with pytest.raises(FolderUnwritableError):
        Project.create(path)
    with pytest.raises(FolderUnwritableError):
        Project.create(path / "below")
    assert path.read_text() == "a file"


def test_a_writer_who_waits_too_long_is_told_and_nothing_changes(project):
    write(project)
    impatient = Project.open(project.path, wait_s=0.05)
    place = project.path / "riskmap.sqlite"
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectBusyError):
            write(impatient, 2)
        # who only reads does not wait
        assert_frame_equal(impatient.read("cells"), cells(1))
        assert impatient.verify() == ()
        other.execute("ROLLBACK")
    write(impatient, 2)


def test_a_reader_sees_the_old_table_while_a_new_one_is_written(tmp_path):
    seen = []
    path = tmp_path / "border"

    def look(point):
        if seen is not None and point.startswith(("file", "ledger")):
            seen.append((point, Project.open(path).read("cells")))

    write(Project.create(path))
    write(Project.open(path, fault_point=look), 2)
    for point, table in seen:
        assert_frame_equal(table, cells(2 if point == "ledger.committed" else 1))
    assert len(seen) == 7


def test_sql_sees_the_newest_tables(project):
    write(project, 1)
    write(project, 2)
    project.write("incidents", incidents(1), step="ingest", options={}, inputs={})
    found = project.sql("SELECT cell, km FROM cells ORDER BY cell")
    assert found["cell"].dtype == "uint64"
    assert found["cell"].tolist() == cells(2).index.tolist()
    assert found["km"].tolist() == cells(2)["km"].tolist()
    found = project.sql(
        "WITH deadly AS (SELECT * FROM incidents WHERE dead > 0) "
        "SELECT count(*) AS n, (SELECT count(*) FROM cells) AS cells FROM deadly"
    )
    assert found.to_dict("records") == [
        {"n": int((incidents(1)["dead"] > 0).sum()), "cells": 40}
    ]


def test_sql_sees_only_the_tables_it_was_given(project):
    write(project)
    write(project, name="zones")
    with pytest.raises(QueryError):
        project.sql("SELECT * FROM zones", tables=["cells"])
    with pytest.raises(TableMissingError):
        project.sql("SELECT 1", tables=["scores"])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM glob('{file}')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "SELECT * FROM sqlite_scan('{file}', 'entry')",
        "SELECT getenv('HOME')",
        "COPY cells TO '{file}2'",
        "ATTACH '{file}2'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM query('ATTACH ''{file}2''')",
        "SELECT * FROM project",
        "SELECT * FROM tables",
        "SELECT 1; SELECT 2",
        "CREATE TABLE t AS SELECT 1",
        "EXPORT DATABASE '{file}2'",
        "PRAGMA database_list",
        "selec",
        "",
    ],
)
def test_sql_reaches_neither_file_nor_network_nor_settings(project, tmp_path, text):
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    write(project)
    with pytest.raises(QueryError):
        project.sql(text.format(file=file))
    assert sorted(found.name for found in tmp_path.iterdir()) == [
        "border",
        "secret.csv",
    ]


def test_sql_gives_the_same_bits_every_time(project):
    write(project)
    text = "SELECT sum(km) AS km, current_setting('TimeZone') AS zone FROM cells"
    first, second = project.sql(text), project.sql(text)
    assert first["km"].tolist() == second["km"].tolist()
    assert first["zone"].tolist() == ["UTC"]


NOBODY = 65534

AS_NOBODY = """
import os, pathlib, sys
from riskmap.errors import FolderUnwritableError
from riskmap.project import Project
from tests.project.tables_of_tests import cells, deliver

def look(path):
    project = Project.open(path)
    assert project.read("cells").equals(cells(1))
    assert project.verify() == ()
    assert len(project.batches("incidents").accepted()) == 12

def use(path):
    project = Project.open(path)
    project.write("other", cells(2), step="", options={}, inputs={})

def make(path):
    Project.create(path + "/below")

# once as root, so that all is imported
look(sys.argv[1])
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
look(sys.argv[1])
for refused in (use, make):
    try:
        refused(sys.argv[1])
    except FolderUnwritableError:
        continue
    raise SystemExit("it was written")
"""


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be nobody"
)
def test_who_may_not_write_can_still_read_and_verify():
    # pytest's own folders are closed to others
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        path = Path(name)
        path.chmod(0o755)
        project = Project.create(path / "border")
        write(project)
        deliver(project, 1)
        before = everything_in(path)
        found = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, project.path, str(NOBODY)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        assert everything_in(path) == before
