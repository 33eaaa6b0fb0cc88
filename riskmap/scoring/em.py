"""EM: weights of a mixture from how well each part foretold later events."""

import numpy as np

from riskmap.history.ground import Floats

MOST_STEPS = 400
TOLERANCE = 1e-9

# keeps the logarithm finite where no expert expected anything
LEAST = 1e-300


def mixture_weights(
    expected: Floats, counts: Floats, *, concentration: float = 1.0
) -> Floats:
    """Find the weights under which a mixture expects held-out events best.

    Maximises :math:`\\sum_c y_c \\log \\sum_k w_k p_{kc} + (a - 1) \\sum_k \\log w_k`
    by expectation-maximisation (Dempster, Laird & Rubin 1977), from equal weights.

    Parameters
    ----------
    expected
        What each expert expected of each place, of shape (n_experts, n_places): a
        share of the events of its window.
    counts
        Events there, or any weight of them, of shape (n_places,).
    concentration
        *a* of the Dirichlet prior, at least 1; 1 is none.

    Returns
    -------
    numpy.ndarray of shape (n_experts,)
        Weights of 0 or more that add up to 1; equal if there are no events.

    Examples
    --------
    >>> mixture_weights(np.array([[0.9, 0.9], [0.1, 0.1]]), np.ones(2)).round(3)
    array([1., 0.])
    """
    n_experts = len(expected)
    weights = np.full(n_experts, 1 / n_experts)
    if counts.sum() == 0:
        return weights
    last = -np.inf
    for _ in range(MOST_STEPS):
        mixed = np.einsum("k,kc->c", weights, expected) + LEAST
        score = float((counts * np.log(mixed)).sum())
        weights = weights * np.einsum("kc,c->k", expected, counts / mixed)
        weights += concentration - 1
        weights /= weights.sum()
        if abs(score - last) <= TOLERANCE * abs(score):
            break
        last = score
    return weights
