"""Accuracy: how well a record is placed, in words that a map can filter by."""

import numpy as np
import pandas as pd

# how well a record is placed, metres: within a search on foot, within a settlement
FOOT_M = 1_000.0
SETTLEMENT_M = 5_000.0
ACCURACY_CLASSES = ("foot", "settlement", "vague", "unknown")


def accuracy_class(accuracy_m: pd.Series) -> pd.Series:
    """Class records by how well they are placed.

    Parameters
    ----------
    accuracy_m
        Radius in metres; missing if not known.

    Returns
    -------
    pandas.Series
        ``foot`` (to 1 km), ``settlement`` (to 5 km), ``vague`` or ``unknown``.

    Examples
    --------
    >>> accuracy_class(pd.Series([100.0, 1_000.0, 9_000.0, None])).tolist()
    ['foot', 'foot', 'vague', 'unknown']
    """
    metres = accuracy_m.to_numpy(dtype=np.float64, na_value=np.nan)
    place = np.digitize(metres, (FOOT_M, SETTLEMENT_M), right=True)
    place[np.isnan(metres)] = ACCURACY_CLASSES.index("unknown")
    return pd.Series(np.array(ACCURACY_CLASSES)[place], accuracy_m.index, dtype="str")
