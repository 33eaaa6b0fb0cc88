"""Readers and writers of one project at once, each a process of its own."""

import os
import time
from pathlib import Path

from riskmap.project import Project
from tests.project.survival import in_child
from tests.project.tables_of_tests import cells, deliver, incidents


def reader(path: Path, until: float) -> list[str]:
    """Open, read and ask over and over; what was seen once stays."""
    wrong, seen, rounds = [], 0, 0
    while time.monotonic() < until:
        project = Project.open(path)
        batches = project.batches("incidents")
        if len(batches) < seen:
            wrong.append("a delivery vanished")
        seen = len(batches)
        if seen and len(batches.accepted()) != 12 * seen:
            wrong.append("half a delivery was seen")
        newest = project.snapshot("cells")
        if newest is not None:
            table = project.read("cells", at=newest.sha256)
            if not table.equals(cells(newest.options["number"])):
                wrong.append("another table was read")
            project.sql("SELECT sum(km) FROM cells")
        rounds += 1
    return wrong if rounds else ["it never came to read"]


def writer(path: Path, until: float, place: int) -> list[str]:
    """Deliver and write over and over."""
    wrong, number = [], place
    while time.monotonic() < until:
        project = Project.open(path)
        if deliver(project, number).repeated:
            wrong.append("a delivery was there before it came")
        made_of = {"step": "cells", "options": {"number": number}, "inputs": {}}
        project.write("cells", cells(number), **made_of)
        number += 2
    return wrong


def checker(path: Path, until: float) -> list[str]:
    """Verify over and over."""
    wrong: list[str] = []
    while time.monotonic() < until:
        found = Project.open(path).verify()
        wrong += [str(finding) for finding in found if not finding.harmless]
    return wrong


def crowd(path: Path, *, seconds: float, readers: int = 8) -> tuple[list[str], int]:
    """Let readers, two writers and one who verifies work at once.

    Gives back what went wrong, and how many deliveries were recorded.
    """
    Project.create(path)
    until = time.monotonic() + seconds
    parts = [
        *((writer, (path, until, place)) for place in (0, 1)),
        *((reader, (path, until)) for _ in range(readers)),
        (checker, (path, until)),
    ]

    def everyone(say) -> bool:
        children = []
        for action, values in parts:
            child = os.fork()
            if child == 0:
                code, said = in_child(
                    lambda tell, do=action, v=values: [tell(w) for w in do(*v)]
                )
                for line in said if code == 0 else [*said, f"ended with {code}"]:
                    say(f"{action.__name__}: {line}")
                os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        return True

    _, wrong = in_child(everyone)
    code, found = in_child(lambda say: [say(line) for line in _after(path)])
    wrong += [line for line in found if line.startswith("!")]
    return wrong, int(found[0]) if code == 0 else 0


def _after(path: Path) -> list[str]:
    project = Project.open(path)
    wrong = [f"!{finding}" for finding in project.verify()]
    batches = project.batches("incidents")
    numbers = [int(batch.file_sha256, 16) for batch in batches]
    for place in (0, 1):
        mine = [number for number in numbers if number % 2 == place]
        if mine != list(range(place, 2 * len(mine) + place, 2)):
            wrong.append(f"!deliveries of writer {place} are {mine}")
    for number, batch in zip(numbers, batches, strict=True):
        if batch.accepted != len(incidents(number)):
            wrong.append(f"!delivery {number} is not whole")
    return [str(len(batches)), *wrong]
