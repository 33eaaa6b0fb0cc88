"""Manifest: what is in a package, how it was made, and under which marking."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from riskmap.errors import PackageRefusedError
from riskmap.sharing.markings import Marking
from riskmap.sharing.profiles import NAMES

FORMAT: Final = "riskmap-package"

FORMAT_VERSION: Final = 1

MANIFEST: Final = "manifest.json"

SIGNATURE: Final = "signature.json"

# letters that no system takes for a folder above, a drive or a device
NAME: Final = re.compile(r"[a-z0-9_]{1,60}(\.[a-z0-9]{1,10}){1,2}")

TEXTS: Final = ("riskmap_version", "as_of", "profile", "marking", "to", "origin")

MAPPINGS: Final = ("files", "tables", "inputs", "options", "caveats")

SHA256: Final = re.compile(r"[0-9a-f]{64}")


def canonical(value: object) -> bytes:
    r"""Write a value as canonical JSON: equal values are equal bytes.

    Of texts, whole numbers, truths and what is made of them this is RFC 8785;
    broken numbers are refused, since every language writes them in its own way.

    Parameters
    ----------
    value
        Mappings with text keys, lists, texts, whole numbers, truths, None.

    Returns
    -------
    bytes
        UTF-8, keys sorted, no spaces, a line break at the end.

    Raises
    ------
    TypeError
        If there is anything else in it.

    Examples
    --------
    >>> canonical({"b": [1, True], "a": "ñ"}).decode()
    '{"a":"ñ","b":[1,true]}\n'
    """
    _check(value)
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def _check(value: object) -> None:
    """Refuse what is written differently elsewhere."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                msg = f"Keys of canonical JSON are texts, got {key!r}."
                raise TypeError(msg)
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif not isinstance(value, str | int | None):
        msg = f"Canonical JSON holds no {type(value).__name__}."
        raise TypeError(msg)


def read_manifest(text: bytes) -> dict[str, Any]:
    """Read a manifest, and refuse one that is not as it must be.

    Parameters
    ----------
    text
        Content of ``manifest.json``.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    PackageRefusedError
        If it is no manifest, of a newer version, or of an unknown profile.

    Examples
    --------
    >>> read_manifest(b"[]")
    Traceback (most recent call last):
    ...
    riskmap.errors.PackageRefusedError: The manifest is no manifest of riskmap.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_manifest() from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _no_manifest()
    version = found.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _no_manifest()
    if version > FORMAT_VERSION:
        msg = f"The package is of version {version}, newer than {FORMAT_VERSION}."
        raise PackageRefusedError(msg, reason="newer", what=str(version))
    _check_parts(found)
    if found["profile"] not in NAMES:
        msg = f"The package is of an unknown profile {found['profile']!r}."
        raise PackageRefusedError(msg, reason="profile", what=found["profile"][:40])
    marking_of(found)
    return found


def _check_parts(found: Mapping[str, Any]) -> None:
    """Refuse a manifest with parts that are absent or of another kind."""
    if not all(isinstance(found.get(name), str) for name in TEXTS):
        raise _no_manifest()
    if not all(isinstance(found.get(name), dict) for name in MAPPINGS):
        raise _no_manifest()
    for name, entry in found["files"].items():
        fits = (
            NAME.fullmatch(name)
            and isinstance(entry, dict)
            and isinstance(entry.get("bytes"), int)
            and isinstance(entry.get("sha256"), str)
            and SHA256.fullmatch(entry["sha256"])
        )
        if not fits or name in {MANIFEST, SIGNATURE}:
            raise _no_manifest()


def _no_manifest() -> PackageRefusedError:
    msg = "The manifest is no manifest of riskmap."
    return PackageRefusedError(msg, reason="manifest")


def marking_of(manifest: Mapping[str, Any]) -> Marking:
    """Tell the marking of a package.

    Parameters
    ----------
    manifest
        As :func:`read_manifest` reads it.

    Returns
    -------
    Marking
        Of the package as a whole.

    Raises
    ------
    MarkingError
        If it is none of TLP 2.0.
    """
    return Marking.read(
        manifest["marking"], originator=manifest["origin"], purpose="mixed"
    )
