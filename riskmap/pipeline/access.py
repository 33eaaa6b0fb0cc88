"""Access: who somebody is, and the project as they may see it or work on it."""

import datetime
import functools
import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from riskmap.config import FILE, read_config
from riskmap.errors import AccessError, DeedError, UnknownNameError
from riskmap.pipeline.opening import open_project
from riskmap.pipeline.policy import (
    HOLDER,
    LOCAL_CLEARANCE,
    MARKING_COLUMNS,
    PolicyGate,
    cleared,
)
from riskmap.pipeline.record_marks import RECORDS
from riskmap.project import GuardedProject, Project, guarded
from riskmap.sharing.markings import PURPOSES, Marking
from riskmap.sharing.options import AccessOptions
from riskmap.sharing.policy import (
    GRAINS,
    ROLES,
    Clearance,
    is_visible,
    marking_columns,
    visible_rows,
)

EXPIRES: Final = "exp"
"""Claim of the end of a sign-in, seconds since 1970 (RFC 7519, 4.1.4)."""

# states of projects whose fingerprints are kept, for several people each
FINGERPRINTS_KEPT = 64

REGISTERS: Final = ("incidents", "landmarks", "contacts", "offices")


def holder_of(project: Project | Path) -> str:
    """Tell which country holds a project, as its ``riskmap.toml`` says.

    Parameters
    ----------
    project
        The project, or its folder.

    Returns
    -------
    str
        ``US``, ``MX``, or ``local`` where nobody said.
    """
    folder = project.path if isinstance(project, Project) else project
    return read_config(folder / FILE).sharing.country or HOLDER


def local_clearance(folder: Path, *, role: str = "") -> Clearance:
    """Tell what the one local user may see, where nobody signs in.

    Parameters
    ----------
    folder
        The project folder.
    role
        One of :data:`riskmap.sharing.policy.ROLES`; as ``riskmap.toml`` says, or else
        ``admin``, if empty.

    Returns
    -------
    Clearance
        Of the country that holds the project; assumed, and said to be.

    Raises
    ------
    UnknownNameError
        If there is no such role.
    ConfigError
        If ``riskmap.toml`` is wrong.
    """
    config = read_config(folder / FILE)
    one = replace(LOCAL_CLEARANCE, role=role or config.access.local_role)
    if config.sharing.country:
        return replace(one, country=config.sharing.country, organisation="")
    return one


def signed_clearance(
    folder: Path, claims: Mapping[str, Any], *, at: datetime.datetime
) -> Clearance:
    """Tell what somebody may see who has signed in.

    Parameters
    ----------
    folder
        The project folder; its ``riskmap.toml`` names the claims.
    claims
        Of the identity token, as OpenID Connect gives them.
    at
        When, UTC.

    Returns
    -------
    Clearance
        Never assumed; it ends when the sign-in does.

    Raises
    ------
    AccessError
        If nobody is signed in, the sign-in has ended, or its claims name no role or
        no country: then nobody is let in, whatever else they say.
    ConfigError
        If ``riskmap.toml`` is wrong.
    """
    options = read_config(folder / FILE).access
    if not claims.get("is_logged_in"):
        raise _refused(reason="nobody")
    made = clearance_of(claims, options)
    if not made.holds_at(at):
        raise _refused(reason="expired")
    return made


