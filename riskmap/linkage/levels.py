"""Levels: how two records can agree in each field, and the options of linkage."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from riskmap.errors import OptionError

_WRITTEN: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("levels.toml").read_text(encoding="utf-8")
)

GROUPS: Final = ("place", "days", "spans", "kind", "cause", "cause_open", "counts")
"""Groups of levels of which a pair has one at most."""

FIELDS: Final = {
    "place": ("place",),
    "time": ("days", "spans"),
    "kind": ("kind",),
    "cause": ("cause", "cause_open"),
    "counts": ("counts",),
}
"""Fields that are compared, each with the groups that its levels stand in."""

NOT_SAID: Final = "not_said"
"""The level where one of the records says nothing: it weighs nothing."""

_OF_GROUP: Final = {
    group: tuple(level["code"] for level in _WRITTEN[group]["levels"])
    for group in GROUPS
}

LEVELS: Final[tuple[str, ...]] = (
    *(code for group in GROUPS for code in _OF_GROUP[group]),
    NOT_SAID,
)
"""Codes of all levels; the words for one are ``level.CODE`` in the catalogues."""

NUMBER: Final = {code: number for number, code in enumerate(LEVELS)}

GROUP_NUMBERS: Final = tuple(
    np.array([NUMBER[code] for code in _OF_GROUP[group]]) for group in GROUPS
)

EXPECTED: Final[npt.NDArray[np.float64]] = np.array(
    [level["share"] for group in GROUPS for level in _WRITTEN[group]["levels"]] + [1.0]
)
"""Share of true pairs at each level, before any pair is seen."""

STRENGTH: Final = float(_WRITTEN["strength"])

SAME_POINT_M: Final = float(_WRITTEN["place"]["same_point_m"])

LEAST_M: Final = float(_WRITTEN["place"]["least_m"])
"""No two records' places together are taken to be known better than this."""

WITHIN: Final = np.array(
    [level["within"] for level in _WRITTEN["place"]["levels"] if "within" in level],
    dtype=np.float64,
)

DAYS: Final = np.array([level["days"] for level in _WRITTEN["days"]["levels"]])

SPANS: Final = np.array([level["days"] for level in _WRITTEN["spans"]["levels"]])


@dataclass(frozen=True, kw_only=True)
class LinkageOptions:
    """When two records are taken for one event.

    Parameters
    ----------
    sure_from
        A pair at least this probable is linked unless a person rejects it.
    possible_from
        A pair at least this probable waits for a person; it is not linked. By
        default a record that could be any of three still waits.
    farthest_m
        Records farther apart than this are never compared, however vaguely their
        places are known: an area is no place.

    Raises
    ------
    OptionError
        If a probability is not within 0 and 1, or possible is above sure.

    Examples
    --------
    >>> LinkageOptions().sure_from
    0.95
    """

    sure_from: float = 0.95
    possible_from: float = 0.3
    farthest_m: float = 60_000.0

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if not 0 < self.possible_from <= self.sure_from < 1:
            msg = (
                "`possible_from` and `sure_from` must be probabilities in this order, "
                f"got {self.possible_from} and {self.sure_from}."
            )
            raise OptionError(msg, option="possible_from", value=self.possible_from)
        if not self.farthest_m > 0:
            msg = f"`farthest_m` must be above 0, got {self.farthest_m}."
            raise OptionError(msg, option="farthest_m", value=self.farthest_m)
