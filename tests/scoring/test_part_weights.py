"""Weights of the parts: what one gains the others lose, and doubt is measured anew."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from riskmap.scoring import PRESETS, mixture_forecaster, score_cells
from riskmap.scoring.basis import target_records
from riskmap.scoring.expectation import PART_WEIGHTS, PARTS, naming, weigh_parts

DANGER = PRESETS[0]
AS_OF = "2018-01-01"


def weighed(**factors):
    """The preset with other weights."""
    numbers = dict(DANGER.numbers)
    numbers[PART_WEIGHTS] = tuple(factors.get(part, 1.0) for part in PARTS)
    return replace(DANGER, numbers=MappingProxyType(numbers))


@pytest.fixture(scope="module")
def made(world):
    """The score as it is, and with recent and near records counting three times."""
    presets = (DANGER, weighed(near_recent=3.0))
    return [
        score_cells(
            world.cells,
            world.features,
            world.incidents,
            world.coverage,
            preset,
            as_of=AS_OF,
        )
        for preset in presets
    ]


def totals(reasons):
    return reasons.groupby("part")["value"].sum().reindex(PARTS, fill_value=0.0)


def test_what_one_part_gains_the_others_lose(made):
    (before, parts_before), (after, parts_after) = made
    assert after[DANGER.name].sum() == pytest.approx(before[DANGER.name].sum())
    one, other = totals(parts_before), totals(parts_after)
    assert other["near_recent"] > one["near_recent"]
    rest = [part for part in PARTS if part != "near_recent" and one[part] > 0]
    assert rest
    assert (other[rest] < one[rest]).all()


def test_parts_of_a_weighed_score_add_up_to_it(made):
    scores, reasons = made[1]
    sums = reasons.groupby("cell")["value"].sum().reindex(scores.index)
    assert sums.to_numpy() == pytest.approx(scores[DANGER.name].to_numpy(), rel=1e-9)


def test_the_ratio_of_two_parts_in_a_cell_is_the_ratio_of_their_factors(made):
    both = [
        reasons.pivot_table(index="cell", columns="part", values="value")
        for _, reasons in made
    ]
    near = [table["near_recent"] / table["place"] for table in both]
    ratio = (near[1] / near[0]).dropna()
    assert len(ratio)
    # newly watched ground is told by its place alone, all other cells by the factors
    assert ratio.median() == pytest.approx(3.0, rel=1e-9)


def test_factors_that_are_all_the_same_change_no_byte(world, made):
    again, _ = score_cells(
        world.cells,
        world.features,
        world.incidents,
        world.coverage,
        weighed(**dict.fromkeys(PARTS, 2.0)),
        as_of=AS_OF,
    )
    assert again.equals(made[0][0])


def test_the_forecaster_of_a_score_is_weighed_as_the_score_is(world):
    preset = weighed(near_recent=3.0, uniform=0.0)
    args = (world.cells, world.incidents, world.coverage)
    records = target_records(*args, preset, as_of=AS_OF)
    forecast = mixture_forecaster(preset, world.features)(records, 365)
    scores, _ = score_cells(
        world.cells,
        world.features,
        world.incidents,
        world.coverage,
        preset,
        as_of=AS_OF,
    )
    watched = records.watched == 1
    mine = scores[preset.name].to_numpy()[watched]
    assert forecast[watched] / 365 == pytest.approx(mine / 365.25, rel=1e-2)


def test_weights_that_leave_nothing_leave_the_parts_as_they_are():
    parts = np.array([[0.0, 0.0], [0.5, 0.5]])
    assert weigh_parts(parts, (1.0, 0.0)).tolist() == parts.tolist()


def test_parts_are_told_apart_only_where_they_must_be():
    assert naming(DANGER, parts=False)["near_km"] == np.inf
    assert naming(weighed(place=2.0), parts=False)["near_km"] == 7
    assert naming(DANGER, parts=True)["near_km"] == 7
