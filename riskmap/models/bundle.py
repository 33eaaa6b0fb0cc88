"""Bundle: a model as two plain files, text and numbers; nothing in it can run.

``model.json`` holds the register's row, ``arrays.npz`` the numbers that were learned.
Python's pickle runs what it loads; here it is refused, and so is any type of array that
is not numbers, truths or text, and any format or kind that is not known.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.errors import FileMissingError, ModelRefusedError
from riskmap.schema import Column

FORMAT, VERSION = "riskmap-model", 1

# kinds of model that this riskmap can score with
KINDS = ("mixture",)

FACTS_FILE, ARRAYS_FILE = "model.json", "arrays.npz"

# floats, whole numbers with and without sign, truths, text
PLAIN_DTYPES = "fiubU"

ARRAY_TABLE: tuple[Column, ...] = (
    Column(name="model_id", dtype="str"),
    Column(name="name", dtype="str"),
    Column(name="place", dtype="int64", lowest=0),
    Column(name="value", dtype="float64", missing=True),
    Column(name="text", dtype="str"),
)

Arrays = Mapping[str, npt.NDArray[Any]]


def array_bytes(arrays: Arrays) -> bytes:
    """Write arrays to the same bytes whenever they are the same.

    Parameters
    ----------
    arrays
        By name.

    Returns
    -------
    bytes
        An ``.npz`` archive.

    Raises
    ------
    ModelRefusedError
        With the reason ``type`` for an array of anything but plain values.

    Examples
    --------
    >>> held = array_bytes({"weights": np.ones(2)})
    >>> held == array_bytes({"weights": np.ones(2)})
    True
    """
    plain = {name: np.asarray(arrays[name]) for name in sorted(arrays)}
    for name, array in plain.items():
        if array.dtype.kind not in PLAIN_DTYPES:
            raise _refused(name, "type", f"{name} is of {array.dtype}")
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **plain)
    return held.getvalue()


def write_bundle(folder: Path, facts: Mapping[str, Any], arrays: Arrays) -> None:
    """Write a model to a folder.

    Parameters
    ----------
    folder
        Made if it is not there.
    facts
        Plain values, ``kind`` among them.
    arrays
        What was learned.

    Raises
    ------
    ModelRefusedError
        With the reason ``type`` for an array of anything but plain values.
    """
    held = array_bytes(arrays)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ARRAYS_FILE).write_bytes(held)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "arrays_sha256": hashlib.sha256(held).hexdigest(),
        "model": dict(facts),
    }
    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / FACTS_FILE).write_text(text + "\n", encoding="utf-8")


def read_bundle(folder: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Read a model from a folder, or refuse it.

    Parameters
    ----------
    folder
        As :func:`write_bundle` wrote it.

    Returns
    -------
    facts : dict
        Plain values.
    arrays : dict
        What was learned.

    Raises
    ------
    FileMissingError
        If a file is not there.
    ModelRefusedError
        With the reason ``damaged`` (not what was written), ``type`` (an array of
        anything but plain values) or ``kind`` (a format or kind not known here).
    """
    for name in (FACTS_FILE, ARRAYS_FILE):
        if not (folder / name).is_file():
            msg = f"There is no {name} in {folder}."
            raise FileMissingError(msg, path=str(folder / name))
    try:
        document = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        form, version = document["format"], document["version"]
        facts, said = dict(document["model"]), document["arrays_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(folder.name, "damaged", "model.json is unreadable") from error
    if (form, version) != (FORMAT, VERSION) or facts.get("kind") not in KINDS:
        found = f"{form} {version} {facts.get('kind')}"
        raise _refused(folder.name, "kind", f"it is {found}")
    held = (folder / ARRAYS_FILE).read_bytes()
    if hashlib.sha256(held).hexdigest() != said:
        raise _refused(folder.name, "damaged", "arrays.npz is not what was written")
    return facts, _arrays(held, folder.name)


def _arrays(held: bytes, name: str) -> dict[str, npt.NDArray[Any]]:
    """Read an archive of plain arrays."""
    try:
        with np.load(io.BytesIO(held), allow_pickle=False) as archive:
            found = {key: archive[key] for key in archive.files}
    except (ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise _refused(name, "type", "an array is not plain") from error
    for key, array in found.items():
        if array.dtype.kind not in PLAIN_DTYPES:
            raise _refused(name, "type", f"{key} is of {array.dtype}")
    return found


def to_table(model_id: str, arrays: Arrays) -> pd.DataFrame:
    """Lay arrays out as a table that the project keeps.

    Parameters
    ----------
    model_id
        Whose.
    arrays
        Of one dimension, numbers or text.

    Returns
    -------
    pandas.DataFrame
        As :data:`ARRAY_TABLE`.
    """
    parts = []
    for name in sorted(arrays):
        array = np.asarray(arrays[name]).reshape(-1)
        textual = array.dtype.kind == "U"
        parts.append(
            pd.DataFrame(
                {
                    "model_id": model_id,
                    "name": name,
                    "place": np.arange(len(array)),
                    "value": np.full(len(array), np.nan) if textual else array,
                    "text": array if textual else "",
                }
            )
        )
    empty = pd.DataFrame(columns=[column.name for column in ARRAY_TABLE])
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return table.astype({column.name: column.dtype for column in ARRAY_TABLE})


def from_table(table: pd.DataFrame, model_id: str) -> dict[str, npt.NDArray[Any]]:
    """Take a model's arrays out of the table.

    Parameters
    ----------
    table
        As :func:`to_table` made it, of any models.
    model_id
        Whose.

    Returns
    -------
    dict
        By name.

    Examples
    --------
    >>> kept = to_table("m", {"names": np.array(["a"]), "weights": np.ones(1)})
    >>> from_table(kept, "m")["names"].tolist()
    ['a']
    """
    found = {}
    for name, rows in table[table["model_id"] == model_id].groupby("name", sort=True):
        ordered = rows.sort_values("place")
        textual = ordered["value"].isna().all() and len(ordered) > 0
        values = ordered["text"] if textual else ordered["value"]
        found[str(name)] = values.to_numpy(dtype=str if textual else np.float64)
    return found


def _refused(model: str, reason: str, why: str) -> ModelRefusedError:
    """Say why a model is not taken."""
    msg = f"Model {model} is refused: {why}."
    return ModelRefusedError(msg, model=model, reason=reason)
