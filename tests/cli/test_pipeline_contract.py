"""The fake pipeline is like the true one in all that the command line uses."""

import dataclasses
import inspect

import pytest

from riskmap import pipeline
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline.steps import REGISTERS, STEPS
from tests.cli import fake_pipeline as fake

FUNCTIONS = (
    "create_project",
    "open_project",
    "local_clearance",
    "open_for",
    "open_to",
    "run",
    "ingest_incidents",
    "ingest_landmarks",
    "latest_faults",
    "today",
    "scores",
    "skill",
    "zones",
    "layers",
    "export",
    "what_leaves",
    "status",
    "verify",
)
REPORTS = (
    "StepReport",
    "RunReport",
    "BatchReport",
    "TableStatus",
    "CoverageRow",
    "Status",
    "Finding",
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_takes_what_the_command_line_gives(name):
    fakes = inspect.signature(getattr(fake, name)).parameters.values()
    by_name = {p.name: None for p in fakes if p.default is not inspect.Parameter.empty}
    by_place = [None] * (len(fakes) - len(by_name))
    inspect.signature(getattr(pipeline, name)).bind(*by_place, **by_name)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_holds_what_the_command_line_prints(name):
    true = {field.name for field in dataclasses.fields(getattr(pipeline, name))}
    false = {field.name for field in dataclasses.fields(getattr(fake, name))}
    assert false <= true


def test_the_lists_of_names_are_the_same():
    assert pipeline.SCORES == fake.SCORES
    assert set(pipeline.FORMATS) == set(fake.FORMATS)
    assert pipeline.CARD_FORMS == fake.CARD_FORMS
    assert pipeline.LANDMARK_SIDES == fake.LANDMARK_SIDES
    assert set(fake.FAULT_CODES) <= set(pipeline.FAULT_CODES)


def test_the_last_faults_have_the_columns_that_are_printed(tmp_path):
    project = pipeline.create_project(tmp_path / "border", empty=True)
    columns = set(pipeline.latest_faults(project, "landmarks").columns)
    assert set(fake.latest_faults(None, "landmarks").columns) <= columns


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_has_a_name_for_the_progress_bar(lang):
    for step in (*REGISTERS, *STEPS):
        assert Words(lang).has(f"step.{step.name}"), step.name
