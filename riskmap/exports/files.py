"""Files: written whole or not at all, never over a good one by half."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmap.errors import DiskFullError, FolderUnwritableError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

UNWRITABLE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ENOENT,
)


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Turn what the system says about a folder into riskmap's errors.

    Parameters
    ----------
    folder
        The folder that is written to.

    Yields
    ------
    None
        While writing.

    Raises
    ------
    DiskFullError
        If there is no space left.
    FolderUnwritableError
        If the folder cannot be made or written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            msg = f"The disk of {folder} is full: make room, then export again."
            raise DiskFullError(msg, path=str(folder)) from error
        if error.errno in UNWRITABLE:
            msg = f"Cannot write in {folder}: choose a folder you may write to."
            raise FolderUnwritableError(msg, path=str(folder)) from error
        raise


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Write a file beside its place, make it durable, then put it there.

    Parameters
    ----------
    path
        Where the file belongs; folders on the way are made.
    write
        Writes the file to the path it is given.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    DiskFullError
        If there is no space left; what stood there still does.
    FolderUnwritableError
        If the folder cannot be made or written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = write_whole(Path(folder, "a.txt"), lambda to: to.write_text("a"))
    ...     file.read_text(), len(list(Path(folder).iterdir()))
    ('a', 1)
    """
    # the ending is kept, since some writers look at it
    beside = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    with told_plainly(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(beside)
            with beside.open("rb+") as file:
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            # a database leaves journals and indexes of the same name
            for left in path.parent.iterdir():
                if left.name.startswith(beside.name):
                    left.unlink(missing_ok=True)
        _sync_folder(path.parent)
    return path


def write_bytes(path: Path, chunks: Iterable[bytes]) -> Path:
    """Write bytes whole or not at all.

    Parameters
    ----------
    path
        Where the file belongs.
    chunks
        What it holds.

    Returns
    -------
    pathlib.Path
        The path.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder, "a.txt"), [b"a", b"b"]).read_bytes()
    b'ab'
    """

    def write(beside: Path) -> None:
        with beside.open("wb") as file:
            file.writelines(chunks)

    return write_whole(path, write)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
