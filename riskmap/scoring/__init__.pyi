# for the type checker and for lazy_loader: a module is imported when first asked for

from .basis import (
    Basis,
    basis_of,
    forecaster_of,
    mixture_forecaster,
    target_records,
)
from .learning import Learning
from .mixture import KernelMixture, mixture_of
from .presets import PRESETS, Preset, preset_named
from .rank_changes import compare_scores, compare_values
from .score import score_cells, score_records
from .wall import refuse_wrong_side

__all__ = [
    "PRESETS",
    "Basis",
    "KernelMixture",
    "Learning",
    "Preset",
    "basis_of",
    "compare_scores",
    "compare_values",
    "forecaster_of",
    "mixture_forecaster",
    "mixture_of",
    "preset_named",
    "refuse_wrong_side",
    "score_cells",
    "score_records",
    "target_records",
]
