"""The shelf: what riskmap brings is registered with what was measured of it."""

import shutil

import pytest

from riskmap import pipeline
from riskmap.pipeline.model_shelf import register_brought
from riskmap.pipeline.views import SCORES


@pytest.mark.parametrize("target", SCORES)
def test_a_score_is_registered_with_its_own_metrics_not_another_s(
    ran, tmp_path, target
):
    folder = tmp_path / "border"
    shutil.copytree(ran.path, folder)
    project = pipeline.open_project(folder)
    # the table of a run holds both scores
    skill = pipeline.skill(project)
    assert set(skill["score"]) == set(SCORES)
    register_brought(project, target, "2022-01-01T00:00:00+00:00", lambda: skill)
    told = pipeline.model_facts(project, f"{target}-0000")["metrics"]
    own = skill[(skill["score"] == target) & (skill["versus"] == "")]
    measured = own.set_index(["model", "metric"])["value"]
    assert {(m, n) for m, row in told.items() for n in row} == set(measured.index)
    for model, row in told.items():
        for metric, value in row.items():
            assert value == pytest.approx(measured[model, metric], nan_ok=True)
