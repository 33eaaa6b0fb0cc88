"""History layers: how often incidents were recorded nearby, where a record exists."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.crs import to_storage
from riskmap.features.layer import Floats, Inputs, on_cells
from riskmap.history.coverage import Coverage, cover
from riskmap.history.ground import day_number, place_events
from riskmap.history.kernels import Kernel
from riskmap.history.records import assumed_coverage
from riskmap.schema import Column

DAYS_PER_YEAR = 365.25

# an event this old counts half; chosen on the bundled sample, docs/layers.md
HALF_LIFE_YEARS = {"life_saving": 4.0, "public_safety": 2.0}

# how far one event speaks for its surroundings; chosen likewise
BANDWIDTH_KM = 3.0

PER_100_KM2 = 100.0

MIGRANT_KINDS = ("migrant_death", "migrant_disappearance")


def _incidents(inputs: Inputs, purpose: str) -> gpd.GeoDataFrame:
    """Take the incidents of one purpose that occurred before ``as_of``."""
    events = to_storage(inputs.incidents, name="incidents")
    known = events["occurred_on"] < inputs.as_of
    return events[known & (events["purpose"] == purpose)]


def _record(inputs: Inputs, events: gpd.GeoDataFrame, purpose: str) -> Coverage:
    """Lay out what the sources of one purpose watched, said or assumed."""
    if inputs.cells.empty:
        return cover(inputs.cells, inputs.coverage.iloc[:0])
    rows = inputs.coverage[inputs.coverage["purpose"] == purpose]
    assumed = assumed_coverage(inputs.ground, events, rows)
    return cover(inputs.cells, pd.concat([rows, assumed]) if len(assumed) else rows)


def _of_watched(amounts: Floats, watched: Floats) -> Floats:
    """Divide by the share of each cell that was watched; NaN where none was."""
    missing = np.full(len(watched), np.nan)
    return np.asarray(np.divide(amounts, watched, out=missing, where=watched > 0))


def record_years(inputs: Inputs, *, name: str, purpose: str) -> pd.Series:
    """Count for how many years before ``as_of`` each cell was under record.

    Time covered by several sources counts once. How well a source records is not in
    it: a year of a thin source is a year.

    Parameters
    ----------
    inputs
        Cells, incidents, coverage and ``as_of``.
    name
        Name of the layer.
    purpose
        Purpose of the sources.

    Returns
    -------
    pandas.Series of shape (n_cells,)
        Years, of the part of the cell that was ever watched; NaN where none was.
    """
    record = _record(inputs, _incidents(inputs, purpose), purpose)
    today = day_number(inputs.as_of)
    days = np.zeros(len(inputs.cells))
    if record.first_day is not None and record.first_day < today:
        share = record.share_between(record.first_day, today)
        days = share * (today - record.first_day)
    years = _of_watched(days / DAYS_PER_YEAR, record.ever_before(today))
    return on_cells(years, inputs, name)


def rate_column(what: str, meaning: str) -> Column:
    """Describe a column of :func:`event_rate`.

    Parameters
    ----------
    what
        What is counted; the name says the rest.
    meaning
        One plain sentence.

    Returns
    -------
    Column
        Records per 100 km² and year, missing where no source covers the cell.

    Examples
    --------
    >>> rate_column("drowning_events", "Drownings recorded.").name
    'drowning_events_per_100km2_year'
    """
    return Column(
        name=f"{what}_per_100km2_year",
        dtype="float64",
        unit="1/(100 km²·yr)",
        lowest=0,
        missing=True,
        meaning=meaning,
    )


def event_rate(
    inputs: Inputs,
    *,
    name: str,
    purpose: str,
    kinds: tuple[str, ...] = (),
    causes: tuple[str, ...] = (),
) -> pd.Series:
    r"""Measure how often incidents were recorded about each cell, lately above all.

    Each incident is spread by a Gaussian of 3 km and half its own accuracy, added as
    variances; none of it beyond the land under record. It counts half for every
    half-life of age, and is divided by the years of record at its place, aged alike,
    so that a short record does not look like few incidents.

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

    Notes
    -----
    .. math:: r(c) = 100 \sum_i \frac{2^{-a_i / H}}{Y(c_i)} \frac{K_i(c)}{k_i A(c)}

    over incidents *i* of age :math:`a_i` in cell :math:`c_i`; *H* the half-life,
    *Y* the years of record aged alike, *A* the cell's area in km²,
    :math:`K_i(c)` the share of the Gaussian on the cell and :math:`k_i` its share on
    land under record.
    """
    events = _incidents(inputs, purpose)
    record, today = _record(inputs, events, purpose), day_number(inputs.as_of)
    watched = record.ever_before(today)
    half_life_days = HALF_LIFE_YEARS[purpose] * DAYS_PER_YEAR
    aged_days = record.discounted_days(today, half_life_days)
    years = _of_watched(aged_days / DAYS_PER_YEAR, watched)
    if watched.sum() == 0:
        return on_cells(np.nan, inputs, name)
    if kinds:
        events = events[events["kind"].isin(kinds)]
    if causes:
        events = events[events["cause"].isin(causes)]
    placed = place_events(inputs.ground, events, before_day=today)
    placed = placed.keep(record.holds(placed.cell, placed.day))
    kernel = Kernel(ground=inputs.ground, events=placed, bandwidth_km=BANDWIDTH_KM)
    aged = 0.5 ** ((today - placed.day) / half_life_days) / years[placed.cell]
    amounts = np.bincount(placed.site, aged, minlength=len(placed.site_cell))
    room = kernel.inside(watched)
    kept = np.divide(amounts, room, out=np.zeros(len(room)), where=amounts > 0)
    rate = kernel.spread(kept) / inputs.ground.area_km2 * PER_100_KM2
    return on_cells(np.where(watched > 0, rate, np.nan), inputs, name)
