"""The example under examples/: a layer of another package, found by its entry point."""

import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "solar_layer"

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
from riskmap.pipeline.plugins import plugin_layers
plugin_layers()
"""


def installed(tmp_path, code):
    """Put the example on the path as an installer would, and run something."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    held = tmp_path / f"riskmap_solar-{project['version']}.dist-info"
    held.mkdir()
    (held / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0.1.0\n", "utf-8"
    )
    lines = ["[riskmap.layers]"]
    lines += [
        f"{name} = {value}"
        for name, value in project["entry-points"]["riskmap.layers"].items()
    ]
    (held / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    source = (EXAMPLE / "riskmap_solar.py").read_text("utf-8")
    (tmp_path / "riskmap_solar.py").write_text(code(source), "utf-8")
    return {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": ""}


def test_the_layer_is_found_computed_and_offered_to_models(tmp_path):
    environment = installed(tmp_path, lambda source: source)
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    # half of every day is light upon the equator
    assert done.stdout.splitlines() == [
        "shortest_day_share [0.5, 0.4149]",
        "('slope_deg', 'shortest_day_share')",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"shortest_day_share", dtype', '"slope_deg", dtype'),
        ("SHORTEST_DAY = Layer(", "SHORTEST_DAY = dict("),
    ],
)
def test_a_layer_that_takes_a_name_or_is_none_is_refused(tmp_path, old, new):
    environment = installed(tmp_path, lambda source: source.replace(old, new))
    done = subprocess.run(
        [sys.executable, "-c", WRONG],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert "TableContractError" in done.stderr
