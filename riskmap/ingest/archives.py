"""Archives: zip files looked over before anything in them is unpacked."""

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from riskmap.errors import FileTooLargeError, FileUnreadableError
from riskmap.ingest.raw import Limits, refuse_more

ENCRYPTED_FLAG = 0x1
"""Bit 0 of a member's flags; APPNOTE.TXT 4.4.4."""

UNIX_MODE_SHIFT = 16
"""Upper half of the external attributes: the file's mode, where Unix packed it."""

# a small member may shrink by any ratio without costing anything
RATIO_FROM_BYTES = 1_000_000


@dataclass(frozen=True)
class Archive:
    """A zip file whose directory was found to be in order.

    ``names`` are its files; :meth:`read` unpacks one into memory.
    """

    source: zipfile.ZipFile
    names: tuple[str, ...]
    path: Path
    limits: Limits

    def read(self, name: str) -> bytes:
        """Unpack one file.

        Parameters
        ----------
        name
            One of ``names``.

        Returns
        -------
        bytes
            Never more than the limit.

        Raises
        ------
        FileTooLargeError
            If it holds more than its directory says and the limit allows.
        FileUnreadableError
            If it cannot be unpacked.
        """
        try:
            with self.source.open(name) as member:
                data = member.read(self.limits.bytes + 1)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError,
            RuntimeError,
        ) as error:  # fmt: skip
            raise _broken(self.path, error) from error
        refuse_more(len(data), self.limits.bytes, "bytes", self.path)
        return data


def _broken(path: Path, error: object) -> FileUnreadableError:
    msg = f"{path} begins like a zip archive but cannot be unpacked: {error}."
    return FileUnreadableError(msg, path=str(path), reason="zip")


def _strange(member: zipfile.ZipInfo) -> str:
    """Name what is wrong with a member, if anything."""
    if member.flag_bits & ENCRYPTED_FLAG:
        return "encrypted"
    if stat.S_ISLNK(member.external_attr >> UNIX_MODE_SHIFT):
        return "zip_link"
    # as packed: the library may have tidied it
    name = member.orig_filename.replace("\\", "/")
    climbs = ".." in PurePosixPath(name).parts
    rooted = name.startswith("/") or name[1:2] == ":"
    return "zip_path" if climbs or rooted or "\x00" in name else ""


def open_archive(data: bytes, path: Path, limits: Limits) -> Archive:
    """Look an archive over before anything in it is unpacked.

    Parameters
    ----------
    data
        The archive's bytes.
    path
        The file, for errors.
    limits
        ``members``, ``ratio`` and ``bytes`` bound what it may hold.

    Returns
    -------
    Archive
        Its files by name; folders are left out.

    Raises
    ------
    FileTooLargeError
        If it would unpack to more than is allowed.
    FileUnreadableError
        If it is broken or encrypted, holds a link, two files of one name, or a
        path that climbs out of it.

    Examples
    --------
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as file:
    ...     file.writestr("doc.kml", "<kml/>")
    >>> archive = open_archive(packed.getvalue(), Path("a.kmz"), Limits())
    >>> archive.names, archive.read("doc.kml")
    (('doc.kml',), b'<kml/>')
    """
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _broken(path, error) from error
    members = source.infolist()
    refuse_more(len(members), limits.members, "members", path)
    refuse_more(sum(m.file_size for m in members), limits.bytes, "bytes", path)
    for member in members:
        reason = _strange(member)
        if reason:
            msg = f"{path} holds {member.orig_filename!r}, refused: {reason}."
            raise FileUnreadableError(msg, path=str(path), reason=reason)
        most = limits.ratio * max(member.compress_size, 1)
        if member.file_size > max(most, RATIO_FROM_BYTES):
            msg = f"{path}: {member.filename!r} unpacks more than {limits.ratio}-fold."
            raise FileTooLargeError(
                msg, path=str(path), unit="ratio", limit=limits.ratio
            )
    names = tuple(member.filename for member in members if not member.is_dir())
    if len(set(names)) != len(names):
        msg = f"{path} holds two files of one name."
        raise FileUnreadableError(msg, path=str(path), reason="zip_path")
    return Archive(source, names, path, limits)
