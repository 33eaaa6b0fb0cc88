"""Presets: each score's records, layers and numbers, read from one TOML file.

A package that declares, under ``[project.entry-points."riskmap.scores"]``, a name for a
:class:`Preset` adds that score to every run.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from riskmap.errors import ConfigError, PlugInError, UnknownNameError
from riskmap.plug_ins import SCORES, plugged, plugged_words

OUTSIDE = ("prior", "missing")

PURPOSES = ("life_saving", "public_safety")

# order in which scores are made and shown
NAMES = ("migrant_danger", "patrol_risk")

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

# languages in which a score of a plug-in must be named and explained
LANGUAGES = ("en", "es")


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
    plugin
        Checksum of what a plug-in brings, once it is in use; empty for riskmap's own.
    """

    name: str
    purpose: str
    audiences: tuple[str, ...]
    kinds: tuple[str, ...]
    layers: tuple[str, ...]
    outside_coverage: str
    numbers: Mapping[str, Any]
    sources: Mapping[str, str]
    plugin: str = ""


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
    >>> preset_named("patrol_risk", BROUGHT).purpose
    'public_safety'
    """
    for preset in presets:
        if preset.name == name:
            return preset
    known = ", ".join(preset.name for preset in presets)
    msg = f"There is no score {name!r}. Scores: {known}."
    raise UnknownNameError(msg, kind="score", value=name, known=known)


BROUGHT = read_presets()

# those riskmap brings, then those of plug-ins: found when first asked for, since a
# plug-in imports this module
PRESETS: tuple[Preset, ...]


def preset_like(
    brought: str,
    *,
    name: str,
    kinds: tuple[str, ...],
    audiences: tuple[str, ...] = (),
    layers: tuple[str, ...] = (),
    numbers: Mapping[str, tuple[Any, str]] | None = None,
) -> Preset:
    """Make a score of one's own from one that riskmap brings.

    Its side of the purpose wall stays that of the score it is made from.

    Parameters
    ----------
    brought
        A score that riskmap brings.
    name
        Code of the new one, small letters, digits and ``_``.
    kinds
        Kinds of incident that are its target.
    audiences, layers
        As of :class:`Preset`; those of ``brought`` where none are given.
    numbers
        What differs: name to value and source.

    Returns
    -------
    Preset
        The new one.

    Raises
    ------
    UnknownNameError
        If riskmap brings no such score.
    ConfigError
        If there is no such number.

    Examples
    --------
    >>> made = preset_like("migrant_danger", name="rescues", kinds=("rescue",))
    >>> made.purpose, made.numbers == BROUGHT[0].numbers
    ('life_saving', True)
    """
    base = preset_named(brought, BROUGHT)
    given = dict(numbers or {})
    for number, entry in given.items():
        if number not in base.numbers:
            msg = f"There is no number {number!r} in {brought}."
            raise _refusal(msg, number, entry)
    values = {number: value for number, (value, _) in given.items()}
    told = {number: source for number, (_, source) in given.items()}
    return replace(
        base,
        name=name,
        kinds=tuple(kinds),
        audiences=tuple(audiences) or base.audiences,
        layers=tuple(layers) or base.layers,
        numbers=MappingProxyType({**base.numbers, **values}),
        sources=MappingProxyType({**base.sources, **told}),
    )


@cache
def plugged_presets() -> tuple[Preset, ...]:
    """Find the scores that other packages bring.

    Returns
    -------
    tuple of Preset
        In order of name.

    Raises
    ------
    PlugInError
        If an entry point gives no preset, one of a name that is taken or that another
        name begins with, or one without a name and an explanation in each language.

    Examples
    --------
    >>> isinstance(plugged_presets(), tuple)
    True
    """
    found: list[Preset] = []
    for entry, preset in plugged(SCORES):
        if not isinstance(preset, Preset):
            msg = f"The plug-in {entry} gives no preset but {type(preset)}."
            raise PlugInError(msg, plugin=entry, reason="kind")
        if not NAME.fullmatch(preset.name) or _taken(preset.name, (*BROUGHT, *found)):
            msg = f"The plug-in {entry} may not name a score {preset.name!r}."
            raise PlugInError(msg, plugin=entry, reason="taken")
        keys = {f"score.{preset.name}", f"score.{preset.name}.help"}
        for language in LANGUAGES:
            if not keys <= set(plugged_words().get(language, {})):
                msg = f"The plug-in {entry} has no words in {language!r} for {keys}."
                raise PlugInError(msg, plugin=entry, reason="words")
        found.append(preset)
    return tuple(sorted(found, key=lambda preset: preset.name))


def _taken(name: str, others: tuple[Preset, ...]) -> bool:
    """Tell whether columns named after a score would be taken for another's."""
    return any(
        f"{name}_".startswith(f"{other.name}_")
        or f"{other.name}_".startswith(f"{name}_")
        for other in others
    )


def __getattr__(name: str) -> tuple[Preset, ...]:
    """Find all presets when they are first asked for."""
    if name != "PRESETS":
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return (*BROUGHT, *plugged_presets())
