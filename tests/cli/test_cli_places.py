"""Locate and card: what is printed, in both languages, and how they end."""

import io
import json
import sys
import xml.etree.ElementTree as ET

import pytest

from riskmap.pipeline import CARD_FORMS

KEYS = ["lon", "lat", "radius_m", "geometry", "text_en", "text_es", "landmarks"]


class Typed:
    """Standard input as bytes."""

    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def test_a_place_is_exactly_what_the_issue_says(ask):
    code, out, err = ask("locate", "2 km west of Monument 166", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["candidates", "reason"]
    assert answer["reason"] is None
    assert list(answer["candidates"][0]) == KEYS
    assert answer["candidates"][0]["landmarks"] == ["bm-181"]


def test_words_need_no_quotes_and_a_longitude_keeps_its_minus(ask):
    for words in (["31.3322,", "-110.9406"], ["31.3322", "-110.9406"]):
        code, out, _ = ask("locate", *words, "--json")
        assert code == 0
        (found,) = json.loads(out)["candidates"]
        assert (found["lon"], found["lat"]) == (-110.9406, 31.3322)


def test_readings_are_numbered_with_place_radius_and_words(ask):
    code, out, err = ask("locate", "Nogales", lang="es")
    assert (code, err) == (0, "")
    assert "1. 31.318600, -110.945800 ± 3,000 m" in out
    assert "2. 31.362400, -110.933600 ± 3,000 m" in out
    assert "Heroica Nogales (México)" in out


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_is_not_understood_ends_with_1_and_says_why(ask, lang):
    code, out, err = ask("locate", "monument 259", lang=lang)
    assert (code, out) == (1, "")
    assert "259" in err
    code, out, err = ask("locate", "monument 259", "--json", lang=lang)
    assert (code, err) == (1, "")
    answer = json.loads(out)
    assert answer["candidates"] == []
    assert set(answer["reason"]) == {"code", "text_en", "text_es"}


def test_a_batch_answers_each_line_with_a_line(ask, tmp_path):
    file = tmp_path / "phrases.txt"
    lines = ["Nogales", "", "km 12", "a\u2028b", "cerca de Sásabe, lado mexicano"]
    file.write_bytes("\ufeff".encode() + "\r\n".join(lines).encode())
    code, out, err = ask("locate", "--batch", str(file))
    assert (code, err) == (0, "")
    answers = [json.loads(line) for line in out.splitlines()]
    counts = [len(answer["candidates"]) for answer in answers]
    assert counts[:3] == [2, 0, 1]
    assert len(counts) == len(lines)
    assert answers[1]["reason"]["code"] == "empty"


def test_a_batch_may_be_piped_in(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Typed(b"Nogales\nkm 12\n"))
    code, out, _ = ask("locate", "--batch", "-")
    assert code == 0
    assert len(out.splitlines()) == 2


def test_a_line_as_long_as_a_file_is_one_answer(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Typed(b"a" * 200_000 + b"\nkm 12\n"))
    out = ask("locate", "--batch", "-")[1]
    first, second = map(json.loads, out.splitlines())
    assert first["reason"]["code"] == "too_long"
    assert len(second["candidates"]) == 1


def test_a_batch_in_another_encoding_is_refused_not_guessed(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Typed("km 12\nSásabe\n".encode("cp1252")))
    code, out, err = ask("locate", "--batch", "-", lang="es")
    assert code == 2
    assert len(out.splitlines()) == 1
    assert err.count("\n") == 1


def test_a_folder_is_no_batch(ask, tmp_path):
    assert ask("locate", "--batch", str(tmp_path))[0] == 2


def test_what_steers_a_terminal_is_shown_as_a_stand_in(ask):
    code, out, err = ask("locate", "\x1b[31mNogalitos\x9b\u202e")
    assert code == 1
    assert not set("\x1b\x9b\u202e") & set(out + err)


@pytest.mark.parametrize("form", ["plain", "full"])
def test_a_card_is_in_the_language_asked_for(ask, form):
    said = ask("card", "31.3322,", "-110.9406", "--format", form, lang="es")
    assert said[0] == 0
    assert "Lado: México" in said[1] or "Lado: Estados Unidos" in said[1]
    both = ask("card", "31.3322, -110.9406", "--format", form, "--both")[1]
    assert "Side: " in both
    assert "Lado: " in both


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("form", CARD_FORMS)
def test_the_help_of_the_card_names_every_form(ask, form, lang):
    _, said, _ = ask("card", "--help", lang=lang)
    assert form in said.replace("|", " ").split()


def test_a_plain_card_fits_a_radio_message(ask):
    out = ask("card", "monument", "98", "--format", "plain", "--reading", "1")[1]
    assert len(out.rstrip("\n")) <= 600


def test_a_card_of_a_cell_and_of_a_phrase(ask):
    for text in ("8748ec7b4ffffff", "2 km west of Monument 166"):
        code, out, _ = ask("card", text, "--json")
        assert code == 0
        facts = json.loads(out)
        assert facts["accuracy_m"] > 0
        assert {"formats", "shared", "around", "offices"} <= set(facts)


def test_a_waypoint_is_whole_xml(ask):
    code, out, _ = ask("card", "2 km west of Monument 166", "--format", "gpx")
    assert code == 0
    # what we wrote ourselves
    root = ET.fromstring(out)  # noqa: S314
    (point,) = root.findall("{*}wpt")
    assert float(point.attrib["lat"]) == pytest.approx(31.880373, abs=1e-6)


def test_of_several_readings_none_is_chosen_unasked(ask):
    code, out, err = ask("card", "Nogales")
    assert code == 1
    assert out.startswith("1. ")
    assert "--reading" in err
    code, out, err = ask("card", "Nogales", "--json")
    assert (code, len(json.loads(out)["candidates"])) == (1, 2)
    assert json.loads(ask("card", "Nogales", "--json", "--reading", "2")[1])["lat"] == (
        31.3624
    )
    assert ask("card", "Nogales", "--reading", "3")[0] == 2


def test_no_reading_is_no_card(ask):
    code, out, err = ask("card", "asdf", "--reading", "1")
    assert (code, out) == (1, "")
    assert "asdf" in err
