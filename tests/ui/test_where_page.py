"""The page «Where is this?» in both languages, without a browser."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from riskmap.errors import ProjectMissingError
from riskmap.i18n import LANGUAGES, Words
from riskmap.ui import places, tables
from tests.webmap.tiny import HOSTILE

ASKED = "2 km west of monument 122"


def page():
    """The page; runs inside Streamlit."""
    from riskmap.ui import where_page  # noqa: PLC0415 it runs as a script of its own

    where_page.show()


@pytest.fixture(autouse=True)
def shown(monkeypatch, view, known):
    monkeypatch.setattr(tables, "load", lambda: view)
    monkeypatch.setattr(places, "whereabouts", lambda: known)


def run(**address):
    tested = AppTest.from_function(page, default_timeout=30)
    for name, value in address.items():
        tested.query_params[name] = value
    tested.run()
    assert not tested.exception
    return tested


def parts(tested):
    """What the page sends to its components: the map's state, and every block."""
    sent = [json.loads(part.proto.json) for part in tested.get("bidi_component")]
    (state,) = [one["state"] for one in sent if "state" in one] or [None]
    return state, [block for one in sent for block in one.get("blocks", ())]


def address(tested, name):
    value = tested.query_params.get(name)
    return value[0] if isinstance(value, list) else value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_stands_in_both_languages_the_person_s_own_first(lang):
    tested = run(lang=lang, q=ASKED)
    state, blocks = parts(tested)
    assert tested.title[0].value == Words(lang).text("ui.where.title")
    copied = [block["text"] for block in blocks if block["kind"] == "copied"]
    own, other = copied if lang == "en" else copied[::-1]
    assert "true north" in own
    assert "norte verdadero" in other
    assert all(len(text) <= 600 for text in copied)
    assert state["language"] == lang


def test_both_radii_of_the_reading_go_to_the_map():
    state, _ = parts(run(lang="en", q=ASKED))
    reading = state["found"]["readings"][0]
    assert 0 < reading["inner_m"] < reading["outer_m"]
    west, south, east, north = state["fly"]["box"]
    assert west < reading["lon"] < east
    assert south < reading["lat"] < north
    # the view holds the wider circle
    assert (north - south) / 2 * 111_320 >= reading["outer_m"] - 1


def test_every_reading_of_a_name_is_offered_and_the_address_chooses_one():
    first, _ = parts(run(lang="es", q="Nogales"))
    second, blocks = parts(run(lang="es", q="Nogales", n="2"))
    texts = [reading["text"] for reading in first["found"]["readings"]]
    assert len(texts) >= 2
    assert first["found"]["chosen"] == 0
    assert second["found"]["chosen"] == 1
    chosen = second["found"]["readings"][1]
    assert f"{chosen['lat']:.5f}" in blocks[1]["text"]


def test_a_stretch_is_drawn_as_a_line():
    state, _ = parts(run(lang="en", q="between monuments 120 and 123"))
    assert len(state["found"]["readings"][0]["lines"][0]) > 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "phrase", ["monument 259", "qwertyuiop", "0 km north of monument 122", "x" * 10_000]
)
def test_what_is_not_understood_gets_a_sentence_and_no_guess(lang, phrase):
    state, blocks = parts(run(lang=lang, q=phrase))
    (said,) = blocks
    assert said["role"] == "alert"
    assert said["text"].endswith((".", "»", ")"))
    assert state["found"] is None


def test_a_phrase_typed_goes_into_the_address_and_can_be_taken_back():
    tested = run(lang="en")
    tested.text_input(key="q@en").set_value(ASKED)
    tested.button[0].click().run()
    assert address(tested, "q") == ASKED
    assert parts(tested)[0]["found"]["chosen"] == 0
    tested.text_input(key="q@en").set_value("")
    tested.button[0].click().run()
    assert address(tested, "q") is None
    assert parts(tested)[0]["found"] is None


def test_the_phrase_outlives_a_change_of_language():
    tested = run(lang="en", q=ASKED)
    tested.segmented_control(key="lang").set_value("es").run()
    assert tested.text_input(key="q@es").value == ASKED
    assert parts(tested)[0]["found"]["chosen"] == 0


def test_a_clicked_point_comes_before_the_phrase():
    state, blocks = parts(run(lang="en", q=ASKED, point="31.35,-110.95,40"))
    assert state["found"]["chosen"] is None
    assert state["found"]["point"] == [31.35, -110.95, 40.0]
    assert "31.35000" in next(b["text"] for b in blocks if b["kind"] == "copied")


@pytest.mark.parametrize("wrong", ["", "north", "91,0,1", "1,2", "nan,0,1", "0,0,-1"])
def test_a_strange_point_in_the_address_is_left_out(wrong):
    state, blocks = parts(run(lang="en", point=wrong))
    assert state["found"] is None
    assert blocks == []


def test_nothing_asked_gives_examples():
    tested = run(lang="es")
    assert tested.text[0].value == Words("es").text("ui.where.examples")


def test_without_a_run_phrases_and_cards_still_work(monkeypatch):
    def refuse():
        msg = "not run"
        raise ProjectMissingError(msg, path="border")

    monkeypatch.setattr(tables, "load", refuse)
    tested = run(lang="en", q=ASKED)
    state, blocks = parts(tested)
    assert state is None
    assert tested.text[0].value == Words("en").text("ui.where.no_map")
    assert [b["kind"] for b in blocks].count("copied") == 2


def test_a_missing_project_is_a_sentence_not_a_trace(monkeypatch):
    def refuse():
        msg = "nothing there"
        raise ProjectMissingError(msg, path="/nowhere")

    monkeypatch.setattr(places, "whereabouts", refuse)
    assert "/nowhere" in run(lang="es").text[0].value


def test_hostile_names_reach_components_as_data_and_nothing_else(monkeypatch, loud):
    monkeypatch.setattr(places, "whereabouts", lambda: loud)
    tested = run(lang="en", q="31.3330, -110.9400")
    _, blocks = parts(tested)
    assert any(HOSTILE[0] in block.get("text", "") for block in blocks)
    shown = [*tested.markdown, *tested.get("html"), *tested.text, *tested.warning]
    assert not [item for item in shown if "alert(" in str(item.value)]


def test_a_reading_of_a_hostile_name_is_data(monkeypatch, loud):
    monkeypatch.setattr(places, "whereabouts", lambda: loud)
    towns = [one for one in loud.gazetteer.landmarks if one.kind == "town"]
    named = next(one for one in towns if "alert(" in one.name_en)
    tested = run(lang="en", q=named.landmark_id)
    state, _ = parts(tested)
    assert named.name_en in state["found"]["readings"][0]["text"]
    shown = [*tested.markdown, *tested.get("html"), *tested.text, *tested.warning]
    assert not [item for item in shown if "alert(" in str(item.value)]


def test_a_hostile_phrase_is_answered_as_text():
    for phrase in HOSTILE:
        tested = run(lang="es", q=phrase)
        shown = [*tested.markdown, *tested.get("html"), *tested.text, *tested.warning]
        assert not [item for item in shown if phrase in str(item.value)]
