r"""Effort: who looked where and for how long, and what a record there is worth.

A record that was *discovered* is found in proportion to the looking; one that was
*reported* comes whoever looks. If a share :math:`\rho` of records is reported, a cell
looked at :math:`e` times as much as the mean of the ground that a log covers yields
:math:`\rho + (1 - \rho) e` times the records (Ensign et al. 2018 split records so).
"""

import numpy as np
import pandas as pd

from riskmap import cells as h3_cells
from riskmap.errors import EffortFaultyError
from riskmap.history.ground import Floats
from riskmap.schema import Column, check_table

DONE, PLANNED = "done", "planned"

# the wall: patrols' logs serve the score of patrols, searches' that of danger
PURPOSES = {"patrol": "public_safety", "search": "life_saving"}

LOG_TABLE: tuple[Column, ...] = (
    Column(name="from_on", dtype="str", meaning="First day, ISO 8601."),
    Column(name="to_on", dtype="str", meaning="Last day, ISO 8601."),
    Column(name="cell", dtype="str", meaning="H3 cell looked at, hexadecimal."),
    Column(
        name="hours",
        dtype="float64",
        unit="h",
        lowest=0,
        meaning="Unit-hours spent in it; 0 says that nobody looked.",
    ),
    Column(name="kind", dtype="str", values=tuple(PURPOSES), meaning="Who looked."),
    Column(name="state", dtype="str", values=(PLANNED, DONE), meaning="Done or not."),
    Column(name="side", dtype="str", values=("US", "MX"), meaning="Whose it was."),
    Column(name="agency", dtype="str", meaning="The agency, never a person."),
    Column(
        name="marking",
        dtype="str",
        meaning="Label of TLP 2.0 and who may have it; empty for its originator alone.",
    ),
)

EFFORT_TABLE: tuple[Column, ...] = (
    Column(name="cell", dtype="uint64", meaning="Cell of the corridor."),
    Column(
        name="purpose",
        dtype="str",
        values=tuple(PURPOSES.values()),
        meaning="Side of the purpose wall that the log stands on.",
    ),
    Column(name="hours", dtype="float64", unit="h", lowest=0, meaning="Hours done."),
    Column(
        name="looked",
        dtype="float64",
        lowest=0,
        meaning="Records that it yields beside a cell looked at as the mean is.",
    ),
)

# between them lie ten times: as much as a score lets one record outweigh another
# (least_watched of the presets)
LEAST_LOOKED, MOST_LOOKED = 10**-0.5, 10**0.5

# rows that a refusal names
MOST_NAMED = 5


def read_log(frame: pd.DataFrame, resolution: int) -> pd.DataFrame:
    """Take a user's table for a log of effort; other columns are not kept.

    Parameters
    ----------
    frame
        Text or numbers: the columns of :data:`LOG_TABLE`; for ``cell`` may stand
        ``latitude`` and ``longitude`` (EPSG:4326); ``marking`` may be absent.
    resolution
        Of the cell that a point becomes.

    Returns
    -------
    pandas.DataFrame
        Just the columns of :data:`LOG_TABLE`.

    Raises
    ------
    TableContractError
        If a column is missing or holds what it must not.
    EffortFaultyError
        If a day is none, a cell is none, or all hours done are zero.

    Examples
    --------
    >>> row = {"from_on": "2021-01-01", "to_on": "2021-01-31", "latitude": "31.4",
    ...     "longitude": "-110.9", "hours": "12", "kind": "patrol", "state": "done",
    ...     "side": "US", "agency": "station"}
    >>> read_log(pd.DataFrame([row]), 7)["cell"].tolist()
    ['8748ec796ffffff']
    """
    table = frame.copy()
    if "cell" not in table and {"latitude", "longitude"} <= set(table.columns):
        y, x = (
            pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64)
            for name in ("latitude", "longitude")
        )
        table["cell"] = h3_cells.cell_hex(h3_cells.points_to_cells(x, y, resolution))
    if "marking" not in table:
        table["marking"] = ""
    kept = table[[c.name for c in LOG_TABLE if c.name in table.columns]].copy()
    for name in kept.columns:
        if name == "hours":
            kept[name] = pd.to_numeric(kept[name], errors="coerce").astype("float64")
        else:
            kept[name] = kept[name].fillna("").astype("str").str.strip().astype("str")
    check_table(kept, LOG_TABLE, name="effort")
    h3_cells.parse_cells(kept["cell"])
    _check_days(kept)
    done = kept["hours"][kept["state"] == DONE]
    if len(done) and not (done > 0).any():
        msg = f"All {len(done)} rows of effort done have 0 hours: nobody looked."
        raise EffortFaultyError(msg, reason="no_hours", rows=str(len(done)))
    return kept.reset_index(drop=True)


