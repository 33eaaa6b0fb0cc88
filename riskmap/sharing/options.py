"""Options of sharing: who holds the project, what signs it, and who may see it."""

from dataclasses import dataclass

from riskmap.errors import UnknownNameError
from riskmap.sharing.policy import COUNTRIES, ROLES


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


@dataclass(frozen=True, kw_only=True)
class AccessOptions:
    """Who somebody is: which claims of a sign-in (OpenID Connect) say so.

    Parameters
    ----------
    local_role
        Role of the one user where nobody signs in, one of
        :data:`riskmap.sharing.policy.ROLES`.
    role_claim, country_claim, organisation_claim
        Names of the claims that hold role, country (``US`` or ``MX``) and
        organisation; the last may be missing from a sign-in.
    person_claim
        Name of the claim that names the account in the audit log.

    Examples
    --------
    >>> AccessOptions().local_role
    'admin'
    """

    local_role: str = "admin"
    role_claim: str = "riskmap_role"
    country_claim: str = "riskmap_country"
    organisation_claim: str = "riskmap_organisation"
    person_claim: str = "email"

    def __post_init__(self) -> None:
        """Refuse a role that is none."""
        if self.local_role not in ROLES:
            known = ", ".join(ROLES)
            msg = f"`access.local_role` must be one of {known}: {self.local_role!r}."
            raise UnknownNameError(msg, kind="role", value=self.local_role, known=known)
