"""History layers: how often incidents were recorded nearby, where a record exists."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap.crs import to_storage
from riskmap.features.layer import Floats, Inputs, on_cells
from riskmap.features.smoothing import hexagon_variance_km2, spread_over_cells
from riskmap.history.coverage import Coverage, cover
from riskmap.history.ground import Placed, day_number, place_events

DAYS_PER_YEAR = 365.25

# an event this old counts half; chosen on the bundled sample, docs/layers.md
HALF_LIFE_YEARS = {"life_saving": 4.0, "public_safety": 2.0}

# how far one event speaks for its surroundings; chosen likewise
BANDWIDTH_KM = 3.0

PER_100_KM2 = 100.0

MIGRANT_KINDS = ("migrant_death", "migrant_disappearance")


def over_by(occurred_on: pd.Series, time_precision: pd.Series) -> pd.Series:
    """Tell by which moment each incident was certainly over.

    Parameters
    ----------
    occurred_on
        First day of the time it may have happened in, UTC.
    time_precision
        ``day``, ``week``, ``month`` or ``year``.

    Returns
    -------
    pandas.Series
        The next day, the day a week on, the first of the next month or year.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2020-03-07", "2020-03-07"], utc=True))
    >>> over_by(days, pd.Series(["day", "month"])).dt.strftime("%Y-%m-%d").tolist()
    ['2020-03-08', '2020-04-01']
    """
    ends = occurred_on + pd.Timedelta(days=1)
    ends = ends.mask(time_precision == "week", occurred_on + pd.Timedelta(days=7))
    month = occurred_on + pd.offsets.MonthBegin(1)
    ends = ends.mask(time_precision == "month", month)
    year = occurred_on + pd.offsets.YearBegin(1)
    return ends.mask(time_precision == "year", year)


def known_incidents(
    inputs: Inputs,
    *,
    purpose: str,
    kinds: tuple[str, ...] = (),
    causes: tuple[str, ...] = (),
) -> gpd.GeoDataFrame:
    """Take the incidents of one purpose that were certainly over before ``as_of``.

    Parameters
    ----------
    inputs
        Incidents and ``as_of``.
    purpose
        Purpose of the incidents.
    kinds, causes
        Kinds and causes to take; empty takes all.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows of the event table, EPSG:4326.
    """
    events = to_storage(inputs.incidents, name="incidents")
    taken = events["purpose"] == purpose
    taken &= over_by(events["occurred_on"], events["time_precision"]) <= inputs.as_of
    if kinds:
        taken &= events["kind"].isin(kinds)
    if causes:
        taken &= events["cause"].isin(causes)
    return events[taken]


def _record(inputs: Inputs, purpose: str) -> Coverage:
    """Lay out what the sources of one purpose watched."""
    rows = inputs.coverage[inputs.coverage["purpose"] == purpose]
    return cover(inputs.cells, rows)


def record_years(inputs: Inputs, *, name: str, purpose: str) -> pd.Series:
    """Count for how many years before ``as_of`` each cell was under record.

    Time covered by several sources counts once. How well a source records is not in
    it: a year of a thin source is a year.

    Parameters
    ----------
    inputs
        Cells, coverage and ``as_of``.
    name
        Name of the layer.
    purpose
        Purpose of the sources.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Years, of the part of the cell that was ever watched; NaN where none was.
    """
    record, today = _record(inputs, purpose), day_number(inputs.as_of)
    watched = record.ever_before(today)
    days = np.zeros(len(inputs.cells))
    if record.first_day is not None and record.first_day < today:
        length = today - record.first_day
        days = length * record.share_between(record.first_day, today)
    return on_cells(_where(watched, days / DAYS_PER_YEAR), inputs, name)


def _where(watched: Floats, amounts: Floats) -> Floats:
    """Divide by the share of each cell that was watched; NaN where none was."""
    missing = np.full(len(watched), np.nan)
    return np.asarray(np.divide(amounts, watched, out=missing, where=watched > 0))


def _watched_on(record: Coverage, placed: Placed) -> npt.NDArray[np.bool_]:
    """Tell which events fall on a day on which their cell was watched."""
    found = np.zeros(len(placed), dtype=bool)
    for watch in record.watches:
        group = np.where(watch.share > 0, watch.group, -1)[placed.cell]
        for code in np.unique(group[group >= 0]):
            for first, end in watch.spans[code]:
                found |= (group == code) & (placed.day >= first) & (placed.day < end)
    return found


def event_rate(
    inputs: Inputs,
    *,
    name: str,
    purpose: str,
    kinds: tuple[str, ...] = (),
    causes: tuple[str, ...] = (),
) -> pd.Series:
    """Measure how often incidents were recorded about each cell, lately above all.

    Each incident is spread by a Gaussian: 3 km, half its accuracy and the size of a
    cell, added as variances; none of it beyond the land under record. It counts
    half for every half-life of age, and is divided by the years of record at its
    place, aged alike, so that a short record does not look like few incidents.

    It counts incidents, not people; and records, not what happened: a place without
    searchers or reporters has few.

    Parameters
    ----------
    inputs
        Cells, incidents, coverage, the metric CRS and ``as_of``.
    name
        Name of the layer.
    purpose
        Purpose of incidents and sources.
    kinds, causes
        Kinds and causes to count; empty counts all.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Incidents per 100 km² and year; NaN where no source covers the cell.
    """
    record, today = _record(inputs, purpose), day_number(inputs.as_of)
    watched = record.ever_before(today)
    half_life_days = HALF_LIFE_YEARS[purpose] * DAYS_PER_YEAR
    years = _where(
        watched, record.discounted_days(today, half_life_days) / DAYS_PER_YEAR
    )
    events = known_incidents(inputs, purpose=purpose, kinds=kinds, causes=causes)
    placed = place_events(inputs.ground, events)
    watching = _watched_on(record, placed)
    weights = 0.5 ** ((today - placed.day) / half_life_days) * watching
    amounts = np.bincount(placed.site, weights, minlength=len(placed.site_cell))
    used = amounts > 0
    area_km2 = inputs.cells["area_km2"].to_numpy()
    sigma_km = np.sqrt(
        BANDWIDTH_KM**2
        + placed.site_spread_km[used] ** 2
        + hexagon_variance_km2(inputs.cells["area_km2"])
    )
    density = spread_over_cells(
        placed.site_xy_km[used],
        amounts[used] / years[placed.site_cell[used]],
        sigma_km,
        inputs.ground.xy_km,
        area_km2 * watched,
    )
    rate = np.where(watched > 0, density * PER_100_KM2, np.nan)
    return on_cells(rate, inputs, name)
