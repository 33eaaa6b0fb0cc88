"""A danger by cause: shares add up, physics gives way to records, nothing leaks."""

import numpy as np
import pandas as pd
import pytest

from riskmap.scoring import PRESETS, target_records
from riskmap.scoring.causes import (
    USUAL,
    Trust,
    _posterior,
    events_by_cause,
    split_by_cause,
)

CAUSES = ("exposure", "drowning")
AS_OF = "2018-07-01"


def deaths_of(world, seed=0):
    """North of the middle people drown, south of it they die of exposure."""
    deaths = world.incidents[world.incidents["kind"] == "migrant_death"]
    north = deaths.geometry.y > deaths.geometry.y.median()
    draw = np.random.default_rng(seed)
    mixed = draw.random(len(deaths)) < 0.05
    return deaths.assign(cause=np.where(north ^ mixed, "drowning", "exposure"))


def split(world, deaths, intensity, as_of=AS_OF):
    records = target_records(
        world.cells, deaths, world.coverage, PRESETS[0], as_of=as_of
    )
    return split_by_cause(records, events_by_cause(records, deaths, CAUSES), intensity)


def even(world):
    """Physics that says the same of every cell."""
    return pd.DataFrame(1.0, index=world.cells.index, columns=list(CAUSES))


def test_shares_of_every_cell_add_up_to_one(world):
    found = split(world, deaths_of(world), even(world))
    assert np.allclose(found.shares.sum(axis=1), 1)
    assert (found.shares > 0).all(axis=None)
    assert found.physics.between(0, 1).all()


def test_a_posterior_by_hand():
    """Prior worth 3, all physics: (3 * 0.9 + 1) / (3 + 4) = 0.528..."""
    trust = Trust(physics=1.0, strength_events=3.0, reach_km=5.0)
    shares, physics = _posterior(
        trust,
        np.array([[0.5, 0.5]]),
        np.array([[0.9, 0.1]]),
        np.array([[1.0, 3.0]]),
    )
    assert shares[0].tolist() == pytest.approx([3.7 / 7, 3.3 / 7])
    assert physics.tolist() == pytest.approx([3 / 7])


def test_the_more_is_recorded_nearby_the_less_physics_counts():
    near = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 2.0], [50.0, 10.0]])
    prior = np.tile([0.5, 0.5], (4, 1))
    _, physics = _posterior(USUAL, prior, prior, near)
    assert (np.diff(physics) < 0).all()


def test_where_people_drowned_drowning_is_said(world):
    found = split(world, deaths_of(world), even(world))
    north = world.cells["y"] > world.cells["y"].quantile(0.8)
    south = world.cells["y"] < world.cells["y"].quantile(0.2)
    drowning = found.shares["drowning"]
    assert drowning[north].mean() > drowning[south].mean() + 0.2
    gain = np.log2(found.foretold["split"] / found.foretold["everywhere"])
    assert gain.mean() > 0.1


def test_with_no_record_physics_and_the_same_shares_everywhere_are_all_there_is(world):
    none = deaths_of(world).iloc[:0]
    intensity = even(world)
    intensity.iloc[:5] = [3.0, 1.0]
    found = split(world, none, intensity)
    assert np.allclose(found.shares.sum(axis=1), 1)
    assert found.trust == USUAL
    assert found.foretold.empty
    assert (found.physics == USUAL.physics).all()


def test_where_physics_knows_nothing_shares_are_the_same_everywhere(world):
    deaths = deaths_of(world).iloc[:0]
    intensity = even(world) * np.nan
    found = split(world, deaths, intensity)
    assert np.allclose(found.shares, 0.5)


def test_rows_of_the_future_change_nothing(world):
    deaths = deaths_of(world)
    past = deaths[deaths["occurred_on"] < pd.Timestamp(AS_OF, tz="UTC")]
    assert len(past) < len(deaths)
    one, two = (split(world, table, even(world)) for table in (past, deaths))
    assert one.shares.to_numpy().tobytes() == two.shares.to_numpy().tobytes()
    assert one.foretold.to_numpy().tobytes() == two.foretold.to_numpy().tobytes()


def test_what_a_later_year_brought_changes_nothing_foretold_before_it(world):
    deaths = deaths_of(world)
    end = pd.Timestamp(AS_OF, tz="UTC")
    start = end - pd.Timedelta(days=365)
    last = deaths["occurred_on"].between(start, end, inclusive="left")
    other = deaths["cause"].map({"exposure": "drowning", "drowning": "exposure"})
    turned = deaths.assign(cause=deaths["cause"].where(~last, other))
    one, two = (split(world, table, even(world)).foretold for table in (deaths, turned))
    ways = ["split", "everywhere", "physics", "nearby"]
    # the oldest year stands first
    before = len(one) - int((last & (deaths["accuracy_m"] <= 10_000)).sum())
    assert before > 40
    earlier = one.iloc[:before][ways]
    assert np.array_equal(earlier, two.iloc[: len(earlier)][ways])
    assert not np.array_equal(one[ways], two[ways])