def _check_days(log: pd.DataFrame) -> None:
    """Refuse days that are none, and an end before its beginning."""
    first, last = (
        pd.to_datetime(log[name], format="%Y-%m-%d", errors="coerce")
        for name in ("from_on", "to_on")
    )
    wrong = first.isna() | last.isna() | (last < first)
    if wrong.any():
        rows = ", ".join(str(at + 1) for at in np.flatnonzero(wrong)[:MOST_NAMED])
        msg = (
            f"Rows {rows} of effort have a day that is none, or end before they begin."
        )
        raise EffortFaultyError(msg, reason="days", rows=rows)


def lay_effort(
    cells: pd.DataFrame, log: pd.DataFrame, *, as_of: str, reported_share: float
) -> pd.DataFrame:
    """Lay the effort that was done over the cells of the corridor.

    Hours of a larger cell are spread over its area, those of smaller ones added up.
    What is planned counts nothing, nor what had not ended before the day.

    Parameters
    ----------
    cells
        Cell table.
    log
        As :func:`read_log` returns it.
    as_of
        First day not yet known, ISO 8601.
    reported_share
        See :class:`riskmap.history.options.EffortOptions`; 0 leaves ``looked`` at 1.

    Returns
    -------
    pandas.DataFrame
        :data:`EFFORT_TABLE`: the cells that the log names, and no others. Cells that
        it does not name are unknown, not unwatched.

    Examples
    --------
    >>> table = pd.DataFrame({"area_km2": [1.0, 1.0]},
    ...     index=h3_cells.parse_cells(["8748c3ac3ffffff", "8748c3ac2ffffff"]))
    >>> log = pd.DataFrame({"from_on": "2021-01-01", "to_on": "2021-01-31",
    ...     "cell": ["8748c3ac3ffffff", "8748c3ac2ffffff"], "hours": [30.0, 10.0],
    ...     "kind": "patrol", "state": "done", "side": "US", "agency": "",
    ...     "marking": ""})
    >>> lay_effort(table, log, as_of="2022-01-01", reported_share=0.5)[
    ...     ["hours", "looked"]].values.tolist()
    [[10.0, 0.75], [30.0, 1.25]]
    """
    done = log[(log["state"] == DONE) & (log["to_on"] < as_of)]
    found = [
        _laid(cells, rows, PURPOSES[str(kind)], reported_share)
        for kind, rows in done.groupby("kind", sort=True)
    ]
    columns = [column.name for column in EFFORT_TABLE]
    table = pd.concat(found) if found else pd.DataFrame(columns=columns)
    table = table.astype({column.name: column.dtype for column in EFFORT_TABLE})
    table = table.sort_values(["cell", "purpose"], ignore_index=True)
    check_table(table, EFFORT_TABLE, name="effort_by_cell")
    return table


def _laid(
    cells: pd.DataFrame, rows: pd.DataFrame, purpose: str, reported_share: float
) -> pd.DataFrame:
    """Lay the rows of one kind over the cells."""
    index, area = cells.index.to_numpy(dtype=np.uint64), cells["area_km2"].to_numpy()
    own = h3_cells.resolution_of(index)
    named = h3_cells.parse_cells(rows["cell"])
    fineness = (named >> np.uint64(52)).astype(np.int64) & 15
    spent, hours = rows["hours"].to_numpy(), np.zeros(len(index))
    logged = np.zeros(len(index), dtype=bool)
    for resolution in np.unique(fineness).tolist():
        mine, level = fineness == resolution, min(resolution, own)
        per_cell = (
            pd.Series(spent[mine]).groupby(h3_cells.parents(named[mine], level)).sum()
        )
        above = h3_cells.parents(index, level)
        share = area / pd.Series(area).groupby(above).transform("sum").to_numpy()
        hit = pd.Series(above).map(per_cell)
        logged |= hit.notna().to_numpy()
        hours += hit.fillna(0.0).to_numpy() * share
    looked = np.ones(len(index))
    mean = hours[logged].sum() / max(area[logged].sum(), np.finfo(float).tiny)
    if reported_share > 0 and mean > 0:
        yields = reported_share + (1 - reported_share) * hours / area / mean
        looked = np.clip(yields, LEAST_LOOKED, MOST_LOOKED)
    return pd.DataFrame(
        {
            "cell": index[logged],
            "purpose": purpose,
            "hours": hours[logged],
            "looked": looked[logged],
        }
    )


def looked_at(
    index: pd.Index, effort: pd.DataFrame | None, purpose: str
) -> Floats | None:
    """Take what a record is worth in each cell, for one side of the purpose wall.

    Parameters
    ----------
    index
        Cell index.
    effort
        As :func:`lay_effort` returns it, or None.
    purpose
        Of the score: logs of the other side do not count.

    Returns
    -------
    numpy.ndarray of shape (n_cells,) or None
        1 where no log says anything; None if none corrects anything.

    Examples
    --------
    >>> looked_at(pd.Index([1, 2]), None, "life_saving") is None
    True
    """
    if effort is None:
        return None
    mine = effort.loc[effort["purpose"] == purpose].set_index("cell")["looked"]
    if (mine == 1).all():
        return None
    found: Floats = mine.reindex(index).fillna(1.0).to_numpy(dtype=np.float64)
    return found
