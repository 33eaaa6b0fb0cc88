"""Disclosure: what counts of a project leave, and what all readers together hold."""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from riskmap.errors import DisclosureOptionError
from riskmap.ingest import FAULT_TABLE
from riskmap.pipeline.audit import now, record_action
from riskmap.pipeline.policy import HOLDER
from riskmap.pipeline.release_ledger import (
    RELEASES,
    HeldRelease,
    count_blocks,
    read_ledger,
    sources_of,
)
from riskmap.project import Project, canonical_json
from riskmap.schema import empty_table
from riskmap.sharing.counting import (
    UNDATED,
    Counted,
    period_end,
    period_tree,
)
from riskmap.sharing.markings import AMBER, CLEAR, GREEN, rank_of
from riskmap.sharing.profiles import (
    NAMES,
    DisclosureProfile,
    profile_named,
    smallest_for,
)
from riskmap.sharing.readers import SHOWN, Readers
from riskmap.sharing.release import (
    RELEASE_TABLE,
    audit_holdings,
    build_release,
    check_held,
    disclosure_error,
)

READING_LABELS: Final = (CLEAR, GREEN, AMBER)
"""Groups of readers; each holds what is marked no stricter, from both countries."""

AUDIENCES: Final = ("public", "US", "MX")

DISCLOSURE_PROFILES: Final = NAMES


@dataclass(frozen=True, kw_only=True, eq=False)
class Release:
    """One release: what left, or would leave.

    Parameters
    ----------
    profile, label, audience
        Under what, and for whom.
    table
        Of :data:`riskmap.sharing.release.RELEASE_TABLE`.
    shown, protected
        Numbers of counts.
    periods
        The epochs in it, sorted.
    sha256
        Of the table as CSV.
    seq
        Its place in the project's ledger; 0 if it was only checked.
    repeated
        True if just this had been released before.
    """

    profile: str
    label: str
    audience: str
    table: pd.DataFrame
    shown: int
    protected: int
    periods: tuple[str, ...]
    sha256: str
    seq: int = 0
    repeated: bool = False


def _due(
    blocks: Iterable[Counted],
    profile: DisclosureProfile,
    at: datetime.datetime,
    days: tuple[str, str],
) -> set[str]:
    """Name the epochs that are over, late enough, and asked for."""
    from_on, to_on = (pd.Timestamp(day, tz="UTC") if day else None for day in days)
    found = set()
    for year in {block.year for block in blocks}:
        start = pd.Timestamp(year=int(year), month=1, day=1, tz="UTC")
        for period in period_tree(year, profile.epoch).names:
            end = period_end(period)
            late = end + pd.Timedelta(hours=profile.delay_h) <= at
            begun = start if UNDATED in period or period == year else _start(period)
            asked = (from_on is None or begun >= from_on) and (
                to_on is None or end <= to_on
            )
            if late and asked:
                found.add(period)
    return found


def _start(period: str) -> pd.Timestamp:
    """Tell when a quarter or month begins."""
    months = 3 if "Q" in period else 1
    return period_end(period) - pd.DateOffset(months=months)


def _readers(profile: DisclosureProfile, held: Sequence[HeldRelease]) -> list[Readers]:
    """List who will hold a release: all whose label is no more open than its own."""
    groups = [
        label for label in READING_LABELS if rank_of(label) >= rank_of(profile.label)
    ]
    if not groups:
        return [_group(profile.smallest_count, profile.dominance, ())]
    wanted = [
        _group(
            max(smallest_for(label), profile.smallest_count)
            if label == profile.label
            else smallest_for(label),
            profile.dominance,
            _held_by(label, held),
        )
        for label in groups
    ]
    return _distinct(wanted)


def _distinct(readers: Sequence[Readers]) -> list[Readers]:
    """Leave out readers who hold the same as others that more is kept from."""
    kept: list[Readers] = []
    for some in sorted(readers, key=lambda one: -one.smallest_count):
        if not any(len(some.held) == len(one.held) for one in kept):
            kept.append(some)
    return kept


def _held_by(label: str, held: Sequence[HeldRelease]) -> list[HeldRelease]:
    """List what readers of a label hold: of both countries together."""
    return [one for one in held if rank_of(one.about["label"]) <= rank_of(label)]


def _group(smallest: int, dominance: float, held: Sequence[HeldRelease]) -> Readers:
    nothing = empty_table(RELEASE_TABLE, index="row").reset_index(drop=True)
    tables = [one.table for one in held] or [nothing]
    return Readers(
        smallest_count=smallest,
        dominance=dominance,
        held=pd.concat(tables, ignore_index=True),
    )


def _watched(held: Sequence[HeldRelease]) -> list[HeldRelease]:
    """Leave out what is for its holder only: its readers see the records anyway."""
    return [one for one in held if rank_of(one.about["label"]) <= rank_of(AMBER)]


