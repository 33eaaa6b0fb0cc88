"""Confinement: a process gives up network, files, memory and time, for good."""

import ctypes
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

CLONE_NEWUSER: Final = 0x1000_0000
CLONE_NEWNET: Final = 0x4000_0000
"""A new user and network namespace: in it there is no way out; sched.h."""

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
"""Calls of Linux, the same on all machines; Documentation/userspace-api/landlock."""

LANDLOCK_VERSION_FLAG: Final = 1
PATH_BENEATH: Final = 1

FILE_RIGHTS: Final = (1 << 13) - 1
"""Everything that the first version of Landlock can forbid with files."""

READ_RIGHTS: Final = (1 << 0) | (1 << 2) | (1 << 3)
"""Execute (to load a library), read a file, list a folder."""

NO_NEW_PRIVILEGES: Final = 38
SET_SECCOMP, SECCOMP_FILTER = 22, 2
"""Options of prctl; linux/prctl.h."""

SOCKET_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 53)),
    "aarch64": (0xC00000B7, (198, 203, 199)),
}
"""Machine's number for audit; its calls socket, connect and socketpair."""

REFUSED: Final = 0x0005_0000 | 13
"""Seccomp's answer: the call fails with EACCES."""

ALLOWED: Final = 0x7FFF_0000

O_PATH: Final = 0o10000000


def limit_resources(memory_bytes: int, cpu_s: int) -> None:
    """Bound memory and time, and forbid writing files.

    Parameters
    ----------
    memory_bytes
        Address space, bytes.
    cpu_s
        Seconds of computing; beyond it the system ends the process.
    """
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        # not on this system: then only the time that passes is bounded
        return
    for name, value in (
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_CPU", cpu_s),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError, AttributeError):
            continue


def drop_network() -> bool:
    """Leave the network, before any thread is started.

    Returns
    -------
    bool
        True if the system allowed it.
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    return bool(library.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def refuse_sockets() -> bool:
    """Forbid every call that opens a socket, for good.

    Returns
    -------
    bool
        True if the system allowed it.
    """
    known = SOCKET_CALLS.get(platform.machine())
    if not sys.platform.startswith("linux") or known is None:
        return False
    machine, calls = known
    last = len(calls)
    # load the machine's number: another one is refused altogether
    program = [(0x20, 0, 0, 4), (0x15, 0, last + 2, machine), (0x20, 0, 0, 0)]
    program += [(0x15, last - place, 0, call) for place, call in enumerate(calls)]
    program += [(0x06, 0, 0, ALLOWED), (0x06, 0, 0, REFUSED)]
    packed = b"".join(struct.pack("HBBI", *line) for line in program)
    code = ctypes.create_string_buffer(packed, len(packed))
    filled = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(library.prctl(SET_SECCOMP, SECCOMP_FILTER, filled, 0, 0) == 0)


def close_folders(readable: Iterable[Path]) -> bool:
    """Give up every file of the system but those beneath some folders, read only.

    Parameters
    ----------
    readable
        Folders that stay readable.

    Returns
    -------
    bool
        True if the system allowed it; it is then for good.
    """
    import os  # noqa: PLC0415

    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    if library.syscall(LANDLOCK_CREATE, None, 0, LANDLOCK_VERSION_FLAG) < 1:
        return False
    rights = struct.pack("Q", FILE_RIGHTS)
    rules = library.syscall(LANDLOCK_CREATE, rights, len(rights), 0)
    if rules < 0:
        return False
    for folder in readable:
        if folder.exists():
            place = os.open(folder, O_PATH | os.O_CLOEXEC)
            beneath = struct.pack("=Qi", READ_RIGHTS, place)
            library.syscall(LANDLOCK_ADD, rules, PATH_BENEATH, beneath, 0)
            os.close(place)
    library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    shut = library.syscall(LANDLOCK_RESTRICT, rules, 0) == 0
    os.close(rules)
    return bool(shut)
