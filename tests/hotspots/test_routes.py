"""New routes: by hand, planted, and none where nothing changes."""

import numpy as np
import pytest
from scipy.sparse import csgraph

from benchmarks.routes import RECENT_DAYS, WORLD_DAYS, make_world, plant, quiet
from riskmap.errors import OptionError, TooFewError
from riskmap.hotspots.routes import RouteOptions, find_routes
from riskmap.hotspots.walks import walking_hours

QUICK = RouteOptions(recent_days=RECENT_DAYS, deals=49)


@pytest.fixture(scope="module")
def world():
    return make_world()


def look(world, cell, day, options=QUICK):
    found = find_routes(cell, day, world.country, options, to_day=WORLD_DAYS)
    return [one for one in found if one.p <= options.level]


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_route_of_40_km_is_reported_in_its_third_month(world, seed):
    rng = np.random.default_rng(seed)
    route, cell, day = plant(world, rng)
    steps = np.sqrt((np.diff(world.country.xy_km[route], axis=0) ** 2).sum(axis=1))
    assert 37 <= steps.sum() <= 45
    found = look(world, cell, day)
    assert found
    assert len(np.intersect1d(found[0].cells, route)) >= 0.8 * len(route)
    assert found[0].length_km >= found[0].span_km


def test_no_more_false_routes_than_said_where_nothing_changes(world):
    seeds = range(8)
    false = [bool(look(world, *quiet(world, np.random.default_rng(s)))) for s in seeds]
    assert sum(false) <= 1


def test_a_route_is_a_chain_of_cells_that_touch(world):
    _, cell, day = plant(world, np.random.default_rng(5))
    one = look(world, cell, day)[0]
    hours = world.country.hours
    legs = zip(one.cells[:-1].tolist(), one.cells[1:].tolist(), strict=True)
    assert all(hours[a, b] > 0 for a, b in legs)
    assert set(one.active.tolist()) <= set(one.cells.tolist())


def test_the_order_of_records_does_not_matter(world):
    _, cell, day = plant(world, np.random.default_rng(6))
    mixed = np.random.default_rng(0).permutation(len(cell))
    one, other = look(world, cell, day)[0], look(world, cell[mixed], day[mixed])[0]
    assert (one.p, one.log_ratio) == (other.p, other.log_ratio)
    assert one.cells.tolist() == other.cells.tolist()


def test_a_walk_goes_around_a_mountain():
    xy = np.array([[0.0, 0], [1, 0], [2, 0], [1, 1]])
    touching = np.array([[1, 1, 0, 1], [1, 1, 1, 0], [0, 1, 1, 1], [1, 0, 1, 1]])
    pace = np.array([0.2, 9.0, 0.2, 0.2])
    hours = walking_hours(csgraph.csgraph_from_dense(touching), xy, pace)
    # over the mountain 2 x 4.6 h, around it 2 x 1.414 km x 0.2 h
    assert csgraph.dijkstra(hours, indices=0)[2] == pytest.approx(0.5657, abs=1e-4)


def test_many_records_of_one_cell_and_day_are_one_event(world):
    cell, day = quiet(world, np.random.default_rng(1))
    again = (np.repeat(cell, 3), np.repeat(day, 3))
    first = find_routes(cell, day, world.country, QUICK, to_day=WORLD_DAYS)
    second = find_routes(*again, world.country, QUICK, to_day=WORLD_DAYS)
    assert [r.events for r in first] == [r.events for r in second]


def test_too_few_recent_or_earlier_records_are_refused(world):
    cell, day = quiet(world, np.random.default_rng(1))
    old = day < WORLD_DAYS - RECENT_DAYS
    with pytest.raises(TooFewError) as caught:
        look(world, cell[old], day[old])
    assert caught.value.fields["what"] == "recent"
    with pytest.raises(TooFewError) as caught:
        look(world, cell[~old], day[~old])
    assert caught.value.fields["what"] == "before"


@pytest.mark.parametrize(
    "given",
    [
        {"recent_days": 0},
        {"newly": 0.0},
        {"level": 1.5},
        {"deals": 1},
        {"least_km": -1},
    ],
)
def test_options_out_of_range_are_refused(given):
    with pytest.raises(OptionError):
        RouteOptions(**given)
