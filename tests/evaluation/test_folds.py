"""Folds: origins in time, ground left out whole and truly unseen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.errors import DateOptionError, OptionError
from riskmap.evaluation.backtest import try_origin
from riskmap.evaluation.baselines import count_all, kde_recency
from riskmap.evaluation.folds import (
    RollingOrigin,
    fold_masks,
    hide,
    near,
    spatial_blocks,
)
from riskmap.history.ground import day_number
from riskmap.history.records import keep_records
from riskmap.scoring import PRESETS, mixture_forecaster

DAY = day_number("2016-01-01")


@pytest.fixture(scope="module")
def records(world):
    mine = world.coverage[world.coverage["purpose"] == "life_saving"]
    return keep_records(
        world.cells, world.incidents, mine, kinds=("migrant_death",), as_of="2020-01-01"
    )


@settings(max_examples=50, deadline=None)
@given(
    days=st.integers(1, 4_000),
    horizon=st.integers(1, 500),
    step=st.integers(0, 500),
    gap=st.integers(0, 100),
    refit=st.integers(1, 5),
)
def test_origins_lie_between_the_days_and_no_map_is_made_too_late(
    days, horizon, step, gap, refit
):
    end = (pd.Timestamp("2000-01-01") + pd.Timedelta(days=days)).date().isoformat()
    rolling = RollingOrigin(
        from_on="2000-01-01",
        to_on=end,
        horizon_days=horizon,
        step_days=step,
        gap_days=gap,
        refit_every=refit,
    )
    if days < horizon:
        with pytest.raises(DateOptionError):
            assert rolling.origins
        return
    origins, last = rolling.origins, day_number(end)
    assert origins[0] == day_number("2000-01-01")
    assert all(origin + horizon <= last for origin in origins)
    assert set(np.diff(origins)) <= {step or horizon}
    made = [rolling.made_on(place) for place in range(len(origins))]
    assert all(m <= o - gap for m, o in zip(made, origins, strict=True))
    assert len(set(made)) == -(-len(origins) // refit)


@pytest.mark.parametrize(
    ("name", "value"), [("horizon_days", 0), ("gap_days", -1), ("refit_every", 0)]
)
def test_a_length_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(OptionError):
        RollingOrigin(from_on="2000-01-01", to_on="2010-01-01", **{name: value})


def test_blocks_are_parted_by_the_line(world):
    blocks = spatial_blocks(world.cells)
    south = world.cells["share_mx"] > 0.5
    assert (blocks.str.endswith("-MX") == south).all()
    assert blocks.index.equals(world.cells.index)


def test_a_map_of_hidden_ground_does_not_depend_on_what_was_recorded_there(
    world, records
):
    hidden = world.cells["x"].to_numpy() < -110.93
    forecasters = {
        "mixture": mixture_forecaster(PRESETS[0], world.features),
        "kde_recency": kde_recency,
        "count_all": count_all,
    }
    kept = records.events.keep(~hidden[records.events.cell])
    assert 0 < len(kept) < len(records.events)
    found = []
    for events in (records.events, kept):
        given_ = hide(
            type(records)(
                ground=records.ground,
                events=events,
                coverage=records.coverage,
                as_of_day=records.as_of_day,
            ),
            hidden,
            DAY,
        )
        found.append(try_origin(given_, forecasters, DAY, 365, only=hidden).maps)
    for name in forecasters:
        assert np.array_equal(found[0][name], found[1][name])
        assert found[0][name][hidden].sum() > 0


def test_only_the_ground_left_out_is_judged(world, records):
    hidden = world.cells["x"].to_numpy() < -110.93
    trial = try_origin(
        hide(records, hidden, DAY), {"count_all": count_all}, DAY, 365, only=hidden
    )
    assert (trial.area_km2[~hidden] == 0).all()
    assert (trial.area_km2[hidden] > 0).all()


def test_what_lies_near_is_hidden_too(records):
    xy = records.ground.xy_km
    inside = np.zeros(len(xy), dtype=bool)
    inside[0] = True
    found = near(records, inside, reach_km=6.0)
    away = np.hypot(*(xy - xy[0]).T)
    assert (found == (away <= 6.0)).all()
    assert not near(records, np.zeros(len(xy), dtype=bool)).any()


def test_parts_with_few_events_are_left_out(world, records):
    labels = pd.Series(
        np.where(world.cells["x"] < -110.93, "west", "east"), index=world.cells.index
    )
    masks = fold_masks(records, labels, least_events=1, from_day=0, to_day=99_999)
    assert list(masks) == ["east", "west"]
    counts = records.events.pinned.counts(len(labels), 0, 99_999)
    most = int(max(counts[mask].sum() for mask in masks.values()))
    few = fold_masks(records, labels, least_events=most, from_day=0, to_day=99_999)
    assert len(few) == 1
