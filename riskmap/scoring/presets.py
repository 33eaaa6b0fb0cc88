"""Presets: each score's records, layers and numbers, read from one TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from riskmap.errors import ConfigError, UnknownNameError

OUTSIDE = ("prior", "missing")

PURPOSES = ("life_saving", "public_safety")

# order in which scores are made and shown
NAMES = ("migrant_danger", "patrol_risk")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What one score is made from.

    Parameters
    ----------
    name
        Code of the score and of its column.
    purpose
        Its side of the purpose wall: ``life_saving`` or ``public_safety``.
    audiences
        Whom the danger that it ranks threatens.
    kinds
        Kinds of incident that are its target.
    layers
        Neutral layers that its regression may use.
    outside_coverage
        What an unwatched cell shows: ``prior`` or ``missing``.
    numbers
        Every number by name.
    sources
        Where each number comes from, by name.
    """

    name: str
    purpose: str
    audiences: tuple[str, ...]
    kinds: tuple[str, ...]
    layers: tuple[str, ...]
    outside_coverage: str
    numbers: Mapping[str, Any]
    sources: Mapping[str, str]


def parse_preset(text: str) -> Preset:
    """Read a preset; a number without its source is refused.

    Parameters
    ----------
    text
        TOML.

    Returns
    -------
    Preset
        Checked.

    Raises
    ------
    ConfigError
        If a number has no source, or a word is not in its list.

    Examples
    --------
    >>> parse_preset("near_km = 7")
    Traceback (most recent call last):
        ...
    riskmap.errors.ConfigError: The preset lacks name.
    """
    table = tomllib.loads(text)
    numbers, sources = {}, {}
    for name, entry in table.items():
        if isinstance(entry, Mapping):
            if not str(entry.get("source", "")) or "value" not in entry:
                msg = f"{name} must have a value and a source."
                raise _refusal(msg, name, entry)
            value = entry["value"]
            numbers[name] = tuple(value) if isinstance(value, list) else value
            sources[name] = str(entry["source"])
    for word in ("name", "purpose", "audiences", "kinds", "layers", "outside_coverage"):
        if word not in table:
            msg = f"The preset lacks {word}."
            raise _refusal(msg, word, "")
    for word, known in (("purpose", PURPOSES), ("outside_coverage", OUTSIDE)):
        if table[word] not in known:
            msg = f"{word} must be one of {known}, got {table[word]!r}."
            raise _refusal(msg, word, table[word])
    return Preset(
        name=table["name"],
        purpose=table["purpose"],
        audiences=tuple(table["audiences"]),
        kinds=tuple(table["kinds"]),
        layers=tuple(table["layers"]),
        outside_coverage=table["outside_coverage"],
        numbers=MappingProxyType(numbers),
        sources=MappingProxyType(sources),
    )


def _refusal(msg: str, option: str, value: object) -> ConfigError:
    """Say what is wrong with a preset."""
    return ConfigError(
        msg, path="scores", option=option, value=str(value), reason="preset"
    )


def read_presets() -> tuple[Preset, ...]:
    """Read all presets that riskmap brings.

    Returns
    -------
    tuple of Preset
        In the order in which scores are made.

    Examples
    --------
    >>> [preset.name for preset in read_presets()]
    ['migrant_danger', 'patrol_risk']
    """
    folder = files("riskmap.scoring") / "scores"
    return tuple(
        parse_preset((folder / f"{name}.toml").read_text(encoding="utf-8"))
        for name in NAMES
    )


def preset_named(name: str, presets: tuple[Preset, ...]) -> Preset:
    """Find a preset by its name.

    Parameters
    ----------
    name
        Code of a score.
    presets
        Where to look.

    Returns
    -------
    Preset
        The one so named.

    Raises
    ------
    UnknownNameError
        If there is none.

    Examples
    --------
    >>> preset_named("patrol_risk", PRESETS).purpose
    'public_safety'
    """
    for preset in presets:
        if preset.name == name:
            return preset
    known = ", ".join(preset.name for preset in presets)
    msg = f"There is no score {name!r}. Scores: {known}."
    raise UnknownNameError(msg, kind="score", value=name, known=known)


PRESETS = read_presets()
