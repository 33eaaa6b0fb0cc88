"""Counting: records into a lattice of places, kinds and fixed epochs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmap import cells as cells_
from riskmap.errors import DisclosureOptionError
from riskmap.history.accuracy import only_area
from riskmap.sharing.lattice import Flags, Integers, Tree, add_up
from riskmap.sharing.markings import CLEAR, RED, Marking
from riskmap.sharing.policy import marking_columns

WHOLE: Final = 0
"""Stands for the whole border among the cells: 0 is no cell."""

WHOLE_RESOLUTION: Final = -1

ALL_KINDS: Final = ""

BASE_RESOLUTION: Final = 7
"""Records are placed at this resolution and their cells' parents taken, so that every
coarser count is the sum of the finer ones; finer is never counted for others."""

OPEN, RESTRICTED = "open", "restricted"

UNDATED: Final = "?"
"""Stands for the part of a year that a record does not tell."""

STRATA: Final = (OPEN, RESTRICTED)
"""Records marked ``TLP:CLEAR`` are known one by one to everybody, so that the others
would be the difference: the two are counted apart and never added."""

VAGUE: Final = ("year",)


@dataclass(frozen=True, kw_only=True, eq=False)
class Counted:
    """Counts of one stratum, purpose and year, with all their sums.

    Parameters
    ----------
    stratum, purpose, year
        Which records.
    places, kinds, periods
        The three trees; places are cells as numbers, 0 for the whole border.
    counts
        Of shape (n_places, n_kinds, n_periods).
    largest
        The largest part of each count that comes from one source that is not open.
    """

    stratum: str
    purpose: str
    year: str
    places: Tree
    kinds: Tree
    periods: Tree
    counts: Integers
    largest: Integers

    def dominated(self, share: float) -> Flags:
        """Tell which counts one source makes up by more than a share.

        Parameters
        ----------
        share
            0 to 1.

        Returns
        -------
        numpy.ndarray of bool
            Of the shape of ``counts``.
        """
        return (self.largest > share * self.counts) & (self.counts > 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """A fixed grid over the cells that some source watches.

    Parameters
    ----------
    watched
        Cells as numbers, sorted: records elsewhere are not counted, for what nobody
        watches is no data.
    resolution
        Of ``watched``.
    tree
        The whole, then ever finer, as cells' numbers.
    """

    watched: npt.NDArray[np.uint64]
    resolution: int
    tree: Tree


def lay_grid(cells: pd.Index, resolutions: Sequence[int]) -> Grid:
    """Lay a fixed grid over cells: the whole, then ever finer.

    Parameters
    ----------
    cells
        Cells that some source watches.
    resolutions
        Coarsest first.

    Returns
    -------
    Grid
        The finest at resolution 7 or that of ``cells``.

    Raises
    ------
    DisclosureOptionError
        If ``resolutions`` are finer than the cells, or finer than 7.

    Examples
    --------
    >>> cells = cells_.cell_index([0x8748EC7B4FFFFFF])
    >>> [f"{cell:x}" for cell in lay_grid(cells, (3, 4)).tree.names]
    ['0', '8348ecfffffffff', '8448ec7ffffffff']
    """
    base = min(BASE_RESOLUTION, cells_.resolution_of(cells))
    if max(resolutions) > base:
        msg = f"The grid cannot be finer than {base}, got {tuple(resolutions)}."
        raise DisclosureOptionError(
            msg, option="resolutions", value=tuple(resolutions), reason=f"> {base}"
        )
    watched = np.unique(cells_.parents(cells, base))
    pairs: list[tuple[int, int | None]] = [(WHOLE, None)]
    up = np.zeros(len(watched), dtype=np.uint64)
    for resolution in resolutions:
        here = cells_.parents(watched, resolution)
        both = pd.DataFrame({"here": here, "up": up}).drop_duplicates("here")
        both = both.sort_values("here", kind="stable")
        pairs += [(int(r.here), int(r.up)) for r in both.itertuples()]
        up = here
    return Grid(watched=watched, resolution=base, tree=Tree.of(pairs))


def period_tree(year: str, epoch: str) -> Tree:
    """Part a year into fixed epochs that do not overlap.

    Parameters
    ----------
    year
        ``2019``.
    epoch
        ``year``, ``quarter`` or ``month``.

    Returns
    -------
    Tree
        The year, its quarters, their months, and ``2019-?`` for what is not dated
        within the year.

    Examples
    --------
    >>> period_tree("2019", "quarter").names
    ('2019', '2019-Q1', '2019-Q2', '2019-Q3', '2019-Q4', '2019-?')
    """
    pairs: list[tuple[str, str | None]] = [(year, None)]
    if epoch != "year":
        pairs += [(f"{year}-Q{n}", year) for n in range(1, 5)]
        pairs += [(f"{year}-{UNDATED}", year)]
    if epoch == "month":
        pairs += [(f"{year}-{n:02d}", f"{year}-Q{(n + 2) // 3}") for n in range(1, 13)]
    return Tree.of(pairs)


def period_of(days: pd.Series, precision: pd.Series, epoch: str) -> pd.Series:
    """Name the epoch of each record.

    Parameters
    ----------
    days
        ``occurred_on``.
    precision
        ``time_precision``.
    epoch
        ``year``, ``quarter`` or ``month``.

    Returns
    -------
    pandas.Series of str
        Of the same index.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2019-05-03", "2019-01-01"], utc=True))
    >>> period_of(days, pd.Series(["day", "year"]), "quarter").tolist()
    ['2019-Q2', '2019-?']
    """
    year = days.dt.year.astype("str")
    if epoch == "year":
        return year
    part = (
        "Q" + days.dt.quarter.astype("str")
        if epoch == "quarter"
        else days.dt.month.astype("str").str.zfill(2)
    )
    return (year + "-" + part.where(~precision.isin(VAGUE), UNDATED)).astype("str")


def period_end(period: str) -> pd.Timestamp:
    """Tell when an epoch is over.

    Parameters
    ----------
    period
        ``2019``, ``2019-Q2``, ``2019-05`` or ``2019-?``.

    Returns
    -------
    pandas.Timestamp
        The first moment after it, UTC.

    Examples
    --------
    >>> str(period_end("2019-Q2").date()), str(period_end("2019").date())
    ('2019-07-01', '2020-01-01')
    """
    year, _, part = period.partition("-")
    months = {"": 12, UNDATED: 12} | {f"Q{n}": 3 * n for n in range(1, 5)}
    month = months[part] if part in months else int(part)
    start = pd.Timestamp(year=int(year), month=1, day=1, tz="UTC")
    return start + pd.DateOffset(months=month)


def strata_of(records: pd.DataFrame, *, originator: str) -> pd.Series:
    """Tell of each record whether it is open, restricted, or never counted.

    Parameters
    ----------
    records
        Event table, perhaps with markings.
    originator
        Whose they are where they do not say.

    Returns
    -------
    pandas.Series of str
        ``open``, ``restricted``, or empty for ``TLP:RED``, which no count holds.

    Examples
    --------
    >>> rows = pd.DataFrame({"marking": ["TLP:CLEAR", "", "TLP:RED"]})
    >>> strata_of(rows, originator="US").tolist()
    ['open', 'restricted', '']
    """
    texts = marking_columns(records)["marking"]
    by_text = {}
    for text in texts.unique():
        marking = Marking.read(text, originator=originator)
        known = marking.label == CLEAR and marking.releasable_to is None
        by_text[text] = OPEN if known else "" if marking.label == RED else RESTRICTED
    return texts.map(by_text).astype("str")


def count_records(
    records: pd.DataFrame,
    grids: Mapping[str, Grid],
    kinds: Mapping[str, str],
    *,
    years: Iterable[str],
    epoch: str,
) -> tuple[Counted, ...]:
    """Count records by place, kind and epoch, each stratum and purpose apart.

    Parameters
    ----------
    records
        Event table with ``x``, ``y`` (degrees) and ``stratum``; those known only to
        a county or municipio are counted nowhere, not in the whole border either.
    grids
        Purpose to the fixed grid over what its sources watch.
    kinds
        Kind of incident to its purpose.
    years
        Which years.
    epoch
        ``year``, ``quarter`` or ``month``.

    Returns
    -------
    tuple of Counted
        One a stratum, purpose and year, whether there are records or not.
    """
    base = cells_.points_to_cells(records["x"], records["y"], BASE_RESOLUTION)
    # an area is in no cell: its middle is no place of the record
    base = np.where(only_area(records), np.uint64(0), base)
    period = period_of(records["occurred_on"], records["time_precision"], epoch)
    told = pd.DataFrame(
        {
            "base": base,
            "kind": records["kind"].to_numpy(),
            "source": records["source"].to_numpy(),
            "stratum": records["stratum"].to_numpy(),
            "period": period.to_numpy(),
            "year": records["occurred_on"].dt.year.astype("str").to_numpy(),
        }
    )
    told = told[told["base"] != 0]
    return tuple(
        _count(told, stratum, purpose, year, (grid, epoch, kinds))
        for purpose, grid in sorted(grids.items())
        for stratum in STRATA
        for year in years
    )


def _count(
    told: pd.DataFrame,
    stratum: str,
    purpose: str,
    year: str,
    about: tuple[Grid, str, Mapping[str, str]],
) -> Counted:
    """Count the records of one stratum, purpose and year."""
    grid, epoch, kinds = about
    places = grid.tree
    own = [kind for kind, of in sorted(kinds.items()) if of == purpose]
    tree = Tree.of([(ALL_KINDS, None), *((kind, ALL_KINDS) for kind in own)])
    trees = (places, tree, period_tree(year, epoch))
    rows = told[(told["stratum"] == stratum) & (told["year"] == year)]
    rows = rows[rows["kind"].isin(own)]
    here = np.zeros(0, dtype=np.uint64)
    leaf = here
    if len(rows):
        finest = cells_.resolution_of(np.array([places.names[-1]], dtype=np.uint64))
        base = rows["base"].to_numpy(dtype=np.uint64)
        here = cells_.parents(base, grid.resolution)
        leaf = cells_.parents(base, finest)
    at = [
        pd.Series(leaf).map(places.place).to_numpy(dtype=float, na_value=-1),
        rows["kind"].map(tree.place).to_numpy(dtype=float),
        rows["period"].map(trees[2].place).to_numpy(dtype=float),
    ]
    # sorted once, so that no block has to sort it anew
    found = np.searchsorted(grid.watched, here).clip(max=len(grid.watched) - 1)
    inside = grid.watched[found] == here
    where = tuple(axis[inside].astype(np.int64) for axis in at)
    shape = tuple(map(len, trees))
    largest = np.zeros(shape, dtype=np.int64)
    counts = _filled(shape, where, trees)
    sources = rows["source"].to_numpy()[inside]
    for source in np.unique(sources) if stratum == RESTRICTED else ():
        of = sources == source
        part = _filled(shape, tuple(axis[of] for axis in where), trees)
        largest = np.maximum(largest, part)
    return Counted(
        stratum=stratum,
        purpose=purpose,
        year=year,
        places=places,
        kinds=tree,
        periods=trees[2],
        counts=counts,
        largest=largest,
    )


def _filled(
    shape: tuple[int, ...], where: tuple[Integers, ...], trees: Sequence[Tree]
) -> Integers:
    """Count at the leaves and add up."""
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, where, 1)
    return add_up(counts, trees)
