"""Rank changes: what differs between two maps of one score, by how much, and why."""

import numpy as np
import pandas as pd

from riskmap.errors import TableContractError
from riskmap.history.ground import Floats
from riskmap.schema import Column, check_table
from riskmap.scoring.expectation import PARTS

# a change is told apart from none only if each figure lies outside the other's interval
BEYOND, WITHIN, SAME, UNTOLD, NO_DATA = "beyond", "within", "same", "untold", "no_data"

# relative difference up to which two figures are the same: as ranks are made
SAMENESS = 1e-9

CHANGE_TABLE: tuple[Column, ...] = (
    Column(name="before", dtype="float64", missing=True),
    Column(name="before_low", dtype="float64", missing=True),
    Column(name="before_high", dtype="float64", missing=True),
    Column(name="after", dtype="float64", missing=True),
    Column(name="after_low", dtype="float64", missing=True),
    Column(name="after_high", dtype="float64", missing=True),
    Column(name="change", dtype="float64", missing=True, meaning="after - before"),
    Column(name="rank_before", dtype="Int64", lowest=1, missing=True),
    Column(name="rank_after", dtype="Int64", lowest=1, missing=True),
    Column(name="rank_change", dtype="Int64", missing=True, meaning="places gained"),
    Column(name="part", dtype="str", values=("", *PARTS), meaning="what changed most"),
    Column(name="part_change", dtype="float64", missing=True),
    Column(name="doubt", dtype="str", values=(BEYOND, WITHIN, SAME, UNTOLD, NO_DATA)),
)


def compare_scores(
    before: pd.DataFrame,
    after: pd.DataFrame,
    reasons: tuple[pd.DataFrame, pd.DataFrame],
    *,
    score: str,
) -> pd.DataFrame:
    """Compare two maps of one score, cell by cell.

    It does not say which of the two is right. The two share most of their records, so
    that their errors go together: a change *beyond* the doubt is rather seldom said
    than too often.

    Parameters
    ----------
    before, after
        Scores of :func:`riskmap.scoring.score_cells` on the same cells.
    reasons
        Reasons of the two.
    score
        Name of the score.

    Returns
    -------
    pandas.DataFrame
        :data:`CHANGE_TABLE` on the cell index. ``rank_change`` is above 0 for a cell
        that is ranked higher after; ``part`` is the part of the score whose change is
        the largest; ``doubt`` is ``within`` where either figure lies in the other's
        90 % interval, ``no_data`` where one of the two knows nothing.

    Raises
    ------
    TableContractError
        If the two are of different cells.

    Examples
    --------
    >>> index = pd.Index([7], dtype="uint64", name="cell")
    >>> one = pd.DataFrame({"s": [1.0], "s_low": [0.5], "s_high": [2.0]}, index=index)
    >>> one["s_rank"] = pd.array([1], dtype="Int64")
    >>> parts = pd.DataFrame({"cell": [7], "part": ["place"], "value": [1.0]})
    >>> other, more = one.assign(s=1.5), parts.assign(value=1.5)
    >>> found = compare_scores(one, other, (parts, more), score="s").iloc[0]
    >>> float(found["change"]), found["part"], found["doubt"]
    (0.5, 'place', 'within')
    """
    _check_cells(before, after, score)
    columns = {}
    for name, table in (("before", before), ("after", after)):
        for end in ("", "_low", "_high"):
            columns[f"{name}{end}"] = table[f"{score}{end}"].astype("float64")
    ranks = tuple(table[f"{score}_rank"] for table in (before, after))
    found = _changed(pd.DataFrame(columns, index=before.index), *ranks)
    part, size = _parts_changed(before.index, *reasons)
    moved = (found["doubt"] != SAME) & found["change"].notna()
    found["part"] = pd.array(np.where(moved, part, ""), dtype="str")
    found["part_change"] = np.where(moved, size, np.nan)
    return _checked(found)


