"""Acceptance: what of a package goes into our register, and how it comes out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd

from riskmap import cells as cells_
from riskmap.ingest import Batch, understand_incidents
from riskmap.ingest.record_columns import CORRECTED, REPORTED, WITHDRAWN
from riskmap.pipeline.agreements import read_agreements, record_agreements
from riskmap.pipeline.amendments import PROFILE, as_text, by_hand
from riskmap.pipeline.audit import now, record_action
from riskmap.pipeline.deliveries import knowledge, record_incidents
from riskmap.pipeline.register import NO_FAULTS
from riskmap.pipeline.versions import records_named
from riskmap.project import Project
from riskmap.sharing.difference import ABSENT, RECORD
from riskmap.sharing.markings import Marking, never_lowered
from riskmap.sharing.package import OpenedPackage
from riskmap.sharing.policy import COUNTRIES
from riskmap.sharing.profiles import profile_named

TAKEN_FIELDS: Final = (
    "occurred_on",
    "time_precision",
    "kind",
    "cause",
    "dead",
    "missing",
)
"""What a record of theirs says that ours is made of, or corrected to; its purpose
follows from its kind, and a record of another source is another record."""

# as large as the area of a regular hexagon of radius 1
HEXAGON: Final = 3 * 3**0.5 / 2

BASIS: Final = "stated"


@dataclass(frozen=True, kw_only=True, eq=False)
class Acceptance:
    """What accepting some differences would do.

    Parameters
    ----------
    rows
        Of :data:`riskmap.pipeline.agreements.AGREEMENT_TABLE`, one a difference.
    batch
        The delivery that the register would take; None if it takes nothing.
    faults
        What keeps some records of theirs out of the register.
    refused
        The items of those records.
    """

    rows: pd.DataFrame
    batch: Batch | None
    faults: pd.DataFrame
    refused: tuple[str, ...]


def _row_of_theirs(record: pd.Series, resolution: int, origin: str) -> dict[str, str]:
    """Write a record of a package as a row of riskmap's own table."""
    row = {name: _text(record[name]) for name in TAKEN_FIELDS}
    row["occurred_on"] = row["occurred_on"][:10]
    row["marking"] = _marking_text(_text(record["marking"]), origin)
    return row | _place_of(record, resolution)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _marking_text(text: str, origin: str) -> str:
    """Write a marking so that its originator stays named when others hold it."""
    return Marking.read(text, originator=origin).text() if origin in COUNTRIES else text


def _place_of(record: pd.Series, resolution: int) -> dict[str, str]:
    """Place a record at its cell's centre, known no better than the cell is wide."""
    if _text(record.get("area", "")):
        return {"lat": "", "lon": "", "accuracy_m": "", "area": str(record["area"])}
    lon, lat = str(record["place"]).split()
    cell = cells_.points_to_cells(
        np.array([float(lon)]), np.array([float(lat)]), resolution
    )
    area_km2 = float(cells_.cell_areas_km2(cell).iloc[0])
    radius_m = 1000 * (area_km2 / HEXAGON) ** 0.5
    return {
        "lat": lat,
        "lon": lon,
        "area": "",
        "accuracy_m": str(round(radius_m)),
        "accuracy_basis": BASIS,
    }


def _corrected(
    ours: Mapping[str, str], theirs: Mapping[str, str], fields: Sequence[str]
) -> dict[str, str]:
    """Put what differs into our row; what else we know of the record stays."""
    names = [name for name in fields if name in TAKEN_FIELDS]
    row = dict(ours) | {name: theirs[name] for name in names}
    if {"place", "area"} & {*fields}:
        placed = ("lat", "lon", "area", "accuracy_m", "accuracy_basis")
        row |= {name: theirs.get(name, "") for name in placed}
    if {"occurred_on", "time_precision"} & {*fields}:
        row["local_time"] = ""
    return row


