"""Options of sharing: which country holds the project, and the key that signs."""

from dataclasses import dataclass

from riskmap.errors import UnknownNameError
from riskmap.sharing.policy import COUNTRIES


@dataclass(frozen=True, kw_only=True)
class SharingOptions:
    """Who shares.

    Parameters
    ----------
    country
        ``US`` or ``MX``, whose records these are where they do not say; empty if
        nobody said.
    key
        File of the private key that signs packages, relative to the project's
        folder; empty to sign nothing.

    Examples
    --------
    >>> SharingOptions(country="MX").key
    ''
    """

    country: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        """Refuse a country that is none of the two."""
        if self.country and self.country not in COUNTRIES:
            msg = f"`sharing.country` must be US or MX, got {self.country!r}."
            raise UnknownNameError(
                msg, kind="country", value=self.country, known=", ".join(COUNTRIES)
            )
