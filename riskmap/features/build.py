"""Build: run the layers of the catalogue into the feature table."""

from collections.abc import Callable, Sequence

import pandas as pd

from riskmap.cells import cell_index
from riskmap.errors import TableContractError
from riskmap.features.catalogue import LAYERS
from riskmap.features.layer import Inputs, Layer, check_values, known_names

Progress = Callable[[str, int, int], None]

STEP = "features"


def layers_named(names: Sequence[str]) -> tuple[Layer, ...]:
    """Take layers from the catalogue by name.

    Parameters
    ----------
    names
        Names of layers.

    Returns
    -------
    tuple of Layer
        In the order given.

    Raises
    ------
    UnknownNameError
        If a name is not in the catalogue.

    Examples
    --------
    >>> layers_named(["slope_deg"])[0].column.unit
    '°'
    """
    by_name = {layer.name: layer for layer in LAYERS}
    known_names("layer", names, by_name)
    return tuple(by_name[name] for name in names)


def build_features(
    inputs: Inputs,
    layers: Sequence[Layer] = LAYERS,
    *,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Run layers over the cells, and check each one's contract.

    Parameters
    ----------
    inputs
        All tables.
    layers
        Which layers, in which order.
    progress
        Told ``("features", done, total)`` before the first and after each layer.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, n_layers)
        One column per layer on the cell index.

    Raises
    ------
    CellIndexError
        If the cells are no cell index.
    TableContractError
        If a layer breaks its contract, or two have one name.
    """
    index = cell_index(inputs.cells.index)
    if not index.equals(inputs.cells.index):
        msg = "The cells must be sorted and unique: use cells.cell_index() on them."
        raise TableContractError(msg, table="cells", faults="order")
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        msg = f"Layers must have different names, got {sorted(names)}."
        raise TableContractError(msg, table="features", faults="names")
    columns = {}
    _tell(progress, 0, len(names))
    for done, layer in enumerate(layers, start=1):
        columns[layer.name] = check_values(layer, layer.compute(inputs), index)
        _tell(progress, done, len(names))
    return pd.DataFrame(columns, index=inputs.cells.index)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    """Report progress to whoever listens."""
    if progress is not None:
        progress(STEP, done, total)
