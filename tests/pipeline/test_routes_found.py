"""New routes asked of the bundled border: kept, walled, refused in words."""

import shutil

import pytest
import shapely

from riskmap import pipeline
from riskmap.errors import TooFewError
from riskmap.i18n import Words
from riskmap.pipeline.map_layers import offered
from riskmap.pipeline.steps import STEPS
from riskmap.project import Project

Asked = pipeline.Asked
QUICK = pipeline.RouteOptions(recent_days=365, deals=49)


@pytest.fixture(scope="module")
def border(ran, tmp_path_factory):
    """A copy of the project that has been run, to write results into."""
    folder = tmp_path_factory.mktemp("routes") / "border"
    shutil.copytree(ran.path, folder)
    return Project.open(folder)


@pytest.fixture(scope="module")
def found(border):
    return pipeline.new_routes(border, Asked(), QUICK)


def test_routes_are_stored_and_offered_to_the_map(border, found):
    stored = border.read("routes_migrant_danger")
    assert set(stored["purpose"]) == {"life_saving"}
    assert "routes_migrant_danger" in {layer.name for layer in offered(border)}
    assert found.facts["recent_from_on"] == "2021-01-01"
    named = set(found.cells.loc[found.cells["route"] > 0, "route"])
    assert named <= set(found.routes.loc[found.routes["new"], "rank"])


def test_ground_that_nobody_watches_has_no_routes_and_no_data(found):
    assert {"none", "no_data"} <= set(found.cells["state"])


def test_no_score_reads_the_routes():
    assert not any("routes" in need for step in STEPS for need in step.needs)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_too_short_a_history_is_refused_in_words(border, lang):
    with pytest.raises(TooFewError) as caught:
        pipeline.new_routes(border, Asked(), pipeline.RouteOptions(recent_days=3000))
    words = Words(lang)
    assert words.text("error.too_few.what.days") in words.error(caught.value)
    one_day = pipeline.RouteOptions(recent_days=1)
    with pytest.raises(TooFewError) as few:
        pipeline.new_routes(border, Asked(to_on="2021-12-31"), one_day)
    assert "--recent-days" in Words(lang).error(few.value)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("what", ["dated", "cells"])
def test_records_that_tell_no_chain_are_refused(border, monkeypatch, what, lang):
    read = Project.read
    table = read(border, "incidents").copy()
    if what == "dated":
        table["time_precision"] = "year"
        table["time_precision"] = table["time_precision"].astype("str")
    else:
        mine = table["kind"].isin(["migrant_death", "migrant_disappearance"])
        table = table.set_geometry(
            table.geometry.where(~mine, shapely.Point(-111.35, 31.6))
        )
        table["accuracy_m"] = 100.0

    def instead(project, name, **at):
        return table if name == "incidents" else read(project, name, **at)

    monkeypatch.setattr(Project, "read", instead)
    with pytest.raises(TooFewError) as caught:
        pipeline.new_routes(border, Asked(), QUICK)
    words = Words(lang)
    assert words.text(f"error.too_few.what.{what}") in words.error(caught.value)
