# for the type checker and for lazy_loader: a module is imported when first asked for

from .learning import Learning
from .mixture import KernelMixture, mixture_of
from .presets import PRESETS, Preset, preset_named
from .score import mixture_forecaster, score_cells
from .wall import refuse_wrong_side

__all__ = [
    "PRESETS",
    "KernelMixture",
    "Learning",
    "Preset",
    "mixture_forecaster",
    "mixture_of",
    "preset_named",
    "refuse_wrong_side",
    "score_cells",
]
