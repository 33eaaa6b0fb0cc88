"""The page «Change» in both languages, without a browser."""

import json
import shutil

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from riskmap import pipeline
from riskmap.errors import TooFewError
from riskmap.i18n import LANGUAGES, Words
from riskmap.project import Project
from riskmap.ui import access, tables
from riskmap.ui.area_address import write_address

AREA = shapely.MultiPolygon([shapely.box(-111.7, 31.3, -111.0, 32.0)])


def page():
    """The page; runs inside Streamlit."""
    from riskmap.ui import change_page  # noqa: PLC0415 it runs as a script of its own

    change_page.show()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project that has been asked of places, of routes and of an operation."""
    made = pipeline.create_project(tmp_path_factory.mktemp("change") / "border")
    pipeline.run(made, resolution=5, half_width_km=20.0)
    pipeline.hot_cells(made, pipeline.Asked(), pipeline.HotspotOptions(draws=999))
    pipeline.new_routes(
        made, pipeline.Asked(), pipeline.RouteOptions(recent_days=365, deals=49)
    )
    pipeline.near_repeats(
        made,
        pipeline.Asked(kind="migrant_death"),
        pipeline.NearRepeatOptions(deals=399),
    )
    given = {"kind": "checkpoint", "from_on": "2018-01-01"}
    pipeline.add_operation(made, "<b>altar", AREA, **given)
    pipeline.displacement(made, "<b>altar", pipeline.Asked())
    return made


@pytest.fixture(autouse=True)
def shown(monkeypatch, view, project):
    monkeypatch.setattr(tables, "load", lambda: view)
    monkeypatch.setenv(access.PROJECT_VARIABLE, str(project.path))


def run(lang, question, **asked):
    tested = AppTest.from_function(page, default_timeout=60)
    for name, value in {"lang": lang, "question": question, **asked}.items():
        tested.query_params[name] = value
    tested.run()
    assert not tested.exception
    return tested


def blocks_of(tested):
    parts = tested.get("bidi_component")
    return [block for part in parts for block in json.loads(part.proto.json)["blocks"]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("question", pipeline.QUESTIONS)
def test_every_question_tells_its_method_and_its_limits(lang, question):
    tested, words = run(lang, question), Words(lang)
    assert tested.title[0].value == words.text("change.page.title")
    said = [block.get("text", "") for block in blocks_of(tested)]
    for part in ("method", "limits"):
        assert words.text(f"change.{part}.{question}") in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_found_links_to_its_layer(lang):
    found = [b for b in blocks_of(run(lang, "hotspots")) if b["kind"] == "table"]
    link = found[-1]["rows"][0][1]
    assert link["href"].startswith(f"./?lang={lang}&layer=value-hotspots_")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_never_asked_is_not_shown_as_nothing_found(lang):
    said = [block.get("text", "") for block in blocks_of(run(lang, "scan"))]
    assert Words(lang).text("change.page.never") in said


def test_displacement_draws_the_area_and_each_ring():
    found = [b for b in blocks_of(run("es", "displacement")) if b["kind"] == "whiskers"]
    assert len(found[0]["rows"]) == 4
    assert all(row["low"] <= row["value"] <= row["high"] for row in found[0]["rows"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_displacement_draws_the_score_and_says_what_it_cannot_tell(lang):
    shown = blocks_of(run(lang, "displacement"))
    found = [b for b in shown if b["kind"] == "whiskers"]
    assert [len(one["rows"]) for one in found] == [4, 4]
    said = [block.get("text", "") for block in shown]
    assert Words(lang).text("change.danger.limits") in said


SQUARE = [[[[-111.5, 31.4], [-111.0, 31.4], [-111.0, 31.9], [-111.5, 31.9]]]]


def fill(tested, **given):
    for name, value in given.items():
        tested.text_input(key=name).input(value)
    tested.button(key="FormSubmitter:operation-" + tested.form_label).click().run()
    assert not tested.exception
    return tested


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_drawn_on_the_map_becomes_an_operation(project, lang):
    tested, words = run(lang, "displacement", area=write_address(SQUARE)), Words(lang)
    tested.form_label = words.text("change.add.button")
    fill(tested, op_name=f"wall {lang}", op_from="2018-01-01")
    said = [block.get("text", "") for block in blocks_of(tested)]
    assert words.text("change.add.done") in said
    kept = pipeline.list_operations(project).set_index("operation_id")
    assert kept.loc[f"wall {lang}", "kind"] == "checkpoint"
    bounds = kept.loc[f"wall {lang}", "geometry"].bounds
    assert bounds == pytest.approx((-111.5, 31.4, -111.0, 31.9), abs=1e-3)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"op_name": " ", "op_from": "2018-01-01"}, "change.add.nameless"),
        ({"op_name": "odd", "op_from": "in May"}, ""),
        ({"op_name": "odd", "op_from": "2018-01-01", "op_to": "2017-01-01"}, ""),
    ],
)
def test_an_operation_that_cannot_be_is_refused_in_words(project, lang, given, said):
    tested, words = run(lang, "displacement", area=write_address(SQUARE)), Words(lang)
    tested.form_label = words.text("change.add.button")
    fill(tested, **given)
    alerts = [b["text"] for b in blocks_of(tested) if b.get("role") == "alert"]
    wanted = words.text(said) if said else given.get("op_to") or given["op_from"]
    assert any(wanted in text for text in alerts)
    assert "odd" not in set(pipeline.list_operations(project)["operation_id"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_an_area_the_page_says_where_to_draw_one(lang):
    said = [block.get("text", "") for block in blocks_of(run(lang, "displacement"))]
    assert Words(lang).text("change.add.no_area") in said


def test_near_repeats_draw_a_line_for_each_band_of_distance():
    asked = {"kind": "migrant_death"}
    drawn = [b for b in blocks_of(run("en", "nearrepeat", **asked)) if "lines" in b]
    assert len(drawn[0]["lines"]) == 4


def test_asking_of_one_source_is_refused(project):
    # the sample has one source on each side of the wall
    with pytest.raises(TooFewError):
        pipeline.ask_change(project, "undercount", "migrant_danger")


def test_an_answer_made_of_other_records_says_so(project, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(project.path, folder)
    copy = Project.open(folder)
    coverage = copy.read("coverage")
    copy.write("coverage", coverage.iloc[:-1], step="coverage", options={}, inputs={})
    assert not pipeline.view_change(copy, "routes", "migrant_danger").of_now
