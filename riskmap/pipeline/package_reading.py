"""Package reading: the tables of a package, checked before anything is made of them."""

import io
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from riskmap.errors import FolderUnwritableError, PackageRefusedError
from riskmap.exports.files import write_bytes
from riskmap.pipeline.packages import DISPUTES
from riskmap.sharing import signing
from riskmap.sharing.difference import DIFFERENCE_COLUMNS
from riskmap.sharing.markings import Marking
from riskmap.sharing.package import OpenedPackage, open_package

MOST_ROWS: Final = 999_999

KEYS: Final = {"scores": "cell", "incidents": "event_id", "landmarks": "landmark_id"}

PLACE_DECIMALS: Final = 5

# private keys are read by their owner only
OWNER_ONLY: Final = 0o600


def verify_package(
    source: Path | bytes, *, keys: Collection[Path] = ()
) -> OpenedPackage:
    """Check every byte of a package, its tables too; needs no project.

    Parameters
    ----------
    source
        The zip.
    keys
        Files of public keys: if there are any, one of them must have signed it.

    Returns
    -------
    OpenedPackage
        The package.

    Raises
    ------
    FileMissingError
        If there is no such file.
    PackageRefusedError
        If it is not to be trusted.
    """
    opened = open_package(source, keys=[signing.read_key(key) for key in keys])
    for name in opened.files:
        if name.endswith(".parquet"):
            _check_rows(opened, name)
    for name, about in opened.manifest["tables"].items():
        if f"{name}.parquet" not in opened.files:
            refuse("files", f"{name}.parquet")
        Marking.read(str(about.get("marking", "")), originator="-")
    return opened


def their_table(opened: OpenedPackage, name: str) -> pd.DataFrame | None:
    """Read one of their tables on its names.

    Parameters
    ----------
    opened
        The package.
    name
        One of :data:`KEYS`.

    Returns
    -------
    pandas.DataFrame or None
        None if it is not in the package.

    Raises
    ------
    PackageRefusedError
        If it cannot be read.
    """
    file = f"{name}.parquet"
    if file not in opened.files:
        return None
    try:
        table = pq.read_table(io.BytesIO(opened.files[file])).to_pandas()
        table = table.set_index(table[KEYS[name]].astype("str"))
        if not table.index.is_unique:
            refuse("table", name)
        return with_places(table, shapely.from_wkb(table["geometry"].to_numpy()))
    except (pa.ArrowException, KeyError, shapely.errors.ShapelyError):
        refuse("table", name)


def with_places(table: pd.DataFrame, shapes: Any) -> pd.DataFrame:
    """Write where a record is, as text that equal places share.

    Parameters
    ----------
    table
        Records.
    shapes
        Their geometries, in degrees; other than points change nothing, and what has
        none is at no place.

    Returns
    -------
    pandas.DataFrame
        With ``place``.
    """
    nowhere = shapely.is_missing(shapes)
    if not ((shapely.get_type_id(shapes) == 0) | nowhere).all() or nowhere.all():
        return table
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    pairs = np.round(np.column_stack([x, y]), PLACE_DECIMALS).tolist()
    texts = [
        "" if lost else f"{lon} {lat}"
        for (lon, lat), lost in zip(pairs, nowhere, strict=True)
    ]
    return table.assign(place=pd.array(texts, dtype="str"))


def their_disputes(opened: OpenedPackage) -> pd.DataFrame:
    """List what the other side disputes.

    Parameters
    ----------
    opened
        The package.

    Returns
    -------
    pandas.DataFrame
        As differences, of the field ``dispute``.

    Raises
    ------
    PackageRefusedError
        If the list cannot be read.
    """
    rows = []
    if DISPUTES in opened.files:
        try:
            said = json.loads(opened.files[DISPUTES])["disputes"]
            rows = [_dispute(one) for one in said]
        except (ValueError, KeyError, TypeError):
            refuse("table", DISPUTES)
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS)).astype("str")


def _dispute(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return str(one["item"]), "dispute", "", str(one["reason"])


def _check_rows(opened: OpenedPackage, name: str) -> None:
    """Refuse a table that cannot be read, or is larger than any border."""
    try:
        rows = pq.ParquetFile(io.BytesIO(opened.files[name])).metadata.num_rows
    except (pa.ArrowException, OSError, ValueError):
        rows = None
    if rows is None or rows > MOST_ROWS:
        refuse("table", name)


def refuse(reason: str, what: str) -> NoReturn:
    """Refuse a package.

    Parameters
    ----------
    reason
        A code.
    what
        Name of what is wrong.

    Raises
    ------
    PackageRefusedError
        Always.
    """
    msg = f"The package is refused: {reason} ({what})."
    raise PackageRefusedError(msg, reason=reason, what=what)


def write_signing_key(path: Path) -> tuple[Path, Path, str]:
    """Draw a key that signs packages, and write it.

    Parameters
    ----------
    path
        File of the private key; nothing may be there yet.

    Returns
    -------
    pathlib.Path
        The private key, read by its owner only.
    pathlib.Path
        The public key, beside it.
    str
        Name of the key.

    Raises
    ------
    PackageRefusedError
        If a file is there already: a key that is written over is lost.
    FolderUnwritableError
        If it cannot be written.
    """
    public = path.with_name(f"{path.name}.pub")
    for place in (path, public):
        if place.exists():
            refuse("exists", place.name)
    private_pem, public_pem = signing.new_key()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=OWNER_ONLY, exist_ok=False)
        path.write_bytes(private_pem)
    except OSError as error:
        msg = f"Cannot write {path}: {error.strerror}."
        raise FolderUnwritableError(msg, path=str(path)) from error
    write_bytes(public, [public_pem])
    return path, public, signing.key_name(public_pem)
