"""Plug-ins: layers and scores that other packages bring, and the wall before them.

A package that declares, under ``[project.entry-points."riskmap.layers"]``, a name for a
:class:`riskmap.features.layer.Layer` adds that layer to every run. It says its purpose
as every layer does, and the wall holds for it; what it may not do is take the name of
another. The same holds for a score, see :mod:`riskmap.scoring.presets`.
"""

import hashlib
from dataclasses import replace
from functools import cache

from riskmap import plug_ins
from riskmap.errors import PlugInError, UnknownNameError
from riskmap.features.catalogue import LAYERS
from riskmap.features.layer import Layer
from riskmap.ingest import KINDS
from riskmap.plug_ins import plugged
from riskmap.scoring.presets import BROUGHT, Preset, plugged_presets
from riskmap.scoring.wall import refuse_wrong_side


@cache
def plugin_layers() -> tuple[Layer, ...]:
    """Find the layers that other packages bring.

    Returns
    -------
    tuple of Layer
        In order of name.

    Raises
    ------
    PlugInError
        If an entry point gives no layer, or one of a name that is taken.

    Examples
    --------
    >>> isinstance(plugin_layers(), tuple)
    True
    """
    found: dict[str, Layer] = {}
    taken = {layer.name for layer in LAYERS}
    for entry, layer in plugged(plug_ins.LAYERS):
        if not isinstance(layer, Layer):
            msg = f"The plug-in {entry} gives no layer but {type(layer)}."
            raise PlugInError(msg, plugin=entry, reason="kind")
        if layer.name in taken or layer.name in found:
            msg = f"The plug-in {entry} takes the name {layer.name}."
            raise PlugInError(msg, plugin=entry, reason="taken")
        found[layer.name] = layer
    return tuple(found.values())


def layers_in_use() -> tuple[Layer, ...]:
    """List riskmap's layers and those of plug-ins.

    Returns
    -------
    tuple of Layer
        In the order of the catalogue, then plug-ins by name.

    Examples
    --------
    >>> layers_in_use()[: len(LAYERS)] == LAYERS
    True
    """
    return (*LAYERS, *plugin_layers())


@cache
def plugin_scores() -> tuple[Preset, ...]:
    """Find the scores that other packages bring, each on its side of the wall.

    Returns
    -------
    tuple of Preset
        In order of name, each with the checksum of what it says in ``plugin``, so that
        another version of it makes the tables anew.

    Raises
    ------
    PlugInError
        If one is no score, or takes a name.
    UnknownNameError
        If one counts a kind of incident, or uses a layer, that there is not.
    PurposeWallError
        If one counts or uses what is tagged with another purpose.

    Examples
    --------
    >>> isinstance(plugin_scores(), tuple)
    True
    """
    kinds = {name: kind.purpose for name, kind in KINDS.items()}
    layers = {layer.name: layer.purpose for layer in layers_in_use()}
    for preset in plugged_presets():
        for what, names, known in (
            ("kind", preset.kinds, kinds),
            ("layer", preset.layers, layers),
        ):
            for name in names:
                if name not in known:
                    listed = ", ".join(known)
                    msg = f"{preset.name} names {name!r}, which is no {what}."
                    raise UnknownNameError(msg, kind=what, value=name, known=listed)
            tags = {name: known[name] for name in names}
            refuse_wrong_side(preset.name, preset.purpose, tags)
    return tuple(
        replace(preset, plugin=_checksum(preset)) for preset in plugged_presets()
    )


def _checksum(preset: Preset) -> str:
    """Name what a preset says, the same in every process."""
    said = sorted((name, repr(value)) for name, value in preset.numbers.items())
    text = repr((preset.purpose, preset.kinds, preset.layers, said))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def scores_in_use() -> tuple[Preset, ...]:
    """List riskmap's scores and those of plug-ins.

    Returns
    -------
    tuple of Preset
        In the order in which scores are made.

    Raises
    ------
    PlugInError, UnknownNameError, PurposeWallError
        As of :func:`plugin_scores`.

    Examples
    --------
    >>> scores_in_use()[: len(BROUGHT)] == BROUGHT
    True
    """
    return (*BROUGHT, *plugin_scores())
