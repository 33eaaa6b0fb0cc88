"""Which past a mixture learns from."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Learning:
    """Which past horizons a mixture learns from.

    Parameters
    ----------
    horizon_days
        Length of each.
    step_days
        Days from the start of one to the next; they may overlap.
    half_life_steps
        Steps after which one counts half.
    most_windows
        How many at most.
    least_history_days
        Days that must have been watched before the first.
    """

    horizon_days: int = 365
    step_days: int = 182
    half_life_steps: float = 4.0
    most_windows: int = 12
    least_history_days: int = 365
