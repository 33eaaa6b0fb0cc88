r"""Trends: what became of each cell's heat from period to period.

Mann and Kendall's test counts, over all pairs of periods, how often the later Gi* is
the higher one less how often it is the lower one: *S*. Without a trend every order of
the *n* values is as likely, so *S* has mean 0 and, with tied groups of sizes *t*,

.. math:: \operatorname{var} S = \frac{n(n-1)(2n+5) - \sum t(t-1)(2t+5)}{18},
          \qquad z = \frac{S - \operatorname{sgn} S}{\sqrt{\operatorname{var} S}} .

Neighbouring periods are taken to be independent; where they lean on one another, the
test finds a trend more often than it says.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from riskmap.errors import TooFewError
from riskmap.history.ground import Floats
from riskmap.hotspots.classes import (
    CLASSES,
    FADING,
    GROWING,
    HISTORICAL,
    NEW,
    NO_DATA,
    NONE,
    PERSISTENT,
    SPORADIC,
)
from riskmap.schema import Column

# with fewer values the normal approximation to S is poor (Kendall 1975)
LEAST_PERIODS = 8

# hot in at least this share of the periods watched: mostly hot
MOSTLY = 0.5

TREND_TABLE: tuple[Column, ...] = (
    Column(name="trend", dtype="str", values=CLASSES, meaning="Class of the cell."),
    Column(name="periods_watched", dtype="int64", lowest=0, meaning="Periods known."),
    Column(name="periods_hot", dtype="int64", lowest=0, meaning="Periods hot."),
    Column(
        name="slope_z",
        dtype="float64",
        missing=True,
        meaning="Mann-Kendall's z of Gi* over the periods watched.",
    ),
    Column(
        name="slope_p",
        dtype="float64",
        lowest=0,
        highest=1,
        missing=True,
        meaning="Its two-sided p-value.",
    ),
)


def mann_kendall(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Test each row for a steady rise or fall.

    Parameters
    ----------
    values
        One row a place, one column a period; NaN where a period is not known, of
        shape (n, n_periods).

    Returns
    -------
    score, z, p : numpy.ndarray of shape (n,)
        Kendall's S, its z with the correction for continuity, and the two-sided
        p-value by the normal approximation; z is 0 and p is 1 where nothing varies.

    References
    ----------
    Mann HB (1945) Nonparametric tests against trend. Econometrica 13:245-259,
    doi:10.2307/1907187. Kendall MG (1975) Rank correlation methods, 4th ed. London:
    Griffin.

    Examples
    --------
    >>> score, z, p = mann_kendall(np.array([[1.0, 2, 3, 4, 5, 6, 7, 9]]))
    >>> int(score[0]), z.round(3).tolist(), p.round(4).tolist()
    (28, [3.34], [0.0008])
    """
    n_rows, n_periods = values.shape
    score, ties = np.zeros(n_rows), np.zeros(n_rows)
    for later in range(1, n_periods):
        gap = np.sign(values[:, later, None] - values[:, :later])
        score += np.nansum(gap, axis=1)
    known = ~np.isnan(values)
    for one in range(n_periods):
        same = (values == values[:, one, None]).sum(axis=1)
        # each of t tied values adds the group's (t-1)(2t+5): together t(t-1)(2t+5)
        ties += np.where(known[:, one], (same - 1) * (2 * same + 5), 0)
    n = known.sum(axis=1)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    step = score - np.sign(score)
    z = np.divide(step, np.sqrt(variance), out=np.zeros(n_rows), where=variance > 0)
    return score, z, np.minimum(2 * stats.norm.sf(np.abs(z)), 1.0)


def classify_trends(
    heat: Floats, hot: npt.NDArray[np.bool_], *, level: float = 0.05
) -> pd.DataFrame:
    """Say of each cell what became of its heat.

    The first of these that holds:

    - ``no_data``: the last period, or all but some eight, were not watched;
    - ``none``: never hot;
    - ``new``: hot in the last period and never before;
    - ``growing``: hot in the last period, and Gi* rises;
    - ``fading``: hot in the last period, and Gi* falls;
    - ``persistent``: hot in the last period and in at least half of those watched;
    - ``historical``: not hot in the last period, but in at least half of those before,
      or Gi* falls;
    - ``sporadic``: hot now and then, without a direction.

    Parameters
    ----------
    heat
        Gi* by cell and period, NaN where not watched, of shape (n_cells, n_periods).
    hot
        Whether the cell was a hot spot in that period.
    level
        p-value at which a rise or a fall counts as one.

    Returns
    -------
    pandas.DataFrame of shape (n_cells, 5)
        As :data:`TREND_TABLE`.

    Raises
    ------
    TooFewError
        With fewer than eight periods.

    Examples
    --------
    >>> rising = np.arange(8.0)[None, :]
    >>> hot = np.array([[False] * 6 + [True] * 2])
    >>> classify_trends(rising, hot)["trend"].tolist()
    ['growing']
    """
    n_periods = heat.shape[1]
    check_periods(n_periods)
    watched = ~np.isnan(heat)
    hot = hot & watched
    n_watched, n_hot = watched.sum(axis=1), hot.sum(axis=1)
    _, z, p = mann_kendall(heat)
    now = hot[:, -1]
    rising, falling = (p <= level) & (z > 0), (p <= level) & (z < 0)
    mostly = n_hot >= MOSTLY * n_watched
    before = n_hot >= MOSTLY * (n_watched - 1)
    unknown = ~watched[:, -1] | (n_watched < LEAST_PERIODS)
    rules = [
        (unknown, NO_DATA),
        (n_hot == 0, NONE),
        (now & (n_hot == 1), NEW),
        (now & rising, GROWING),
        (now & falling, FADING),
        (now & mostly, PERSISTENT),
        (~now & (before | falling), HISTORICAL),
    ]
    trend = np.select(
        [holds for holds, _ in rules], [name for _, name in rules], SPORADIC
    )
    return pd.DataFrame(
        {
            "trend": pd.array(trend, dtype="str"),
            "periods_watched": n_watched.astype(np.int64),
            "periods_hot": n_hot.astype(np.int64),
            "slope_z": np.where(unknown, np.nan, z),
            "slope_p": np.where(unknown, np.nan, p),
        }
    )


def check_periods(found: int) -> None:
    """Refuse to speak of trends over too few periods.

    Parameters
    ----------
    found
        Whole periods there are.

    Raises
    ------
    TooFewError
        Under eight.

    Examples
    --------
    >>> check_periods(8)
    """
    if found < LEAST_PERIODS:
        msg = f"A trend needs {LEAST_PERIODS} periods, got {found}."
        raise TooFewError(msg, what="periods", found=found, needed=LEAST_PERIODS)
