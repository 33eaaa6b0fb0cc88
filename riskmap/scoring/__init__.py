"""Scoring: records and layers to scores, each on its own side of the purpose wall."""

from riskmap.scoring.mixture import KernelMixture, Learning
from riskmap.scoring.presets import PRESETS, Preset, preset_named
from riskmap.scoring.score import mixture_forecaster, score_cells
from riskmap.scoring.wall import refuse_wrong_side

__all__ = [
    "PRESETS",
    "KernelMixture",
    "Learning",
    "Preset",
    "mixture_forecaster",
    "preset_named",
    "refuse_wrong_side",
    "score_cells",
]
