"""Incidents by cell: counts of places, never points, with no data kept apart."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap import cells as cells_
from riskmap.crs import to_storage
from riskmap.exports.dictionary import EVENTS_PREFIX
from riskmap.history.accuracy import only_area
from riskmap.history.coverage import cover
from riskmap.history.ground import day_number


def count_incidents(
    cells: pd.DataFrame,
    incidents: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    *,
    as_of: str,
) -> pd.DataFrame:
    """Count the incidents of each kind in each cell.

    An incident is counted in the cell of its point, however vague that is; its own
    accuracy may be kilometres. Incidents outside the corridor are not counted, nor
    those known to a county or municipio and no better: they are areas, not points.

    Parameters
    ----------
    cells
        Cell table.
    incidents
        Event table: those that were known by ``as_of``.
    coverage
        Coverage table: where and when the sources of each purpose look.
    as_of
        Day before which a source must have looked, ``YYYY-MM-DD``.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, n_kinds + 3)
        On the cell index, whole numbers: ``events_{kind}`` for each kind that the
        table holds, ``events``, ``dead`` and ``missing``. Missing where no source of
        the kind's purpose has looked, which is not zero; the last three are missing
        where no source at all has.

    Examples
    --------
    >>> index = cells_.cell_index([0x8748EC7B4FFFFFF, 0x8748EC7B5FFFFFF])
    >>> cells = pd.DataFrame(
    ...     {"share_us": 1.0, "share_mx": 0.0, "km": [10.0, 90.0]}, index=index
    ... )
    >>> incidents = gpd.GeoDataFrame(
    ...     {"kind": ["migrant_death"], "purpose": ["life_saving"], "dead": 2},
    ...     geometry=cells_.cell_polygons(index).representative_point().iloc[:1].values,
    ...     crs="EPSG:4326",
    ... ).assign(missing=0)
    >>> coverage = pd.DataFrame(
    ...     {"source": ["iom_mmp"], "purpose": "life_saving", "side": "US"}
    ... ).assign(from_km=0.0, to_km=50.0, from_on="2014-01-01", to_on="2021-12-31")
    >>> counted = count_incidents(cells, incidents, coverage, as_of="2022-01-01")
    >>> counted["events_migrant_death"].tolist()
    [1, <NA>]
    """
    stored = to_storage(incidents, name="incidents") if len(incidents) else incidents
    places = cells_.points_to_cells(
        stored.geometry.x, stored.geometry.y, cells_.resolution_of(cells.index)
    )
    rows = cells.index.get_indexer(places)
    rows = np.where(only_area(stored), -1, rows)
    events = pd.DataFrame(
        {
            name: stored[name].to_numpy()
            for name in ("kind", "purpose", "dead", "missing")
        }
    )[rows >= 0]
    at = rows[rows >= 0]
    day = day_number(pd.Timestamp(as_of, tz="UTC"))
    looked = {
        str(purpose): cover(cells, part).ever_before(day) > 0
        for purpose, part in coverage.groupby("purpose")
    }
    nowhere = np.zeros(len(cells), dtype=bool)
    anywhere = np.any([nowhere, *looked.values()], axis=0)
    counted = pd.DataFrame(index=cells.index)
    for kind, purpose in sorted(
        set(zip(stored["kind"], stored["purpose"], strict=True))
    ):
        of_kind = (events["kind"] == kind).to_numpy()
        counts = np.bincount(at[of_kind], minlength=len(cells))
        counted[f"{EVENTS_PREFIX}{kind}"] = _known(
            counts, looked.get(str(purpose), nowhere), cells.index
        )
    ones = np.ones(len(events))
    for name, weights in (
        ("events", ones),
        ("dead", events["dead"].to_numpy()),
        ("missing", events["missing"].to_numpy()),
    ):
        counts = np.bincount(at, weights=weights, minlength=len(cells))
        counted[name] = _known(counts, anywhere, cells.index)
    return counted


def _known(
    counts: npt.NDArray[Any], looked: npt.NDArray[np.bool_], index: pd.Index
) -> pd.Series:
    """Keep a count where a source looked or something was recorded."""
    values = pd.Series(counts.astype(np.int64), index=index, dtype="Int64")
    return values.mask(~looked & (counts == 0))
