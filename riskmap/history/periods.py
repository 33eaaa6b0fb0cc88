"""Periods: records counted by cell and month, and who watched each cell in which year.

A face filters and plays these in the page, so that a count on the screen is always one
of the register's, and a year that nobody watched is never an empty one.
"""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap import cells as h3_cells
from riskmap.crs import to_storage
from riskmap.history.accuracy import accuracy_class, only_area
from riskmap.history.coverage import SIDES
from riskmap.schema import Column, empty_table

# a record known only to its year has no month
NO_MONTH = 0
COARSE = ("year",)

# a source still at work
OPEN_YEAR = 9999

PERIOD_TABLE: tuple[Column, ...] = (
    Column(name="cell", dtype="uint64", meaning="H3 cell"),
    Column(name="year", dtype="int64", meaning="year in which it occurred"),
    Column(name="month", dtype="int64", meaning="1 to 12; 0 if known to the year"),
    Column(name="kind", dtype="str", meaning="kind of incident"),
    Column(name="purpose", dtype="str", meaning="why it is recorded"),
    Column(name="source", dtype="str", meaning="who recorded it"),
    Column(name="side", dtype="str", meaning="US, MX or both: of the cell"),
    Column(name="accuracy", dtype="str", meaning="how well it is placed"),
    Column(name="events", dtype="int64", meaning="incidents"),
    Column(name="dead", dtype="int64", meaning="people who died"),
)

SPAN_TABLE: tuple[Column, ...] = (
    Column(name="watch", dtype="int64", meaning="code of a set of coverage rows"),
    Column(name="source", dtype="str", meaning="who looks"),
    Column(name="purpose", dtype="str", meaning="for what"),
    Column(name="from_year", dtype="int64", meaning="first year watched"),
    Column(name="to_year", dtype="int64", meaning="last year watched"),
)


