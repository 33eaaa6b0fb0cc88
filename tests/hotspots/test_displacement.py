"""Displacement: by hand, planted, and none where none was planted."""

import numpy as np
import pytest

from riskmap.errors import OptionError, TooFewError
from riskmap.hotspots.displacement import (
    Blocks,
    DisplacementOptions,
    compare_areas,
    match_controls,
    mean_change,
)

QUICK = DisplacementOptions(draws=399)
RUNS = 100


def blocks_of(block, area, n=24):
    return Blocks(block=block, area=area, n_before=n, n_after=n)


def world(rng, *, shift_km=0.0, n=200):
    """Records about a point on two years of blocks; after the start they move west."""
    block = rng.integers(0, 48, n)
    xy = rng.normal(0, 6, (n, 2))
    xy[:, 0] -= np.where(block >= 24, shift_km, 0)
    return xy, block


def test_a_ratio_worked_out_by_hand():
    # 20 records became 10, in the controls 30 stayed 30: 10.5 / 20.5
    area = np.repeat([0, -1], [30, 60])
    later = np.concatenate([np.arange(30) % 24, 24 + np.arange(30) % 24])
    block = np.concatenate([np.arange(20), 24 + np.arange(10), later])
    inside = compare_areas(blocks_of(block, area), 0, QUICK)[0]
    assert (inside.before, inside.after) == (20, 10)
    assert inside.ratio == pytest.approx(10.5 / 20.5)
    assert inside.low < inside.ratio < inside.high


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_shift_of_15_km_is_found_with_direction_and_size(seed):
    xy, block = world(np.random.default_rng(seed), shift_km=15)
    found = mean_change(xy, blocks_of(block, 0 * block), QUICK)
    assert found.p <= 0.05
    assert found.low <= 15 + 1
    assert found.high >= 15 - 1
    assert found.high - found.low < 6
    east, north = found.change
    assert abs(np.degrees(np.arctan2(north, -east))) < found.turn_deg + 5 < 30


def test_no_shift_is_claimed_where_none_was_planted():
    claimed = 0
    for seed in range(RUNS):
        xy, block = world(np.random.default_rng(1000 + seed))
        claimed += mean_change(xy, blocks_of(block, 0 * block), QUICK).p <= 0.05
    # 5 of 100 are due; 11 or more come with 1 % at most (binomial)
    assert claimed <= 10


def test_no_area_is_said_to_change_where_none_did():
    claimed = 0
    for seed in range(RUNS):
        rng = np.random.default_rng(seed)
        area = rng.choice([0, 1, 2, 3, -1], 400, p=[0.15, 0.15, 0.15, 0.15, 0.4])
        found = compare_areas(blocks_of(rng.integers(0, 48, 400), area), 3, QUICK)
        fell = found[0].told < 0
        claimed += fell and any(one.told > 0 for one in found[1:])
    assert claimed <= 5


def test_records_that_move_to_the_next_ring_are_told():
    rng = np.random.default_rng(0)
    block = rng.integers(0, 48, 400)
    area = np.where(np.arange(400) < 200, -1, np.where(block < 24, 0, 1))
    inside, ring = compare_areas(blocks_of(block, area), 1, QUICK)
    assert (inside.told, ring.told) == (-1, 1)


def test_a_change_that_the_controls_share_is_none():
    # everywhere twice as many afterwards
    rng = np.random.default_rng(0)
    block = np.concatenate([rng.integers(0, 24, 100), rng.integers(24, 48, 200)])
    area = np.tile([0, -1, -1], 100)
    inside = compare_areas(blocks_of(block, area), 0, QUICK)[0]
    assert inside.after > 1.5 * inside.before
    assert inside.low < 1 < inside.high
    assert inside.told == 0


def test_controls_are_alike_apart_and_as_large():
    xy = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), -1).reshape(-1, 2)
    inside = (xy < 3).all(axis=1)
    allowed = (xy > 6).any(axis=1)
    traits = (xy[:, 0] % 10 < 3).astype(float)[:, None]
    found = match_controls(xy, traits, allowed, inside, 3)
    assert np.bincount(found)[1:].tolist() == [9, 9, 9]
    assert not found[~allowed].any()
    assert traits[found == 1].mean() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("n", "records", "what"), [(3, 100, "blocks"), (24, 12, "about")]
)
def test_too_little_is_refused(n, records, what):
    block = np.arange(records) % (2 * n)
    with pytest.raises(TooFewError) as caught:
        mean_change(np.ones((records, 1)), blocks_of(block, 0 * block, n), QUICK)
    assert caught.value.fields["what"] == what


@pytest.mark.parametrize("given", [{"rings_km": (3.0,)}, {"controls": 0}, {"draws": 5}])
def test_options_out_of_range_are_refused(given):
    with pytest.raises(OptionError):
        DisplacementOptions(**given)
