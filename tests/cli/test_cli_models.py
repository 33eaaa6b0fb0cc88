"""The analyst's commands on a made border: judge, register, explain, simulate."""

import json

import pytest

from riskmap.cli import program
from riskmap.i18n import LANGUAGES, Words

MODEL = "migrant_danger-0001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("made") / "border"
    words = ["simulate", "--years", "5", "--change-year", "0", "--project", str(made)]
    assert program.run(words, {}) == 0
    assert program.run(["run", "--resolution", "6", "--project", str(made)], {}) == 0
    return made


@pytest.fixture
def say(folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")

    def command(*arguments, lang="en"):
        variables = {"RISKMAP_PROJECT": str(folder), "RISKMAP_LANG": lang}
        code = program.run(list(arguments), variables)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.mark.parametrize("lang", LANGUAGES)
def test_evaluate_says_its_verdict_and_writes_its_page(say, tmp_path, lang):
    code, out, _ = say(
        "evaluate",
        "--target",
        "migrant_danger",
        "--quick",
        "--horizon",
        "365",
        "--out",
        str(tmp_path),
        lang=lang,
    )
    assert code == 0
    words = Words(lang)
    verdicts = [words.text(f"evaluation.{key}") for key in ("better", "not_better")]
    assert sum(verdict in out for verdict in verdicts) == 1
    assert words.text("evaluation.title", score=words.text("score.migrant_danger")) in (
        out
    )
    page = (tmp_path / "migrant_danger-evaluation.html").read_text("utf-8")
    assert all(f'lang="{one}"' in page for one in LANGUAGES)


def test_evaluate_gives_a_program_every_number(say):
    code, out, _ = say("evaluate", "--target", "migrant_danger", "--quick", "--json")
    assert code == 0
    (found,) = json.loads(out)["evaluations"]
    models = {row["model"] for row in found["skill"]}
    assert {"mixture", "count_all", "noise_ceiling", "hindsight"} <= models
    assert found["verdict"]["code"] in {"better", "not_better"}
    assert {row["by"] for row in found["fairness"]} >= {"side", "remoteness"}


@pytest.mark.parametrize(
    "words",
    [
        ["evaluate", "--target", "nothing"],
        ["evaluate", "--from", "soon"],
        ["evaluate", "--horizon", "0"],
        ["evaluate", "--target", "migrant_danger", "--from", "2020-01-01"],
        ["evaluate", "--target", "patrol_risk"],
        ["evaluate", "--plots", "gif"],
        ["models", "show", "nothing-0001"],
        ["models", "approve", "nothing-0001"],
        ["models", "activate", "nothing-0001"],
        ["models", "rollback", "patrol_risk"],
        ["models", "import", "absent"],
        ["models", "train", "nothing"],
        ["models", "train", "migrant_danger", "--settings", "absent.json"],
        ["why", "zzz", "qqq"],
        ["simulate", "--years", "0", "--project", "nowhere_made"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_bad_input_is_a_sentence_and_no_trace(say, tmp_path, monkeypatch, words, lang):
    monkeypatch.chdir(tmp_path)
    code, out, err = say(*words, lang=lang)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip()


def test_a_model_goes_from_draft_to_use_and_back(say, tmp_path):
    settings = tmp_path / "settings.json"
    settings.write_text('{"numbers": {"half_lives_days": [365]}}', "utf-8")
    assert say("models", "train", "migrant_danger", "--settings", str(settings))[0] == 0
    code, _, err = say("models", "activate", MODEL)
    assert code == 2
    assert "approve" in err
    assert say("models", "approve", MODEL, "--by", "Chief")[0] == 0
    code, out, _ = say("models", "activate", MODEL, "--reason", "trial", "--json")
    assert json.loads(out)["state"] == "active"
    code, out, _ = say("models", "list")
    assert Words("en").text("models.state.active") in out
    code, out, _ = say("models", "show", MODEL, lang="es")
    assert Words("es").text("models.card.forbidden") in out
    code, out, _ = say("models", "rollback", "migrant_danger", "--by", "Chief")
    assert "migrant_danger-0000" in out
    facts = json.loads(say("models", "show", MODEL, "--json")[1])
    assert [one["event"] for one in facts["decisions"]] == [
        "made",
        "approved",
        "activated",
        "rolled_back",
    ]
    assert facts["decisions"][2]["reason"] == "trial"


def test_settings_that_are_no_settings_are_refused(say, tmp_path):
    for text in ("{", "[1]"):
        path = tmp_path / "settings.json"
        path.write_text(text, "utf-8")
        words = ("models", "train", "migrant_danger", "--settings", str(path))
        assert say(*words)[0] == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_is_one_sentence_a_score(say, lang):
    code, out, _ = say("scores", "--target", "migrant_danger", "--top", "1", "--json")
    cell = json.loads(out)[0]["cell"]
    code, out, _ = say("why", cell, lang=lang)
    assert code == 0
    assert len(out.strip().splitlines()) == 4
    assert Words(lang).text("why.no_data") in out
    code, out, _ = say("why", "--target", "migrant_danger", lang=lang)
    assert Words(lang).text("why.caveat") in out


def test_a_run_on_other_cells_than_the_truths_cannot_be_checked(say):
    assert say("simulate", "--check")[0] == 2
