"""Presets: every number has a source, every word is in its list."""

import pytest

from riskmap.errors import ConfigError, UnknownNameError
from riskmap.features.catalogue import LAYERS
from riskmap.ingest.taxonomy import KINDS
from riskmap.scoring import PRESETS, preset_named
from riskmap.scoring.mixture import mixture_of
from riskmap.scoring.presets import parse_preset
from tests.scoring.conftest import SCORES

GOOD = """
name = "x"
purpose = "life_saving"
audiences = ["migrants"]
kinds = ["migrant_death"]
layers = []
outside_coverage = "prior"
[near_km]
value = 7
source = "somebody 2020"
"""


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
def test_every_number_has_a_source(preset):
    assert set(preset.numbers) == set(preset.sources)
    assert all(len(source) > 10 for source in preset.sources.values())


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
def test_layers_kinds_and_audiences_exist(preset):
    assert set(preset.layers) <= {layer.column.name for layer in LAYERS}
    assert set(preset.kinds) <= set(KINDS)
    assert set(preset.audiences) <= {"migrants", "officers", "communities"}


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
def test_the_numbers_reach_the_estimator(preset):
    model = mixture_of(preset)
    assert model.bandwidths_km == preset.numbers["bandwidths_km"]
    assert model.learning.step_days == preset.numbers["step_days"]


def test_both_sides_of_the_wall_treat_unwatched_ground_as_told():
    outside = {preset.name: preset.outside_coverage for preset in PRESETS}
    assert outside == {"migrant_danger": "prior", "patrol_risk": "missing"}


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('source = "somebody 2020"', "", "near_km must have a value and a source"),
        ('"life_saving"', '"both"', "purpose must be one of"),
        ('outside_coverage = "prior"', 'outside_coverage = "zero"', "outside_coverage"),
        ("layers = []", "", "lacks layers"),
    ],
)
def test_a_faulty_preset_is_refused(was, becomes, said):
    assert parse_preset(GOOD).name == "x"
    with pytest.raises(ConfigError, match=said):
        parse_preset(GOOD.replace(was, becomes))


def test_an_unknown_score_is_named_with_those_known():
    with pytest.raises(UnknownNameError, match="migrant_danger, patrol_risk"):
        preset_named("danger", PRESETS)
