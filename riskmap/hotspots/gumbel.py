"""Gumbel: p-values smaller than the number of deals allows."""

import numpy as np

from riskmap.history.ground import Floats

EULER = 0.5772156649015329


def gumbel_tail(deals: Floats, value: float) -> float:
    """Extrapolate how often chance goes beyond a value.

    Parameters
    ----------
    deals
        The highest log ratio of each deal.
    value
        The one seen.

    Returns
    -------
    float
        Upper tail of the Gumbel distribution of the deals' mean and variance.

    References
    ----------
    Abrams AM, Kleinman K, Kulldorff M (2010) Gumbel based p-value approximations for
    spatial scan statistics. Int J Health Geogr 9:61, doi:10.1186/1476-072X-9-61.

    Examples
    --------
    >>> round(gumbel_tail(np.array([1.0, 2.0, 3.0]), 2.0), 2)
    0.43
    """
    spread = float(deals.std(ddof=1)) * np.sqrt(6) / np.pi
    if spread <= 0:
        return float(value <= deals.max(initial=0.0))
    middle = float(deals.mean()) - EULER * spread
    return float(-np.expm1(-np.exp(-(value - middle) / spread)))
