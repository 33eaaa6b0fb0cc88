"""Profiles: what may leave for whom, each in a TOML of its own."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Final

from riskmap.errors import DisclosureOptionError, UnknownNameError
from riskmap.sharing.markings import AMBER, CLEAR, GREEN, PURPOSES, rank_of

NAMES: Final = ("public", "partner", "internal")

EPOCHS: Final = ("year", "quarter", "month")
"""Fixed and nested: weeks would straddle months and years."""

SMALLEST_BY_LABEL: Final = {CLEAR: 11, GREEN: 11, AMBER: 5}
"""No profile of a label may set its smallest count lower; above, the holder decides."""

OPEN_LABELS: Final = (CLEAR, GREEN)

LEAST_DELAY_H: Final = 72
"""For CLEAR and GREEN."""

FINEST, COARSEST = 7, 0

NUMBERS: Final = ("smallest_count", "dominance", "resolutions", "epoch", "delay_h")


@dataclass(frozen=True, kw_only=True)
class DisclosureProfile:
    """What may leave, and how coarse it must be.

    Parameters
    ----------
    name
        One of :data:`NAMES`, or the user's own.
    label
        The TLP label of what leaves.
    purposes
        Which sides of the purpose wall leave at all.
    free_text
        True if free text may leave: never below ``TLP:AMBER``.
    smallest_count
        A count below it is neither shown nor derivable; zero is one of them.
    dominance
        No count is shown of which one source that is not open has a larger share.
    resolutions
        H3 resolutions of the fixed grid, coarsest first.
    epoch
        One of :data:`EPOCHS`.
    delay_h
        Hours after the end of an epoch before it may leave.
    """

    name: str
    label: str
    purposes: tuple[str, ...]
    free_text: bool
    smallest_count: int
    dominance: float
    resolutions: tuple[int, ...]
    epoch: str
    delay_h: float

    def __post_init__(self) -> None:
        """Refuse what would protect less than the label asks for."""
        for option, value, reason in _faults(self):
            msg = f"`{option}` of the profile {self.name} is {value!r}: {reason}."
            raise DisclosureOptionError(msg, option=option, value=value, reason=reason)


def _faults(profile: DisclosureProfile) -> Iterable[tuple[str, object, str]]:
    """List what is wrong with a profile: option, value, reason."""
    rank_of(profile.label)
    least = SMALLEST_BY_LABEL.get(profile.label, 1)
    is_open = profile.label in OPEN_LABELS
    resolutions = profile.resolutions
    checks = (
        ("smallest_count", profile.smallest_count >= least, f"< {least}"),
        ("dominance", 0 < profile.dominance <= 1, "(0, 1]"),
        ("resolutions", bool(resolutions), "0"),
        ("resolutions", list(resolutions) == sorted(set(resolutions)), "…"),
        (
            "resolutions",
            all(COARSEST <= r <= FINEST for r in resolutions),
            f"{COARSEST} to {FINEST}",
        ),
        ("epoch", profile.epoch in EPOCHS, ", ".join(EPOCHS)),
        ("delay_h", profile.delay_h >= (LEAST_DELAY_H if is_open else 0), "< 72 h"),
        (
            "free_text",
            not profile.free_text or rank_of(profile.label) >= rank_of(AMBER),
            f"< {AMBER}",
        ),
        ("purposes", set(profile.purposes) <= set(PURPOSES), ", ".join(PURPOSES)),
        ("purposes", bool(profile.purposes), "0"),
    )
    for option, holds, reason in checks:
        if not holds:
            yield option, getattr(profile, option), reason


def read_profile(
    text: str, *, name: str, changes: Mapping[str, Any] | None = None
) -> DisclosureProfile:
    """Read a profile; a number without its source is refused.

    Parameters
    ----------
    text
        TOML as in ``riskmap/sharing/profiles``.
    name
        What it is called.
    changes
        Fields to set otherwise, such as ``smallest_count``.

    Returns
    -------
    DisclosureProfile
        Checked.

    Raises
    ------
    DisclosureOptionError
        If it would protect less than its label asks for, or a number has no source.

    Examples
    --------
    >>> text = files("riskmap.sharing.profiles").joinpath("public.toml").read_text()
    >>> read_profile(text, name="public", changes={"smallest_count": 0})
    Traceback (most recent call last):
    ...
    riskmap.errors.DisclosureOptionError: `smallest_count` of the profile public is ...
    """
    written = tomllib.loads(text)
    found: dict[str, Any] = {}
    for option, entry in written.items():
        if option in NUMBERS and not entry.get("source"):
            msg = f"`{option}` of the profile {name} needs a source."
            raise DisclosureOptionError(
                msg, option=option, value=entry, reason="source"
            )
        value = entry["value"] if option in NUMBERS else entry
        found[option] = tuple(value) if isinstance(value, list) else value
    profile = DisclosureProfile(name=name, **found)
    return replace(profile, **(changes or {}))


def profile_named(name: str) -> DisclosureProfile:
    """Find a profile.

    Parameters
    ----------
    name
        One of :data:`NAMES`.

    Returns
    -------
    DisclosureProfile
        As its TOML says.

    Raises
    ------
    UnknownNameError
        If there is none of that name.

    Examples
    --------
    >>> profile_named("public").smallest_count, profile_named("partner").smallest_count
    (11, 5)
    """
    if name not in NAMES:
        msg = f"The disclosure profile must be one of {NAMES}, got {name!r}."
        raise UnknownNameError(
            msg, kind="disclosure_profile", value=name, known=", ".join(NAMES)
        )
    place = files("riskmap.sharing.profiles").joinpath(f"{name}.toml")
    return read_profile(place.read_text(encoding="utf-8"), name=name)


def smallest_for(label: str) -> int:
    """Tell the smallest count that readers of a label may have.

    Parameters
    ----------
    label
        One of the labels of TLP 2.0.

    Returns
    -------
    int
        11 for ``TLP:CLEAR`` and ``TLP:GREEN``, 5 for ``TLP:AMBER``, else 1.

    Examples
    --------
    >>> smallest_for("TLP:GREEN"), smallest_for("TLP:AMBER")
    (11, 5)
    """
    return SMALLEST_BY_LABEL.get(label, 1)
