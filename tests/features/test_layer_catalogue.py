"""docs/layers.md is what the code says."""

import subprocess
import sys

from riskmap.features.catalogue import LAYERS
from tests.conftest import ROOT


def test_the_catalogue_of_layers_is_up_to_date():
    script = ROOT / "scripts" / "write_layer_catalogue.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_layer_has_its_section():
    text = (ROOT / "docs" / "layers.md").read_text(encoding="utf-8")
    for layer in LAYERS:
        assert f"\n### {layer.name}\n" in text
