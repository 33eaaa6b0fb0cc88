"""Feedback: what a map does to itself when it learns from where it sent patrols.

Patrols go where the map says and discover incidents where they are; residents report
some wherever these occur. A map that counts both alike sees more where it looks more,
and looks more where it sees more, and runs away from the truth (Lum & Isaac 2016;
Ensign et al. 2018). Two remedies together keep it: discovered incidents count by how
much was looked, apart from those reported, and a share of patrols goes where the map
does not say.
"""

from dataclasses import dataclass

import numpy as np

from riskmap.errors import OptionError
from riskmap.history.ground import Floats

# prior events in each cell, so that none is impossible
PRIOR_EVENTS = 0.5


@dataclass(frozen=True, kw_only=True)
class FeedbackOptions:
    """How patrols and reports go.

    Parameters
    ----------
    cells, steps
        Size of the world, and for how many rounds it runs.
    rate
        Mean incidents in a cell and round; they differ little between cells.
    spread
        Standard deviation of the logarithm of the rates.
    reported
        Share of the incidents that residents report, wherever patrols are.
    patrols
        Cells that can be patrolled in a round; each incident there is discovered.
    split
        Whether discovered and reported incidents are kept apart.
    exploration
        Share of the patrols sent at random; used with ``split`` or without.
    seed
        Of all chance.

    Raises
    ------
    OptionError
        If a share is not 0 to 1.
    """

    cells: int = 300
    steps: int = 208
    rate: float = 0.4
    spread: float = 0.4
    reported: float = 0.03
    patrols: int = 15
    split: bool = True
    exploration: float = 0.08
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        for name in ("reported", "exploration"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                msg = f"`{name}` must be 0 to 1, got {value}."
                raise OptionError(msg, option=name, value=str(value))


@dataclass(frozen=True, kw_only=True)
class FeedbackResult:
    """What came of it.

    Parameters
    ----------
    map_error
        Distance of the map from the truth at each round, half the sum of absolute
        differences of shares: 0 for the truth, near 1 for a map run away.
    reached
        Share of the risk that the patrols of the last quarter of the rounds met, of
        what the best patrols would have met.
    widest
        Largest share of all patrols that went to one cell in a hundred.
    """

    map_error: Floats
    reached: float
    widest: float


def run_feedback(options: FeedbackOptions) -> FeedbackResult:
    """Let a map send patrols and learn from what they find, round by round.

    Parameters
    ----------
    options
        How patrols and reports go.

    Returns
    -------
    FeedbackResult
        How far the map ran from the truth.

    Examples
    --------
    >>> naive = FeedbackOptions(split=False, exploration=0.0, steps=60)
    >>> fair = FeedbackOptions(steps=60)
    >>> run_feedback(naive).map_error[-1] > run_feedback(fair).map_error[-1]
    np.True_
    """
    draw = np.random.default_rng(options.seed)
    truth = options.rate * np.exp(draw.normal(0, options.spread, options.cells))
    shares = truth / truth.sum()
    reported, discovered, looked = np.zeros((3, options.cells))
    errors, sent = [], np.zeros(options.cells)
    late, met, best = options.steps * 3 // 4, 0.0, 0.0
    for step in range(1, options.steps + 1):
        guess = _guess(options, reported, discovered, looked, step - 1)
        patrol = _send(options, guess, draw)
        came = draw.poisson(truth)
        seen = draw.binomial(came, options.reported)
        reported += seen
        # what was reported already is not discovered again
        discovered += np.where(patrol, came - seen, 0)
        looked += patrol
        sent += patrol
        errors.append(float(np.abs(guess / guess.sum() - shares).sum() / 2))
        if step > late:
            met += float(truth[patrol].sum())
            best += float(np.sort(truth)[-options.patrols :].sum())
    top = max(options.cells // 100, 1)
    return FeedbackResult(
        map_error=np.array(errors),
        reached=met / best,
        widest=float(np.sort(sent)[-top:].sum() / sent.sum()),
    )


def _guess(
    options: FeedbackOptions,
    reported: Floats,
    discovered: Floats,
    looked: Floats,
    rounds: int,
) -> Floats:
    """Draw the map: all incidents alike, or each kind by how it was seen."""
    if not options.split:
        return reported + discovered + PRIOR_EVENTS
    # incidents over rounds watched: residents watch a little always, patrols wholly
    watched = options.reported * rounds + (1 - options.reported) * looked
    events = reported + discovered
    mean = max(float(events.sum()), PRIOR_EVENTS) / max(float(watched.sum()), 1.0)
    return np.asarray((events + 1.0) / (watched + 1.0 / mean))


def _send(
    options: FeedbackOptions, guess: Floats, draw: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Send patrols to the highest cells, and some of them anywhere."""
    free = draw.random(options.patrols) < options.exploration
    order = np.lexsort((draw.random(len(guess)), -guess))
    chosen = np.zeros(len(guess), dtype=np.bool_)
    chosen[order[: options.patrols - int(free.sum())]] = True
    rest = np.flatnonzero(~chosen)
    chosen[draw.choice(rest, int(free.sum()), replace=False)] = True
    return chosen
