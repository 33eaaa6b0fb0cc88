"""A project on the bundled data, coarse and narrow so that a run takes seconds."""

import datetime

import pytest

from riskmap import pipeline

COARSE = {"resolution": 5, "half_width_km": 20.0}

KNOWN_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def ran(tmp_path_factory):
    """A project that has been run once, for tests that only look."""
    project = pipeline.create_project(tmp_path_factory.mktemp("ran") / "border")
    pipeline.run(project, **COARSE)
    return project


@pytest.fixture
def empty(tmp_path):
    """A project without incidents."""
    return pipeline.create_project(tmp_path / "empty", empty=True)
