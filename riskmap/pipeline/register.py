"""Register: the rows that wait in quarantine, to be read and to be corrected."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from riskmap.errors import UnknownNameError
from riskmap.ingest import FAULT_TABLE, row_names, still_waiting
from riskmap.ingest.faults import FAULTS
from riskmap.project import Batches, Project
from riskmap.schema import empty_table

REGISTERS = ("incidents", "landmarks")

FAULT_CODES = FAULTS

NO_FAULTS = empty_table(FAULT_TABLE, index="row_number").reset_index(drop=True)

# rows named where one is not known
LIKE = 3


def quarantined(project: Project, *, code: str = "", file: str = "") -> pd.DataFrame:
    """Read every fault of every row that waits in quarantine.

    Parameters
    ----------
    project
        The project.
    code
        One code of :data:`riskmap.ingest.faults.FAULTS`; empty for all.
    file
        Name of the file that held the rows; empty for all.

    Returns
    -------
    pandas.DataFrame
        ``ref`` (a row's name, such as ``3f9a01bc-17``), ``register``
        (:data:`REGISTERS`), then :data:`riskmap.ingest.FAULT_TABLE`; in the order of
        deliveries and rows. A row stands as often as it has faults.
    """
    waiting = ((name, waiting_faults(project, name)) for name in REGISTERS)
    parts = [_named(table, register) for register, table in waiting if len(table)]
    faults = pd.concat(parts, ignore_index=True) if parts else _named(NO_FAULTS, "")
    if code:
        faults = faults[faults["code"] == code]
    if file:
        faults = faults[faults["file"] == Path(file).name]
    return faults.reset_index(drop=True)


def faults_left(deliveries: Batches, corrections: Batches) -> pd.DataFrame:
    """Leave out the faults of rows that corrected ones have answered.

    Parameters
    ----------
    deliveries
        Deliveries of one register.
    corrections
        Deliveries of answers (:data:`riskmap.ingest.ANSWER_TABLE`).

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.ingest.FAULT_TABLE`: what still waits.
    """
    if not len(deliveries):
        return NO_FAULTS
    faults = told_today(deliveries.faults())
    if not len(corrections):
        return faults
    return still_waiting(faults, corrections.accepted())


def waiting_faults(project: Project, register: str) -> pd.DataFrame:
    """Read the faults of the rows of one register that still wait.

    Parameters
    ----------
    project
        The project.
    register
        One of :data:`REGISTERS`.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.ingest.FAULT_TABLE`, in the order of deliveries and rows.
    """
    return faults_left(project.batches(register), project.batches("corrections"))


def latest_faults(project: Project, register: str) -> pd.DataFrame:
    """Read the faults of the last delivery.

    Parameters
    ----------
    project
        The project.
    register
        One of :data:`REGISTERS`.

    Returns
    -------
    pandas.DataFrame
        As :func:`quarantined`.
    """
    return _named(told_today(project.batches(register)[-1:].faults()), register)


def told_today(faults: pd.DataFrame) -> pd.DataFrame:
    """Lay faults out as today's table, whatever riskmap recorded them.

    Parameters
    ----------
    faults
        As the store gives them.

    Returns
    -------
    pandas.DataFrame
        :data:`riskmap.ingest.FAULT_TABLE`; ``""``, and no line, where a riskmap
        before 2026-11-25 did not keep where a row stands.

    Examples
    --------
    >>> told_today(pd.DataFrame({"row": [3], "code": ["kind_unknown"]}))["unit"][0]
    ''
    """
    columns = {}
    for column in FAULT_TABLE:
        nothing = "" if column.dtype == "str" else np.nan
        given = faults.get(column.name, pd.Series(nothing, index=faults.index))
        filled = given.fillna(nothing) if column.dtype == "str" else given
        columns[column.name] = filled.astype(column.dtype)
    return pd.DataFrame(columns, index=faults.index)


def _named(faults: pd.DataFrame, register: str) -> pd.DataFrame:
    """Name each row, and the register that it was for."""
    told = faults.assign(ref=row_names(faults), register=register)
    return told[["ref", "register", *(column.name for column in FAULT_TABLE)]]


def quarantined_rows(faults: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Pick rows by name or by number.

    Parameters
    ----------
    faults
        As :func:`quarantined` returns it.
    names
        A ``ref``, or the number of a row, which may wait in several files.

    Returns
    -------
    pandas.DataFrame
        All their faults.

    Raises
    ------
    UnknownNameError
        If no row waits under a name.
    """
    numbers = faults["row"].astype("str")
    for name in names:
        if not ((faults["ref"] == name) | (numbers == name)).any():
            known = list(dict.fromkeys(faults["ref"]))[:LIKE]
            msg = f"No row {name!r} waits in quarantine; there are {known}…"
            raise UnknownNameError(msg, kind="row", value=name, known=known)
    return faults[faults["ref"].isin(names) | numbers.isin(names)]


def original_of(text: str) -> dict[str, str]:
    """Read a row's original text, heading by heading.

    Parameters
    ----------
    text
        ``original`` of a fault.

    Returns
    -------
    dict of str to str
        Empty where nobody could tell the row's columns apart.

    Examples
    --------
    >>> original_of('{"fecha":"31/02/2019"}'), original_of("")
    ({'fecha': '31/02/2019'}, {})
    """
    found: dict[str, str] = orjson.loads(text) if text else {}
    return found


def bytes_of(fault: Mapping[str, Any]) -> bytes:
    r"""Give a row's bytes as its file has them, less what is never kept.

    Parameters
    ----------
    fault
        A row of :data:`riskmap.ingest.FAULT_TABLE`.

    Returns
    -------
    bytes
        Without the line break at its end; empty where a format has no such thing, or
        nobody could tell the row's columns apart.

    Examples
    --------
    >>> bytes_of({"raw": "1;día", "encoding": "cp1252"})
    b'1;d\xeda'
    """
    return fault["raw"].encode(fault["encoding"]) if fault["encoding"] else b""


def say_where(fault: Mapping[str, Any], text: Callable[..., str]) -> str:
    """Say where a row stands in its file.

    Parameters
    ----------
    fault
        ``row``, ``line`` and ``unit`` of :data:`riskmap.ingest.FAULT_TABLE`.
    text
        Gives the text of a key of the catalogue.

    Returns
    -------
    str
        Its line, or what else the format counts by.

    Examples
    --------
    >>> at = {"row": 3, "line": 5.0, "unit": "line"}
    >>> say_where(at, lambda key, number: f"{key} {number}")
    'quarantine.at.line 5'
    """
    unit = fault["unit"] or "record"
    number = fault["row"] if pd.isna(fault["line"]) else fault["line"]
    return text(f"quarantine.at.{unit}", number=str(int(number)))
