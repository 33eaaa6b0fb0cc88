"""Points: to the centre of their cell, or moved by a secret that never changes."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd
import pyproj

from riskmap import cells as cells_

BYTES_OF_NUMBER: Final = 8

LARGEST: Final = 2.0**64

FULL_TURN_DEG: Final = 360.0

ELLIPSOID: Final = "WGS84"


def to_cell_centres(
    x: Iterable[float], y: Iterable[float], resolution: int
) -> pd.DataFrame:
    """Move points to the centre of their cell.

    Parameters
    ----------
    x, y
        Degrees, EPSG:4326, of shape (n_points,).
    resolution
        H3 resolution.

    Returns
    -------
    pandas.DataFrame of shape (n_points, 2)
        ``x`` and ``y`` in degrees: equal for all points of a cell.

    Examples
    --------
    >>> to_cell_centres([-110.94, -110.941], [31.33, 31.331], 5).nunique().tolist()
    [1, 1]
    """
    placed = cells_.points_to_cells(np.asarray(x), np.asarray(y), resolution)
    index, which = np.unique(placed, return_inverse=True)
    centres = cells_.cell_centres(cells_.cell_index(index))
    return centres.iloc[which].reset_index(drop=True)[["x", "y"]]


def jittered(
    records: pd.DataFrame, *, audience: str, secret: bytes, radius_m: float
) -> pd.DataFrame:
    """Move points within a radius, each record always alike for the same audience.

    The move is drawn from the HMAC of record and audience: asking again gives the
    same point, so that repeats do not average out. Two audiences that pool their
    points have two draws: points leave moved for named readers only.

    Parameters
    ----------
    records
        ``x``, ``y`` in degrees, on an index of record names.
    audience
        For whom.
    secret
        Known to the holder of the records only.
    radius_m
        Farthest move, metres on the ellipsoid; uniform over the disc.

    Returns
    -------
    pandas.DataFrame
        ``x`` and ``y`` on the same index.

    Examples
    --------
    >>> point = pd.DataFrame({"x": [-110.0], "y": [31.0]}, index=["r1"])
    >>> asked = {"audience": "MX", "secret": b"s", "radius_m": 5000.0}
    >>> jittered(point, **asked).equals(jittered(point, **asked))
    True
    """
    drawn = np.array([_draw(secret, str(name), audience) for name in records.index])
    drawn = drawn.reshape(-1, 2)
    x, y, _ = pyproj.Geod(ellps=ELLIPSOID).fwd(
        records["x"].to_numpy(),
        records["y"].to_numpy(),
        drawn[:, 0] * FULL_TURN_DEG,
        np.sqrt(drawn[:, 1]) * radius_m,
    )
    return pd.DataFrame({"x": x, "y": y}, index=records.index)


def _draw(secret: bytes, record: str, audience: str) -> tuple[float, float]:
    """Draw two numbers from 0 to 1 from a record and an audience."""
    told = f"{len(record)}:{record}{audience}".encode()
    digest = hmac.new(secret, told, hashlib.sha256).digest()
    one, two = digest[:BYTES_OF_NUMBER], digest[BYTES_OF_NUMBER : 2 * BYTES_OF_NUMBER]
    return int.from_bytes(one) / LARGEST, int.from_bytes(two) / LARGEST
