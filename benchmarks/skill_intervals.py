"""Count how often yearly counts of groups of cells fall into their 90 % intervals.

``python -m benchmarks.skill_intervals`` prints, for groups of cells of one parent and
for all together, the coverage at several shared parts of the dispersion;
``riskmap.history.spread.SHARED`` is the one chosen.
"""

import argparse
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.skill import SHARED
from benchmarks.skill_sets import SkillSet, arizona
from riskmap import cells as h3_cells
from riskmap.history.spread import count_sum_interval
from riskmap.scoring import PRESETS
from riskmap.scoring.basis import expected_total
from riskmap.scoring.doubt import Doubt, fit_doubt
from riskmap.scoring.expectation import shares_of
from riskmap.scoring.place import PlaceTerms
from riskmap.scoring.presets import mixture_of
from riskmap.scoring.score import _past_trials

PARTS = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3)

# groups that expect fewer events are within their interval whatever comes
LEAST_EXPECTED = 2.0
WATCHED = 0.9

Hits = dict[tuple[str, float], list[bool]]


def coverage_of(given: SkillSet) -> Hits:
    """Foretell each year and look whether the counts of groups fell inside."""
    place = PlaceTerms(layers=given.layers.to_numpy(dtype=np.float64))
    preset, hits = PRESETS[0], Hits()
    usual = Doubt(
        shape=preset.numbers["usual_shape"], drift=preset.numbers["usual_drift"]
    )
    index = given.records.ground.index
    groups = {
        "resolution 4": h3_cells.parents(index, 4),
        "resolution 3": h3_cells.parents(index, 3),
        "all": np.zeros(len(index), dtype=np.uint64),
    }
    for origin in given.origins:
        past, end = given.records.before(origin), origin + given.horizon_days
        model = mixture_of(preset).fit(past, place=place)
        doubt = fit_doubt(_past_trials(model, preset)[0], usual)
        spread = doubt.dispersion(model.clusters_[0].own_records(origin))
        expected = shares_of(model, origin, past.watched)
        expected = expected * expected_total(past, preset, origin)
        came = given.records.events.pinned.counts(len(index), origin, end)
        watched = given.records.coverage.share_between(origin, end) > WATCHED
        for name, group in groups.items():
            for code in np.unique(group):
                rows = (group == code) & watched
                if expected[rows].sum() < LEAST_EXPECTED:
                    continue
                for part in PARTS:
                    low, high = count_sum_interval(
                        expected[rows], spread[rows], shared=part
                    )
                    inside = low <= came[rows].sum() <= high
                    hits.setdefault((name, part), []).append(bool(inside))
    return hits


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    given = parser.parse_args()
    with threadpool_limits(1):
        hits = coverage_of(arizona(given.shared, 6, 365))
    for (name, part), found in hits.items():
        share = sum(found) / len(found)
        print(f"{name}, shared {part:g}: {sum(found)} of {len(found)} ({share:.0%})")


if __name__ == "__main__":
    main()
