"""What the page says of its numbers: a baseline beside every model."""

import datetime

import pandas as pd

from riskmap.ui.notes import sentences, skill_sentence


def test_skill_stands_beside_a_map_of_raw_counts(view, words):
    said = skill_sentence(view.skill, "migrant_danger", words)
    assert "61%" in said
    assert "52%" in said
    assert said.endswith(words.text("ui.skill.better"))


def test_the_period_ends_on_its_last_day(view, words):
    said = skill_sentence(view.skill, "migrant_danger", words)
    assert words.date(datetime.date(2021, 12, 31)) in said


def test_a_score_no_better_than_counts_is_said_to_be_so(view, words):
    doubtful = view.skill.assign(low=-0.01)
    said = skill_sentence(doubtful, "migrant_danger", words)
    assert said.endswith(words.text("ui.skill.not_better"))


def test_without_measured_skill_nothing_is_claimed(view, words):
    assert skill_sentence(view.skill, "patrol_risk", words) == ""
    assert skill_sentence(pd.DataFrame(), "migrant_danger", words) == ""
    alone = view.skill[view.skill["model"] != "count_all"]
    assert skill_sentence(alone, "migrant_danger", words) == ""


def test_day_sources_and_limits_are_always_said(view, words):
    said = sentences(view, words)
    assert "2022" in said[0]
    assert said[-2:] == [words.text("ui.sources"), words.text("ui.limits")]
