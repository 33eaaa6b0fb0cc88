"""Table files named by their own SHA-256: written once, checked when read."""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from riskmap.errors import TableCorruptError
from riskmap.project.faultpoints import FaultPoint, no_fault
from riskmap.project.records import sha256_hex

TABLES_FOLDER = "tables"
SUFFIX = ".parquet"
UNFINISHED_SUFFIX = ".unfinished"
PREFIX_LETTERS = 2

Stamp = tuple[int, int, int]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    # windows has no way to sync a folder, and no need
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each name synced."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    sync_folder(folder.parent)


def _write_all(descriptor: int, data: memoryview) -> None:
    """Write every byte, however few the system takes at a time."""
    written = 0
    while written < len(data):
        written += os.write(descriptor, data[written:])


def _read_all(descriptor: int, size: int) -> bytes:
    """Read up to the end of the file."""
    parts = []
    while size >= 0:
        part = os.read(descriptor, max(size, 1))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


@dataclass(frozen=True, kw_only=True)
class TableFiles:
    """The folder of table files of one project.

    Parameters
    ----------
    project
        The project folder.
    fault_point
        Called at each named moment of a write.
    """

    project: Path
    fault_point: FaultPoint = no_fault
    _seen: dict[str, Stamp] = field(default_factory=dict, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.project / TABLES_FOLDER

    def place(self, sha256: str) -> Path:
        """Tell where the file of a checksum is, or would be."""
        return self.folder / sha256[:PREFIX_LETTERS] / f"{sha256}{SUFFIX}"

    def _failed(self, name: str, path: Path, reason: str) -> TableCorruptError:
        msg = f"Table {name} is not what was stored ({path.name} {reason})."
        fields = {"path": str(self.project), "table": name, "reason": reason}
        return TableCorruptError(msg, file=path.name, **fields)

    def read(self, sha256: str, *, name: str) -> bytes:
        """Read a file, and refuse bytes that are not those that were stored.

        Within one ``TableFiles`` a file whose size, time and inode have not
        changed since it was last checked is not hashed again.
        """
        path = self.place(sha256)
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise self._failed(name, path, "missing") from error
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise self._failed(name, path, "missing")
            data = _read_all(descriptor, status.st_size)
        finally:
            os.close(descriptor)
        stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
        if self._seen.get(sha256) != stamp or len(data) != status.st_size:
            if sha256_hex(data) != sha256:
                raise self._failed(name, path, "altered")
            self._seen[sha256] = stamp
        return data

    def holds(self, sha256: str) -> bool:
        """Tell whether the file is there with the bytes that were stored."""
        try:
            self.read(sha256, name=sha256)
        except TableCorruptError:
            return False
        return True

    def write(self, data: memoryview, sha256: str) -> None:
        """Store bytes under their checksum so that a loss of power keeps them.

        Only to be called by the one writer of the project. A file that is
        there already with the right bytes is left alone; a damaged one is
        replaced.
        """
        path = self.place(sha256)
        make_folder(path.parent)
        self.clear_unfinished()
        if self.holds(sha256):
            # it may stem from a writer that was stopped before it synced
            self._sync(path)
            return
        unfinished = self.folder / f"{sha256}{UNFINISHED_SUFFIX}"
        try:
            self._write_synced(unfinished, data)
            os.replace(unfinished, path)  # noqa: PTH105  one door for faults
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise
        self.fault_point("file.renamed")
        sync_folder(path.parent)
        self.fault_point("file.folder_synced")

    def _write_synced(self, path: Path, data: memoryview) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, 0o666)
        try:
            self.fault_point("file.opened")
            _write_all(descriptor, data)
            self.fault_point("file.written")
            os.fsync(descriptor)
            self.fault_point("file.synced")
        finally:
            os.close(descriptor)

    def _sync(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(path.parent)

    def unfinished(self) -> tuple[Path, ...]:
        """List what stopped writers left half-written."""
        return tuple(sorted(self.folder.glob(f"*{UNFINISHED_SUFFIX}")))

    def finished(self) -> tuple[Path, ...]:
        """List every file under a checksum, in order."""
        return tuple(sorted(self.folder.glob(f"*/*{SUFFIX}")))

    def clear_unfinished(self) -> None:
        """Remove what stopped writers left; only the one writer may do so."""
        for path in self.unfinished():
            path.unlink(missing_ok=True)

    @contextmanager
    def kept_if_done(self) -> Iterator[Callable[[memoryview, str], None]]:
        """Store files, and take the new ones away if what follows fails."""
        new: list[Path] = []

        def keep(data: memoryview, sha256: str) -> None:
            path = self.place(sha256)
            if not path.exists():
                new.append(path)
            self.write(data, sha256)

        try:
            yield keep
        except BaseException:
            for path in new:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            raise
