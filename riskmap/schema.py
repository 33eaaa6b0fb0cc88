"""Column: name, dtype, unit, range, meaning; and checking a table against a list."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.crs import STORAGE_CRS
from riskmap.errors import TableContractError


@dataclass(frozen=True, kw_only=True)
class Column:
    """What one column of a table must hold.

    Parameters
    ----------
    name
        Column name, ending in its unit where it has one.
    dtype
        pandas dtype as text: ``"float64"``, ``"int64"``, ``"str"``, ``"bool"``,
        ``"datetime64[us, UTC]"``, ``"geometry"``.
    unit
        Unit as written on a legend: ``"m"``, ``"km²"``; ``"1"`` for a pure number.
    lowest, highest
        Range of the values that are not missing, ends included.
    missing
        True if values may be missing.
    values
        For text: the words allowed; empty allows any.
    meaning
        One plain sentence for developers; people read the catalogue's.
    """

    name: str
    dtype: str
    unit: str = "1"
    lowest: float = float("-inf")
    highest: float = float("inf")
    missing: bool = False
    values: tuple[str, ...] = ()
    meaning: str = ""


def column_faults(values: pd.Series, column: Column) -> tuple[str, ...]:
    """List what is wrong with one column, in words for developers.

    Parameters
    ----------
    values
        The column, of shape (n_rows,).
    column
        What it must hold.

    Returns
    -------
    tuple of str
        Empty if nothing is wrong.

    Examples
    --------
    >>> share = Column(name="share_us", dtype="float64", lowest=0, highest=1)
    >>> column_faults(pd.Series([0.5, 1.5], name="share_us"), share)
    ('share_us must be at most 1, got 1.5',)
    """
    found = []
    if str(values.dtype) != column.dtype:
        found.append(f"{column.name} must be {column.dtype}, got {values.dtype}")
    if not column.missing and values.isna().any():
        found.append(f"{column.name} must not be missing, got {values.isna().sum()}")
    if column.values:
        strange = sorted(set(values.dropna().astype(str)) - set(column.values))
        if strange:
            found.append(f"{column.name} must be one of {column.values}, got {strange}")
    if values.dtype.kind in "iuf" and values.notna().any():
        low, high = values.min(), values.max()
        if low < column.lowest:
            found.append(f"{column.name} must be at least {column.lowest}, got {low}")
        if high > column.highest:
            found.append(f"{column.name} must be at most {column.highest}, got {high}")
        if np.isinf(values.astype("float64")).any():
            found.append(f"{column.name} must be finite")
    return tuple(found)


def check_table(table: pd.DataFrame, columns: Iterable[Column], *, name: str) -> None:
    """Check a table against its list of columns, all of it, and report once.

    Columns that the list does not name are allowed.

    Parameters
    ----------
    table
        Any table, of shape (n_rows, n_columns).
    columns
        What it must hold.
    name
        What the table is called in an error.

    Raises
    ------
    TableContractError
        If a column is missing or breaks its contract; all faults are listed.

    Examples
    --------
    >>> km = Column(name="km", dtype="float64", unit="km", lowest=0)
    >>> check_table(pd.DataFrame({"km": [1.0, 2.0]}), [km], name="cells")
    """
    found: list[str] = []
    for column in columns:
        if column.name not in table.columns:
            found.append(f"{column.name} is missing")
        else:
            found.extend(column_faults(table[column.name], column))
    if found:
        msg = f"Table {name} breaks its contract: " + "; ".join(found) + "."
        raise TableContractError(msg, table=name, faults="; ".join(found))


def empty_table(columns: Iterable[Column], *, index: str) -> pd.DataFrame:
    """Make a table without rows that keeps its contract.

    Parameters
    ----------
    columns
        What it must hold; one of dtype ``geometry`` makes it a GeoDataFrame of
        EPSG:4326.
    index
        Name of its index, of text.

    Returns
    -------
    pandas.DataFrame of shape (0, n_columns)
        Columns in the order given, each of its dtype.

    Examples
    --------
    >>> empty_table([Column(name="km", dtype="float64")], index="id").dtypes["km"]
    dtype('float64')
    """
    plain = {
        column.name: pd.Series([], dtype=column.dtype)
        for column in columns
        if column.dtype != "geometry"
    }
    table = pd.DataFrame(plain).rename_axis(index)
    table.index = table.index.astype("str")
    if all(column.dtype != "geometry" for column in columns):
        return table
    return gpd.GeoDataFrame(table, geometry=[], crs=STORAGE_CRS)


def with_later_columns(table: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Give an older table the columns that came later, all missing.

    Parameters
    ----------
    table
        Stored when the list was shorter.
    columns
        What such a table holds today; only those that may be missing are added.

    Returns
    -------
    pandas.DataFrame
        In the order of the list where nothing but it is held.

    Examples
    --------
    >>> later = [Column(name="status", dtype="str", missing=True)]
    >>> with_later_columns(pd.DataFrame({"km": [1.0]}), later)["status"].isna().tolist()
    [True]
    """
    listed = list(columns)
    added = {
        column.name: pd.Series(index=table.index, dtype=column.dtype)
        for column in listed
        if column.missing and column.name not in table
    }
    if not added:
        return table
    names = [column.name for column in listed]
    full = table.assign(**added)
    return full[
        sorted(full, key=lambda n: names.index(n) if n in names else len(names))
    ]
