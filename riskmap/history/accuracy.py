"""Accuracy: how well a record is placed, in words that a map can filter by."""

import numpy as np
import numpy.typing as npt
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


def only_area(incidents: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which records are known to a county or municipio and no better.

    Such a record is an area, never a point: its geometry is the middle of the area,
    and tells nothing of the cell that holds it.

    Parameters
    ----------
    incidents
        Event table; an older one may lack ``area``.

    Returns
    -------
    numpy.ndarray of bool
        Of shape (n_records,).

    Examples
    --------
    >>> only_area(pd.DataFrame({"area": ["26043", "", None]})).tolist()
    [True, False, False]
    """
    if "area" not in incidents:
        return np.zeros(len(incidents), dtype=np.bool_)
    filled = incidents["area"].fillna("") != ""
    return np.asarray(filled, dtype=np.bool_)
