"""Feedback: the map runs away without the remedies, and does not with them."""

import numpy as np
import pytest

from riskmap.errors import OptionError
from riskmap.simulation.feedback import FeedbackOptions, run_feedback

SEEDS = range(5)


def ends(**options):
    """Mean error of the map early and at the end, and risk reached, over seeds."""
    runs = [run_feedback(FeedbackOptions(seed=seed, **options)) for seed in SEEDS]
    early = np.mean([run.map_error[4] for run in runs])
    late = np.mean([run.map_error[-1] for run in runs])
    return early, late, np.mean([run.reached for run in runs])


def test_without_the_remedies_the_map_runs_away():
    early, late, _ = ends(split=False, exploration=0.0)
    assert late > 1.8 * early
    assert late > 0.5


@pytest.mark.parametrize("exploration", [0.05, 0.08, 0.10])
def test_with_the_split_and_exploration_it_does_not(exploration):
    early, late, reached = ends(split=True, exploration=exploration)
    _, naive, met = ends(split=False, exploration=0.0)
    assert late <= early
    assert late < naive / 3
    assert reached > met


def test_reports_soften_the_loop_but_do_not_end_it():
    _, late, _ = ends(split=False, exploration=0.0, reported=0.35)
    _, fair, _ = ends(split=True, exploration=0.08, reported=0.35)
    assert fair < late / 1.5


def test_the_same_seed_gives_the_same_course():
    first, second = (run_feedback(FeedbackOptions(steps=30)) for _ in range(2))
    assert np.array_equal(first.map_error, second.map_error)


@pytest.mark.parametrize("name", ["reported", "exploration"])
def test_a_share_beyond_one_is_refused(name):
    with pytest.raises(OptionError):
        FeedbackOptions(**{name: 1.1})
