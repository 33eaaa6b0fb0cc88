"""Plug-ins: layers that other packages bring, found by their entry points.

A package that declares, under ``[project.entry-points."riskmap.layers"]``, a name for a
:class:`riskmap.features.layer.Layer` adds that layer to every run. It says its purpose
as every layer does, and the wall holds for it; what it may not do is take the name of
another.
"""

from functools import cache
from importlib.metadata import entry_points

from riskmap.errors import TableContractError
from riskmap.features.catalogue import LAYERS
from riskmap.features.layer import Layer

GROUP = "riskmap.layers"


@cache
def plugin_layers() -> tuple[Layer, ...]:
    """Find the layers that other packages bring.

    Returns
    -------
    tuple of Layer
        In order of name.

    Raises
    ------
    TableContractError
        If an entry point gives no layer, or one of a name that is taken.

    Examples
    --------
    >>> isinstance(plugin_layers(), tuple)
    True
    """
    found: dict[str, Layer] = {}
    taken = {layer.name for layer in LAYERS}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        layer = entry.load()
        if not isinstance(layer, Layer):
            msg = f"The plug-in {entry.value} gives no layer but {type(layer)}."
            raise TableContractError(msg, table=entry.name, faults="no layer")
        if layer.name in taken or layer.name in found:
            msg = f"The plug-in {entry.value} takes the name {layer.name}."
            raise TableContractError(msg, table=entry.name, faults=layer.name)
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