def count_periods(cells: pd.DataFrame, incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Count records by cell, month, kind, source and accuracy.

    A record is counted in the cell of its point, however vague that is: its class of
    accuracy says how vague. Records outside the cells are not counted, nor those that
    are known to a county or municipio and no better: they are areas.

    Parameters
    ----------
    cells
        Cell table with ``side``.
    incidents
        Event table (EPSG:4326): those that were known.

    Returns
    -------
    pandas.DataFrame
        :data:`PERIOD_TABLE`, sorted; events add up to the incidents in the cells.

    Examples
    --------
    >>> index = h3_cells.cell_index([0x8748EC7B4FFFFFF])
    >>> place = h3_cells.cell_centres(index).iloc[0]
    >>> records = gpd.GeoDataFrame(
    ...     {"occurred_on": pd.to_datetime(["2019-06-01"], utc=True), "dead": [2],
    ...      "time_precision": ["day"], "accuracy_m": [50.0], "kind": ["migrant_death"],
    ...      "purpose": ["life_saving"], "source": ["iom_mmp"]},
    ...     geometry=gpd.points_from_xy([place.x], [place.y]), crs="EPSG:4326")
    >>> counted = count_periods(pd.DataFrame({"side": ["US"]}, index), records)
    >>> counted[["year", "month", "accuracy", "events", "dead"]].values.tolist()
    [[2019, 6, 'foot', 1, 2]]
    """
    incidents = incidents[~only_area(incidents)]
    if incidents.empty or cells.empty:
        return empty_table(PERIOD_TABLE, index="number").reset_index(drop=True)
    stored = to_storage(incidents, name="incidents")
    stored = stored.loc[~stored.index.duplicated()]
    at = cells.index.get_indexer(
        h3_cells.points_to_cells(
            stored.geometry.x, stored.geometry.y, h3_cells.resolution_of(cells.index)
        )
    )
    inside = stored[at >= 0]
    day = inside["occurred_on"].dt
    coarse = inside["time_precision"].isin(COARSE)
    rows = pd.DataFrame(
        {
            "cell": cells.index.to_numpy()[at[at >= 0]],
            "year": day.year.to_numpy(dtype=np.int64),
            "month": day.month.where(~coarse, NO_MONTH).to_numpy(dtype=np.int64),
            "kind": inside["kind"].to_numpy(),
            "purpose": inside["purpose"].to_numpy(),
            "source": inside["source"].to_numpy(),
            "side": cells["side"].to_numpy()[at[at >= 0]],
            "accuracy": accuracy_class(inside["accuracy_m"]).to_numpy(),
            "events": 1,
            "dead": inside["dead"].to_numpy(dtype=np.int64),
        }
    )
    names = [column.name for column in PERIOD_TABLE[:-2]]
    counted = rows.groupby(names, sort=True, as_index=False)[["events", "dead"]].sum()
    return counted.astype({column.name: column.dtype for column in PERIOD_TABLE})


def watch_cells(
    cells: pd.DataFrame, coverage: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame]:
    """Give each cell a code for who watched it, and list the years behind each code.

    A year of which a source watched any day counts as watched by it.

    Parameters
    ----------
    cells
        Cell table with ``share_us``, ``share_mx`` and ``km``.
    coverage
        Coverage table, of every purpose.

    Returns
    -------
    pandas.Series
        ``watch`` on the cell index, int64; 0 for cells that nobody watches.
    pandas.DataFrame
        :data:`SPAN_TABLE`: the years of each source behind each code.

    Examples
    --------
    >>> cells = pd.DataFrame({"share_us": [1.0, 0.0], "share_mx": [0.0, 1.0]})
    >>> rows = pd.DataFrame({"source": ["iom_mmp"], "purpose": ["life_saving"],
    ...     "side": ["US"], "from_km": [0.0], "to_km": [50.0],
    ...     "from_on": ["2014-01-01"], "to_on": ["2021-12-31"]})
    >>> watch, spans = watch_cells(cells.assign(km=10.0), rows)
    >>> watch.tolist(), spans[["from_year", "to_year"]].values.tolist()
    ([1, 0], [[2014, 2021]])
    """
    km = cells["km"].to_numpy(dtype=np.float64)
    share = {
        "US": cells["share_us"].to_numpy(dtype=np.float64) > 0,
        "MX": cells["share_mx"].to_numpy(dtype=np.float64) > 0,
    }
    nobody = np.zeros(len(cells), dtype=bool)
    reached = []
    codes = np.zeros(len(cells), dtype=np.int64)
    for row in coverage.itertuples():
        sides = [share[side] for side in SIDES.get(str(row.side), ())]
        near = (km >= float(row.from_km)) & (km <= float(row.to_km))
        reached.append(np.any([nobody, *sides], axis=0) & near)
        # numbered anew at each row, so that many rows overflow nothing
        codes, _ = pd.factorize(2 * codes + reached[-1])
    codes = np.where(np.any([nobody, *reached], axis=0), codes + 1, 0)
    found, first, place = np.unique(codes, return_index=True, return_inverse=True)
    watch = pd.Series(place.astype(np.int64), cells.index, name="watch")
    if found.size and found[0] != 0:
        watch += 1
    spans = [
        (int(watch.iloc[cell]), *_years(coverage.iloc[place]))
        for cell in first.tolist()
        for place, reach in enumerate(reached)
        if reach[cell]
    ]
    table = pd.DataFrame(spans, columns=[column.name for column in SPAN_TABLE])
    table = table.astype({column.name: column.dtype for column in SPAN_TABLE})
    order = ["watch", "purpose", "source", "from_year"]
    return watch, table.sort_values(order, kind="stable", ignore_index=True)


def _years(row: pd.Series) -> tuple[str, str, int, int]:
    """Read the source, the purpose and the years of one coverage row."""
    last = pd.Timestamp(row["to_on"])
    to_year = OPEN_YEAR if pd.isna(last) else last.year
    from_year = pd.Timestamp(row["from_on"]).year
    return str(row["source"]), str(row["purpose"]), from_year, to_year
