"""The command line on a pipeline that computes nothing."""

import sys

import pytest

import riskmap
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
