"""The purpose wall: no hazard and no harm to migrants may enter patrol_risk."""

import pytest

from riskmap.errors import PurposeWallError
from riskmap.features.hazard_audience import AUDIENCE_LAYERS, AUDIENCES
from riskmap.hazards.catalogue import HAZARDS
from riskmap.scoring import PRESETS, refuse_wrong_side

TAGGED = [(entry.name, entry.purpose) for entry in (*HAZARDS, *AUDIENCE_LAYERS)]


def test_every_hazard_serves_to_save_lives():
    assert {hazard.purpose for hazard in HAZARDS} == {"life_saving"}


@pytest.mark.parametrize(("name", "purpose"), TAGGED, ids=[name for name, _ in TAGGED])
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_score_refuses_the_other_side(preset, name, purpose):
    if purpose == preset.purpose:
        refuse_wrong_side(preset.name, preset.purpose, {name: purpose})
        return
    with pytest.raises(PurposeWallError, match=name):
        refuse_wrong_side(preset.name, preset.purpose, {name: purpose})


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_no_score_lists_a_column_of_the_other_side(preset):
    other = {name for name, purpose in TAGGED if purpose != preset.purpose}
    assert other.isdisjoint(preset.layers)


def test_assaults_on_migrants_stand_on_the_migrants_side():
    layer = AUDIENCE_LAYERS[-1]
    assert (layer.name, layer.purpose) == (
        "migrant_assault_events_per_100km2_year",
        "life_saving",
    )
    assert AUDIENCES["migrants"] == "life_saving"