def release_counts(  # noqa: PLR0913
    project: Project,
    profile: str = "public",
    *,
    audience: str = "public",
    from_on: str = "",
    to_on: str = "",
    cells: Collection[int] | None = None,
    only_check: bool = False,
    changes: Mapping[str, Any] | None = None,
    originator: str = HOLDER,
    at: datetime.datetime | None = None,
) -> Release:
    """Release counts under a disclosure profile, and write it into the export ledger.

    Counts below the profile's smallest, and whatever they could be worked out of
    together with all that its readers hold, from both countries, are protected.

    Parameters
    ----------
    project
        A project that has been run.
    profile
        One of ``public``, ``partner`` and ``internal``.
    audience
        For whom: ``public``, ``US``, ``MX`` or an organisation.
    from_on, to_on
        Only epochs between these days, ISO 8601; open if empty.
    cells
        Only these places of the grid; all if not given.
    only_check
        True to release nothing: the ledger stays as it is.
    changes
        Settings of the profile to set otherwise, stricter ones only.
    originator
        Whose the records are where they do not say.
    at
        When, UTC; now if not given.

    Returns
    -------
    Release
        What left.

    Raises
    ------
    UnknownNameError
        If there is no such profile.
    DisclosureOptionError
        If a change protects less than the label asks for, or nothing is selected.
    DisclosureError
        If small counts could be worked out whatever is protected; nothing left then.
    TableMissingError
        Before the first run.
    """
    chosen = profile_named(profile)
    chosen = _changed(chosen, changes or {})
    moment = at or now()
    held = read_ledger(project)
    watched = _watched(held)
    blocks = count_blocks(
        project,
        held,
        resolutions=_joined(watched, "resolutions", chosen.resolutions),
        epochs=_joined(watched, "epoch", [chosen.epoch]),
        years=(from_on[:4], to_on[:4] or "9999"),
        with_zeros=chosen.smallest_count > 1,
        originator=originator,
    )
    readers = _readers(chosen, watched)
    for some in readers:
        check_held(blocks, some.held)
    periods = _due(blocks, chosen, moment, (from_on, to_on))
    table = build_release(blocks, chosen, readers, periods=periods, cells=cells)
    found = _as_release(chosen, audience, table)
    if only_check:
        return found
    return _record(project, found, chosen, held, moment)


def _changed(
    profile: DisclosureProfile, changes: Mapping[str, Any]
) -> DisclosureProfile:
    """Set a profile's settings otherwise."""
    for option in changes:
        if option not in DisclosureProfile.__dataclass_fields__:
            known = ", ".join(DisclosureProfile.__dataclass_fields__)
            msg = f"A profile has no setting {option!r}; there are {known}."
            raise DisclosureOptionError(
                msg, option=option, value=changes[option], reason=known
            )
    values = {
        name: getattr(profile, name) for name in DisclosureProfile.__dataclass_fields__
    }
    return DisclosureProfile(**(values | dict(changes)))


def _joined(held: Sequence[HeldRelease], name: str, own: Iterable[Any]) -> set[Any]:
    """Join a setting of all that is held with that of a new release."""
    found = set(own)
    for release in held:
        value = release.about[name]
        found |= set(value) if isinstance(value, list) else {value}
    return found


def _as_release(
    profile: DisclosureProfile, audience: str, table: pd.DataFrame
) -> Release:
    shown = int((table["state"] == SHOWN).sum())
    return Release(
        profile=profile.name,
        label=profile.label,
        audience=audience,
        table=table,
        shown=shown,
        protected=len(table) - shown,
        periods=tuple(sorted(table["period"].unique())),
        sha256=hashlib.sha256(table.to_csv(index=False).encode()).hexdigest(),
    )


def _record(
    project: Project,
    found: Release,
    profile: DisclosureProfile,
    held: Sequence[HeldRelease],
    moment: datetime.datetime,
) -> Release:
    """Write a release into the export ledger and the audit log."""
    sources = sources_of(project, held)["current"]
    about = {
        "profile": found.profile,
        "label": found.label,
        "audience": found.audience,
        "periods": found.periods,
        "resolutions": profile.resolutions,
        "epoch": profile.epoch,
        "smallest_count": profile.smallest_count,
        "dominance": profile.dominance,
        **sources,
    }
    batch = project.record_batch(
        RELEASES,
        accepted=found.table,
        faults=empty_table(FAULT_TABLE, index="row_number").reset_index(drop=True),
        file_sha256=found.sha256,
        file_name=f"{found.profile}-{found.audience}",
        profile=canonical_json(about),
        duplicates=0,
        rows_in=len(found.table),
        known_at=moment.isoformat(timespec="seconds"),
        seen=len(held),
    )
    record_action(
        project,
        "release",
        f"{found.sha256} → {found.audience}",
        profile=found.profile,
        detail={"label": found.label, "shown": found.shown, "seq": batch.seq},
        at=moment,
    )
    return Release(**(vars(found) | {"seq": batch.seq, "repeated": batch.repeated}))


def audit_releases(project: Project, *, originator: str = HOLDER) -> int:
    """Check that nobody can narrow a small count with all that has been released.

    Parameters
    ----------
    project
        The project.
    originator
        Whose the records are where they do not say.

    Returns
    -------
    int
        How many releases were looked at.

    Raises
    ------
    DisclosureError
        If somebody can; the cells at fault are named.
    """
    held = _watched(read_ledger(project))
    if not held:
        return 0
    blocks = count_blocks(
        project,
        read_ledger(project),
        resolutions=_joined(held, "resolutions", ()),
        epochs=_joined(held, "epoch", ()),
        originator=originator,
    )
    faults: list[dict[str, Any]] = []
    readers = []
    for label in READING_LABELS:
        theirs = _held_by(label, held)
        share = min((one.about["dominance"] for one in theirs), default=1.0)
        readers.append(_group(smallest_for(label), share, theirs))
    for some in _distinct(readers):
        check_held(blocks, some.held)
        faults += audit_holdings(blocks, some)
    if faults:
        raise disclosure_error(faults)
    return len(held)
