"""False discovery: of the cells that are flagged, few are flagged by chance alone."""

import numpy as np

from riskmap.history.ground import Floats


def false_discovery(p: Floats) -> Floats:
    r"""Turn p-values into the least false-discovery rate at which each is flagged.

    Benjamini and Hochberg's step-up: :math:`q_{(i)} = \min_{j \ge i} n\,p_{(j)} / j`.
    It holds for independent tests and for tests that depend on one another
    positively, as those of neighbouring cells do.

    Parameters
    ----------
    p
        p-values, 0 to 1; NaN where nothing was tested, of shape (n,).

    Returns
    -------
    numpy.ndarray of shape (n,)
        q-values, 0 to 1; NaN where nothing was tested.

    References
    ----------
    Benjamini Y, Hochberg Y (1995) Controlling the false discovery rate. J R Stat Soc B
    57:289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.04, 0.03, np.nan])).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    q = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    ranks = np.arange(1, len(order) + 1)
    scaled = p[order] * len(order) / ranks
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
