"""The command line on a pipeline that computes nothing, and on the true one."""

import shutil
import sys
from pathlib import Path

import pytest

import riskmap
from riskmap import pipeline
from riskmap.cli import program
from tests.cli import fake_pipeline


@pytest.fixture
def fake(monkeypatch):
    """Stand the fake pipeline in for the true one; tests change its answers."""
    monkeypatch.setitem(sys.modules, "riskmap.pipeline", fake_pipeline)
    monkeypatch.setattr(riskmap, "pipeline", fake_pipeline, raising=False)
    before = dict(fake_pipeline.STATE)
    yield fake_pipeline
    fake_pipeline.STATE.update(before)


@pytest.fixture
def run(fake, tmp_path, capsys, monkeypatch):
    """Run a command line on an empty folder; give code, stdout and stderr."""
    fake.STATE["project"] = None
    monkeypatch.setenv("COLUMNS", "80")

    def command(*arguments, lang="en", **environment):
        variables = {"RISKMAP_PROJECT": str(tmp_path), "RISKMAP_LANG": lang}
        code = program.run(list(arguments), variables | environment)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture(scope="session")
def border(tmp_path_factory):
    """A true project without incidents, for commands that only look."""
    folder = tmp_path_factory.mktemp("true") / "border"
    pipeline.create_project(folder, empty=True)
    return folder


@pytest.fixture(scope="session")
def known(border):
    """What that project knows of places, read once."""
    return pipeline.read_whereabouts(pipeline.open_project(border))


@pytest.fixture
def own_border(border, tmp_path):
    """A copy of the true project that a test may change."""
    return Path(shutil.copytree(border, tmp_path / "border"))


@pytest.fixture
def ask(border, known, capsys, monkeypatch):
    """Run a command line on a true project; give code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(pipeline, "read_whereabouts", lambda _: known)

    def command(*arguments, lang="en", project=border):
        variables = {"RISKMAP_PROJECT": str(project), "RISKMAP_LANG": lang}
        code = program.run(list(arguments), variables)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command
