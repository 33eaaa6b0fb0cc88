"""Config: riskmap.toml as one frozen value made of every step's options."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from riskmap.boundary.options import CorridorOptions
from riskmap.errors import ConfigError, RiskmapError
from riskmap.hazards.options import HazardOptions
from riskmap.history.options import EffortOptions
from riskmap.sharing.options import AccessOptions, SharingOptions
from riskmap.zones.options import ZoneOptions

FILE = "riskmap.toml"


@dataclass(frozen=True, kw_only=True)
class RasterOptions:
    """Rasters of the user's own.

    Parameters
    ----------
    dem
        GeoTIFF of elevation in metres that replaces the bundled terrain table; a
        path relative to the project folder, or empty for the bundled table.

    Examples
    --------
    >>> RasterOptions().dem
    ''
    """

    dem: str = ""


@dataclass(frozen=True, kw_only=True)
class Config:
    """All options of a project.

    Parameters
    ----------
    corridor
        Width and fineness of the corridor.
    zones
        Size of the ranked zones.
    rasters
        Rasters of the user's own.
    hazards
        Who walks, the water, and files of hazards.
    effort
        How incidents come to be known.
    sharing
        Which country holds the project, and the key that signs.
    access
        Which claims of a sign-in say who somebody is.

    Examples
    --------
    >>> Config().corridor.resolution
    7
    """

    corridor: CorridorOptions = field(default_factory=CorridorOptions)
    zones: ZoneOptions = field(default_factory=ZoneOptions)
    rasters: RasterOptions = field(default_factory=RasterOptions)
    hazards: HazardOptions = field(default_factory=HazardOptions)
    effort: EffortOptions = field(default_factory=EffortOptions)
    sharing: SharingOptions = field(default_factory=SharingOptions)
    access: AccessOptions = field(default_factory=AccessOptions)


def read_config(path: Path) -> Config:
    """Read a configuration file; what it does not say keeps its default.

    Parameters
    ----------
    path
        ``riskmap.toml``; a file that is not there says nothing.

    Returns
    -------
    Config
        All options, checked.

    Raises
    ------
    ConfigError
        If the file is not TOML, or names an option that does not exist or cannot
        hold the value.

    Examples
    --------
    >>> read_config(Path("absent.toml")) == Config()
    True
    """
    if not path.is_file():
        return Config()
    try:
        text = path.read_text(encoding="utf-8")
        written = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path.name} is not TOML: {error}."
        raise _refusal(msg, path, "", "", str(error)) from error
    config = Config()
    for section, values in written.items():
        if section not in {part.name for part in fields(Config)}:
            msg = f"{path.name} has a section [{section}] that riskmap does not know."
            raise _refusal(msg, path, section, "", "unknown")
        options = _fill(getattr(config, section), values, path, section)
        config = replace(config, **{section: options})
    return config


def _fill(options: Any, values: object, path: Path, section: str) -> Any:
    """Put written values into one step's options, checking names and kinds."""
    if not isinstance(values, Mapping):
        msg = f"[{section}] in {path.name} must be a table, got {values!r}."
        raise _refusal(msg, path, section, str(values), "unknown")
    known = {part.name: type(getattr(options, part.name)) for part in fields(options)}
    given = {}
    for name, value in values.items():
        option = f"{section}.{name}"
        if name not in known:
            msg = f"{path.name} has an option {option} that riskmap does not know."
            raise _refusal(msg, path, option, str(value), "unknown")
        kind = known[name]
        fits = isinstance(value, kind) and not (kind is int and value is True)
        if kind is float and type(value) is int:
            value, fits = float(value), True  # noqa: PLW2901 - 100 is a fine 100.0
        if not fits:
            msg = f"{option} in {path.name} must be a {kind.__name__}, got {value!r}."
            raise _refusal(msg, path, option, str(value), kind.__name__)
        given[name] = value
    return replace(options, **given)


def _refusal(
    msg: str, path: Path, option: str, value: str, reason: str
) -> RiskmapError:
    """Say what is wrong with the configuration file."""
    return ConfigError(msg, path=path.name, option=option, value=value, reason=reason)
