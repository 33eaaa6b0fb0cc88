"""The example under examples/: a layer of another package, found by its entry point."""

import pytest

from tests.examples import installed, python

EXAMPLE = "solar_layer"

RUN = """
import numpy as np, pandas as pd
from riskmap.pipeline.plugins import layers_in_use
from riskmap.pipeline.in_use import preset_with
from riskmap.scoring import PRESETS
layer = layers_in_use()[-1]
cells = pd.DataFrame({"y": [0.0, 31.35]})
class Inputs: pass
inputs = Inputs(); inputs.cells = cells
print(layer.name, layer.compute(inputs).round(4).tolist())
print(preset_with(PRESETS[0], {"layers": ["slope_deg", layer.name]}).layers)
"""

WRONG = """
from riskmap.errors import PlugInError
from riskmap.pipeline.plugins import plugin_layers
try:
    plugin_layers()
except PlugInError as error:
    print(error.fields["reason"])
"""


def test_the_layer_is_found_computed_and_offered_to_models(tmp_path):
    done = python(installed(tmp_path, EXAMPLE), RUN)
    # half of every day is light upon the equator
    assert done.stdout.splitlines() == [
        "shortest_day_share [0.5, 0.4149]",
        "('slope_deg', 'shortest_day_share')",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"shortest_day_share", dtype', '"slope_deg", dtype', "taken"),
        ("SHORTEST_DAY = Layer(", "SHORTEST_DAY = dict(", "kind"),
        ("SHORTEST_DAY = Layer(", "OTHER = Layer(", "broken"),
    ],
)
def test_a_layer_that_takes_a_name_or_is_none_is_refused(tmp_path, old, new, reason):
    given = installed(tmp_path, EXAMPLE, lambda source: source.replace(old, new))
    assert python(given, WRONG).stdout.strip() == reason
