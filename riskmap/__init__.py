"""riskmap: shared risk maps for the border between the United States and Mexico."""

import lazy_loader

__version__ = "0.1.0"

# each is imported when first asked for, so that `import riskmap` costs next to nothing
__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "evaluation.backtest": ["BacktestOptions", "backtest"],
        "evaluation.baselines": ["BASELINES"],
        "evaluation.folds": ["RollingOrigin", "spatial_blocks"],
        "features.layer": ["Inputs", "Layer"],
        "history.records": ["Records", "keep_records"],
        "pipeline.analyst": ["Project"],
        "provenance": ["Source"],
        "schema": ["Column"],
        "scoring.mixture": ["KernelMixture", "mixture_of"],
        "scoring.presets": ["PRESETS", "Preset", "preset_like"],
        "simulation.border": ["BorderOptions"],
        "simulation.feedback": ["FeedbackOptions", "run_feedback"],
    },
)

__all__ = [
    "BASELINES",
    "PRESETS",
    "BacktestOptions",
    "BorderOptions",
    "Column",
    "FeedbackOptions",
    "Inputs",
    "KernelMixture",
    "Layer",
    "Preset",
    "Project",
    "Records",
    "RollingOrigin",
    "Source",
    "__version__",
    "backtest",
    "keep_records",
    "mixture_of",
    "preset_like",
    "run_feedback",
    "spatial_blocks",
]