def compare_values(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Compare two maps of a number that has no interval and no parts, as a hazard.

    Parameters
    ----------
    before, after
        On the same cells; the highest is ranked first, equal ones by cell.

    Returns
    -------
    pandas.DataFrame
        :data:`CHANGE_TABLE`; ``doubt`` is ``untold`` wherever the numbers differ.

    Raises
    ------
    TableContractError
        If the two are of different cells.

    Examples
    --------
    >>> index = pd.Index([7, 8], dtype="uint64", name="cell")
    >>> one = pd.Series([0.1, 0.2], index=index, name="heat_chance")
    >>> compare_values(one, one[::-1].to_numpy() + 0 * one)["rank_change"].tolist()
    [1, -1]
    """
    _check_cells(before.to_frame(), after.to_frame(), str(before.name))
    columns = {"before": before.astype("float64"), "after": after.astype("float64")}
    table = pd.DataFrame(columns, index=before.index)
    for name in ("before", "after"):
        for end in ("low", "high"):
            table[f"{name}_{end}"] = np.nan
    ranks = tuple(
        table[name].rank(method="first", ascending=False).astype("Int64")
        for name in ("before", "after")
    )
    found = _changed(table, *ranks)
    found["part"] = pd.array([""] * len(found), dtype="str")
    found["part_change"] = np.nan
    return _checked(found)


def _check_cells(before: pd.DataFrame, after: pd.DataFrame, name: str) -> None:
    """Refuse two maps of different cells."""
    if not before.index.equals(after.index):
        msg = f"The two maps of {name} are of different cells."
        raise TableContractError(msg, table=name, faults="other cells")


def _checked(found: pd.DataFrame) -> pd.DataFrame:
    """Put the columns in order and check them."""
    table = found[[column.name for column in CHANGE_TABLE]]
    check_table(table, CHANGE_TABLE, name="rank_changes")
    return table


def _changed(
    table: pd.DataFrame, rank_before: pd.Series, rank_after: pd.Series
) -> pd.DataFrame:
    """Add change, ranks, and whether the change is within the doubt."""
    before, after = table["before"].to_numpy(), table["after"].to_numpy()
    return table.assign(
        change=after - before,
        rank_before=rank_before.array,
        rank_after=rank_after.array,
        rank_change=(rank_before - rank_after).array,
        doubt=pd.array(doubt_of(table), dtype="str"),
    )


def doubt_of(table: pd.DataFrame) -> list[str]:
    """Tell of each change whether it is within the doubt of the two figures.

    Parameters
    ----------
    table
        ``before`` and ``after``, and of each the 90 % interval ``_low`` and ``_high``;
        missing where nobody knows.

    Returns
    -------
    list of str
        One of ``beyond``, ``within``, ``same``, ``untold`` and ``no_data`` a row.

    Examples
    --------
    >>> one = {"before": [2.0], "before_low": [1.0], "before_high": [3.0]}
    >>> two = {"after": [2.5], "after_low": [2.4], "after_high": [2.6]}
    >>> doubt_of(pd.DataFrame(one | two))
    ['within']
    """
    before, after = table["before"].to_numpy(), table["after"].to_numpy()
    same = np.isclose(before, after, rtol=SAMENESS, atol=0.0)
    low, high = table["before_low"].to_numpy(), table["before_high"].to_numpy()
    inside = (after >= low) & (after <= high)
    told = np.isfinite(low)
    low, high = table["after_low"].to_numpy(), table["after_high"].to_numpy()
    inside |= (before >= low) & (before <= high)
    told &= np.isfinite(low)
    known = np.isfinite(before) & np.isfinite(after)
    found = np.select(
        [~known, same, ~told, inside], [NO_DATA, SAME, UNTOLD, WITHIN], BEYOND
    )
    return [str(code) for code in found]


def _parts_changed(
    index: pd.Index, before: pd.DataFrame, after: pd.DataFrame
) -> tuple[list[str], Floats]:
    """Find the part of each cell that changed most, and by how much."""
    sizes = np.zeros((len(index), len(PARTS)))
    for sign, reasons in ((-1.0, before), (1.0, after)):
        rows = index.get_indexer(reasons["cell"].astype(index.dtype))
        columns = pd.Index(PARTS).get_indexer(reasons["part"])
        held = (rows >= 0) & (columns >= 0)
        values = sign * reasons["value"].to_numpy(dtype=np.float64)[held]
        np.add.at(sizes, (rows[held], columns[held]), values)
    most = np.abs(sizes).argmax(axis=1)
    return [PARTS[at] for at in most], sizes[np.arange(len(index)), most]
