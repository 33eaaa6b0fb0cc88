"""Coding: records as arrays of numbers, which are what is compared."""

from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap import cells
from riskmap.crs import geocentric

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

OPEN_CAUSES: Final = ("", "undetermined")

OPEN: Final = -1

# a cell of about ten metres: records at one point share it
FINEST: Final = 12

_LONGEST_DAYS: Final = {"day": 1, "week": 7, "month": 31, "year": 366}

_MICROSECONDS_PER_DAY: Final = 86_400_000_000


@dataclass(frozen=True, kw_only=True)
class Coded:
    """Records as arrays, each of shape (n_records,).

    Parameters
    ----------
    xyz
        Geocentric metres, of shape (n_records, 3).
    cell
        H3 cell of the place at :data:`FINEST`.
    accuracy_m
        One standard deviation on each axis.
    first, last
        First and last day on which it can have been, days since 1970.
    kind, audience
        Codes as numbers.
    cause
        Code as a number; :data:`OPEN` where it is not known.
    harmed
        Dead and missing; 0 where no number is said.
    """

    xyz: Floats
    cell: npt.NDArray[np.uint64]
    accuracy_m: Floats
    first: Whole
    last: Whole
    kind: Whole
    audience: Whole
    cause: Whole
    harmed: Whole

    def __len__(self) -> int:
        """Count the records."""
        return len(self.first)

    def take(self, rows: npt.NDArray[Any]) -> Self:
        """Choose records by number or mask."""
        chosen = {field.name: getattr(self, field.name)[rows] for field in fields(self)}
        return type(self)(**chosen)


def code_records(records: pd.DataFrame) -> Coded:
    """Turn records into arrays of numbers.

    Parameters
    ----------
    records
        Event table, EPSG:4326; ``x`` and ``y`` may stand for its geometry.

    Returns
    -------
    Coded
        In the same order. An identifier is not among it: nothing compares one.
    """
    microseconds = records["occurred_on"].astype("int64").to_numpy()
    first = microseconds // _MICROSECONDS_PER_DAY
    longest = records["time_precision"].map(_LONGEST_DAYS).to_numpy(dtype=np.int64)
    cause = pd.Series(records["cause"].to_numpy())
    causes = np.asarray(pd.factorize(cause, sort=True)[0], dtype=np.int64)
    harmed = records["dead"].to_numpy() + records["missing"].to_numpy()
    places = records if "x" in records else records["geometry"].array
    x, y = np.asarray(places.x), np.asarray(places.y)
    return Coded(
        xyz=geocentric(x, y),
        cell=cells.points_to_cells(x, y, FINEST),
        accuracy_m=records["accuracy_m"].to_numpy(dtype=np.float64),
        first=first,
        last=first + longest - 1,
        kind=_numbers(records["kind"]),
        audience=_numbers(records["audience"]),
        cause=np.where(cause.isin(OPEN_CAUSES).to_numpy(), OPEN, causes),
        harmed=harmed.astype(np.int64),
    )


def _numbers(words: pd.Series) -> Whole:
    """Give words numbers in the order of the alphabet."""
    return np.asarray(pd.factorize(words, sort=True)[0], dtype=np.int64)
