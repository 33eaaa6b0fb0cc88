"""Records for the page: counts by cell and month, to be filtered and played there.

What the page shows under any filter is added up from these rows, so that it matches the
register; a place and year that nobody watched stays no data.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.webmap.planes import Plane
from riskmap.webmap.tables import MapTables

# columns that hold one of few words: sent as a list of words and positions in it
WORD_COLUMNS = ("kind", "source", "side", "accuracy")
NUMBER_COLUMNS = ("year", "month", "events")


def record_rows(tables: MapTables) -> dict[str, Any]:
    """Write the counts by period as columns of small numbers.

    Parameters
    ----------
    tables
        What the map is of; without ``periods`` there is nothing to filter.

    Returns
    -------
    dict
        ``cells`` (hexadecimal), ``words`` (column to its words), ``rows`` (column to
        one number a row), ``purposes`` (kind to purpose), ``spans`` (watch code,
        source, purpose, first year, last year) and ``years`` (first and last).

    Examples
    --------
    >>> from riskmap.cells import cell_index
    >>> from riskmap.webmap.tables import bare_tables
    >>> record_rows(bare_tables(cell_index([0x8748EC7B4FFFFFF])))["cells"]
    []
    """
    periods, spans = tables.periods, tables.spans
    if periods is None or spans is None or periods.empty:
        nothing: dict[str, Any] = {"cells": [], "words": {}, "rows": {}, "years": []}
        return {**nothing, "purposes": {}, "spans": []}
    cells, at = np.unique(
        periods["cell"].to_numpy(dtype=np.uint64), return_inverse=True
    )
    # areas are filtered by the same words, and by their years
    both = periods[["year", "purpose", *WORD_COLUMNS]]
    if tables.areas is not None:
        both = pd.concat([both, pd.DataFrame(tables.areas[list(both.columns)])])
    words, rows = {}, {"cell": at.tolist()}
    for name in WORD_COLUMNS:
        known, place = np.unique(both[name].to_numpy(dtype=str), return_inverse=True)
        words[name], rows[name] = known.tolist(), place[: len(periods)].tolist()
    for name in NUMBER_COLUMNS:
        rows[name] = periods[name].tolist()
    purposes = both.groupby("kind")["purpose"].first()
    return {
        "cells": [f"{cell:x}" for cell in cells.tolist()],
        "words": words,
        "rows": rows,
        "purposes": {str(kind): str(purposes[kind]) for kind in purposes.index},
        "spans": spans.to_numpy(dtype=object).tolist(),
        "years": _years(both, spans),
    }


def _years(periods: pd.DataFrame, spans: pd.DataFrame) -> list[int]:
    """Find the first and the last year to choose from: recorded or watched."""
    last = int(periods["year"].max())
    ends = spans["to_year"].clip(upper=last)
    starts = [int(periods["year"].min()), *spans["from_year"].tolist()]
    return [min(starts), max([last, *ends.tolist()])]


def commonest_plane(codes: npt.NDArray[np.int64]) -> Plane:
    """Plane of a code: a coarser cell has the commonest of its cells.

    Parameters
    ----------
    codes
        Whole numbers from 0, of shape (n_cells,).

    Returns
    -------
    Plane
        Varints; the lower code where two are equally common.

    Examples
    --------
    >>> commonest_plane(np.array([2, 1, 1])).reduce(np.array([0])).tolist()
    [1]
    """
    width = int(codes.max(initial=0)) + 1

    def reduce(starts: npt.NDArray[np.intp]) -> npt.NDArray[np.uint64]:
        group = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(codes)))
        pairs, times = np.unique(group * width + codes, return_counts=True)
        # within a group the commonest first, the lower code first among equals
        order = np.lexsort((pairs, -times, pairs // width))
        first = np.searchsorted(pairs[order] // width, np.arange(len(starts)))
        codes_found: npt.NDArray[np.uint64] = pairs[order][first] % width
        return codes_found.astype(np.uint64)

    return Plane(encoding="varint", reduce=reduce)
