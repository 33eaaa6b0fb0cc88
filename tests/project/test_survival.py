"""Killed, out of space, out of power, in a crowd: nothing acknowledged is lost.

A small number of trials; `make torture` runs a large one.
"""

import errno
import json
import os
import subprocess
import sys

import pytest

from riskmap.errors import (
    DiskFullError,
    FolderFailingError,
    FolderUnwritableError,
    ProjectError,
)
from riskmap.project import FAULT_POINTS, Project
from tests.project import survival
from tests.project.tables_of_tests import cells, deliver

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="trials fork and preload: Linux only"
)


ERRORS_MET = {("write", "ENOSPC"), ("sync", "EIO"), ("open", "EMFILE")}


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    """All trials, run once in one program: to import takes longer than a trial."""
    faulty = survival.compiled(tmp_path_factory.mktemp("faulty"))
    wanted = [*survival.at_points(1), *survival.at_moments(6)]
    if faulty is not None:
        wanted += survival.at_power_losses(151)
        wanted += [
            trial
            for trial in survival.at_errors(97)
            if (trial["kind"], trial["error"]) in ERRORS_MET and not trial["lasting"]
        ]
    return survival.run(wanted, faulty)


def survived(trials, how):
    """The trials of one kind, after a look that none went wrong."""
    found = [trial for trial in trials if trial["how"] == how]
    if not found:
        pytest.skip("no C compiler: SQLite's own file calls cannot be made to fail")
    for trial in found:
        assert trial["wrong"] == [], trial
    return found


def test_killed_at_every_named_moment_it_survives(trials):
    found = survived(trials, "point")
    assert all(trial["reached"] for trial in found)
    assert {trial["point"] for trial in found} == set(FAULT_POINTS)


def test_killed_at_any_moment_it_survives(trials):
    assert len(survived(trials, "moment")) == 6


def test_out_of_power_at_some_moments_it_survives(trials):
    assert all(trial["reached"] >= 3 for trial in survived(trials, "power"))


def test_at_some_failing_calls_it_survives(trials):
    assert sum(trial["reached"] for trial in survived(trials, "error")) >= 3


def test_readers_and_writers_at_once_meet_no_error(tmp_path):
    program = (
        "import json, pathlib, sys\n"
        "from tests.project.crowd import crowd\n"
        "print(json.dumps(crowd(pathlib.Path(sys.argv[1]), seconds=2.5)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "border"],
        capture_output=True,
        text=True,
        check=True,
        cwd=survival.ROOT,
    )
    wrong, deliveries = json.loads(found.stdout)
    assert wrong == []
    assert deliveries > 0


def test_the_app_readers_and_writers_at_once_meet_no_error(tmp_path):
    command = [sys.executable, "-m", "tests.project.served_crowd", tmp_path, "3"]
    found = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=survival.ROOT
    )
    wrong, deliveries, visits = json.loads(found.stdout)
    assert wrong == []
    assert deliveries > 0
    assert visits > 0


NAMED = {
    errno.ENOSPC: DiskFullError,
    errno.EDQUOT: DiskFullError,
    errno.EACCES: FolderUnwritableError,
    errno.EROFS: FolderUnwritableError,
    errno.EIO: FolderFailingError,
    errno.EMFILE: FolderFailingError,
}


def failure_of(action):
    """The error of the tree that an action ends with, if it does."""
    try:
        action()
    except ProjectError as error:
        return error
    return None


def everything_in(path):
    found = [place for place in path.rglob("*") if place.is_file()]
    return {place: place.read_bytes() for place in found}


@pytest.mark.parametrize("number", NAMED, ids=errno.errorcode.get)
@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
def test_a_failing_call_is_named_and_leaves_the_project_as_it_was(
    tmp_path, monkeypatch, call, number
):
    project = Project.create(tmp_path / "border")
    deliver(project, 1)
    before = everything_in(project.path)
    real = getattr(os, call)
    met = 0
    for nth in range(1, 40):
        left = nth

        def failing(*values, **named):
            nonlocal left
            left -= 1
            if left == 0:
                raise OSError(number, os.strerror(number))
            return real(*values, **named)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            error = failure_of(lambda: deliver(project, 2))
        if error is None:
            assert left > 0, "the error was swallowed"
            break
        assert type(error) is NAMED[number]
        assert error.fields["path"] == str(project.path)
        met += 1
        assert everything_in(project.path) == before
    assert met >= 2
    assert len(project.batches("incidents")) == 2
    assert project.verify() == ()


def test_a_full_database_is_a_full_disk(tmp_path, monkeypatch):
    project = Project.create(tmp_path / "border")
    connect = survival.sqlite3.connect

    def small(*values, **named):
        connection = connect(*values, **named)
        connection.execute("PRAGMA max_page_count = 7")
        return connection

    def fill():
        for number in range(200):
            options = {"number": number, "text": "x" * 500}
            project.write("cells", cells(1), step="s", options=options, inputs={})

    monkeypatch.setattr(survival.sqlite3, "connect", small)
    with pytest.raises(DiskFullError):
        fill()
    monkeypatch.undo()
    assert Project.open(project.path).verify() == ()