def _joined_marking(ours: str, theirs: str, holder: str) -> str:
    """Keep our marking, or the stricter of both: a way back never opens a record."""
    own, other = (Marking.read(one, originator=holder) for one in (ours, theirs))
    joined = never_lowered(other, own)
    return ours if joined == own else joined.text()


def accept(
    project: Project,
    opened: OpenedPackage,
    found: pd.DataFrame,
    theirs: pd.DataFrame | None,
    *,
    holder: str,
) -> Acceptance:
    """Work out what accepting some differences does, and record nothing.

    Parameters
    ----------
    project
        The project.
    opened
        The package.
    found
        Rows of :func:`riskmap.pipeline.diff_package`.
    theirs
        Their incidents, on their names.
    holder
        Whose the project is.

    Returns
    -------
    Acceptance
        Records of theirs that the register would refuse are left out and named.
    """
    told = _Side(opened=opened, incidents=theirs, holder=holder)
    earlier = project.batches("incidents")
    names = found["item"].str.partition("/")[2]
    of_incidents = found["item"].str.startswith("incident/")
    known: Any = records_named(earlier, pd.Index(names[of_incidents].unique()))
    parts, wanted = [], {}
    for item, rows in found.groupby("item", sort=False):
        name = str(item).partition("/")[2]
        ours = as_text(name, known.loc[name]) if name in known.index else {}
        effect, after = _effect(told, str(item), rows, ours)
        if after:
            wanted[str(item)] = after
        parts.append(_agreement(told, rows, effect, (ours, after)))
    everything = pd.concat(parts, ignore_index=True)
    batch, faults, refused = _understood(project, opened, wanted)
    kept = everything[~everything["item"].isin(refused)]
    return Acceptance(rows=kept, batch=batch, faults=faults, refused=refused)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Side:
    """The other side, as its package tells of it."""

    opened: OpenedPackage
    incidents: pd.DataFrame | None
    holder: str

    @property
    def origin(self) -> str:
        return str(self.opened.manifest["origin"])

    def row(self, name: str) -> dict[str, str]:
        """Write one of their incidents as a row of text."""
        if self.incidents is None or name not in self.incidents.index:
            return {}
        record = self.incidents.loc[name]
        finest = max(profile_named(self.opened.manifest["profile"]).resolutions)
        row = _row_of_theirs(record, finest, self.origin)
        return {"event_id": name, "source": str(record["source"])} | row


