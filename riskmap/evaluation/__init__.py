"""Evaluation: how well a map foretold what came later, beside simple maps."""

from riskmap.evaluation.backtest import BacktestOptions, backtest
from riskmap.evaluation.holdout import holdout_skill
from riskmap.evaluation.verdict import Verdict, verdict_of

__all__ = [
    "BacktestOptions",
    "Verdict",
    "backtest",
    "holdout_skill",
    "verdict_of",
]
