"""Colours that a colour-blind reader can tell apart."""

import itertools

import numpy as np
import pytest

from riskmap.errors import UnknownNameError
from riskmap.pipeline.map_layers import OFFERS
from riskmap.webmap.palettes import (
    CHANGE_COLOURS,
    COUNT_CLASSES,
    PALETTES,
    RATE_CLASSES,
    palette,
)

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
# a difference of 10 in CIE 1976 is seen at a glance; 2.3 can just be noticed
SEEN_AT_A_GLANCE = 10


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    """Turn #rrggbb, as one sight sees it, into CIE Lab."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(sight @ linear, 0, 1) / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# every set of colours of which a legend tells the classes
SETS = {
    **PALETTES,
    "change": CHANGE_COLOURS,
    **{
        layer.name: layer.colours
        for layers in OFFERS.values()
        for layer in layers
        if layer.colours
    },
}


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("name", SETS)
def test_classes_are_told_apart_by_every_sight(name, sight):
    colours = [lab(colour, SIGHT[sight]) for colour in SETS[name]]
    nearest = min(np.linalg.norm(a - b) for a, b in itertools.combinations(colours, 2))
    assert nearest > SEEN_AT_A_GLANCE


def test_change_is_lightest_in_the_middle_and_as_dark_at_either_end():
    lightness = [lab(colour, SIGHT["normal"])[0] for colour in CHANGE_COLOURS]
    assert lightness[:4] == sorted(lightness[:4])
    assert lightness[3:] == sorted(lightness[3:], reverse=True)
    assert lightness[0] == pytest.approx(lightness[-1], abs=5)


@pytest.mark.parametrize("name", PALETTES)
def test_lightness_runs_one_way(name):
    lightness = [lab(colour, SIGHT["normal"])[0] for colour in palette(name)]
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.parametrize("classes", [RATE_CLASSES, COUNT_CLASSES])
def test_there_is_a_colour_and_a_word_for_each_class(classes):
    assert len(classes.words) == len(classes.breaks) + 1 == len(palette("YlOrRd"))
    assert list(classes.breaks) == sorted(classes.breaks)


def test_an_unknown_palette_is_refused_by_name():
    with pytest.raises(UnknownNameError) as caught:
        palette("RedYellowGreen")
    assert caught.value.fields["value"] == "RedYellowGreen"
