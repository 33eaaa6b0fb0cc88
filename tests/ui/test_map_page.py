"""The map page in both languages, without a browser."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import riskmap.ui
from riskmap.errors import ProjectMissingError
from riskmap.i18n import Words
from riskmap.ui import places, tables
from tests.ui.views import tiny_region, tiny_view
from tests.webmap.tiny import hostile

MAIN = str(Path(riskmap.ui.__file__).parent / "main.py")


@pytest.fixture(autouse=True)
def shown(monkeypatch, view, known):
    monkeypatch.setattr(tables, "load", lambda: view)
    monkeypatch.setattr(tables, "region", tiny_region)
    monkeypatch.setattr(places, "whereabouts", lambda: known)
    monkeypatch.setattr(tables, "is_settled", lambda: True)
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


def test_an_address_brings_back_what_is_drawn_over_the_cells():
    tested = run(lang="en", doubt="no", zones="no", marks="hospital,<b>,unknown")
    state = sent(tested)["state"]
    assert (state["doubt"], state["zones"]) == (False, False)
    assert state["landmarks"] == ["hospital"]
    address = tested.query_params
    named = [address[name] for name in ("doubt", "zones", "marks")]
    assert named == ["no", "no", "hospital"]


def test_an_address_does_not_say_what_is_usual():
    assert not {"doubt", "zones", "marks"} & set(run(lang="en").query_params)


def test_a_rerun_sends_little(view):
    raw = run(lang="en", cell=first_cell(view)).get("bidi_component")[0].proto.json
    assert len(raw) < 20_000


def test_only_addresses_of_this_server_are_sent():
    data = sent(run(lang="en"))
    assert all(
        data[name].startswith("/riskmap/") for name in ("bundle", "style", "map")
    )


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_phrase_is_answered_by_the_resolver(lang):
    tested = run(lang=lang)
    tested.text_input(key=f"q@{lang}").set_value("Nogales")
    tested.button[0].click().run()
    state = sent(tested)["state"]
    texts = [reading["text"] for reading in state["found"]["readings"]]
    assert len(texts) >= 2
    assert all("Nogales" in text for text in texts)
    west, south, east, north = state["fly"]["box"]
    assert west < state["found"]["readings"][0]["lon"] < east
    assert south < state["found"]["readings"][0]["lat"] < north
    assert state["found"]["link"]["href"] == f"where?lang={lang}&q=Nogales&n=1"


def test_a_phrase_that_is_not_understood_is_a_sentence():
    tested = run(lang="es", q="monumento 259")
    parts = tested.get("bidi_component")[:2]
    said, shown = (json.loads(part.proto.json) for part in parts)
    assert said["blocks"][0]["role"] == "alert"
    assert shown["state"]["found"] is None
    assert shown["state"]["fly"] is None


def test_no_places_are_read_before_one_is_asked_for(monkeypatch):
    def refuse():
        pytest.fail("read without need")

    monkeypatch.setattr(places, "whereabouts", refuse)
    assert sent(run(lang="en"))["state"]["found"] is None


def test_a_region_filters_zones_and_cells_and_flies_there(view):
    tested = run(lang="es")
    tested.selectbox(key="region@es").set_value("tucson").run()
    state = sent(tested)["state"]
    assert state["only"] == [view.tables.zones.index[-1]]
    assert state["region"] == "Tucsón"
    assert state["region_note"] == Words("es").text("ui.region.unverified")
    assert state["fly"] == {"id": "tucson", "box": [-111.1, 31.2, -110.9, 31.5]}
    cells = view.tables.cells
    listed = [int(row[0], 16) for row in state["table"]["rows"]]
    assert (cells.loc[listed, "x"] < -110.9).all()
    tested.selectbox(key="region@es").set_value("").run()
    assert sent(tested)["state"]["only"] is None


def test_what_was_asked_last_is_flown_to():
    tested = run(lang="en", region="tucson", q="Nogales")
    assert sent(tested)["state"]["fly"]["id"] != "tucson"
    tested.selectbox(key="region@en").set_value("calexico").run()
    assert sent(tested)["state"]["fly"]["id"] == "calexico"
    tested.text_input(key="q@en").set_value("monument 124")
    tested.button[0].click().run()
    assert sent(tested)["state"]["fly"]["id"] != "calexico"


def test_regions_are_named_in_each_language():
    for lang, name in (("en", "Western Arizona deserts"), ("es", "Toda la frontera")):
        assert name in run(lang=lang).selectbox[0].options


def test_a_stale_project_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(tables, "is_stale", lambda: True)
    assert run(lang="es").warning[0].value == Words("es").text("ui.stale")


def test_the_first_map_of_a_server_does_not_wait_for_news(monkeypatch):
    monkeypatch.setattr(tables, "is_settled", lambda: False)
    monkeypatch.setattr(tables, "is_stale", lambda: pytest.fail("asked"))
    assert not run(lang="es").warning


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
