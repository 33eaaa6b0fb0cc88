"""Extension: what newer deliveries of a listed source say of where it looks."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap import cells as cells_
from riskmap.crs import to_storage
from riskmap.history.accuracy import only_area

# fewer records than this in a stretch and year may be strays of a neighbour's file;
# judgement: the sample has four in the whole gap of eight years
FEWEST_A_YEAR = 5

LATER = "to_on moved to the end of the month of the source's last record"
STRETCH = "assumed from its records in this stretch and year"

Interval = tuple[float, float]


def extend_coverage(
    cells: pd.DataFrame,
    incidents: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    *,
    as_of: pd.Timestamp | str,
) -> pd.DataFrame:
    """Stretch a coverage table over what its own sources have delivered since.

    Publishers deliver whole months: a source whose last record is later than its
    coverage looked to the end of that month, wherever it had looked until its end.
    And a stretch that it did not cover counts as covered in each later or earlier
    year in which it recorded at least five events there. Both are assumptions, say so
    in ``note``, and are better replaced by what the publisher states. Sources that
    the table does not list are left to :func:`riskmap.history.records.keep_records`.

    Parameters
    ----------
    cells
        Cell table.
    incidents
        Event table (EPSG:4326).
    coverage
        Coverage table, days as UTC timestamps.
    as_of
        Records on this day or later are not known.

    Returns
    -------
    pandas.DataFrame
        The same columns; the given rows in their order, then the assumed ones.

    Examples
    --------
    >>> index = cells_.cell_index([0x8748EC7B4FFFFFF])
    >>> here = cells_.cell_centres(index).iloc[0]
    >>> place = {"share_us": 1.0, "share_mx": 0.0, "km": 90.0}
    >>> cells = pd.DataFrame(place, index=index)
    >>> incidents = gpd.GeoDataFrame(
    ...     {"source": ["a"], "occurred_on": pd.to_datetime(["2022-03-09"], utc=True)},
    ...     geometry=gpd.points_from_xy([here.x], [here.y]),
    ...     crs="EPSG:4326",
    ... )
    >>> day = pd.to_datetime(["2021-12-31"], utc=True)
    >>> coverage = pd.DataFrame(
    ...     {"source": ["a"], "purpose": "neutral", "side": "US", "from_km": 0.0,
    ...      "to_km": 100.0, "from_on": day - pd.Timedelta(days=364), "to_on": day,
    ...      "note": ""}
    ... )
    >>> extended = extend_coverage(cells, incidents, coverage, as_of="2023-01-01")
    >>> extended["to_on"].dt.date.astype(str).tolist()
    ['2022-03-31']
    """
    if incidents.empty or coverage.empty:
        return coverage
    known = incidents[incidents["occurred_on"] < _day(as_of)]
    events = _on_the_line(cells, known)
    if events.empty:
        return coverage
    longer = _later(coverage, events)
    assumed = [
        row
        for source in sorted(set(coverage["source"]))
        for row in _stretches(
            longer[longer["source"] == source], events[events["source"] == source]
        )
    ]
    if not assumed:
        return longer
    extra = pd.DataFrame(assumed)[list(coverage.columns)]
    return pd.concat([longer, extra.astype(coverage.dtypes)], ignore_index=True)


def _day(when: pd.Timestamp | str) -> pd.Timestamp:
    """Read a day as a UTC timestamp."""
    day = pd.Timestamp(when)
    return day if day.tz else day.tz_localize("UTC")


def _on_the_line(cells: pd.DataFrame, incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell source, day, side and kilometre of each event inside the cells."""
    # where in its area a record lies nobody knows, so it shows no kilometre watched
    stored = to_storage(incidents[~only_area(incidents)], name="incidents")
    place = cells_.points_to_cells(
        stored.geometry.x, stored.geometry.y, cells_.resolution_of(cells.index)
    )
    rows = cells.index.get_indexer(place)
    inside = rows >= 0
    here = cells.iloc[rows[inside]]
    us, mx = here["share_us"].to_numpy(), here["share_mx"].to_numpy()
    # a cell that the line crosses says of neither side that anybody looks there
    side = np.where(us == 1, "US", np.where(mx == 1, "MX", ""))
    return pd.DataFrame(
        {
            "source": stored["source"].to_numpy()[inside],
            "day": stored["occurred_on"].array[inside],
            "side": side,
            "km": here["km"].to_numpy(),
        }
    )


def _later(coverage: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Move the end of each source's coverage to the month of its last record."""
    last = events.groupby("source")["day"].max()
    month = last.dt.tz_localize(None) + pd.offsets.MonthEnd(0)
    ends = month.dt.normalize().dt.tz_localize("UTC").dt.as_unit("us")
    reached = ends.reindex(coverage["source"]).set_axis(coverage.index)
    # only what lasted until the source's own end goes on
    own_end = coverage.groupby("source")["to_on"].transform("max")
    moves = (reached > own_end) & (coverage["to_on"] == own_end)
    note = coverage["note"].where(~moves, coverage["note"] + "; " + LATER)
    return coverage.assign(
        to_on=coverage["to_on"].where(~moves, reached),
        note=note.str.removeprefix("; ").astype("str"),
    )


def _stretches(coverage: pd.DataFrame, events: pd.DataFrame) -> list[dict[str, object]]:
    """Find uncovered stretches and years in which a source recorded events."""
    found: list[dict[str, object]] = []
    last = events["day"].max()
    for side in ("US", "MX"):
        mine = events[events["side"] == side]
        rows = coverage[coverage["side"].isin((side, "both"))]
        for low, high in _gaps(rows, coverage):
            there = mine[(mine["km"] > low) & (mine["km"] < high)]
            years = there["day"].dt.year.value_counts()
            for year in sorted(years.index[years >= FEWEST_A_YEAR]):
                end = min(_day(f"{year}-12-31"), _month_end(last))
                found.append(
                    {
                        "source": coverage["source"].iloc[0],
                        "purpose": coverage["purpose"].iloc[0],
                        "side": side,
                        "from_km": low,
                        "to_km": high,
                        "from_on": _day(f"{year}-01-01"),
                        "to_on": end,
                        "note": STRETCH,
                    }
                )
    return found


def _month_end(day: pd.Timestamp) -> pd.Timestamp:
    """Find the last day of a day's month."""
    return (day + pd.offsets.MonthEnd(0)).normalize()


def _gaps(rows: pd.DataFrame, coverage: pd.DataFrame) -> list[Interval]:
    """List the stretches that a side's rows leave open, to the ends of all rows."""
    low, high = float(coverage["from_km"].min()), float(coverage["to_km"].max())
    gaps, reached = [], low
    for row in rows.sort_values("from_km").itertuples():
        if row.from_km > reached:
            gaps.append((reached, float(row.from_km)))
        reached = max(reached, float(row.to_km))
    return gaps if reached >= high else [*gaps, (reached, high)]
