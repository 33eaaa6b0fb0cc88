"""EM: weights of a mixture from how well each part foretold later events."""

import numpy as np

from riskmap.history.ground import Floats

MOST_STEPS = 400
TOLERANCE = 1e-9

# keeps the logarithm finite where no expert expected anything
LEAST = 1e-300


def mixture_weights(expected: Floats, counts: Floats, prior_events: Floats) -> Floats:
    r"""Find the weights under which a mixture expects held-out events best.

    Maximises :math:`\sum_c y_c \log \sum_k w_k p_{kc} + \sum_k a_k \log w_k` by
    expectation-maximisation (Dempster, Laird & Rubin 1977), from equal weights.

    Parameters
    ----------
    expected
        What each expert expected of each place, of shape (n_experts, n_places): a
        share of the events of its window.
    counts
        Events there, or any weight of them, of shape (n_places,).
    prior_events
        Events that each expert is taken to have foretold already, *a*, of shape
        (n_experts,): a Dirichlet prior.

    Returns
    -------
    numpy.ndarray of shape (n_experts,)
        Weights of 0 or more that add up to 1; those of the prior if there are no
        events, equal if that is empty too.

    Examples
    --------
    >>> expected = np.array([[0.9, 0.9], [0.1, 0.1]])
    >>> mixture_weights(expected, np.ones(2), np.zeros(2)).round(3).tolist()
    [1.0, 0.0]
    """
    weights = np.full(len(expected), 1 / len(expected))
    if counts.sum() == 0:
        total = prior_events.sum()
        return prior_events / total if total > 0 else weights
    last = -np.inf
    for _ in range(MOST_STEPS):
        mixed = weights @ expected + LEAST
        score = float((counts * np.log(mixed)).sum())
        weights = weights * (expected @ (counts / mixed))
        weights += prior_events
        weights /= weights.sum()
        if abs(score - last) <= TOLERANCE * abs(score):
            break
        last = score
    return weights
