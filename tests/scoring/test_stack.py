"""Stack: weights by what was foretold, nothing leaks, any records will do."""

import numpy as np
import pandas as pd
import pytest

from riskmap.history.records import keep_records
from riskmap.scoring import PRESETS
from riskmap.scoring.learning import Learning
from riskmap.scoring.mixture import KernelMixture
from riskmap.scoring.place import PlaceTerms
from riskmap.scoring.stack import (
    ALL_PARTS,
    GLM,
    MIXTURE,
    Stack,
    StackTables,
    mixture_for,
)

AS_OF = "2018-01-01"
SMALL = KernelMixture(
    bandwidths_km=(0, 2, 7),
    half_lives_days=(365, float("inf")),
    windows_days=(365,),
    learning=Learning(most_windows=4),
)


def records_of(world, incidents, as_of=AS_OF):
    preset = PRESETS[0]
    coverage = world.coverage[world.coverage["purpose"] == preset.purpose]
    return keep_records(
        world.cells, incidents, coverage, kinds=preset.kinds, as_of=as_of
    )


def tables_of(world):
    layers = world.features[list(PRESETS[0].layers)]
    place = PlaceTerms(layers=layers.to_numpy(dtype=np.float64))
    return StackTables(place=place, layers=layers)


def stack_of(world, incidents, parts=(MIXTURE, GLM), as_of=AS_OF):
    model = Stack(SMALL, parts=parts, most_horizons=2)
    return model.fit(records_of(world, incidents, as_of), tables=tables_of(world))


@pytest.fixture(scope="module")
def full(world):
    return stack_of(world, world.incidents, parts=ALL_PARTS)


def test_shares_and_weights_add_up_to_one(full):
    assert full.predict().sum() == pytest.approx(1)
    assert sum(full.weights_.values()) == pytest.approx(1)
    assert set(full.weights_) <= set(ALL_PARTS)
    assert (full.predict() > 0).all()


def test_the_map_is_its_parts_by_their_weights(full):
    mixed = sum(full.weights_[name] * full.maps_[name] for name in full.maps_)
    assert np.allclose(full.predict(), mixed, rtol=0, atol=1e-12)


def test_the_future_changes_no_byte(world):
    past = world.incidents[
        world.incidents["occurred_on"] < pd.Timestamp(AS_OF, tz="UTC")
    ]
    mine, theirs = (stack_of(world, rows) for rows in (past, world.incidents))
    assert mine.predict().tobytes() == theirs.predict().tobytes()


def test_order_and_repeats_change_no_byte(world):
    shuffled = world.incidents.sample(frac=1, random_state=3)
    twice = pd.concat([shuffled, shuffled.iloc[:40]])
    mine, theirs = (stack_of(world, rows) for rows in (world.incidents, twice))
    assert mine.predict().tobytes() == theirs.predict().tobytes()


def test_a_past_day_is_foretold_as_it_was_then(world):
    # the learned part of an earlier horizon saw nothing of it
    late = records_of(world, world.incidents)
    day = late.as_of_day - 365
    model = Stack(SMALL, parts=(MIXTURE, GLM))
    tables = tables_of(world)
    seen_late = model.maps_on(late.before(day), tables)
    early = records_of(world, world.incidents, as_of=pd.Timestamp(day, unit="D"))
    seen_early = model.maps_on(early, tables_of(world))
    for name, shares in seen_early.items():
        assert np.allclose(seen_late[name], shares, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("n_events", [0, 1, 2])
def test_hardly_any_events_still_give_a_map(world, n_events):
    mine = world.incidents[world.incidents["kind"] == "migrant_death"]
    found = stack_of(world, mine.iloc[:n_events], parts=ALL_PARTS).predict()
    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()


def test_all_events_in_one_cell_still_give_a_map(world):
    mine = world.incidents[world.incidents["kind"] == "migrant_death"].copy()
    mine["geometry"] = mine.geometry.iloc[0]
    mine["accuracy_m"] = 100.0
    found = stack_of(world, mine, parts=ALL_PARTS).predict()
    assert np.isfinite(found).all()
    assert found.max() > 20 / len(found)


def test_layers_constant_or_missing_say_nothing(world):
    layers = world.features[list(PRESETS[0].layers)].copy()
    layers.iloc[:, 0], layers.iloc[:, 1] = 3.0, np.nan
    tables = StackTables(
        place=PlaceTerms(layers=layers.to_numpy(dtype=np.float64)), layers=layers
    )
    records = records_of(world, world.incidents)
    found = Stack(SMALL, parts=ALL_PARTS, most_horizons=1).fit(records, tables=tables)
    assert np.isfinite(found.predict()).all()


def test_a_mixture_is_laid_out_by_the_data(world):
    model = mixture_for(records_of(world, world.incidents), 365)
    assert model.bandwidths_km[0] == 0
    assert list(model.bandwidths_km) == sorted(model.bandwidths_km)
    assert model.learning.horizon_days == 365
