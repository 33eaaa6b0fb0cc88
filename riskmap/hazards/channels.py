"""Channels: the numbers of rivers and canals, and what is known of them on the day."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from numbers import Real
from typing import Any

from riskmap.errors import OptionError


def _channels() -> Mapping[str, Any]:
    """Read the channels, each number with its source."""
    text = resources.files("riskmap.hazards").joinpath("channels.toml")
    return tomllib.loads(text.read_text("utf8"))


CHANNELS = _channels()


@dataclass(frozen=True, kw_only=True)
class WaterOptions:
    """What is known of the water on the day.

    Parameters
    ----------
    stage
        Name of a course, or the beginning of it, to its depth against usual: 2.0 is
        twice as deep. ``"*"`` is for all that are not named.
    drift_km
        Mean way that the water carries a body.

    Raises
    ------
    OptionError
        If a depth is negative or the drift is not above 0.

    Examples
    --------
    >>> WaterOptions(stage={"Rio Grande": 1.5}).drift_km
    5.0
    """

    stage: Mapping[str, float] = field(default_factory=dict)
    drift_km: float = CHANNELS["drift_km"]["value"]

    def __post_init__(self) -> None:
        """Refuse what no water can be."""
        for name, ratio in self.stage.items():
            known = isinstance(ratio, Real) and not isinstance(ratio, bool)
            if not known or not 0 <= ratio < float("inf"):
                msg = f"The stage of {name} must be 0 or more, got {ratio!r}."
                raise OptionError(msg, option="stage", value=ratio)
        if not 0 < self.drift_km < float("inf"):
            msg = f"`drift_km` must be above 0, got {self.drift_km!r}."
            raise OptionError(msg, option="drift_km", value=self.drift_km)
