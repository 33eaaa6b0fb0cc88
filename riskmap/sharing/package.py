"""Package: one zip that opens anywhere, and is trusted only after it was checked."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from riskmap.errors import FileMissingError, PackageRefusedError
from riskmap.sharing import signing
from riskmap.sharing.manifest import (
    MANIFEST,
    NAME,
    SIGNATURE,
    canonical,
    read_manifest,
)

# the first day that a zip can say: the same files make the same bytes
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)

MOST_FILES: Final = 64

MOST_BYTES: Final = 2 * 1024**3
"""Of all files of a package together, unpacked."""

MOST_RATIO: Final = 400
"""Of unpacked to packed: our tables reach about 30, a bomb over a thousand."""

SMALL: Final = 1024**2
"""A file that stays below this may be as repetitive as it likes."""

MOST_MANIFEST: Final = 16 * 1024**2

PIECE: Final = 1024**2

ENCRYPTED: Final = 0x1

METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# compressed already, so that a second time only costs
PACKED: Final = (".parquet",)


@dataclass(frozen=True, kw_only=True)
class OpenedPackage:
    """A package of which every byte was checked.

    Parameters
    ----------
    manifest
        What it says about itself.
    files
        Name to content, manifest and signature left out.
    sha256
        Of the zip.
    key
        Name of the key that signed it; empty if nobody did.
    trusted
        True if the key is one of those that were asked for.
    """

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes] = field(repr=False)
    sha256: str
    key: str = ""
    trusted: bool = False


def entry_of(content: bytes, *, marking: str) -> dict[str, Any]:
    """Describe a file for the manifest.

    Parameters
    ----------
    content
        Of the file.
    marking
        Its marking as text.

    Returns
    -------
    dict
        ``bytes``, ``marking`` and ``sha256``.

    Examples
    --------
    >>> entry_of(b"a", marking="TLP:CLEAR")["bytes"]
    1
    """
    digest = hashlib.sha256(content).hexdigest()
    return {"bytes": len(content), "marking": marking, "sha256": digest}


def pack(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], *, key: bytes | None = None
) -> bytes:
    """Pack files and their manifest: the same ones make the same bytes.

    Parameters
    ----------
    files
        Name to content.
    manifest
        Describes every one of them.
    key
        Private key that signs the manifest, PEM; None to sign nothing.

    Returns
    -------
    bytes
        A zip: manifest and signature first, then the files by name, without times.
    """
    text = canonical(manifest)
    first = {MANIFEST: text}
    if key is not None:
        first[SIGNATURE] = signing.sign(text, key)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, content in (*first.items(), *sorted(files.items())):
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            stored = name.endswith(PACKED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            # level 6 is three times as slow for a tenth less
            packed.writestr(entry, content, compresslevel=1)
    return held.getvalue()


def open_package(
    source: Path | bytes, *, keys: Collection[bytes] = ()
) -> OpenedPackage:
    """Open a package and check every byte of it; needs no project and no network.

    Parameters
    ----------
    source
        The zip, or where it is.
    keys
        Public keys, PEM: if there are any, the package must be signed by one.

    Returns
    -------
    OpenedPackage
        What it holds.

    Raises
    ------
    FileMissingError
        If there is no such file.
    PackageRefusedError
        If anything of it is not as it must be; the reason is named.
    """
    data = _read(source)
    # what the library says of a broken zip is in one language: the name says which
    name = source.name if isinstance(source, Path) else "zip"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            held = _unpack(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        _refuse("zip", name)
    except PackageRefusedError:
        raise
    except (ValueError, OSError):
        _refuse("zip", name)
    if MANIFEST not in held:
        _refuse("manifest", MANIFEST)
    text, signature = held.pop(MANIFEST), held.pop(SIGNATURE, None)
    manifest = read_manifest(text)
    _check_files(held, manifest["files"])
    key = signing.check(text, signature) if signature is not None else ""
    wanted = {signing.key_name(one) for one in keys}
    if wanted and key not in wanted:
        _refuse("other_key" if key else "unsigned", key[:16])
    return OpenedPackage(
        manifest=manifest,
        files=held,
        sha256=hashlib.sha256(data).hexdigest(),
        key=key,
        trusted=bool(wanted),
    )


def _read(source: Path | bytes) -> bytes:
    """Read the zip, unless it is larger than any package."""
    if isinstance(source, bytes):
        return source
    if not source.is_file():
        msg = f"There is no file {source}."
        raise FileMissingError(msg, path=str(source))
    if source.stat().st_size > MOST_BYTES:
        _refuse("too_large", source.name)
    return source.read_bytes()


def _unpack(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack into memory, and stop at what is no package of ours."""
    entries = packed.infolist()
    if len(entries) > MOST_FILES:
        _refuse("too_large", str(len(entries)))
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        _refuse("name", next(n for n in names if names.count(n) > 1))
    for entry in entries:
        _check_entry(entry)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        _refuse("too_large", str(MOST_BYTES))
    return {entry.filename: _content(packed, entry) for entry in entries}


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse a file that climbs out, is encrypted, or is a bomb."""
    name = entry.filename
    if not NAME.fullmatch(name) or entry.orig_filename != name:
        _refuse("name", name[:60])
    if entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
        _refuse("zip", name)
    bomb = entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
    if entry.file_size > SMALL and bomb:
        _refuse("bomb", name)
    if name in {MANIFEST, SIGNATURE} and entry.file_size > MOST_MANIFEST:
        _refuse("too_large", name)


def _content(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack one file, never more of it than it said."""
    pieces, size = [], 0
    with packed.open(entry) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > entry.file_size:
                _refuse("bomb", entry.filename)
            pieces.append(piece)
    if size != entry.file_size:
        _refuse("zip", entry.filename)
    return b"".join(pieces)


def _check_files(held: Mapping[str, bytes], told: Mapping[str, Any]) -> None:
    """Refuse a file too many, too few or other than the manifest says."""
    for name in sorted(held.keys() ^ told.keys()):
        _refuse("files", name)
    for name, content in held.items():
        digest = hashlib.sha256(content).hexdigest()
        if told[name]["bytes"] != len(content) or told[name]["sha256"] != digest:
            _refuse("edited", name)


def _refuse(reason: str, what: str) -> NoReturn:
    msg = f"The package is refused: {reason} ({what})."
    raise PackageRefusedError(msg, reason=reason, what=what)
