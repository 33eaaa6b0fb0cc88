"""Unseen ground: the prior, and how it gives way to a record of its own."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from riskmap.errors import PurposeWallError
from riskmap.evaluation.folds import hide
from riskmap.history.ground import day_number
from riskmap.history.records import keep_records
from riskmap.scoring import PRESETS
from riskmap.scoring.blend import Blend, newness
from riskmap.scoring.expectation import PARTS
from riskmap.scoring.terms import ground_terms
from riskmap.scoring.unseen import (
    UnseenGround,
    WithinStretches,
    _ceiling,
    _Rows,
    _under,
)

DANGER, PATROL = PRESETS


@pytest.fixture
def records(world):
    coverage = world.coverage.loc[world.coverage["purpose"] == DANGER.purpose]
    return keep_records(
        world.cells,
        world.incidents,
        coverage,
        kinds=DANGER.kinds,
        as_of="2021-01-01",
    )


def test_within_stretches_finds_what_a_plain_optimiser_finds():
    draw = np.random.default_rng(3)
    terms, stretch = draw.normal(size=(60, 2)), np.repeat([0, 1, 2], 20)
    events = draw.poisson(2.0, size=60).astype(float)
    exposure = draw.uniform(0.5, 2.0, size=60)
    whole = events.sum()

    def loss(at):
        mean = exposure * np.exp(terms @ at)
        share = mean / np.bincount(stretch, mean)[stretch]
        return -(events @ np.log(share)) + 0.01 * whole * (at @ at) / 2

    wanted = minimize(loss, np.zeros(2), method="BFGS", tol=1e-10).x
    model = WithinStretches(0.01).fit(terms, events, exposure=exposure, stretch=stretch)
    assert model.coef_ == pytest.approx(wanted, abs=1e-4)


def test_totals_of_stretches_do_not_move_the_coefficients():
    draw = np.random.default_rng(4)
    terms, stretch = draw.normal(size=(40, 1)), np.repeat([0, 1], 20)
    events = draw.poisson(3.0, size=40).astype(float)
    busier = np.where(stretch == 1, 50.0, 1.0)
    usual = {"stretch": stretch}
    one = WithinStretches().fit(terms, events, exposure=np.ones(40), **usual)
    other = WithinStretches().fit(terms, events, exposure=busier, **usual)
    assert other.coef_ == pytest.approx(one.coef_, abs=1e-8)


def test_what_is_missing_is_far_away_and_nothing_is_nan():
    layers = pd.DataFrame(
        {
            "distance_to_line_km": [0.0, 5.0],
            "share_mx": [1.0, 0.0],
            "distance_to_town_km": [0.0, np.nan],
            "july_tmax_c": [40.0, np.nan],
        }
    )
    found = ground_terms(layers)
    assert found["near"].tolist() == [[1.0] * 4, [0.0] * 4]
    assert all(np.isfinite(terms).all() for terms in found.values())


def test_few_stretches_teach_nothing(records, world):
    none = records.before(day_number("1990-01-01"))
    terms = ground_terms(world.features)
    assert UnseenGround().fit(none, terms=terms).relative_ is None


def test_the_ceiling_by_hand():
    # two stretches of two cells; the denser cell of each was foretold four times even
    # and held 3 of 4 and 1 of 4 events: 4 where even ground would have had 0.4 + 0.4
    rows = _Rows(
        cell=np.arange(4),
        events=np.array([3.0, 1.0, 1.0, 3.0]),
        exposure=np.array([1.0, 9.0, 1.0, 9.0]),
        stretch=np.array([0, 0, 1, 1]),
    )
    even = np.array([0.1, 0.9, 0.1, 0.9])
    first = _ceiling(rows, np.array([0.41, 0.59, 0.4, 0.6]), even)
    assert first == pytest.approx(3 / 0.4)
    # foretold the other way round the densest held 1, enough to be a tenth of 8
    other = _ceiling(rows, np.array([0.4, 0.6, 0.41, 0.59]), even)
    assert other == pytest.approx(1 / 0.4)


def test_what_lies_above_the_ceiling_keeps_its_order_and_not_its_height():
    found = _under(np.array([5.0, 1e6, 20.0, 10.0]), 10.0)
    assert found[[0, 3]].tolist() == [5.0, 10.0]
    assert found[1] > found[2] > found[3]
    assert found == pytest.approx([5.0, 10.0, 10.0, 10.0], rel=1e-4)


def test_no_cell_is_told_more_than_was_put_to_the_test(records, world):
    terms = ground_terms(world.features)
    model = UnseenGround(stretch_km=5.0).fit(records, terms=terms)
    assert np.isfinite(model.ceiling_)
    assert model.relative_.max() <= model.ceiling_ * 1.001


def test_hazards_never_enter_the_score_for_patrol(world):
    given = world.features.assign(walk_hours=1.0)
    with pytest.raises(PurposeWallError):
        Blend(PATROL, given)
    assert "walk_hours" in Blend(DANGER, given).features


def test_the_place_gives_way_as_ground_is_watched(records):
    day, everywhere = records.as_of_day, np.ones(len(records.ground), dtype=bool)
    ever = records.watched > 0
    shares = [
        newness(hide(records, everywhere, day - back), 0.5)[ever].mean()
        for back in (0, 182, 365, 2_000)
    ]
    assert shares[0] > 0.99
    assert shares[1] == pytest.approx(0.5, abs=0.01)
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0


def test_new_ground_takes_its_place_and_the_sum_stays(records, world):
    half = np.arange(len(records.ground)) % 2 == 0
    young = hide(records, half, records.as_of_day)
    parts = np.zeros((len(PARTS), len(half)))
    parts[0] = np.where(half, 0.0, records.watched)
    parts[-1] = records.watched
    parts /= parts.sum()
    relative = np.linspace(0.5, 1.5, len(half))
    blend = Blend(DANGER, world.features)
    found = blend.blended(parts, young, relative)
    assert found.sum() == pytest.approx(1.0)
    place = found[PARTS.index("place")]
    new = half & (records.watched > 0)
    assert (place[new] > 0).all()
    assert (place[~half] == 0).all()
    ground = (records.ground.area_km2 * records.watched)[new]
    density = place[new] / ground / relative[new]
    assert density == pytest.approx(density[0])


def test_patrol_has_no_prior(records, world):
    parts = np.ones((len(PARTS), len(records.ground)))
    assert Blend(PATROL, world.features).blended(parts, records) is parts
