"""Given tables: CSV files that a project or its user names."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from riskmap.errors import ColumnMissingError, FileMissingError


def read_columns(path: Path, columns: Sequence[str], **dtypes: str) -> pd.DataFrame:
    """Read a CSV that must have some columns; lines that begin with ``#`` are notes.

    Parameters
    ----------
    path
        The file.
    columns
        What it must have.
    **dtypes
        Column to its dtype, where it is not to be guessed.

    Returns
    -------
    pandas.DataFrame of shape (n_rows, n_columns)
        All rows and columns, in the order of the file.

    Raises
    ------
    FileMissingError
        If there is no such file.
    ColumnMissingError
        If a column is missing.
    """
    if not path.is_file():
        msg = f"No table at {path}."
        raise FileMissingError(msg, path=str(path))
    table = pd.read_csv(path, dtype=dtypes or None, comment="#")
    absent = [name for name in columns if name not in table.columns]
    if absent:
        msg = f"{path.name} must have {absent}, got {list(table.columns)}."
        raise ColumnMissingError(
            msg,
            path=path.name,
            columns=", ".join(absent),
            found=", ".join(map(str, table.columns)),
        )
    return table
