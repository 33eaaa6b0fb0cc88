"""Difference: how two tables of the same things differ, item by item."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

DIFFERENCE_COLUMNS: Final = ("item", "field", "ours", "theirs")

ABSENT: Final = "—"

PRESENT: Final = "+"

RECORD: Final = "record"
"""Stands for the whole item where only one side has it."""

CLOSE: Final = 1e-9
"""Numbers as near as this, relative to themselves, are the same number."""


def differences(
    ours: pd.DataFrame, theirs: pd.DataFrame, *, family: str, fields: Sequence[str]
) -> pd.DataFrame:
    """List how two tables differ.

    Parameters
    ----------
    ours, theirs
        Tables on unique text names of the same kind of things.
    family
        What the things are: ``cell`` or ``incident``.
    fields
        Columns that are compared, where both tables have them.

    Returns
    -------
    pandas.DataFrame
        Texts ``item``, ``field``, ``ours``, ``theirs``, by item; equal tables have no
        difference, and the other way round it is the same with sides changed.

    Examples
    --------
    >>> ours = pd.DataFrame({"n": [1, 2]}, index=["a", "b"])
    >>> theirs = pd.DataFrame({"n": [1, 3]}, index=["a", "b"])
    >>> differences(ours, theirs, family="cell", fields=["n"]).to_dict("records")
    [{'item': 'cell/b', 'field': 'n', 'ours': '2', 'theirs': '3'}]
    """
    parts = [
        _one_sided(ours.index.difference(theirs.index), (PRESENT, ABSENT)),
        _one_sided(theirs.index.difference(ours.index), (ABSENT, PRESENT)),
    ]
    common = ours.index.intersection(theirs.index)
    for name in fields:
        if name in ours.columns and name in theirs.columns:
            pair = (ours.loc[common, name], theirs.loc[common, name])
            parts.append(_of_field(name, *pair))
    found = pd.concat(parts, ignore_index=True)
    found["item"] = family + "/" + found["item"].astype("str")
    return found.sort_values(
        ["item", "field"], kind="stable", ignore_index=True
    ).astype("str")


def _one_sided(names: pd.Index, sides: tuple[str, str]) -> pd.DataFrame:
    ours, theirs = sides
    return pd.DataFrame(
        {"item": names.astype("str"), "field": RECORD, "ours": ours, "theirs": theirs}
    )


def _of_field(name: str, ours: pd.Series, theirs: pd.Series) -> pd.DataFrame:
    """List the items of which a field differs."""
    other = ~_same(ours, theirs)
    return pd.DataFrame(
        {
            "item": ours.index[other].astype("str"),
            "field": name,
            "ours": _texts(ours[other]),
            "theirs": _texts(theirs[other]),
        }
    )


def _same(ours: pd.Series, theirs: pd.Series) -> npt.NDArray[np.bool_]:
    """Tell which values are the same; two missing ones are."""
    numeric = [pd.api.types.is_numeric_dtype(side.dtype) for side in (ours, theirs)]
    if all(numeric):
        one, two = (
            side.to_numpy(dtype=np.float64, na_value=np.nan) for side in (ours, theirs)
        )
        return np.asarray(np.isclose(one, two, rtol=CLOSE, atol=0.0, equal_nan=True))
    return np.asarray(_texts(ours) == _texts(theirs))


def _texts(values: pd.Series) -> npt.NDArray[np.object_]:
    """Write values so that equal ones are equal text."""
    texts = values.astype("str").to_numpy(dtype=object, copy=True)
    texts[values.isna().to_numpy()] = ""
    return np.asarray(texts, dtype=object)
