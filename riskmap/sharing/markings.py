"""Markings: Traffic Light Protocol 2.0 labels, who may have it, and for what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final, Self

from riskmap.errors import MarkingError
from riskmap.provenance import Source

LABELS: Final = (
    "TLP:CLEAR",
    "TLP:GREEN",
    "TLP:AMBER",
    "TLP:AMBER+STRICT",
    "TLP:RED",
)
"""From the most open to the strictest; never translated, no spaces (TLP 2.0)."""

CLEAR, GREEN, AMBER, AMBER_STRICT, RED = LABELS

SOURCE: Final = Source(
    name="Traffic Light Protocol (TLP), version 2.0",
    publisher="FIRST",
    url="https://www.first.org/tlp/",
    note="five labels, written exactly so in every language",
)

UNMARKED: Final = AMBER_STRICT

PURPOSES: Final = ("neutral", "public_safety", "life_saving", "mixed")
"""A table that holds both sides of the purpose wall is ``mixed``."""

RELEASE_MARK: Final = "//REL TO "

NOBODY_NAMED: Final = "-"


def rank_of(label: str) -> int:
    """Tell how strict a label is.

    Parameters
    ----------
    label
        One of :data:`LABELS`.

    Returns
    -------
    int
        0 for ``TLP:CLEAR`` to 4 for ``TLP:RED``.

    Raises
    ------
    MarkingError
        If it is no label of TLP 2.0; ``TLP:WHITE`` of version 1 is none.

    Examples
    --------
    >>> rank_of("TLP:AMBER") < rank_of("TLP:AMBER+STRICT")
    True
    """
    if label not in LABELS:
        msg = f"A label of TLP 2.0 is one of {LABELS}, got {label!r}."
        raise MarkingError(msg, value=label, known=", ".join(LABELS))
    return LABELS.index(label)


@dataclass(frozen=True, kw_only=True)
class Marking:
    """What one record, table or file is marked with.

    Parameters
    ----------
    label
        One of :data:`LABELS`.
    releasable_to
        Who may have it: ``US``, ``MX`` or organisations, the originator among them.
        None sets no limit beyond the label's, which only ``TLP:CLEAR`` and
        ``TLP:GREEN`` allow: above them None is nobody.
    purpose
        One of :data:`PURPOSES`.
    """

    label: str = UNMARKED
    releasable_to: frozenset[str] | None = None
    purpose: str = "neutral"

    def __post_init__(self) -> None:
        """Check the words; a strict label without names is for nobody."""
        strict = rank_of(self.label) > rank_of(GREEN)
        if strict and self.releasable_to is None:
            object.__setattr__(self, "releasable_to", frozenset())
        if self.purpose not in PURPOSES:
            msg = f"`purpose` must be one of {PURPOSES}, got {self.purpose!r}."
            raise MarkingError(msg, value=self.purpose, known=", ".join(PURPOSES))

    @classmethod
    def read(cls, text: str, *, originator: str, purpose: str = "neutral") -> Self:
        """Read a marking as text; an empty one is unmarked.

        Parameters
        ----------
        text
            ``TLP:AMBER//REL TO MX, US``; without names a strict label is for its
            originator.
        originator
            Whose record it is: always among those who may have it.
        purpose
            One of :data:`PURPOSES`.

        Returns
        -------
        Marking
            The same marking for all ways of ordering the names.

        Raises
        ------
        MarkingError
            If the label is none of TLP 2.0.

        Examples
        --------
        >>> Marking.read("", originator="US").label
        'TLP:AMBER+STRICT'
        >>> sorted(Marking.read("TLP:AMBER//REL TO MX", originator="US").releasable_to)
        ['MX', 'US']
        """
        label, _, names = text.strip().partition(RELEASE_MARK)
        label = label.strip() or UNMARKED
        named = frozenset(name.strip() for name in names.split(",") if name.strip())
        if not named and rank_of(label) <= rank_of(GREEN):
            return cls(label=label, purpose=purpose)
        named -= {NOBODY_NAMED}
        # what the originator gave away to nobody is theirs still
        owner = frozenset() if NOBODY_NAMED in names else frozenset({originator})
        return cls(label=label, releasable_to=named | owner, purpose=purpose)

    def text(self) -> str:
        """Write the marking, its purpose left out.

        Returns
        -------
        str
            Equal markings are equal text.

        Examples
        --------
        >>> Marking(label="TLP:AMBER", releasable_to=frozenset({"US", "MX"})).text()
        'TLP:AMBER//REL TO MX, US'
        """
        if self.releasable_to is None:
            return self.label
        names = ", ".join(sorted(self.releasable_to)) or NOBODY_NAMED
        return f"{self.label}{RELEASE_MARK}{names}"


OPEN: Final = Marking(label=CLEAR)
"""The marking that changes no other when combined."""


def _purpose_of_both(one: str, other: str) -> str:
    """Name what two purposes make together."""
    if other in {one, "neutral"}:
        return one
    return other if one == "neutral" else "mixed"


def _strictest_of_two(one: Marking, other: Marking) -> Marking:
    """Combine two markings."""
    both = [m.releasable_to for m in (one, other) if m.releasable_to is not None]
    return Marking(
        label=max(one.label, other.label, key=rank_of),
        releasable_to=frozenset.intersection(*both) if both else None,
        purpose=_purpose_of_both(one.purpose, other.purpose),
    )


def strictest(markings: Iterable[Marking]) -> Marking:
    """Combine the markings of what something was made of.

    The strictest label, only those who may have every part, both purposes.

    Parameters
    ----------
    markings
        Any number; none combine to ``TLP:CLEAR`` without a limit.

    Returns
    -------
    Marking
        The same in whatever order they came; never more open than any of them.

    Examples
    --------
    >>> ours = Marking.read("TLP:AMBER//REL TO MX", originator="US")
    >>> strictest([ours, Marking(label="TLP:GREEN")]).text()
    'TLP:AMBER//REL TO MX, US'
    """
    return reduce(_strictest_of_two, markings, OPEN)


def never_lowered(theirs: Marking, ours: Marking) -> Marking:
    """Mark what came back from another holder, who may have marked it more openly.

    Parameters
    ----------
    theirs
        As it came.
    ours
        As we have it.

    Returns
    -------
    Marking
        Ours, or the stricter of the two; the purpose stays ours.

    Examples
    --------
    >>> never_lowered(Marking(label="TLP:CLEAR"), Marking(label="TLP:GREEN")).label
    'TLP:GREEN'
    """
    return replace(strictest([theirs, ours]), purpose=ours.purpose)
