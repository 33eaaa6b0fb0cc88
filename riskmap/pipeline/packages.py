"""Packages: made of a project under a profile, for one country, and written down."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import shapely

import riskmap
from riskmap.config import FILE, read_config
from riskmap.errors import PackageRefusedError, UnknownNameError
from riskmap.exports import ExportNotes
from riskmap.exports.files import write_bytes
from riskmap.pipeline.access import holder_of
from riskmap.pipeline.agreements import accepted_of
from riskmap.pipeline.audit import now, read_audit, record_action, verify_audit
from riskmap.pipeline.disclosure import Release, release_counts
from riskmap.pipeline.files import export_notes
from riskmap.pipeline.model_card import model_in_use
from riskmap.pipeline.opinions import open_disputes
from riskmap.pipeline.package_change import change_tables
from riskmap.pipeline.package_files import write_files
from riskmap.pipeline.package_tables import ROLE_OF, Door, Selection, select_tables
from riskmap.pipeline.policy import HOLDER
from riskmap.pipeline.release_ledger import read_ledger
from riskmap.project import Project, canonical_json
from riskmap.sharing import signing
from riskmap.sharing.manifest import FORMAT, FORMAT_VERSION, canonical
from riskmap.sharing.package import entry_of, open_package, pack
from riskmap.sharing.policy import COUNTRIES, Clearance
from riskmap.sharing.profiles import DisclosureProfile, profile_named
from riskmap.sharing.provjson import prov_document
from riskmap.sharing.stac import stac_item

ACTION: Final = "package"

PROV, STAC, DISPUTES = "provenance.json", "stac.json", "disputes.json"

AGREEMENTS_FILE: Final = "accepted.json"

OPTIONS_OF: Final = ("cells", "scores", "zones")


@dataclass(frozen=True, kw_only=True)
class PackageReport:
    """One package that was made.

    Parameters
    ----------
    path, sha256
        Where it is, and its checksum.
    profile, marking, to
        Under what, and for whom.
    files
        Their names.
    rows
        Table to number of rows.
    withheld
        What stayed, and why.
    audit_head
        Head of the audit log before it was made.
    key
        Name of the key that signed it; empty if none.
    repeated
        True if just this had been made before.
    """

    path: Path
    sha256: str
    profile: str
    marking: str
    to: str
    files: tuple[str, ...]
    rows: dict[str, int]
    withheld: dict[str, str]
    audit_head: str
    key: str
    repeated: bool


def create_package(  # noqa: PLR0913
    project: Project,
    out: Path,
    words: Mapping[str, Any],
    *,
    profile: str,
    to: str,
    role: str = "",
    at: datetime.datetime | None = None,
) -> PackageReport:
    """Make a package for the other country, or for one's own people.

    Counts are those of the last release under the profile to the same readers; if
    there is none yet, one is made and written into the export ledger.

    Parameters
    ----------
    project
        A project that has been run.
    out
        The zip to write.
    words
        Language to its labels.
    profile
        One of ``public``, ``partner`` and ``internal``.
    to
        ``US`` or ``MX``.
    role
        Who will read it, one of :data:`riskmap.sharing.policy.ROLES`; by default
        ``viewer``, ``assessor`` and ``analyst``.
    at
        When, UTC; now if not given.

    Returns
    -------
    PackageReport
        What was made; the same project and options make the same bytes.

    Raises
    ------
    UnknownNameError
        If there is no such profile, country or role.
    DisclosureError
        If small counts could be worked out; nothing is written then.
    PackageRefusedError
        If nothing may leave, or the key is none.
    TableMissingError
        Before the first run.
    FolderUnwritableError, DiskFullError
        If it cannot be written; an earlier file of that name stays whole.
    """
    moment = at or now()
    door = _door(project, profile, to, role)
    key = _key_of(project)
    release = _release_of(door, moment)
    chosen = select_tables(door, release)
    if not chosen.tables:
        msg = "Nothing of the project may leave under this profile."
        raise PackageRefusedError(msg, reason="empty", what=profile)
    notes = _notes(door, chosen, words)
    title = f"riskmap {notes.as_of} {profile} → {to}"
    files = write_files(door, chosen, notes, title=title)
    manifest = _manifest(door, chosen, notes, _ledger_entry(door))
    files |= _described(door, chosen, manifest, files)
    marking = door.marking().text()
    manifest["files"] = {
        name: entry_of(content, marking=_marking_of(name, chosen, marking))
        for name, content in files.items()
    }
    head, repeated = _head_for(project, manifest)
    content = hashlib.sha256(canonical(manifest)).hexdigest()
    data = pack(files, manifest | {"audit_head": head}, key=key)
    opened = open_package(data)
    write_bytes(out, [data])
    if not repeated:
        detail = {"content": content, "head": head, "marking": marking}
        told = f"{opened.sha256} → {to}"
        record_action(project, ACTION, told, profile=profile, detail=detail, at=moment)
    return PackageReport(
        path=out,
        sha256=opened.sha256,
        profile=profile,
        marking=marking,
        to=to,
        files=tuple(sorted(files)),
        rows={name: len(table) for name, table in chosen.tables.items()},
        withheld=chosen.withheld,
        audit_head=head,
        key=opened.key,
        repeated=repeated,
    )


def _door(project: Project, profile: str, to: str, role: str) -> Door:
    """Gather what decides on leaving."""
    chosen = profile_named(profile)
    if to not in COUNTRIES:
        msg = f"`to` must be one of {COUNTRIES}, got {to!r}."
        raise UnknownNameError(
            msg, kind="country", value=to, known=", ".join(COUNTRIES)
        )
    origin = holder_of(project)
    own = chosen.name == "internal"
    clearance = Clearance(
        role=role or ROLE_OF[profile],
        country=to,
        # what is for its holder only goes to the holder's own people
        organisation=origin if own and origin == HOLDER else "",
    )
    return Door(project=project, profile=chosen, clearance=clearance, origin=origin)


def _key_of(project: Project) -> bytes | None:
    """Read the key that signs, if one is configured."""
    name = read_config(project.path / FILE).sharing.key
    return signing.read_key(project.path / name) if name else None


def _audience(profile: DisclosureProfile, to: str) -> str:
    return "public" if profile.name == "public" else to


def _release_of(door: Door, moment: datetime.datetime) -> Release | None:
    """Take the last release to the same readers, or make the first one.

    Own people get the records themselves: there is nothing to protect in counts.
    """
    if door.profile.name == "internal":
        return None
    if (held := _held_for(door)) is None:
        audience = _audience(door.profile, door.clearance.country)
        release_counts(door.project, door.profile.name, audience=audience, at=moment)
        # as the ledger keeps it, so that the first package is as those after it
        held = _held_for(door)
    shown = int((held.table["state"] == "shown").sum())
    return Release(
        profile=door.profile.name,
        label=held.about["label"],
        audience=held.about["audience"],
        table=held.table,
        shown=shown,
        protected=len(held.table) - shown,
        periods=tuple(held.about["periods"]),
        sha256=held.sha256,
        seq=held.seq,
        repeated=True,
    )


def _held_for(door: Door) -> Any:
    """Find the last release under the profile to the same readers."""
    audience = _audience(door.profile, door.clearance.country)
    wanted = (door.profile.name, audience)
    held = [
        one
        for one in read_ledger(door.project)
        if (one.about["profile"], one.about["audience"]) == wanted
    ]
    return held[-1] if held else None


def _ledger_entry(door: Door) -> dict[str, Any] | None:
    """Name the entry of the export ledger that the counts are."""
    held = None if door.profile.name == "internal" else _held_for(door)
    if held is None:
        return None
    return {"seq": held.seq, "sha256": held.sha256, "at": held.at}


def _notes(door: Door, chosen: Selection, words: Mapping[str, Any]) -> ExportNotes:
    """Say what the files are, of the tables that went in and of no other."""
    whole = export_notes(door.project, words)
    used = {name: sha for name, sha in whole.inputs.items() if name in chosen.inputs}
    return replace(
        whole, scores=door.kept(), inputs=used, marking=door.marking().text()
    )


def _manifest(
    door: Door, chosen: Selection, notes: ExportNotes, entry: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Say what the package is; its files are still open."""
    project, profile = door.project, door.profile
    told = (*OPTIONS_OF, *sorted(chosen.inputs & change_tables()))
    snapshots = {name: project.snapshot(name) for name in told}
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "riskmap_version": riskmap.__version__,
        "as_of": notes.as_of,
        "profile": profile.name,
        "smallest_count": profile.smallest_count,
        "marking": door.marking().text(),
        "origin": door.origin,
        "to": door.clearance.country,
        "role": door.clearance.role,
        "tables": {
            name: {"rows": len(table), "marking": chosen.markings[name].text()}
            for name, table in chosen.tables.items()
        },
        "withheld": chosen.withheld,
        "inputs": dict(notes.inputs),
        # numbers as text: every language writes broken ones in its own way
        "options": {
            name: canonical_json(made.options)
            for name, made in snapshots.items()
            if made
        },
        "model": {
            name: str(model_in_use(project, name).get("model_id", "preset"))
            for name in door.kept()
        },
        "caveats": notes.caveats(),
        "attribution": [source.cite() for source in notes.sources],
        "ledger": dict(entry) if entry else None,
    }


