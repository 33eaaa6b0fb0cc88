"""GeoJSON: points with properties (RFC 7946) → a table of text."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd

from riskmap.errors import FileTooLargeError, FileUnreadableError, WrongCRSError
from riskmap.ingest.faults import gather
from riskmap.ingest.origins import feature_origin
from riskmap.ingest.raw import Limits, RawTable

# names that older files give to longitude and latitude on WGS 84
DEGREES: Final = ("CRS84", "EPSG::4326", "EPSG:4326")

# brackets around a member of the list of features: the document and the list
LIST_DEPTH: Final = 2

TEXT: Final = re.compile(rb'"(?:[^"\\\\]|\\\\.)*"', re.DOTALL)

X, Y, ID = "geometry.x", "geometry.y", "feature.id"
"""Headings under which coordinates and a feature's own id go into the table."""


def check_depth(data: bytes, path: Path, limits: Limits) -> None:
    """Refuse brackets within brackets beyond a limit, before parsing.

    Parameters
    ----------
    data
        The file's bytes.
    path
        The file, for the error.
    limits
        ``depth`` is the limit.

    Raises
    ------
    FileTooLargeError
        If it nests deeper.

    Examples
    --------
    >>> check_depth(b'{"a": [1, "[[["]}', Path("a.json"), Limits(depth=2))
    """
    if _depth(data) > limits.depth and _depth(TEXT.sub(b"", data)) > limits.depth:
        msg = f"{path} must nest {limits.depth} levels, it nests more."
        raise FileTooLargeError(msg, path=str(path), unit="levels", limit=limits.depth)


def _depth(data: bytes) -> int:
    """Count the levels of brackets, those inside texts too."""
    codes = np.frombuffer(data, dtype="uint8")
    opened = (codes == ord("[")) | (codes == ord("{"))
    closed = (codes == ord("]")) | (codes == ord("}"))
    depth = np.cumsum(opened.astype("int8") - closed.astype("int8"), dtype="int32")
    return int(depth.max(initial=0))


def parse_features(data: bytes, path: Path) -> list[Any]:
    """Parse a FeatureCollection in degrees.

    Parameters
    ----------
    data
        The file's bytes.
    path
        The file, for errors.

    Returns
    -------
    list
        Its features, not checked one by one.

    Raises
    ------
    FileUnreadableError
        If it is no JSON, or no FeatureCollection.
    WrongCRSError
        If it says that it is not in degrees.

    Examples
    --------
    >>> parse_features(b'{"type": "FeatureCollection", "features": []}', Path("a"))
    []
    """
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        msg = f"{path} is no JSON: {error}."
        raise FileUnreadableError(msg, path=str(path), reason="not_json") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        msg = f"{path} must be a GeoJSON FeatureCollection."
        raise FileUnreadableError(msg, path=str(path), reason="not_features")
    crs = document.get("crs")
    if crs is not None and not str(crs).rstrip("'} ").endswith(DEGREES):
        msg = f"{path} must be in degrees (RFC 7946), it says it is in {crs}."
        raise WrongCRSError(msg, table=path.name, crs=str(crs))
    return features


