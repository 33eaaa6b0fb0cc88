"""Kernels: mass kept, widths right, two ways of working agree."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from riskmap.boundary import CorridorOptions, corridor_cells
from riskmap.history.ground import Ground, lay_ground, place_events
from riskmap.history.kernels import LATTICE_ABOVE_KM, Kernel, rungs
from riskmap.history.lattice import lattice_over

START = pd.Timestamp("2020-01-01", tz="UTC")


@pytest.fixture(scope="module")
def ground(tiny_boundary):
    options = CorridorOptions(half_width_km=60, resolution=7)
    return lay_ground(corridor_cells(tiny_boundary, options))


def events_at(ground, points, accuracy_m=100.0):
    table = gpd.GeoDataFrame(
        {"occurred_on": START, "time_precision": "day", "accuracy_m": accuracy_m},
        index=pd.Index([f"e{i}" for i in range(len(points))], name="event_id"),
        geometry=gpd.points_from_xy(*zip(*points, strict=True)),
        crs="EPSG:4326",
    )
    return place_events(ground, table)


POINTS = [(-110.9, 31.35), (-110.85, 31.2), (-110.3, 31.3), (-110.9, 31.35)]


@pytest.mark.parametrize("bandwidth", [0, 0.3, 1, 2, 4, 7, 12, 35])
def test_all_of_an_event_stays_on_the_cells(ground, bandwidth):
    events = events_at(ground, POINTS)
    kernel = Kernel(ground=ground, events=events, bandwidth_km=bandwidth)
    weights = np.bincount(events.site, minlength=len(events.site_cell)).astype(float)
    assert kernel.spread(weights).sum() == pytest.approx(4, rel=0.01)
    assert kernel.inside(np.ones(len(ground))) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("bandwidth", [2, 4, 7, 12])
def test_an_event_spreads_as_wide_as_its_kernel(ground, bandwidth):
    events = events_at(ground, POINTS[:1])
    kernel = Kernel(ground=ground, events=events, bandwidth_km=bandwidth)
    spread = kernel.spread(np.ones(1))
    apart = ground.xy_km - events.site_xy_km[0]
    width = np.sqrt((spread[:, None] * apart**2).sum(axis=0))
    # the ladder rounds by up to 9 %
    assert width == pytest.approx(kernel.width_km[0], rel=0.04)
    assert kernel.width_km[0] == pytest.approx(bandwidth, rel=0.09)


def test_an_uncertain_place_widens_the_kernel(ground):
    events = events_at(ground, POINTS[:1], accuracy_m=8_000.0)
    kernel = Kernel(ground=ground, events=events, bandwidth_km=3.0)
    # a disc of 8 km has a standard deviation of 4 km: 3² + 4² = 5²
    assert kernel.width_km[0] == pytest.approx(5.0, rel=0.09)


def test_at_bandwidth_nought_an_event_stays_in_its_cell(ground):
    events = events_at(ground, POINTS)
    kernel = Kernel(ground=ground, events=events, bandwidth_km=0)
    weights = np.bincount(events.site, minlength=len(events.site_cell)).astype(float)
    assert (
        kernel.spread(weights).tolist()
        == events.counts(len(ground), -np.inf, np.inf).tolist()
    )


def test_a_coarse_place_is_left_out_of_the_cell_s_own_count(ground):
    events = events_at(ground, POINTS[:1], accuracy_m=40_000.0)
    assert events.coarse_site.tolist() == [True]
    own = Kernel(ground=ground, events=events, bandwidth_km=0)
    assert own.spread(np.ones(1)).sum() == 0
    wide = Kernel(ground=ground, events=events, bandwidth_km=1)
    assert wide.spread(np.ones(1)).max() < 0.02


def test_the_lattice_and_the_pairs_agree(ground):
    events = events_at(ground, POINTS)
    kernel = Kernel(ground=ground, events=events, bandwidth_km=8.0)
    assert (kernel.width_km > LATTICE_ABOVE_KM).all()
    weights = np.array([2.0, 1.0, 1.0])
    rows = np.argsort(-kernel.spread(weights))[:200]
    by_pairs = np.asarray(kernel.at(np.sort(rows)) @ weights)
    by_lattice = kernel.spread(weights)[np.sort(rows)]
    assert by_lattice == pytest.approx(by_pairs, rel=0.03)


def test_a_lattice_blurs_a_point_into_a_gaussian():
    x = np.linspace(-30, 30, 121)
    line = np.column_stack([x, np.zeros_like(x)])
    square = np.array([[-40.0, -40.0], [40.0, 40.0]])
    lattice = lattice_over(square, 6.0)
    laid = lattice.between(np.zeros((1, 2))).T @ np.ones(1)
    found = lattice.between(line) @ lattice.blur(laid)
    exact = np.exp(-0.5 * (x / 6) ** 2) / (2 * np.pi * 36)
    assert found == pytest.approx(exact, abs=exact.max() * 0.04)


def test_half_open_ground_holds_half_of_a_kernel_on_its_edge(ground):
    events = events_at(ground, POINTS[:1])
    east = (ground.xy_km[:, 0] > events.site_xy_km[0, 0]).astype(float)
    for bandwidth in (4.0, 9.0):
        kernel = Kernel(ground=ground, events=events, bandwidth_km=bandwidth)
        assert kernel.inside(east)[0] == pytest.approx(0.5, abs=0.1)


def test_rungs_are_quarter_octaves():
    ladder = rungs(np.array([1.0, 2.0, 4.0]))
    assert np.log2(ladder[1:] / ladder[:-1]).tolist() == pytest.approx([1, 1])


def test_a_place_with_no_cell_about_it_is_shared_out_to_none(ground):
    events = events_at(ground, POINTS[:1])
    # an end of the plane with no cell for ninety kilometres
    ends = Ground(
        cells=ground.cells.iloc[[0, -1]], crs=ground.crs, xy_km=np.diag([0.0, 400.0])
    )
    middle = replace(events, site_xy_km=np.array([[0.0, 200.0]]))
    kernel = Kernel(ground=ends, events=middle, bandwidth_km=9.0)
    for told in (kernel.inside(np.ones(2)), kernel.at(np.arange(2)).toarray()):
        assert not told.any()
