"""Failures of disk, folder and database, turned into the error tree."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskmap.errors import (
    DiskFullError,
    FolderFailingError,
    FolderUnwritableError,
    ProjectBusyError,
    ProjectError,
    TableCorruptError,
)

LEDGER_NAME = "riskmap.sqlite"

_FULL = {errno.ENOSPC, errno.EDQUOT}
_UNWRITABLE = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
}

# primary result codes; the low byte of sqlite's extended code
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_UNWRITABLE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}
_SQLITE_CORRUPT = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_SCHEMA,
}


def os_failure(error: OSError, path: Path) -> ProjectError:
    """Name a failure of the operating system."""
    if error.errno in _FULL:
        msg = f"No space left for the project at {path}."
        return DiskFullError(msg, path=str(path))
    if error.errno in _UNWRITABLE:
        msg = f"Cannot write in {path}: {error.strerror}."
        return FolderUnwritableError(msg, path=str(path), reason=error.strerror)
    msg = f"The disk or the system failed at {path}: {error}."
    return FolderFailingError(msg, path=str(path), reason=str(error))


def sqlite_failure(error: sqlite3.Error, path: Path) -> ProjectError:
    """Name a failure of the ledger's database."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _SQLITE_BUSY:
        msg = f"Another process is writing to the project at {path}."
        return ProjectBusyError(msg, path=str(path))
    if code == sqlite3.SQLITE_FULL:
        msg = f"No space left for the project at {path}."
        return DiskFullError(msg, path=str(path))
    if code in _SQLITE_UNWRITABLE:
        msg = f"Cannot open or write the ledger in {path}: {error}."
        return FolderUnwritableError(msg, path=str(path), reason=str(error))
    if code in _SQLITE_CORRUPT or isinstance(error, sqlite3.IntegrityError):
        msg = f"The ledger of the project at {path} is damaged: {error}."
        return TableCorruptError(
            msg, path=str(path), table=LEDGER_NAME, reason=str(error)
        )
    msg = f"The disk or the system failed under the ledger in {path}: {error}."
    return FolderFailingError(msg, path=str(path), reason=str(error))


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """Turn failures of disk and database below into the error tree."""
    try:
        yield
    except OSError as error:
        raise os_failure(error, path) from error
    except sqlite3.Error as error:
        raise sqlite_failure(error, path) from error
    except UnicodeDecodeError as error:
        # sqlite's own message can quote the damaged text
        failure = sqlite3.DatabaseError(str(error))
        raise sqlite_failure(failure, path) from error