def _described(
    door: Door,
    chosen: Selection,
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Describe the package for other programs, and add what we dispute."""
    told: dict[str, Any] = {**manifest, "files": {name: {} for name in files}}
    bounds: Any = door.project.read("boundary").total_bounds
    shapes = [shapely.box(*bounds)]
    shapes += [
        shapely.box(*table.total_bounds)
        for table in chosen.tables.values()
        if hasattr(table, "total_bounds")
    ]
    box = [round(value, 7) for value in shapely.total_bounds(shapes).tolist()]
    texts = {
        PROV: canonical(prov_document(told)),
        STAC: _json(stac_item(told, box)),
    }
    if door.profile.free_text:
        texts[DISPUTES] = canonical({"disputes": open_disputes(door.project)})
        said = accepted_of(door.project, door.clearance.country)
        if said:
            texts[AGREEMENTS_FILE] = canonical({"accepted": said})
    return texts


def _json(value: Mapping[str, Any]) -> bytes:
    return (canonical_json(value) + "\n").encode()


def _marking_of(name: str, chosen: Selection, marking: str) -> str:
    """Tell a file's marking: its table's, or the package's."""
    found = chosen.markings.get(name.partition(".")[0])
    return marking if found is None else found.text()


def _head_for(project: Project, manifest: Mapping[str, Any]) -> tuple[str, bool]:
    """Tell the head to print: a package made again has the head it had."""
    content = hashlib.sha256(canonical(manifest)).hexdigest()
    for one in reversed(read_audit(project)):
        if one.action == ACTION and one.detail.get("content") == content:
            return str(one.detail["head"]), True
    return verify_audit(project).head, False
