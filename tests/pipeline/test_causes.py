"""The danger by cause: adds up to the score, is judged, is said in both languages."""

import json

import numpy as np
import pytest

from riskmap import pipeline
from riskmap.cli import program
from riskmap.hazards.catalogue import HAZARDS
from riskmap.i18n import LANGUAGES, Words
from riskmap.ingest.taxonomy import CAUSES
from riskmap.pipeline.causes import (
    DANGER,
    PHYSICS_SHARE,
    SKILL_TABLE,
    causes_at,
    column_of,
    danger_by_cause,
)
from riskmap.schema import check_table
from riskmap.scoring import PRESETS

COLUMNS = [column_of(cause) for cause in CAUSES]


@pytest.fixture(scope="module")
def made(ran):
    return danger_by_cause(ran)


def test_the_causes_add_up_to_the_score(ran, made):
    score = ran.read("scores")[DANGER].to_numpy()
    summed = made[0][COLUMNS].sum(axis=1).to_numpy()
    assert np.isfinite(score).all()
    assert np.allclose(summed, score, rtol=1e-9, atol=0)
    assert made[0][PHYSICS_SHARE].between(0, 1).all()


def test_the_split_is_judged_beside_simple_ways(made):
    _, skill = made
    check_table(skill, SKILL_TABLE, name="cause_skill")
    assert skill["versus"].to_list() == ["everywhere", "physics", "nearby"]
    assert (skill["events"] > 100).all()
    assert (skill["low"] <= skill["bits"]).all()
    assert (skill["bits"] <= skill["high"]).all()


def test_the_split_stays_on_its_side_of_the_wall():
    assert PRESETS[0].name == DANGER
    assert PRESETS[0].purpose == "life_saving"
    used = {"heat_loss_l_per_km", "drowning_drift", "walk_hours"}
    purposes = {hazard.purpose for hazard in HAZARDS if hazard.name in used}
    assert purposes == {"life_saving"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_names_the_causes(ran, lang):
    index = ran.read("scores")[DANGER].idxmax()
    words = {code: Words(code) for code in LANGUAGES}
    (found,) = pipeline.why(ran, f"{index:x}", words, DANGER)
    assert sum(found["causes"].values()) == pytest.approx(found["value"])
    largest = next(iter(found["causes"]))
    assert words[lang].text(f"cause.{largest}") in found[f"text_{lang}"]


def test_the_patrol_score_has_no_causes(ran):
    index = ran.read("scores").index[0]
    assert causes_at(ran, int(index), PRESETS[1].name) == {}


def command(project, capsys, *arguments, lang="en"):
    environment = {"RISKMAP_PROJECT": str(project.path), "RISKMAP_LANG": lang}
    code = program.run(["causes", *arguments], environment)
    return code, capsys.readouterr()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_shows_cells_causes_and_skill(ran, capsys, lang):
    code, told = command(ran, capsys, "--by", "drowning", lang=lang)
    out = " ".join(told.out.split())
    assert (code, told.err) == (0, "")
    assert Words(lang).text("cli.causes.caveat") in out
    for versus in ("everywhere", "physics", "nearby"):
        assert Words(lang).text(f"cli.causes.versus.{versus}") in out


def test_the_command_gives_the_columns_to_a_program(ran, capsys):
    code, told = command(ran, capsys, "--json", "--top", "3")
    rows = json.loads(told.out)
    assert code == 0
    assert len(rows) == 3
    assert sum(rows[0][name] for name in COLUMNS) == pytest.approx(rows[0]["danger"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_cause_is_a_sentence(ran, capsys, lang):
    code, told = command(ran, capsys, "--by", "thirst", lang=lang)
    assert code != 0
    assert "thirst" in told.err
    assert "drowning" in told.err
