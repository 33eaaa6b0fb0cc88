"""CSV: tables for spreadsheets, the cell first, formulas made harmless."""

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from riskmap.cells import NAME
from riskmap.crs import to_storage
from riskmap.exports.dictionary import TABLE, data_dictionary
from riskmap.exports.files import write_bytes
from riskmap.exports.layers import named
from riskmap.exports.notes import ExportNotes

# a spreadsheet takes a text that starts like this for a formula
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

# digits that count: a billionth of a value is less than any number here is worth
DIGITS = 9

POWERS = np.array([float(f"1e{power}") for power in range(23)])

# spreadsheets read accents rightly only behind this mark
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def write_csv(
    tables: Mapping[str, pd.DataFrame], out: Path, notes: ExportNotes
) -> tuple[Path, ...]:
    """Write each table as CSV, with the data dictionary and the notes beside them.

    Hexagons and other outlines are left out; points become ``x`` and ``y``.

    Parameters
    ----------
    tables
        Tables by name.
    out
        Folder.
    notes
        What the export says about itself.

    Returns
    -------
    tuple of pathlib.Path
        The files written: ``{name}.csv``, ``data_dictionary.csv``, ``notes.json``.

    Raises
    ------
    FolderUnwritableError
        If the folder cannot be written to.
    DiskFullError
        If there is no space left.
    """
    flat = {name: _flat(table) for name, table in tables.items()}
    files = [write_table(out / f"{name}.csv", table) for name, table in flat.items()]
    files.append(write_table(out / f"{TABLE}.csv", data_dictionary(flat, notes)))
    text = orjson.dumps(notes.as_dict(), option=orjson.OPT_INDENT_2)
    files.append(write_bytes(out / "notes.json", [text, b"\n"]))
    return tuple(files)


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """Write one table as a CSV file.

    Parameters
    ----------
    path
        Where the file belongs.
    table
        Any table without geometry.

    Returns
    -------
    pathlib.Path
        The path.
    """
    return write_bytes(path, [BYTE_ORDER_MARK, csv_text(table).encode()])


def csv_text(table: pd.DataFrame) -> str:
    r"""Write a table as CSV text.

    Parameters
    ----------
    table
        Any table without geometry; on the cell index, the cell comes first, as
        hexadecimal text. Another index is left out.

    Returns
    -------
    str
        UTF-8, commas, one line a row, missing values empty, nine digits that count,
        days as ISO 8601. A text that a spreadsheet would run as a formula starts with
        an apostrophe.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"name": ["=1+1", "Ajo"], "km": [1.5, None]}))
    "name,km\n'=1+1,1.5\nAjo,\n"
    """
    flat = named(table) if table.index.name == NAME else table
    header = ",".join(_quoted(str(name)) for name in flat.columns)
    columns = [_texts(flat[name]) for name in flat.columns]
    rows = map(",".join, zip(*columns, strict=True))
    return "\n".join([header, *rows, ""])


def plain(values: pd.Series) -> npt.NDArray[np.object_]:
    """Bring a column to values that any text format can hold.

    Parameters
    ----------
    values
        A column of numbers, texts, truths or times.

    Returns
    -------
    numpy.ndarray of shape (n_rows,)
        int, float, bool, str, and None where a value is missing or not finite. Times
        are ISO 8601 in UTC, without the hour if all of them are midnight.

    Examples
    --------
    >>> plain(pd.Series([1 / 3, float("inf")])).tolist()
    [0.333333333, None]
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        found = _times(values)
    elif pd.api.types.is_float_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        found = rounded(numbers).astype(object)
        found[~np.isfinite(numbers)] = None
        return found
    else:
        found = values.astype(object).to_numpy(copy=True)
    found[values.isna().to_numpy()] = None
    return np.asarray(found, dtype=object)


def rounded(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Round numbers to nine digits that count.

    Parameters
    ----------
    numbers
        Of any shape.

    Returns
    -------
    numpy.ndarray
        Of the same shape.

    Examples
    --------
    >>> rounded(np.array([123456.789123, 1e-12 / 3])).tolist()
    [123456.789, 3.33333333e-13]
    """
    found = numbers.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        places = DIGITS - 1 - np.floor(np.log10(np.abs(numbers)))
    # powers of ten up to 22 are exact, so that the quotient is the nearest number
    exact = (places >= 0) & (places < POWERS.size)
    power = POWERS[places[exact].astype(np.intp)]
    found[exact] = np.round(numbers[exact] * power) / power
    texts = [f"{number:.{DIGITS}g}" for number in numbers[~exact].tolist()]
    found[~exact] = np.array(texts, dtype=np.float64)
    return found


def _times(values: pd.Series) -> npt.NDArray[np.object_]:
    """Write times as ISO 8601."""
    known = values.dropna()
    days = bool((known == known.dt.normalize()).all())
    pattern = "%Y-%m-%d" if days else "%Y-%m-%dT%H:%M:%SZ"
    return np.array(values.dt.strftime(pattern), dtype=object)


def _texts(values: pd.Series) -> list[str]:
    """Write a column as texts, missing values empty."""
    numeric = pd.api.types.is_numeric_dtype(values.dtype)
    write = str if numeric else _harmless
    return ["" if value is None else write(value) for value in plain(values).tolist()]


def _harmless(value: object) -> str:
    """Write a text so that no spreadsheet runs it as a formula."""
    text = str(value)
    return _quoted(f"'{text}" if text.startswith(FORMULA_STARTS) else text)


def _quoted(text: str) -> str:
    """Put a text in quotes if it needs them."""
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out outlines, and write points as coordinates."""
    flat = named(table)
    if not isinstance(table, gpd.GeoDataFrame) or len(table) == 0:
        return flat
    stored = to_storage(table)
    if (stored.geometry.geom_type == "Point").all():
        flat["x"], flat["y"] = (
            stored.geometry.x.to_numpy(),
            stored.geometry.y.to_numpy(),
        )
    return flat
