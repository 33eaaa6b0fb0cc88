r"""Hot spots: Getis and Ord's Gi* and local Moran on the cells that are watched.

With :math:`x_j` the events a year and km² of cell *j*, :math:`w_{ij}` = 1 for cells
within some rings of *i* (*i* too), :math:`W_i = \sum_j w_{ij}`, mean :math:`\bar x` and
standard deviation *s* (of *n*, not *n* - 1) over the *n* watched cells,

.. math:: G_i^* = \frac{\sum_j w_{ij} x_j - W_i \bar x}
                 {s \sqrt{(n \sum_j w_{ij}^2 - W_i^2) / (n - 1)}}, \qquad
          I_i = \frac{(n - 1)\, z_i}{\sum_k z_k^2} \frac{\sum_{j \ne i} w_{ij} z_j}
                {W_i - 1}, \quad z = x - \bar x .

Chance is asked one of two things. ``cells``: is the sum over the neighbours unlike that
over as many other cells? One conditional permutation answers for both statistics; what
a cell holds itself does not make it hot, a cluster is what its surroundings share.
``records``: would so many records lie in the cell and its neighbours together, had each
been thrown alone on watched ground? That is a binomial, and a place where one thing
happens often is hot by itself.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse, stats

from riskmap.errors import OptionError, UnknownNameError
from riskmap.history.ground import Floats
from riskmap.hotspots.classes import COLD, HOT, NO_DATA, NONE, STATES
from riskmap.hotspots.discovery import false_discovery
from riskmap.hotspots.draws import Tails, conditional_tails
from riskmap.schema import Column

# own value against the mean, then the neighbours'
QUADRANTS = ("high_high", "low_low", "low_high", "high_low", "none", "no_data")

CELLS, RECORDS = "cells", "records"
NULLS = (CELLS, RECORDS)

LEAST_CELLS = 3

HOTSPOT_TABLE: tuple[Column, ...] = (
    Column(name="events", dtype="int64", lowest=0, meaning="Records in the cell."),
    Column(
        name="per_km2_year",
        dtype="float64",
        unit="1/(km² a)",
        lowest=0,
        missing=True,
        meaning="Records by watched km² and year.",
    ),
    Column(name="gi_star", dtype="float64", missing=True, meaning="Gi*, a z-score."),
    Column(name="moran", dtype="float64", missing=True, meaning="Local Moran's I."),
    Column(
        name="p",
        dtype="float64",
        lowest=0,
        highest=1,
        missing=True,
        meaning="Two-sided p-value by conditional permutation, of both statistics.",
    ),
    Column(
        name="q",
        dtype="float64",
        lowest=0,
        highest=1,
        missing=True,
        meaning="Least false-discovery rate at which the cell is flagged.",
    ),
    Column(name="state", dtype="str", values=STATES, meaning="Hot, cold or neither."),
    Column(
        name="quadrant",
        dtype="str",
        values=QUADRANTS,
        meaning="Of flagged cells: own value and neighbours', high or low.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class HotspotOptions:
    """How hot spots are looked for.

    Parameters
    ----------
    rings
        Rings of cells that count as neighbours.
    draws
        Random draws for each number of neighbours.
    rate
        Share of the flagged cells that may be flagged by chance, 0 to 1.
    null
        What chance shuffles: ``cells`` (the values of the other cells) or ``records``
        (each record alone).
    discovery
        False to compare each p-value with ``rate`` alone, as if only one cell had
        been looked at.
    random_state
        Seed.
    """

    rings: int = 2
    draws: int = 99_999
    rate: float = 0.05
    null: str = CELLS
    discovery: bool = True
    random_state: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.rate < 1:
            msg = f"`rate` must be above 0 and below 1, got {self.rate}."
            raise OptionError(msg, option="rate", value=self.rate)
        if self.null not in NULLS:
            msg = f"`null` must be one of {NULLS}, got {self.null!r}."
            raise UnknownNameError(msg, kind="null", value=self.null, known=NULLS)
        for name, least in (("rings", 1), ("draws", 99)):
            if getattr(self, name) < least:
                got = getattr(self, name)
                msg = f"`{name}` must be {least} or more, got {got}."
                raise OptionError(msg, option=name, value=got)


def gi_star(values: Floats, links: sparse.csr_matrix) -> Floats:
    """Measure how far the sum over a cell and its neighbours is from the usual.

    Parameters
    ----------
    values
        Value of each cell, of shape (n_cells,).
    links
        1 where two cells are neighbours, the diagonal too.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        z-scores; 0 where all values are equal.

    References
    ----------
    Ord JK, Getis A (1995) Local spatial autocorrelation statistics. Geogr Anal
    27:286-306, doi:10.1111/j.1538-4632.1995.tb00912.x.

    Examples
    --------
    >>> alone = sparse.eye_array(3).tocsr()
    >>> gi_star(np.array([0.0, 1.0, 3.0]), alone).round(3).tolist()
    [-1.069, -0.267, 1.336]
    """
    n = len(values)
    mean, spread = values.mean(), values.std()
    weight = np.asarray(links.sum(axis=1)).reshape(-1)
    square = np.asarray(links.power(2).sum(axis=1)).reshape(-1)
    scale = spread * np.sqrt((n * square - weight**2) / (n - 1))
    excess: Floats = links @ values - weight * mean
    return np.asarray(np.divide(excess, scale, out=np.zeros(n), where=scale > 0))


def local_moran(values: Floats, links: sparse.csr_matrix) -> Floats:
    """Measure how much a cell's excess goes with its neighbours' mean excess.

    Parameters
    ----------
    values
        Value of each cell, of shape (n_cells,).
    links
        1 where two cells are neighbours, the diagonal too, which is left out here.

    Returns
    -------
    numpy.ndarray of shape (n_cells,)
        Above 0 where like is beside like; 0 for a cell without neighbours.

    References
    ----------
    Anselin L (1995) Local indicators of spatial association. Geogr Anal 27:93-115,
    doi:10.1111/j.1538-4632.1995.tb00338.x.

    Examples
    --------
    >>> chain = sparse.diags_array([1.0, 1.0, 1.0], offsets=[-1, 0, 1], shape=(4, 4))
    >>> local_moran(np.array([0.0, 1.0, 1.0, 4.0]), chain.tocsr()).round(3).tolist()
    [0.25, 0.167, -0.167, -0.417]
    """
    n = len(values)
    excess = values - values.mean()
    own = links.diagonal()
    size = np.asarray(links.sum(axis=1)).reshape(-1) - own
    beside = links @ excess - own * excess
    mean = np.divide(beside, size, out=np.zeros(n), where=size > 0)
    total = float((excess**2).sum())
    return (n - 1) * excess * mean / total if total > 0 else np.zeros(n)


def find_hotspots(
    events: npt.NDArray[np.int64],
    exposure_km2_years: Floats,
    links: sparse.csr_matrix,
    options: HotspotOptions,
) -> pd.DataFrame:
    """Flag the cells whose surroundings hold more, or less, than chance would give.

    Parameters
    ----------
    events
        Records in each cell, of shape (n_cells,).
    exposure_km2_years
        Watched area times years; NaN where nobody watches: there none recorded means
        nothing, so such cells are neither tested nor anyone's neighbours.
    links
        1 where two cells are neighbours, the diagonal too: (n_cells, n_cells).
    options
        Draws, rate and seed.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 8)
        As :data:`HOTSPOT_TABLE`, in the order given.

    Examples
    --------
    >>> events = np.array([0] * 60 + [5, 5, 5] + [0] * 60)
    >>> chain = sparse.diags_array([1.0] * 3, offsets=[-1, 0, 1], shape=(123, 123))
    >>> found = find_hotspots(events, np.ones(123), chain.tocsr(), HotspotOptions())
    >>> found.index[found["state"] == "hot"].tolist()
    [61]
    """
    known = np.flatnonzero(~np.isnan(exposure_km2_years))
    table = pd.DataFrame(
        {
            "events": np.asarray(events, dtype=np.int64),
            **{
                name: np.full(len(events), np.nan)
                for name in ("per_km2_year", "gi_star", "moran", "p", "q")
            },
            "state": pd.array([NO_DATA] * len(events), dtype="str"),
            "quadrant": pd.array([NO_DATA] * len(events), dtype="str"),
        }
    )
    if len(known) < LEAST_CELLS:
        return table
    exposure = exposure_km2_years[known]
    inside = sparse.csr_matrix(links[known][:, known])
    if options.null == RECORDS:
        tails = scattered_tails(events[known], exposure, inside)
    else:
        tails = shuffled_tails(events[known] / exposure, inside, options)
    measured = _measured(events[known] / exposure, inside, tails, options)
    for name, column in measured.items():
        table[name] = _put(table[name].to_numpy(), known, column)
    return table


def shuffled_tails(
    values: Floats, links: sparse.csr_matrix, options: HotspotOptions
) -> Tails:
    """Compare each neighbour sum with sums of as many other cells.

    Parameters
    ----------
    values
        Value of each cell, of shape (n_cells,).
    links
        1 where two cells are neighbours, the diagonal too.
    options
        Draws and seed.

    Returns
    -------
    Tails
        Of the conditional permutation.
    """
    own = links.diagonal()
    size = np.rint(np.asarray(links.sum(axis=1)).reshape(-1) - own).astype(np.int64)
    beside = links @ values - own * values
    return conditional_tails(
        values, beside, size, draws=options.draws, random_state=options.random_state
    )


def scattered_tails(
    events: npt.NDArray[np.int64], exposure: Floats, links: sparse.csr_matrix
) -> Tails:
    """Compare the records about each cell with records thrown one by one.

    Each falls on watched ground in proportion to its exposure, whatever the others do.
    Where one event leaves several records, or is followed by others, chance makes
    more clusters than this says.

    Parameters
    ----------
    events
        Records in each cell, of shape (n_cells,).
    exposure
        Watched area times years, above 0.
    links
        1 where two cells are neighbours, the diagonal too.

    Returns
    -------
    Tails
        Of the binomial, exact.

    Examples
    --------
    >>> alone = sparse.eye_array(2).tocsr()
    >>> scattered_tails(np.array([2, 0]), np.ones(2), alone).high.tolist()
    [0.25, 1.0]
    """
    about = links @ events.astype(np.float64)
    share = np.minimum(links @ exposure / exposure.sum(), 1.0)
    total = int(events.sum())
    return Tails(
        high=stats.binom.sf(about - 1, total, share),
        low=stats.binom.cdf(about, total, share),
    )


def _measured(
    values: Floats, links: sparse.csr_matrix, tails: Tails, options: HotspotOptions
) -> dict[str, npt.NDArray[np.generic]]:
    """Measure and flag every cell of a table without gaps."""
    p = tails.two_sided
    q = false_discovery(p)
    flagged = (q if options.discovery else p) <= options.rate
    many = tails.high <= tails.low
    high = values > values.mean()
    quadrant = np.select(
        [~flagged, many & high, many, high],
        ["none", "high_high", "low_high", "high_low"],
        "low_low",
    )
    return {
        "per_km2_year": values,
        "gi_star": gi_star(values, links),
        "moran": local_moran(values, links),
        "p": p,
        "q": q,
        "state": np.where(flagged, np.where(many, HOT, COLD), NONE),
        "quadrant": quadrant,
    }


def _put(
    column: npt.NDArray[np.generic],
    where: npt.NDArray[np.intp],
    values: npt.NDArray[np.generic],
) -> "pd.Series":
    """Set some values of a column, its dtype kept."""
    if values.dtype.kind in "UO":
        texts = np.asarray(column, dtype=object)
        texts[where] = values
        return pd.Series(texts, dtype="str")
    numbers = np.array(column, dtype=np.float64)
    numbers[where] = values
    return pd.Series(numbers)
