"""A whole run on a made border comes near to the truth, more than simple counts do."""

import numpy as np
import pytest

import riskmap
from riskmap.evaluation.metrics import pooled, tally


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    made = riskmap.Project.simulate(tmp_path_factory.mktemp("made") / "border")
    made.run()
    return made


def test_the_score_finds_the_true_hot_ground(project):
    found = project.recovery()
    assert found["caught_5pct"] > 0.8 * found["oracle_5pct"]
    assert found["jaccard_5pct"] > 0.5
    assert found["bits_below_truth"] < 0.6
    # the 90 % interval of most ground holds the rate that was planted there
    assert found["covered"] > 0.85


def test_the_score_is_nearer_to_the_truth_than_raw_counts(project):
    bench = project.bench("migrant_danger")
    truth = project.table("truth").filter(like="_2019").sum(axis=1).to_numpy()
    area = bench.records.ground.area_km2 * bench.records.watched
    true = truth * (area > 0)
    ours, counts = (
        pooled([tally(bench.forecasters[name](bench.records, 365), true, area)])
        for name in ("mixture", "count_all")
    )
    for metric in ("information_gain_bits", "capture_auc"):
        assert ours[metric] > counts[metric]


def test_the_score_follows_the_route_that_was_taken_up(project):
    scores, truth = project.table("scores"), project.table("truth")
    grown = truth["exposure_2019"] - truth["exposure_2010"]
    new = grown.index[np.argsort(-grown.to_numpy())[:40]]
    old = grown.index[np.argsort(grown.to_numpy())[:40]]
    danger = scores["migrant_danger"].fillna(0)
    # as many died on the old route in its time as on the new one since
    assert danger.loc[new].sum() > 2 * danger.loc[old].sum()
