"""Profiles: listed, shown, and proposed for a file."""

from pathlib import Path
from typing import Any

from riskmap.exports.files import write_bytes
from riskmap.ingest import infer_profile, load_profile, profile_names
from riskmap.ingest.profiles import FOLDER

__all__ = ["infer_profile", "list_profiles", "profile_text", "write_text"]


def list_profiles() -> tuple[dict[str, Any], ...]:
    """List the profiles that come with riskmap.

    Returns
    -------
    tuple of dict
        ``name``, ``source`` (empty where a column says it), ``publisher``,
        ``marking``, ``licence`` and ``signature``, sorted by name.

    Examples
    --------
    >>> [fact["name"] for fact in list_profiles()][:2]
    ['arizona_ogis', 'cbp_like']
    """
    names = ("name", "source", "publisher", "marking", "licence", "signature")
    profiles = map(load_profile, profile_names())
    return tuple({name: getattr(one, name) for name in names} for one in profiles)


def profile_text(name: str) -> str:
    """Read a profile as it is written.

    Parameters
    ----------
    name
        One of the names listed, or the path of a ``.toml`` file.

    Returns
    -------
    str
        TOML.

    Raises
    ------
    UnknownNameError
        If there is no such profile.
    ConfigError
        If its TOML is wrong.

    Examples
    --------
    >>> profile_text("ucdp_ged").splitlines()[1]
    'source = "ucdp_ged"'
    """
    load_profile(name)
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    return path.read_text(encoding="utf-8")


def write_text(path: Path, text: str) -> Path:
    """Write a text file, whole or not at all.

    Parameters
    ----------
    path
        The file; replaced whole if it exists.
    text
        What it holds, UTF-8.

    Returns
    -------
    pathlib.Path
        ``path``.

    Raises
    ------
    FolderUnwritableError, DiskFullError
        If it cannot be written.
    """
    return write_bytes(path, [text.encode()])
