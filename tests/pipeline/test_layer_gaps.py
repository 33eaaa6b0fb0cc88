"""Layers that say little are named after a run, in both languages."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import Affine

from riskmap import pipeline
from riskmap.cli import program
from riskmap.i18n import LANGUAGES, Words
from riskmap.pipeline import layer_gaps
from riskmap.pipeline.layer_gaps import thin_layers
from riskmap.scoring import PRESETS

NAMES = sorted({layer for preset in PRESETS for layer in preset.layers})


@pytest.fixture
def told(monkeypatch):
    """What is said of a table of layers."""
    monkeypatch.setattr(
        layer_gaps, "read_settings", lambda _: SimpleNamespace(presets=PRESETS)
    )

    def tell(**changed):
        draw = np.random.default_rng(0)
        table = pd.DataFrame({name: draw.normal(size=100) for name in NAMES})
        for name, values in changed.items():
            table[name] = values
        return thin_layers(SimpleNamespace(read=lambda _: table))

    return tell


def test_of_whole_layers_nothing_is_said(told):
    assert told() == []


@pytest.mark.parametrize(
    ("values", "state", "known"),
    [
        (np.full(100, np.nan), "missing", 0.0),
        (np.full(100, 3.0), "same", 1.0),
        (np.where(np.arange(100) < 10, np.arange(100.0), np.nan), "partial", 0.1),
    ],
)
def test_a_layer_that_says_little_is_named(told, values, state, known):
    assert told(slope_deg=values) == [
        {"layer": "slope_deg", "state": state, "known": known}
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_raster_of_a_part_of_the_corridor_is_said_after_the_run(
    empty, capsys, language
):
    z = np.random.default_rng(0).integers(500, 1_500, (100, 100)).astype("int16")
    shape = {"height": 100, "width": 100, "count": 1, "dtype": "int16"}
    place = {"crs": "EPSG:4326", "transform": Affine(0.01, 0, -111.5, 0, -0.01, 31.8)}
    with rasterio.open(empty.path / "part.tif", "w", "GTiff", **shape, **place) as file:
        file.write(z, 1)
    settings = empty.path / "riskmap.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('dem = ""', 'dem = "part.tif"'), encoding="utf-8")
    code = program.run(
        ["run", "--resolution", "5", "--half-width-km", "20"],
        {"RISKMAP_PROJECT": str(empty.path), "RISKMAP_LANG": language},
    )
    out = capsys.readouterr().out
    words = Words(language)
    assert code == 0
    (row,) = [r for r in pipeline.thin_layers(empty) if r["layer"] == "slope_deg"]
    assert row["state"] == "partial"
    said = words.text(
        "cli.run.layer.partial",
        layer=words.text("layer.slope_deg"),
        share=words.percent(row["known"]),
    )
    assert said in out
