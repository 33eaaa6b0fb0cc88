"""Leaks: the future, the order of rows and repeats change no byte of the map."""

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from riskmap.scoring import score_cells
from tests.scoring.conftest import SCORES

AS_OF = "2018-07-01"


def as_bytes(world, preset, incidents, as_of=AS_OF):
    scores, reasons = score_cells(
        world.cells, world.features, incidents, world.coverage, preset, as_of=as_of
    )
    numbers = scores.select_dtypes("number").to_numpy(dtype=np.float64, na_value=np.nan)
    return (
        numbers.tobytes(),
        scores[f"{preset.name}_evidence"].to_list(),
        reasons["value"].to_numpy().tobytes(),
        reasons[["cell", "part"]].to_numpy().tolist(),
    )


@pytest.fixture(params=SCORES, ids=lambda preset: preset.name)
def preset(request):
    return request.param


def test_rows_of_the_future_change_nothing(world, preset):
    past = world.incidents[
        world.incidents["occurred_on"] < pd.Timestamp(AS_OF, tz="UTC")
    ]
    assert len(past) < len(world.incidents)
    assert as_bytes(world, preset, past) == as_bytes(world, preset, world.incidents)


def test_the_order_of_rows_changes_nothing(world, preset):
    shuffled = world.incidents.sample(frac=1, random_state=3)
    assert as_bytes(world, preset, shuffled) == as_bytes(world, preset, world.incidents)


def test_repeated_rows_change_nothing(world, preset):
    twice = pd.concat([world.incidents, world.incidents.iloc[10:60]])
    assert as_bytes(world, preset, twice) == as_bytes(world, preset, world.incidents)


def test_the_same_run_twice_gives_the_same_bytes(world, preset):
    assert as_bytes(world, preset, world.incidents) == as_bytes(
        world, preset, world.incidents
    )


def test_one_thread_and_two_give_the_same_bytes(world, preset):
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(as_bytes(world, preset, world.incidents))
    assert found[0] == found[1]


def test_a_month_not_yet_over_is_not_known(world, preset):
    late = world.incidents.iloc[:1].assign(
        occurred_on=pd.Timestamp("2018-06-01", tz="UTC"),
        time_precision="year",
        kind=preset.kinds[0],
        purpose=preset.purpose,
    )
    late.index = pd.Index(["late"], name="event_id")
    more = pd.concat([world.incidents, late])
    assert as_bytes(world, preset, more) == as_bytes(world, preset, world.incidents)
    assert as_bytes(world, preset, more, "2019-06-01") != as_bytes(
        world, preset, world.incidents, "2019-06-01"
    )
