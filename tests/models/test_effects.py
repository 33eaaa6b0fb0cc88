"""Effects: importance, curves and signs of a log-linear map that is known."""

import numpy as np
import pandas as pd

from riskmap.features.catalogue import LAYERS
from riskmap.models.effects import (
    DEPENDENCE_TABLE,
    IMPORTANCE_TABLE,
    dependence_table,
    expected_signs,
    importance_table,
)
from riskmap.schema import check_table


def known_world():
    draw = np.random.default_rng(0)
    layers = pd.DataFrame(
        {
            "july_water_demand_mm_per_day": draw.uniform(4, 8, 3_000),
            "distance_to_line_km": draw.uniform(0, 100, 3_000),
            "share_mx": draw.uniform(0, 1, 3_000),
        }
    )
    effects = pd.DataFrame(
        {
            "july_water_demand_mm_per_day": layers["july_water_demand_mm_per_day"],
            "distance_to_line_km": layers["distance_to_line_km"] * 0.01,
            "share_mx": layers["share_mx"] * 0.0,
        }
    )
    rate = np.exp(effects.sum(axis=1))
    return layers, effects, draw.poisson(rate / rate.mean()).astype(float)


def test_importance_and_signs_follow_the_truth():
    layers, effects, counts = known_world()
    table = importance_table(effects, layers, np.ones(len(layers)), counts)
    check_table(table, IMPORTANCE_TABLE, name="importance")
    by_layer = table.set_index("layer")
    assert table["layer"].iloc[0] == "july_water_demand_mm_per_day"
    assert by_layer.loc["share_mx", "bits_lost"] == 0
    assert by_layer["agreement"].to_dict() == {
        "july_water_demand_mm_per_day": "agrees",
        "distance_to_line_km": "against",
        "share_mx": "unstudied",
    }


def test_a_curve_is_the_layers_own():
    layers, effects, _ = known_world()
    table = dependence_table(effects, layers)
    check_table(table, DEPENDENCE_TABLE, name="dependence")
    demand = table[table["layer"] == "july_water_demand_mm_per_day"]
    ratio = demand["times_average"].iloc[-1] / demand["times_average"].iloc[0]
    rise = demand["value"].iloc[-1] - demand["value"].iloc[0]
    assert np.isclose(np.log(ratio), rise)


def test_every_sign_is_of_a_layer_and_has_a_source():
    names = {layer.name for layer in LAYERS}
    for name, known in expected_signs().items():
        assert name in names
        assert known.sign in {-1, 0, 1}
        assert len(known.source) > 20
