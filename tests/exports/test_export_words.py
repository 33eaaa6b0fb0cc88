"""The dictionary and the caveats have their words in both languages."""

from dataclasses import replace

import pandas as pd
import pytest

from riskmap.boundary import CELL_COLUMNS
from riskmap.evaluation.verdict import BETTER, NOT_BETTER, UNTESTED
from riskmap.exports import CAVEATS, data_dictionary
from riskmap.exports.dictionary import FIELDS, SCORE_PARTS
from riskmap.i18n import LANGUAGES, Words
from riskmap.zones.finding import MEMBER_COLUMNS, ZONE_COLUMNS
from riskmap.zones.naming import NAME_COLUMNS

KEYS = [
    *(f"field.{name}" for name in FIELDS),
    *(f"field.{name}.help" for name in FIELDS),
    *(f"field.score_{part}" for part in SCORE_PARTS),
    *(f"field.score_{part}.help" for part in SCORE_PARTS),
    *(f"export.caveat.{name}" for name in CAVEATS),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_field_and_caveat_has_its_words(language, key):
    assert Words(language).text(key)


@pytest.mark.parametrize("code", [BETTER, NOT_BETTER, UNTESTED])
def test_what_a_backtest_says_of_a_score_goes_with_the_file(notes, code):
    words = {language: Words(language).text for language in LANGUAGES}
    told = replace(notes, words=words, verdicts={"patrol_risk": code}).caveats()
    for language, label in words.items():
        assert told[language][-1] == (
            f"{label('score.patrol_risk')}: {label(f'export.verdict.{code}')}"
        )
        assert len(told[language]) == len(CAVEATS) + 1


@pytest.mark.parametrize(
    "column",
    [*CELL_COLUMNS, *ZONE_COLUMNS, *NAME_COLUMNS, *MEMBER_COLUMNS],
    ids=lambda column: column.name,
)
def test_every_column_that_is_exported_is_a_field(column):
    unit = FIELDS[column.name].replace("1/yr", "1/a")
    assert unit in (column.unit, "")


def test_a_score_and_its_parts_are_named_together(notes):
    table = pd.DataFrame({"migrant_danger": [1.0], "migrant_danger_low": [0.5]})
    rows = data_dictionary({"scores": table}, notes)
    assert rows["name_en"].tolist() == [
        "en score.migrant_danger",
        "en score.migrant_danger: en field.score_low",
    ]
    assert rows["unit"].tolist() == ["1/yr", "1/yr"]


def test_a_layer_has_the_words_of_its_catalogue(notes):
    rows = data_dictionary({"scores": pd.DataFrame({"slope_deg": [1.0]})}, notes)
    assert rows["meaning_es"].tolist() == ["es layer.slope_deg.help ñ"]
    assert rows["unit"].tolist() == ["°"]


def test_a_count_has_the_words_of_its_kind(notes):
    table = pd.DataFrame({"events_migrant_death": [1]})
    rows = data_dictionary({"incidents_by_cell": table}, notes)
    assert rows["name_en"].tolist() == ["en field.events: en kind.migrant_death"]


def test_a_field_without_words_is_refused(notes):
    strict = replace(notes, words={"en": Words("en").text})
    with pytest.raises(KeyError):
        data_dictionary({"x": pd.DataFrame({"nobody_named_this": [1]})}, strict)
