"""Taxonomy: every category that the agreements name, on one side of the wall."""

import pytest

from riskmap.i18n import LANGUAGES, Words
from riskmap.ingest.taxonomy import (
    AUDIENCES,
    CAUSES,
    KINDS,
    LEAST_SEVERITY,
    MOST_SEVERITY,
    PURPOSES,
    cause_key,
)

# row A1.2 of the requirements, in its order
NAMED = (
    "rock_throwing",
    "incursion",
    "port_runner",
    "assault_on_officer",
    "assault_on_migrant",
    "aggression_against_border_patrol",
    "cross_border_shooting_lethal",
    "cross_border_shooting_less_lethal",
    "use_of_force",
    "government_crossing",
    "detention_by_civilians",
    "private_crime",
    "homicide",
    "high_impact_crime",
    "smuggling_or_trafficking",
    "migrant_death",
    "rescue",
    "migrant_disappearance",
    "bomb_threat",
    "transborder_pursuit",
    "weather_emergency",
    "injury",
)


def test_every_category_that_the_agreements_name_has_a_code():
    assert set(NAMED) <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_kind_is_whole(kind):
    assert kind.purpose in PURPOSES
    assert kind.audience in AUDIENCES
    assert LEAST_SEVERITY <= kind.severity <= MOST_SEVERITY
    assert kind.clause
    for lang in LANGUAGES:
        assert Words(lang).text(kind.key)
        assert Words(lang).text(f"{kind.key}.definition").endswith(".")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_what_endangers_migrants_never_counts_as_public_safety(kind):
    if kind.audience == "migrants":
        assert kind.purpose == "life_saving"


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_has_a_word_in_each_language(cause):
    key = cause_key(cause)
    assert [lang for lang in LANGUAGES if not Words(lang).has(key)] == []
