"""In use: which settings each score is made with, as the register of models says."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from riskmap.errors import ConfigError, UnknownNameError
from riskmap.pipeline.plugins import layers_in_use, scores_in_use
from riskmap.project import Project
from riskmap.scoring import Preset
from riskmap.scoring.expectation import PART_WEIGHTS
from riskmap.scoring.wall import NEUTRAL, refuse_wrong_side

TABLE = "models_in_use"

# what a model may set otherwise than riskmap does; purpose and kinds stay as they are
FREE = ("layers", "numbers")

SOURCE = "set for this model"


def changed_settings(preset: Preset, brought: Preset) -> dict[str, Any]:
    """Name the settings of a preset that are not those riskmap brings.

    Parameters
    ----------
    preset
        In use.
    brought
        What riskmap brings of that name.

    Returns
    -------
    dict
        Plain values, ``layers`` and ``numbers`` if any differ, ``plugin`` if another
        package brings it.

    Examples
    --------
    >>> from riskmap.scoring import PRESETS
    >>> changed_settings(PRESETS[0], PRESETS[0])
    {}
    """
    found: dict[str, Any] = {}
    if preset.layers != brought.layers:
        found["layers"] = list(preset.layers)
    numbers = {
        name: _plain(value)
        for name, value in preset.numbers.items()
        if value != brought.numbers[name]
    }
    plugin = {"plugin": preset.plugin} if preset.plugin != brought.plugin else {}
    return found | ({"numbers": numbers} if numbers else {}) | plugin


def preset_with(brought: Preset, settings: Mapping[str, Any]) -> Preset:
    """Put other settings in place of those riskmap brings.

    Parameters
    ----------
    brought
        What riskmap brings.
    settings
        ``layers``: names; ``numbers``: name to value. Nothing else can be set: what a
        score counts and whom it serves is not a setting.

    Returns
    -------
    Preset
        Checked.

    Raises
    ------
    ConfigError
        If a setting does not exist or cannot hold the value.
    PurposeWallError
        If a layer is from the other side of the wall.

    Examples
    --------
    >>> from riskmap.scoring import PRESETS
    >>> preset_with(PRESETS[0], {"numbers": {"near_km": 9}}).numbers["near_km"]
    9
    >>> preset_with(PRESETS[0], {"purpose": "public_safety"})
    Traceback (most recent call last):
        ...
    riskmap.errors.ConfigError: A model cannot set 'purpose'; it can set ('layers', \
'numbers').
    """
    for name in settings:
        if name not in FREE:
            msg = f"A model cannot set {name!r}; it can set {FREE}."
            raise _refusal(msg, name, settings[name], "unknown")
    layers = tuple(settings.get("layers", brought.layers))
    known = {layer.name: layer.purpose for layer in layers_in_use()}
    refuse_wrong_side(
        brought.name, brought.purpose, {n: known.get(n, NEUTRAL) for n in layers}
    )
    numbers, sources = dict(brought.numbers), dict(brought.sources)
    for name, value in settings.get("numbers", {}).items():
        if name not in numbers:
            msg = f"There is no number {name!r} in {brought.name}."
            raise _refusal(msg, name, value, "unknown")
        read = _like(numbers[name], value, name)
        if name == PART_WEIGHTS:
            _check_weights(read, len(numbers[name]))
        numbers[name], sources[name] = read, SOURCE
    return replace(
        brought,
        layers=layers,
        numbers=MappingProxyType(numbers),
        sources=MappingProxyType(sources),
    )


def check_layers(preset: Preset, held: Iterable[str]) -> None:
    """Refuse a model that was made on layers which are not there.

    Parameters
    ----------
    preset
        What a score is to be made from.
    held
        Names of the layers that there are.

    Raises
    ------
    UnknownNameError
        If one is missing, such as that of a package which is no longer installed.

    Examples
    --------
    >>> from riskmap.scoring import PRESETS
    >>> check_layers(PRESETS[0], PRESETS[0].layers)
    """
    known = tuple(map(str, held))
    missing = [name for name in preset.layers if name not in known]
    if missing:
        msg = f"{preset.name} was made on layers that are not there: {missing}."
        raise UnknownNameError(msg, kind="layer", value=missing[0], known=known)


def presets_in_use(project: Project) -> tuple[Preset, ...]:
    """List what each score is made from in a project.

    Parameters
    ----------
    project
        The project.

    Returns
    -------
    tuple of Preset
        What riskmap and plug-ins bring, but for the models that were activated.

    Raises
    ------
    PlugInError, UnknownNameError, PurposeWallError
        If a score of a plug-in cannot be used.
    """
    presets = scores_in_use()
    if project.snapshot(TABLE) is None:
        return presets
    table = project.read(TABLE)
    chosen = dict(zip(table["score"], table["settings"], strict=True))
    return tuple(
        preset_with(preset, json.loads(chosen[preset.name]))
        if preset.name in chosen
        else preset
        for preset in presets
    )


def _like(usual: Any, value: Any, name: str) -> Any:
    """Read a value of the same kind as the usual one; infinity may be written."""
    many = isinstance(usual, tuple)
    given = list(value) if isinstance(value, list | tuple) else [value]
    try:
        read = tuple(
            float(one) if isinstance(one, str | float) else int(one) for one in given
        )
    except (TypeError, ValueError) as error:
        msg = f"{name} must hold numbers, got {value!r}."
        raise _refusal(msg, name, value, "float") from error
    if many != isinstance(value, list | tuple) or not read:
        msg = f"{name} must be {'a list' if many else 'one number'}, got {value!r}."
        raise _refusal(msg, name, value, "float")
    return read if many else read[0]


def _check_weights(weights: tuple[float, ...], parts: int) -> None:
    """Refuse weights of parts that are not one each, finite, and not all nothing."""
    fits = all(0 <= weight < float("inf") for weight in weights)
    if len(weights) != parts or not fits or not any(weights):
        msg = f"{PART_WEIGHTS} must be {parts} numbers, 0 or more, got {weights}."
        raise _refusal(msg, PART_WEIGHTS, list(weights), "float")


def _plain(value: Any) -> Any:
    """Write numbers so that JSON holds them: infinity as text."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if value == float("inf") else value


def _refusal(msg: str, option: str, value: object, reason: str) -> ConfigError:
    """Say what is wrong with a model's settings."""
    return ConfigError(
        msg, path="model", option=option, value=str(value), reason=reason
    )
