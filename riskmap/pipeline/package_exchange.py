"""Package exchange: the other side's package, taken in whole and set beside ours."""

import base64
import fnmatch
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.exports.layers import named
from riskmap.pipeline.acceptance import accept, record_acceptance, take_back
from riskmap.pipeline.access import holder_of
from riskmap.pipeline.audit import now, record_action
from riskmap.pipeline.opinions import check_opinion, read_opinions, record_opinions
from riskmap.pipeline.package_reading import (
    KEYS,
    refuse,
    their_disputes,
    their_table,
    verify_package,
    with_places,
)
from riskmap.pipeline.package_tables import RECORD_FIELDS, Door, select_tables
from riskmap.pipeline.record_marks import RECORDS
from riskmap.pipeline.register import NO_FAULTS
from riskmap.project import Project
from riskmap.sharing.difference import differences
from riskmap.sharing.markings import Marking, rank_of
from riskmap.sharing.package import OpenedPackage, open_package
from riskmap.sharing.policy import Clearance
from riskmap.sharing.profiles import profile_named

PACKAGES: Final = "packages"

PIECE: Final = 1024**2

COMPARED: Final = ("scores", "incidents")

FAMILIES: Final = {"scores": "cell", "incidents": "incident"}


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """One package that was taken in.

    Parameters
    ----------
    seq
        Its place among those taken in.
    package
        The package.
    repeated
        True if just this had been taken in before.
    """

    seq: int
    package: OpenedPackage
    repeated: bool


def import_package(
    project: Project, path: Path, *, keys: Collection[Path] = ()
) -> ImportReport:
    """Take in a package, byte for byte, after it was checked.

    Parameters
    ----------
    project
        The project.
    path
        The zip.
    keys
        As :func:`verify_package` takes them.

    Returns
    -------
    ImportReport
        Its place; what it says changes nothing of ours.

    Raises
    ------
    PackageRefusedError
        If it is not to be trusted, or marks a record that we hold more openly than
        we do; the project is as it was.
    ProjectError
        If it cannot be stored.
    """
    opened = verify_package(path, keys=keys)
    _check_markings(project, opened)
    data = path.read_bytes()
    pieces = [
        base64.b64encode(data[first : first + PIECE]).decode()
        for first in range(0, len(data), PIECE)
    ]
    moment = now()
    batch = project.record_batch(
        PACKAGES,
        accepted=pd.DataFrame({"piece": pd.array(pieces, dtype="str")}),
        faults=NO_FAULTS,
        file_sha256=opened.sha256,
        file_name=path.name,
        profile=str(opened.manifest["profile"]),
        duplicates=0,
        rows_in=len(pieces),
        known_at=moment.isoformat(timespec="seconds"),
        seen=len(project.batches(PACKAGES)),
    )
    if not batch.repeated:
        detail = {"origin": opened.manifest["origin"], "key": opened.key}
        record_action(
            project, "import_package", opened.sha256, detail=detail, at=moment
        )
    return ImportReport(seq=batch.seq, package=opened, repeated=batch.repeated)


def imported_package(project: Project, sha256: str) -> bytes:
    """Give back a package that was taken in, byte for byte.

    Parameters
    ----------
    project
        The project.
    sha256
        Of the zip, or as much of its beginning as is its own.

    Returns
    -------
    bytes
        The zip.

    Raises
    ------
    PackageRefusedError
        If there is none, or several.
    """
    batches = project.batches(PACKAGES)
    fits = [n for n, one in enumerate(batches) if one.file_sha256.startswith(sha256)]
    if len(fits) != 1 or not sha256:
        refuse("not_imported", sha256[:16])
    pieces = batches[fits[0] : fits[0] + 1].accepted()["piece"]
    return b"".join(base64.b64decode(piece) for piece in pieces)


def diff_package(project: Project, source: Path | bytes) -> pd.DataFrame:
    """Set a package beside what we would send under the same profile.

    Parameters
    ----------
    project
        A project that has been run.
    source
        The package, taken in or not.

    Returns
    -------
    pandas.DataFrame
        ``item``, ``field``, ``ours``, ``theirs`` and ``state``: what was decided, or
        empty. What the other side disputes has the field ``dispute``.

    Raises
    ------
    PackageRefusedError
        If it is not to be trusted, or its cells are of another resolution.
    """
    opened = verify_package(source)
    ours = _our_tables(project, opened)
    parts = [their_disputes(opened)]
    for name in COMPARED:
        theirs = their_table(opened, name)
        mine = ours.get(name)
        if theirs is None or mine is None:
            continue
        if name == "scores":
            _check_cells(mine, theirs)
        parts.append(
            differences(mine, theirs, family=FAMILIES[name], fields=_fields(name, mine))
        )
    found = pd.concat(parts, ignore_index=True)
    said = read_opinions(project)
    ours_of = said[said["package"] == opened.sha256]
    states = dict(zip(ours_of["item"], ours_of["state"], strict=True))
    decided = [states.get(item, "") for item in found["item"]]
    return found.assign(state=pd.array(decided, dtype="str"))


