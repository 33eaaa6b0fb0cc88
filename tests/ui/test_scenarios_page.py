"""The page «Scenarios» in both languages, without a browser."""

import json
import shutil
import time

import pytest
from streamlit.testing.v1 import AppTest

from riskmap import pipeline
from riskmap.i18n import LANGUAGES, Words
from riskmap.project import Project
from riskmap.ui import access, jobs, scenario_view, scenarios, tables

HOSTILE = "<b>áspero</b> **x**"
PATIENCE_S = 60


def page():
    """The page; runs inside Streamlit."""
    from riskmap.ui import scenarios_page  # noqa: PLC0415 it runs as its own script

    scenarios_page.show()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with three scenarios, one under a name that tries to be markup."""
    project = pipeline.create_project(tmp_path_factory.mktemp("scenarios") / "border")
    pipeline.run(project, resolution=5, half_width_km=20.0)
    danger, risk = pipeline.SCORES[:2]
    for name, changes in (
        (HOSTILE, pipeline.Changes(target=danger, weights={"place": 3.0})),
        ("January", pipeline.Changes(target=danger, month=1)),
        ("patrols", pipeline.Changes(target=risk, weights={"place": 3.0})),
    ):
        pipeline.create_scenario(project, name, changes)
    return project


@pytest.fixture
def project(made, tmp_path):
    """A copy of it, for one test."""
    shutil.copytree(made.path, tmp_path / "border")
    return Project.open(tmp_path / "border")


@pytest.fixture(autouse=True)
def shown(monkeypatch, view, request):
    own = "project" in request.fixturenames
    held = request.getfixturevalue("project" if own else "made")
    monkeypatch.setattr(tables, "load", lambda: view)
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(held.path))


def run(lang="en", **asked):
    tested = AppTest.from_function(page, default_timeout=60)
    for name, value in {"lang": lang, **asked}.items():
        tested.query_params[name] = value
    tested.run()
    assert not tested.exception
    return tested


def blocks_of(tested):
    parts = tested.get("bidi_component")
    held = [json.loads(part.proto.json) for part in parts]
    return [block for one in held for block in one.get("blocks", [])]


def tables_of(tested):
    return [block for block in blocks_of(tested) if block["kind"] == "table"]


def button(tested, key):
    return next(one for one in tested.button if one.key == key)


def field(tested, name, lang="en"):
    every = [*tested.text_input, *tested.selectbox]
    return next(one for one in every if one.key == f"{name}@{lang}")


def finished(tested):
    """Wait for the work of the page, and draw it again."""
    end = time.monotonic() + PATIENCE_S
    while tested.session_state["job.scenario"].running:
        assert time.monotonic() < end
        time.sleep(0.05)
    tested.run()
    assert not tested.exception
    return tested


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_names_each_scenario_with_its_changes_and_its_map(lang):
    words = Words(lang)
    register = tables_of(run(lang))[0]
    assert [row[0] for row in register["rows"]] == [HOSTILE, "January", "patrols"]
    assert words.text("part.place") in register["rows"][0][3]
    link = register["rows"][0][-1]["href"]
    assert link.startswith(
        f"./?lang={lang}&layer=migrant_danger&with=value-scenario_s1"
    )
    assert "difference=yes" in link
    assert "layer=value-heat_debt_l" in register["rows"][1][-1]["href"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rank_changes_stand_with_intervals_reasons_and_doubt(lang):
    words = Words(lang)
    tested = run(lang, scenario="s1")
    cells, zones = tables_of(tested)[1:]
    assert len(cells["rows"]) == scenario_view.ROWS
    first = cells["rows"][0]
    assert first[0]["href"].startswith("./?lang=")
    assert "→" in first[3]
    assert "(" in first[4]
    assert first[-1] == words.text("scenario.doubt.within")
    assert zones["folded"]
    points = next(b for b in blocks_of(tested) if b["kind"] == "listed")["points"]
    assert words.text("scenario.said.within") in points


def test_another_scenario_can_stand_beside_it_if_it_is_of_the_same_score():
    tested = run(scenario="s1")
    assert field(tested, "beside").options == [
        Words("en").text("scenario.base"),
        "January",
    ]
    tested = run(scenario="s3")
    assert field(tested, "beside").options == [Words("en").text("scenario.base")]


def test_an_address_opens_the_same_comparison():
    tested = run("es", scenario="s2", what="heat_chance", order="rank")
    heading = next(b for b in blocks_of(tested) if b["kind"] == "heading")["text"]
    assert Words("es").text("layer.heat_chance") in heading
    assert tested.query_params["scenario"] == "s2"
    assert tested.query_params["what"] == "heat_chance"


def test_an_address_of_a_scenario_that_is_none_opens_the_first():
    tested = run(scenario="<script>", beside="s99", what="luck")
    assert field(tested, "scenario").value == "s1"


def test_two_people_do_not_see_each_others_choices():
    one, other = run(scenario="s1"), run(scenario="s3")
    field(one, scenarios.NAME).set_value("mine alone").run()
    field(one, "scenario").select("s2").run()
    other.run()
    assert field(other, "scenario").value == "s3"
    assert field(other, scenarios.NAME).value == ""


def test_a_month_cannot_be_chosen_for_patrols():
    tested = run()
    keys = {one.key for one in tested.selectbox}
    assert f"{scenarios.MONTH}@en" in keys
    field(tested, scenarios.TARGET).select("patrol_risk").run()
    assert f"{scenarios.MONTH}@en" not in {one.key for one in tested.selectbox}


def test_a_scenario_is_made_and_shown(project):
    tested = run()
    field(tested, scenarios.NAME).set_value("more uniform").run()
    field(tested, f"{scenarios.WEIGHT}uniform").select(5.0).run()
    button(tested, "make").click().run()
    finished(tested)
    found = pipeline.list_scenarios(project)[-1]
    assert (found.name, found.changes.weights) == ("more uniform", {"uniform": 5.0})
    assert field(tested, "scenario").value == found.scenario_id
    said = [block.get("text", "") for block in blocks_of(tested)]
    assert any("more uniform" in one for one in said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_made_is_said_and_nothing_is_kept(project, lang):
    tested = run(lang)
    field(tested, scenarios.NAME, lang).set_value("nothing").run()
    button(tested, "make").click().run()
    finished(tested)
    told = Words(lang).text("error.scenario_refused.reason.nothing")
    assert any(told in block.get("text", "") for block in blocks_of(tested))
    assert len(pipeline.list_scenarios(project)) == 3


def test_a_scenario_is_renamed_and_taken_off(project):
    tested = run(scenario="s2")
    field(tested, scenarios.CALLED).set_value("cold").run()
    button(tested, "rename").click().run()
    assert pipeline.find_scenario(project, "s2").name == "cold"
    assert "cold" in field(tested, "scenario").options
    button(tested, "remove").click().run()
    assert [one.scenario_id for one in pipeline.list_scenarios(project)] == ["s1", "s3"]
    assert not tested.exception


def test_work_can_be_stopped_and_leaves_nothing(project):
    tested = run()
    job = jobs.Job(
        lambda told: pipeline.create_scenario(
            project,
            "stopped",
            pipeline.Changes(target="migrant_danger", weights={"far_old": 2.0}),
            progress=told,
        ),
        last_chance="store",
    )
    job.stop()
    job.wait()
    assert job.stopped
    assert len(pipeline.list_scenarios(project)) == 3
    assert tested


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stale_scenario_says_so_and_has_no_map(project, lang):
    fewer = project.read("incidents").iloc[:-300]
    project.write("incidents", fewer, step="linked", options={}, inputs={})
    tested, words = run(lang, scenario="s1"), Words(lang)
    register = tables_of(tested)[0]
    assert register["rows"][0][4] == words.text("scenario.state.stale")
    assert register["rows"][0][-1] == scenario_view.NONE
    points = next(b for b in blocks_of(tested) if b["kind"] == "listed")["points"]
    assert points[0] == words.text("scenario.stale")
    button(tested, "refresh").click().run()
    finished(tested)
    state = tables_of(tested)[0]["rows"][0][4]
    assert state == words.text("scenario.state.current")