def _effect(
    told: _Side, item: str, rows: pd.DataFrame, ours: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Tell what accepting an item does, and our record after it."""
    family, _, name = item.partition("/")
    fields = set(rows["field"])
    if family == "cell":
        return "agreed" if fields - {RECORD, "dispute"} else "noted", {}
    # what is not in a package may have been held back: that takes nothing from us
    absent = bool(((rows["field"] == RECORD) & (rows["theirs"] == ABSENT)).any())
    theirs = told.row(name)
    if family != "incident" or absent or not theirs or fields <= {"dispute"}:
        return "noted", {}
    reason = {"change_reason": f"package {told.opened.sha256[:8]}"}
    if not ours:
        return "taken", theirs | {"status": REPORTED} | reason
    changed = sorted(fields) if RECORD not in fields else [*TAKEN_FIELDS, "place"]
    marking = _joined_marking(ours["marking"], theirs["marking"], told.holder)
    row = _corrected(ours, theirs, changed)
    row |= {"marking": marking, "status": CORRECTED} | reason
    return "taken" if RECORD in fields else "corrected", row


def _agreement(
    told: _Side,
    rows: pd.DataFrame,
    effect: str,
    sides: tuple[Mapping[str, str], Mapping[str, str]],
) -> pd.DataFrame:
    before, after = (_json(side) for side in sides)
    return rows[["item", "field", "ours", "theirs"]].assign(
        package=told.opened.sha256,
        package_side=told.origin,
        effect=effect,
        before=before,
        after=after,
    )


def _json(row: Mapping[str, str]) -> str:
    return orjson.dumps(dict(row), option=orjson.OPT_SORT_KEYS).decode() if row else ""


def _understood(
    project: Project, opened: OpenedPackage, wanted: Mapping[str, dict[str, str]]
) -> tuple[Batch | None, pd.DataFrame, tuple[str, ...]]:
    """Let every record pass the checks of any delivery; leave out what fails."""
    items = list(wanted)
    batch = _read(project, opened.sha256, [wanted[item] for item in items])
    if batch is None or not batch.quarantined:
        return batch, NO_FAULTS, ()
    at_fault = {int(row) for row in batch.faults["row"]}
    refused = tuple(items[row - 1] for row in sorted(at_fault))
    good = [wanted[item] for item in items if item not in refused]
    return _read(project, opened.sha256, good), batch.faults, refused


def _read(project: Project, sha256: str, rows: list[dict[str, str]]) -> Batch | None:
    """Understand rows as a delivery whose file is the package."""
    if not rows:
        return None
    earlier = project.batches("incidents")
    # accepted again after it was taken back it is another version, no repetition
    name = f"{sha256}-{len(earlier)}.zip"
    known = records_named(earlier, pd.Index([row["event_id"] for row in rows]))
    return understand_incidents(
        by_hand(rows, name, {}),
        Path(name),
        profile=PROFILE,
        known_on=now().date(),
        known_ids=known,
        **knowledge(project),
    )


def record_acceptance(project: Project, done: Acceptance) -> None:
    """Record what was accepted: what is agreed first, then the register's delivery.

    Parameters
    ----------
    project
        The project.
    done
        What :func:`accept` worked out.
    """
    moment = now()
    record_agreements(project, done.rows, moment)
    if done.batch is not None and len(done.batch.accepted):
        seen = len(project.batches("incidents"))
        record_incidents(project, done.batch, moment, seen=seen)
        detail = {"records": len(done.batch.accepted)}
        record_action(project, "edit", done.batch.file_name[:16], detail=detail)


def take_back(project: Project, sha256: str, items: Sequence[str]) -> int:
    """Undo what accepting did to our register; every version stays.

    A record that came by it is withdrawn; a field that was corrected, and has not
    changed since, says again what it said.

    Parameters
    ----------
    project
        The project.
    sha256
        Of the package.
    items
        As accepted.

    Returns
    -------
    int
        How many records changed.
    """
    agreed = read_agreements(project, also_left=True)
    own = agreed[(agreed["package"] == sha256) & agreed["item"].isin(items)]
    own = own[own["after"] != ""].drop_duplicates("item", keep="last")
    if own.empty:
        return 0
    names = own["item"].str.partition("/")[2]
    known: Any = records_named(project.batches("incidents"), pd.Index(names))
    rows = []
    for name, before, after in zip(names, own["before"], own["after"], strict=True):
        if name not in known.index:
            continue
        held = as_text(name, known.loc[name])
        row = _former(held, *(orjson.loads(one or "{}") for one in (before, after)))
        if known.loc[name, "status"] != WITHDRAWN and row != held:
            rows.append(row | {"change_reason": f"not package {sha256[:8]}"})
    batch = _read(project, sha256, rows)
    if batch is None:
        return 0
    report = record_incidents(
        project, batch, now(), seen=len(project.batches("incidents"))
    )
    record_action(project, "edit", sha256[:16], detail={"taken_back": report.accepted})
    return report.accepted


def _former(
    held: Mapping[str, str], before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, str]:
    """Write a record as it was, but for what has changed since."""
    if not before:
        return dict(held) | {"status": WITHDRAWN}
    back = {
        name: before.get(name, "")
        for name in held
        if name != "marking"
        and before.get(name, "") != after.get(name, "")
        and held[name] == after.get(name, "")
    }
    return dict(held) | back | ({"status": CORRECTED} if back else {})
