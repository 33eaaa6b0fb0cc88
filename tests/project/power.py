"""What a disk may hold after a loss of power, worked out from a log of file calls.

What was synced is there. Of what was not, any part may be there: each write
or none, or its first sectors only; each new, moved or removed name or not.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SECTOR_BYTES = 512
HEAD = struct.Struct("=5q")


@dataclass(frozen=True)
class Call:
    """One noted call: O open anew, W write, T cut, S sync, R rename, U unlink,
    M make a folder, N a note of the program's own."""

    op: str
    path: str
    other: str
    offset: int
    data: bytes


@dataclass
class File:
    """The writes to one file, and up to which of them it was synced."""

    calls: list[tuple[int, Call]] = field(default_factory=list)
    synced: int = -1


def read_log(log: Path) -> list[Call]:
    """Read what faulty_io.c noted."""
    raw, at, calls = log.read_bytes(), 0, []
    while at < len(raw):
        op, path, other, offset, size = HEAD.unpack_from(raw, at)
        at += HEAD.size
        parts = []
        for length in (path, other, size if chr(op) == "W" else 0):
            parts.append(raw[at : at + length])
            at += length
        calls.append(
            Call(chr(op), parts[0].decode(), parts[1].decode(), offset, parts[2])
        )
    return calls


def acknowledged(calls: list[Call]) -> list[str]:
    """List the program's notes."""
    return [call.path for call in calls if call.op == "N"]


class Luck:
    """Decides of each thing that was not synced whether it is there."""

    def __init__(self, policy: str, seed: int) -> None:
        self.policy = policy
        self.rng = np.random.default_rng(seed)

    def kept(self) -> bool:
        """Tell whether the next thing is there."""
        if self.policy == "random":
            return bool(self.rng.random() < 0.5)
        return self.policy == "all"

    def sectors(self, data: bytes) -> bytes:
        """Cut a write to its first sectors, now and then."""
        if self.policy != "random" or self.rng.random() < 0.7:
            return data
        whole = len(data) // SECTOR_BYTES
        return data[: SECTOR_BYTES * int(self.rng.integers(whole + 1))]


def contents(file: File, luck: Luck) -> bytes:
    """Work out the bytes of one file."""
    data = bytearray()
    for index, call in file.calls:
        synced = index < file.synced
        if not synced and not luck.kept():
            continue
        if call.op == "T":
            data[call.offset :] = bytes(max(0, call.offset - len(data)))
            continue
        written = call.data if synced else luck.sectors(call.data)
        data[len(data) :] = bytes(max(0, call.offset - len(data)))
        data[call.offset : call.offset + len(written)] = written
    return bytes(data)


def _followed(calls: list[Call]) -> tuple[list[tuple[int, Call, File]], dict[str, int]]:
    """Follow names to files: the changes of names, and when folders were synced."""
    there: dict[str, File] = {}
    names, folders = [], {}
    for index, call in enumerate(calls):
        if call.op == "O":
            there[call.path] = File()
        if call.op == "R":
            there[call.other] = there.pop(call.path)
        file = there.get(call.other if call.op == "R" else call.path, File())
        if call.op == "U":
            there.pop(call.path, None)
        if call.op in "ORUM":
            names.append((index, call, file))
        if call.op in "WT":
            file.calls.append((index, call))
        if call.op == "S":
            file.synced = index
            folders[call.path] = index
    return names, folders


def left_on_disk(calls: list[Call], luck: Luck) -> tuple[set[str], dict[str, bytes]]:
    """Work out the folders and files that are there after the last call."""
    names, folders = _followed(calls)
    made: set[str] = set()
    there: dict[str, File] = {}
    for index, call, file in names:
        target = call.other or call.path
        parent = target.rpartition("/")[0]
        if index > folders.get(parent, -1) and not luck.kept():
            continue
        if call.op == "M":
            made.add(target)
        elif call.op == "U":
            there.pop(target, None)
        else:
            there.pop(call.path, None)
            there[target] = file
    return made, {path: contents(file, luck) for path, file in there.items()}


def restore(calls: list[Call], luck: Luck, *, old: Path, new: Path) -> None:
    """Lay out what is left of ``old`` in an empty folder ``new``."""
    made, files = left_on_disk(calls, luck)
    for folder in sorted(made):
        place = new / Path(folder).relative_to(old)
        if place.parent.is_dir():
            place.mkdir()
    for path, data in files.items():
        place = new / Path(path).relative_to(old)
        # a file in a folder whose own name was lost is lost
        if place.parent.is_dir():
            place.write_bytes(data)


def crashes(calls: list[Call], *, seed: int, every: int) -> Iterator[tuple[int, Luck]]:
    """Choose moments and luck: each ``every``-th call, all, none and at random."""
    for moment in range(1 + seed % every, len(calls) + 1, every):
        for policy in ("none", "all", "random"):
            yield moment, Luck(policy, seed * 100_003 + moment)