def _as_text(value: Any) -> str:
    """Write a JSON value as a CSV would hold it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return orjson.dumps(value).decode()


def _row(feature: Any) -> tuple[dict[str, str], str]:
    """Make a row of a feature; the second value names what is wrong with it."""
    if not isinstance(feature, Mapping):
        return {}, _as_text(feature)
    properties = feature.get("properties")
    row = {}
    if isinstance(properties, Mapping):
        row = {" ".join(name.split()): _as_text(v) for name, v in properties.items()}
    row[ID] = _as_text(feature.get("id"))
    geometry = feature.get("geometry")
    if geometry is None:
        return row | {X: "", Y: ""}, ""
    kind = geometry.get("type") if isinstance(geometry, Mapping) else geometry
    place = geometry.get("coordinates") if kind == "Point" else None
    if not isinstance(place, list) or len(place) not in (2, 3):
        return row | {X: "", Y: ""}, str(kind)
    return row | {X: _as_text(place[0]), Y: _as_text(place[1])}, ""


def _feature_lines(data: bytes, features: int) -> npt.NDArray[np.int64]:
    """Find the line on which each feature begins; nothing if that is not clear."""
    codes = np.frombuffer(data, dtype="uint8")
    breaks = np.flatnonzero(codes == ord("\n"))
    if len(breaks) < features - 1:
        # too few lines for one each
        return np.zeros(0, dtype="int64")
    if b"\\" in data:
        plain = data.replace(rb"\\", b"  ").replace(rb"\"", b"  ")
        codes = np.frombuffer(plain, dtype="uint8")
    step = np.zeros(256, dtype="int8")
    step[[ord("["), ord("{")]], step[[ord("]"), ord("}")]] = 1, -1
    places = np.flatnonzero(step[codes])
    quotes = np.flatnonzero(codes == ord('"'))
    places = places[np.searchsorted(quotes, places) % 2 == 0]
    depth = np.cumsum(step[codes[places]], dtype="int64")
    opened = step[codes[places]] > 0
    for start in np.flatnonzero(opened & (depth == LIST_DEPTH))[::-1]:
        if data[: places[start]].rstrip().rstrip(b":").rstrip().endswith(b'"features"'):
            closed = np.flatnonzero(depth[start:] < LIST_DEPTH)[0] + start
            inside = np.arange(start, closed)
            inside = inside[opened[inside] & (depth[inside] == LIST_DEPTH + 1)]
            lines = np.searchsorted(breaks, places[inside]) + 1
            return np.asarray(lines, dtype="int64")
    return np.zeros(0, dtype="int64")


def read_geojson(data: bytes, path: Path, limits: Limits) -> RawTable:
    """Read a GeoJSON FeatureCollection of points.

    Its own parser reads it, not GDAL: a driver that guesses the format can be made
    to open other files.

    Parameters
    ----------
    data
        The file's bytes, unpacked.
    path
        The file, for errors.
    limits
        How large and how deep it may be.

    Returns
    -------
    RawTable
        Properties as text, coordinates under ``geometry.x`` and ``geometry.y``; a
        feature that is no point is a fault.

    Raises
    ------
    FileTooLargeError
        If it nests too deep or has too many properties.
    FileUnreadableError
        If it is no GeoJSON FeatureCollection.
    WrongCRSError
        If it says that it is not in degrees.

    Examples
    --------
    >>> point = b'{"type": "Point", "coordinates": [-110.5, 31.4]}'
    >>> feature = b'{"type": "Feature", "properties": {}, "geometry": %s}' % point
    >>> data = b'{"type": "FeatureCollection", "features": [%s]}' % feature
    >>> read_geojson(data, Path("few.geojson"), Limits()).frame["geometry.y"].tolist()
    ['31.4']
    """
    check_depth(data, path, limits)
    rows, wrong = [], []
    names: set[str] = set()
    for number, feature in enumerate(parse_features(data, path), start=1):
        row, strange = _row(feature)
        # refused before a table of that width is laid out
        names.update(row)
        if len(names) > limits.columns:
            msg = f"{path} must have {limits.columns} properties, it has more."
            raise FileTooLargeError(
                msg, path=str(path), unit="columns", limit=limits.columns
            )
        if strange:
            wrong.append((number, "geometry", "geometry_not_point", strange))
        rows.append(row)
    frame = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="row"))
    frame = frame.fillna("").astype("str").drop(index=[number for number, *_ in wrong])
    if (frame.get(ID, pd.Series(dtype="str")) == "").all():
        # no feature has an identifier: then there is no such column
        frame = frame.drop(columns=ID, errors="ignore")
    apart = pd.DataFrame(wrong, columns=["row", "column", "code", "value"])
    return RawTable(
        frame=frame,
        faults=gather([apart.assign(proposed="")]),
        rows_in=len(rows),
        encoding="utf-8",
        origin=feature_origin(_feature_lines(data, len(rows)), len(rows)),
    )
