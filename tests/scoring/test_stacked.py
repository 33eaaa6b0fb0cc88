"""A score made by the stack: its parts add up, nothing leaks, the mixture is kept."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from riskmap.history.records import keep_records
from riskmap.scoring import PRESETS, score_cells
from riskmap.scoring.basis import STACK_HORIZONS, basis_of, forecaster_of
from riskmap.scoring.expectation import LEARNED

AS_OF = "2018-07-01"
NAME = PRESETS[0].name


def asking(horizons):
    numbers = MappingProxyType({**PRESETS[0].numbers, STACK_HORIZONS: horizons})
    return replace(PRESETS[0], numbers=numbers)


def scored(world, preset, incidents=None):
    return score_cells(
        world.cells,
        world.features,
        world.incidents if incidents is None else incidents,
        world.coverage,
        preset,
        as_of=AS_OF,
    )


@pytest.fixture(scope="module")
def made(world):
    return scored(world, asking(3))


def test_the_learners_part_stands_beside_those_of_the_mixture_and_all_add_up(made):
    table, reasons = made
    by_part = reasons.groupby("part")["value"].sum()
    assert by_part[LEARNED] > 0
    assert by_part.drop(LEARNED).gt(0).sum() >= 4
    total = reasons.groupby("cell")["value"].sum()
    assert np.abs(total.reindex(table.index) - table[NAME]).max() < 1e-9
    assert (table[f"{NAME}_low"] <= table[NAME]).all()
    assert (table[NAME] <= table[f"{NAME}_high"]).all()


def test_it_shares_out_as_many_events_as_the_mixture_otherwise(world, made):
    plain, reasons = scored(world, asking(0))
    assert LEARNED not in set(reasons["part"])
    assert made[0][NAME].sum() == pytest.approx(plain[NAME].sum(), rel=1e-6)
    assert np.abs(made[0][NAME] - plain[NAME]).max() > 1e-3


def test_rows_of_the_future_change_no_byte(world, made):
    day = pd.Timestamp(AS_OF, tz="UTC")
    past = world.incidents[world.incidents["occurred_on"] < day]
    assert len(past) < len(world.incidents)
    table, reasons = scored(world, asking(3), past)
    assert table.equals(made[0])
    assert reasons.equals(made[1])


def test_what_is_judged_is_what_is_shown(world, made):
    preset = asking(3)
    records = keep_records(
        world.cells,
        world.incidents,
        world.coverage[world.coverage["purpose"] == preset.purpose],
        kinds=preset.kinds,
        as_of=AS_OF,
    )
    forecast = forecaster_of(basis_of(preset, world.features))(records, 365)
    expected = made[0][NAME].to_numpy() * 365 / 365.25
    assert forecast == pytest.approx(expected, rel=1e-9)
