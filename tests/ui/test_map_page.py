"""The map page in both languages, without a browser."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import riskmap.ui
from riskmap.errors import ProjectMissingError
from riskmap.i18n import Words
from riskmap.ui import tables
from tests.ui.views import tiny_view
from tests.webmap.tiny import hostile

MAIN = str(Path(riskmap.ui.__file__).parent / "main.py")


@pytest.fixture(autouse=True)
def shown(monkeypatch, view):
    monkeypatch.setattr(tables, "load", lambda: view)
    monkeypatch.setattr(tables, "is_stale", lambda: False)


def run(**address):
    tested = AppTest.from_file(MAIN, default_timeout=30)
    for name, value in address.items():
        tested.query_params[name] = value
    tested.run()
    assert not tested.exception
    return tested


def sent(tested):
    """What the page sends to the map."""
    return json.loads(tested.get("bidi_component")[0].proto.json)


def first_cell(view):
    table = view.tables.cells
    return f"{table.index[table['migrant_danger_rank'] == 1][0]:x}"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_speaks_the_language_asked_for(lang):
    tested = run(lang=lang)
    assert tested.title[0].value == Words(lang).text("ui.title")
    state = sent(tested)["state"]
    assert state["language"] == lang
    assert state["words"]["map.no_data"] == Words(lang).text("map.no_data")


def test_changing_the_language_keeps_layer_cell_and_view(view):
    cell = first_cell(view)
    tested = run(lang="en", cell=cell, at="31.3,-110.9,10")
    tested.radio(key="layer@en").set_value("kind-migrant_death").run()
    tested.segmented_control(key="lang").set_value("es").run()
    tested.run()
    state = sent(tested)["state"]
    assert (state["language"], state["layer"]) == ("es", "kind-migrant_death")
    assert (state["cell"], state["view"]) == (cell, [31.3, -110.9, 10.0])


def test_a_chosen_cell_comes_with_its_reasons(view):
    card = sent(run(lang="en", cell=first_cell(view)))["state"]["card"]
    assert card["bars"][0]["share"] == 1
    assert card["total"] == card["figure"]


def test_incidents_are_shown_with_the_zones_of_their_own_purpose():
    state = sent(run(lang="en", layer="kind-violence_nonstate"))["state"]
    assert state["score"] == "patrol_risk"


def test_the_page_says_as_of_when_and_how_good():
    (said,) = [text.value for text in run(lang="en").text]
    assert "January 1, 2022" in said
    assert "61%" in said
    assert "52%" in said


def test_landmarks_can_be_left_out():
    tested = run(lang="en")
    tested.pills(key="marks@en").set_value([]).run()
    assert sent(tested)["state"]["landmarks"] == []


def test_a_rerun_sends_little(view):
    raw = run(lang="en", cell=first_cell(view)).get("bidi_component")[0].proto.json
    assert len(raw) < 20_000


def test_only_addresses_of_this_server_are_sent():
    data = sent(run(lang="en"))
    assert all(
        data[name].startswith("/riskmap/") for name in ("bundle", "style", "map")
    )


def test_a_stale_project_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(tables, "is_stale", lambda: True)
    assert run(lang="es").warning[0].value == Words("es").text("ui.stale")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_missing_project_is_a_sentence_not_a_trace(monkeypatch, lang):
    def refuse():
        msg = "nothing there"
        raise ProjectMissingError(msg, path="/nowhere")

    monkeypatch.setattr(tables, "load", refuse)
    monkeypatch.setenv("RISKMAP_LANG", lang)
    tested = run()
    said = [text.value for text in tested.text]
    assert "/nowhere" in said[0]
    assert said[1] == Words(lang).text("ui.no_project")


def test_hostile_names_never_reach_a_widget_or_markup(monkeypatch):
    loud = tiny_view(names=(hostile(0), hostile(1)))
    monkeypatch.setattr(tables, "load", lambda: loud)
    tested = run(lang="en")
    shown = [*tested.markdown, *tested.get("html"), *tested.text, *tested.warning]
    assert not [item for item in shown if "alert(" in str(item.value)]
