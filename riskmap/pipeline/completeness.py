"""Completeness: where and when sources report, do not report, or never looked."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.history.accuracy import only_area
from riskmap.ingest.jurisdictions import codes_at
from riskmap.pipeline.versions import current_records
from riskmap.project import Project

REPORTING, NOT_REPORTING, UNKNOWN = "reporting", "not_reporting", "unknown"

STATES = (REPORTING, NOT_REPORTING, UNKNOWN)

COMPLETENESS_COLUMNS = (
    "purpose",
    "side",
    "code",
    "name",
    "month",
    "state",
    "records",
)


def districts_on_line(
    cells: pd.DataFrame, jurisdictions: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Find the counties and municipios of the corridor and their kilometres.

    Parameters
    ----------
    cells
        Cell table: ``side``, ``km``, ``x``, ``y``.
    jurisdictions
        Areas with ``kind``, ``code`` and ``name``, EPSG:4326.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name``, ``side``, ``from_km`` and ``to_km``; a county whose cells
        lie on the line counts for the side that holds most of them.
    """
    code = codes_at(cells[["x", "y"]], jurisdictions)["district"]
    known = cells[(code != "").to_numpy()].assign(code=code[code != ""])
    known = known[known["side"].isin(["US", "MX"])]
    found = known.groupby("code").agg(
        side=("side", lambda sides: sides.mode().iloc[0]),
        from_km=("km", "min"),
        to_km=("km", "max"),
    )
    names = jurisdictions.drop_duplicates("code").set_index("code")["name"]
    told = found.assign(name=names.reindex(found.index)).reset_index()
    return told.sort_values(["side", "from_km", "code"], ignore_index=True)


def _months_of(coverage: pd.DataFrame, as_of: pd.Timestamp) -> pd.PeriodIndex:
    """List the months from the first that a source covers to the last full one."""
    first = coverage["from_on"].min().tz_localize(None).to_period("M")
    last = (as_of.tz_localize(None) - pd.Timedelta(days=1)).to_period("M")
    return pd.period_range(first, max(first, last), freq="M")


def _covered(row: Any, coverage: pd.DataFrame, months: pd.PeriodIndex) -> Any:
    """Tell in which months a source looks at all of a district's kilometres."""
    found = np.zeros(len(months), dtype=bool)
    here = coverage["side"].isin([row.side, "both"])
    here &= (coverage["from_km"] <= row.to_km) & (coverage["to_km"] >= row.from_km)
    starts, ends = months.start_time, months.end_time
    for one in coverage[here].itertuples():
        begin = one.from_on.tz_localize(None)
        end = pd.Timestamp.max if pd.isna(one.to_on) else one.to_on.tz_localize(None)
        # a month that is watched in part counts, as its records do
        found |= (ends >= begin) & (starts <= end)
    return found


def measure_completeness(
    cells: pd.DataFrame,
    jurisdictions: gpd.GeoDataFrame,
    records: gpd.GeoDataFrame,
    coverage: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Tell for each county or municipio, month and purpose whether anybody reports.

    ``reporting``: a source covers the district in that month, or has a record in
    it; then no record means that none was reported to a source that was looking.
    ``not_reporting``: none does, but some source did in another month.
    ``unknown``: no source has ever covered the district. The last two are no data,
    and never stand for no incidents.

    Parameters
    ----------
    cells
        Cell table.
    jurisdictions
        States, counties and municipios, EPSG:4326.
    records
        Event table.
    coverage
        What sources cover (:data:`riskmap.ingest.context.COVERAGE_TABLE`).
    as_of
        First day not yet known.

    Returns
    -------
    pandas.DataFrame
        :data:`COMPLETENESS_COLUMNS`, by purpose, side, kilometre and month
        (``"2020-05"``).
    """
    columns = list(COMPLETENESS_COLUMNS)
    if coverage.empty:
        return pd.DataFrame(columns=columns)
    districts = districts_on_line(cells, jurisdictions)
    place = pd.DataFrame(
        {"x": records.geometry.x, "y": records.geometry.y}, index=records.index
    )
    code = codes_at(place, jurisdictions)["district"]
    areas = only_area(records)
    if areas.any():
        # an area says itself which it is
        code = code.mask(areas, records["area"])
    held = pd.DataFrame(
        {
            "purpose": records["purpose"],
            "code": code,
            "month": records["occurred_on"].dt.tz_localize(None).dt.to_period("M"),
        }
    )
    counts = held.groupby(["purpose", "code", "month"]).size()
    parts = []
    for purpose, of_purpose in coverage.groupby("purpose", sort=True):
        months = _months_of(of_purpose, as_of)
        for row in districts.itertuples():
            keys = pd.MultiIndex.from_product([[purpose], [row.code], months])
            number = counts.reindex(keys, fill_value=0).to_numpy()
            seen = _covered(row, of_purpose, months) | (number > 0)
            silent = NOT_REPORTING if seen.any() else UNKNOWN
            told = {"purpose": purpose, "side": row.side, "code": row.code}
            told |= {"name": row.name, "month": months.astype("str")}
            state = np.where(seen, REPORTING, silent)
            parts.append(pd.DataFrame(told | {"state": state, "records": number}))
    return pd.concat(parts, ignore_index=True)[columns]


def summarise_completeness(table: pd.DataFrame) -> pd.DataFrame:
    """Count the months of each state, district by district.

    Parameters
    ----------
    table
        As :func:`measure_completeness` returns it.

    Returns
    -------
    pandas.DataFrame
        ``purpose``, ``side``, ``code``, ``name``, months ``reporting``,
        ``not_reporting`` and ``unknown``, ``records``, and ``last_month`` that is
        reported (``""`` if none), in the same order.
    """
    names = ["purpose", "side", "code", "name"]
    kept = ["reporting", "not_reporting", "unknown", "records", "last_month"]
    if table.empty:
        return pd.DataFrame(columns=names + kept)
    flags = {state: table["state"] == state for state in STATES}
    month = table["month"].where(flags[REPORTING], "")
    wide = table[[*names, "records"]].assign(**flags, last_month=month)
    rules = dict.fromkeys([*STATES, "records"], "sum") | {"last_month": "max"}
    return wide.groupby(names, sort=False).agg(rules).reset_index()[names + kept]


def read_completeness(project: Project, *, month: str | None = None) -> pd.DataFrame:
    """Tell where and when the sources of a project report.

    Parameters
    ----------
    project
        The project; it must have been run.
    month
        One month, ``2020-05``; all if not given.

    Returns
    -------
    pandas.DataFrame
        As :func:`measure_completeness`.

    Raises
    ------
    TableMissingError
        If the project has not been run.
    """
    cells = project.read("cells")
    made = project.snapshot("coverage")
    as_of = str(made.options.get("as_of", "")) if made else ""
    coverage: Any = project.read("coverage")
    jurisdictions: Any = project.read("jurisdictions")
    records = current_records(project.batches("incidents"))
    table = measure_completeness(
        cells, jurisdictions, records, coverage, as_of=pd.Timestamp(as_of, tz="UTC")
    )
    return table[table["month"] == month].reset_index(drop=True) if month else table
