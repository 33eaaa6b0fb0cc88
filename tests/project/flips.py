"""Flip single bits of a project's files: is it noticed, does any reading change?"""

import contextlib
from collections import Counter
from pathlib import Path

import numpy as np

from riskmap.errors import ProjectError
from riskmap.project import Project
from tests.project.tables_of_tests import cells, deliver


def make(path: Path) -> Project:
    """A small project with two versions of a table and three deliveries."""
    project = Project.create(path)
    for number in (1, 2):
        project.write("cells", cells(number), step="cells", options={}, inputs={})
    for number in (1, 2, 3):
        deliver(project, number)
    return project


def everything(project: Project) -> list[object]:
    """All that can be read, in a form that can be compared."""
    told: list[object] = [project.snapshots(), project.snapshots("cells")]
    told += [project.read("cells", at=s.sha256).to_csv() for s in told[1]]
    batches = project.batches("incidents")
    told += [tuple(batches), batches.accepted().to_csv(), batches.faults().to_csv()]
    return told


def outcome(path: Path, expected: list[object]) -> str:
    """Tell whether a flipped bit is noticed, and by whom."""
    with contextlib.suppress(ProjectError):
        if everything(Project.open(path)) != expected:
            return "read as if nothing were wrong"
        if any(not finding.harmless for finding in Project.open(path).verify()):
            return "found by verify"
        return "harmless: nothing read differs"
    return "refused when opened or read"


def flip(file: Path, bit: int) -> None:
    """Turn one bit of a file over."""
    data = bytearray(file.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    file.write_bytes(data)


def count(path: Path, *, flips: int, seed: int) -> dict[str, Counter[str]]:
    """Flip bits one at a time, in the ledger and in table files, and count."""
    expected = everything(make(path))
    files = {
        "ledger": [path / "riskmap.sqlite"],
        "tables": sorted((path / "tables").glob("*/*")),
    }
    rng = np.random.default_rng(seed)
    found: dict[str, Counter[str]] = {kind: Counter() for kind in files}
    for kind, places in files.items():
        for _ in range(flips):
            file = places[rng.integers(len(places))]
            kept = file.read_bytes()
            flip(file, int(rng.integers(len(kept) * 8)))
            found[kind][outcome(path, expected)] += 1
            for left in path.glob("riskmap.sqlite-*"):
                left.unlink()
            file.write_bytes(kept)
    return found
