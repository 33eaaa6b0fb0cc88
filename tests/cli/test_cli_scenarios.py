"""The commands on scenarios, on a small true border, in both languages."""

import json

import pytest

from riskmap import pipeline
from riskmap.cli import program
from riskmap.i18n import LANGUAGES, Words

MADE = (
    ("more recent", "--weight", "near_recent=3"),
    ("January", "--month", "1", "--note", "cold"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project with two scenarios."""
    made = tmp_path_factory.mktemp("scenarios") / "border"
    project = pipeline.create_project(made)
    pipeline.run(project, resolution=5, half_width_km=20.0)
    for name, *options in MADE:
        words = ["scenario", "create", name, *options, "--project", str(made)]
        assert program.run(words, {}) == 0
    return made


@pytest.fixture
def say(folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")

    def command(*arguments, lang="en"):
        variables = {"RISKMAP_PROJECT": str(folder), "RISKMAP_LANG": lang}
        code = program.run(["scenario", *arguments], variables)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_says_what_each_changes_and_how_it_stands(say, lang):
    code, out, _ = say("list", lang=lang)
    words = Words(lang)
    assert code == 0
    assert "more recent" in out
    assert words.text("part.near_recent").split()[0] in out
    assert out.count("s1") == out.count("s2") == 1


def test_the_list_for_a_program_holds_every_change(say):
    code, out, _ = say("list", "--json")
    rows = json.loads(out)["scenarios"]
    assert code == 0
    assert [row["scenario_id"] for row in rows] == ["s1", "s2"]
    assert rows[0]["changes"]["weights"] == {"near_recent": 3.0}
    assert rows[1]["changes"]["month"] == 1
    assert {row["state"] for row in rows} == {"current"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_lists_ranks_intervals_reasons_and_doubt(say, lang):
    code, out, _ = say("compare", "more recent", "--top", "3", lang=lang)
    words = Words(lang)
    assert code == 0
    for key in ("scenario.said.within", "scenario.zones.note"):
        assert words.text(key) in out
    assert words.text("scenario.part.near_recent") in out
    assert "→" in out
    assert "no data" not in out
    assert "sin datos" not in out


def test_a_comparison_for_a_program_holds_both_maps(say):
    code, out, _ = say("compare", "s1", "--top", "2", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["what"] == "migrant_danger"
    assert told["before"] is None
    assert told["after"]["name"] == "more recent"
    assert len(told["cells"]) == 2
    assert {"rank_before", "rank_after", "before_low", "after_high", "part"} <= set(
        told["cells"][0]
    )
    assert told["facts"]["within"] > 0
    assert {row["map"] for row in told["skill"]} == {"before", "after"}


def test_a_hazard_is_compared_by_its_name_and_by_rank(say):
    code, out, _ = say(
        "compare", "January", "--what", "heat_chance", "--by", "rank", "--top", "1"
    )
    assert code == 0
    assert Words("en").text("scenario.cells.rank_title") in out
    assert Words("en").text("layer.heat_chance") in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_scenario_is_shown_with_its_history_note_and_checksums(say, lang):
    code, out, _ = say("show", "January", lang=lang)
    words = Words(lang)
    assert code == 0
    assert words.text("scenario.note", note="cold") in out
    assert words.text("scenario.event.made") in out
    assert words.text(
        "scenario.purpose", purpose=words.text("purpose.life_saving")
    ) in (out)


def test_a_scenario_is_made_renamed_refreshed_and_taken_off(say, folder):
    code, out, _ = say("create", "old", "--as-of", "2019-01-01", "--target")[:3]
    assert code == 2
    code, out, _ = say(
        "create", "old", "--as-of", "2019-01-01", "--target", "patrol_risk", "--json"
    )
    assert code == 0
    made = json.loads(out)
    assert made["state"] == "current"
    assert say("rename", made["scenario_id"], "older")[0] == 0
    assert say("refresh", "older")[0] == 0
    assert say("remove", "older")[0] == 0
    _, out, _ = say("list", "--removed")
    assert "older" in out
    assert Words("en").text("scenario.state.removed") in out
    assert pipeline.open_project(folder).verify() == ()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("create", "x"), "nothing"),
        (("create", "x", "--month", "13"), "month"),
        (("create", "more recent", "--weight", "place=2"), "taken"),
        (("compare", "nobody"), "unknown"),
    ],
    ids=str,
)
def test_a_refusal_says_why_and_what_to_do(say, lang, arguments, key):
    code, out, err = say(*arguments, lang=lang)
    assert (code, out) == (2, "")
    told = Words(lang).text(f"error.scenario_refused.reason.{key}", scenario="?")
    assert told.split("?")[-1][-25:] in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "x", "--weight", "place"),
        ("create", "x", "--weight", "place=much"),
        ("create", "x", "--weight", "luck=2"),
        ("create", "x", "--weight", "place=-1"),
        ("create", "x", "--month", "May"),
        ("create", "x", "--as-of", "May"),
        ("create", "x", "--target", "patrol_risk", "--month", "1"),
        ("create", "x", "--settings", "nowhere.json"),
        ("compare", "s1", "--by", "luck"),
        ("compare", "s1", "--top", "0"),
        ("compare", "s1", "--what", "slope_deg"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_ends_with_a_sentence_and_stores_nothing(say, folder, arguments):
    before = len(pipeline.open_project(folder).batches("scenarios"))
    code, out, err = say(*arguments, lang="es")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert len(pipeline.open_project(folder).batches("scenarios")) == before
