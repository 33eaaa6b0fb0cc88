"""Place layers: what the cell table itself says."""

import pandas as pd

from riskmap.features.layer import Inputs, on_cells


def share_mx(inputs: Inputs) -> pd.Series:
    """Tell which share of each cell lies in Mexico.

    Parameters
    ----------
    inputs
        Cells.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        0 to 1, as the cell table has it.
    """
    return on_cells(inputs.cells["share_mx"], inputs, "share_mx")