@dataclass(frozen=True, kw_only=True, eq=False)
class Decided:
    """What became of a decision on differences.

    Parameters
    ----------
    package
        Checksum of the package.
    state
        ``accepted``, ``disputed`` or ``left``.
    effects
        Item to what deciding did: one of
        :data:`riskmap.pipeline.agreements.EFFECTS` where it was accepted.
    taken_back
        How many records of ours say again what they said before.
    faults
        What keeps some records of theirs out of our register
        (:data:`riskmap.ingest.FAULT_TABLE`): nothing was said of them.
    refused
        The items of those records.
    """

    package: str
    state: str
    effects: dict[str, str]
    taken_back: int = 0
    faults: pd.DataFrame = field(default_factory=lambda: NO_FAULTS)
    refused: tuple[str, ...] = ()


def decide_difference(
    project: Project, sha256: str, item: str, state: str, *, reason: str = ""
) -> Decided:
    """Accept, dispute or leave differences of a package that was taken in.

    What is accepted of an incident goes into our register, by the checks of any
    delivery, its marking never lowered; their number of a cell is kept beside ours
    and changes no score. Whoever disputes or leaves what was accepted takes it back:
    a record that came so is withdrawn, a corrected field says again what it said.

    Parameters
    ----------
    project
        The project.
    sha256
        Of the package, or its beginning.
    item
        As :func:`diff_package` names it; ``*`` stands for any letters.
    state
        ``accepted``, ``disputed`` or ``left``.
    reason
        Why; a dispute needs one.

    Returns
    -------
    Decided
        What became of it; layers and scores follow with the next run.

    Raises
    ------
    PackageRefusedError
        If there is no such package or difference.
    OptionError, UnknownNameError
        If the reason or the state is none.
    """
    data = imported_package(project, sha256)
    opened = open_package(data)
    check_opinion(state, reason)
    found = diff_package(project, data)
    before = read_opinions(project)
    before = before[before["package"] == opened.sha256]
    held = set(before.loc[before["state"] == "accepted", "item"])
    # what was accepted is no difference any more, and may still be taken back
    named = sorted({*found["item"], *before["item"]})
    items = [one for one in named if fnmatch.fnmatchcase(one, item)]
    if not items:
        refuse("no_difference", item[:60])
    if state != "accepted":
        record_opinions(project, opened.sha256, items, state, reason=reason)
        back = take_back(project, opened.sha256, [one for one in items if one in held])
        effects = dict.fromkeys(items, "")
        return Decided(
            package=opened.sha256, state=state, effects=effects, taken_back=back
        )
    return _accepted(project, opened, found[found["item"].isin(items)], reason)


def _accepted(
    project: Project, opened: OpenedPackage, rows: pd.DataFrame, reason: str
) -> Decided:
    """Accept differences; what the register would refuse is not accepted."""
    theirs = their_table(opened, "incidents")
    done = accept(project, opened, rows, theirs, holder=holder_of(project))
    effects = dict(zip(done.rows["item"], done.rows["effect"], strict=True))
    if effects:
        # said first: whoever is cut off here may say it again
        record_opinions(
            project, opened.sha256, list(effects), "accepted", reason=reason
        )
        record_acceptance(project, done)
    return Decided(
        package=opened.sha256,
        state="accepted",
        effects={str(item): str(effect) for item, effect in effects.items()},
        faults=done.faults,
        refused=done.refused,
    )


def _our_tables(project: Project, opened: OpenedPackage) -> dict[str, pd.DataFrame]:
    """Choose what we would send under the same profile to the same readers."""
    told = opened.manifest
    door = Door(
        project=project,
        profile=profile_named(told["profile"]),
        clearance=Clearance(
            role=str(told.get("role")), country=told["to"], organisation=told["origin"]
        ),
        origin=holder_of(project),
    )
    tables = select_tables(door, None).tables
    found: dict[str, pd.DataFrame] = {}
    for name in COMPARED:
        if name in tables:
            flat = named(tables[name])
            flat = flat.set_index(flat[KEYS[name]].astype("str"))
            shapes: Any = getattr(tables[name], "geometry", None)
            points = isinstance(tables[name], gpd.GeoDataFrame)
            found[name] = with_places(flat, np.asarray(shapes)) if points else flat
    return found


def _fields(name: str, table: pd.DataFrame) -> list[str]:
    """List what is compared of a table."""
    if name == "incidents":
        return [*(f for f in RECORD_FIELDS if f != "marking"), "place"]
    endings = ("_rank", "_evidence")
    scores = [str(c).removesuffix("_rank") for c in table if str(c).endswith("_rank")]
    return [f"{score}{end}" for score in scores for end in ("", *endings)]


def _check_cells(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Refuse cells of another size: no cell of theirs is one of ours."""
    one, two = (str(table.index[0])[1] for table in (ours, theirs))
    if one != two:
        refuse("other_cells", two)


def _check_markings(project: Project, opened: OpenedPackage) -> None:
    """Refuse a package that marks a record of ours more openly than we do."""
    origin = holder_of(project)
    for name in ("incidents", "landmarks"):
        theirs = their_table(opened, name)
        if theirs is None or project.snapshot(name) is None:
            continue
        held: Any = project.read(name)
        held = RECORDS[name](pd.DataFrame(held))
        both = theirs.index.intersection(held.index)
        pairs = zip(theirs.loc[both, "marking"], held.loc[both, "marking"], strict=True)
        for record, (sent, kept) in zip(both, pairs, strict=True):
            label = Marking.read(str(sent), originator=origin).label
            own = Marking.read(str(kept), originator=origin).label
            if rank_of(label) < rank_of(own):
                refuse("lower", str(record)[:40])
