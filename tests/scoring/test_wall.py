"""The purpose wall: every score against every layer and every kind of incident."""

import pytest

from riskmap.errors import PurposeWallError
from riskmap.features.catalogue import LAYERS
from riskmap.ingest.taxonomy import KINDS
from riskmap.scoring import PRESETS, refuse_wrong_side, score_cells
from tests.scoring.conftest import SCORES

TAGGED = [(layer.column.name, layer.purpose) for layer in LAYERS] + [
    (code, kind.purpose) for code, kind in KINDS.items()
]


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
@pytest.mark.parametrize(("name", "purpose"), TAGGED, ids=[name for name, _ in TAGGED])
def test_each_score_takes_its_own_side_and_the_neutral_only(preset, name, purpose):
    if purpose in (preset.purpose, "neutral"):
        refuse_wrong_side(preset.name, preset.purpose, {name: purpose})
        return
    with pytest.raises(PurposeWallError) as caught:
        refuse_wrong_side(preset.name, preset.purpose, {name: purpose})
    assert caught.value.fields == {
        "score": preset.name,
        "score_purpose": preset.purpose,
        "layer": name,
        "layer_purpose": purpose,
    }
    assert name in str(caught.value)
    assert purpose in str(caught.value)


def test_the_two_scores_stand_on_opposite_sides():
    assert {preset.purpose for preset in PRESETS} == {"life_saving", "public_safety"}


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
def test_a_preset_uses_neutral_layers_and_kinds_of_its_side_only(preset):
    purposes = dict(TAGGED)
    assert {purposes[layer] for layer in preset.layers} == {"neutral"}
    assert {purposes[kind] for kind in preset.kinds} == {preset.purpose}


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
def test_an_incident_tagged_for_the_other_side_is_refused(preset, world):
    other = {"life_saving": "public_safety", "public_safety": "life_saving"}
    smuggled = world.incidents.assign(purpose=other[preset.purpose])
    with pytest.raises(PurposeWallError, match=preset.kinds[0].split("_")[0]):
        score_cells(
            world.cells,
            world.features,
            smuggled,
            world.coverage,
            preset,
            as_of="2019-01-01",
        )


@pytest.mark.parametrize("preset", SCORES, ids=lambda preset: preset.name)
def test_events_of_the_other_side_change_no_byte(preset, world):
    mine = world.incidents[world.incidents["purpose"] == preset.purpose]
    both, _ = score_cells(
        world.cells,
        world.features,
        world.incidents,
        world.coverage,
        preset,
        as_of="2019-01-01",
    )
    alone, _ = score_cells(
        world.cells, world.features, mine, world.coverage, preset, as_of="2019-01-01"
    )
    assert both.equals(alone)