def clearance_of(claims: Mapping[str, Any], options: AccessOptions) -> Clearance:
    """Read a clearance out of the claims of a sign-in.

    Parameters
    ----------
    claims
        Of the identity token. A role may stand in a list, as groups do: then just one
        of the list must be a role.
    options
        Names of the claims.

    Returns
    -------
    Clearance
        Not checked against the clock.

    Raises
    ------
    AccessError
        If a claim is missing or none that is known.

    Examples
    --------
    >>> said = {"riskmap_role": "viewer", "riskmap_country": "MX", "exp": 1767225600}
    >>> made = clearance_of(said | {"email": "a@b.mx"}, AccessOptions())
    >>> made.role, made.country, made.expires_at.isoformat()
    ('viewer', 'MX', '2026-01-01T00:00:00+00:00')
    """
    said = claims.get(options.role_claim)
    listed = said if isinstance(said, list | tuple) else [said]
    roles = [one for one in listed if one in ROLES]
    if len(roles) != 1:
        raise _refused(reason="role", value=options.role_claim)
    person = claims.get(options.person_claim) or claims.get("sub")
    if not isinstance(person, str) or not person:
        raise _refused(reason="person", value=options.person_claim)
    try:
        ends = datetime.datetime.fromtimestamp(float(claims[EXPIRES]), datetime.UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise _refused(reason="expiry", value=EXPIRES) from None
    try:
        return Clearance(
            role=roles[0],
            country=str(claims.get(options.country_claim, "")),
            organisation=str(claims.get(options.organisation_claim) or ""),
            person=person,
            expires_at=ends,
        )
    except UnknownNameError:
        raise _refused(reason="country", value=options.country_claim) from None


def _refused(*, reason: str, value: str = "") -> AccessError:
    """Say why nobody is let in; never what a claim held."""
    msg = f"Nobody is let in: {reason} {value}".strip()
    return AccessError(msg, reason=reason, value=value)


def open_for(folder: Path, clearance: Clearance, surface: str) -> GuardedProject:
    """Open a project as somebody may see it on one surface.

    Parameters
    ----------
    folder
        The project folder.
    clearance
        Who is asking.
    surface
        One of :data:`riskmap.sharing.policy.SURFACES`.

    Returns
    -------
    GuardedProject
        Every reading passes the one policy; nothing can be written.

    Raises
    ------
    ProjectMissingError, ProjectNewerError, ConfigError
        As :func:`riskmap.pipeline.open_project`.
    """
    project = open_project(folder)
    return cleared(project, clearance, surface, originator=holder_of(project))


def open_to(folder: Path, clearance: Clearance, deed: str) -> GuardedProject:
    """Open a project to work on it, for somebody whose role may.

    Scores made of what one person sees would be wrong for all others: whoever may run
    the road or release counts reads every record in doing so.

    Parameters
    ----------
    folder
        The project folder.
    clearance
        Who is asking; the audit log names them.
    deed
        One of :data:`riskmap.sharing.policy.DEEDS`.

    Returns
    -------
    GuardedProject
        Nothing is withheld from the work.

    Raises
    ------
    DeedError
        If the role may not.
    ProjectMissingError, ProjectNewerError, ConfigError
        As :func:`riskmap.pipeline.open_project`.
    """
    if not clearance.may(deed):
        msg = f"The role {clearance.role} may not do this: {deed}."
        raise DeedError(msg, deed=deed, role=clearance.role)
    return guarded(open_project(folder), WholeGate(clearance))


class WholeGate:
    """A gate that lets all pass, and knows who went through.

    Parameters
    ----------
    clearance
        Whose work it is.
    """

    def __init__(self, clearance: Clearance) -> None:
        self.clearance = clearance

    def __call__(self, name: str, table: Any, at: str | None = None) -> Any:  # noqa: ARG002
        """Let a table through as it is."""
        return table


def view_key(project: Project) -> str:
    """Name what somebody sees of a project: equal for all who see the same of it.

    What is kept in memory for several people is kept under this name, so that nobody
    is given what was made for somebody who may see more.

    Parameters
    ----------
    project
        Perhaps seen through the gate of a clearance.

    Returns
    -------
    str
        Sum of the state of every table and delivery, and of what of each passes the
        gate; the text is no secret and tells nothing of what is withheld.
    """
    parts = [f"{made.name}:{made.sha256}" for made in project.snapshots()]
    for kind in REGISTERS:
        parts += [
            f"{kind}:{one.seq}:{one.file_sha256}:{one.accepted_sha256}"
            for one in project.batches(kind)
        ]
    gate = getattr(project, "gate", None)
    if not isinstance(gate, PolicyGate):
        return _sum(str(project.path), *parts)
    return _view_key(_Looked(gate, tuple(parts)))


class _Looked:
    """A gate on one state of a project: equal where clearance and state are."""

    def __init__(self, gate: PolicyGate, parts: tuple[str, ...]) -> None:
        one = gate.clearance
        self.gate, self.parts = gate, parts
        self._key = (
            str(gate.project.path),
            parts,
            (one.role, one.country, one.organisation),
            gate.surface,
            gate.originator,
        )

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Looked) and other._key == self._key


@functools.lru_cache(maxsize=FINGERPRINTS_KEPT)
def _view_key(looked: _Looked) -> str:
    """Decide of everything once, for each state and clearance."""
    gate = looked.gate
    project, said = gate.project, []
    unsaid = [
        Marking.read("", originator=gate.originator, purpose=one) for one in PURPOSES
    ]
    for mark, grain in itertools.product(unsaid, GRAINS):
        passes = is_visible(mark, gate.clearance, surface=gate.surface, grain=grain)
        said.append(f"{mark.purpose}, {grain}={passes}")
    for made in project.snapshots():
        if made.name in RECORDS:
            rows = pd.DataFrame(project.read(made.name))
            said += _decided(gate, made.name, rows)
        else:
            said.append(f"{made.name}={gate.lets(made.name)}")
    for kind in REGISTERS:
        parts = project.batches(kind).accepted_parts(*MARKING_COLUMNS)
        for _, table in parts:
            said += _decided(gate, f"{kind}.accepted", table.to_pandas())
    return _sum(str(project.path), *looked.parts, *said)


def _decided(gate: PolicyGate, name: str, rows: pd.DataFrame) -> list[str]:
    """Say of every mark among the rows of a table of records whether it passes."""
    if rows.empty:
        return []
    marks = marking_columns(RECORDS[name](rows)).drop_duplicates()
    seen = visible_rows(
        marks,
        gate.clearance,
        surface=gate.surface,
        originator=gate.originator,
    )
    said = zip(marks["marking"], marks["purpose"], seen, strict=True)
    return sorted(f"{name}:{mark}:{purpose}={one}" for mark, purpose, one in said)


def _sum(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
