"""Taxonomy: the kinds of incident, each with its side of the purpose wall."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

PURPOSES: Final = ("life_saving", "public_safety", "neutral")

AUDIENCES: Final = ("migrants", "officers", "communities")

LEAST_SEVERITY, MOST_SEVERITY = 0, 5


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of incident.

    Parameters
    ----------
    code
        Its code in tables; the words for it are ``kind.CODE`` in the catalogues.
    severity
        Default severity, 0 (no harm) to 5 (life lost).
    purpose
        Its side of the purpose wall, one of :data:`PURPOSES`.
    audience
        Whom it endangered, one of :data:`AUDIENCES`.
    clause
        Where the agreements between the two countries name it.
    """

    code: str
    severity: int
    purpose: str
    audience: str
    clause: str

    @property
    def key(self) -> str:
        """Key of its label in the catalogues."""
        return f"kind.{self.code}"


def cause_key(cause: str) -> str:
    """Name the key of a cause's label in the catalogues.

    Parameters
    ----------
    cause
        One of :data:`CAUSES`.

    Returns
    -------
    str
        Key for a ``label``.

    Examples
    --------
    >>> cause_key("drowning")
    'cause.drowning'
    """
    return f"cause.{cause}"


_WRITTEN = tomllib.loads(
    Path(__file__).with_name("taxonomy.toml").read_text(encoding="utf-8")
)

CAUSES: Final[tuple[str, ...]] = tuple(_WRITTEN["causes"])

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {code: Kind(code=code, **entry) for code, entry in _WRITTEN["kinds"].items()}
)
